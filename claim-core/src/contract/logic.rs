//! The logic components that a contract names: code for single claims, where data does not reach.

use serde::{Deserialize, Serialize};

/// How many logic components a contract may name: they are asked one after the other, in half a second together.
pub(crate) const MAX_LOGIC: usize = 4;

/// A logic component that a contract names.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LogicComponent {
    /// The SHA-256 of the component, in hexadecimal: no other one is run.
    pub sha256: String,
}

impl LogicComponent {
    /// Whether the digest is one. It names a file, so it is nothing else.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        self.sha256.len() == 64 && self.sha256.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    }
}

/// Whether a fact or a component may have this name: expressions can say it, and no fact is taken for a component.
pub(super) fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
