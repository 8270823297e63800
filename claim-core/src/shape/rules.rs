//! The rules of a contract, applied to one request.

use std::collections::BTreeSet;

use crate::cognito::{MAX_GROUPS, Token, Touch, carries, is_name, is_scope, may_change, touch};
use crate::contract::{Bundle, Claim, Groups, OnError, ScopeRule, Source, V1Encoding, WithoutGroups};
use crate::explanation::{Absence, Explanation, Outcome, Part};
use crate::expression::{Budget, EvaluationError, Expression};
use crate::json::{Object, Value};
use crate::refusal::{Refusal, RuleFault};
use crate::request::{TokenRequest, TriggerVersion};
use crate::shape::{GroupOverride, TokenShape};

pub(super) struct Rules<'a> {
    pub(super) bundle: &'a Bundle,
    pub(super) request: &'a TokenRequest,
    pub(super) inputs: Value,
    budget: Budget,
}

/// What a rule gives before it is known which token carries it.
enum Given {
    Value(Value),
    Default(Value),
    Nothing(Absence),
}

impl<'a> Rules<'a> {
    pub(super) fn new(bundle: &'a Bundle, request: &'a TokenRequest) -> Self {
        Self { bundle, request, inputs: request.inputs().into(), budget: Budget::default() }
    }

    pub(super) fn shape(&self) -> Result<(TokenShape, Vec<Explanation>), Refusal> {
        let mut shape = TokenShape::default();
        let mut explanations = Vec::new();
        for token in Token::ALL {
            if may_change(self.request, token) {
                shape.claims_mut(token).suppress.clone_from(self.bundle.suppress.of(token));
            }
        }
        for (name, claim) in &self.bundle.claims {
            self.claim(name, claim, &mut shape, &mut explanations)?;
        }
        if self.request.version != TriggerVersion::V1 {
            shape.scopes.suppress.clone_from(&self.bundle.scopes.suppress);
        }
        for (index, rule) in self.bundle.scopes.add.iter().enumerate() {
            self.scope(index, rule, &mut shape, &mut explanations)?;
        }
        if let Some(groups) = &self.bundle.groups {
            let outcome = self.groups(groups, &mut shape)?;
            let (rule, source) = ("groups".to_owned(), groups.source.to_string());
            explanations.push(Explanation { part: Part::Groups, rule, source, outcome });
        }
        Ok((shape, explanations))
    }

