//! The claims of a contract, and the claims that it leaves out.

use std::collections::{BTreeMap, BTreeSet};

use super::super::decode::Fields;
use super::super::decode::{elements, entries, fields, names, word};
use super::super::keys::{CLAIM, SUPPRESS};
use super::super::rule::{Kind, OnError, V1Encoding, ValueType};
use super::super::yaml::{self, Node};
use super::super::{Claim, Source, Suppress};
use super::inputs::{KnownClaim, Reads, Taint};
use super::{Contract, MAX_CLAIMS};
use crate::cognito::{Token, Touch, carries, is_name, touch};
use crate::expression::Type;
use crate::json::{Pointer, Value};
use crate::request::TriggerVersion;

impl Contract<'_, '_> {
    pub(super) fn claims(&mut self, node: &Node, suppress: &Suppress) -> BTreeMap<String, Claim> {
        let mut claims = BTreeMap::new();
        let entries = entries(self.report, node, "`claims`");
        if entries.len() > MAX_CLAIMS {
            let message =
                format!("a contract has at most {MAX_CLAIMS} claims and this one has {}", entries.len());
            self.report.error("too-many-claims", &node.span, message);
        }
        for (name, key, node) in entries.into_iter().take(MAX_CLAIMS) {
            if !is_name(name) {
                let message =
                    "the name of a claim is empty, longer than 512 bytes, or has a control character";
                self.report.error("bad-name", &key.span, message);
            }
            if let Some(claim) = self.claim(name, key, node, suppress) {
                claims.insert(name.to_owned(), claim);
            }
        }
        claims
    }

    fn claim(&mut self, name: &str, key: &Node, node: &Node, suppress: &Suppress) -> Option<Claim> {
        let what = format!("the claim `{name}`");
        let of = fields(self.report, node, what.as_str(), &CLAIM);
        let typed = self.source(&of, Reads::Token);
        let tokens = self.tokens(&of);
        let source = typed.as_ref().map(|(source, _)| source);
        for &token in &tokens {
            self.touchable(name, key, token, source);
            if suppress.of(token).contains(name) {
                let token = token.as_str();
                self.report.error(
                    "added-and-suppressed",
                    &key.span,
                    format!("{what} is in `suppress.{token}` too, where it ends suppressed"),
                );
                self.report
                    .help(format!("remove it from `suppress.{token}` or remove `{token}` from its `tokens`"));
            }
        }
        let value_type = self.value_type(&of);
        let default = of.get("default").and_then(|node| self.default(&of, node, value_type.as_ref()));
        let v1 = self.word(&of, "v1");
        let on_error = self.word(&of, "onError").unwrap_or_default();
        if on_error == OnError::Default && of.get("default").is_none() {
            self.missing(&of, "default", "`onError: default` takes it; write one, or `onError: omit`");
        }
        self.written_values(name, &of, source, default.as_ref(), &tokens, value_type.as_ref());
        let given = typed.as_ref().map_or(Type::Any, |(_, given)| given.clone());
        if let (Some(source), Some(declared)) = (source, &value_type)
            && let Some(node) = of.get("from").or_else(|| of.get("expression"))
        {
            self.possible(node, &what, source, &given, declared);
        }
        if let Some(node) = of.get("expression").or_else(|| of.get("from")) {
            self.carried(name, &of, node, source, &given, &tokens);
        }
        let kind = value_type.as_ref().and_then(|declared| declared.kind).or(Kind::of_type(&given));
        let items = value_type.as_ref().and_then(|declared| declared.items);
        if let (Some(node), Some(V1Encoding::Spaces)) = (of.get("v1"), v1)
            && (kind.is_some_and(|kind| kind != Kind::Array)
                || items.is_some_and(|items| items != Kind::String))
        {
            let message =
                format!("`v1: spaces` of {what} divides a list of texts by blanks, and this is none");
            self.report.error("wrong-type", &node.span, message);
            self.report.help("write `v1: json` or `v1: omit`");
        }
        let is_compound = |value: &Value| matches!(value, Value::Array(_) | Value::Object(_));
        let compound =
            matches!(kind, Some(Kind::Array | Kind::Object)) || default.as_ref().is_some_and(is_compound);
        if compound && v1.is_none() && tokens.contains(&Token::Id) {
            self.report.warning(
                "v1-cannot-carry",
                &key.span,
                format!("{what} is a list or an object, which a v1 trigger cannot carry; there it would refuse the sign-in"),
            );
            self.report
                .help("say `v1: json` (as json text), `v1: spaces` (texts divided by blanks) or `v1: omit`");
        }
        let condition = self.condition(&of);
        let untrusted = self.flag(&of, "untrusted");
        let vouched = !untrusted && of.get("untrusted").is_some();
        let taint = self.taint(source, &condition);
        let taint = taint.filter(|taint| !(vouched && matches!(taint, Taint::Logic(_))));
        if !untrusted && tokens.contains(&Token::Access) && taint == Some(Taint::Metadata) {
            self.warn_of(&key.span, &what, taint.as_ref());
        }
        let display = self.display(&of);
        if display.personal && tokens.contains(&Token::Access) {
            self.report.warning(
                "personal-in-access",
                &key.span,
                format!("{what} is personal and goes into the access token, which apis log and pass on"),
            );
            self.report.help("keep it in the id token, `tokens: [id]`");
        }
        let known = KnownClaim {
            tokens: tokens.clone(),
            of: known_type(value_type.as_ref(), given, default.as_ref()),
            taint: if untrusted { Some(Taint::Marked) } else { taint },
            always: (default.is_some() || matches!(typed, Some((Source::Value(_), _))))
                && condition.is_empty()
                && on_error != OnError::Omit,
        };
        self.claims.insert(name.to_owned(), known);
        let (source, _) = typed?;
        Some(Claim { source, tokens, condition, default, value_type, on_error, v1, display })
    }

