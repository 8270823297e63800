//! What a contract would make of one token request: both tokens, what changes, and why.

use crate::cognito::{Token, Tokens, apply, encoded_size, plain_tokens};
use crate::contract::{Bundle, TokenBudget};
use crate::json::{Object, Value};
use crate::{Explanation, FactRecord, Outcome, Part, Refusal, TokenRequest, TokenShape, explain};

/// What a contract would make of one token request.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The SHA-256 of the bundle, in hexadecimal.
    pub digest: String,
    /// The tokens as Cognito issues them by itself.
    pub plain: Tokens,
    /// The tokens as the contract shapes them.
    pub shaped: Tokens,
    /// What each rule gave, or why it gave nothing.
    pub explanations: Vec<Explanation>,
    budget: TokenBudget,
    shape: TokenShape,
}

/// What becomes of a claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Change<'p> {
    /// The claim.
    pub name: &'p str,
    /// Its value without the contract.
    pub before: Option<&'p Value>,
    /// Its value with the contract.
    pub after: Option<&'p Value>,
    /// The rules behind a change.
    pub why: Option<String>,
}

impl Change<'_> {
    /// Returns `added`, `removed`, `changed` or `same`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match (self.before, self.after) {
            (None, _) => "added",
            (_, None) => "removed",
            (before, after) if before != after => "changed",
            _ => "same",
        }
    }
}

impl Preview {
    /// Makes the preview of a request with its facts.
    ///
    /// # Errors
    ///
    /// Returns [`Refusal`] if the contract refuses the request.
    pub fn of(bundle: &Bundle, request: &TokenRequest, facts: &[FactRecord]) -> Result<Self, Refusal> {
        let (shape, explanations) = explain(bundle, request, facts)?;
        let plain = plain_tokens(request);
        let shaped = apply(request.version, &plain, &shape);
        Ok(Self { digest: bundle.digest(), plain, shaped, explanations, budget: bundle.budget, shape })
    }

    /// Returns a token without the contract and with it; none of an ID token for a machine.
    #[must_use]
    pub const fn token(&self, token: Token) -> Option<(&Object, &Object)> {
        match (token, &self.plain.id, &self.shaped.id) {
            (Token::Access, ..) => Some((&self.plain.access, &self.shaped.access)),
            (Token::Id, Some(plain), Some(shaped)) => Some((plain, shaped)),
            (Token::Id, ..) => None,
        }
    }

    /// Returns the tokens that are larger than the contract wants, with their sizes and budgets in bytes.
    #[must_use]
    pub fn over_budget(&self) -> Vec<(Token, u64, u64)> {
        let tokens = [Token::Id, Token::Access];
        let sized = tokens.into_iter().filter_map(|token| {
            let (_, shaped) = self.token(token)?;
            Some((token, size(shaped), self.budget.of(token)))
        });
        sized.filter(|(_, size, budget)| size > budget).collect()
    }

