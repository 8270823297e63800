//! The claims of a shape.

use std::borrow::Cow;

use super::TokenShape;
use super::notes::Notes;
use super::rules::{Rules, on_error, present};
use crate::cognito::{Token, Touch, carries, may_change, touch};
use crate::contract::{Claim, OnError, Source, V1Encoding};
use crate::explanation::{Absence, Explanation, Outcome, Part};
use crate::json::Value;
use crate::refusal::{Refusal, RuleFault};
use crate::request::TriggerVersion;

/// What a rule gives before it is known which token carries it.
enum Given<'v> {
    Value(Cow<'v, Value>),
    Default(&'v Value),
    Nothing(Absence),
}

impl Rules<'_> {
    pub(super) fn claim(
        &self,
        name: &str,
        claim: &Claim,
        shape: &mut TokenShape,
        notes: &mut Notes,
    ) -> Result<(), Refusal> {
        let reached = |token: Token| may_change(self.request, token);
        // A rule that no token of this request can show is not evaluated, so that it cannot refuse either.
        let given = if claim.tokens.iter().any(|token| reached(*token)) {
            self.claim_value(name, claim)?
        } else {
            Given::Nothing(Absence::NoValue)
        };
        for &token in &claim.tokens {
            let outcome = if !reached(token) {
                Outcome::Absent(match token {
                    Token::Id => Absence::MachineHasNoIdToken,
                    Token::Access => Absence::V1ChangesIdOnly,
                })
            } else if self.bundle.suppress.of(token).contains(name) {
                Outcome::Suppressed
            } else {
                self.carried(name, claim, token, &given)?
            };
            notes.add(|| Explanation {
                part: Part::Claim(token, name.to_owned()),
                rule: format!("claims.{name}"),
                source: claim.source.to_string(),
                outcome: outcome.clone(),
            });
            if let Outcome::Given(value) | Outcome::Default(value) = outcome {
                shape.claims_mut(token).add.insert(name.to_owned(), value);
            }
        }
        Ok(())
    }

    fn claim_value<'v>(&'v self, name: &str, claim: &'v Claim) -> Result<Given<'v>, Refusal> {
        let client =
            self.bundle.clients.get(&self.request.client_id).or_else(|| self.bundle.clients.get("*"));
        if client.is_some_and(|client| client.without.contains(name)) {
            return Ok(Given::Nothing(Absence::NotForThisClient));
        }
        if self.speaks_of_absent_user(Some(&claim.source), &claim.condition) {
            return Ok(Given::Nothing(Absence::MachineHasNoUser));
        }
        let place = || format!("claims.{name}");
        match self.unmet(&claim.condition) {
            Ok(None) => {}
            Ok(Some(absence)) => return Ok(Given::Nothing(absence)),
            // What nobody knows to hold does not hold: the default is for a value that is wrong.
            Err(fault) => {
                return on_error(claim.on_error, &place(), fault)
                    .map(|_| Given::Nothing(Absence::Faulty(fault)));
            }
        }
        let value = match &claim.source {
            Source::Logic(component) => self.said(component, name),
            source => self.value(source),
        };
        let checked = value.and_then(|value| match (value, &claim.value_type) {
            (Some(value), Some(declared)) if !declared.has_kind(&value) => Err(RuleFault::WrongType),
            (Some(value), Some(declared)) if !declared.allows(&value) => Err(RuleFault::NotInEnum),
            (Some(value), Some(declared)) if !declared.fits(&value) => Err(RuleFault::TooLong),
            (value, _) => Ok(value),
        });
        let default = |absence| match &claim.default {
            Some(value) => Given::Default(value),
            None => Given::Nothing(absence),
        };
        match checked {
            Ok(Some(value)) => Ok(Given::Value(value)),
            Ok(None) => Ok(default(Absence::NoValue)),
            Err(fault) => on_error(claim.on_error, &place(), fault).map(|word| match word {
                OnError::Default => default(Absence::Faulty(fault)),
                _ => Given::Nothing(Absence::Faulty(fault)),
            }),
        }
    }

    /// Returns what a logic component says of a claim.
    fn said(&self, component: &str, claim: &str) -> Result<Option<Cow<'_, Value>>, RuleFault> {
        let claims = self.logic.get(component).ok_or(RuleFault::NoAnswer)?;
        Ok(claims.get(claim).and_then(present))
    }

    /// Puts a value into the form that a token of this version carries.
    fn carried(
        &self,
        name: &str,
        claim: &Claim,
        token: Token,
        given: &Given<'_>,
    ) -> Result<Outcome, Refusal> {
        let (value, is_default) = match given {
            Given::Nothing(absence) => return Ok(Outcome::Absent(*absence)),
            Given::Value(value) => (&**value, false),
            Given::Default(value) => (*value, true),
        };
        let outcome = |value| if is_default { Outcome::Default(value) } else { Outcome::Given(value) };
        match self.encoded(name, claim.v1, token, value) {
            Ok(Some(value)) => Ok(outcome(value)),
            Ok(None) => Ok(Outcome::Absent(Absence::OmittedForV1)),
            Err(fault) => {
                let word = on_error(claim.on_error, &format!("claims.{name}"), fault)?;
                let default = claim.default.as_ref().filter(|_| word == OnError::Default && !is_default);
                match default.map(|default| self.encoded(name, claim.v1, token, default)) {
                    Some(Ok(Some(value))) => Ok(Outcome::Default(value)),
                    _ => Ok(Outcome::Absent(Absence::Faulty(fault))),
                }
            }
        }
    }

    fn encoded(
        &self,
        name: &str,
        v1: Option<V1Encoding>,
        token: Token,
        value: &Value,
    ) -> Result<Option<Value>, RuleFault> {
        if touch(token, name) == Touch::ClientId && value.as_str() != Some(&self.request.client_id) {
            return Err(RuleFault::NotCarried);
        }
        let value = match (self.request.version, value) {
            (TriggerVersion::V1, Value::Bool(_) | Value::Number(_)) => Value::String(value.to_string()),
            (TriggerVersion::V1, Value::Array(_) | Value::Object(_)) => match v1 {
                Some(V1Encoding::Json) => Value::String(value.to_string()),
                Some(V1Encoding::Spaces) => Value::String(spaced(value).ok_or(RuleFault::NotCarried)?),
                Some(V1Encoding::Omit) => return Ok(None),
                None => return Err(RuleFault::NotCarried),
            },
            (_, value) => value.clone(),
        };
        if carries(self.request.version, token, name, &value) {
            Ok(Some(value))
        } else {
            Err(RuleFault::NotCarried)
        }
    }
}

fn spaced(value: &Value) -> Option<String> {
    let words: Option<Vec<&str>> = value
        .as_array()?
        .iter()
        .map(|element| element.as_str().filter(|text| !text.is_empty() && !text.contains(' ')))
        .collect();
    Some(words?.join(" "))
}
