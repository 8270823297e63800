//! JSON over several lines.

use claim_core::json::Value;

use crate::Failure;

/// Writes JSON for people. The numbers of schemas and types are small, so `serde_json` keeps them.
pub(crate) fn json(value: &Value) -> Result<String, Failure> {
    serde_json::to_string_pretty(value).map_err(|error| format!("the json cannot be written: {error}"))
}
