//! The contract in its compiled form: all that the core reads.

mod authorize;
mod check;
#[cfg(feature = "authoring")]
mod compile;
#[cfg(feature = "authoring")]
mod decode;
#[cfg(feature = "authoring")]
mod diagnostic;
mod display;
#[cfg(feature = "authoring")]
mod examination;
#[cfg(feature = "authoring")]
mod keys;
pub(crate) mod logic;
#[cfg(feature = "authoring")]
mod outline;
mod rule;
#[cfg(feature = "authoring")]
mod schema;
#[cfg(feature = "authoring")]
mod yaml;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

pub use self::authorize::{Authorize, AuthorizeRule, ContextRule, Route, RouteError};
#[cfg(feature = "authoring")]
pub use self::compile::{Compiled, INPUTS, LogicFile, compile};
#[cfg(feature = "authoring")]
pub use self::diagnostic::{Diagnostic, Severity};
pub use self::display::{Display, DisplayKind, Label, Section};
#[cfg(feature = "authoring")]
pub use self::examination::{Difference, Examination, Expectation, ExpectedCall, ExpectedNames};
pub use self::logic::LogicComponent;
#[cfg(feature = "authoring")]
pub use self::outline::{Expected, Form};
pub use self::rule::{Condition, Kind, OnError, Source, V1Encoding, ValueType};
#[cfg(feature = "authoring")]
pub use self::schema::json_schema;
use crate::cognito::Token;
use crate::expression::Expression;

/// The form of bundles that this version reads.
pub const FORMAT: u32 = 1;

/// How large a bundle may be, in bytes of its text.
pub const MAX_BUNDLE: usize = 1024 * 1024;

/// A contract, compiled and checked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Bundle {
    /// The form of this bundle, [`FORMAT`].
    pub format: u32,
    /// The records that are fetched for a request, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<String, Fact>,
    /// The logic components that claims take their values from, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub logic: BTreeMap<String, LogicComponent>,
    /// The sign-ins that are refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refuse: Vec<RefuseRule>,
    /// The claims, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub claims: BTreeMap<String, Claim>,
    /// What happens to the access token's scopes.
    #[serde(default, skip_serializing_if = "Scopes::is_empty")]
    pub scopes: Scopes,
    /// Where the groups come from, if not from the pool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Groups>,
    /// Where the IAM roles come from, if not from the pool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Groups>,
    /// Where the role that counts most comes from, if not from the pool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_role: Option<PreferredRole>,
    /// The claims to leave out.
    #[serde(default, skip_serializing_if = "Suppress::is_empty")]
    pub suppress: Suppress,
    /// What holds for one app client only; `*` is every other one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub clients: BTreeMap<String, Client>,
    /// How long each token may become.
    #[serde(default, skip_serializing_if = "TokenBudget::is_default")]
    pub budget: TokenBudget,
    /// Who may call which route of an API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorize: Option<Authorize>,
    /// The sections in which claims are shown, beside those that every contract has.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sections: BTreeMap<String, Section>,
    /// How claims of the ID token are shown that this contract does not set.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub display: BTreeMap<String, Display>,
}

/// How long each token may become, in bytes as it is sent. More is a warning and never a refusal.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TokenBudget {
    /// The ID token.
    #[serde(default = "TokenBudget::usual")]
    pub id: u64,
    /// The access token.
    #[serde(default = "TokenBudget::usual")]
    pub access: u64,
}

impl Default for TokenBudget {
    fn default() -> Self {
        Self { id: Self::usual(), access: Self::usual() }
    }
}

impl TokenBudget {
    /// What fits a cookie, and leaves half of the smallest header limit on the way to an API.
    const fn usual() -> u64 {
        4_096
    }

    fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the budget of one token.
    #[must_use]
    pub const fn of(&self, token: Token) -> u64 {
        match token {
            Token::Id => self.id,
            Token::Access => self.access,
        }
    }
}

impl RefuseRule {
    /// How many characters a message may have: it stands in one line above a form.
    pub const MAX_MESSAGE: usize = 200;
}

/// Sign-ins that are refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefuseRule {
    /// Which ones.
    pub condition: Condition,
    /// What the person reads. It is the same for everybody whom the rule refuses.
    pub message: String,
}

/// A record to fetch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fact {
    /// The table's name in the contract; the host knows the real one.
    pub table: String,
    /// An expression for each attribute of the key.
    pub key: BTreeMap<String, Expression>,
    /// The fields to read; all, if there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// What to do if there is no record.
    pub on_missing: Without,
    /// What to do if the record cannot be read.
    pub on_error: Without,
    /// Whether the read must see every write before it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub consistent: bool,
}

/// How to go on without a record.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Without {
    /// As if it had no fields.
    Empty,
    /// Not at all: the sign-in fails.
    Refuse,
}

/// A claim of one or both tokens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Claim {
    /// Where the value comes from.
    pub source: Source,
    /// The tokens that carry it.
    pub tokens: BTreeSet<Token>,
    /// When it is there at all.
    #[serde(default, skip_serializing_if = "Condition::is_empty")]
    pub condition: Condition,
    /// The value where the source has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<crate::json::Value>,
    /// The type that the value must have.
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "type")]
    pub value_type: Option<ValueType>,
    /// What to do with a value that is wrong.
    #[serde(default, skip_serializing_if = "OnError::is_refuse")]
    pub on_error: OnError,
    /// How a V1 token, which holds only texts, carries a list or an object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub v1: Option<V1Encoding>,
    /// How it is shown.
    #[serde(default, skip_serializing_if = "Display::is_empty")]
    pub display: Display,
}

