//! A component with its contract baked in: what is deployed answers as what is tested.

use std::path::PathBuf;

use claim_core::contract::compile;
use claim_core::json::{self, Object};
use claim_core::{FactOutcome, FactRecord};
use conformance::{artifact, scratch};
use corpus::repository;
use host_cli::build::{baked_here, machine_code_here};
use host_lambda::engine::{Logic, LogicEngine};

fn example(name: &str, file: &str) -> String {
    let path = repository().join("examples").join(name).join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn bundle(name: &str) -> String {
    compile(&example(name, "claims.yaml")).bundle.expect("the example has no mistakes").to_text()
}

fn file(directory: &str, code: &[u8]) -> PathBuf {
    let path = scratch(directory).join("logic.cwasm");
    std::fs::write(&path, code).expect("the component is written");
    path
}

#[test]
fn it_answers_as_one_that_is_given_its_bundle_and_every_instance_is_fresh() {
    let engine = LogicEngine::pooled().expect("the engine starts");
    let wasm = artifact("logic.wasm");
    let bundle = bundle("profile");
    let baked = file("baked", &baked_here(&wasm, &bundle).expect("the contract is baked in"));
    let plain = file("plain", &machine_code_here(&wasm).expect("the component compiles"));
    let baked = Logic::load(&engine, &baked, None).expect("it needs no bundle");
    let plain = Logic::load(&engine, &plain, Some(bundle.clone())).expect("it takes its bundle");
    assert_eq!(baked.bundle(), bundle);

    let event = example("profile", "event.json");
    let event = claim_core::cognito::event::read(&event, 1_700_000_000).expect("an event");
    let facts: Vec<FactRecord> = json::read(&example("profile", "facts.json"))
        .expect("facts are json")
        .as_object()
        .cloned()
        .unwrap_or_else(Object::new)
        .into_iter()
        .map(|(name, record)| FactRecord { name, outcome: FactOutcome::Found(record) })
        .collect();
    let ask = |logic: &Logic| {
        let mut session = logic.session().expect("an instance");
        let lookups = session.plan(&event.request).expect("a plan");
        let shape = session.shape(&event.request, &facts).expect("a shape");
        (format!("{lookups:?}"), event.answer(&shape))
    };
    let want = ask(&plain);
    for _ in 0..3 {
        assert_eq!(ask(&baked), want);
    }
}

#[test]
fn it_is_the_same_bytes_each_time_and_takes_no_other_bundle() {
    let wasm = artifact("logic.wasm");
    let code = baked_here(&wasm, &bundle("api")).expect("the contract is baked in");
    assert!(code == baked_here(&wasm, &bundle("api")).expect("again"), "two builds differ");

    let engine = LogicEngine::pooled().expect("the engine starts");
    let path = file("other", &code);
    let refused = |bundle| Logic::load(&engine, &path, bundle).expect_err("it is refused").to_string();
    let error = refused(Some(bundle("profile")));
    assert!(error.contains("another contract baked in"), "{error}");
    drop(Logic::load(&engine, &path, Some(bundle("api"))).expect("its own bundle may lie beside it"));

    let plain = file("none", &machine_code_here(&wasm).expect("the component compiles"));
    let error = Logic::load(&engine, &plain, None).expect_err("it has no contract").to_string();
    assert!(error.contains("no contract baked in and there is no bundle"), "{error}");
}

#[test]
fn what_is_no_contract_is_not_baked_in() {
    let error = baked_here(&artifact("logic.wasm"), "{}").expect_err("an empty object is no bundle");
    assert!(error.starts_with("the component does not take the contract: "), "{error}");
}
