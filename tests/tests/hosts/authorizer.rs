//! The authorizer in each of its forms, and what a kept answer means for other calls.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use claim_core::contract::compile;
use conformance::component;
use conformance::iam::iam_allows;
use conformance::issuer::{NOW, SigningKey, access_claims, id_claims, key_set};
use corpus::dice::Dice;
use corpus::vector_cases;
use host_lambda::authorizer::{Authorizer, Failure, Options};
use host_lambda::engine::{Logic, LogicEngine};
use host_lambda::function::{Function as _, Invocation};
use host_lambda::keys::{KeySet, KeyStore};
use host_lambda::settings::TokenFrom;
use host_lambda::verify::{Issuer, Leeway, Verifier};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use wasmtime::component::Component;

const ISSUER: &str = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Case {
    name: String,
    contract: String,
    #[serde(default)]
    settings: Settings,
    /// The event, with `{token}` in it.
    event: Option<Value>,
    event_text: Option<String>,
    #[serde(default, rename = "use")]
    token_use: Option<String>,
    /// Claims of the token; null takes one away.
    #[serde(default)]
    claims: Map<String, Value>,
    want: Want,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Settings {
    #[serde(default)]
    simple: bool,
    token_from: Option<String>,
    appsync_prefix: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Want {
    /// The answer, with the resources of a policy in order.
    answer: Option<Value>,
    /// The function fails with the one word that makes a 401.
    #[serde(default)]
    unauthorized: bool,
    /// The function fails otherwise.
    error: Option<String>,
}

fn key() -> &'static SigningKey {
    static KEY: OnceLock<SigningKey> = OnceLock::new();
    KEY.get_or_init(|| SigningKey::new("k1"))
}

fn engine() -> &'static (LogicEngine, Component) {
    static ENGINE: OnceLock<(LogicEngine, Component)> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let engine = LogicEngine::of_function().expect("the engine starts");
        let component = Component::new(engine.engine(), component()).expect("the file is a component");
        (engine, component)
    })
}

fn authorizer(contract: &str, settings: &Settings) -> Authorizer {
    let compiled = compile(contract);
    let mistakes: Vec<String> = compiled.diagnostics.iter().map(ToString::to_string).collect();
    let bundle = compiled.bundle.unwrap_or_else(|| panic!("{}", mistakes.join("; "))).to_text();
    let (engine, component) = engine();
    let logic = Logic::new(engine, component, Some(bundle)).expect("the component fits the world");
    let store = Arc::new(KeyStore::given(KeySet::read(&key_set(&[key()])).expect("the key is usable")));
    let issuer = Issuer { clients: vec!["c1".to_owned()], keys: store };
    let verifier = Verifier::new(BTreeMap::from([(ISSUER.to_owned(), issuer)]), Leeway::default());
    let place = |text: &str| match text.split_once(':') {
        Some(("query", name)) => TokenFrom::Query(name.to_owned()),
        Some(("protocol", name)) => TokenFrom::Protocol(name.to_owned()),
        _ => TokenFrom::Header("authorization".to_owned()),
    };
    let options = Options {
        token_from: vec![place(settings.token_from.as_deref().unwrap_or_default())],
        appsync_prefix: settings.appsync_prefix.clone(),
        simple: settings.simple,
        appsync_ttl: 300,
    };
    Authorizer::new(logic, Arc::new(verifier), options)
}

