//! Our evaluator against the one of the `cel` crate, on every expression of the vectors.

use claim_core::contract::INPUTS;
use claim_core::expression::{Budget, Type, parse};
use claim_core::json;
use corpus::{repository, vectors};
use serde_json::{Value, json};

/// Where the two differ on purpose.
const KNOWN: [(&str, &str); 14] = [
    ("double_by_zero_is_infinite", "infinity has no JSON; ours is an error, theirs becomes null"),
    ("beyond_2_53_exactly", "the language compares numbers as on a line; theirs rounds the integer first"),
    ("keys_in_order", "ours ranges over keys in order; a hash map has none"),
    ("literal_keys_in_order", "ours ranges over keys in order; a hash map has none"),
    ("map_key_is_a_text", "a key that is no text has no JSON"),
    ("compare_beyond_2_53", "the language compares numbers as on a line; theirs rounds the integer first"),
    ("double_infinity_is_no_claim", "infinity has no JSON; ours is an error, theirs becomes null"),
    ("list_index_is_an_expression", "a JSON number is an int in ours and a uint in theirs"),
    ("macro_variable_is_gone_afterwards", "a JSON number is an int in ours and a uint in theirs"),
    ("number_from_json_without_fraction", "a JSON number is an int in ours and a uint in theirs"),
    ("operator_negation_after_access", "a JSON number is an int in ours and a uint in theirs"),
    ("name_of_a_function_as_a_field", "a JSON number is an int in ours and a uint in theirs"),
    (
        "what_is_no_number_is_not_less",
        "not-a-number has no order, so each comparison is false; theirs is an error",
    ),
    ("name_from_the_root_scope", "theirs does not know a leading dot"),
];

fn inputs(facts: &Value) -> Value {
    json!({
        "user": { "name": "kim", "attributes": {} },
        "groups": [],
        "roles": [],
        "client": { "id": "" },
        "event": { "version": "2", "trigger": "", "poolId": "", "region": "", "scopes": [] },
        "metadata": {},
        "facts": facts,
        "now": 1_700_000_000,
    })
}

fn ours(expression: &str, inputs: &Value) -> Option<Value> {
    let inputs = json::read(&inputs.to_string()).expect("inputs are json");
    let inputs = inputs.as_object().expect("inputs are an object");
    let expression =
        parse(expression, &INPUTS).unwrap_or_else(|error| panic!("{expression}: {}", error.message));
    let value = expression.evaluate(inputs, &Budget::default()).ok()?;
    Some(serde_json::from_str(&value.to_string()).expect("a value is json"))
}

fn theirs(expression: &str, inputs: &Value) -> Option<Value> {
    let mut env = cel::Env::stdlib();
    env.add_extension(cel::extensions::strings).expect("the extension is new");
    let program = env.compile(expression).ok()?;
    let mut context = cel::Context::with_env(std::sync::Arc::new(env));
    for (name, value) in inputs.as_object().expect("inputs are an object") {
        context.add_variable(name.as_str(), value).expect("an input is a value");
    }
    program.execute(&context).ok()?.json().ok()
}

/// Numbers of JSON are equal by value: `2` and `2.0` are one claim.
fn normal(value: Value) -> Value {
    let text = value.to_string();
    json::read(&text)
        .map_or(value, |value| serde_json::from_str(&value.to_string()).expect("a value is json"))
}

#[test]
fn both_evaluators_agree() {
    let mut wrong = Vec::new();
    let mut compared = 0;
    for (file, content) in vectors::<Value>("expressions") {
        for case in content["cases"].as_array().expect("there are cases") {
            let name = case["name"].as_str().unwrap_or_default();
            let expression = case["expression"].as_str().expect("a case has an expression");
            // Only ours has a limit.
            let is_cut = case["want"]["fault"] == "cost-exceeded";
            if is_cut || KNOWN.iter().any(|(known, _)| *known == name) {
                continue;
            }
            let inputs = inputs(&case["facts"]);
            let (ours, theirs) = (ours(expression, &inputs), theirs(expression, &inputs).map(normal));
            compared += 1;
            if ours != theirs {
                wrong.push(format!("{file}::{name}: {expression}\n   ours {ours:?}\n theirs {theirs:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 100, "only {compared} expressions were compared");
}

/// Where a part that fails is passed over, so that the whole has a value although its types never go together.
fn may_pass_over(expression: &str) -> bool {
    ["&&", "||", "?", "all(", "exists(", "map(", "filter("].iter().any(|part| expression.contains(part))
}

#[test]
fn what_the_compiler_refuses_by_its_types_has_no_value() {
    let (mut refused, mut wrong) = (0, Vec::new());
    for (file, content) in vectors::<Value>("expressions") {
        for case in content["cases"].as_array().expect("there are cases") {
            let expression = case["expression"].as_str().expect("a case has an expression");
            let parsed =
                parse(expression, &INPUTS).unwrap_or_else(|error| panic!("{expression}: {}", error.message));
            let Err(mismatch) = parsed.type_of(&|_| Type::Any) else {
                continue;
            };
            refused += 1;
            // Never equal is a value too, and still not what anybody means.
            let never = mismatch.message.starts_with("`==`") || mismatch.message.starts_with("`in`");
            if ours(expression, &inputs(&case["facts"])).is_some() && !never && !may_pass_over(expression) {
                wrong.push(format!("{file}: {expression} has a value: {}", mismatch.message));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(refused > 50, "only {refused} expressions were refused");
}

#[test]
fn every_known_difference_is_still_in_the_vectors() {
    let all: String = std::fs::read_dir(repository().join("tests/vectors/expressions"))
        .expect("the vectors are there")
        .map(|entry| std::fs::read_to_string(entry.expect("an entry").path()).expect("a file"))
        .collect();
    for (name, _) in KNOWN {
        assert!(all.contains(&format!("\"name\": \"{name}\"")), "{name} is not in the vectors");
    }
}
