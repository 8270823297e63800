//! Conversions between the types of the WIT and those of the core, one to one.

use claim_core::authorize::{AccessRequest, Decision, Reason};
use claim_core::cognito::Token;
use claim_core::json::{self, Object, Value};
use claim_core::{FactOutcome, FactRecord, TriggerSource, TriggerVersion, User};

use crate::bindings::exports::claimwright::logic::logic as wit;

fn object(text: &str, part: &str) -> Result<Object, wit::Refusal> {
    match json::read(text) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err(wit::Refusal::MalformedRequest(part.to_owned())),
    }
}

impl TryFrom<wit::TokenRequest> for claim_core::TokenRequest {
    type Error = wit::Refusal;

    fn try_from(request: wit::TokenRequest) -> Result<Self, wit::Refusal> {
        Ok(Self {
            version: match request.version {
                wit::TriggerVersion::V1 => TriggerVersion::V1,
                wit::TriggerVersion::V2 => TriggerVersion::V2,
                wit::TriggerVersion::V3 => TriggerVersion::V3,
            },
            trigger: match request.trigger {
                wit::TriggerSource::HostedAuth => TriggerSource::HostedAuth,
                wit::TriggerSource::Authentication => TriggerSource::Authentication,
                wit::TriggerSource::NewPasswordChallenge => TriggerSource::NewPasswordChallenge,
                wit::TriggerSource::AuthenticateDevice => TriggerSource::AuthenticateDevice,
                wit::TriggerSource::RefreshTokens => TriggerSource::RefreshTokens,
                wit::TriggerSource::ClientCredentials => TriggerSource::ClientCredentials,
                wit::TriggerSource::Other(text) => TriggerSource::Other(text),
            },
            pool_id: request.pool_id,
            region: request.region,
            client_id: request.client_id,
            user: request.user.map(TryInto::try_into).transpose()?,
            scopes: request.scopes,
            client_metadata: object(&request.client_metadata, "client-metadata")?,
            now: request.now,
        })
    }
}

impl TryFrom<wit::User> for User {
    type Error = wit::Refusal;

    fn try_from(user: wit::User) -> Result<Self, wit::Refusal> {
        Ok(Self {
            name: user.name,
            attributes: object(&user.attributes, "user.attributes")?,
            groups: user.groups,
            roles: user.roles,
            preferred_role: user.preferred_role,
        })
    }
}

impl From<wit::Fact> for FactRecord {
    fn from(fact: wit::Fact) -> Self {
        let outcome = match fact.outcome {
            // A record that is no JSON is a record that could not be read.
            wit::FactOutcome::Found(text) => {
                json::read(&text).map_or(FactOutcome::Failed, FactOutcome::Found)
            }
            wit::FactOutcome::Missing => FactOutcome::Missing,
            wit::FactOutcome::Failed => FactOutcome::Failed,
        };
        Self { name: fact.name, outcome }
    }
}

impl From<claim_core::Lookup> for wit::Lookup {
    fn from(lookup: claim_core::Lookup) -> Self {
        let key = lookup.key.into_iter();
        Self {
            fact: lookup.fact,
            table: lookup.table,
            key: key.map(|(name, value)| wit::KeyAttribute { name, value: value.to_text() }).collect(),
            fields: lookup.fields,
            consistent: lookup.consistent,
        }
    }
}

impl From<claim_core::TokenShape> for wit::TokenShape {
    fn from(shape: claim_core::TokenShape) -> Self {
        Self {
            id: shape.id.into(),
            access: shape.access.into(),
            scopes: wit::ScopeChanges {
                add: shape.scopes.add.into_iter().collect(),
                suppress: shape.scopes.suppress.into_iter().collect(),
            },
            groups: shape.groups.map(|groups| wit::GroupOverride {
                groups: groups.groups,
                roles: groups.roles,
                preferred_role: groups.preferred_role,
            }),
        }
    }
}

impl From<claim_core::ClaimChanges> for wit::ClaimChanges {
    fn from(changes: claim_core::ClaimChanges) -> Self {
        let add = changes.add.into_iter();
        Self {
            add: add.map(|(name, value)| wit::Claim { name, value: value.to_text() }).collect(),
            suppress: changes.suppress.into_iter().collect(),
        }
    }
}

impl From<claim_core::Refusal> for wit::Refusal {
    fn from(refusal: claim_core::Refusal) -> Self {
        use claim_core::Refusal;
        match refusal {
            Refusal::NotConfigured => Self::NotConfigured,
            Refusal::MalformedRequest(part) => Self::MalformedRequest(part),
            Refusal::FactMissing(name) => Self::FactMissing(name),
            Refusal::FactFailed(name) => Self::FactFailed(name),
            Refusal::RuleFailed { rule, fault } => {
                Self::RuleFailed(wit::RuleFailure { rule, fault: fault.code().to_owned() })
            }
            Refusal::Blocked { rule, message } => Self::Blocked(wit::Block { rule, message }),
            Refusal::Rejected(code) => Self::Rejected(code.to_owned()),
        }
    }
}

impl TryFrom<wit::AccessRequest> for AccessRequest {
    type Error = wit::Refusal;

    fn try_from(request: wit::AccessRequest) -> Result<Self, wit::Refusal> {
        Ok(Self {
            claims: object(&request.claims, "claims")?,
            token: match request.token {
                wit::TokenUse::Id => Token::Id,
                wit::TokenUse::Access => Token::Access,
            },
            method: request.method,
            path: request.path,
            now: request.now,
        })
    }
}

impl From<Decision> for wit::Decision {
    fn from(decision: Decision) -> Self {
        let routes = |routes: std::collections::BTreeSet<claim_core::contract::Route>| {
            routes.into_iter().map(String::from).collect()
        };
        let rule = decision.rule.and_then(|rule| u32::try_from(rule).ok());
        let message = decision.message;
        let context = decision.context.into_iter();
        Self {
            denial: denial_reason(decision.reason).map(|reason| wit::Denial { reason, rule, message }),
            context: context
                .map(|(name, value)| wit::ContextValue { name, value: value.to_text() })
                .collect(),
            grants: decision
                .grants
                .map(|grants| wit::Grants { allow: routes(grants.allow), deny: routes(grants.deny) }),
            denied_fields: decision.denied_fields.into_iter().collect(),
        }
    }
}

/// The reason of a denial; none allows.
const fn denial_reason(reason: Reason) -> Option<wit::DenialReason> {
    Some(match reason {
        Reason::Allowed => return None,
        Reason::NoRules => wit::DenialReason::NoRules,
        Reason::WrongToken => wit::DenialReason::WrongToken,
        Reason::NoRoute => wit::DenialReason::NoRoute,
        Reason::ScopeMissing => wit::DenialReason::ScopeMissing,
        Reason::GroupMissing => wit::DenialReason::GroupMissing,
        Reason::RequirementNotMet => wit::DenialReason::RequirementNotMet,
        Reason::RequirementFaulty => wit::DenialReason::RequirementFaulty,
        Reason::ContextFaulty => wit::DenialReason::ContextFaulty,
    })
}
