//! The contract's own tests: an event, facts, and what the tokens must become.

use std::collections::BTreeSet;
use std::fmt;

use super::Bundle;
use crate::authorize::{AccessRequest, Decision, authorize};
use crate::cognito::{Token, apply, plain_tokens};
use crate::json::{Object, Value};
use crate::refusal::Refusal;
use crate::request::{FactRecord, TokenRequest, User};
use crate::shape::{TokenShape, plan, shape};

/// One test of a contract.
#[derive(Clone, Debug, PartialEq)]
pub struct Examination {
    /// What it shows, in the author's words.
    pub name: String,
    /// The line where it stands, from 1.
    pub line: usize,
    /// The request.
    pub request: TokenRequest,
    /// The facts.
    pub facts: Vec<FactRecord>,
    /// A call with the token that results.
    pub call: Option<ExpectedCall>,
    /// What must hold.
    pub expect: Expectation,
}

/// What must hold of a shape. What is not named may be anything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expectation {
    /// Claims added to the ID token; null for one that must not be.
    pub id: Object,
    /// Claims added to the access token; null for one that must not be.
    pub access: Object,
    /// All scopes that are added.
    pub scopes_added: Option<BTreeSet<String>>,
    /// All scopes that are left out.
    pub scopes_suppressed: Option<BTreeSet<String>>,
    /// What becomes of the groups.
    pub groups: Option<ExpectedNames>,
    /// What becomes of the IAM roles.
    pub roles: Option<ExpectedNames>,
    /// The code of the refusal that must come.
    pub refusal: Option<String>,
    /// What the person reads who is refused.
    pub message: Option<String>,
    /// The code of what becomes of the call.
    pub decision: Option<String>,
    /// Values of the context; null for one that must not be.
    pub context: Object,
}

/// A call of an API.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpectedCall {
    /// The method, or `$connect`, `$graphql`.
    pub method: String,
    /// The path.
    pub path: String,
    /// Claims that the token has beside those of the sign-in.
    pub claims: Object,
}

/// What must become of the groups or the roles.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ExpectedNames {
    /// They are those of the pool.
    Unchanged,
    /// The tokens name none.
    Cleared,
    /// The tokens name these, in this order.
    Names(Vec<String>),
}

/// One thing that is not as expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What, for example `access.tier`.
    pub place: String,
    /// What the test expects, as text.
    pub want: String,
    /// What is there, as text.
    pub got: String,
}

impl Difference {
    fn new(place: &str, want: String, got: String) -> Self {
        Self { place: place.to_owned(), want, got }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, got {}", self.place, self.want, self.got)
    }
}

impl Examination {
    /// Whether the test says what each logic component of the contract answers, so that none is asked.
    #[must_use]
    pub fn says_all(&self, bundle: &Bundle) -> bool {
        bundle.logic.keys().all(|name| self.facts.iter().any(|record| record.is_of(name)))
    }

    /// Runs the test; no difference means that it holds. `ask` asks the logic components for which the test has no answer.
    #[must_use]
    pub fn run(
        &self,
        bundle: &Bundle,
        ask: impl FnOnce(&TokenRequest, &[FactRecord]) -> Vec<FactRecord>,
    ) -> Vec<Difference> {
        let shaped = plan(bundle, &self.request).and_then(|lookups| {
            // As in a function: a record that is not asked for is not there.
            let asked = |record: &&FactRecord| lookups.iter().any(|lookup| lookup.fact == record.name);
            let mut facts: Vec<FactRecord> = self.facts.iter().filter(asked).cloned().collect();
            let mut answers: Vec<FactRecord> =
                self.facts.iter().filter(|record| record.is_of_logic()).cloned().collect();
            if !self.says_all(bundle) {
                let said = ask(&self.request, &facts);
                answers.extend(
                    said.into_iter().filter(|said| !self.facts.iter().any(|record| record.name == said.name)),
                );
            }
            facts.extend(answers);
            shape(bundle, &self.request, &facts)
        });
        let shape = match shaped {
            Ok(shape) => shape,
            Err(refusal) => return self.expect.compare_refusal(&refusal),
        };
        let mut differences = self.expect.compare(&self.request, &shape);
        if let Some(call) = &self.call {
            let plain = plain_tokens(&self.request);
            let tokens = apply(self.request.version, &plain, &shape);
            let token = bundle.authorize.as_ref().map_or(Token::Access, |authorize| authorize.token);
            let claims = match token {
                Token::Id => tokens.id.unwrap_or_default(),
                Token::Access => tokens.access,
            };
            differences.extend(self.expect.compare_decision(&call.decide(
                bundle,
                token,
                claims,
                self.request.now,
            )));
        }
        differences
    }
}

