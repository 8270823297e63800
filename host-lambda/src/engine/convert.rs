//! Conversions between the types of the core and those of the WIT. What comes back is anyone's and is checked.

use std::collections::BTreeSet;

use claim_core::authorize::{AccessRequest, Decision, Grants, Reason};
use claim_core::cognito::Token;
use claim_core::contract::Route;
use claim_core::json::{self, Object, Value};
use claim_core::{
    ClaimChanges, FactOutcome, FactRecord, GroupOverride, Lookup, ScopeChanges, TokenRequest, TokenShape,
    TriggerSource, TriggerVersion, User,
};

use super::LogicError;
use super::bindings::exports::claimwright::logic::logic as wit;

impl From<&TokenRequest> for wit::TokenRequest {
    fn from(request: &TokenRequest) -> Self {
        Self {
            version: match request.version {
                TriggerVersion::V1 => wit::TriggerVersion::V1,
                TriggerVersion::V2 => wit::TriggerVersion::V2,
                TriggerVersion::V3 => wit::TriggerVersion::V3,
            },
            trigger: match &request.trigger {
                TriggerSource::HostedAuth => wit::TriggerSource::HostedAuth,
                TriggerSource::Authentication => wit::TriggerSource::Authentication,
                TriggerSource::NewPasswordChallenge => wit::TriggerSource::NewPasswordChallenge,
                TriggerSource::AuthenticateDevice => wit::TriggerSource::AuthenticateDevice,
                TriggerSource::RefreshTokens => wit::TriggerSource::RefreshTokens,
                TriggerSource::ClientCredentials => wit::TriggerSource::ClientCredentials,
                TriggerSource::Other(text) => wit::TriggerSource::Other(text.clone()),
            },
            pool_id: request.pool_id.clone(),
            region: request.region.clone(),
            client_id: request.client_id.clone(),
            user: request.user.as_ref().map(Into::into),
            scopes: request.scopes.clone(),
            client_metadata: json::text(&request.client_metadata),
            now: request.now,
        }
    }
}

impl From<&User> for wit::User {
    fn from(user: &User) -> Self {
        Self {
            name: user.name.clone(),
            attributes: json::text(&user.attributes),
            groups: user.groups.clone(),
            roles: user.roles.clone(),
            preferred_role: user.preferred_role.clone(),
        }
    }
}

impl From<&FactRecord> for wit::Fact {
    fn from(fact: &FactRecord) -> Self {
        let outcome = match &fact.outcome {
            FactOutcome::Found(value) => wit::FactOutcome::Found(value.to_string()),
            FactOutcome::Missing => wit::FactOutcome::Missing,
            FactOutcome::Failed => wit::FactOutcome::Failed,
        };
        Self { name: fact.name.clone(), outcome }
    }
}

impl TryFrom<wit::Lookup> for Lookup {
    type Error = LogicError;

    fn try_from(lookup: wit::Lookup) -> Result<Self, LogicError> {
        // It goes into the log.
        if !super::is_place(&lookup.fact) {
            return Err(LogicError::MALFORMED);
        }
        let key = lookup.key.into_iter().map(|attribute| Ok((attribute.name, short(&attribute.value)?)));
        Ok(Self {
            fact: lookup.fact,
            table: lookup.table,
            key: key.collect::<Result<_, LogicError>>()?,
            fields: lookup.fields,
            consistent: lookup.consistent,
        })
    }
}

impl TryFrom<wit::TokenShape> for TokenShape {
    type Error = LogicError;

    fn try_from(shape: wit::TokenShape) -> Result<Self, LogicError> {
        Ok(Self {
            id: shape.id.try_into()?,
            access: shape.access.try_into()?,
            scopes: ScopeChanges {
                add: shape.scopes.add.into_iter().collect(),
                suppress: shape.scopes.suppress.into_iter().collect(),
            },
            groups: shape.groups.map(|groups| GroupOverride {
                groups: groups.groups,
                roles: groups.roles,
                preferred_role: groups.preferred_role,
            }),
        })
    }
}

/// How long the values of one token's claims may be together, in bytes of their text: more than the guard takes anyway.
const MAX_TEXTS: usize = 1024 * 1024;

impl TryFrom<wit::ClaimChanges> for ClaimChanges {
    type Error = LogicError;

    fn try_from(changes: wit::ClaimChanges) -> Result<Self, LogicError> {
        bounded(changes.add.iter().map(|claim| claim.value.as_str()), MAX_TEXTS)?;
        let mut add = Object::new();
        for claim in changes.add {
            if add.insert(claim.name, value(&claim.value)?).is_some() {
                return Err(LogicError::MALFORMED);
            }
        }
        Ok(Self { add, suppress: changes.suppress.into_iter().collect() })
    }
}

/// How many commas and brackets the values of one token's claims may have together. Read, each takes some hundred bytes.
const MAX_PARTS: usize = 50_000;

/// How long the values may be together that one component says of a contract's claims.
const MAX_OFFERED: usize = 128 * 1024;

/// How long a text may be that is a key or a value for a backend: DynamoDB takes keys of 2,048 bytes, gateways less than this.
const MAX_SHORT: usize = 64 * 1024;

/// Checks texts of JSON before they are read.
fn bounded<'t>(texts: impl Iterator<Item = &'t str> + Clone, most: usize) -> Result<(), LogicError> {
    let bytes = texts.clone().fold(0usize, |sum, text| sum.saturating_add(text.len()));
    let of_parts = |text: &str| text.bytes().filter(|byte| matches!(byte, b',' | b'[' | b'{')).count();
    let parts = texts.fold(0usize, |sum, text| sum.saturating_add(of_parts(text)));
    if bytes > most || parts > MAX_PARTS { Err(LogicError::Broken("component-too-large")) } else { Ok(()) }
}

