//! Who may call which route, as the contract says it.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Suppress;
use super::super::authorize::{Authorize, AuthorizeRule, ContextRule, Route};
use super::super::decode::{elements, entries, fields, text};
use super::super::keys::{AUTHORIZE, AUTHORIZE_RULE, CONTEXT};
use super::super::yaml::{Kind, Node};
use super::Contract;
use super::inputs::{Reads, Taint, UNNAMED, attribute};
use super::source::type_of_value;
use crate::cognito::{Token, client_writable, is_scope, is_standard_attribute};
use crate::expression::{Expression, Type};

/// How long the message of a rule may be, in characters.
const MAX_MESSAGE: usize = 200;

/// How many different routes, and fields, all rules may have together.
const MAX_LISTED: usize = 1_000;

/// How many routes a rule may have.
const MAX_ROUTES: usize = 500;

/// How many values a context may have.
const MAX_CONTEXT: usize = 100;

impl Contract<'_, '_> {
    pub(super) fn authorize(&mut self, node: &Node, suppress: &Suppress) -> Option<Authorize> {
        let of = fields(self.report, node, "`authorize`", &AUTHORIZE);
        let token = self.word(&of, "token");
        if of.get("token").is_none() {
            self.missing(
                &of,
                "token",
                "say which token callers bring: `token: access`, as apis should ask for, or `token: id`",
            );
        }
        self.token = token;
        self.suppressed = token.map(|token| suppress.of(token).clone()).unwrap_or_default();
        let mut rules = Vec::new();
        match of.get("rules") {
            Some(node) => {
                for (index, node) in self.list_of_rules(node, "`authorize.rules`").iter().enumerate() {
                    rules.push(self.authorize_rule(index, node));
                }
                if rules.is_empty() && node.is_empty_list() {
                    self.report.error(
                        "never-applies",
                        &node.span,
                        "`authorize.rules` is empty, so every call would be denied",
                    );
                    self.report.help("add a rule, for example `- routes: [\"GET /*\"]`");
                }
            }
            None => self.missing(&of, "rules", "add a rule, for example `rules: [{ routes: [\"GET /*\"] }]`"),
        }
        let context = of.get("context").map_or_else(BTreeMap::new, |node| self.context(node));
        let authorize = Authorize { token: token?, rules, context };
        let listed: BTreeSet<&Route> = authorize.rules.iter().flat_map(|rule| &rule.routes).collect();
        let listed_fields: BTreeSet<&String> = authorize.rules.iter().flat_map(|rule| &rule.fields).collect();
        if listed.len().max(listed_fields.len()) > MAX_LISTED {
            let message = format!(
                "`authorize` has more than {MAX_LISTED} different routes or fields, which no answer can list"
            );
            self.report.error("too-many-rules", &of.span, message);
            self.report.help("write patterns, `GET /orders/*`");
        }
        let about_graphql =
            |rule: &AuthorizeRule| rule.routes.iter().any(|route| route.method() == "$graphql");
        if authorize.rules.iter().any(|rule| !rule.fields.is_empty())
            && !authorize.rules.iter().any(about_graphql)
        {
            let message =
                "rules speak of fields, and none speaks of `$graphql`, so every call of appsync is denied";
            self.report.warning("never-applies", &of.span, message);
            self.report.help("add a rule about all calls: `- routes: [$graphql]`");
        }
        if !authorize.is_cacheable() {
            self.report.note(
                "not-cacheable",
                &of.span,
                "something asks about the single call (`request`, `now` or a parameter of a route), so no answer is right for another call",
            );
            self.report.help(
                "set the authorizer's time to live to 0; where `now` is not asked about, `$context.httpMethod` and `$context.path` as further identity sources do too",
            );
        }
        Some(authorize)
    }

