//! The words of a contract: each set once, for the compiler and the JSON Schema.

use super::super::decode::Word;
use super::super::rule::{Kind, OnError, V1Encoding};
use super::super::{DisplayKind, Without, WithoutGroups};
use crate::cognito::Token;
use crate::request::TriggerVersion;

/// The triggers' names, without `TokenGeneration_`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::contract) struct Trigger(pub(in crate::contract) &'static str);

impl Word for Trigger {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("Authentication", Self("Authentication")),
        ("HostedAuth", Self("HostedAuth")),
        ("RefreshTokens", Self("RefreshTokens")),
        ("NewPasswordChallenge", Self("NewPasswordChallenge")),
        ("AuthenticateDevice", Self("AuthenticateDevice")),
        ("ClientCredentials", Self("ClientCredentials")),
    ];
}

impl Word for Token {
    const WORDS: &'static [(&'static str, Self)] = &[("id", Self::Id), ("access", Self::Access)];
}

impl Word for OnError {
    const WORDS: &'static [(&'static str, Self)] =
        &[("refuse", Self::Refuse), ("omit", Self::Omit), ("default", Self::Default)];
}

/// What to do with a scope that is wrong: there is no default.
#[derive(Clone, Copy, Debug)]
pub(in crate::contract) struct ScopeOnError(pub(in crate::contract) OnError);

impl Word for ScopeOnError {
    const WORDS: &'static [(&'static str, Self)] =
        &[("refuse", Self(OnError::Refuse)), ("omit", Self(OnError::Omit))];
}

impl Word for Without {
    const WORDS: &'static [(&'static str, Self)] = &[("empty", Self::Empty), ("refuse", Self::Refuse)];
}

impl Word for WithoutGroups {
    const WORDS: &'static [(&'static str, Self)] =
        &[("keep", Self::Keep), ("clear", Self::Clear), ("refuse", Self::Refuse)];
}

impl Word for V1Encoding {
    const WORDS: &'static [(&'static str, Self)] =
        &[("json", Self::Json), ("spaces", Self::Spaces), ("omit", Self::Omit)];
}

impl Word for Kind {
    const WORDS: &'static [(&'static str, Self)] = &Self::ALL;
}

/// The kinds that a list's elements may have: Cognito carries lists of texts, numbers and booleans.
#[derive(Clone, Copy, Debug)]
pub(in crate::contract) struct ItemKind(pub(in crate::contract) Kind);

impl Word for ItemKind {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("string", Self(Kind::String)),
        ("integer", Self(Kind::Integer)),
        ("number", Self(Kind::Number)),
        ("boolean", Self(Kind::Boolean)),
    ];
}

impl Word for DisplayKind {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("text", Self::Text),
        ("email", Self::Email),
        ("phone", Self::Phone),
        ("url", Self::Url),
        ("boolean", Self::Boolean),
        ("number", Self::Number),
        ("time", Self::Time),
        ("id", Self::Id),
        ("list", Self::List),
        ("object", Self::Object),
    ];
}

/// What a test says of a fact without a record.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::contract) enum FactWord {
    Missing,
    Failed,
}

impl Word for FactWord {
    const WORDS: &'static [(&'static str, Self)] = &[("missing", Self::Missing), ("failed", Self::Failed)];
}

/// What a test says of a logic component without claims.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::contract) enum LogicWord {
    Failed,
}

impl Word for LogicWord {
    const WORDS: &'static [(&'static str, Self)] = &[("failed", Self::Failed)];
}

/// What a test says of groups without naming them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::contract) enum NamesWord {
    Unchanged,
    Cleared,
}

impl Word for NamesWord {
    const WORDS: &'static [(&'static str, Self)] =
        &[("unchanged", Self::Unchanged), ("cleared", Self::Cleared)];
}

/// The version of a test's trigger.
#[derive(Clone, Copy, Debug)]
pub(in crate::contract) struct Version(pub(in crate::contract) TriggerVersion);

impl Word for Version {
    const WORDS: &'static [(&'static str, Self)] =
        &[("1", Self(TriggerVersion::V1)), ("2", Self(TriggerVersion::V2)), ("3", Self(TriggerVersion::V3))];
}

/// A code of a refusal.
#[derive(Clone, Copy, Debug)]
pub(in crate::contract) struct RefusalWord(pub(in crate::contract) &'static str);

impl Word for RefusalWord {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("fact-missing", Self("fact-missing")),
        ("fact-failed", Self("fact-failed")),
        ("rule-failed", Self("rule-failed")),
        ("blocked", Self("blocked")),
        ("rejected", Self("rejected")),
    ];
}

/// A code of a decision.
#[derive(Clone, Copy, Debug)]
pub(in crate::contract) struct DecisionWord(pub(in crate::contract) &'static str);

impl Word for DecisionWord {
    const WORDS: &'static [(&'static str, Self)] = &[
        ("allowed", Self("allowed")),
        ("no-route", Self("no-route")),
        ("scope-missing", Self("scope-missing")),
        ("group-missing", Self("group-missing")),
        ("requirement-not-met", Self("requirement-not-met")),
        ("requirement-faulty", Self("requirement-faulty")),
        ("context-faulty", Self("context-faulty")),
    ];
}
