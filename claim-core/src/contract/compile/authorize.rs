//! Who may call which route, as the contract says it.

use std::collections::BTreeMap;

use super::super::Suppress;
use super::super::authorize::{Authorize, AuthorizeRule, ContextRule, Route};
use super::super::decode::{elements, entries, fields, text};
use super::super::keys::{AUTHORIZE, AUTHORIZE_RULE, CONTEXT};
use super::super::yaml::{Kind, Node};
use super::Contract;
use super::inputs::{Reads, Taint};
use crate::cognito::{Token, client_writable, is_scope, is_standard_attribute};
use crate::expression::{Expression, Type};
use crate::json::Value;

/// How long the message of a rule may be, in characters.
const MAX_MESSAGE: usize = 200;

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
        if !authorize.is_cacheable() {
            self.report.note(
                "not-cacheable",
                &of.span,
                "a rule asks about the single call (`request`, `now` or a parameter of a route), so no answer is right for another call",
            );
            self.report.help(
                "set the authorizer's time to live to 0, or name `$context.path` and `$context.httpMethod` (rest) or `$context.routeKey` and the path's source (http) as identity sources",
            );
        }
        Some(authorize)
    }

    fn authorize_rule(&mut self, index: usize, node: &Node) -> AuthorizeRule {
        let what = format!("`authorize.rules[{index}]`");
        let of = fields(self.report, node, what.as_str(), &AUTHORIZE_RULE);
        let mut routes = Vec::new();
        if let Some(node) = of.get("routes") {
            for element in elements(self.report, node, &of.place("routes")) {
                let place = format!("an element of `routes` of {what}");
                let Some(written) = text(self.report, element, &place) else {
                    continue;
                };
                match Route::parse(written) {
                    Ok(route) if routes.contains(&route) => {
                        let message = format!("{place} is there twice: `{written}`");
                        self.report.warning("listed-twice", &element.span, message);
                    }
                    Ok(route) => routes.push(route),
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
            self.report.help("add `routes: [\"GET /orders/*\"]`, or `fields: [Query.orders]` for AppSync");
        }
        let scopes = self.placed_names(&of, "anyScope");
        for (scope, span) in scopes.iter().filter(|(scope, _)| !is_scope(scope)) {
            let message = format!(
                "`{scope}` of `anyScope` of {what} is not a scope: it has a blank, a quote, a backslash or a letter beyond ascii"
            );
            self.report.error("bad-scope", span, message);
        }
        let any_group = self.names(&of, "anyGroup");
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
        let known: Vec<&str> = routes.iter().flat_map(Route::parameters).collect();
        if let (Some(expression), Some(node)) = (&require, of.get("require")) {
            for path in expression.inputs() {
                if let ["request", "parameters", name, ..] = path.as_slice()
                    && !known.contains(name)
                {
                    let known = known.iter().copied();
                    self.unknown("unknown-input", &node.span, "parameter in these routes", name, known);
                }
            }
        }
        let message = self.line(&of, "message", MAX_MESSAGE).map(str::to_owned);
        AuthorizeRule {
            routes,
            fields: fields.into_keys().collect(),
            any_scope: scopes.into_keys().collect(),
            any_group,
            require,
            message,
        }
    }

    /// Checks that no caller can write what decides about calls.
    fn trustworthy(&mut self, node: &Node, what: &str, expression: &Expression) {
        for path in expression.inputs() {
            let ["claims", claim, ..] = path.as_slice() else {
                continue;
            };
            let taint = match self.claims.get(*claim) {
                Some(known) => known.taint.clone(),
                None => self.attribute_taint(claim),
            };
            match taint {
                Some(Taint::Marked) => {
                    let message = format!("{what} reads the claim `{claim}`, which is marked as `untrusted`");
                    self.report.error("untrusted-decision", &node.span, message);
                    self.report
                        .help("decide by a claim that comes from a fact, a group or a trusted attribute");
                }
                Some(Taint::Metadata) => {
                    let message = format!(
                        "{what} reads the claim `{claim}`, which comes from client metadata: the caller chooses it and nobody checks"
                    );
                    self.report.error("untrusted-decision", &node.span, message);
                    self.report
                        .help("decide by a claim that comes from a fact, a group or a trusted attribute");
                }
                Some(Taint::Attribute(name)) => {
                    let message = format!(
                        "{what} reads the claim `{claim}`, which comes from the attribute `{name}` that users change through any app client that may write it"
                    );
                    self.report.warning("client-writable", &node.span, message);
                    self.report.help(format!("if no app client may write it, say so: `trustedAttributes: [\"{name}\"]`; else take the claim from a fact"));
                }
                None => {}
            }
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
        if let (Some(node), Some(Value::Array(_) | Value::Object(_)), false) =
            (of.get("default"), &default, json)
        {
            self.scalar(node, &of.place("default"), &Type::Map, false);
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
