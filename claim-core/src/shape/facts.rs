//! The facts of a request: what to look up, and what the contract says of what came of it.

use super::rules::{Rules, present};
use crate::contract::Without;
use crate::expression::EvaluationError;
use crate::json::{Object, Value};
use crate::refusal::{Refusal, RuleFault};
use crate::request::{FactOutcome, FactRecord, Lookup};

impl<'a> Rules<'a> {
    /// Returns what to look up for a fact; none if its key reads something that is not there.
    pub(super) fn lookup(&self, name: &str) -> Result<Option<Lookup>, EvaluationError> {
        let Some(fact) = self.bundle.facts.get(name) else {
            return Ok(None);
        };
        let mut lookup = Lookup {
            fact: name.to_owned(),
            table: fact.table.clone(),
            key: [].into(),
            fields: fact.fields.clone(),
            consistent: fact.consistent,
        };
        for (attribute, expression) in &fact.key {
            match self.evaluate(expression)? {
                Some(Value::String(text)) if text.is_empty() => return Ok(None),
                Some(value @ (Value::String(_) | Value::Number(_))) => {
                    lookup.key.insert(attribute.clone(), value);
                }
                Some(_) => return Err(EvaluationError::NoSuchOverload),
                None => return Ok(None),
            }
        }
        Ok(Some(lookup))
    }

    /// Takes the facts in, each as the contract says.
    pub(super) fn with_facts(mut self, facts: &'a [FactRecord]) -> Result<Self, Refusal> {
        self.logic = facts.iter().filter_map(FactRecord::said).collect();
        let mut records = Object::new();
        for (name, fact) in &self.bundle.facts {
            // A machine has no user, so it has no record of a user either: there is nothing to miss.
            if self.request.is_machine() && self.fact_reads_user(name) {
                continue;
            }
            let given = facts.iter().find(|record| record.name == *name).map(|record| &record.outcome);
            let missing = match given {
                Some(FactOutcome::Found(Value::Object(members))) => {
                    // Nulls go now, so that `has` and `in` say of them what pointers say.
                    let present = |(field, value): (&String, &Value)| {
                        Some((field.clone(), present(value)?.into_owned()))
                    };
                    let members: Object = if fact.fields.is_empty() {
                        members.iter().filter_map(present).collect()
                    } else {
                        let asked = fact.fields.iter().filter_map(|field| members.get_key_value(field));
                        asked.filter_map(present).collect()
                    };
                    records.insert(name.clone(), members.into());
                    continue;
                }
                Some(FactOutcome::Missing) => true,
                Some(FactOutcome::Found(_) | FactOutcome::Failed) => false,
                // Not looked up: there is no such record if there is no key, and nobody knows otherwise.
                None => match self.lookup(name) {
                    Err(error @ EvaluationError::CostExceeded) => return Err(key_failed(name, error)),
                    lookup => matches!(lookup, Ok(None)),
                },
            };
            let (without, refusal) = if missing {
                (fact.on_missing, Refusal::FactMissing(name.clone()))
            } else {
                (fact.on_error, Refusal::FactFailed(name.clone()))
            };
            if without == Without::Refuse {
                return Err(refusal);
            }
            records.insert(name.clone(), Object::new().into());
        }
        self.inputs.insert("facts".to_owned(), records.into());
        Ok(self)
    }
}

/// The refusal for a key that takes too many steps: that is nobody's missing record.
pub(super) fn key_failed(fact: &str, error: EvaluationError) -> Refusal {
    Refusal::RuleFailed { rule: format!("facts.{fact}.key"), fault: RuleFault::Evaluation(error) }
}