    fn authorize_rule(&mut self, index: usize, node: &Node) -> AuthorizeRule {
        let what = format!("`authorize.rules[{index}]`");
        let of = fields(self.report, node, what.as_str(), &AUTHORIZE_RULE);
        let mut routes: BTreeSet<Route> = BTreeSet::new();
        if let Some(node) = of.get("routes") {
            let list = elements(self.report, node, &of.place("routes"));
            if list.len() > MAX_ROUTES {
                let message = format!("a rule has at most {MAX_ROUTES} routes and {what} has {}", list.len());
                self.report.error("too-many-rules", &node.span, message);
            }
            for element in list.iter().take(MAX_ROUTES) {
                let place = format!("an element of `routes` of {what}");
                let Some(written) = text(self.report, element, &place) else {
                    continue;
                };
                match Route::parse(written) {
                    Ok(route) => {
                        if !routes.insert(route) {
                            let message = format!("{place} is there twice: `{written}`");
                            self.report.warning("listed-twice", &element.span, message);
                        }
                    }
                    Err(error) => {
                        self.report.error(
                            "bad-route",
                            &element.span,
                            format!("{place} is not a route: {error}"),
                        );
                    }
                }
            }
        }
        let fields = self.placed_names(&of, "fields");
        for (field, span) in &fields {
            let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            let identifier = |part: &str| !part.is_empty() && part.bytes().all(word);
            if !field.split_once('.').is_some_and(|(of, name)| identifier(of) && identifier(name)) {
                let message = format!("`{field}` of {what} is not a field of graphql, `Type.field`");
                self.report.error("bad-route", span, message);
            }
        }
        if of.get("routes").is_none_or(Node::is_empty_list)
            && of.get("fields").is_none_or(Node::is_empty_list)
        {
            self.report.error("never-applies", &of.span, format!("{what} speaks of no route"));
            self.report.help("add `routes: [\"GET /orders/*\"]`, or `fields: [Query.orders]` beside a rule about `$graphql`");
        }
        let scopes = self.placed_names(&of, "anyScope");
        for (scope, span) in scopes.iter().filter(|(scope, _)| !is_scope(scope)) {
            let message = format!(
                "`{scope}` of `anyScope` of {what} is not a scope: it has a blank, a quote, a backslash or a letter beyond ascii"
            );
            self.report.error("bad-scope", span, message);
        }
        let any_group = self.names(&of, "anyGroup");
        for key in ["anyScope", "anyGroup"] {
            if let Some(node) = of.get(key).filter(|node| node.is_empty_list()) {
                let message =
                    format!("`{key}` of {what} is empty, so it asks for nothing and lets everybody in");
                self.report.error("asks-nothing", &node.span, message);
                self.report.help("name what the token must have, or leave the key out");
            }
        }
        if let Some(node) = of.get("anyGroup") {
            self.decided_by(node, &of.place("anyGroup"), "groups");
            if self.suppressed.contains("cognito:groups") {
                let message =
                    format!("{what} asks for a group, and `cognito:groups` is left out of the token");
                self.report.error("claim-not-in-token", &node.span, message);
                self.report.help("remove `cognito:groups` from `suppress`");
            }
        }
        if let Some(node) = of.get("anyScope") {
            self.decided_by(node, &of.place("anyScope"), "scopes");
        }
        if let (Some(node), Some(Token::Id)) = (of.get("anyScope"), self.token) {
            let message = format!("{what} asks for a scope, and an id token has none");
            self.report.error("claim-not-in-token", &node.span, message);
            self.report.help("write `token: access`");
        }
        let require = of.get("require").and_then(|node| {
            let expression = self.condition_text(node, &of.place("require"), Reads::Call)?;
            self.trustworthy(node, &of.place("require"), &expression);
            Some(expression)
        });
        if let (Some(expression), Some(node)) = (&require, of.get("require")) {
            self.about_the_call(node, &what, expression, &routes, !fields.is_empty());
        }
        let message = self.line(&of, "message", MAX_MESSAGE).map(str::to_owned);
        AuthorizeRule {
            routes: routes.into_iter().collect(),
            fields: fields.into_keys().collect(),
            any_scope: scopes.into_keys().collect(),
            any_group,
            require,
            message,
        }
    }

    /// Checks what a requirement reads of the single call.
    fn about_the_call(
        &mut self,
        node: &Node,
        what: &str,
        expression: &Expression,
        routes: &BTreeSet<Route>,
        of_fields: bool,
    ) {
        // A parameter must be in every route of the rule: where it is not, the rule would deny.
        let mut shared: Option<BTreeSet<&str>> = None;
        for route in routes {
            let of_route: BTreeSet<&str> = route.parameters().collect();
            shared = Some(match shared {
                None => of_route,
                Some(shared) => shared.intersection(&of_route).copied().collect(),
            });
        }
        let shared = shared.unwrap_or_default();
        for path in expression.inputs() {
            if path.first() == Some(&"request") && of_fields {
                let message =
                    format!("{what} asks about the call, and a field of graphql has no method and path");
                self.report.error("unknown-input", &node.span, message);
                self.report.help(
                    "put the fields into a rule of their own, which reads `claims`, `scopes` or `groups`",
                );
            }
            if let ["request", "parameters", name, ..] = path.as_slice()
                && !shared.contains(name)
            {
                let known = shared.iter().copied();
                self.unknown(
                    "unknown-input",
                    &node.span,
                    "parameter in every one of these routes",
                    name,
                    known,
                );
            }
        }
    }

    /// Checks that no caller can write what decides about calls.
    fn trustworthy(&mut self, node: &Node, what: &str, expression: &Expression) {
        for path in expression.inputs() {
            match path.as_slice() {
                ["groups", ..] | ["claims", "cognito:groups", ..] => self.decided_by(node, what, "groups"),
                ["scopes", ..] | ["claims", "scope", ..] => self.decided_by(node, what, "scopes"),
                ["claims", claim, ..] => {
                    let taint = self.claim_taint(claim);
                    self.decision(node, &format!("{what} reads the claim `{claim}`, which"), taint.as_ref());
                }
                _ => {}
            }
        }
    }

