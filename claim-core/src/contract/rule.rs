//! What the rules of a contract have in common: a source, a type, and a word for what goes wrong.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::expression::Expression;
use crate::json::{Pointer, Value};

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// A place in the inputs.
    From(Pointer),
    /// The value itself.
    Value(Value),
    /// What an expression gives.
    Expression(Expression),
    /// What a logic component says of the claim, by the component's name. Only claims come from there.
    Logic(String),
}

/// When a rule applies. An empty condition always holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Condition {
    /// What must hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Expression>,
    /// The names of the triggers it is for, as in [`TriggerSource::name`](crate::TriggerSource::name); all, if there
    /// is none.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub triggers: BTreeSet<String>,
    /// The ids of the app clients it is for; all, if there is none.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub clients: BTreeSet<String>,
}

impl Condition {
    /// Whether it always holds.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.when.is_none() && self.triggers.is_empty() && self.clients.is_empty()
    }
}

/// What to do with a value that is wrong: an expression that fails, another type than the declared one.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OnError {
    /// The sign-in fails.
    #[default]
    Refuse,
    /// The token goes without.
    Omit,
    /// The rule's default is taken.
    Default,
}

impl OnError {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for this signature")]
    pub(super) const fn is_refuse(&self) -> bool {
        matches!(self, Self::Refuse)
    }
}

/// How a V1 token, which holds only texts, carries a list or an object.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum V1Encoding {
    /// As JSON text.
    Json,
    /// A list of texts, divided by blanks.
    Spaces,
    /// Not at all.
    Omit,
}

/// A declared type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ValueType {
    /// The kind of the value; any, if it is not declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// The kind of a list's elements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items: Option<Kind>,
    /// The values it may have; any, if there is none. For a list, those of its elements.
    #[serde(default, rename = "enum", skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<Value>,
    /// How many characters (code points) a text, or each text of a list, may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u64>,
    /// How many elements a list may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_items: Option<u64>,
}

/// A kind of value.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "each is the kind of JSON value that has its name")]
pub enum Kind {
    String,
    Integer,
    Number,
    Boolean,
    Array,
    Object,
}

impl Kind {
    /// Every kind, by the word for it.
    pub const ALL: [(&'static str, Self); 6] = [
        ("string", Self::String),
        ("integer", Self::Integer),
        ("number", Self::Number),
        ("boolean", Self::Boolean),
        ("array", Self::Array),
        ("object", Self::Object),
    ];

    /// Returns the word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    /// Whether a value is of this kind. An integer is a number.
    #[must_use]
    pub const fn holds(self, value: &Value) -> bool {
        match (self, value) {
            (Self::String, Value::String(_))
            | (Self::Number, Value::Number(_))
            | (Self::Boolean, Value::Bool(_))
            | (Self::Array, Value::Array(_))
            | (Self::Object, Value::Object(_)) => true,
            (Self::Integer, Value::Number(number)) => number.is_integer(),
            _ => false,
        }
    }
}

impl ValueType {
    /// Whether the value, and each element of a list, has the declared kind.
    #[must_use]
    pub fn has_kind(&self, value: &Value) -> bool {
        let kind = self.kind.is_none_or(|kind| kind.holds(value));
        let items = match (self.items, value) {
            (Some(items), Value::Array(elements)) => elements.iter().all(|element| items.holds(element)),
            _ => true,
        };
        kind && items
    }

    /// Whether the value, or each element of a list, is one of the declared ones.
    #[must_use]
    pub fn allows(&self, value: &Value) -> bool {
        if self.allowed.is_empty() {
            return true;
        }
        match value {
            Value::Array(elements) if self.is_of_a_list() => {
                elements.iter().all(|element| self.allowed.contains(element))
            }
            value => self.allowed.contains(value),
        }
    }
}

impl ValueType {
    /// Whether it is said that the value is a list; an `enum` then speaks of the elements.
    #[must_use]
    pub const fn is_of_a_list(&self) -> bool {
        self.items.is_some() || self.max_items.is_some() || matches!(self.kind, Some(Kind::Array))
    }

    /// Whether the value is not longer than declared.
    #[must_use]
    pub fn fits(&self, value: &Value) -> bool {
        let within = |count: usize, most: Option<u64>| {
            most.is_none_or(|most| u64::try_from(count).is_ok_and(|count| count <= most))
        };
        match value {
            Value::String(text) => within(text.chars().count(), self.max_length),
            Value::Array(elements) => {
                within(elements.len(), self.max_items)
                    && elements.iter().all(|element| match element {
                        Value::String(text) => within(text.chars().count(), self.max_length),
                        _ => true,
                    })
            }
            _ => true,
        }
    }
}

/// The source in words, for previews: `from /facts/profile/tier`, `a fixed value`, `an expression`.
impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::From(pointer) => write!(f, "from {pointer}"),
            Self::Value(_) => f.write_str("a fixed value"),
            Self::Expression(_) => f.write_str("an expression"),
            Self::Logic(name) => write!(f, "the logic `{name}`"),
        }
    }
}
