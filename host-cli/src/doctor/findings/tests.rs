//! One good deployment, and everything that can be wrong with it, one thing after the other.

use std::collections::{BTreeMap, BTreeSet};

use claim_core::contract::compile;

use super::super::deployment::{
    Deployment, Function, GatewayAuthorizer, GatewayKind, Grant, Pool, PoolClient, PoolTrigger, Table,
};
use super::{Contract, examine};

const CONTRACT: &str = r#"
version: 1
trustedAttributes: ["custom:tenant", "locale", "email_verified"]
facts:
  profile: { table: profiles, key: { id: 'user.sub' }, fields: [plan], onMissing: empty, onError: refuse }
claims:
  plan: { from: /facts/profile/plan, tokens: [id, access], default: free }
  tenant: { from: "/user/attributes/custom:tenant", tokens: [access], default: "" }
authorize:
  token: access
  rules:
    - routes: ["GET /orders/*"]
"#;

/// Asks about the single call, so that no answer is right for another.
const BY_CALL: &str = r#"
version: 1
authorize:
  token: access
  rules:
    - routes: ["GET /users/{user}"]
      require: 'request.parameters.user == claims.sub'
"#;

const POOL: &str = "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_A";
const TRIGGER: &str = "arn:aws:lambda:eu-west-1:111122223333:function:trigger:live";
const AUTHORIZER: &str = "arn:aws:lambda:eu-west-1:111122223333:function:authorizer:live";

fn texts(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn grant(service: &str, source: &str) -> Grant {
    Grant { who: service.to_owned(), source_arn: Some(source.to_owned()), source_account: None }
}

fn function(arn: &str, timeout: i64, environment: &[(&str, &str)], grants: Vec<Grant>) -> Function {
    let runtime = "provided.al2023".to_owned();
    Function { arn: arn.to_owned(), runtime, timeout, environment: pairs(environment), grants }
}

fn gateway(kind: GatewayKind, id: &str, source: &str) -> GatewayAuthorizer {
    GatewayAuthorizer {
        kind,
        api: "api1".to_owned(),
        id: id.to_owned(),
        function: AUTHORIZER.to_owned(),
        sources: vec![source.to_owned()],
        ttl: 300,
        has_role: false,
        payload: (kind == GatewayKind::Http).then(|| "2.0".to_owned()),
        simple: false,
    }
}

/// A deployment with which nothing is wrong.
fn good() -> Deployment {
    let api = |id: &str| {
        grant(
            "apigateway.amazonaws.com",
            &format!("arn:aws:execute-api:eu-west-1:111122223333:api1/authorizers/{id}"),
        )
    };
    Deployment {
        pool: Some(Pool {
            id: "eu-west-1_A".to_owned(),
            arn: POOL.to_owned(),
            plan: Some("ESSENTIALS".to_owned()),
            trigger: Some(PoolTrigger { function: TRIGGER.to_owned(), version: "V2_0".to_owned() }),
            clients: vec![PoolClient {
                id: "c1".to_owned(),
                writes: Some(texts(&["email", "name"])),
                machines: false,
            }],
        }),
        trigger: Some(function(
            TRIGGER,
            5,
            &[("CLAIMWRIGHT_TABLES", "profiles=prod-profiles")],
            vec![grant("cognito-idp.amazonaws.com", POOL)],
        )),
        authorizer: Some(function(
            AUTHORIZER,
            5,
            &[("CLAIMWRIGHT_ISSUERS", "eu-west-1_A=c1")],
            vec![api("h1"), api("r1")],
        )),
        gateways: vec![
            gateway(GatewayKind::Http, "h1", "$request.header.Authorization"),
            gateway(GatewayKind::RestRequest, "r1", "method.request.header.Authorization"),
        ],
        unguarded: Vec::new(),
        tables: BTreeMap::from([(
            "profiles".to_owned(),
            Table { name: "prod-profiles".to_owned(), key: Some(texts(&["id"])) },
        )]),
    }
}

/// The codes of what is wrong, errors with a `!`.
fn codes(contract: &str, deployment: &Deployment) -> Vec<String> {
    let compiled = compile(contract);
    let bundle = compiled.bundle.expect("a contract without mistakes");
    let contract = Contract { bundle: &bundle, trusted: &compiled.trusted_attributes };
    let findings = examine(&contract, deployment);
    for finding in &findings {
        let first = finding.message.chars().next().unwrap();
        assert!(first.is_lowercase() || first == '`', "{}", finding.message);
    }
    let mark = |finding: &super::Finding| if finding.weight == super::Weight::Error { "!" } else { "" };
    findings.iter().map(|finding| format!("{}{}", finding.code, mark(finding))).collect()
}

#[track_caller]
fn found(change: impl FnOnce(&mut Deployment), codes_wanted: &[&str]) {
    let mut deployment = good();
    change(&mut deployment);
    assert_eq!(codes(CONTRACT, &deployment), codes_wanted);
}

fn pool(deployment: &mut Deployment) -> &mut Pool {
    deployment.pool.as_mut().unwrap()
}

fn trigger(deployment: &mut Deployment) -> &mut Function {
    deployment.trigger.as_mut().unwrap()
}

fn authorizer(deployment: &mut Deployment) -> &mut Function {
    deployment.authorizer.as_mut().unwrap()
}

#[test]
fn nothing_is_wrong_with_a_good_deployment() {
    found(|_| {}, &[]);
    assert_eq!(codes(CONTRACT, &Deployment::default()), [""; 0]);
}

#[test]
fn the_pool_calls_the_right_function_in_the_right_version() {
    let version = |version: &'static str| {
        move |deployment: &mut Deployment| {
            pool(deployment).trigger.as_mut().unwrap().version = version.to_owned();
        }
    };
    found(|deployment| pool(deployment).trigger = None, &["no-trigger!"]);
    found(version("V1_0"), &["trigger-version!"]);
    found(version("V3_0"), &[]);
    found(|deployment| pool(deployment).plan = Some("LITE".to_owned()), &["trigger-plan"]);
    found(|deployment| pool(deployment).clients[0].machines = true, &["machines-pass-by"]);
    found(
        |deployment| {
            // The function itself, and not the alias that was given the permission.
            let other = TRIGGER.trim_end_matches(":live").to_owned();
            pool(deployment).trigger.as_mut().unwrap().function = other;
        },
        &["other-trigger!"],
    );
}