    /// Checks that no caller can write the groups or scopes that decide about calls.
    fn decided_by(&mut self, node: &Node, what: &str, list: &str) {
        let taint = if list == "groups" { self.group_taint.clone() } else { self.scope_taint.clone() };
        // Where they come from is warned of there.
        if !matches!(taint, Some(Taint::Attribute(_))) {
            self.decision(
                node,
                &format!("{what} decides by the {list}, and `{list}` of this contract"),
                taint.as_ref(),
            );
        }
    }

    fn decision(&mut self, node: &Node, what: &str, taint: Option<&Taint>) {
        match taint {
            None => {}
            Some(Taint::Marked) => {
                self.report.error(
                    "untrusted-decision",
                    &node.span,
                    format!("{what} is marked as `untrusted`"),
                );
                self.report
                    .help("decide by something that comes from a fact, a group or a trusted attribute");
            }
            Some(Taint::Metadata) => {
                let message =
                    format!("{what} comes from client metadata: the caller chooses it and nobody checks");
                self.report.error("untrusted-decision", &node.span, message);
                self.report
                    .help("decide by something that comes from a fact, a group or a trusted attribute");
            }
            Some(Taint::Logic(_)) => self.warn_of(&node.span, what, taint),
            Some(Taint::Attribute(name)) => {
                let message = format!(
                    "{what} comes from {}, which users change through any app client that may write it",
                    attribute(name)
                );
                self.report.warning("client-writable", &node.span, message);
                if name == UNNAMED {
                    self.report.help("name the attribute, `user.attributes[\"custom:x\"]`, so that it can be trusted by name");
                } else {
                    self.report.help(format!(
                        "if no app client may write it, say so: `trustedAttributes: [\"{name}\"]`; else take the claim from a fact"
                    ));
                }
            }
        }
    }

    /// Who decides what a claim of the callers' token says.
    fn claim_taint(&self, claim: &str) -> Option<Taint> {
        let known = self
            .claims
            .get(claim)
            .filter(|known| self.token.is_some_and(|token| known.tokens.contains(&token)));
        match known {
            // Where the rule gives nothing, what Cognito makes of the attribute stays.
            Some(known) if !known.always => known.taint.clone().or_else(|| self.attribute_taint(claim)),
            Some(known) => known.taint.clone(),
            None => self.attribute_taint(claim),
        }
    }

    /// The taint of a claim that cognito makes of an attribute by itself.
    fn attribute_taint(&self, claim: &str) -> Option<Taint> {
        let is_attribute =
            self.token == Some(Token::Id) && (claim.starts_with("custom:") || is_standard_attribute(claim));
        let writable = client_writable(claim) && !self.trusted.contains(claim);
        (is_attribute && writable).then(|| Taint::Attribute(claim.to_owned()))
    }

    fn context(&mut self, node: &Node) -> BTreeMap<String, ContextRule> {
        let mut context = BTreeMap::new();
        let entries = entries(self.report, node, "`authorize.context`");
        if entries.len() > MAX_CONTEXT {
            let message =
                format!("a context has at most {MAX_CONTEXT} values and this one has {}", entries.len());
            self.report.error("too-many-rules", &node.span, message);
        }
        for (name, key, node) in entries.into_iter().take(MAX_CONTEXT) {
            let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            if name.is_empty() || !name.bytes().all(word) {
                let message =
                    format!("`{name}` of `authorize.context` is not a word of letters, digits and `_`");
                self.report.error("bad-name", &key.span, message);
            }
            if matches!(name, "claims" | "principalId" | "integrationLatency") {
                let message = format!("`{name}` of `authorize.context` is a name of api gateway's own");
                self.report.error("bad-name", &key.span, message);
                self.report.help("choose another name");
            }
            context.extend(self.context_rule(name, node).map(|rule| (name.to_owned(), rule)));
        }
        context
    }

    fn context_rule(&mut self, name: &str, node: &Node) -> Option<ContextRule> {
        let what = format!("`{name}` of `authorize.context`");
        if matches!(node.kind, Kind::Scalar(..)) {
            let (source, of) = self.pointer(node, &what, Reads::Context)?;
            self.scalar(node, &what, &of, false);
            return Some(ContextRule { source, default: None, json: false });
        }
        let of = fields(self.report, node, what.as_str(), &CONTEXT);
        let json = self.flag(&of, "json");
        let default = of.get("default").and_then(|node| self.fixed(node, &of.place("default")));
        if let (Some(node), Some(default)) = (of.get("default"), &default) {
            self.scalar(node, &of.place("default"), &type_of_value(default), json);
        }
        let (source, given) = self.source(&of, Reads::Context)?;
        self.scalar(node, &what, &given, json);
        Some(ContextRule { source, default, json })
    }

    /// Checks that a gateway takes the value.
    fn scalar(&mut self, node: &Node, what: &str, of: &Type, json: bool) {
        if !json && matches!(of, Type::List(_) | Type::Map) {
            let message = format!("{what} gives {of}, and a context holds texts, numbers and booleans");
            self.report.error("wrong-type", &node.span, message);
            self.report.help("write `{ from: …, json: true }` to hand it on as json text");
        }
    }
}
