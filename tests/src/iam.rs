//! What IAM makes of a policy, written without a thought to speed.

use serde_json::Value;

/// Whether a policy allows a call: an explicit deny wins, and what nothing allows is denied.
///
/// # Panics
///
/// Panics if the value is no policy.
#[must_use]
pub fn iam_allows(policy: &Value, arn: &str) -> bool {
    let statements = policy["Statement"].as_array().expect("statements");
    let matches = |statement: &&Value| {
        let resources = statement["Resource"].as_array().expect("resources");
        resources.iter().any(|resource| like(resource.as_str().unwrap_or(""), arn))
    };
    let effect = |name: &str| statements.iter().filter(|one| one["Effect"] == name).any(|one| matches(&one));
    effect("Allow") && !effect("Deny")
}

/// IAM's wildcards.
fn like(pattern: &str, text: &str) -> bool {
    match pattern.chars().next() {
        None => text.is_empty(),
        Some('*') => {
            let rest = &pattern[1..];
            (0..=text.len()).filter(|at| text.is_char_boundary(*at)).any(|at| like(rest, &text[at..]))
        }
        Some('?') => text.chars().next().is_some_and(|first| like(&pattern[1..], &text[first.len_utf8()..])),
        Some(first) => text.strip_prefix(first).is_some_and(|rest| like(&pattern[first.len_utf8()..], rest)),
    }
}
