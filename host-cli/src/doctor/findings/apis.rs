//! The authorizer, and the gateways that call it.

use super::super::deployment::{Function, GatewayAuthorizer, GatewayKind, Pool};
use super::permission::{examine_width, is_given};
use super::{Contract, Findings, examine_runtime, list};

/// Who calls it.
const GATEWAY: &str = "apigateway.amazonaws.com";

/// HTTP APIs wait for ten seconds.
const MOST_TIMEOUT: i64 = 10;

pub(super) fn examine_function(
    findings: &mut Findings,
    contract: &Contract<'_>,
    function: &Function,
    pool: Option<&Pool>,
) {
    let subject = format!("function {}", function.arn);
    examine_runtime(findings, &subject, &function.runtime);
    examine_width(findings, function, GATEWAY, &subject);
    if contract.bundle.authorize.is_none() {
        findings.error(
            "no-rules",
            &subject,
            "the contract has no `authorize`, so every call is denied; say who may call what, or take the authorizer away",
        );
    }
    if function.timeout > MOST_TIMEOUT {
        findings.warning(
            "timeout",
            &subject,
            format!(
                "its timeout is {} s and gateways wait for {MOST_TIMEOUT}; set it to {MOST_TIMEOUT} or less",
                function.timeout
            ),
        );
    }
    if let Some(pool) = pool {
        examine_issuers(findings, function, pool, &subject);
    }
    if let Some(url) = function.environment.get("CLAIMWRIGHT_KEYS_URL") {
        findings.warning(
            "keys-elsewhere",
            &subject,
            format!(
                "it fetches the pool's keys at `{url}`, and whoever answers there says which tokens are good; leave \
                 `CLAIMWRIGHT_KEYS_URL` out unless that is meant"
            ),
        );
    }
}

fn examine_issuers(findings: &mut Findings, function: &Function, pool: &Pool, subject: &str) {
    let setting = function.environment.get("CLAIMWRIGHT_ISSUERS").map(String::as_str).unwrap_or_default();
    let pairs: Vec<(&str, &str)> =
        setting.split_whitespace().filter_map(|pair| pair.rsplit_once('=')).collect();
    let Some((_, clients)) =
        pairs.iter().find(|(name, _)| *name == pool.id || name.ends_with(&format!("/{}", pool.id)))
    else {
        findings.error(
            "other-issuer",
            subject,
            format!("`CLAIMWRIGHT_ISSUERS` does not name the pool, so all of its tokens are refused; add `{}=CLIENT_ID`", pool.id),
        );
        return;
    };
    let strangers: Vec<&str> =
        clients.split(',').filter(|id| !pool.clients.iter().any(|client| client.id == *id)).collect();
    if !strangers.is_empty() {
        findings.warning(
            "unknown-client",
            subject,
            format!(
                "`CLAIMWRIGHT_ISSUERS` names {}, and the pool has no such app clients; take them out",
                list(strangers)
            ),
        );
    }
}

pub(super) fn examine_gateway(
    findings: &mut Findings,
    contract: &Contract<'_>,
    gateway: &GatewayAuthorizer,
    function: Option<&Function>,
) {
    let subject = format!("authorizer {} of api {}", gateway.id, gateway.api);
    if let Some(function) = function {
        if function.arn != gateway.function {
            findings.error(
                "other-authorizer",
                &subject,
                format!(
                    "it calls `{}` and `{}` was named; make the gateway call that one, or name the one that it calls",
                    gateway.function, function.arn
                ),
            );
        } else if !gateway.has_role {
            examine_permission(findings, gateway, function, &subject);
        }
        examine_form(findings, gateway, function, &subject);
        examine_sources(findings, gateway, function, &subject);
    }
    let by_call = ["$context.httpMethod", "$context.path"].map(|name| source_names(gateway, name))
        == [true, true]
        || ["context.httpMethod", "context.path"].map(|name| source_names(gateway, name)) == [true, true];
    if gateway.ttl > 0 && !by_call {
        let asks_about_one =
            contract.bundle.authorize.as_ref().is_some_and(|authorize| !authorize.is_cacheable());
        if gateway.simple || asks_about_one {
            findings.error(
                "kept-too-long",
                &subject,
                format!(
                    "it keeps an answer for {} s, and {} right for one call only; set the time to live to 0, or add the method and \
                     the path to the identity sources",
                    gateway.ttl,
                    if gateway.simple { "a simple answer is" } else { "the contract's rules make answers that are" }
                ),
            );
        }
    }
}