    fn claim(
        &self,
        name: &str,
        claim: &Claim,
        shape: &mut TokenShape,
        explanations: &mut Vec<Explanation>,
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
            if let Outcome::Given(value) | Outcome::Default(value) = &outcome {
                shape.claims_mut(token).add.insert(name.to_owned(), value.clone());
            }
            explanations.push(Explanation {
                part: Part::Claim(token, name.to_owned()),
                rule: format!("claims.{name}"),
                source: claim.source.to_string(),
                outcome,
            });
        }
        Ok(())
    }

    fn claim_value(&self, name: &str, claim: &Claim) -> Result<Given, Refusal> {
        let client =
            self.bundle.clients.get(&self.request.client_id).or_else(|| self.bundle.clients.get("*"));
        if client.is_some_and(|client| client.without.contains(name)) {
            return Ok(Given::Nothing(Absence::NotForThisClient));
        }
        if self.request.is_machine() && self.reads_user(&claim.source, claim.when.as_ref()) {
            return Ok(Given::Nothing(Absence::MachineHasNoUser));
        }
        let value = match self.when(claim.when.as_ref()) {
            Ok(false) => return Ok(Given::Nothing(Absence::ConditionFalse)),
            Ok(true) => self.value(&claim.source),
            Err(fault) => Err(fault),
        };
        let checked = value.and_then(|value| match (value, &claim.value_type) {
            (Some(value), Some(declared)) if !declared.has_kind(&value) => Err(RuleFault::WrongType),
            (Some(value), Some(declared)) if !declared.allows(&value) => Err(RuleFault::NotInEnum),
            (value, _) => Ok(value),
        });
        let default = |absence| match &claim.default {
            Some(value) => Given::Default(value.clone()),
            None => Given::Nothing(absence),
        };
        match checked {
            Ok(Some(value)) => Ok(Given::Value(value)),
            Ok(None) => Ok(default(Absence::NoValue)),
            Err(fault) => on_error(claim.on_error, &format!("claims.{name}"), fault).map(|word| match word {
                OnError::Default => default(Absence::Faulty(fault)),
                _ => Given::Nothing(Absence::Faulty(fault)),
            }),
        }
    }

    /// Puts a value into the form that a token of this version carries.
    fn carried(&self, name: &str, claim: &Claim, token: Token, given: &Given) -> Result<Outcome, Refusal> {
        let (value, is_default) = match given {
            Given::Nothing(absence) => return Ok(Outcome::Absent(*absence)),
            Given::Value(value) => (value, false),
            Given::Default(value) => (value, true),
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

    fn scope(
        &self,
        index: usize,
        rule: &ScopeRule,
        shape: &mut TokenShape,
        explanations: &mut Vec<Explanation>,
    ) -> Result<(), Refusal> {
        let place = format!("scopes.add[{index}]");
        let outcome = if self.request.version == TriggerVersion::V1 {
            Outcome::Absent(Absence::V1ChangesIdOnly)
        } else if self.request.is_machine() && self.reads_user(&rule.source, rule.when.as_ref()) {
            Outcome::Absent(Absence::MachineHasNoUser)
        } else {
            let scopes = match self.when(rule.when.as_ref()) {
                Ok(false) => None,
                Ok(true) => Some(self.value(&rule.source).and_then(|value| scopes_of(value.as_ref()))),
                Err(fault) => Some(Err(fault)),
            };
            match scopes {
                None => Outcome::Absent(Absence::ConditionFalse),
                Some(Ok(scopes)) if scopes.is_empty() => Outcome::Absent(Absence::NoValue),
                Some(Ok(scopes)) => {
                    let (suppressed, kept): (Vec<_>, Vec<_>) =
                        scopes.into_iter().partition(|scope| self.bundle.scopes.suppress.contains(scope));
                    shape.scopes.add.extend(kept.iter().cloned());
                    if kept.is_empty() && !suppressed.is_empty() {
                        Outcome::Suppressed
                    } else {
                        Outcome::Given(kept.into())
                    }
                }
                Some(Err(fault)) => {
                    on_error(rule.on_error, &place, fault)?;
                    Outcome::Absent(Absence::Faulty(fault))
                }
            }
        };
        explanations.push(Explanation {
            part: Part::Scopes,
            rule: place,
            source: rule.source.to_string(),
            outcome,
        });
        Ok(())
    }

    fn groups(&self, rule: &Groups, shape: &mut TokenShape) -> Result<Outcome, Refusal> {
        let Some(user) = &self.request.user else {
            return Ok(Outcome::Absent(Absence::MachineHasNoUser));
        };
        let failed = |fault| Refusal::RuleFailed { rule: "groups".to_owned(), fault };
        if !self.when(rule.when.as_ref()).map_err(failed)? {
            return Ok(Outcome::Absent(Absence::ConditionFalse));
        }
        let (without, kept) = match self.value(&rule.source).map_err(failed)? {
            Some(Value::Array(names)) if !names.is_empty() => {
                let mut groups: Vec<String> = Vec::new();
                let mut seen = BTreeSet::new();
                if names.len() > MAX_GROUPS {
                    return Err(Refusal::Rejected("too-large"));
                }
                for name in &names {
                    let name = name.as_str().ok_or_else(|| failed(RuleFault::WrongType))?;
                    if !is_name(name) {
                        return Err(failed(RuleFault::BadName));
                    }
                    if seen.insert(name) {
                        groups.push(name.to_owned());
                    }
                }
                let outcome = Outcome::Given(groups.clone().into());
                // Cognito replaces groups and roles together, so the roles are said again to be kept.
                shape.groups = Some(GroupOverride {
                    groups,
                    roles: user.roles.clone(),
                    preferred_role: user.preferred_role.clone(),
                });
                return Ok(outcome);
            }
            Some(Value::Array(_)) => (rule.on_empty, Absence::GroupsKeptEmpty),
            Some(_) => return Err(failed(RuleFault::WrongType)),
            None => (rule.on_missing, Absence::GroupsKept),
        };
        match without {
            WithoutGroups::Keep => Ok(Outcome::Absent(kept)),
            WithoutGroups::Clear => {
                shape.groups = Some(GroupOverride::default());
                Ok(Outcome::Given(Value::Array(Vec::new())))
            }
            WithoutGroups::Refuse => Err(failed(RuleFault::NoValue)),
        }
    }

    /// Evaluates an expression; none where it reads something that is not there, or is null.
    pub(super) fn evaluate(&self, expression: &Expression) -> Result<Option<Value>, EvaluationError> {
        let none = Object::new();
        match expression.evaluate(self.inputs.as_object().unwrap_or(&none), &self.budget) {
            Ok(value) => Ok(value.without_nulls()),
            Err(EvaluationError::NoSuchKey) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn value(&self, source: &Source) -> Result<Option<Value>, RuleFault> {
        match source {
            Source::From(pointer) => Ok(pointer.find(&self.inputs).cloned().and_then(Value::without_nulls)),
            Source::Value(value) => Ok(Some(value.clone())),
            Source::Expression(expression) => self.evaluate(expression).map_err(RuleFault::Evaluation),
        }
    }

    /// Whether a rule's condition holds. What it reads and is not there cannot make it hold.
    fn when(&self, condition: Option<&Expression>) -> Result<bool, RuleFault> {
        let Some(condition) = condition else {
            return Ok(true);
        };
        match self.evaluate(condition).map_err(RuleFault::Evaluation)? {
            Some(Value::Bool(holds)) => Ok(holds),
            None => Ok(false),
            Some(_) => Err(RuleFault::WrongType),
        }
    }

    /// Whether a rule reads something that only a user has.
    fn reads_user(&self, source: &Source, when: Option<&Expression>) -> bool {
        let of_source = match source {
            Source::From(pointer) => {
                self.path_reads_user(&pointer.segments().iter().map(String::as_str).collect::<Vec<_>>())
            }
            Source::Value(_) => false,
            Source::Expression(expression) => self.expression_reads_user(expression),
        };
        of_source || when.is_some_and(|condition| self.expression_reads_user(condition))
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

/// Returns the rule's word for a fault, or the refusal that it asks for. A spent budget cannot be passed over.
fn on_error(word: OnError, rule: &str, fault: RuleFault) -> Result<OnError, Refusal> {
    if word == OnError::Refuse || fault == RuleFault::Evaluation(EvaluationError::CostExceeded) {
        return Err(Refusal::RuleFailed { rule: rule.to_owned(), fault });
    }
    Ok(word)
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

fn spaced(value: &Value) -> Option<String> {
    let words: Option<Vec<&str>> = value
        .as_array()?
        .iter()
        .map(|element| element.as_str().filter(|text| !text.is_empty() && !text.contains(' ')))
        .collect();
    Some(words?.join(" "))
}