#[test]
fn trusted_attributes_are_nobodys_to_write() {
    let writes = |names: Option<&'static [&'static str]>| {
        move |deployment: &mut Deployment| pool(deployment).clients[0].writes = names.map(texts)
    };
    found(writes(Some(&["custom:tenant"])), &["client-writable!"]);
    found(writes(Some(&["custom:other"])), &[]);
    // A client that names none lets its users write the standard ones.
    found(writes(None), &["client-writable!"]);
}

#[test]
fn cognito_may_call_and_gets_an_answer_in_time() {
    found(|deployment| trigger(deployment).grants.clear(), &["no-permission!"]);
    found(
        |deployment| trigger(deployment).grants = vec![grant("apigateway.amazonaws.com", POOL)],
        &["no-permission!"],
    );
    found(
        |deployment| trigger(deployment).grants[0].source_arn = Some(POOL.replace("_A", "_B")),
        &["no-permission!"],
    );
    found(|deployment| trigger(deployment).grants[0].source_arn = None, &["wide-permission"]);
    let account = |account: &'static str| {
        move |deployment: &mut Deployment| {
            let grant = &mut trigger(deployment).grants[0];
            (grant.source_arn, grant.source_account) = (None, Some(account.to_owned()));
        }
    };
    found(account("111122223333"), &[]);
    found(account("999988887777"), &["no-permission!"]);
    found(
        |deployment| {
            trigger(deployment).grants =
                vec![Grant { who: "*".to_owned(), source_arn: None, source_account: None }];
        },
        &["open-permission!"],
    );
    found(|deployment| trigger(deployment).timeout = 6, &["timeout!"]);
    found(|deployment| trigger(deployment).timeout = 1, &["timeout!"]);
    found(|deployment| trigger(deployment).runtime = "nodejs22.x".to_owned(), &["runtime!"]);
    let environment = |name: &'static str, value: &'static str| {
        move |deployment: &mut Deployment| {
            drop(trigger(deployment).environment.insert(name.to_owned(), value.to_owned()));
        }
    };
    found(environment("AWS_ENDPOINT_URL", "http://127.0.0.1:1"), &["endpoint"]);
    found(environment("CLAIMWRIGHT_TABLES", "profiles=p,orders=o"), &["unknown-table"]);
}

#[test]
fn tables_are_there_and_have_the_key() {
    let key = |key: Option<&'static [&'static str]>| {
        move |deployment: &mut Deployment| {
            deployment.tables.get_mut("profiles").unwrap().key = key.map(texts);
        }
    };
    found(key(None), &["no-table!"]);
    found(key(Some(&["pk"])), &["table-key!"]);
    found(key(Some(&["id", "sort"])), &["table-key!"]);
}

