//! Measures one invocation of the token trigger in process: `cargo xtask bench trigger`, which then measures processes.
//!
//! `bench-trigger COMPONENT FOLDER` takes our component and where the figures go.

use std::collections::HashMap;
use std::hint::black_box;
use std::path::PathBuf;

use aws_lambda_events::cognito::{
    ClaimsAndScopeOverrideDetailsV2, CognitoAccessTokenGenerationV2, CognitoEventUserPoolsPreTokenGenV2,
    CognitoIdTokenGenerationV2,
};
use bench::{Contender, Example, deployed, in_turns};
use claim_core::cognito::{event, guard};
use claim_core::json::{self, Object};
use claim_core::{Bundle, FactOutcome};
use figures::{Figures, Group};
use host_lambda::engine::{Logic, LogicEngine};
use serde_json::Value;

const ROUNDS: usize = 300;
const CALLS: u32 = 20;

/// Event in, answer out, with the core linked natively.
fn native(example: &Example, bundle: &Bundle) -> String {
    let event = event::read(&example.event, 0).expect("an event");
    black_box(claim_core::plan(bundle, &event.request)).expect("a plan");
    let shape = claim_core::shape(bundle, &event.request, &example.facts).expect("a shape");
    guard(&event.request, &shape).expect("a shape that cognito takes");
    event.answer(&shape)
}

/// The same through a fresh instance of the component.
fn component(example: &Example, logic: &Logic) -> String {
    let event = event::read(&example.event, 0).expect("an event");
    let mut session = logic.session().expect("an instance");
    black_box(session.plan(&event.request)).expect("a plan");
    let shape = session.shape(&event.request, &example.facts).expect("a shape");
    guard(&event.request, &shape).expect("a shape that cognito takes");
    event.answer(&shape)
}

/// The handler that guides write: the published types, a struct, and its fields copied.
fn guide(example: &Example, item: &Object) -> String {
    let mut event: CognitoEventUserPoolsPreTokenGenV2 =
        serde_json::from_str(&example.event).expect("an event of version 2");
    let field = |name: &str| item.get(name).and_then(|value| value.as_str()).map(str::to_owned);
    let claims = |names: &[&str]| -> HashMap<String, Value> {
        names.iter().filter_map(|name| Some(((*name).to_owned(), Value::String(field(name)?)))).collect()
    };
    let mut id = CognitoIdTokenGenerationV2::default();
    id.claims_to_add_or_override = claims(&["first_name", "last_name"]);
    let mut access = CognitoAccessTokenGenerationV2::default();
    access.claims_to_add_or_override = claims(&["interesting_value"]);
    let mut details = ClaimsAndScopeOverrideDetailsV2::default();
    details.id_token_generation = Some(id);
    details.access_token_generation = Some(access);
    details.group_override_details = event.request.group_configuration.clone();
    event.response.claims_and_scope_override_details = Some(details);
    serde_json::to_string(&event).expect("json")
}

fn main() {
    let mut arguments = std::env::args().skip(1).map(PathBuf::from);
    let (Some(wasm), Some(folder)) = (arguments.next(), arguments.next()) else {
        panic!("usage: bench-trigger COMPONENT FOLDER");
    };
    let example = Example::read("profile");
    let engine = LogicEngine::pooled().expect("the engine starts");
    let logic = deployed(&engine, &wasm, &example.bundle);
    let bundle = example.contract();
    let Some(FactOutcome::Found(json::Value::Object(item))) = example.facts.first().map(|fact| &fact.outcome)
    else {
        panic!("the example has a record");
    };
    assert_eq!(native(&example, &bundle), component(&example, &logic), "both give the same bytes");
    let contenders = vec![
        Contender::new("native Rust as guides write it", || drop(black_box(guide(&example, item)))),
        Contender::new("our core, linked natively", || drop(black_box(native(&example, &bundle)))),
        Contender::ours("our core in a fresh instance", || drop(black_box(component(&example, &logic)))),
    ];
    let title = "one sign-in without the store";
    let groups = vec![Group::new(title, "µs", in_turns(ROUNDS, CALLS, contenders))];
    Figures { bench: "trigger-in-process".to_owned(), groups }.publish(&folder);
}
