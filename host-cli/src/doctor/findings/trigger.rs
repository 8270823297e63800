//! The function behind the pool: whether the pool may call it, in what time it must answer, and which tables it reads.

use std::collections::{BTreeMap, BTreeSet};

use super::super::deployment::{Function, Pool, Table};
use super::permission::{examine_width, is_given};
use super::{Contract, Findings, examine_runtime, list};

/// Who calls it.
const COGNITO: &str = "cognito-idp.amazonaws.com";

/// Cognito waits for five seconds, and says nothing to whoever signs in but that something failed.
const MOST_TIMEOUT: i64 = 5;

/// What of the timeout the lookups may take, as the function reads it: `CLAIMWRIGHT_FACTS_MS`.
const FACTS_MS: i64 = 1_500;

pub(super) fn examine(
    findings: &mut Findings,
    contract: &Contract<'_>,
    function: &Function,
    pool: Option<&Pool>,
) {
    let subject = format!("function {}", function.arn);
    examine_runtime(findings, &subject, &function.runtime);
    if function.timeout > MOST_TIMEOUT {
        findings.error(
            "timeout",
            &subject,
            format!(
                "its timeout is {} s and cognito waits for {MOST_TIMEOUT}; set it to {MOST_TIMEOUT} or less, so that its log says \
                 what took so long",
                function.timeout
            ),
        );
    }
    let facts = function
        .environment
        .get("CLAIMWRIGHT_FACTS_MS")
        .and_then(|text| text.parse().ok())
        .unwrap_or(FACTS_MS);
    if !contract.bundle.facts.is_empty() && function.timeout.saturating_mul(1_000) <= facts {
        findings.error(
            "timeout",
            &subject,
            format!(
                "its timeout is {} s and its lookups may take {facts} ms of it; set the timeout higher or `CLAIMWRIGHT_FACTS_MS` \
                 lower",
                function.timeout
            ),
        );
    }
    examine_width(findings, function, COGNITO, &subject);
    if let Some(pool) = pool {
        examine_permission(findings, function, pool, &subject);
    }
    for name in ["AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"] {
        if let Some(url) = function.environment.get(name) {
            findings.warning(
                "endpoint",
                &subject,
                format!("it reads tables at `{url}` because `{name}` says so; leave the variable out unless that is meant"),
            );
        }
    }
    let known: BTreeSet<&str> = contract.bundle.facts.values().map(|fact| fact.table.as_str()).collect();
    let strangers = named_tables(function).into_iter().filter(|name| !known.contains(name.as_str()));
    for name in strangers {
        findings.warning(
            "unknown-table",
            &subject,
            format!(
                "`CLAIMWRIGHT_TABLES` names the table `{name}`, of which the contract knows nothing; it has {}",
                if known.is_empty() { "none".to_owned() } else { list(known.iter().copied()) }
            ),
        );
    }
}

fn examine_permission(findings: &mut Findings, function: &Function, pool: &Pool, subject: &str) {
    if !is_given(function, COGNITO, &pool.arn) {
        findings.error(
            "no-permission",
            subject,
            format!(
                "the pool `{}` may not invoke it, so every sign-in fails; give `{COGNITO}` the permission `lambda:InvokeFunction` \
                 on `{}` with the source arn `{}`",
                pool.id, function.arn, pool.arn
            ),
        );
    }
}

/// The names, in the contract, of the tables that the function is told about.
fn named_tables(function: &Function) -> Vec<String> {
    let setting = function.environment.get("CLAIMWRIGHT_TABLES").map(String::as_str).unwrap_or_default();
    let pairs = setting.split(',').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, _)| name.trim().to_owned()).collect()
}

/// Examines the tables: a lookup by other attributes than a table's key fails, and the contract says what then.
pub(super) fn examine_tables(
    findings: &mut Findings,
    contract: &Contract<'_>,
    tables: &BTreeMap<String, Table>,
) {
    for (name, fact) in &contract.bundle.facts {
        let Some(table) = tables.get(&fact.table) else {
            continue;
        };
        let subject = format!("table {}", table.name);
        let wanted: BTreeSet<String> = fact.key.keys().cloned().collect();
        match &table.key {
            None => findings.error(
                "no-table",
                &subject,
                format!("there is no such table, and the fact `{name}` reads it; make it, or name the real one in `CLAIMWRIGHT_TABLES`"),
            ),
            Some(key) if *key != wanted => findings.error(
                "table-key",
                &subject,
                format!(
                    "its key is {} and the fact `{name}` finds records by {}; make them the same",
                    list(key.iter().map(String::as_str)),
                    list(wanted.iter().map(String::as_str))
                ),
            ),
            Some(_) => {}
        }
    }
}
