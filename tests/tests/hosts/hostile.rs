//! A component that misbehaves in every way: it ends in the documented code, in time, and the next invocation works.

use std::time::{Duration, Instant};

use claim_core::authorize::AccessRequest;
use claim_core::cognito::Token;
use claim_core::json::Object;
use conformance::{artifact, binary, own_memory};
use corpus::vector_cases;
use host_cli::build::machine_code_here;
use host_cli::dev::{Answer, Function, Start};
use host_lambda::engine::{Logic, LogicEngine, MEMORY};
use serde::Deserialize;
use serde_json::{Value, json};
use wasmtime::component::Component;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// The export that misbehaves, and how.
    ask: String,
    /// The code of the error, or what was reached.
    want: String,
}

/// Cognito waits five seconds. An instance has half a second for each call.
const LIMIT: Duration = Duration::from_secs(2);

const BUNDLE: &str = "{\"format\":1}";

fn cases(of_authorizer: bool) -> Vec<Case> {
    let cases = vector_cases::<Case>("hostile").into_iter().map(|(_, case)| case);
    cases.filter(|case| case.ask.starts_with("authorize/") == of_authorizer).collect()
}

fn event(client: &str) -> String {
    json!({
        "version": "2", "triggerSource": "TokenGeneration_Authentication", "region": "eu-west-1",
        "userPoolId": "eu-west-1_Ab12Cd34E", "userName": "kim", "callerContext": { "clientId": client },
        "request": { "userAttributes": { "sub": "u-1" } }, "response": null,
    })
    .to_string()
}

/// What a sign-in came to: the code of its error, or one of the claims that it got.
fn outcome(answer: &Answer) -> String {
    match answer {
        Answer::Error(text) => {
            let error: Value = serde_json::from_str(text).expect("an error is json");
            error["errorType"].as_str().expect("an error has a type").to_owned()
        }
        Answer::Response(text) => {
            let answer: Value = serde_json::from_str(text).expect("an answer is json");
            let claims = &answer["response"]["claimsAndScopeOverrideDetails"]["idTokenGeneration"]["claimsToAddOrOverride"];
            let claim =
                ["reached", "calls"].into_iter().map(|name| &claims[name]).find(|claim| !claim.is_null());
            claim.map_or_else(
                || answer.to_string(),
                |claim| claim.as_str().map_or_else(|| claim.to_string(), str::to_owned),
            )
        }
    }
}

async fn hostile_function() -> Function {
    let start = Start {
        binary: &binary(),
        logic: &machine_code_here(&artifact("hostile.wasm")).expect("the hostile component compiles"),
        custom: &[],
        bundle: Some(BUNDLE),
        endpoint: "http://127.0.0.1:9",
        settings: &[],
    };
    Function::start(&start).await.expect("the function starts")
}

#[tokio::test]
async fn no_sign_in_harms_the_function_and_the_next_one_works() {
    let function = hostile_function().await;
    let mut wrong = Vec::new();
    let mut after_first_round = 0;
    for round in 0..3 {
        for case in cases(false) {
            let started = Instant::now();
            let answer = function.invoke(&event(&case.ask)).await.expect("the function answers");
            let (got, took) = (outcome(&answer), started.elapsed());
            if got != case.want || took > LIMIT {
                wrong.push(format!("{}: want {}, got {got} after {took:?}", case.name, case.want));
            }
            if let Answer::Error(text) = &answer {
                assert!(!text.contains("kim") && text.len() < 300, "{}: {text}", case.name);
            }
            // `calls` counts in a global of the component: one call of `plan` came before, in the same instance, and no other.
            let next = function.invoke(&event("good")).await.expect("the function still answers");
            assert_eq!(outcome(&next), "1", "after {}", case.name);
        }
        if round == 0 {
            after_first_round = own_memory(&function);
        }
    }
    let grown = own_memory(&function).saturating_sub(after_first_round);
    function.stop().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(grown < 8 << 20, "the function has {grown} bytes more than after the first round");
}

#[test]
fn no_call_harms_the_authorizer() {
    let engine = LogicEngine::pooled().expect("the engine starts");
    let wasm = std::fs::read(artifact("hostile.wasm")).expect("the hostile component is built");
    let component = Component::new(engine.engine(), wasm).expect("a component");
    let logic = Logic::new(&engine, &component, Some(BUNDLE.to_owned())).expect("it fits the world");
    let ask = |path: &str| {
        let request = AccessRequest {
            token: Token::Access,
            claims: Object::new(),
            method: "GET".to_owned(),
            path: format!("/{path}"),
            now: 0,
        };
        logic.session().and_then(|mut session| session.authorize(&request))
    };
    for case in cases(true) {
        let started = Instant::now();
        let error = ask(&case.ask).expect_err(&case.name);
        assert_eq!(error.code(), case.want, "{}", case.name);
        assert!(started.elapsed() < LIMIT, "{} took {:?}", case.name, started.elapsed());
        assert!(ask("good").is_ok(), "after {}", case.name);
    }
}