impl ExpectedCall {
    fn decide(&self, bundle: &Bundle, token: Token, mut claims: Object, now: u64) -> Decision {
        claims.extend(self.claims.iter().map(|(name, value)| (name.clone(), value.clone())));
        let (method, path) = (self.method.clone(), self.path.clone());
        authorize(bundle, &AccessRequest { claims, token, method, path, now })
    }
}

impl Expectation {
    fn compare_refusal(&self, refusal: &Refusal) -> Vec<Difference> {
        let got = format!("{}: {refusal}", refusal.code());
        match &self.refusal {
            Some(code) if refusal.code() == code => match (&self.message, refusal) {
                (Some(want), Refusal::Blocked { message, .. }) if want != message => {
                    vec![Difference::new("message", want.clone(), message.clone())]
                }
                (Some(want), other) if !matches!(other, Refusal::Blocked { .. }) => {
                    vec![Difference::new("message", want.clone(), "none".to_owned())]
                }
                _ => Vec::new(),
            },
            Some(code) => vec![Difference::new("refusal", code.clone(), got)],
            None => vec![Difference::new("refusal", "none".to_owned(), got)],
        }
    }

    fn compare_decision(&self, decision: &Decision) -> Vec<Difference> {
        let mut differences = Vec::new();
        let mut compare = |place: String, want: String, got: String| {
            if want != got {
                differences.push(Difference::new(&place, want, got));
            }
        };
        if let Some(want) = &self.decision {
            compare("decision".to_owned(), want.clone(), decision.reason.code().to_owned());
        }
        for (name, want) in &self.context {
            compare(format!("context.{name}"), shown(Some(want)), shown(decision.context.get(name)));
        }
        differences
    }

    fn compare(&self, request: &TokenRequest, shape: &TokenShape) -> Vec<Difference> {
        let mut differences = Vec::new();
        let mut compare = |place: String, want: String, got: String| {
            if want != got {
                differences.push(Difference::new(&place, want, got));
            }
        };
        if let Some(code) = &self.refusal {
            compare("refusal".to_owned(), code.clone(), "none".to_owned());
        }
        if let Some(message) = &self.message {
            compare("message".to_owned(), message.clone(), "none".to_owned());
        }
        for (token, claims) in [(Token::Id, &self.id), (Token::Access, &self.access)] {
            for (name, want) in claims {
                let got = shape.claims(token).add.get(name);
                compare(format!("{}.{name}", token.as_str()), shown(Some(want)), shown(got));
            }
        }
        for (place, want, got) in [
            ("scopesAdded", &self.scopes_added, &shape.scopes.add),
            ("scopesSuppressed", &self.scopes_suppressed, &shape.scopes.suppress),
        ] {
            if let Some(want) = want {
                compare(place.to_owned(), texts(want), texts(got));
            }
        }
        let none = User::default();
        let user = request.user.as_ref().unwrap_or(&none);
        let made = shape.groups.as_ref();
        for (place, want, before, after) in [
            ("groups", &self.groups, &user.groups, made.map_or(&user.groups, |made| &made.groups)),
            ("roles", &self.roles, &user.roles, made.map_or(&user.roles, |made| &made.roles)),
        ] {
            // Said again is unchanged: what counts is what the tokens name.
            let (holds, want) = match want {
                None => continue,
                Some(ExpectedNames::Unchanged) => (after == before, format!("unchanged: {}", texts(before))),
                Some(ExpectedNames::Cleared) => (after.is_empty(), "cleared".to_owned()),
                Some(ExpectedNames::Names(names)) => (after == names, texts(names)),
            };
            if !holds {
                compare(place.to_owned(), want, texts(after));
            }
        }
        differences
    }
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "no claim".to_owned(),
        Some(value) => value.to_string(),
    }
}

fn texts<'a>(texts: impl IntoIterator<Item = &'a String>) -> String {
    texts.into_iter().map(|text| Value::from(text.as_str())).collect::<Value>().to_string()
}
