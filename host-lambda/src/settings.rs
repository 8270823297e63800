//! The settings of a function: the only reader of the environment.

#[cfg(feature = "authorizer")]
mod authorizer;
#[cfg(feature = "token-trigger")]
mod trigger;

use std::fmt;
use std::path::PathBuf;

#[cfg(feature = "authorizer")]
pub use self::authorizer::{AuthorizerSettings, IssuerSetting, TokenFrom, VerifierSetting};
#[cfg(feature = "token-trigger")]
pub use self::trigger::{Credentials, Roots, TriggerSettings};

/// A setting that is missing or wrong.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SettingsError(String);

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SettingsError {}

/// The environment, in which an empty variable is none.
struct Environment<F>(F);

impl<F: Fn(&str) -> Option<String>> Environment<F> {
    fn get(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.is_empty())
    }

    /// A file that must be there if a variable names it, and beside the binary may be there or not.
    fn optional_path(&self, name: &str, default: &str) -> Option<PathBuf> {
        let path = self.path(name, default);
        (self.get(name).is_some() || path.exists()).then_some(path)
    }

    /// A file that lies beside the binary unless a variable names another.
    fn path(&self, name: &str, default: &str) -> PathBuf {
        let root = || PathBuf::from(self.get("LAMBDA_TASK_ROOT").unwrap_or_else(|| ".".to_owned()));
        self.get(name).map_or_else(|| root().join(default), PathBuf::from)
    }
}
