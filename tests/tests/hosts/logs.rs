//! What the functions log: exactly the members that a vector names, and of a person nothing.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use claim_core::contract::compile;
use claim_core::{FactOutcome, Lookup};
use conformance::component;
use conformance::issuer::{NOW, access_claims, key_set};
use conformance::tokens::{ISSUER, keys};
use corpus::vector_cases;
use host_lambda::authorizer::{Authorizer, Options};
use host_lambda::engine::{CustomLogic, Logic, LogicEngine};
use host_lambda::facts::{FactSource, Fetched};
use host_lambda::function::{Function, Invocation};
use host_lambda::keys::{KeySet, KeyStore};
use host_lambda::log::Line;
use host_lambda::settings::TokenFrom;
use host_lambda::trigger::TokenTrigger;
use host_lambda::verify::{Issuer, Leeway, Verifier};
use serde::Deserialize;
use serde_json::{Map, Value};
use wasmtime::component::Component;

/// What differs from run to run, or from contract to contract.
const VARIES: [&str; 3] = ["bundle", "requestId", "_aws"];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Case {
    name: String,
    contract: String,
    /// The event, with `{token}` in it for the authorizer.
    event: Option<Value>,
    event_text: Option<String>,
    /// Records for the trigger: null is none, `!failed` the code of a store that fails.
    facts: Option<Map<String, Value>>,
    /// Claims of the token for the authorizer.
    #[serde(default)]
    claims: Map<String, Value>,
    /// `foreign` for a signature of somebody else.
    key: Option<String>,
    /// The line, without what varies and the times.
    want: Map<String, Value>,
}

struct Given(Map<String, Value>);

impl FactSource for Given {
    fn fetch<'a>(&'a self, lookup: &'a Lookup) -> Pin<Box<dyn Future<Output = Fetched> + Send + 'a>> {
        let record = &self.0[&lookup.fact];
        let fetched = if let Some(code) = record.get("!failed").and_then(Value::as_str) {
            Fetched::failed(code)
        } else {
            let record = claim_core::json::read(&record.to_string()).expect("json");
            let there = record.as_object().is_some();
            let outcome = if there { FactOutcome::Found(record) } else { FactOutcome::Missing };
            Fetched { outcome, reason: None }
        };
        Box::pin(async { fetched })
    }
}

fn logic(bundle: &str) -> Logic {
    static ENGINE: OnceLock<(LogicEngine, Component)> = OnceLock::new();
    let (engine, component) = ENGINE.get_or_init(|| {
        let engine = LogicEngine::start().expect("the engine starts");
        let component = Component::new(engine.engine(), component()).expect("the file is a component");
        (engine, component)
    });
    Logic::new(engine, component, Some(bundle.to_owned())).expect("the component fits the world")
}

fn authorizer(bundle: &str) -> Authorizer {
    let set = KeySet::read(&key_set(&[&keys().k1])).expect("the key is usable");
    let issuer = Issuer { clients: vec!["c1".to_owned()], keys: Arc::new(KeyStore::given(set)) };
    let verifier = Verifier::new(BTreeMap::from([(ISSUER.to_owned(), issuer)]), Leeway::default());
    let options = Options {
        token_from: vec![TokenFrom::Header("authorization".to_owned())],
        appsync_prefix: None,
        simple: false,
        appsync_ttl: 300,
    };
    Authorizer::new(logic(bundle), Arc::new(verifier), options)
}

/// The line of one invocation.
async fn line(case: &Case) -> Line {
    async fn of(function: impl Function, event: &str) -> Line {
        let now = UNIX_EPOCH + Duration::from_secs(NOW);
        let deadline = SystemTime::now() + Duration::from_secs(5);
        function.handle(event, &Invocation { request_id: "r-1", now, deadline }).await.1
    }
    let event = case.event.as_ref().map(ToString::to_string).or_else(|| case.event_text.clone());
    let event = event.expect("one of `event` and `eventText` must be there");
    let bundle = compile(&case.contract).bundle.expect("no mistakes").to_text();
    if let Some(facts) = &case.facts {
        let facts = Box::new(Given(facts.clone()));
        return of(
            TokenTrigger::new(logic(&bundle), CustomLogic::default(), facts, Duration::from_secs(1)),
            &event,
        )
        .await;
    }
    let mut claims = access_claims(ISSUER);
    claims.as_object_mut().expect("an object").extend(case.claims.clone());
    let key = if case.key.is_some() { &keys().foreign } else { &keys().k1 };
    of(authorizer(&bundle), &event.replace("{token}", &key.token(&claims))).await
}

/// Takes times away, wherever they are: no vector can know them.
fn without_times(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| name != "micros" && !name.ends_with("Micros"));
            members.values_mut().for_each(without_times);
        }
        Value::Array(elements) => elements.iter_mut().for_each(without_times),
        _ => {}
    }
}

#[tokio::test]
async fn lines_hold_what_the_vectors_say_and_nothing_of_a_person() {
    let mut wrong = Vec::new();
    for (file, case) in vector_cases::<Case>("logs") {
        let text = line(&case).await.text();
        assert!(!text.contains("SECRET") && !text.contains("eyJ"), "{file}::{}: {text}", case.name);
        // Which refuses a name that is there twice.
        claim_core::json::read(&text).expect("a line is json");
        let mut got: Value = serde_json::from_str(&text).expect("a line is json");
        without_times(&mut got);
        let members = got.as_object_mut().expect("an object");
        for name in VARIES {
            members.remove(name);
        }
        if *members != case.want {
            wrong.push(format!("{file}::{}:\n  got {got}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
