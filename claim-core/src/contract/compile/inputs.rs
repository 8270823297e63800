//! What rules may read: whether it is there, of which type it is, and who may write it.

use std::ops::Range;

use super::{Contract, MAX_LISTED};
use crate::cognito::{client_writable, issues};
use crate::contract::rule::{Condition, Kind, Source};
use crate::expression::{Expression, Type};
use crate::suggest::closest;

/// What rules about tokens may read.
pub const INPUTS: [&str; 8] = ["user", "groups", "roles", "client", "event", "metadata", "facts", "now"];

/// What the key of a fact may read: everything but facts, because all facts are fetched at once.
const KEY_INPUTS: [&str; 7] = ["user", "groups", "roles", "client", "event", "metadata", "now"];

/// What rules about calls may read.
const CALL_INPUTS: [&str; 6] = ["claims", "scopes", "groups", "token", "request", "now"];

/// What the context of a call may read.
const CONTEXT_INPUTS: [&str; 5] = ["claims", "scopes", "groups", "token", "now"];

/// The members of the inputs that have fixed ones.
const MEMBERS: [(&str, &[&str]); 5] = [
    ("user", &["name", "sub", "status", "attributes"]),
    ("client", &["id"]),
    ("event", &["version", "trigger", "poolId", "region", "scopes"]),
    ("token", &["use", "issuer", "subject", "username", "client"]),
    ("request", &["method", "path", "parameters"]),
];

/// Who asks, and so what it may read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Reads {
    /// A rule about tokens.
    Token,
    /// The key of a fact.
    Key,
    /// A rule about calls.
    Call,
    /// The context of a call.
    Context,
}

impl Reads {
    pub(super) const fn inputs(self) -> &'static [&'static str] {
        match self {
            Self::Token => &INPUTS,
            Self::Key => &KEY_INPUTS,
            Self::Call => &CALL_INPUTS,
            Self::Context => &CONTEXT_INPUTS,
        }
    }

    const fn is_of_a_call(self) -> bool {
        matches!(self, Self::Call | Self::Context)
    }
}

/// Somebody who should not decide, and does: the worst first.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Taint {
    /// The caller, through client metadata.
    Metadata,
    /// The author says so of the claim.
    Marked,
    /// The user, through an attribute that app clients may write.
    Attribute(String),
    /// A logic component, of which nobody knows what it makes of what callers choose.
    Logic(String),
}

/// What is known of a claim when rules about calls read it.
#[derive(Clone, Debug)]
pub(super) struct KnownClaim {
    pub(super) tokens: std::collections::BTreeSet<crate::cognito::Token>,
    pub(super) of: Type,
    pub(super) taint: Option<Taint>,
    /// Whether the rule gives a value in every token that it is for.
    pub(super) always: bool,
}

impl Contract<'_, '_> {
    /// Checks that a path can lead somewhere, and notes the fact that it reads.
    pub(super) fn path(
        &mut self,
        path: &[&str],
        span: &Range<usize>,
        what: &str,
        reads: Reads,
    ) -> Option<()> {
        let (root, rest) = path.split_first()?;
        if !reads.inputs().contains(root) {
            self.unknown("unknown-input", span, "input", root, reads.inputs().iter().copied());
            return None;
        }
        if let Some((_, members)) = MEMBERS.iter().find(|(name, _)| name == root)
            && let Some(member) = rest.first()
            && !members.contains(member)
        {
            self.unknown("unknown-input", span, &format!("`{root}` member"), member, members.iter().copied());
            return None;
        }
        // Only rules about calls have the input `claims`.
        match (*root, rest) {
            ("facts", []) => self.used_facts.extend(self.facts.keys().cloned()),
            ("facts", [fact, rest @ ..]) => return self.fact_path(fact, rest, span, what),
            ("claims", [claim, ..]) => return self.claim_path(claim, span, what),
            ("claims", []) => {
                let message = format!("{what} reads the claims as a whole, or by a name that is computed");
                self.report.error("whole-claims", span, message);
                self.report.help("name each claim, `claims.x` or `claims[\"x\"]`, so that it can be checked");
                return None;
            }
            _ => {}
        }
        Some(())
    }

