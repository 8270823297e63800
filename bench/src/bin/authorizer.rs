//! Measures one decision of the authorizer: `cargo xtask bench authorizer`.
//!
//! The contenders take turns, so that a busy machine slows all of them. Standard output takes the log of each decision,
//! which is part of it; the figures go to standard error.

#![expect(clippy::print_stderr, reason = "this is a command for people")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant, UNIX_EPOCH};

use claim_core::authorize::{AccessRequest, authorize};
use claim_core::cognito::Token;
use claim_core::contract::{Bundle, compile};
use conformance::issuer::{NOW, SigningKey, access_claims, key_set};
use host_cli::build::baked_here;
use host_cli::dev::{Answer, Function, Start};
use host_lambda::authorizer::{Authorizer, Options};
use host_lambda::engine::{Logic, LogicEngine};
use host_lambda::function::{Function as _, Invocation};
use host_lambda::keys::{KeySet, KeyStore};
use host_lambda::settings::TokenFrom;
use host_lambda::verify::{Issuer, Leeway, TokenVerifier, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

const ISSUER: &str = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E";
const ARN: &str = "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3/prod/GET/orders/7";
const ROUNDS: usize = 300;
const CALLS: u32 = 20;
const STARTS: usize = 21;

/// What every contender is given.
struct Call {
    key: SigningKey,
    token: String,
    event: String,
}

impl Call {
    fn new() -> Self {
        let key = SigningKey::new("k1");
        let mut claims = access_claims(ISSUER);
        // The clocks of the other authorizers are not settings: their token is good for years.
        claims["exp"] = (NOW + 400_000_000).into();
        claims["iat"] = 1_700_000_000.into();
        claims["acme:tenant"] = "t-9".into();
        claims["permissions"] = json!(["read:own", "write:all"]);
        claims["origin_jti"] = "6a1e0f5c-0000-4000-8000-000000000001".into();
        let token = key.token(&claims);
        let event =
            json!({ "type": "TOKEN", "authorizationToken": format!("Bearer {token}"), "methodArn": ARN });
        Self { event: event.to_string(), key, token }
    }

    fn keys(&self) -> KeySet {
        KeySet::read(&key_set(&[&self.key])).expect("the key is usable")
    }

    fn verifier(&self) -> Verifier {
        let issuer = Issuer { clients: vec!["c1".to_owned()], keys: Arc::new(KeyStore::given(self.keys())) };
        Verifier::new(BTreeMap::from([(ISSUER.to_owned(), issuer)]), Leeway::default())
    }
}

/// A native authorizer as guides write it: `jsonwebtoken`, `serde_json`, a policy.
struct Guide(DecodingKey, Validation);

impl Guide {
    fn new(call: &Call) -> Self {
        let jwk = call.key.jwk();
        let part = |name: &str| jwk[name].as_str().expect("a text");
        let key = DecodingKey::from_rsa_components(part("n"), part("e")).expect("a key");
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_issuer(&[ISSUER]);
        validation.validate_aud = false;
        Self(key, validation)
    }

    fn answer(&self, event: &str) -> String {
        let event: Value = serde_json::from_str(event).expect("json");
        let token = event["authorizationToken"]
            .as_str()
            .and_then(|text| text.strip_prefix("Bearer "))
            .expect("a token");
        let claims = jsonwebtoken::decode::<Value>(token, &self.0, &self.1).expect("a good token").claims;
        assert!(claims["token_use"] == "access" && claims["client_id"] == "c1", "the token is ours");
        let arn = event["methodArn"].as_str().expect("an arn");
        let prefix = arn.splitn(3, '/').take(2).collect::<Vec<_>>().join("/");
        let writes = claims["permissions"].as_array().is_some_and(|all| all.contains(&json!("write:all")));
        let invoices = [format!("{prefix}/POST/invoices/*"), format!("{prefix}/PUT/invoices/*")];
        json!({
            "principalId": claims["sub"],
            "policyDocument": { "Version": "2012-10-17", "Statement": [
                { "Action": "execute-api:Invoke", "Effect": "Allow", "Resource": [format!("{prefix}/GET/*")] },
                { "Action": "execute-api:Invoke", "Effect": if writes { "Allow" } else { "Deny" }, "Resource": invoices },
            ] },
            "context": { "user_name": claims["username"], "tenant": claims["acme:tenant"], "permissions": claims["permissions"].to_string() },
        })
        .to_string()
    }
}

fn main() {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [component, binary, root] = arguments.as_slice() else {
        panic!("usage: bench-authorizer COMPONENT BINARY ROOT");
    };
    let call = Call::new();
    let contract =
        std::fs::read_to_string(root.join("examples/api/claims.yaml")).expect("the example is there");
    let bundle = compile(&contract).bundle.expect("the example has no mistakes").to_text();
    let code = baked_here(component, &bundle).expect("the component compiles");
    eprintln!("one decision of examples/api, a token of {} bytes, a key of 2048 bits\n", call.token.len());
    in_process(&call, &bundle, &code, root);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(through_the_binary(&call, &code, binary));
}

fn in_process(call: &Call, bundle: &str, code: &[u8], root: &Path) {
    let path = std::env::temp_dir().join(format!("claimwright-bench-{}.cwasm", std::process::id()));
    std::fs::write(&path, code).expect("a temporary file");
    let engine = LogicEngine::start().expect("the engine starts");
    let logic = Logic::load(&engine, &path, None).expect("the component loads");
    let session = Logic::load(&engine, &path, None).expect("the component loads");
    std::fs::remove_file(&path).expect("the temporary file is ours");
    let options = Options {
        token_from: vec![TokenFrom::Header("authorization".to_owned())],
        appsync_prefix: None,
        simple: false,
        appsync_ttl: 300,
    };
    let authorizer = Authorizer::new(logic, Arc::new(call.verifier()), options);
    let (verifier, keys, guide) = (call.verifier(), call.keys(), Guide::new(call));
    let now = UNIX_EPOCH + Duration::from_secs(NOW);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let (signed, signature) = {
        let token = claim_core::token::decode(&call.token).expect("a token");
        (token.signed.to_owned(), token.signature)
    };
    let parsed = Bundle::read(bundle).expect("a bundle");
    let request = AccessRequest {
        claims: runtime.block_on(verifier.verify(&call.token, now)).expect("a good token").claims,
        token: Token::Access,
        method: "GET".to_owned(),
        path: "/orders/7".to_owned(),
        now: NOW,
    };
    let invocation = Invocation { request_id: "r", now, deadline: now };
    let mut times: [Vec<f64>; 7] = Default::default();
    for _ in 0..ROUNDS {
        let contenders: [&dyn Fn(); 7] = [
            &|| assert!(black_box(keys.verifies("k1", signed.as_bytes(), &signature))),
            &|| drop(black_box(runtime.block_on(verifier.verify(&call.token, now)).expect("a good token"))),
            &|| drop(black_box(session.session().expect("an instance"))),
            &|| {
                let mut session = session.session().expect("an instance");
                drop(black_box(session.authorize(&request).expect("a decision")));
            },
            &|| {
                let (answer, line) = runtime.block_on(authorizer.handle(&call.event, &invocation));
                drop(black_box((answer.expect("an answer"), line.text())));
            },
            &|| drop(black_box(authorize(&parsed, &request))),
            &|| drop(black_box(guide.answer(&call.event))),
        ];
        for (times, contender) in times.iter_mut().zip(contenders) {
            let started = Instant::now();
            (0..CALLS).for_each(|_| contender());
            times.push(started.elapsed().as_secs_f64() * 1e6 / f64::from(CALLS));
        }
    }
    let node = node(call, root);
    let raw = median(&times[0]);
    eprintln!("event in, answer out                            median µs   × raw");
    let names = [
        "raw RSA-2048 check of aws-lc-rs",
        "our verifier alone",
        "a fresh instance alone",
        "a fresh instance and the decision in it",
        "our authorizer: all of it, its line of log too",
        "the decision alone, in native code",
        "native Rust as guides write it (jsonwebtoken)",
    ];
    for (name, times) in names.into_iter().zip(&times) {
        eprintln!("{name:<47} {:>9.1} {:>7.2}", median(times), median(times) / raw);
    }
    eprintln!(
        "{:<47} {:>9.1} {:>7.2}",
        "Node.js with aws-jwt-verify, keys cached",
        median(&node),
        median(&node) / raw
    );
    let [_, verify, instance, decided, whole, ..] = times.each_ref().map(|times| median(times));
    eprintln!("\nwhere the time goes                                  µs   of all");
    let parts = [
        ("signature and claims of the token", verify),
        ("a fresh instance", instance),
        ("values in and out of it, and the decision", decided - instance),
        ("the event, the policy and the line of log", whole - decided - verify),
    ];
    for (name, part) in parts {
        eprintln!("{name:<47} {part:>9.1} {:>6.0}%", 100.0 * part / whole);
    }
}

fn node(call: &Call, root: &Path) -> Vec<f64> {
    let directory = root.join("tests/node");
    let mut node = Command::new("node")
        .arg(directory.join("authorizer.cjs"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node 20 is needed");
    let jwks: Value = serde_json::from_str(&key_set(&[&call.key])).expect("json");
    let question = json!({
        "token": call.token, "issuer": ISSUER, "jwks": jwks, "methodArn": ARN, "rounds": ROUNDS, "calls": CALLS,
    });
    node.stdin.take().expect("a pipe").write_all(question.to_string().as_bytes()).expect("Node reads");
    let output = node.wait_with_output().expect("Node ends");
    assert!(output.status.success(), "Node fails");
    serde_json::from_slice(&output.stdout).expect("Node answers in json")
}

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

async fn through_the_binary(call: &Call, code: &[u8], binary: &Path) {
    let keys = std::env::temp_dir().join(format!("claimwright-bench-{}.json", std::process::id()));
    let set: Value = serde_json::from_str(&key_set(&[&call.key])).expect("json");
    std::fs::write(&keys, json!({ "eu-west-1_Ab12Cd34E": set }).to_string()).expect("a temporary file");
    let settings = [
        ("CLAIMWRIGHT_ISSUERS", "eu-west-1_Ab12Cd34E=c1"),
        ("CLAIMWRIGHT_KEYS", keys.to_str().expect("a path")),
    ];
    let start = Start {
        binary,
        logic: code,
        custom: &[],
        bundle: None,
        endpoint: "http://127.0.0.1:9",
        settings: &settings,
    };
    let mut firsts = Vec::new();
    let mut warm = Vec::new();
    let mut resident = 0;
    for index in 0..STARTS {
        let started = Instant::now();
        let function = Function::start_quiet(&start).await.expect("the function starts");
        assert!(
            matches!(function.invoke(&call.event).await, Ok(Answer::Response(_))),
            "the first call is answered"
        );
        firsts.push(started.elapsed().as_secs_f64() * 1e3);
        if index == 0 {
            for _ in 0..2_000 {
                let started = Instant::now();
                function.invoke(&call.event).await.expect("an answer");
                warm.push(started.elapsed().as_secs_f64() * 1e6);
            }
            let id = function.process_id().expect("it runs");
            let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
            resident = line.trim().trim_end_matches(" kB").parse().unwrap_or(0);
        }
        function.stop().await;
    }
    std::fs::remove_file(&keys).expect("the temporary file is ours");
    let bytes = std::fs::metadata(binary).map_or(0, |meta| meta.len());
    eprintln!("\nthe real binary, keys given, Runtime API on loopback");
    eprintln!("process start to first answer                   {:>9.1} ms", median(&firsts));
    eprintln!("round trip, warm                                {:>9.1} µs", median(&warm));
    eprintln!("resident memory after 2,000 calls               {resident:>9} kB");
    eprintln!("binary, release, stripped                       {bytes:>9} bytes");
}
