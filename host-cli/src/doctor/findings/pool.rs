//! The user pool: which function it calls, in which version, and what its app clients may write.

use claim_core::cognito::{Token, client_writable, is_standard_attribute};
use claim_core::contract::Scopes;

use super::super::deployment::{Function, Pool, PoolClient};
use super::{Contract, Findings, list};

pub(super) fn examine(
    findings: &mut Findings,
    contract: &Contract<'_>,
    pool: &Pool,
    function: Option<&Function>,
) {
    let subject = format!("pool {}", pool.id);
    examine_trigger(findings, contract, pool, function, &subject);
    for attribute in contract.trusted {
        let writers: Vec<&str> = pool
            .clients
            .iter()
            .filter(|client| may_write(client, attribute))
            .map(|client| client.id.as_str())
            .collect();
        if !writers.is_empty() {
            findings.error(
                "client-writable",
                &subject,
                format!(
                    "the contract trusts the attribute `{attribute}`, and users may write it of themselves through the app \
                     clients {}; take it out of their write attributes",
                    list(writers)
                ),
            );
        }
    }
}

fn examine_trigger(
    findings: &mut Findings,
    contract: &Contract<'_>,
    pool: &Pool,
    function: Option<&Function>,
    subject: &str,
) {
    let Some(trigger) = &pool.trigger else {
        findings.error(
            "no-trigger",
            subject,
            "it has no pre token generation trigger, so no token carries the contract's claims; set one with `V2_0` or `V3_0`",
        );
        return;
    };
    if let Some(function) = function.filter(|function| function.arn != trigger.function) {
        findings.error(
            "other-trigger",
            subject,
            format!(
                "its trigger is `{}` and `{}` was named; make the pool call that one, or name the one that it calls",
                trigger.function, function.arn
            ),
        );
    }
    let access = access_claims(contract);
    if trigger.version == "V1_0" && !access.is_empty() {
        findings.error(
            "trigger-version",
            subject,
            format!(
                "its trigger is of version V1_0, which changes no access token, and the contract writes {} there; set `V2_0` or \
                 `V3_0`",
                list(access.iter().map(String::as_str))
            ),
        );
    }
    if trigger.version != "V1_0" && pool.plan.as_deref() == Some("LITE") {
        findings.warning(
            "trigger-plan",
            subject,
            format!(
                "its trigger is of version {} and its feature plan is lite, under which only pools from before november 2024 run it; choose the plan essentials or plus",
                trigger.version
            ),
        );
    }
    let machines: Vec<&str> =
        pool.clients.iter().filter(|client| client.machines).map(|client| client.id.as_str()).collect();
    if trigger.version != "V3_0" && !machines.is_empty() {
        findings.warning(
            "machines-pass-by",
            subject,
            format!(
                "machines ask for tokens through {}, and a trigger of version {} is not called for them; set `V3_0` if the \
                 contract is meant for them",
                list(machines),
                trigger.version
            ),
        );
    }
}

/// What the contract changes in access tokens.
fn access_claims(contract: &Contract<'_>) -> Vec<String> {
    let bundle = contract.bundle;
    let claims = bundle.claims.iter().filter(|(_, claim)| claim.tokens.contains(&Token::Access));
    let mut names: Vec<String> = claims.map(|(name, _)| name.clone()).collect();
    if bundle.scopes != Scopes::default() {
        names.push("scope".to_owned());
    }
    names
}

fn may_write(client: &PoolClient, attribute: &str) -> bool {
    match &client.writes {
        Some(writes) => writes.contains(attribute),
        None => client_writable(attribute) && is_standard_attribute(attribute),
    }
}