/// Reads a JSON text, number or boolean.
fn short(text: &str) -> Result<Value, LogicError> {
    if text.len() > MAX_SHORT || text.trim_start().starts_with(['[', '{']) {
        return Err(LogicError::MALFORMED);
    }
    value(text)
}

/// Returns what a component says of some claims, whichever token it puts them into: which tokens carry them is the
/// contract's to say. What it would do besides is not looked at. Two different values of one claim are no answer.
pub(super) fn offered(shape: wit::TokenShape, names: &BTreeSet<String>) -> Result<Object, LogicError> {
    let mut texts = Vec::new();
    for changes in [shape.id, shape.access] {
        // Leaving out beats adding.
        let left_out: BTreeSet<String> = changes.suppress.into_iter().collect();
        let added = changes.add.into_iter().filter(|claim| names.contains(&claim.name));
        texts.extend(added.filter(|claim| !left_out.contains(&claim.name)));
    }
    bounded(texts.iter().map(|claim| claim.value.as_str()), MAX_OFFERED)?;
    let mut claims = Object::new();
    for claim in texts {
        // One deeper than it stands here it goes to the core, beside the facts.
        if !json::is_json(&format!("[{}]", claim.value)) {
            return Err(LogicError::MALFORMED);
        }
        let value = value(&claim.value)?;
        match claims.get(&claim.name) {
            Some(other) if *other != value => return Err(LogicError::MALFORMED),
            _ => claims.insert(claim.name, value),
        };
    }
    Ok(claims)
}

fn value(text: &str) -> Result<Value, LogicError> {
    json::read(text).map_err(|_| LogicError::MALFORMED)
}

impl From<&AccessRequest> for wit::AccessRequest {
    fn from(request: &AccessRequest) -> Self {
        Self {
            token: match request.token {
                Token::Id => wit::TokenUse::Id,
                Token::Access => wit::TokenUse::Access,
            },
            claims: json::text(&request.claims),
            method: request.method.clone(),
            path: request.path.clone(),
            now: request.now,
        }
    }
}

/// How many values a context may have, and how many routes a token may be granted.
const MAX_LISTED: usize = 1_000;

impl TryFrom<wit::Decision> for Decision {
    type Error = LogicError;

    fn try_from(decision: wit::Decision) -> Result<Self, LogicError> {
        let mut context = Object::new();
        for given in decision.context {
            let value = short(&given.value)?;
            let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            let named = !given.name.is_empty() && given.name.bytes().all(word);
            // A gateway refuses anything else with an error that says nothing.
            let scalar = matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_));
            if !named || !scalar || context.insert(given.name, value).is_some() {
                return Err(LogicError::MALFORMED);
            }
        }
        let grants = decision.grants.map(|grants| {
            Ok::<_, LogicError>(Grants { allow: routes(&grants.allow)?, deny: routes(&grants.deny)? })
        });
        let (reason, rule, message) = match decision.denial {
            None => (Reason::Allowed, None, None),
            Some(denial) => (
                reason(denial.reason),
                denial.rule.and_then(|rule| usize::try_from(rule).ok()),
                denial.message.map(super::sentence).filter(|message| !message.is_empty()),
            ),
        };
        let decision = Self {
            reason,
            rule,
            message,
            context,
            grants: grants.transpose()?,
            denied_fields: decision.denied_fields.into_iter().collect(),
        };
        let listed = [decision.context.len(), decision.denied_fields.len()];
        if listed.into_iter().any(|count| count > MAX_LISTED) {
            Err(LogicError::MALFORMED)
        } else {
            Ok(decision)
        }
    }
}

fn routes(texts: &[String]) -> Result<BTreeSet<Route>, LogicError> {
    if texts.len() > MAX_LISTED {
        return Err(LogicError::MALFORMED);
    }
    let route = |text: &String| {
        // A parameter stands for one segment, which no policy can say.
        Route::parse(text)
            .ok()
            .filter(|route| route.parameters().next().is_none())
            .ok_or(LogicError::MALFORMED)
    };
    texts.iter().map(route).collect()
}

const fn reason(reason: wit::DenialReason) -> Reason {
    match reason {
        wit::DenialReason::NoRules => Reason::NoRules,
        wit::DenialReason::WrongToken => Reason::WrongToken,
        wit::DenialReason::NoRoute => Reason::NoRoute,
        wit::DenialReason::ScopeMissing => Reason::ScopeMissing,
        wit::DenialReason::GroupMissing => Reason::GroupMissing,
        wit::DenialReason::RequirementNotMet => Reason::RequirementNotMet,
        wit::DenialReason::RequirementFaulty => Reason::RequirementFaulty,
        wit::DenialReason::ContextFaulty => Reason::ContextFaulty,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use claim_core::json::MAX_DEPTH;

    use super::{LogicError, offered, wit};

    fn said(value: String) -> Result<usize, LogicError> {
        let add = vec![wit::Claim { name: "risk".to_owned(), value }];
        let none = || wit::ClaimChanges { add: Vec::new(), suppress: Vec::new() };
        let shape = wit::TokenShape {
            id: wit::ClaimChanges { add, ..none() },
            access: none(),
            scopes: wit::ScopeChanges { add: Vec::new(), suppress: Vec::new() },
            groups: None,
        };
        offered(shape, &BTreeSet::from(["risk".to_owned()])).map(|claims| claims.len())
    }

    #[test]
    fn what_the_core_could_not_read_beside_the_facts_is_no_answer() {
        let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(said(nested(MAX_DEPTH - 1)), Ok(1));
        assert_eq!(said(nested(MAX_DEPTH)), Err(LogicError::MALFORMED));
        assert_eq!(said("1],[2".to_owned()), Err(LogicError::MALFORMED));
    }
}