/// What happens to the access token's scopes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scopes {
    /// Scopes to add.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub add: Vec<ScopeRule>,
    /// Scopes to leave out.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub suppress: BTreeSet<String>,
}

/// A scope to add, or a list of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScopeRule {
    /// Where the text, or the list of texts, comes from.
    pub source: Source,
    /// When it is added.
    #[serde(default, skip_serializing_if = "Condition::is_empty")]
    pub condition: Condition,
    /// What to do with a value that is no scope; there is no default to fall back to.
    #[serde(default, skip_serializing_if = "OnError::is_refuse")]
    pub on_error: OnError,
}

/// Where the groups, or the IAM roles, come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Groups {
    /// Where the list of names comes from.
    pub source: Source,
    /// When they are replaced.
    #[serde(default, skip_serializing_if = "Condition::is_empty")]
    pub condition: Condition,
    /// What to do if the source has no list.
    #[serde(default)]
    pub on_missing: WithoutGroups,
    /// What to do if the list is empty.
    #[serde(default)]
    pub on_empty: WithoutGroups,
}

/// Where the role that counts most comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PreferredRole {
    /// Where the ARN comes from.
    pub source: Source,
    /// When it is replaced.
    #[serde(default, skip_serializing_if = "Condition::is_empty")]
    pub condition: Condition,
    /// What to do if the source has no text.
    #[serde(default)]
    pub on_missing: WithoutGroups,
}

/// How to go on without a list of groups or roles, or without a preferred role.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum WithoutGroups {
    /// The user keeps those of the pool.
    #[default]
    Keep,
    /// The tokens name none.
    Clear,
    /// Not at all: the sign-in fails.
    Refuse,
}

/// The claims to leave out, for each token.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Suppress {
    /// Of the ID token.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub id: BTreeSet<String>,
    /// Of the access token.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub access: BTreeSet<String>,
}

/// What holds for one app client only.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Client {
    /// The claims of this contract that its tokens do not carry.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub without: BTreeSet<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for this signature")]
const fn is_false(value: &bool) -> bool {
    !*value
}

impl Scopes {
    fn is_empty(&self) -> bool {
        self.add.is_empty() && self.suppress.is_empty()
    }
}

impl Suppress {
    fn is_empty(&self) -> bool {
        self.id.is_empty() && self.access.is_empty()
    }

    /// Returns what is left out of one token.
    #[must_use]
    pub const fn of(&self, token: Token) -> &BTreeSet<String> {
        match token {
            Token::Id => &self.id,
            Token::Access => &self.access,
        }
    }
}

/// Why a text is no bundle.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum BundleError {
    /// It is larger than [`MAX_BUNDLE`].
    TooLarge,
    /// It has not the form of a bundle; the text says where.
    Malformed(String),
    /// It was made by a version that writes another form; the number is that form's.
    OtherFormat(u32),
}

impl fmt::Display for BundleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(f, "the bundle has more than {MAX_BUNDLE} bytes; split the contract"),
            Self::Malformed(why) => {
                write!(f, "the text is not a bundle ({why}); build it from claims.yaml with `claims build`")
            }
            Self::OtherFormat(format) => write!(
                f,
                "the bundle has format {format} and this version reads format {FORMAT}; \
                 build it again with `claims build`"
            ),
        }
    }
}

impl std::error::Error for BundleError {}

impl Bundle {
    /// Reads the text of a bundle.
    ///
    /// # Errors
    ///
    /// Returns [`BundleError`] if the text is none, or one of another format.
    pub fn read(text: &str) -> Result<Self, BundleError> {
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        if text.len() > MAX_BUNDLE {
            return Err(BundleError::TooLarge);
        }
        let malformed = |error: serde_json::Error| BundleError::Malformed(error.to_string());
        // Asked first, because another format may have members that this one refuses.
        let Format { format } = serde_json::from_str(text).map_err(malformed)?;
        if format != FORMAT {
            return Err(BundleError::OtherFormat(format));
        }
        let bundle: Self = serde_json::from_str(text).map_err(malformed)?;
        bundle.check()?;
        Ok(bundle)
    }

    /// Writes the bundle's canonical text: no blanks, members in the order of this type.
    #[cfg(feature = "authoring")]
    #[must_use]
    pub fn to_text(&self) -> String {
        // Serialising plain data with text keys into memory has no way to fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Returns the [`digest`] of the canonical text.
    #[cfg(feature = "authoring")]
    #[must_use]
    pub fn digest(&self) -> String {
        digest(self.to_text())
    }
}

/// Returns the SHA-256 of a bundle's text, its name in logs and previews, or of a component; in hexadecimal.
#[cfg(feature = "digest")]
#[must_use]
pub fn digest(bytes: impl AsRef<[u8]>) -> String {
    use sha2::Digest as _;
    use std::fmt::Write as _;
    sha2::Sha256::digest(bytes).iter().fold(String::new(), |mut digest, byte| {
        // Writing into a text has no way to fail.
        let _ = write!(digest, "{byte:02x}");
        digest
    })
}
