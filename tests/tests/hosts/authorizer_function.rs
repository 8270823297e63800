//! The real binary of the authorizer, as Lambda starts it.

use std::fs::File;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{SystemTime, UNIX_EPOCH};

use claim_core::contract::compile;
use conformance::issuer::{Behaviour, KeyServer, SigningKey, access_claims, key_set};
use conformance::{binary, machine_code, scratch};
use corpus::repository;
use host_cli::dev::{Answer, Function, Start};
use serde_json::{Value, json};

const ARN: &str = "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3/prod/";

fn authorizer() -> PathBuf {
    binary().with_file_name("authorizer")
}

fn bundle() -> String {
    let contract =
        std::fs::read_to_string(repository().join("examples/api/claims.yaml")).expect("the example");
    compile(&contract).bundle.expect("no mistakes").to_text()
}

async fn start(settings: &[(&str, &str)], log: Stdio) -> Result<Function, String> {
    let (bundle, binary) = (bundle(), authorizer());
    let start = Start {
        binary: &binary,
        logic: machine_code(),
        custom: &[],
        bundle: Some(&bundle),
        endpoint: "http://127.0.0.1:9",
        settings,
    };
    Function::start_with_log(&start, log).await
}

/// A good token of an issuer, by the clock of this machine.
fn token(issuer: &str, key: &SigningKey, permissions: &[&str]) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs();
    let mut claims = access_claims(issuer);
    for (name, value) in [("iat", now - 5), ("auth_time", now - 5), ("exp", now + 600)] {
        claims[name] = value.into();
    }
    claims["permissions"] = json!(permissions);
    claims["acme:tenant"] = json!("t-9");
    key.token(&claims)
}

fn event(token: &str, route: &str) -> String {
    json!({ "type": "TOKEN", "authorizationToken": format!("Bearer {token}"), "methodArn": format!("{ARN}{route}") })
        .to_string()
}

fn answered(answer: Answer) -> Value {
    match answer {
        Answer::Response(text) => serde_json::from_str(&text).expect("an answer is json"),
        Answer::Error(error) => panic!("the function fails: {error}"),
    }
}

fn failed(answer: Answer) -> Value {
    match answer {
        Answer::Error(error) => serde_json::from_str(&error).expect("an error is json"),
        Answer::Response(text) => panic!("the function answers: {text}"),
    }
}

#[tokio::test]
async fn a_token_is_verified_decided_and_logged_without_a_personal_value() {
    let key = SigningKey::new("k1");
    let server = KeyServer::start(Behaviour::Keys(key_set(&[&key]))).await;
    let directory = scratch("authorizer-log");
    let log = directory.join("log");
    let issuers = format!("{}=c1", server.issuer());
    let file = File::create(&log).expect("a log");
    let function =
        start(&[("CLAIMWRIGHT_ISSUERS", &issuers)], file.into()).await.expect("the function starts");

    let good = token(&server.issuer(), &key, &["write:all"]);
    let answer = answered(function.invoke(&event(&good, "POST/invoices/7")).await.expect("an answer"));
    assert_eq!(answer["context"]["tenant"], "t-9");
    let allowed = &answer["policyDocument"]["Statement"][0];
    assert_eq!(allowed["Effect"], "Allow");
    assert!(
        allowed["Resource"].as_array().expect("a list").contains(&json!(format!("{ARN}POST/invoices/*")))
    );

    // Another letter in the middle of the signature.
    let at = good.len() - 100;
    let other = if good.as_bytes()[at] == b'A' { "B" } else { "A" };
    let forged = format!("{}{other}{}", &good[..at], &good[at + 1..]);
    for bad in ["", "nonsense", "a.b.c", forged.as_str()] {
        let error = failed(function.invoke(&event(bad, "GET/x")).await.expect("an answer"));
        assert_eq!(error["errorMessage"], "Unauthorized", "{bad}");
    }
    for bad in ["{}", "[]", "{\"type\":\"TOKEN\"}"] {
        let error = failed(function.invoke(bad).await.expect("an answer"));
        assert_ne!(error["errorMessage"], "Unauthorized", "{bad}");
        assert_eq!(error["errorType"], "malformed-event", "{bad}");
    }
    answered(function.invoke(&event(&good, "GET/x")).await.expect("it still answers"));
    function.stop().await;

    let log = std::fs::read_to_string(log).expect("the log is text");
    assert_eq!(server.requests(), 1, "the keys were fetched at the start and never again");
    let mut lines: Vec<Value> =
        log.lines().map(|line| serde_json::from_str(line).expect("a line is json")).collect();
    let keys = lines.remove(0);
    assert_eq!(
        (&keys["outcome"], &keys["KeyFetches"], &keys["keysAgeSeconds"]),
        (&json!("fetched"), &json!(1), &json!(0))
    );
    assert_eq!(lines.len(), 9, "{log}");
    assert_eq!((&lines[0]["outcome"], &lines[0]["reason"]), (&json!("allow"), &json!("allowed")));
    assert_eq!((&lines[1]["outcome"], &lines[1]["reason"]), (&json!("deny"), &json!("token-missing")));
    assert_eq!(lines[4]["reason"], "token-signature");
    assert_eq!(lines[5]["outcome"], "error");
    assert_eq!(lines[0]["_aws"]["CloudWatchMetrics"][0]["Metrics"][0]["Name"], "Decisions");
    for personal in
        ["kim", "u-1", "t-9", "write:all", "invoices/7", &good[..40], &forged[forged.len() - 40..]]
    {
        assert!(!log.contains(personal), "{personal} is in the log: {log}");
    }
    std::fs::remove_dir_all(directory).expect("the directory is ours");
}