    /// Returns what becomes of each claim of a token, by name.
    #[must_use]
    pub fn changes(&self, token: Token) -> Vec<Change<'_>> {
        let Some((plain, shaped)) = self.token(token) else {
            return Vec::new();
        };
        let mut changes = between(plain, shaped);
        for change in changes.iter_mut().filter(|change| change.before != change.after) {
            change.why = self.why(token, change.name);
        }
        changes
    }

    /// Says which rules are behind a change of a claim.
    fn why(&self, token: Token, name: &str) -> Option<String> {
        let suppressed = &self.shape.claims(token).suppress;
        let of_groups = matches!(name, "cognito:roles" | "cognito:preferred_role");
        let gone_with = of_groups && suppressed.contains("cognito:groups");
        if suppressed.contains(name) || gone_with {
            return Some(format!("suppress.{}", token.as_str()));
        }
        let cleared = self.shape.groups.as_ref().is_some_and(|made| made.groups.is_empty());
        let about = |explanation: &&Explanation| match &explanation.part {
            Part::Claim(of, claim) => *of == token && claim == name,
            Part::Scopes => token == Token::Access && name == "scope",
            Part::Groups => name == "cognito:groups" || (of_groups && cleared),
            Part::Roles => of_groups && !cleared,
            Part::PreferredRole => name == "cognito:preferred_role" && !cleared,
        };
        let acted =
            self.explanations.iter().filter(about).filter(|explanation| explanation.outcome.is_given());
        let mut rules: Vec<String> = acted.map(rule).collect();
        if name == "scope" && token == Token::Access && !self.shape.scopes.suppress.is_empty() {
            rules.push("scopes.suppress".to_owned());
        }
        (!rules.is_empty()).then(|| rules.join(", "))
    }

    /// Returns the preview for machines: `bundle`, `id` and `access` (`plain`, `shaped`, `changes`, sizes), `rules`,
    /// `overBudget`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut members = Object::from([
            ("bundle".to_owned(), self.digest.as_str().into()),
            ("rules".to_owned(), self.explanations.iter().map(rule_json).collect()),
            (
                "overBudget".to_owned(),
                self.over_budget().into_iter().map(|(token, ..)| Value::from(token.as_str())).collect(),
            ),
        ]);
        for token in [Token::Id, Token::Access] {
            let Some((plain, shaped)) = self.token(token) else { continue };
            let of_token = [
                ("plain", plain.clone().into()),
                ("shaped", shaped.clone().into()),
                ("changes", self.changes(token).iter().map(Value::from).collect()),
                ("encodedBytes", size(shaped).into()),
                ("plainEncodedBytes", size(plain).into()),
                ("budgetBytes", self.budget.of(token).into()),
            ];
            members.insert(token.as_str().to_owned(), Value::from(of_token));
        }
        members.into()
    }
}

/// Returns what differs between the claims of two tokens, by name.
#[must_use]
pub fn between<'p>(plain: &'p Object, shaped: &'p Object) -> Vec<Change<'p>> {
    let mut names: Vec<&String> = plain.keys().chain(shaped.keys()).collect();
    names.sort();
    names.dedup();
    let change =
        |name: &'p String| Change { name, before: plain.get(name), after: shaped.get(name), why: None };
    names.into_iter().map(change).collect()
}

impl From<&Change<'_>> for Value {
    fn from(change: &Change<'_>) -> Self {
        let mut members = Object::from([
            ("claim".to_owned(), change.name.into()),
            ("change".to_owned(), change.kind().into()),
        ]);
        let mut add =
            |name: &str, value: Option<Self>| members.extend(value.map(|value| (name.to_owned(), value)));
        add("before", change.before.cloned());
        add("after", change.after.cloned());
        add("why", change.why.as_deref().map(Self::from));
        members.into()
    }
}

fn size(claims: &Object) -> u64 {
    u64::try_from(encoded_size(claims)).unwrap_or(u64::MAX)
}

fn rule(explanation: &Explanation) -> String {
    let source = match explanation.outcome {
        Outcome::Default(_) => "its default",
        _ => &explanation.source,
    };
    format!("{}: {source}", explanation.rule)
}

fn rule_json(explanation: &Explanation) -> Value {
    let (outcome, detail) = match &explanation.outcome {
        Outcome::Given(value) => ("given", Some(("value", value.clone()))),
        Outcome::Default(value) => ("default", Some(("value", value.clone()))),
        Outcome::Suppressed => ("suppressed", None),
        Outcome::Absent(absence) => ("absent", Some(("reason", absence.reason().into()))),
    };
    let mut members = Object::from([
        ("rule".to_owned(), explanation.rule.as_str().into()),
        ("source".to_owned(), explanation.source.as_str().into()),
        ("outcome".to_owned(), outcome.into()),
    ]);
    if let Part::Claim(token, _) = &explanation.part {
        members.insert("token".to_owned(), token.as_str().into());
    }
    members.extend(detail.map(|(name, value)| (name.to_owned(), value)));
    members.into()
}