    /// Checks that a token can carry what an expression is known to give.
    fn carried(
        &mut self,
        name: &str,
        of: &Fields<'_>,
        node: &Node,
        source: Option<&Source>,
        given: &Type,
        tokens: &BTreeSet<Token>,
    ) {
        let constants = match source {
            Some(Source::Expression(expression)) => expression.constants(),
            _ => Vec::new(),
        };
        let nested = matches!(given, Type::List(element) if matches!(**element, Type::List(_) | Type::Map));
        for &token in tokens {
            // A map stands for every object, which four claims of the ID token do not take.
            let object =
                *given == Type::Map && !carries(TriggerVersion::V2, token, name, &Value::Object([].into()));
            if nested
                || object
                || constants.iter().any(|value| !carries(TriggerVersion::V2, token, name, value))
            {
                let message = format!(
                    "{} gives what the {} token cannot carry; it would refuse the sign-in",
                    of.what,
                    token.as_str()
                );
                self.report.error("not-carried", &node.span, message);
                self.report.help("a claim is a text, a number, a boolean, a list of these, or an object that holds anything");
                return;
            }
        }
    }

    /// Checks the values of a claim that are written in the contract.
    fn written_values(
        &mut self,
        name: &str,
        of: &Fields<'_>,
        source: Option<&Source>,
        default: Option<&Value>,
        tokens: &BTreeSet<Token>,
        value_type: Option<&ValueType>,
    ) {
        let fixed = match (source, of.get("value")) {
            (Some(Source::Value(value)), Some(node)) => {
                self.declared(node, &of.place("value"), value, value_type);
                Some((node, "value", value))
            }
            _ => None,
        };
        let written = fixed
            .into_iter()
            .chain(of.get("default").zip(default).map(|(node, value)| (node, "default", value)));
        for (node, part, value) in written {
            if let Some(token) =
                tokens.iter().find(|token| !carries(TriggerVersion::V2, **token, name, value))
            {
                let (what, token) = (&of.what, token.as_str());
                self.report.error("not-carried", &node.span, format!("`{part}` of {what} is {} that the {token} token cannot carry; it would refuse every sign-in", node.describe()));
                self.report.help(match value {
                    Value::Array(_) => "a list holds texts, numbers and booleans; put it into an object, `{ list: … }`",
                    _ => "cognito takes no object for `address`, `email_verified`, `phone_number_verified` and `updated_at` of the id token; choose another name",
                });
            }
        }
    }

    fn tokens(&mut self, of: &Fields<'_>) -> BTreeSet<Token> {
        let Some(node) = of.get("tokens") else {
            self.missing(
                of,
                "tokens",
                "say which tokens carry it: `tokens: [id]`, `[access]` or `[id, access]`",
            );
            return BTreeSet::new();
        };
        let what = format!("`tokens` of {}", of.what);
        let list = elements(self.report, node, &what);
        let tokens: BTreeSet<Token> = list
            .iter()
            .filter_map(|token| word::<Token>(self.report, token, &format!("an element of {what}")))
            .collect();
        if list.is_empty() && matches!(node.kind, yaml::Kind::Sequence(_)) {
            self.report.error(
                "no-token",
                &node.span,
                format!("{what} names no token, so nobody would see the claim"),
            );
        }
        tokens
    }

