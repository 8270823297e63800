//! What fails around the functions beside the tables: the keys of a pool, the clock, Lambda's Runtime API.
//!
//! The real binaries; each outcome is the documented one, in time. `--nocapture` prints the table.

use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Body;
use axum::http::{Response, StatusCode};
use axum::routing::{get, post};
use claim_core::FactOutcome;
use claim_core::contract::compile;
use conformance::clock::Clock;
use conformance::issuer::{Behaviour, KeyServer, SigningKey, access_claims, key_set};
use conformance::{CaseStore, binary, machine_code, scratch};
use corpus::vector_cases;
use host_cli::dev::{Answer, Function, Start};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{Notify, Semaphore};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// What a table does: read by suite `faults`.
    #[expect(dead_code, reason = "the other suite's")]
    store: Option<String>,
    /// What the server of the keys does.
    keys: Option<String>,
    /// How far the clock is from the real time, and who looks at it.
    clock: Option<String>,
    of: Option<String>,
    outcome: String,
    #[expect(dead_code, reason = "the other suite's")]
    reason: Option<String>,
}

fn cases() -> Vec<Case> {
    vector_cases::<Case>("faults").into_iter().map(|(_, case)| case).collect()
}

/// API Gateway waits ten seconds for an authorizer, Cognito five for a trigger.
const LIMIT: Duration = Duration::from_secs(5);

const CONTRACT: &str = "version: 1\nauthorize: { token: access, rules: [ { routes: ['GET /*'] } ] }\n";

fn seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_secs()
}

fn token(issuer: &str, key: &SigningKey) -> String {
    let mut claims = access_claims(issuer);
    for (name, value) in [("iat", seconds() - 5), ("auth_time", seconds() - 5), ("exp", seconds() + 3_600)] {
        claims[name] = value.into();
    }
    key.token(&claims)
}

fn call(token: &str) -> String {
    let arn = "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3/prod/GET/x";
    json!({ "type": "TOKEN", "authorizationToken": format!("Bearer {token}"), "methodArn": arn }).to_string()
}

/// What a call came to: `allowed`, `denied`, `unauthorized` or `error`.
fn outcome(answer: &Answer) -> &'static str {
    match answer {
        Answer::Response(text) => {
            let allows = text.contains("\"Effect\":\"Allow\"");
            if allows { "allowed" } else { "denied" }
        }
        Answer::Error(text) if text.contains("\"errorMessage\":\"Unauthorized\"") => "unauthorized",
        Answer::Error(_) => "error",
    }
}

async fn start(name: &str, contract: &str, endpoint: &str, settings: &[(&str, &str)]) -> Function {
    let bundle = compile(contract).bundle.expect("no mistakes").to_text();
    let start = Start {
        binary: &binary().with_file_name(name),
        logic: machine_code(),
        custom: &[],
        bundle: Some(&bundle),
        endpoint,
        settings,
    };
    Function::start_quiet(&start).await.expect("the function starts")
}

fn behaviour(kind: &str, keys: String) -> Behaviour {
    match kind {
        "healthy" => Behaviour::Keys(keys),
        "reset" => Behaviour::Reset,
        "hang" => Behaviour::Silent,
        "slow" => Behaviour::Slow(Duration::from_secs(10), keys),
        "stall" => Behaviour::Half(keys),
        "redirect" => Behaviour::Redirect("http://127.0.0.1:9/".to_owned()),
        "huge" => Behaviour::Huge,
        "garbage" => Behaviour::Keys("<html>no</html>".to_owned()),
        "object" => Behaviour::Keys("{\"error\":\"no\"}".to_owned()),
        status => {
            Behaviour::Status(status.parse().unwrap_or_else(|_| panic!("no server behaves like `{status}`")))
        }
    }
}

