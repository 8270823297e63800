//! Starts the two packaged functions as Lambda does and asks each for one answer.
//!
//! `smoke TOKEN-TRIGGER AUTHORIZER [RUNNER …]` takes the folders that the zips were unpacked into; the runner starts
//! programs of another processor.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use claim_core::contract::compile;
use claim_core::json;
use conformance::Unpacked;
use conformance::issuer::{Behaviour, KeyServer, SigningKey, access_claims, key_set};
use corpus::repository;
use host_cli::dev::{Answer, Store};
use serde_json::{Value, json};

const ARN: &str = "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3/prod/";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [trigger, authorizer, runner @ ..] = arguments.as_slice() else {
        panic!("smoke takes the folders of both functions, and a runner");
    };
    let trigger = unpacked(trigger, runner);
    let authorizer = unpacked(authorizer, runner);
    signs_in(&trigger).await;
    decides(&authorizer).await;
}

fn example(file: &str) -> String {
    let path = repository().join("examples/orders").join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A function as it was packaged, that a runner may have to start.
fn unpacked(folder: &str, runner: &[String]) -> Unpacked {
    let mut unpacked = Unpacked::new(Path::new(folder));
    unpacked.program = started_by(runner, &unpacked.program);
    unpacked
}

/// Returns a program that starts a binary by a runner, if there is one.
fn started_by(runner: &[String], binary: &Path) -> PathBuf {
    if runner.is_empty() {
        return binary.to_path_buf();
    }
    let script = binary.with_file_name("start");
    // The functions' environment is empty, and so is its search path.
    let path = std::env::var("PATH").expect("a search path");
    let text = format!("#!/bin/sh\nPATH='{path}'\nexec {} '{}'\n", runner.join(" "), binary.display());
    std::fs::write(&script, text).expect("the script is written");
    std::fs::set_permissions(&script, Permissions::from_mode(0o755)).expect("it is made a program");
    script
}

fn answered(answer: Answer) -> Value {
    match answer {
        Answer::Response(text) => serde_json::from_str(&text).expect("an answer is json"),
        Answer::Error(error) => panic!("the function fails: {error}"),
    }
}

async fn signs_in(trigger: &Unpacked) {
    let bundle = compile(&example("claims.yaml")).bundle.expect("the example has no mistakes");
    let seed = json::read(&example("seed.json")).expect("the seed is json");
    let store = Store::start(&bundle, seed.as_object().expect("an object")).await.expect("the engine starts");
    let function = trigger.start(store.endpoint(), &[]).await;
    let answer = answered(function.invoke(&example("event.json")).await.expect("an answer"));
    let want: Value = serde_json::from_str(&example("answer.json")).expect("json");
    assert_eq!(answer["response"], want);
    function.stop().await;
    store.stop().await;
}

async fn decides(authorizer: &Unpacked) {
    let key = SigningKey::new("k1");
    let server = KeyServer::start(Behaviour::Keys(key_set(&[&key]))).await;
    let issuers = format!("{}=c1", server.issuer());
    let function = authorizer.start("http://127.0.0.1:9", &[("CLAIMWRIGHT_ISSUERS", &issuers)]).await;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs();
    let mut claims = access_claims(&server.issuer());
    for (name, value) in [("iat", now - 5), ("auth_time", now - 5), ("exp", now + 600)] {
        claims[name] = value.into();
    }
    claims["permissions"] = json!(["write:orders"]);
    let call = |token: &str| {
        json!({ "type": "TOKEN", "authorizationToken": format!("Bearer {token}"), "methodArn": format!("{ARN}POST/orders") })
            .to_string()
    };
    let answer = answered(function.invoke(&call(&key.token(&claims))).await.expect("an answer"));
    assert_eq!(answer["context"]["permissions"], "[\"write:orders\"]");
    match function.invoke(&call("a.b.c")).await.expect("an answer") {
        Answer::Error(error) => assert!(error.contains("Unauthorized"), "{error}"),
        Answer::Response(text) => panic!("the function answers: {text}"),
    }
    function.stop().await;
}
