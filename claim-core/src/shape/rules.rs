//! The rules of a contract, applied to one request: what every kind of rule needs.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::cognito::{Token, may_change};
use crate::contract::{Bundle, Condition, OnError, Source};
use crate::explanation::Absence;
use crate::expression::{Budget, EvaluationError, Expression};
use crate::json::{Object, Value};
use crate::refusal::{Refusal, RuleFault};
use crate::request::{TokenRequest, TriggerSource, TriggerVersion};
use crate::shape::TokenShape;
use crate::shape::notes::Notes;
use crate::uses::Uses;

pub(super) struct Rules<'a> {
    pub(super) bundle: &'a Bundle,
    pub(super) request: &'a TokenRequest,
    pub(super) inputs: Object,
    /// What each logic component that answered says of the claims.
    pub(super) logic: BTreeMap<&'a str, &'a Object>,
    budget: Budget,
}

impl<'a> Rules<'a> {
    pub(super) fn new(bundle: &'a Bundle, request: &'a TokenRequest, uses: &Uses<'_>) -> Self {
        Self {
            bundle,
            request,
            inputs: request.inputs(uses),
            logic: BTreeMap::new(),
            budget: Budget::default(),
        }
    }

    pub(super) fn shape(&self, notes: &mut Notes) -> Result<TokenShape, Refusal> {
        // First, so that whom the contract refuses reads its message and not the fault of some claim.
        self.refuse()?;
        let mut shape = TokenShape::default();
        for token in Token::ALL {
            if may_change(self.request, token) {
                shape.claims_mut(token).suppress.clone_from(self.bundle.suppress.of(token));
            }
        }
        for (name, claim) in &self.bundle.claims {
            self.claim(name, claim, &mut shape, notes)?;
        }
        if self.request.version != TriggerVersion::V1 {
            shape.scopes.suppress.clone_from(&self.bundle.scopes.suppress);
        }
        for (index, rule) in self.bundle.scopes.add.iter().enumerate() {
            self.scope(index, rule, &mut shape, notes)?;
        }
        self.group_override(&mut shape, notes)?;
        Ok(shape)
    }

    /// Evaluates an expression; none where it reads something that is not there, or is null.
    pub(super) fn evaluate(&self, expression: &Expression) -> Result<Option<Value>, EvaluationError> {
        match expression.evaluate(&self.inputs, &self.budget) {
            Ok(value) => Ok(value.without_nulls()),
            Err(EvaluationError::NoSuchKey) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) fn value<'v>(&'v self, source: &'v Source) -> Result<Option<Cow<'v, Value>>, RuleFault> {
        match source {
            Source::From(pointer) => Ok(pointer.find(&self.inputs).and_then(present)),
            Source::Value(value) => Ok(Some(Cow::Borrowed(value))),
            Source::Expression(expression) => {
                Ok(self.evaluate(expression).map_err(RuleFault::Evaluation)?.map(Cow::Owned))
            }
            // What it says depends on the claim, so only claims ask.
            Source::Logic(_) => Err(RuleFault::NoAnswer),
        }
    }

    /// Returns why a rule does not apply to this request; none if it does.
    ///
    /// What its `when` reads and is not there cannot make it hold.
    pub(super) fn unmet(&self, condition: &Condition) -> Result<Option<Absence>, RuleFault> {
        if let Some(absence) = self.for_others(condition) {
            return Ok(Some(absence));
        }
        let Some(when) = &condition.when else {
            return Ok(None);
        };
        match self.evaluate(when).map_err(RuleFault::Evaluation)? {
            Some(Value::Bool(true)) => Ok(None),
            Some(Value::Bool(false)) | None => Ok(Some(Absence::ConditionFalse)),
            Some(_) => Err(RuleFault::WrongType),
        }
    }

    /// Whether a rule is for other triggers or other app clients.
    pub(super) fn for_others(&self, condition: &Condition) -> Option<Absence> {
        let known = !matches!(self.request.trigger, TriggerSource::Other(_));
        let trigger = known && condition.triggers.contains(self.request.trigger.name());
        if !condition.triggers.is_empty() && !trigger {
            return Some(Absence::ForOtherTriggers);
        }
        let others = !condition.clients.is_empty() && !condition.clients.contains(&self.request.client_id);
        others.then_some(Absence::ForOtherClients)
    }

    /// Whether a machine asks and the rule speaks of a user, so that it says nothing.
    pub(super) fn speaks_of_absent_user(&self, source: Option<&Source>, condition: &Condition) -> bool {
        self.request.is_machine()
            && (source.is_some_and(|source| self.source_reads_user(source))
                || condition.when.as_ref().is_some_and(|when| self.expression_reads_user(when)))
    }

    fn source_reads_user(&self, source: &Source) -> bool {
        match source {
            Source::From(pointer) => {
                self.path_reads_user(&pointer.segments().iter().map(String::as_str).collect::<Vec<_>>())
            }
            // A component is asked about machines, too.
            Source::Value(_) | Source::Logic(_) => false,
            Source::Expression(expression) => self.expression_reads_user(expression),
        }
    }

    fn expression_reads_user(&self, expression: &Expression) -> bool {
        expression.inputs().iter().any(|path| self.path_reads_user(path))
    }

    fn path_reads_user(&self, path: &[&str]) -> bool {
        match path {
            ["user" | "groups" | "roles", ..] => true,
            ["facts"] => self.bundle.facts.keys().any(|fact| self.fact_reads_user(fact)),
            ["facts", fact, ..] => self.fact_reads_user(fact),
            _ => false,
        }
    }

    /// A fact's key reads no other fact, so this does not go in circles.
    pub(super) fn fact_reads_user(&self, fact: &str) -> bool {
        self.bundle.facts.get(fact).is_some_and(|fact| {
            fact.key.values().any(|expression| {
                expression
                    .inputs()
                    .iter()
                    .any(|path| matches!(path.as_slice(), ["user" | "groups" | "roles", ..]))
            })
        })
    }
}

/// A value as rules see it: null is absent.
pub(super) fn present(value: &Value) -> Option<Cow<'_, Value>> {
    if value.has_nulls() { value.clone().without_nulls().map(Cow::Owned) } else { Some(Cow::Borrowed(value)) }
}

/// Returns the rule's word for a fault, or the refusal that it asks for. A spent budget cannot be passed over.
pub(super) fn on_error(word: OnError, rule: &str, fault: RuleFault) -> Result<OnError, Refusal> {
    if word == OnError::Refuse || fault == RuleFault::Evaluation(EvaluationError::CostExceeded) {
        return Err(Refusal::RuleFailed { rule: rule.to_owned(), fault });
    }
    Ok(word)
}