#[tokio::test]
async fn without_keys_it_is_an_error_and_with_keys_the_same_token_is_taken() {
    let key = SigningKey::new("k1");
    let mut wrong = Vec::new();
    for case in cases() {
        let Some(kind) = &case.keys else { continue };
        let server = KeyServer::start(Behaviour::Reset).await;
        let keys = key_set(&[&key]);
        let closed = format!("{}=c1", "http://127.0.0.1:9/pool");
        let issuers = if kind == "refused" { closed } else { format!("{}=c1", server.issuer()) };
        if kind != "refused" {
            server.behave(behaviour(kind, keys.clone())).await;
        }
        let clock = Clock::new(&scratch(&case.name));
        let mut settings = vec![("CLAIMWRIGHT_ISSUERS", issuers.as_str())];
        settings.extend(clock.settings());
        let function = start("authorizer", CONTRACT, "http://127.0.0.1:9", &settings).await;
        let issuer = issuers.trim_end_matches("=c1").to_owned();
        let event = call(&token(&issuer, &key));
        let began = Instant::now();
        let got = outcome(&function.invoke(&event).await.expect("an answer"));
        let took = began.elapsed();
        println!("{:<32} {got:<13} {:>5} ms", case.name, took.as_millis());
        if got != case.outcome || took > LIMIT {
            wrong.push(format!("{}: want {}, got {got} after {took:?}", case.name, case.outcome));
        }
        if kind != "refused" {
            server.behave(Behaviour::Keys(keys)).await;
            // A pool is asked again after ten seconds.
            clock.jump("+11");
            let healed = outcome(&function.invoke(&event).await.expect("an answer"));
            if healed != "allowed" {
                wrong.push(format!("{} does not heal: {healed}", case.name));
            }
        }
        function.stop().await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_clock_that_jumps_lets_nobody_in_and_breaks_nothing() {
    let key = SigningKey::new("k1");
    let server = KeyServer::start(Behaviour::Keys(key_set(&[&key]))).await;
    let clock = Clock::new(&scratch("clock"));
    let issuers = format!("{}=c1", server.issuer());
    let mut settings = vec![("CLAIMWRIGHT_ISSUERS", issuers.as_str())];
    settings.extend(clock.settings());
    let authorizer = start("authorizer", CONTRACT, "http://127.0.0.1:9", &settings).await;
    let event = call(&token(&server.issuer(), &key));

    let contract = "version: 1\nfacts:\n  p: { table: t, key: { id: user.name }, onMissing: refuse, onError: empty }\nclaims:\n  tier: { from: /facts/p/tier, tokens: [access], default: failed }\n";
    let store = CaseStore::start().await;
    let trigger = start("token-trigger", contract, store.endpoint(), &clock.settings()).await;
    let bundle = compile(contract).bundle.expect("no mistakes");
    let sign_in = json!({ "version": "2", "userName": "kim", "request": {}, "response": null }).to_string();
    let request = claim_core::cognito::event::read(&sign_in, 0).expect("an event").request;
    let lookups = claim_core::plan(&bundle, &request).expect("a plan");
    let record = claim_core::json::read("{\"tier\":\"found\"}").expect("json");
    store.know(
        &lookups.into_iter().map(|lookup| (lookup, FactOutcome::Found(record.clone()))).collect::<Vec<_>>(),
    );

    let mut wrong = Vec::new();
    for case in cases() {
        let (Some(time), Some(of)) = (&case.clock, &case.of) else { continue };
        clock.jump(time);
        let began = Instant::now();
        let got = if of == "call" {
            outcome(&authorizer.invoke(&event).await.expect("an answer")).to_owned()
        } else {
            match trigger.invoke(&sign_in).await.expect("an answer") {
                Answer::Error(error) => error,
                Answer::Response(text) => {
                    let answer: Value = serde_json::from_str(&text).expect("json");
                    let access =
                        &answer["response"]["claimsAndScopeOverrideDetails"]["accessTokenGeneration"];
                    access["claimsToAddOrOverride"]["tier"].as_str().unwrap_or_default().to_owned()
                }
            }
        };
        let took = began.elapsed();
        println!("{:<32} {got:<13} {:>5} ms", case.name, took.as_millis());
        if got != case.outcome || took > LIMIT {
            wrong.push(format!("{}: want {}, got {got} after {took:?}", case.name, case.outcome));
        }
    }
    authorizer.stop().await;
    trigger.stop().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A Runtime API that can go away: it gives events out, and tells when it was asked and answered.
struct Api {
    asked: Arc<Semaphore>,
    answered: Arc<Notify>,
    server: tokio::runtime::Runtime,
}

impl Api {
    /// Serves on an address; an event is there only if it says so.
    async fn start(address: &str, has_event: bool) -> (Self, String) {
        let listener = TcpListener::bind(address).await.expect("the address is free");
        let own = listener.local_addr().expect("an address").to_string();
        let (asked, answered) = (Arc::new(Semaphore::new(0)), Arc::new(Notify::new()));
        let next = {
            let asked = Arc::clone(&asked);
            let given = Arc::new(std::sync::atomic::AtomicBool::new(!has_event));
            move || {
                asked.add_permits(1);
                let first = !given.swap(true, std::sync::atomic::Ordering::SeqCst);
                async move {
                    if !first {
                        std::future::pending::<()>().await;
                    }
                    let event = json!({ "version": "2", "userName": "kim", "request": {}, "response": null });
                    Response::builder()
                        .header("lambda-runtime-aws-request-id", "r-1")
                        .header("lambda-runtime-deadline-ms", ((seconds() + 5) * 1_000).to_string())
                        .header(
                            "lambda-runtime-invoked-function-arn",
                            "arn:aws:lambda:eu-west-1:111122223333:function:f",
                        )
                        .body(Body::from(event.to_string()))
                        .expect("a response")
                }
            }
        };
        let respond = {
            let answered = Arc::clone(&answered);
            move || {
                answered.notify_one();
                async { StatusCode::ACCEPTED }
            }
        };
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(respond.clone()))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(respond));
        // Of its own, so that it takes its connections with it when it goes: axum alone would wait for what they ask.
        let server = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let server = server.expect("a runtime");
        let listener = listener.into_std().expect("a listener");
        server.spawn(async move {
            let listener = TcpListener::from_std(listener).expect("a listener");
            drop(axum::serve(listener, router).await);
        });
        (Self { asked, answered, server }, own)
    }
}

#[tokio::test]
async fn a_runtime_api_that_goes_away_ends_the_process_and_the_next_one_works() {
    let folder = scratch("runtime-api");
    let bundle =
        compile("version: 1\nclaims: { c: { value: 1, tokens: [id] } }\n").bundle.expect("no mistakes");
    std::fs::write(folder.join("bundle.json"), bundle.to_text()).expect("written");
    std::fs::write(folder.join("logic.cwasm"), machine_code()).expect("written");
    let spawn = |api: &str, log: Stdio| {
        let mut command = tokio::process::Command::new(binary());
        command
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", api)
            .env("LAMBDA_TASK_ROOT", &folder)
            .kill_on_drop(true);
        for (name, value) in [
            ("AWS_LAMBDA_FUNCTION_NAME", "f"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ACCESS_KEY_ID", "local"),
            ("AWS_SECRET_ACCESS_KEY", "local"),
        ] {
            command.env(name, value);
        }
        command.stdout(log).spawn().expect("the function starts")
    };
    let (api, address) = Api::start("127.0.0.1:0", true).await;
    let mut first = spawn(&address, Stdio::null());
    tokio::time::timeout(LIMIT, api.answered.notified()).await.expect("the first process answers");
    let twice = tokio::time::timeout(LIMIT, api.asked.acquire_many(2)).await;
    twice.expect("and asks again").expect("it is open").forget();
    // The API goes away while the function waits for an event, as when Lambda takes its sandbox down.
    api.server.shutdown_background();
    let began = Instant::now();
    let ended = tokio::time::timeout(LIMIT, first.wait()).await;
    println!("runtime_api_goes_away            {ended:?} {:>5} ms", began.elapsed().as_millis());
    let status = ended.expect("the process ends by itself").expect("it has a status");
    assert!(!status.success(), "Lambda starts another one only if this one failed");
    // And is back, and so is the function: Lambda starts it anew.
    let (api, address) = Api::start(&address, true).await;
    let second = spawn(&address, Stdio::null());
    tokio::time::timeout(LIMIT, api.answered.notified()).await.expect("the next process answers");
    drop(second);
    api.server.shutdown_background();
}