    fn fact_path(&mut self, fact: &str, rest: &[&str], span: &Range<usize>, what: &str) -> Option<()> {
        self.used_facts.insert(fact.to_owned());
        let Some(read) = self.facts.get(fact) else {
            let known: Vec<String> = self.facts.keys().cloned().collect();
            self.unknown("unknown-fact", span, "fact", fact, known.iter().map(String::as_str));
            return None;
        };
        let (Some(read), Some(field)) = (read, rest.first()) else {
            return Some(());
        };
        if read.contains(*field) {
            return Some(());
        }
        let listed: Vec<String> = read.iter().take(MAX_LISTED).map(|field| format!("`{field}`")).collect();
        let meant = closest(field, read.iter().map(String::as_str)).map(str::to_owned);
        let more = if read.len() > MAX_LISTED { ", …" } else { "" };
        let all = listed.join(", ");
        let message =
            format!("{what} reads the field `{field}`, and `fields` of the fact `{fact}` has {all}{more}");
        self.report.error("unknown-field", span, message);
        match meant {
            Some(meant) => self.report.help(format!("did you mean `{meant}`?")),
            None => self.report.help(format!("add `{field}` to `fields` of the fact `{fact}`")),
        }
        None
    }

    /// Checks that the token which callers bring has the claim.
    fn claim_path(&mut self, claim: &str, span: &Range<usize>, what: &str) -> Option<()> {
        let token = self.token?;
        let word = token.as_str();
        let known = self.claims.get(claim);
        let suppressed = self.suppressed.contains(claim);
        if !suppressed && (known.is_some_and(|known| known.tokens.contains(&token)) || issues(token, claim)) {
            return Some(());
        }
        let is_known = known.is_some();
        let message = format!("{what} reads the claim `{claim}`, which is not in the {word} token");
        self.report.error("claim-not-in-token", span, message);
        if suppressed {
            self.report.help(format!("remove it from `suppress.{word}`"));
        } else if is_known {
            self.report.help(format!("add `{word}` to `tokens` of the claim `{claim}`"));
        } else {
            match closest(claim, self.claims.keys().map(String::as_str)) {
                Some(meant) => self.report.help(format!("did you mean `{meant}`?")),
                None if word == "access" && claim == "cognito:username" => {
                    self.report.help("the access token calls it `username`");
                }
                None => self.report.help("add the claim to `claims`"),
            }
        }
        None
    }

    /// Returns the type of what is at a path.
    pub(super) fn type_at(&self, path: &[&str], reads: Reads) -> Type {
        match path {
            ["claims", claim] if reads.is_of_a_call() => self.claim_type(claim),
            path => type_at(path),
        }
    }

    fn claim_type(&self, claim: &str) -> Type {
        let token = self.token;
        let known =
            self.claims.get(claim).filter(|known| token.is_some_and(|token| known.tokens.contains(&token)));
        match known {
            // Where the rule gives nothing, what Cognito writes by itself stays.
            Some(known) if !known.always && token.is_some_and(|token| issues(token, claim)) => {
                return Type::Any;
            }
            Some(known) => return known.of.clone(),
            None => {}
        }
        match claim {
            "auth_time" | "exp" | "iat" | "version" => Type::Int,
            "email_verified" | "phone_number_verified" => Type::Bool,
            "amr" | "cognito:groups" | "cognito:roles" => Type::List(Box::new(Type::Text)),
            "sub" | "iss" | "client_id" | "username" | "scope" | "token_use" | "jti" | "email" => Type::Text,
            _ => Type::Any,
        }
    }

    /// Returns who else decides what a rule about tokens says.
    pub(super) fn taint(&self, source: Option<&Source>, condition: &Condition) -> Option<Taint> {
        let of_source = source.and_then(|source| match source {
            Source::From(pointer) => {
                self.path_taint(&pointer.segments().iter().map(String::as_str).collect::<Vec<_>>())
            }
            Source::Value(_) => None,
            Source::Logic(name) => Some(Taint::Logic(name.clone())),
            Source::Expression(expression) => self.expression_taint(expression),
        });
        let of_condition = condition.when.as_ref().and_then(|when| self.expression_taint(when));
        // The worse of both: metadata before attributes.
        of_source.into_iter().chain(of_condition).min()
    }

    /// Returns who else decides what an expression about tokens says.
    pub(super) fn expression_taint(&self, expression: &Expression) -> Option<Taint> {
        expression.inputs().iter().filter_map(|path| self.path_taint(path)).min()
    }

