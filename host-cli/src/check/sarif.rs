//! Diagnostics in the Static Analysis Results Interchange Format (OASIS SARIF 2.1.0), which code scanning services show.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use claim_core::contract::{Diagnostic, Severity};
use claim_core::json::Value;

/// Returns the log of one run over one contract.
pub(super) fn log(path: &Path, text: &str, diagnostics: &[Diagnostic]) -> Value {
    let codes: BTreeSet<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    let rules: Value = codes.into_iter().map(|code| Value::from([("id", code.into())])).collect();
    let driver = Value::from([
        ("name", "claims".into()),
        ("version", env!("CARGO_PKG_VERSION").into()),
        ("rules", rules),
    ]);
    let results: Value = diagnostics.iter().map(|diagnostic| result(path, text, diagnostic)).collect();
    let run = Value::from([
        ("tool", Value::from([("driver", driver)])),
        // Columns are counted in characters.
        ("columnKind", "unicodeCodePoints".into()),
        ("results", results),
    ]);
    Value::from([
        ("$schema", "https://json.schemastore.org/sarif-2.1.0.json".into()),
        ("version", "2.1.0".into()),
        ("runs", vec![run].into()),
    ])
}

fn result(path: &Path, text: &str, diagnostic: &Diagnostic) -> Value {
    let number = |number: usize| Value::from(u64::try_from(number).unwrap_or(u64::MAX));
    let before_end = text.get(..diagnostic.span.end).unwrap_or(text);
    let end_line = before_end.matches('\n').count().saturating_add(1);
    let end_column = before_end.rsplit('\n').next().map_or(0, |line| line.chars().count()).saturating_add(1);
    let region = Value::from([
        ("startLine", number(diagnostic.line)),
        ("startColumn", number(diagnostic.column)),
        ("endLine", number(end_line)),
        ("endColumn", number(end_column)),
    ]);
    let uri = reference(&path.to_string_lossy().replace('\\', "/"));
    let place = Value::from([("artifactLocation", Value::from([("uri", uri.into())])), ("region", region)]);
    let message = match &diagnostic.help {
        Some(help) => format!("{}; {help}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    Value::from([
        ("ruleId", diagnostic.code.into()),
        ("level", level.into()),
        ("message", Value::from([("text", message.into())])),
        ("locations", vec![Value::from([("physicalLocation", place)])].into()),
    ])
}

/// A path as a reference (RFC 3986): what has no place in one is written as `%` and its bytes.
fn reference(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte);
    path.bytes().fold(String::new(), |mut uri, byte| {
        if plain(byte) {
            uri.push(char::from(byte));
        } else {
            // Writing into a text has no way to fail.
            let _ = write!(uri, "%{byte:02X}");
        }
        uri
    })
}
