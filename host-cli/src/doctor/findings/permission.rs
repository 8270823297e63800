//! Who may invoke a function.

use super::super::deployment::{Function, Grant};
use super::Findings;
use crate::wildcard;

/// Whether a service may invoke a function in the name of a source: a pool, or an authorizer of an API.
pub(super) fn is_given(function: &Function, service: &str, source: &str) -> bool {
    // arn:PARTITION:SERVICE:REGION:ACCOUNT:…
    let account = source.split(':').nth(4).unwrap_or_default();
    let covers = |grant: &Grant| {
        grant.source_arn.as_deref().is_none_or(|pattern| wildcard::matches(pattern, source))
            && grant.source_account.as_deref().is_none_or(|other| other == account)
    };
    function.grants.iter().any(|grant| (grant.who == service || grant.who == "*") && covers(grant))
}

/// Examines who else may invoke a function that one service calls.
pub(super) fn examine_width(findings: &mut Findings, function: &Function, service: &str, subject: &str) {
    let bounded = |grant: &Grant| grant.source_arn.is_some() || grant.source_account.is_some();
    if function.grants.iter().any(|grant| grant.who == "*" && !bounded(grant)) {
        findings.error(
            "open-permission",
            subject,
            format!("anybody at all may invoke it; let only `{service}` do so, and name the source arn"),
        );
    }
    if function.grants.iter().any(|grant| grant.who == service && !bounded(grant)) {
        findings.warning(
            "wide-permission",
            subject,
            format!("`{service}` may invoke it for any account; name the source arn in the permission"),
        );
    }
}