fn token(case: &Case) -> String {
    let mut claims =
        if case.token_use.as_deref() == Some("id") { id_claims(ISSUER) } else { access_claims(ISSUER) };
    let members = claims.as_object_mut().expect("an object");
    for (name, value) in &case.claims {
        if value.is_null() {
            members.remove(name);
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
    key().token(&claims)
}

fn invocation(now: SystemTime) -> Invocation<'static> {
    Invocation { request_id: "r-1", now, deadline: now }
}

/// Puts the resources of policies in order, which has no meaning.
fn ordered(mut answer: Value) -> Value {
    let statements = answer.pointer_mut("/policyDocument/Statement").and_then(Value::as_array_mut);
    for statement in statements.into_iter().flatten() {
        if let Some(resources) = statement["Resource"].as_array_mut() {
            resources.sort_by_key(ToString::to_string);
        }
    }
    answer
}

#[tokio::test]
async fn every_kind_of_gateway_gets_the_answer_it_takes() {
    let now = UNIX_EPOCH + Duration::from_secs(NOW);
    let mut wrong = Vec::new();
    for (file, case) in vector_cases::<Case>("authorizer") {
        let authorizer = authorizer(&case.contract, &case.settings);
        let event = match (&case.event, &case.event_text) {
            (Some(event), None) => event.to_string(),
            (None, Some(text)) => text.clone(),
            _ => panic!("{}: one of `event` and `eventText` must be there", case.name),
        };
        let event = event.replace("{token}", &token(&case));
        let (got, _) = authorizer.handle(&event, &invocation(now)).await;
        let holds = match (&got, &case.want) {
            (Ok(text), Want { answer: Some(want), .. }) => {
                let got: Value = serde_json::from_str(text).expect("an answer is json");
                assert!(!text.contains("null"), "{text}");
                ordered(got) == ordered(want.clone())
            }
            (Err(failure @ Failure::Unauthenticated(_)), Want { unauthorized: true, .. }) => {
                failure.to_string() == "Unauthorized"
            }
            (Err(failure), Want { error: Some(code), .. }) => {
                failure.code() == code && failure.to_string() != "Unauthorized"
            }
            _ => false,
        };
        if !holds {
            let want = case.want.answer.map(|want| want.to_string()).or(case.want.error);
            wrong.push(format!("{file}::{}:\n want {want:?}\n  got {got:?}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_kept_policy_says_of_every_route_what_a_fresh_decision_says() {
    const METHODS: [&str; 4] = ["GET", "POST", "DELETE", "*"];
    const PATHS: [&str; 10] = ["/*", "/a/**", "/a", "/a/*", "/a/b", "/*/b", "/b/*/c", "/a*", "/", "/a/*/c*"];
    const ASKS: [&str; 4] =
        ["", ", anyGroup: [admin]", ", anyScope: [reports/read]", ", require: 'claims.username == \"lee\"'"];
    const CALLS: [&str; 14] = [
        "/", "/a", "/a/", "/a/b", "/a/b/c", "/b", "/b/x/c", "/b/x/y/c", "/ab", "/a/x/cd", "/x/b", "/b/",
        "/c", "/a/%2a",
    ];
    let prefix = "arn:aws:execute-api:eu-west-1:111122223333:a1/prod/";
    let now = UNIX_EPOCH + Duration::from_secs(NOW);
    let token = key().token(&access_claims(ISSUER));
    let event = |method: &str, path: &str| {
        json!({ "type": "TOKEN", "authorizationToken": format!("Bearer {token}"), "methodArn": format!("{prefix}{method}{path}") })
            .to_string()
    };
    let mut dice = Dice(7);
    let (mut allowed, mut denied) = (0, 0);
    for _ in 0..60 {
        let mut contract = "version: 1\nauthorize:\n  token: access\n  rules:\n".to_owned();
        for _ in 0..=dice.roll(4) {
            let routes: Vec<String> = (0..=dice.roll(2))
                .map(|_| format!("\"{} {}\"", METHODS[dice.roll(4)], PATHS[dice.roll(10)]))
                .collect();
            writeln!(contract, "    - {{ routes: [{}]{} }}", routes.join(", "), ASKS[dice.roll(4)])
                .expect("text");
        }
        contract += "  context: { user_name: /claims/username }\n";
        let authorizer = authorizer(&contract, &Settings::default());
        let bundle = compile(&contract).bundle.expect("no mistakes");
        // The answer to one call, kept for all the others.
        let kept = authorizer
            .handle(&event("GET", CALLS[dice.roll(14)]), &invocation(now))
            .await
            .0
            .expect("an answer");
        let kept: Value = serde_json::from_str(&kept).expect("json");
        assert_eq!(kept["context"]["user_name"], "kim");
        // A method that no rule can name is allowed by none.
        assert!(!iam_allows(&kept["policyDocument"], &format!("{prefix}TRACE/a")), "{kept}");
        for method in ["GET", "POST", "DELETE", "PUT", "HEAD", "OPTIONS", "PATCH"] {
            for path in CALLS {
                let request = claim_core::authorize::AccessRequest {
                    claims: claim_core::json::read(&access_claims(ISSUER).to_string())
                        .ok()
                        .and_then(|claims| claims.as_object().cloned())
                        .expect("claims"),
                    token: claim_core::cognito::Token::Access,
                    method: method.to_owned(),
                    path: path.to_owned(),
                    now: NOW,
                };
                let fresh = claim_core::authorize::authorize(&bundle, &request).is_allowed();
                let arn = format!("{prefix}{method}{path}");
                assert_eq!(
                    iam_allows(&kept["policyDocument"], &arn),
                    fresh,
                    "{method} {path}\n{contract}\n{kept}"
                );
                if fresh { allowed += 1 } else { denied += 1 }
            }
        }
    }
    assert!(allowed > 100 && denied > 100, "{allowed} allowed, {denied} denied");
}
