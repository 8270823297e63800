//! Measures one decision of the authorizer in process: `cargo xtask bench authorizer`, which then measures processes.
//!
//! `bench-authorizer COMPONENT FOLDER` takes our component and where the figures go.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use bench::{Contender, Example, deployed, in_turns};
use claim_core::authorize::{AccessRequest, authorize};
use claim_core::cognito::Token;
use conformance::issuer::{NOW, SigningKey, access_claims, key_set};
use corpus::repository;
use figures::{Figures, Group, Measured};
use host_lambda::authorizer::{Authorizer, Options};
use host_lambda::engine::LogicEngine;
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
    let mut arguments = std::env::args().skip(1).map(PathBuf::from);
    let (Some(component), Some(folder)) = (arguments.next(), arguments.next()) else {
        panic!("usage: bench-authorizer COMPONENT FOLDER");
    };
    let call = Call::new();
    let api = Example::read("api");
    let groups = vec![decisions(&call, &api, &component)];
    Figures { bench: "authorizer-in-process".to_owned(), groups }.publish(&folder);
}

fn decisions(call: &Call, api: &Example, component: &Path) -> Group {
    let engine = LogicEngine::pooled().expect("the engine starts");
    let [logic, alone] = [(), ()].map(|()| deployed(&engine, component, &api.bundle));
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
    let bundle = api.contract();
    let request = AccessRequest {
        claims: runtime.block_on(verifier.verify(&call.token, now)).expect("a good token").claims,
        token: Token::Access,
        method: "GET".to_owned(),
        path: "/orders/7".to_owned(),
        now: NOW,
    };
    let invocation = Invocation { request_id: "r", now, deadline: now };
    let contenders = vec![
        Contender::new("one RSA-2048 check of aws-lc-rs", || {
            assert!(black_box(keys.verifies("k1", signed.as_bytes(), &signature)));
        }),
        Contender::new("our verifier: token, signature, claims", || {
            drop(black_box(runtime.block_on(verifier.verify(&call.token, now)).expect("a good token")));
        }),
        Contender::new("our decision, linked natively", || drop(black_box(authorize(&bundle, &request)))),
        Contender::new("our decision, in a fresh instance", || {
            let mut session = alone.session().expect("an instance");
            drop(black_box(session.authorize(&request).expect("a decision")));
        }),
        Contender::ours("our authorizer, its line of log too", || {
            let (answer, line) = runtime.block_on(authorizer.handle(&call.event, &invocation));
            drop(black_box((answer.expect("an answer"), line.text())));
        }),
        Contender::new("native Rust as guides write it", || drop(black_box(guide.answer(&call.event)))),
    ];
    let mut measured = in_turns(ROUNDS, CALLS, contenders);
    let name = "Node.js with aws-jwt-verify, keys cached".to_owned();
    measured.push(Measured { name, ours: false, times: node(call) });
    Group::new("one decision, event in, answer out", "µs", measured)
}

fn node(call: &Call) -> Vec<f64> {
    let directory = repository().join("tests/node");
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
