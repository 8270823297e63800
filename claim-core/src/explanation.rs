//! Why each part of a shape is there, or is not.

use crate::cognito::Token;
use crate::json::Value;
use crate::refusal::RuleFault;

/// What became of one rule of the contract.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// What the rule is about.
    pub part: Part,
    /// The rule's place in the contract, for example `claims.tier`.
    pub rule: String,
    /// Where the value comes from, in words, for example `from /facts/profile/tier`.
    pub source: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// A part of a shape.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Part {
    /// A claim of a token.
    Claim(Token, String),
    /// A rule that adds scopes.
    Scopes,
    /// The groups.
    Groups,
    /// The IAM roles.
    Roles,
    /// The role that counts most.
    PreferredRole,
}

/// What became of a rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Its source gave this value.
    Given(Value),
    /// Its source gave none, and this is its default.
    Default(Value),
    /// The contract leaves this out.
    Suppressed,
    /// It gave nothing.
    Absent(Absence),
}

impl Outcome {
    /// Whether the rule gave a value.
    #[must_use]
    pub const fn is_given(&self) -> bool {
        matches!(self, Self::Given(_) | Self::Default(_))
    }
}

/// Why a rule gave nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Absence {
    /// The source has no value, and the rule has no default.
    NoValue,
    /// The rule's `when` does not hold.
    ConditionFalse,
    /// The rule is for other triggers.
    ForOtherTriggers,
    /// The rule is for other app clients.
    ForOtherClients,
    /// The trigger of this version cannot change this token.
    V1ChangesIdOnly,
    /// A machine gets no ID token.
    MachineHasNoIdToken,
    /// The rule speaks of a user, and a machine asks.
    MachineHasNoUser,
    /// The app client is `without` this claim.
    NotForThisClient,
    /// The claim says `v1: omit`, and this is a V1 trigger.
    OmittedForV1,
    /// The value is wrong and the rule says `onError: omit`.
    Faulty(RuleFault),
    /// What the pool has is kept: the source has none.
    KeptMissing,
    /// What the pool has is kept: the list is empty.
    KeptEmpty,
    /// The preferred role of the pool is no longer among the roles.
    RoleIsGone,
    /// A token that names no group names no role either.
    RolesNeedGroups,
}

impl Absence {
    /// Returns the reason as part of a sentence.
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::NoValue => "its source has no value and it has no default",
            Self::ConditionFalse => "its `when` does not hold",
            Self::ForOtherTriggers => "it is for other `triggers`",
            Self::ForOtherClients => "it is for other `clients`",
            Self::V1ChangesIdOnly => "a v1 trigger changes the id token only",
            Self::MachineHasNoIdToken => "a machine gets no id token",
            Self::MachineHasNoUser => "it speaks of a user and a machine asks",
            Self::NotForThisClient => "this app client is `without` it",
            Self::OmittedForV1 => "it says `v1: omit` and this is a v1 trigger",
            Self::Faulty(_) => "its value is wrong, and `onError` has nothing that could stand in its place",
            Self::RoleIsGone => "the pool's is no longer among the roles",
            Self::KeptMissing => "the source has none, so that of the pool is kept",
            Self::KeptEmpty => "the list is empty and `onEmpty` is `keep`, so that of the pool is kept",
            Self::RolesNeedGroups => "the tokens name no group, and then cognito writes no role",
        }
    }
}
