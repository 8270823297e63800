//! What programs may expect of the tokens of a contract, and what editors may expect of a contract.

use std::collections::BTreeMap;

use claim_core::TriggerVersion;
use claim_core::cognito::Token;
use claim_core::contract::{Expected, Form, compile, json_schema};
use corpus::{bless, repository, vector_cases};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    contract: String,
    want: Value,
}

fn form(of: &Form) -> String {
    match of {
        Form::List(element) => format!("[{}]", form(element)),
        Form::OneOf(values) => values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | "),
        plain => format!("{plain:?}").to_lowercase(),
    }
}

fn outline(contract: &str) -> Value {
    let compiled = compile(contract);
    let bundle = compiled.bundle.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
    let written = |expected: BTreeMap<&str, Expected>| -> BTreeMap<String, String> {
        let mark = |always: bool| if always { "" } else { "?" };
        expected
            .into_iter()
            .map(|(name, of)| (name.to_owned(), format!("{}{}", form(&of.form), mark(of.always))))
            .collect()
    };
    let of = |token, version| written(bundle.expected(token, version));
    json!({
        "idOfV1": of(Token::Id, TriggerVersion::V1),
        "id": of(Token::Id, TriggerVersion::V2),
        "access": of(Token::Access, TriggerVersion::V2),
        "context": written(bundle.expected_context()),
    })
}

#[test]
fn every_claim_has_the_form_that_can_be_known() {
    bless("outlines", |case| outline(case["contract"].as_str().expect("a contract")));
    for (file, case) in vector_cases::<Case>("outlines") {
        assert_eq!(outline(&case.contract), case.want, "{file}::{}", case.name);
    }
}

#[test]
fn the_schema_of_the_documentation_is_todays() {
    let text = std::fs::read_to_string(repository().join("docs/claims.schema.json")).expect("it is there");
    let published: Value = serde_json::from_str(&text).expect("json");
    assert_eq!(serde_json::from_str::<Value>(&json_schema().to_string()).expect("json"), published);
}

/// The part of a bundle that a page reads.
#[test]
fn a_page_reads_how_claims_are_shown() {
    let contract = "\
version: 1
sections: { money: { label: Money } }
claims:
  tier: { value: pro, tokens: [id], label: Tier, section: money }
  bare: { value: x, tokens: [id] }
  machine: { value: x, tokens: [access], label: Never shown }
display: { email: { label: Mail } }
";
    let bundle = compile(contract).bundle.expect("no mistakes");
    let shown: Value = serde_json::from_str(&bundle.shown().to_string()).expect("json");
    assert_eq!(shown["digest"], bundle.digest());
    assert_eq!(shown["sections"]["money"]["label"]["*"], "Money");
    let names: Vec<&String> = shown["claims"].as_object().expect("an object").keys().collect();
    assert_eq!(names, ["bare", "email", "tier"]);
    assert_eq!(shown["claims"]["bare"], json!({}));
    assert_eq!(shown["claims"]["tier"]["label"]["*"], "Tier");
    assert_eq!(shown["claims"]["email"]["label"]["*"], "Mail");
}
