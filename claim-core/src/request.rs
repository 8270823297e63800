//! A token request, the facts it needs, and the facts it gets.

use std::collections::BTreeMap;

use crate::json::{Object, Value};
use crate::uses::Uses;

/// A request of Cognito to shape the tokens of one sign-in, refresh or machine grant.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenRequest {
    /// Which tokens the trigger may change.
    pub version: TriggerVersion,
    /// What made Cognito issue tokens.
    pub trigger: TriggerSource,
    /// The user pool, for example `eu-west-1_Ab12Cd34E`.
    pub pool_id: String,
    /// The Region that Cognito asks from.
    pub region: String,
    /// The app client that the tokens are for.
    pub client_id: String,
    /// Whom the tokens are for; none where a machine asks for itself.
    pub user: Option<User>,
    /// The scopes that the access token is about to have. V1 does not say.
    pub scopes: Vec<String>,
    /// What the caller sent along. Nobody has checked it: not to be trusted.
    pub client_metadata: Object,
    /// The time, in seconds since 1970.
    pub now: u64,
}

/// A person, as the user pool knows them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct User {
    /// The name in the pool. Test events may have none.
    pub name: Option<String>,
    /// The attributes, as texts in real events.
    pub attributes: Object,
    /// The groups in the pool.
    pub groups: Vec<String>,
    /// The IAM roles of those groups.
    pub roles: Vec<String>,
    /// The role among them that counts most.
    pub preferred_role: Option<String>,
}

/// The version of the trigger that a pool is configured with.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum TriggerVersion {
    /// Changes the ID token, with texts only.
    V1,
    /// Changes both tokens of a user.
    V2,
    /// Changes both tokens of a user, and the access token of a machine.
    V3,
}

impl TriggerVersion {
    /// Returns the version as events write it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "1",
            Self::V2 => "2",
            Self::V3 => "3",
        }
    }
}

/// What made Cognito issue tokens.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TriggerSource {
    /// A sign-in through managed login, or a federated one.
    HostedAuth,
    /// A sign-in through the API.
    Authentication,
    /// A user whom an administrator made has set a password.
    NewPasswordChallenge,
    /// A device was authenticated.
    AuthenticateDevice,
    /// Tokens are refreshed.
    RefreshTokens,
    /// A machine asks for itself.
    ClientCredentials,
    /// A source that this version does not know; the whole text of the event.
    Other(String),
}

/// Every known source with its name in contracts, which is what follows `TokenGeneration_` in events.
const SOURCES: [(TriggerSource, &str); 6] = [
    (TriggerSource::HostedAuth, "HostedAuth"),
    (TriggerSource::Authentication, "Authentication"),
    (TriggerSource::NewPasswordChallenge, "NewPasswordChallenge"),
    (TriggerSource::AuthenticateDevice, "AuthenticateDevice"),
    (TriggerSource::RefreshTokens, "RefreshTokens"),
    (TriggerSource::ClientCredentials, "ClientCredentials"),
];

impl TriggerSource {
    /// Reads the text of an event, for example `TokenGeneration_RefreshTokens`.
    #[must_use]
    pub fn from_event(text: &str) -> Self {
        let known = text.strip_prefix("TokenGeneration_").unwrap_or_default();
        let found = SOURCES.iter().find(|(_, name)| *name == known);
        found.map_or_else(|| Self::Other(text.to_owned()), |(source, _)| source.clone())
    }

    /// Returns the name that contracts and expressions use, for example `RefreshTokens`.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Other(text) => text.strip_prefix("TokenGeneration_").unwrap_or(text),
            known => SOURCES.iter().find(|(source, _)| source == known).map_or("", |(_, name)| name),
        }
    }
}

