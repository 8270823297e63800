//! Whether a caller may call a route, and what else the same token may call.

mod inputs;
mod route;

use std::collections::{BTreeMap, BTreeSet};

use self::inputs::{Rights, inputs};
use self::route::{covers, is_wide, may_meet, parameters};
use crate::cognito::Token;
use crate::contract::{Authorize, AuthorizeRule, Bundle, ContextRule, Route, Source};
use crate::expression::{Budget, EvaluationError};
use crate::json::{Object, Value};
use crate::uses::Uses;

/// A call whose token has been verified.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessRequest {
    /// The token's claims.
    pub claims: Object,
    /// Which token it is.
    pub token: Token,
    /// The method, for example `GET`; or `$connect` or `$graphql`, which have no path.
    pub method: String,
    /// The path of the call as the gateway names it in its ARN, with the `/` at its beginning.
    pub path: String,
    /// The time, in seconds since 1970.
    pub now: u64,
}

/// The answer to a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Whether the call is allowed, and why.
    pub reason: Reason,
    /// The place of the rule that does not hold, in the contract's list.
    pub rule: Option<usize>,
    /// What the rule's author wrote for callers whom it denies.
    pub message: Option<String>,
    /// What the backend is told: texts, numbers and booleans. Empty if nothing is allowed.
    pub context: Object,
    /// What this token may call as a whole, if that does not depend on the single call.
    pub grants: Option<Grants>,
    /// The fields of an AppSync API that this token may not read, each as `Type.field`.
    pub denied_fields: BTreeSet<String>,
}

/// Everything that a token may call: what some `allow` matches and no `deny` matches.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Grants {
    /// The routes of the rules that hold.
    pub allow: BTreeSet<Route>,
    /// The routes of the rules that do not hold.
    pub deny: BTreeSet<Route>,
}

/// Why a call is allowed or denied.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Reason {
    /// Every rule that speaks of the route holds.
    Allowed,
    /// The contract has no `authorize`.
    NoRules,
    /// The token is not the one that the contract asks for.
    WrongToken,
    /// No rule speaks of the route.
    NoRoute,
    /// The token has none of the scopes that a rule asks for.
    ScopeMissing,
    /// The token names none of the groups that a rule asks for.
    GroupMissing,
    /// The condition of a rule does not hold.
    RequirementNotMet,
    /// The condition of a rule has no value for this token.
    RequirementFaulty,
    /// A value for the backend is no text, number or boolean.
    ContextFaulty,
}

impl Reason {
    /// Returns the stable code of the reason.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::NoRules => "no-rules",
            Self::WrongToken => "wrong-token",
            Self::NoRoute => "no-route",
            Self::ScopeMissing => "scope-missing",
            Self::GroupMissing => "group-missing",
            Self::RequirementNotMet => "requirement-not-met",
            Self::RequirementFaulty => "requirement-faulty",
            Self::ContextFaulty => "context-faulty",
        }
    }
}

impl Decision {
    /// Whether the call is allowed.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        matches!(self.reason, Reason::Allowed)
    }

    const fn because(reason: Reason) -> Self {
        Self {
            reason,
            rule: None,
            message: None,
            context: Object::new(),
            grants: None,
            denied_fields: BTreeSet::new(),
        }
    }
}

/// Decides a call. Whatever is missing, of another kind or too costly denies.
#[must_use]
pub fn authorize(bundle: &Bundle, request: &AccessRequest) -> Decision {
    let Some(contract) = &bundle.authorize else {
        return Decision::because(Reason::NoRules);
    };
    if contract.token != request.token {
        return Decision::because(Reason::WrongToken);
    }
    let uses = Uses::of_calls(contract);
    let mut call = Call::new(request, contract, &uses);
    let mut decision = call.rules(contract);
    decision.denied_fields = call.denied_fields(contract);
    decision.grants = contract.is_for_every_call(&uses).then(|| call.grants(contract));
    // Where one answer serves every call, the backends of those that are allowed need it too.
    if decision.is_allowed() || decision.grants.is_some() {
        match call.context(&contract.context) {
            Some(context) => decision.context = context,
            None => decision = Decision::because(Reason::ContextFaulty),
        }
    }
    decision
}