/// A component made of WebAssembly text, with the world's exports and nothing behind them.
fn dummy(wit: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut resolve = wit_parser::Resolve::default();
    let package = resolve.push_str("logic.wit", wit).expect("the wit is read");
    let world = resolve.select_world(&[package], Some("claims")).expect("it has the world");
    let module = wit_component::dummy_module(&resolve, world, wit_parser::ManglingAndAbi::Standard32);
    let text = change(&wasmprinter::print_bytes(&module).expect("the module is printed"));
    let mut module = wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    wit_component::embed_component_metadata(
        &mut module,
        &resolve,
        world,
        wit_component::StringEncoding::UTF8,
    )
    .expect("the module takes its types");
    let encoder = wit_component::ComponentEncoder::default();
    encoder
        .module(&module)
        .expect("a module")
        .validate(true)
        .encode()
        .expect("the module becomes a component")
}

fn world() -> String {
    std::fs::read_to_string(corpus::repository().join("wit/logic.wit")).expect("the wit is there")
}

#[test]
fn what_misbehaves_when_it_is_made_does_not_start() {
    let engine = LogicEngine::pooled().expect("the engine starts");
    let start = |body: &str| {
        let change = |text: &str| {
            let end = text.rfind(')').expect("a module ends");
            format!("{} (func $bad {body}) (start $bad))", &text[..end])
        };
        let component = Component::new(engine.engine(), dummy(&world(), change)).expect("a component");
        let started = Instant::now();
        let error = Logic::new(&engine, &component, Some(BUNDLE.to_owned())).expect_err(body).to_string();
        assert!(started.elapsed() < LIMIT, "{body} took {:?}", started.elapsed());
        error
    };
    assert!(start("(loop br 0)").contains("component-too-slow"));
    assert!(start("unreachable").contains("component-trapped"));
    assert!(start("call $bad").contains("component-stack-overflow"));
}

#[test]
fn memories_are_bounded_together() {
    let engine = LogicEngine::pooled().expect("the engine starts");
    let start = |pages: usize, memories: usize| {
        let more = format!("(memory {pages})").repeat(memories);
        let change = |text: &str| {
            let at = text.find("(memory").expect("a module has a memory");
            // The first memory stays the first.
            let end = at + text[at..].find('\n').expect("on a line of its own");
            format!("{}\n{more}{}", &text[..end], &text[end..])
        };
        let component = Component::new(engine.engine(), dummy(&world(), change)).expect("a component");
        Logic::new(&engine, &component, Some(BUNDLE.to_owned()))
    };
    let pages = MEMORY / 65_536 / 4;
    start(pages, 3).expect("three quarters are taken");
    for (pages, more, what) in [(pages, 5, "five quarters"), (1, 6, "a seventh memory")] {
        let error = start(pages, more).expect_err(what).to_string();
        assert!(error.contains("component-too-large"), "{error}");
    }
    start(1, 5).expect("six are taken");
}

#[test]
fn a_component_of_another_world_is_named() {
    let engine = LogicEngine::pooled().expect("the engine starts");
    let error = |wit: &str| {
        let component = Component::new(engine.engine(), dummy(wit, str::to_owned)).expect("a component");
        Logic::new(&engine, &component, Some(BUNDLE.to_owned())).expect_err("another world").to_string()
    };
    let lacking = error(&world().replace("  authorize: func(", "  authorise: func("));
    assert!(lacking.contains("has no function `authorize`"), "{lacking}");
    let other = error(&world().replace("preferred-role: option<string>", "preferred-role: string"));
    assert!(other.contains("is another than this version's"), "{other}");
    let newer = error(&world().replace("@1.0.0", "@2.0.0").replace("version = 1.0.0", "version = 2.0.0"));
    assert!(newer.contains("does not export the interface `claimwright:logic/logic@1.0.0`"), "{newer}");
    let imports = error(
        &world().replace("world claims {", "world claims { import reach: interface { reach: func(); }"),
    );
    assert!(imports.contains("the component imports `reach`"), "{imports}");
}
