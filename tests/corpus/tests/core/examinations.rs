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

#[test]
fn a_component_is_asked_where_the_test_says_nothing() {
    let (_, case) = vector_cases::<Case>("examinations")
        .into_iter()
        .find(|(_, case)| case.name == "answers_of_a_component")
        .expect("the vector is there");
    let compiled = compile(&case.contract);
    let bundle = compiled.bundle.expect("no mistakes");
    let mut asked = Vec::new();
    for test in &compiled.tests {
        let differences = test.run(&bundle, |request, facts| {
            assert!(request.user.is_some() && facts.is_empty());
            asked.push(test.name.as_str());
            vec![FactRecord::of_logic("risk", Some([("tier".to_owned(), "high".into())].into()))]
        });
        assert!(differences.is_empty(), "{}: {differences:?}", test.name);
    }
    assert_eq!(asked, ["nobody was asked"]);
}
