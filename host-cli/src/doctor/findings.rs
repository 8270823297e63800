//! What is wrong with a deployment. No network, no clock: what was read goes in, findings come out.

mod apis;
mod permission;
mod pool;
mod trigger;

use std::collections::BTreeSet;

use claim_core::Bundle;

use super::deployment::Deployment;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Weight {
    /// It does not work, or lets the wrong person in.
    Error,
    /// It works today.
    Warning,
}

impl Weight {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// Something that is wrong.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Finding {
    pub(super) weight: Weight,
    /// Its stable code.
    pub(super) code: &'static str,
    /// What it is about: a kind and a name.
    pub(super) subject: String,
    /// One sentence: what was met, what is allowed, and what to do.
    pub(super) message: String,
}

/// The findings so far.
#[derive(Debug, Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn error(&mut self, code: &'static str, subject: &str, message: impl Into<String>) {
        self.add(Weight::Error, code, subject, message.into());
    }

    fn warning(&mut self, code: &'static str, subject: &str, message: impl Into<String>) {
        self.add(Weight::Warning, code, subject, message.into());
    }

    fn add(&mut self, weight: Weight, code: &'static str, subject: &str, message: String) {
        self.0.push(Finding { weight, code, subject: subject.to_owned(), message });
    }
}

/// What the contract asks of a deployment.
#[derive(Debug)]
pub(super) struct Contract<'a> {
    pub(super) bundle: &'a Bundle,
    /// The attributes of which it says that no app client may write them.
    pub(super) trusted: &'a BTreeSet<String>,
}

/// Examines a deployment: errors first, in a fixed order.
pub(super) fn examine(contract: &Contract<'_>, deployment: &Deployment) -> Vec<Finding> {
    let mut findings = Findings::default();
    if let Some(pool) = &deployment.pool {
        pool::examine(&mut findings, contract, pool, deployment.trigger.as_ref());
    }
    if let Some(function) = &deployment.trigger {
        trigger::examine(&mut findings, contract, function, deployment.pool.as_ref());
    }
    trigger::examine_tables(&mut findings, contract, &deployment.tables);
    if let Some(function) = &deployment.authorizer {
        apis::examine_function(&mut findings, contract, function, deployment.pool.as_ref());
    }
    for api in &deployment.unguarded {
        findings.error(
            "no-authorizer",
            &format!("api {api}"),
            "none of its authorizers calls the function that was named, so nothing of the contract holds there; add one",
        );
    }
    for gateway in &deployment.gateways {
        apis::examine_gateway(&mut findings, contract, gateway, deployment.authorizer.as_ref());
    }
    let mut findings = findings.0;
    findings.sort_by_key(|finding| finding.weight);
    findings
}

/// Names in a sentence.
fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Says that a function would not start: both are made for one runtime.
fn examine_runtime(findings: &mut Findings, subject: &str, runtime: &str) {
    if !runtime.starts_with("provided.al2023") {
        findings.error(
            "runtime",
            subject,
            format!("its runtime is `{runtime}` and its binary is made for `provided.al2023`; set that one"),
        );
    }
}

#[cfg(test)]
mod tests;