    fn path_taint(&self, path: &[&str]) -> Option<Taint> {
        match path {
            ["metadata", ..] => Some(Taint::Metadata),
            // Read as a whole, or by a name that is computed: any of them may be meant.
            ["user"] | ["user", "attributes"] => Some(Taint::Attribute(UNNAMED.to_owned())),
            ["user", "attributes", name, ..] if client_writable(name) && !self.trusted.contains(*name) => {
                Some(Taint::Attribute((*name).to_owned()))
            }
            _ => None,
        }
    }

    /// Warns where somebody else decides what an API will rely on.
    pub(super) fn warn_of(&mut self, span: &Range<usize>, what: &str, taint: Option<&Taint>) {
        match taint {
            None | Some(Taint::Marked) => {}
            Some(Taint::Metadata) => {
                self.report.warning(
                    "untrusted-source",
                    span,
                    format!("{what} comes from client metadata, which the caller chooses and nobody checks"),
                );
                self.report.help(
                    "take it from a fact or an attribute, or say `untrusted: true` if nobody may rely on it",
                );
            }
            Some(Taint::Logic(name)) => {
                self.report.warning(
                    "unchecked-logic",
                    span,
                    format!("{what} comes from the logic `{name}`, and nobody checks what that makes of values that callers choose"),
                );
                self.report.help(
                    "say `untrusted: false` of the claim if its component relies on nothing that callers choose, or `untrusted: true` if nobody may rely on it",
                );
            }
            Some(Taint::Attribute(name)) => {
                self.report.warning(
                    "client-writable",
                    span,
                    format!(
                        "{what} comes from {}, which users change through any app client that may write it",
                        attribute(name)
                    ),
                );
                if name == UNNAMED {
                    self.report.help("name the attribute, `user.attributes[\"custom:x\"]`, so that it can be trusted by name");
                } else {
                    self.report.help(format!(
                        "if no app client may write it, say so: `trustedAttributes: [\"{name}\"]`; else take it from a fact"
                    ));
                }
            }
        }
    }
}

/// Names an attribute, or says that it is not named.
pub(super) fn attribute(name: &str) -> String {
    if name == UNNAMED {
        "a user attribute that is not named".to_owned()
    } else {
        format!("the attribute `{name}`")
    }
}

/// What stands for the name of an attribute where all are read, or one by a name that is computed.
pub(super) const UNNAMED: &str = "…";

/// Returns the type of what is at a path of the inputs, as far as no contract is asked.
pub(in crate::contract) fn type_at(path: &[&str]) -> Type {
    match path {
        ["groups" | "roles" | "scopes"] | ["event", "scopes"] => Type::List(Box::new(Type::Text)),
        ["now"] => Type::Int,
        ["user" | "client" | "event" | "metadata" | "facts" | "token" | "request" | "claims"]
        | ["user", "attributes"]
        | ["request", "parameters"]
        | ["facts", _] => Type::Map,
        ["metadata" | "user" | "client" | "event" | "token" | "request", _]
        | ["user", "attributes", _]
        | ["request", "parameters", _] => Type::Text,
        _ => Type::Any,
    }
}

impl Kind {
    /// Returns the kind of what an expression gives, if that is known.
    pub(in crate::contract) fn of_type(of: &Type) -> Option<Self> {
        match of {
            Type::Any | Type::Null => None,
            Type::Bool => Some(Self::Boolean),
            Type::Int | Type::Uint => Some(Self::Integer),
            Type::Double => Some(Self::Number),
            Type::Text => Some(Self::String),
            Type::List(_) => Some(Self::Array),
            Type::Map => Some(Self::Object),
        }
    }

    /// Returns the type that expressions see of a declared kind.
    pub(in crate::contract) fn to_type(self, items: Option<Self>) -> Type {
        match self {
            Self::String => Type::Text,
            // A JSON number is an int or a double, as it is written.
            Self::Number => Type::Any,
            Self::Integer => Type::Int,
            Self::Boolean => Type::Bool,
            Self::Array => Type::List(Box::new(items.map_or(Type::Any, |items| items.to_type(None)))),
            Self::Object => Type::Map,
        }
    }

    /// Whether a value of one kind is always also of the other.
    pub(in crate::contract) fn may_be(self, other: Self) -> bool {
        // A double may hold a whole number.
        self == other
            || matches!((self, other), (Self::Integer, Self::Number) | (Self::Number, Self::Integer))
    }
}