/// What the rules of a decision may cost together, in steps. A host waits for half a second, and this is a quarter of that
/// in a component.
const MAX_STEPS: u64 = 4 * Budget::DEFAULT;

struct Call<'a> {
    request: &'a AccessRequest,
    rights: Rights<'a>,
    inputs: Object,
    /// Whether some rule asks about the single call.
    asks: bool,
    /// What one rule may cost.
    steps: u64,
    /// What rules that ask about no call were found to be, by their places.
    found: BTreeMap<usize, Result<(), Reason>>,
}

impl<'a> Call<'a> {
    fn new(request: &'a AccessRequest, contract: &Authorize, uses: &Uses<'_>) -> Self {
        let asks = uses.any("request");
        // How often rules are asked, at most: where they ask about the call, once for each route and once for fields.
        let often = |rule: &AuthorizeRule| if asks { rule.routes.len().saturating_add(1) } else { 1 };
        let times = contract.rules.iter().map(often).sum::<usize>();
        let each = u64::try_from(times).ok().and_then(|times| MAX_STEPS.checked_div(times));
        let steps = each.unwrap_or(Budget::DEFAULT).min(Budget::DEFAULT);
        let rights = Rights::of(request);
        let inputs = inputs(request, &rights, uses);
        Self { request, rights, inputs, asks, steps, found: BTreeMap::new() }
    }

    /// Whether it is a subscription to many channels at once: every rule that any of them falls under must hold, and none
    /// can ask which of them it is.
    fn is_about_many(&self) -> bool {
        self.request.method == "EVENT_SUBSCRIBE" && self.request.path.contains('*')
    }

    fn rules(&mut self, contract: &Authorize) -> Decision {
        let many = self.is_about_many();
        // A star stands for many names, and for more segments than one.
        let are_names = |found: &Object| {
            !found.values().any(|value| value.as_str().is_some_and(|value| value.contains('*')))
        };
        let mut spoken = false;
        for (index, rule) in contract.rules.iter().enumerate() {
            for route in &rule.routes {
                let (method, path) = (&self.request.method, &self.request.path);
                let matched = parameters(route, method, path).filter(|found| !many || are_names(found));
                if matched.is_none() && !(many && may_meet(route, method, path)) {
                    continue;
                }
                spoken |= matched.is_some();
                if let Err(reason) = self.holds(index, rule, Some(matched.unwrap_or_default())) {
                    return Decision {
                        rule: Some(index),
                        message: rule.message.clone(),
                        ..Decision::because(reason)
                    };
                }
            }
        }
        Decision::because(if spoken { Reason::Allowed } else { Reason::NoRoute })
    }

    /// Whether a rule holds, for one of its routes or, without one, as far as it asks about no call.
    fn holds(
        &mut self,
        index: usize,
        rule: &AuthorizeRule,
        parameters: Option<Object>,
    ) -> Result<(), Reason> {
        if self.asks {
            return self.asked(rule, parameters);
        }
        if let Some(found) = self.found.get(&index) {
            return *found;
        }
        let found = self.asked(rule, None);
        self.found.insert(index, found);
        found
    }

    /// Each rule has a budget of its own: a kept policy, which asks all, says of each what a single decision says.
    fn asked(&mut self, rule: &AuthorizeRule, parameters: Option<Object>) -> Result<(), Reason> {
        let has = |wanted: &BTreeSet<String>, given: &BTreeSet<&str>| {
            wanted.is_empty() || wanted.iter().any(|name| given.contains(name.as_str()))
        };
        if !has(&rule.any_scope, &self.rights.scopes) {
            return Err(Reason::ScopeMissing);
        }
        if !has(&rule.any_group, &self.rights.groups) {
            return Err(Reason::GroupMissing);
        }
        let Some(require) = &rule.require else {
            return Ok(());
        };
        self.inputs.remove("request");
        if let Some(parameters) = parameters {
            let mut request = Object::from([
                ("method".to_owned(), self.request.method.as_str().into()),
                ("parameters".to_owned(), parameters.into()),
            ]);
            if !self.is_about_many() {
                request.insert("path".to_owned(), self.request.path.as_str().into());
            }
            self.inputs.insert("request".to_owned(), request.into());
        }
        match require.evaluate(&self.inputs, &Budget::new(self.steps)) {
            Ok(Value::Bool(true)) => Ok(()),
            Ok(Value::Bool(false)) | Err(EvaluationError::NoSuchKey) => Err(Reason::RequirementNotMet),
            _ => Err(Reason::RequirementFaulty),
        }
    }

