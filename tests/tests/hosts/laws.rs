//! Laws of the core, in the component and in the command: on contracts, events and records that nobody thought of.

use claim_core::authorize::authorize;
use claim_core::cognito::event;
use claim_core::contract::compile;
use claim_core::json::{self, Object, Value};
use claim_core::{plan, shape};
use conformance::{Compiled, claims, component, scratch, text};
use corpus::callers::{authorizes, call, callers};
use corpus::decisions;
use corpus::generated::{NOW, runner, sign_ins};
use proptest::prelude::*;

/// How many cases each law is tried on.
const CASES: u32 = 600;

#[test]
fn the_component_answers_as_the_core_byte_for_byte() {
    let compiled = Compiled::new(&component());
    let tried = runner(CASES).run(&sign_ins(), |sign_in| {
        let event = event::read(&sign_in.event, NOW).expect("an event");
        let logic = compiled.logic(&sign_in.bundle.to_text());
        let mut session = logic.session().expect("an instance");
        let planned = session.plan(&event.request).map_err(|error| error.code());
        prop_assert_eq!(planned, plan(&sign_in.bundle, &event.request).map_err(|refusal| refusal.code()));
        let answered = session.shape(&event.request, &sign_in.facts).map(|shape| event.answer(&shape));
        let native = shape(&sign_in.bundle, &event.request, &sign_in.facts).map(|shape| event.answer(&shape));
        prop_assert_eq!(answered.map_err(|error| error.code()), native.map_err(|refusal| refusal.code()));
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn the_command_prints_the_tokens_that_the_answer_makes() {
    let folder = scratch("laws");
    let file = |name: &str| folder.join(name);
    let tried = runner(25).run(&sign_ins(), |mut sign_in| {
        if !sign_in.bundle.logic.is_empty() {
            // The command would ask a component, and there is none.
            return Ok(());
        }
        let request = sign_in.request();
        // As in a function: a record whose key cannot be made is not there.
        let lookups = plan(&sign_in.bundle, &request).unwrap_or_default();
        sign_in.facts.retain(|record| lookups.iter().any(|lookup| lookup.fact == record.name));
        let Ok(shape) = shape(&sign_in.bundle, &request, &sign_in.facts) else {
            return Ok(());
        };
        let (mut facts, mut arguments) = (Object::new(), Vec::new());
        for record in &sign_in.facts {
            match &record.outcome {
                claim_core::FactOutcome::Found(value) => {
                    drop(facts.insert(record.name.clone(), value.clone()));
                }
                claim_core::FactOutcome::Missing => {}
                claim_core::FactOutcome::Failed => {
                    arguments.extend(["--fail".to_owned(), record.name.clone()]);
                }
            }
        }
        std::fs::write(file("claims.yaml"), &sign_in.contract).expect("written");
        std::fs::write(file("event.json"), &sign_in.event).expect("written");
        std::fs::write(file("facts.json"), Value::Object(facts).to_string()).expect("written");
        for (option, name) in [("--event", "event.json"), ("--facts", "facts.json")] {
            arguments.extend([option.to_owned(), file(name).display().to_string()]);
        }
        let contract = file("claims.yaml").display().to_string();
        let mut words = vec!["preview", &contract, "--format", "json"];
        words.extend(arguments.iter().map(String::as_str));
        let output = claims(&words);
        prop_assert!(output.status.success(), "{}", text(&output.stderr));
        let printed = json::read(text(&output.stdout).trim()).expect("the preview is json");
        let tokens = sign_in.tokens(&shape);
        let shaped = |token: &str| printed.get(token).and_then(|token| token.get("shaped")).cloned();
        prop_assert_eq!(shaped("access"), Some(Value::Object(tokens.access)));
        prop_assert_eq!(shaped("id"), tokens.id.map(Value::Object));
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn the_component_decides_as_the_core() {
    let compiled = Compiled::new(&component());
    let tried = runner(CASES / 4).run(&(authorizes(), callers()), |(contract, claims)| {
        let bundle = compile(&contract).bundle.expect("no mistakes");
        let asked = call(&claims, "GET", "/a/b");
        let answered =
            compiled.logic(&bundle.to_text()).session().and_then(|mut session| session.authorize(&asked));
        prop_assert_eq!(answered.map_err(|error| error.code()), Ok(authorize(&bundle, &asked)));
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn the_component_decides_as_the_vectors_say() {
    let compiled = Compiled::new(&component());
    let wrong = decisions::wrong(|bundle, request| {
        let logic = compiled.logic(&bundle.to_text());
        let mut session = logic.session().expect("an instance");
        session.authorize(request).expect("a decision")
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