#[test]
fn the_authorizer_knows_the_pool() {
    let issuers = |text: &'static str| {
        move |deployment: &mut Deployment| {
            drop(
                authorizer(deployment).environment.insert("CLAIMWRIGHT_ISSUERS".to_owned(), text.to_owned()),
            );
        }
    };
    found(issuers("eu-west-1_B=c1"), &["other-issuer!"]);
    found(issuers("eu-west-1_A=c1,c9"), &["unknown-client"]);
    found(|deployment| authorizer(deployment).timeout = 30, &["timeout"]);
    found(
        |deployment| {
            let url = "https://keys.example.org".to_owned();
            drop(authorizer(deployment).environment.insert("CLAIMWRIGHT_KEYS_URL".to_owned(), url));
        },
        &["keys-elsewhere"],
    );
    assert_eq!(
        codes(
            "version: 1\nclaims: { a: { value: b, tokens: [id] } }\n",
            &Deployment { authorizer: good().authorizer, ..Deployment::default() }
        ),
        ["no-rules!"]
    );
}

#[test]
fn gateways_may_call_it_and_read_its_answers() {
    found(|deployment| authorizer(deployment).grants.clear(), &["no-permission!", "no-permission!"]);
    found(|deployment| drop(authorizer(deployment).grants.remove(1)), &["no-permission!"]);
    found(
        |deployment| {
            authorizer(deployment).grants.clear();
            deployment.gateways.iter_mut().for_each(|gateway| gateway.has_role = true);
        },
        &[],
    );
    found(|deployment| deployment.gateways[0].function = TRIGGER.to_owned(), &["other-authorizer!"]);
    found(|deployment| deployment.unguarded = vec!["api2".to_owned()], &["no-authorizer!"]);
    found(|deployment| deployment.gateways[0].simple = true, &["answer-form!", "kept-too-long!"]);
    found(
        |deployment| {
            let simple = "simple".to_owned();
            drop(authorizer(deployment).environment.insert("CLAIMWRIGHT_HTTP_ANSWER".to_owned(), simple));
            deployment.gateways[0].simple = true;
            deployment.gateways[0].ttl = 0;
            deployment.gateways[0].payload = Some("1.0".to_owned());
        },
        &["answer-form!"],
    );
}

#[test]
fn what_an_answer_is_kept_by_is_what_it_depends_on() {
    found(|deployment| deployment.gateways[0].sources.clear(), &["identity-source!"]);
    found(
        |deployment| deployment.gateways[1].sources = vec!["method.request.header.authorization".to_owned()],
        &[],
    );
    found(
        |deployment| {
            let places = "header:authorization,query:token".to_owned();
            drop(authorizer(deployment).environment.insert("CLAIMWRIGHT_TOKEN_FROM".to_owned(), places));
        },
        &["identity-source!", "identity-source!"],
    );
    found(
        |deployment| {
            deployment.gateways[0].ttl = 0;
            deployment.gateways[0].sources = vec!["$request.header.X-Token".to_owned()];
        },
        &["identity-source!"],
    );
    // A parameter's name has its case, and a TOKEN authorizer has no other source than its token.
    let query = |source: &'static str| {
        move |deployment: &mut Deployment| {
            let place = "query:token".to_owned();
            drop(authorizer(deployment).environment.insert("CLAIMWRIGHT_TOKEN_FROM".to_owned(), place));
            deployment.gateways.truncate(1);
            deployment.gateways[0].sources = vec![source.to_owned()];
        }
    };
    found(query("$request.querystring.token"), &[]);
    found(query("$request.querystring.Token"), &["identity-source!"]);
    found(
        |deployment| {
            query("")(deployment);
            deployment.gateways =
                vec![gateway(GatewayKind::RestToken, "r1", "method.request.header.Authorization")];
        },
        &[],
    );
    // All sources must be there, and a caller has one.
    found(
        |deployment| {
            let places = "header:authorization,query:token".to_owned();
            drop(authorizer(deployment).environment.insert("CLAIMWRIGHT_TOKEN_FROM".to_owned(), places));
            deployment.gateways.truncate(1);
            deployment.gateways[0].sources.push("$request.querystring.token".to_owned());
        },
        &["identity-source!"],
    );
    // The rules ask about the single call.
    let mut deployment = good();
    deployment.tables.clear();
    deployment.trigger = None;
    deployment.gateways.truncate(1);
    assert_eq!(codes(BY_CALL, &deployment), ["kept-too-long!"]);
    let sources = &mut deployment.gateways[0].sources;
    sources.extend(["$context.httpMethod", "$context.path"].map(str::to_owned));
    assert_eq!(codes(BY_CALL, &deployment), [""; 0]);
}
