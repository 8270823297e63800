//! The real binary of the function: the examples end to end, and what it makes of bad input.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use aws_lambda_events::event::cognito::CognitoEventUserPoolsPreTokenGenV2;
use claim_core::contract::compile;
use claim_core::json;
use conformance::{artifact, binary, machine_code};
use corpus::repository;
use host_cli::dev::{Answer, Function, Start, Store};
use serde_json::Value;

fn read(path: &str) -> String {
    std::fs::read_to_string(repository().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

async fn start(example: &str) -> (Store, Function) {
    let bundle =
        compile(&read(&format!("{example}/claims.yaml"))).bundle.expect("the example has no mistakes");
    let seed = json::read(&read(&format!("{example}/seed.json"))).expect("the seed is json");
    let store = Store::start(&bundle, seed.as_object().expect("the seed is an object"))
        .await
        .expect("the engine starts");
    let start = Start {
        binary: &binary(),
        logic: machine_code(),
        custom: &[],
        bundle: Some(&bundle.to_text()),
        endpoint: store.endpoint(),
        settings: &[],
    };
    let function = Function::start(&start).await.expect("the function starts");
    (store, function)
}

fn response(answer: Answer) -> Value {
    match answer {
        Answer::Response(text) => serde_json::from_str(&text).expect("an answer is json"),
        Answer::Error(error) => panic!("the function refuses: {error}"),
    }
}

#[tokio::test]
async fn every_example_is_answered_end_to_end() {
    for example in ["api", "profile", "v1-names", "membership", "subscription", "orders"] {
        let example = format!("examples/{example}");
        let (store, function) = start(&example).await;
        let event = read(&format!("{example}/event.json"));
        let answer = response(function.invoke(&event).await.expect("the function answers"));
        let want: Value = serde_json::from_str(&read(&format!("{example}/answer.json"))).expect("json");
        assert_eq!(answer["response"], want, "{example}");
        let event: Value = serde_json::from_str(&event).expect("json");
        assert_eq!(answer["request"], event["request"], "{example}");
        function.stop().await;
        store.stop().await;
    }
}

#[tokio::test]
async fn an_event_of_the_published_crate_is_answered() {
    let (store, function) = start("examples/subscription").await;
    let event: CognitoEventUserPoolsPreTokenGenV2 =
        serde_json::from_str(&read("examples/subscription/event.json")).expect("the crate reads the sample");
    // Written by the crate, the response has a group override that is empty, which would take all groups away.
    let event = serde_json::to_string(&event).expect("the crate writes it");
    let answer = response(function.invoke(&event).await.expect("an answer"));
    let want: Value = serde_json::from_str(&read("examples/subscription/answer.json")).expect("json");
    assert_eq!(answer["response"], want);
    function.stop().await;
    store.stop().await;
}

#[tokio::test]
async fn bad_input_gets_a_short_answer_and_the_next_user_signs_in() {
    let (store, function) = start("examples/profile").await;
    let good = read("examples/profile/event.json");
    let secret = "k".repeat(10 * 1024);
    let nested = format!("{{\"request\":{}{}}}", "[".repeat(3_000_000), "]".repeat(3_000_000));
    let inputs: Vec<(&str, Vec<u8>)> = vec![
        ("not json", b"hello".to_vec()),
        ("nothing", Vec::new()),
        ("a list", b"[]".to_vec()),
        ("6 MB of nesting", nested.into_bytes()),
        ("2 MB of text", format!("{{\"x\":\"{}\"}}", "a".repeat(2_000_000)).into_bytes()),
        ("a long name", good.replace("\"ben\"", &format!("\"{secret}\"")).into_bytes()),
        ("groups as a text", good.replace("[\"staff\"]", "\"staff-secret\"").into_bytes()),
        (
            "attributes as a list",
            good.replace("\"userAttributes\": {", "\"x\": {}, \"userAttributes\": [], \"y\": {").into_bytes(),
        ),
    ];
    for (name, input) in inputs {
        let started = Instant::now();
        match function.invoke_bytes(input).await.unwrap_or_else(|failure| panic!("{name}: {failure}")) {
            Answer::Error(error) => {
                assert!(error.len() < 400, "{name}: {error}");
                assert!(
                    !error.contains(&secret[..100]) && !error.contains("staff-secret"),
                    "{name}: {error}"
                );
            }
            Answer::Response(answer) => panic!("{name} is answered: {answer}"),
        }
        assert!(started.elapsed() < Duration::from_secs(2), "{name} took {:?}", started.elapsed());
        let answer = response(function.invoke(&good).await.expect("the function still answers"));
        assert!(!answer["response"]["claimsAndScopeOverrideDetails"].is_null(), "after {name}");
    }
    function.stop().await;
    store.stop().await;
}

#[tokio::test]
async fn whom_the_contract_refuses_reads_its_message_and_nothing_else() {
    let (store, function) = start("examples/api").await;
    let event = read("examples/api/event.json");
    let closed = event.replace("\"u-1\"", "\"u-2\"");
    match function.invoke(&closed).await.expect("an answer") {
        Answer::Error(error) => {
            let error: Value = serde_json::from_str(&error).expect("an error is json");
            assert_eq!(error["errorMessage"], "this membership is closed");
            assert_eq!(error["errorType"], "blocked");
        }
        Answer::Response(answer) => panic!("the sign-in is answered: {answer}"),
    }
    let nobody = event.replace("\"u-1\"", "\"u-3\"");
    match function.invoke(&nobody).await.expect("an answer") {
        Answer::Error(error) => {
            assert!(error.contains("sign-in could not be completed (fact-missing)"), "{error}");
        }
        Answer::Response(answer) => panic!("the sign-in is answered: {answer}"),
    }
    function.stop().await;
    store.stop().await;
}

#[tokio::test]
async fn the_real_name_of_a_table_is_a_setting() {
    let contract = read("examples/profile/claims.yaml");
    let bundle = compile(&contract).bundle.expect("no mistakes");
    let real =
        compile(&contract.replace("table: profiles", "table: prod-profiles")).bundle.expect("no mistakes");
    let seed = json::read(r#"{"prod-profiles":[{"id":"USER#ben","first_name":"Prod"}]}"#).expect("json");
    let store = Store::start(&real, seed.as_object().expect("an object")).await.expect("the engine starts");
    let start = Start {
        binary: &binary(),
        logic: machine_code(),
        custom: &[],
        bundle: Some(&bundle.to_text()),
        endpoint: store.endpoint(),
        settings: &[("CLAIMWRIGHT_TABLES", "profiles=prod-profiles")],
    };
    let function = Function::start(&start).await.expect("the function starts");
    let answer = response(function.invoke(&read("examples/profile/event.json")).await.expect("an answer"));
    let id = &answer["response"]["claimsAndScopeOverrideDetails"]["idTokenGeneration"];
    assert_eq!(id["claimsToAddOrOverride"]["first_name"], "Prod");
    function.stop().await;
    store.stop().await;
}

#[tokio::test]
async fn a_function_with_wrong_settings_does_not_start_and_says_why() {
    let endpoint = "http://127.0.0.1:9";
    for (logic, bundle, settings) in [
        (&b"not machine code"[..], "{}", &[][..]),
        (machine_code(), "{\"format\":99}", &[][..]),
        (machine_code(), "not a bundle", &[][..]),
        (machine_code(), "{\"format\":1}", &[("CLAIMWRIGHT_TABLES", "nonsense")][..]),
        (machine_code(), "{\"format\":1}", &[("CLAIMWRIGHT_LOGIC", "/nowhere/logic.cwasm")][..]),
    ] {
        let start = Start { binary: &binary(), logic, custom: &[], bundle: Some(bundle), endpoint, settings };
        let function = Function::start(&start).await;
        // The start is checked once more: a slow machine may take longer than the first look.
        let failed = match function {
            Err(_) => true,
            Ok(function) => function.invoke("{}").await.is_err(),
        };
        assert!(failed, "{bundle} {settings:?}");
    }
}

#[tokio::test]
async fn the_log_holds_no_personal_value() {
    let output = std::process::Command::new(claims())
        .args(["dev", "examples/profile/claims.yaml", "--event", "examples/profile/event.json"])
        .args(["--seed", "examples/profile/seed.json", "--logic"])
        .arg(artifact("logic.wasm"))
        .arg("--trigger")
        .arg(binary())
        .current_dir(repository())
        .output()
        .expect("the command runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}");
    let line = text.lines().find(|line| line.starts_with('{')).expect("the function logs a line");
    let log: Value = serde_json::from_str(line).expect("a line is json");
    assert_eq!(log["message"], "tokens shaped");
    assert_eq!(log["facts"][0]["outcome"], "found");
    assert!(log["idTokenBytes"].as_u64() > Some(1_000) && log["overBudget"].is_null(), "{line}");
    for personal in ["ben", "Ben", "Pyle", "location-7", "example.org", "6a1e0f5c", "staff"] {
        assert!(!line.contains(personal), "{personal} is in the log: {line}");
    }
    // What the person at the terminal asked to see is there all the same.
    assert!(
        text.contains("+ first_name \"Ben\"") && text.contains("+ interesting_value \"location-7\""),
        "{text}"
    );
}

fn claims() -> PathBuf {
    binary().with_file_name("claims")
}
