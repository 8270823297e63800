//! The scopes of a shape.

use super::TokenShape;
use super::notes::Notes;
use super::rules::{Rules, on_error};
use crate::cognito::is_scope;
use crate::contract::ScopeRule;
use crate::explanation::{Absence, Explanation, Outcome, Part};
use crate::json::Value;
use crate::refusal::{Refusal, RuleFault};
use crate::request::TriggerVersion;

impl Rules<'_> {
    pub(super) fn scope(
        &self,
        index: usize,
        rule: &ScopeRule,
        shape: &mut TokenShape,
        notes: &mut Notes,
    ) -> Result<(), Refusal> {
        let place = format!("scopes.add[{index}]");
        let outcome = if self.request.version == TriggerVersion::V1 {
            Outcome::Absent(Absence::V1ChangesIdOnly)
        } else if self.speaks_of_absent_user(Some(&rule.source), &rule.condition) {
            Outcome::Absent(Absence::MachineHasNoUser)
        } else {
            let scopes = match self.unmet(&rule.condition) {
                Ok(Some(absence)) => Ok(Err(absence)),
                Ok(None) => self.value(&rule.source).and_then(|value| scopes_of(value.as_deref())).map(Ok),
                Err(fault) => Err(fault),
            };
            match scopes {
                Ok(Err(absence)) => Outcome::Absent(absence),
                Ok(Ok(scopes)) if scopes.is_empty() => Outcome::Absent(Absence::NoValue),
                Ok(Ok(scopes)) => {
                    let suppressed = &self.bundle.scopes.suppress;
                    let kept: Vec<String> =
                        scopes.into_iter().filter(|scope| !suppressed.contains(scope)).collect();
                    shape.scopes.add.extend(kept.iter().cloned());
                    if kept.is_empty() { Outcome::Suppressed } else { Outcome::Given(kept.into()) }
                }
                Err(fault) => {
                    on_error(rule.on_error, &place, fault)?;
                    Outcome::Absent(Absence::Faulty(fault))
                }
            }
        };
        notes.add(|| Explanation {
            part: Part::Scopes,
            rule: place,
            source: rule.source.to_string(),
            outcome,
        });
        Ok(())
    }
}

fn scopes_of(value: Option<&Value>) -> Result<Vec<String>, RuleFault> {
    let one = |value: &Value| match value.as_str() {
        Some(text) if is_scope(text) => Ok(text.to_owned()),
        Some(_) => Err(RuleFault::BadScope),
        None => Err(RuleFault::WrongType),
    };
    match value {
        None => Ok(Vec::new()),
        Some(Value::Array(elements)) => elements.iter().map(one).collect(),
        Some(value) => Ok(vec![one(value)?]),
    }
}
