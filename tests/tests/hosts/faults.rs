//! A store that is missing, slow, throttling or refusing: the contract decides, within two seconds.

use std::time::{Duration, Instant};

use claim_core::contract::compile;
use claim_core::json::Object;
use conformance::{binary, machine_code};
use corpus::vector_cases;
use host_cli::dev::{Answer, Function, Start};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    store: Option<String>,
    /// What else fails: read by suite `faults_around`.
    #[expect(dead_code, reason = "the other suite's")]
    keys: Option<String>,
    #[expect(dead_code, reason = "the other suite's")]
    clock: Option<String>,
    #[expect(dead_code, reason = "the other suite's")]
    of: Option<String>,
    outcome: String,
    reason: Option<String>,
}

const LIMIT: Duration = Duration::from_secs(2);

fn contract(on_missing: &str, on_error: &str) -> String {
    format!(
        "version: 1\nfacts:\n  p: {{ table: profiles, key: {{ id: user.name }}, onMissing: {on_missing}, onError: {on_error} }}\n\
         claims:\n  tier: {{ from: /facts/p/tier, tokens: [access], default: none }}\n"
    )
}

/// A store that misbehaves in one way. Ends with the test that holds it.
async fn misbehave(kind: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a local port");
    let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
    if kind == "refused" {
        return endpoint;
    }
    let kind = kind.to_owned();
    tokio::spawn(async move {
        let mut count = 0;
        while let Ok((stream, _)) = listener.accept().await {
            count += 1;
            tokio::spawn(converse(stream, kind.clone(), count));
        }
    });
    endpoint
}

async fn converse(mut stream: TcpStream, kind: String, mut count: u32) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let error = |status: &str, code: &str| {
            let body =
                json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": "no" })
                    .to_string();
            http(status, &body)
        };
        let answer = match kind.as_str() {
            "healthy" => http("200 OK", &json!({ "Item": { "tier": { "S": "pro" } } }).to_string()),
            "large" => http("200 OK", &json!({ "Item": { "tier": { "S": "pro" }, "x": { "S": "x".repeat(400_000) } } }).to_string()),
            "no-record" => http("200 OK", "{}"),
            "no-table" => error("400 Bad Request", "ResourceNotFoundException"),
            "denied" => error("400 Bad Request", "AccessDeniedException"),
            "internal" => error("500 Internal Server Error", "InternalServerError"),
            "throttled-once" if count > 1 => http("200 OK", &json!({ "Item": { "tier": { "S": "pro" } } }).to_string()),
            "throttled" | "throttled-once" => error("400 Bad Request", "ProvisionedThroughputExceededException"),
            "garbage" => http("200 OK", "<html>not json</html>"),
            "reset" => return,
            "stall" => "HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: 1000\r\n\r\n{\"It".to_owned(),
            "slow" => {
                tokio::time::sleep(Duration::from_secs(10)).await;
                http("200 OK", "{}")
            }
            "hang" => {
                std::future::pending::<()>().await;
                return;
            }
            other => panic!("no store misbehaves like `{other}`"),
        };
        count += 1;
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

fn http(status: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

async fn sign_in(endpoint: &str, contract: &str) -> (Answer, Duration) {
    let bundle = compile(contract).bundle.expect("no mistakes");
    let start = Start {
        binary: &binary(),
        logic: machine_code(),
        custom: &[],
        bundle: Some(&bundle.to_text()),
        endpoint,
        settings: &[],
    };
    let function = Function::start(&start).await.expect("the function starts");
    let event = json!({ "version": "2", "userName": "kim", "request": {}, "response": null }).to_string();
    let started = Instant::now();
    let answer = function.invoke(&event).await.expect("the function answers");
    let took = started.elapsed();
    function.stop().await;
    (answer, took)
}

#[tokio::test]
async fn the_contract_decides_and_in_time() {
    let mut wrong = Vec::new();
    for (_, case) in vector_cases::<Case>("faults") {
        let Some(store) = &case.store else { continue };
        for word in ["empty", "refuse"] {
            let endpoint = misbehave(store).await;
            let (missing, error) = if case.outcome == "missing" { (word, "empty") } else { ("empty", word) };
            let (answer, took) = sign_in(&endpoint, &contract(missing, error)).await;
            let refusal = if case.outcome == "missing" { "fact-missing" } else { "fact-failed" };
            let right = match (&answer, case.outcome.as_str(), word) {
                (Answer::Response(text), "found", _) => tier(text) == "pro",
                (Answer::Response(text), _, "empty") => tier(text) == "none",
                (Answer::Error(text), "missing" | "failed", "refuse") => text.contains(refusal),
                _ => false,
            };
            if !right || took > LIMIT {
                wrong.push(format!("{} with {word}: {answer:?} after {took:?}", case.name));
            }
            println!("{:<28} {word:<7} {:>5} ms", case.name, took.as_millis());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn tier(answer: &str) -> String {
    let answer: Value = serde_json::from_str(answer).expect("an answer is json");
    let access = &answer["response"]["claimsAndScopeOverrideDetails"]["accessTokenGeneration"];
    access["claimsToAddOrOverride"]["tier"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn the_log_names_the_reason() {
    use claim_core::Lookup;
    use host_lambda::facts::{DynamoFacts, FactSource as _};
    use host_lambda::settings::TriggerSettings;

    for (_, case) in vector_cases::<Case>("faults").into_iter().filter(|(_, case)| case.reason.is_some()) {
        let endpoint = misbehave(case.store.as_deref().expect("a reason is a store's")).await;
        let settings = TriggerSettings::read(|name| match name {
            "AWS_REGION" | "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("eu-west-1".to_owned()),
            "AWS_ENDPOINT_URL" => Some(endpoint.clone()),
            _ => None,
        })
        .expect("the settings are right");
        let lookup = Lookup {
            fact: "p".to_owned(),
            table: "profiles".to_owned(),
            key: Object::from([("id".to_owned(), "kim".into())]),
            fields: Vec::new(),
            consistent: false,
        };
        let fetched = DynamoFacts::new(&settings).fetch(&lookup).await;
        assert_eq!(fetched.reason, case.reason, "{}", case.name);
    }
}