    fn denied_fields(&mut self, contract: &Authorize) -> BTreeSet<String> {
        let mut denied = BTreeSet::new();
        for (index, rule) in contract.rules.iter().enumerate().filter(|(_, rule)| !rule.fields.is_empty()) {
            if self.holds(index, rule, None).is_err() {
                denied.extend(rule.fields.iter().cloned());
            }
        }
        denied
    }

    fn grants(&mut self, contract: &Authorize) -> Grants {
        let mut grants = Grants::default();
        for (index, rule) in contract.rules.iter().enumerate() {
            let holds = self.holds(index, rule, None).is_ok();
            let side = if holds { &mut grants.allow } else { &mut grants.deny };
            side.extend(rule.routes.iter().cloned());
        }
        grants
    }

    fn context(&mut self, rules: &BTreeMap<String, ContextRule>) -> Option<Object> {
        let budget = Budget::default();
        // What the last rule was told of the call is no input of the context.
        self.inputs.remove("request");
        let mut context = Object::new();
        for (name, rule) in rules {
            let value = match &rule.source {
                Source::From(pointer) => pointer.find(&self.inputs).cloned(),
                Source::Value(value) => Some(value.clone()),
                Source::Expression(expression) => match expression.evaluate(&self.inputs, &budget) {
                    Ok(value) => Some(value),
                    Err(EvaluationError::NoSuchKey) => None,
                    Err(_) => return None,
                },
                // No bundle says so of a context.
                Source::Logic(_) => return None,
            };
            match value.and_then(Value::without_nulls).or_else(|| rule.default.clone()) {
                None => {}
                Some(value @ (Value::Array(_) | Value::Object(_))) => {
                    if !rule.json {
                        return None;
                    }
                    context.insert(name.clone(), Value::String(value.to_string()));
                }
                Some(scalar) => {
                    context.insert(name.clone(), scalar);
                }
            }
        }
        Some(context)
    }
}

impl Authorize {
    /// Whether one answer is right for every call of a token: no rule asks about the call or the time, and every
    /// route is a pattern that an IAM policy has too.
    #[must_use]
    pub fn is_cacheable(&self) -> bool {
        self.is_for_every_call(&Uses::of_calls(self))
    }

    fn is_for_every_call(&self, uses: &Uses<'_>) -> bool {
        let routes = || self.rules.iter().flat_map(|rule| &rule.routes);
        !uses.any("request") && !uses.any("now") && routes().all(|route| route.parameters().next().is_none())
    }
}

/// How many pairs of routes are compared, at most.
const MAX_PAIRS: usize = 100_000;

impl Grants {
    /// Whether they allow a call.
    #[must_use]
    pub fn allow(&self, method: &str, path: &str) -> bool {
        let some =
            |routes: &BTreeSet<Route>| routes.iter().any(|route| parameters(route, method, path).is_some());
        some(&self.allow) && !some(&self.deny)
    }

    /// Returns the same grants without the routes that another route of their side covers.
    #[must_use]
    pub fn compact(self) -> Self {
        let side = |routes: BTreeSet<Route>| {
            let wide: Vec<&Route> = routes.iter().filter(|route| is_wide(route)).collect();
            // A component may answer any routes, and no time of the host's is bounded but by this. They mean the same.
            if wide.len().saturating_mul(routes.len()) > MAX_PAIRS {
                return routes;
            }
            // No two cover each other: in one gap between letters stands one star at most.
            let covered = |route: &Route| wide.iter().any(|&other| other != route && covers(other, route));
            let kept: Vec<bool> = routes.iter().map(|route| !covered(route)).collect();
            routes.into_iter().zip(kept).filter_map(|(route, kept)| kept.then_some(route)).collect()
        };
        Self { allow: side(self.allow), deny: side(self.deny) }
    }
}