    /// Checks that a trigger may set the claim in this token.
    fn touchable(&mut self, name: &str, key: &Node, token: Token, source: Option<&Source>) {
        let word = token.as_str();
        let (code, message, help) = match touch(token, name) {
            Touch::Free => return,
            Touch::ClientId if matches!(source, Some(Source::From(from)) if *from == client_id()) => return,
            Touch::ClientId => (
                "foreign-audience",
                format!("the {word} token's `{name}` may only be the app client's id"),
                "write `from: /client/id`, or carry the value in a claim of another name",
            ),
            Touch::Reserved => (
                "reserved-claim",
                format!(
                    "the claim `{name}` of the {word} token belongs to cognito, which would drop or refuse it"
                ),
                "choose another name, for example one with a prefix of your own: `acme:…`",
            ),
            Touch::SuppressOnly => (
                "reserved-claim",
                format!(
                    "the claim `{name}` of the {word} token is a developer-only attribute, which can be left out and not set"
                ),
                "choose another name, or put it into `suppress`",
            ),
            Touch::Groups => (
                "reserved-claim",
                format!("the claim `{name}` is not set as a claim"),
                "write `groups: { from: … }` at the top of the contract",
            ),
            Touch::WithGroups => (
                "reserved-claim",
                format!(
                    "the claim `{name}` of the {word} token follows the user's groups and is not set as a claim"
                ),
                "write `roles: { from: … }` or `preferredRole: { from: … }` at the top of the contract",
            ),
            Touch::Scopes => (
                "reserved-claim",
                format!("the claim `{name}` of the {word} token is not set as a claim"),
                "write `scopes: { add: […] }` at the top of the contract",
            ),
        };
        self.report.error(code, &key.span, message);
        self.report.help(help);
    }

    pub(super) fn suppress(&mut self, node: &Node) -> Suppress {
        let of = fields(self.report, node, "`suppress`", &SUPPRESS);
        let mut list = |key: &str, token: Token| {
            let node = of.get(key)?;
            let names = names(self.report, node, &format!("`suppress.{key}`"));
            for (name, span) in &names {
                if !is_name(name) {
                    let message =
                        "the name of a claim is empty, longer than 512 bytes, or has a control character";
                    self.report.error("bad-name", span, message);
                }
                let (message, help) = match touch(token, name) {
                    Touch::Free | Touch::SuppressOnly | Touch::Groups => continue,
                    Touch::Scopes => (
                        format!("`{name}` of the {key} token is not left out as a claim"),
                        "list single scopes in `scopes.suppress`",
                    ),
                    Touch::WithGroups => (
                        format!("`{name}` goes when `cognito:groups` goes, and not alone"),
                        "suppress `cognito:groups`",
                    ),
                    Touch::Reserved | Touch::ClientId => (
                        format!(
                            "the claim `{name}` of the {key} token belongs to cognito and cannot be left out"
                        ),
                        "remove it from the list",
                    ),
                };
                self.report.error("reserved-claim", span, message);
                self.report.help(help);
            }
            Some(names.into_keys().collect())
        };
        Suppress {
            id: list("id", Token::Id).unwrap_or_default(),
            access: list("access", Token::Access).unwrap_or_default(),
        }
    }
}

/// The one source that the access token's `aud` may have.
fn client_id() -> Pointer {
    Pointer::from_iter(["client", "id"])
}

/// The type that rules about calls see of a claim.
fn known_type(declared: Option<&ValueType>, given: Type, default: Option<&Value>) -> Type {
    match declared.and_then(|declared| Some((declared.kind?, declared.items))) {
        Some((kind, items)) => kind.to_type(items),
        // The default may be of another kind than the source.
        None if default.is_some() => Type::Any,
        // A number comes out of a token as json has it: a double without a fraction is an int there.
        None if matches!(given, Type::Int | Type::Uint | Type::Double) => Type::Any,
        None => match given {
            Type::List(_) => Type::List(Box::new(Type::Any)),
            given => given,
        },
    }
}
