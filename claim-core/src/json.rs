//! JSON values with exact numbers, ordered members and bounded depth: the one form in which data crosses the core.
//!
//! `serde_json` reads bundles, which we wrote; this reader takes what strangers wrote.
//! It differs where that matters: a repeated member is an error, a number keeps its exact value or is refused,
//! and members have one order, whatever other crates of a build ask of `serde_json`.

#[cfg(feature = "rules")]
mod bundled;
mod number;
#[cfg(feature = "rules")]
mod pointer;
mod read;
mod write;

use alloc::borrow::ToOwned as _;
use alloc::collections::BTreeMap;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

pub use self::number::Number;
#[cfg(feature = "rules")]
pub use self::pointer::{Pointer, PointerError};
pub use self::read::{
    MAX_DEPTH, Member, ReadError, ReadErrorKind, is_json, members, read, read_string, unique_members,
};
pub(crate) use self::write::{write_number, write_string};

/// The members of an object, in the order of their names.
pub type Object = BTreeMap<String, Value>;

/// Returns the text of an object, as that of its value.
#[must_use]
pub fn text(members: &Object) -> String {
    write::Members(members).to_string()
}

/// A JSON value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, exactly.
    Number(Number),
    /// A text.
    String(String),
    /// A list.
    Array(Vec<Self>),
    /// Members by name.
    Object(Object),
}

impl Value {
    /// Returns what kind of value this is, in the contract's words.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number(number) if number.is_integer() => "integer",
            Self::Number(_) => "number",
            Self::String(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }

    /// Returns the text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the elements of an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        match self {
            Self::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// Returns the members of an object.
    #[must_use]
    pub const fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// Returns a member of an object.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.as_object()?.get(name)
    }

    /// Whether there is a `null` in it.
    pub(crate) fn has_nulls(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Array(elements) => elements.iter().any(Self::has_nulls),
            Self::Object(members) => members.values().any(Self::has_nulls),
            Self::Bool(_) | Self::Number(_) | Self::String(_) => false,
        }
    }

    /// Returns the value without any `null`: absent is absent. A list keeps its other elements.
    #[must_use]
    pub fn without_nulls(self) -> Option<Self> {
        // Most have none, and taking a value apart costs more than looking through it, once.
        if self.has_nulls() { self.stripped() } else { Some(self) }
    }

    fn stripped(self) -> Option<Self> {
        match self {
            Self::Null => None,
            Self::Array(elements) => {
                Some(Self::Array(elements.into_iter().filter_map(Self::stripped).collect()))
            }
            Self::Object(members) => Some(Self::Object(
                members.into_iter().filter_map(|(name, value)| Some((name, value.stripped()?))).collect(),
            )),
            scalar => Some(scalar),
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::String(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::String(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(value.into())
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        Self::Number(value.into())
    }
}

impl From<Object> for Value {
    fn from(members: Object) -> Self {
        Self::Object(members)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Value {
    fn from(elements: Vec<T>) -> Self {
        Self::Array(elements.into_iter().map(Into::into).collect())
    }
}

/// An object of these members, in this order.
impl<const N: usize> From<[(&str, Self); N]> for Value {
    fn from(members: [(&str, Self); N]) -> Self {
        Self::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }
}

impl FromIterator<Self> for Value {
    fn from_iter<I: IntoIterator<Item = Self>>(elements: I) -> Self {
        Self::Array(elements.into_iter().collect())
    }
}
