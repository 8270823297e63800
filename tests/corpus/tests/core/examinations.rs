//! The contract's own tests: those that hold, and what is said of those that do not.

use std::collections::BTreeMap;

use claim_core::FactRecord;
use claim_core::contract::compile;
use corpus::{bless, vector_cases};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    contract: String,
    /// The differences that each test finds.
    want: BTreeMap<String, Vec<String>>,
}

fn found(contract: &str) -> BTreeMap<String, Vec<String>> {
    let compiled = compile(contract);
    let bundle = compiled.bundle.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
    let run = |test: &claim_core::contract::Examination| {
        let differences = test.run(&bundle, |_, _| Vec::new());
        (test.name.clone(), differences.iter().map(ToString::to_string).collect())
    };
    compiled.tests.iter().map(run).collect()
}

#[test]
fn every_test_says_what_differs() {
    bless("examinations", |case| json!(found(case["contract"].as_str().expect("a contract"))));
    for (file, case) in vector_cases::<Case>("examinations") {
        assert_eq!(found(&case.contract), case.want, "{file}::{}", case.name);
    }
}

/// A vector's tests, where each component that is asked gives the answer here; and those of them that asked.
fn asked(name: &str, answers: &[FactRecord]) -> Vec<String> {
    let (_, case) = vector_cases::<Case>("examinations")
        .into_iter()
        .find(|(_, case)| case.name == name)
        .expect("the vector is there");
    let compiled = compile(&case.contract);
    let bundle = compiled.bundle.expect("no mistakes");
    let mut asked = Vec::new();
    for test in &compiled.tests {
        let differences = test.run(&bundle, |request, facts| {
            assert!(request.user.is_some() && facts.is_empty());
            asked.push(test.name.clone());
            answers.to_vec()
        });
        assert!(differences.is_empty(), "{}: {differences:?}", test.name);
    }
    asked
}

fn answer(of: &str, claim: &str, value: &str) -> FactRecord {
    FactRecord::of_logic(of, Some([(claim.to_owned(), value.into())].into()))
}

#[test]
fn a_component_is_asked_where_the_test_says_nothing() {
    assert_eq!(asked("answers_of_a_component", &[answer("risk", "tier", "high")]), ["nobody was asked"]);
}

#[test]
fn what_the_test_says_counts_more_than_what_a_component_answers() {
    let answers = [answer("region", "place", "eu"), answer("risk", "tier", "low")];
    assert_eq!(asked("answers_of_two_components", &answers), ["one was said"]);
}
