//! What a host takes for a bundle.

use std::collections::BTreeSet;

use claim_core::Bundle;
use claim_core::contract::{compile, digest};
use corpus::{bless, cases, vector_cases};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// The member that is set: `/claims/sub`.
    at: String,
    value: Value,
    /// Why the text is none; null if it is one.
    want: Option<String>,
}

const CONTRACT: &str = "\
version: 1
facts: { f: { table: t, key: { id: user.name }, onMissing: empty, onError: refuse } }
claims: { tier: { from: /facts/f/tier, tokens: [id, access] } }
";

fn written() -> String {
    compile(CONTRACT).bundle.expect("no mistakes").to_text()
}

/// What is said of a bundle with one member set.
fn said(at: &str, value: &Value) -> Option<String> {
    let mut bundle: Value = serde_json::from_str(&written()).expect("a bundle is json");
    let (object, member) = at.rsplit_once('/').expect("a pointer");
    let object = object.split('/').skip(1).fold(&mut bundle, |value, name| &mut value[name]);
    if object.is_null() {
        *object = json!({});
    }
    object[member] = value.clone();
    Bundle::read(&bundle.to_string()).err().map(|error| error.to_string())
}

#[test]
fn no_bundle_names_what_a_contract_could_not() {
    bless("bundles", |case| json!(said(case["at"].as_str().expect("a pointer"), &case["value"])));
    for (file, case) in vector_cases::<Case>("bundles") {
        assert_eq!(said(&case.at, &case.value), case.want, "{file}::{}", case.name);
    }
}

#[test]
fn a_bundle_is_read_back_and_has_one_name() {
    let text = written();
    let bundle = Bundle::read(&text).expect("a bundle");
    assert_eq!(bundle.to_text(), text);
    assert_eq!(bundle.digest(), digest(&text));
    // FIPS 180-4, appendix B.1.
    assert_eq!(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

#[test]
fn every_bundle_is_read_back_as_it_was_compiled() {
    #[derive(Deserialize)]
    struct Contract {
        contract: String,
    }
    let plain = ["backend", "decisions"].into_iter().flat_map(vector_cases::<Contract>);
    let contracts = plain.map(|(_, case)| case.contract).chain(cases().into_iter().map(|case| case.contract));
    let contracts: BTreeSet<String> = contracts.collect();
    assert!(contracts.len() > 100, "{} contracts", contracts.len());
    for contract in contracts {
        let bundle = compile(&contract).bundle.expect("no mistakes");
        assert_eq!(Bundle::read(&bundle.to_text()).as_ref(), Ok(&bundle), "{contract}");
    }
}

#[test]
fn a_bundle_says_only_what_its_contract_says() {
    let text = |contract: &str| compile(contract).bundle.expect("no mistakes").to_text();
    let claim = "{ a: { value: x, tokens: [id] } }";
    let shortest = r#"{"format":1,"claims":{"a":{"source":{"value":"x"},"tokens":["id"]}}}"#;
    assert_eq!(text(&format!("version: 1\nclaims: {claim}\n")), shortest);
    let budget = text(&format!("version: 1\nclaims: {claim}\nbudget: {{ id: 5000 }}\n"));
    assert!(budget.contains(r#""budget":{"id":5000,"access":4096}"#), "{budget}");
}

#[test]
fn a_chain_of_conditions_is_one_list() {
    let written = |expression: &str| {
        let contract =
            format!("version: 1\nclaims: {{ a: {{ expression: '{expression}', tokens: [id] }} }}\n");
        let bundle: Value = serde_json::from_str(&compile(&contract).bundle.expect("no mistakes").to_text())
            .expect("a bundle is json");
        bundle["claims"]["a"]["source"]["expression"].clone()
    };
    let chain = (0..8).map(|index| format!("\"g{index}\" in groups")).collect::<Vec<_>>();
    for (operator, name) in [(" && ", "and"), (" || ", "or")] {
        let nodes = written(&chain.join(operator));
        let all: Vec<&Value> =
            nodes.as_array().expect("nodes").iter().filter(|node| node.get(name).is_some()).collect();
        assert_eq!(all.len(), 1, "{nodes}");
        assert_eq!(all[0][name].as_array().map(Vec::len), Some(8), "{nodes}");
    }
}