impl TokenRequest {
    /// Builds what pointers and expressions read, but for the facts: of it those parts that some rule uses.
    pub(crate) fn inputs(&self, uses: &Uses<'_>) -> Object {
        let mut inputs = Object::new();
        let mut insert = |name: &str, value: Value| drop(inputs.insert(name.to_owned(), value));
        if let Some(user) = &self.user {
            insert("user", user.input(uses));
            if uses.any("groups") {
                insert("groups", user.groups.clone().into());
            }
            if uses.any("roles") {
                insert("roles", user.roles.clone().into());
            }
        }
        if uses.any("client") {
            insert("client", Value::from([("id", self.client_id.as_str().into())]));
        }
        if uses.any("event") {
            let event = [
                ("version", self.version.as_str().into()),
                ("trigger", self.trigger.name().into()),
                ("poolId", self.pool_id.as_str().into()),
                ("region", self.region.as_str().into()),
                ("scopes", self.scopes.clone().into()),
            ];
            insert("event", Value::from(event));
        }
        if uses.any("metadata") {
            insert("metadata", present(&self.client_metadata));
        }
        insert("now", self.now.into());
        inputs
    }
}

impl User {
    fn input(&self, uses: &Uses<'_>) -> Value {
        let mut input = Object::new();
        // The others are single texts.
        if uses.of("user").any(|member| !matches!(member, Some("name" | "sub" | "status"))) {
            input.insert("attributes".to_owned(), present(&self.attributes));
        }
        let attribute = |name: &str| self.attributes.get(name).cloned();
        let name = self.name.as_deref().filter(|name| !name.is_empty()).map(Value::from);
        for (key, value) in
            [("name", name), ("sub", attribute("sub")), ("status", attribute("cognito:user_status"))]
        {
            if let Some(value) = value {
                input.insert(key.to_owned(), value);
            }
        }
        input.into()
    }
}

/// The members that are there: null is absent.
fn present(members: &Object) -> Value {
    Value::Object(members.clone()).without_nulls().unwrap_or_default()
}

/// A fact that a request needs: one record, by its whole key.
#[derive(Clone, Debug, PartialEq)]
pub struct Lookup {
    /// The fact's name in the contract.
    pub fact: String,
    /// The table's name in the contract; the host knows the real one.
    pub table: String,
    /// The key's attributes, one or two, each a text or a number.
    pub key: BTreeMap<String, Value>,
    /// The fields to read; all, if there is none.
    pub fields: Vec<String>,
    /// Whether the read must see every write before it.
    pub consistent: bool,
}

/// The lookup as JSON, spelled as in the WIT, for hosts that speak JSON.
impl From<&Lookup> for Value {
    fn from(lookup: &Lookup) -> Self {
        Self::from([
            ("fact", lookup.fact.as_str().into()),
            ("table", lookup.table.as_str().into()),
            ("key", lookup.key.clone().into()),
            ("fields", lookup.fields.clone().into()),
            ("consistent", lookup.consistent.into()),
        ])
    }
}

/// What the host found for a [`Lookup`].
#[derive(Clone, Debug, PartialEq)]
pub struct FactRecord {
    /// The fact's name in the contract.
    pub name: String,
    /// What came of it.
    pub outcome: FactOutcome,
}

/// What stands before the name of a logic component where it stands beside facts. No fact has a name like that.
const LOGIC: &str = "logic.";

impl FactRecord {
    /// Makes what a logic component says of claims a record beside the facts; none if it gave no answer.
    #[must_use]
    pub fn of_logic(component: &str, claims: Option<Object>) -> Self {
        let outcome = claims.map_or(FactOutcome::Failed, |claims| FactOutcome::Found(claims.into()));
        Self { name: format!("{LOGIC}{component}"), outcome }
    }

    /// Whether it is the answer of a logic component, and not a fact.
    #[must_use]
    pub fn is_of_logic(&self) -> bool {
        self.name.starts_with(LOGIC)
    }

    /// Whether it is the answer of this logic component.
    #[must_use]
    pub fn is_of(&self, component: &str) -> bool {
        self.name.strip_prefix(LOGIC) == Some(component)
    }

    /// Returns the logic component whose answer this is, and what it says of the claims.
    pub(crate) fn said(&self) -> Option<(&str, &Object)> {
        match &self.outcome {
            FactOutcome::Found(Value::Object(claims)) => Some((self.name.strip_prefix(LOGIC)?, claims)),
            _ => None,
        }
    }
}

/// What came of a lookup.
#[derive(Clone, Debug, PartialEq)]
pub enum FactOutcome {
    /// The record.
    Found(Value),
    /// There is no such record.
    Missing,
    /// It is not known whether there is one.
    Failed,
}