fn examine_permission(
    findings: &mut Findings,
    gateway: &GatewayAuthorizer,
    function: &Function,
    subject: &str,
) {
    // arn:PARTITION:lambda:REGION:ACCOUNT:function:…
    let mut parts = function.arn.split(':').skip(1);
    let mut part = || parts.next().unwrap_or_default();
    let (partition, _, region, account) = (part(), part(), part(), part());
    let source =
        format!("arn:{partition}:execute-api:{region}:{account}:{}/authorizers/{}", gateway.api, gateway.id);
    if !is_given(function, GATEWAY, &source) {
        findings.error(
            "no-permission",
            subject,
            format!(
                "it may not invoke `{}`, so every call is answered with 500; give `{GATEWAY}` the permission \
                 `lambda:InvokeFunction` with the source arn `{source}`",
                function.arn
            ),
        );
    }
}

/// Whether gateway and function speak of the same form of an answer.
fn examine_form(findings: &mut Findings, gateway: &GatewayAuthorizer, function: &Function, subject: &str) {
    if gateway.kind != GatewayKind::Http {
        return;
    }
    let simple = function.environment.get("CLAIMWRIGHT_HTTP_ANSWER").is_some_and(|answer| answer == "simple");
    if simple != gateway.simple {
        let (met, wanted) = if gateway.simple { ("simple", "`simple`") } else { ("iam", "`iam`") };
        findings.error(
            "answer-form",
            subject,
            format!(
                "it takes {met} answers and the function gives the other form, so every call is answered with 500; set \
                 `CLAIMWRIGHT_HTTP_ANSWER` to {wanted}, or change the authorizer"
            ),
        );
    }
    if gateway.simple && gateway.payload.as_deref() != Some("2.0") {
        findings.error(
            "answer-form",
            subject,
            "it takes simple answers, which need payload format 2.0; set that one",
        );
    }
}

/// Whether the gateway looks at, and keeps answers by, what the function reads the token from.
fn examine_sources(findings: &mut Findings, gateway: &GatewayAuthorizer, function: &Function, subject: &str) {
    let (header, query) = match gateway.kind {
        // Its one source is the token itself, whatever else the function is told.
        GatewayKind::RestToken => return,
        GatewayKind::Http => ("$request.header.", "$request.querystring."),
        GatewayKind::RestRequest => ("method.request.header.", "method.request.querystring."),
    };
    let setting =
        function.environment.get("CLAIMWRIGHT_TOKEN_FROM").map_or("header:authorization", String::as_str);
    let places: Vec<String> = setting
        .split(',')
        .filter_map(|place| match place.trim().split_once(':')? {
            ("header", name) => Some(format!("{header}{name}")),
            ("query", name) => Some(format!("{query}{name}")),
            _ => None,
        })
        .collect();
    let texts = |sources: &[String]| match sources {
        [] => "nothing".to_owned(),
        sources => list(sources.iter().map(String::as_str)),
    };
    let named = |place: &&String| source_names(gateway, place);
    if gateway.ttl > 0 && !places.iter().all(|place| named(&place)) {
        findings.error(
            "identity-source",
            subject,
            format!(
                "it keeps answers by {}, and the function reads the token from {}, so one caller may get another's answer; set the time \
                 to live to 0, or read the token from one place and make that the identity source",
                texts(&gateway.sources),
                texts(&places)
            ),
        );
    } else if !gateway.sources.is_empty() && places.len() != places.iter().filter(named).count() {
        findings.error(
            "identity-source",
            subject,
            format!(
                "it turns calls away that have not {}, and the function also reads the token from elsewhere ({}); take the identity \
                 sources away, or read the token there only",
                texts(&gateway.sources),
                texts(&places)
            ),
        );
    } else if places.len() > 1 && !gateway.sources.is_empty() {
        findings.error(
            "identity-source",
            subject,
            format!(
                "a call must have all of {}, and a caller has the token in one place; set the time to live to 0 and take the identity \
                 sources away, or read the token from one place",
                texts(&gateway.sources)
            ),
        );
    }
}

/// Whether an identity source is named: headers in any case, everything else to the letter.
fn source_names(gateway: &GatewayAuthorizer, name: &str) -> bool {
    gateway
        .sources
        .iter()
        .any(|source| source == name || (name.contains(".header.") && source.eq_ignore_ascii_case(name)))
}
