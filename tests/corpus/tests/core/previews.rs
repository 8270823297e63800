//! What a preview says of a sign-in.

use std::collections::BTreeMap;

use claim_core::cognito::event;
use claim_core::contract::compile;
use claim_core::preview::Preview;
use claim_core::{FactOutcome, FactRecord, json};
use corpus::{bless, vector_cases};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    contract: String,
    event: Value,
    /// The records that are there.
    #[serde(default)]
    facts: BTreeMap<String, Value>,
    want: Value,
}

impl Case {
    fn preview(&self) -> Value {
        let compiled = compile(&self.contract);
        let bundle = compiled.bundle.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
        let event = self.event.to_string();
        let request = event::read(&event, 1_700_000_000).expect("an event").request;
        let record = |name: &String| {
            let found = self.facts.get(name).map(|value| json::read(&value.to_string()).expect("a record"));
            FactRecord { name: name.clone(), outcome: found.map_or(FactOutcome::Missing, FactOutcome::Found) }
        };
        let facts: Vec<FactRecord> = bundle.facts.keys().map(record).collect();
        let preview = Preview::of(&bundle, &request, &facts).expect("the contract refuses nothing");
        let mut said: Value = serde_json::from_str(&preview.to_json().to_string()).expect("json");
        assert_eq!(said["bundle"], bundle.digest());
        said["bundle"].take();
        said
    }
}

#[test]
fn every_change_is_said_with_its_rule() {
    bless("previews", |case| {
        serde_json::from_value::<Case>(case.clone()).expect("a case has its form").preview()
    });
    for (file, case) in vector_cases::<Case>("previews") {
        assert_eq!(case.preview(), case.want, "{file}::{}", case.name);
    }
}
