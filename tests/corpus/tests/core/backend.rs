//! What backends receive about a caller, as typed values again.

use claim_core::backend;
use claim_core::contract::compile;
use corpus::vector_cases;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Case {
    name: String,
    contract: String,
    event: Value,
    want: Option<Want>,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Want {
    carrier: String,
    values: Value,
}

#[test]
fn every_carrier_gives_the_contracts_types() {
    let cases = vector_cases::<Case>("backend");
    assert!(cases.len() > 10);
    for (file, case) in cases {
        let bundle = compile(&case.contract).bundle.expect("the contract has no mistakes");
        let got = backend::read(&bundle, &case.event.to_string()).map(|received| Want {
            carrier: received.carrier.as_str().to_owned(),
            values: serde_json::from_str(&claim_core::json::Value::Object(received.values).to_string())
                .expect("json"),
        });
        assert_eq!(got, case.want, "{file}::{}", case.name);
    }
}

#[test]
fn hostile_events_are_nobody() {
    let bundle =
        compile("version: 1\nclaims: { a: { value: x, tokens: [id] } }\n").bundle.expect("no mistakes");
    let deep = format!("{{\"requestContext\":{}1{}}}", "{\"authorizer\":".repeat(200), "}".repeat(200));
    for event in
        ["", "x", "null", "7", "{\"requestContext\":7}", deep.as_str(), "{\"identity\":{\"claims\":[]}}"]
    {
        assert_eq!(backend::read(&bundle, event), None, "{event:.40}");
    }
}