#[tokio::test]
async fn given_keys_need_no_network_and_an_outage_is_no_denial() {
    let key = SigningKey::new("k1");
    let directory = scratch("authorizer-keys");
    let keys = directory.join("keys.json");
    let issuer = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E";
    let set: Value = serde_json::from_str(&key_set(&[&key])).expect("json");
    std::fs::write(&keys, json!({ "eu-west-1_Ab12Cd34E": set }).to_string()).expect("the keys are written");
    let settings = [
        ("CLAIMWRIGHT_ISSUERS", "eu-west-1_Ab12Cd34E=c1"),
        ("CLAIMWRIGHT_KEYS", keys.to_str().expect("a path")),
    ];
    let function = start(&settings, Stdio::null()).await.expect("the function starts");
    let answer = function.invoke(&event(&token(issuer, &key, &[]), "GET/x")).await.expect("an answer");
    assert_eq!(answered(answer)["principalId"], "u-1");
    function.stop().await;

    // Nobody listens there: the function starts all the same, and says that it does not know.
    let issuers = "http://127.0.0.1:9/pool=c1";
    let function =
        start(&[("CLAIMWRIGHT_ISSUERS", issuers)], Stdio::null()).await.expect("the function starts");
    let good = token("http://127.0.0.1:9/pool", &key, &[]);
    let error = failed(function.invoke(&event(&good, "GET/x")).await.expect("an answer"));
    assert_eq!(error["errorMessage"], "the call could not be authorized (keys-unavailable)");
    function.stop().await;
    std::fs::remove_dir_all(directory).expect("the directory is ours");
}

#[tokio::test]
async fn wrong_settings_do_not_start() {
    for settings in [
        &[][..],
        &[("CLAIMWRIGHT_ISSUERS", "nonsense")],
        &[("CLAIMWRIGHT_ISSUERS", "eu-west-1_A=c1"), ("CLAIMWRIGHT_KEYS", "/nowhere/keys.json")],
        &[("CLAIMWRIGHT_ISSUERS", "eu-west-1_A=c1"), ("CLAIMWRIGHT_HTTP_ANSWER", "both")],
    ] {
        let failed = match start(settings, Stdio::null()).await {
            Err(_) => true,
            Ok(function) => function.invoke("{}").await.is_err(),
        };
        assert!(failed, "{settings:?}");
    }
}

#[test]
fn the_authorizer_does_not_link_the_tables() {
    let output = std::process::Command::new(env!("CARGO"))
        .args(["tree", "--package", "host-lambda", "--no-default-features", "--features", "authorizer"])
        .args(["--edges", "normal", "--prefix", "none", "--format", "{lib}"])
        .current_dir(repository())
        .output()
        .expect("cargo runs");
    let packages = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && packages.contains("wasmtime"), "{packages}");
    for forbidden in ["aws_sdk_dynamodb", "aws_smithy", "openssl", "cranelift_codegen"] {
        assert!(!packages.contains(forbidden), "{forbidden} is linked");
    }
}
