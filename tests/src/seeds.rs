//! The vectors as seeds of the fuzz targets: what is known to matter is what to begin with.

use std::fs;

use corpus::{bundle, cases, repository, vectors};
use serde_json::Value;

use crate::issuer::key_set;
use crate::tokens;

/// Every text that a vector has under one of some names, at any depth; what is no text is written as JSON.
fn texts(group: &str, names: &[&str]) -> Vec<String> {
    fn gather(value: &Value, names: &[&str], texts: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    if names.contains(&name.as_str()) {
                        texts.push(value.as_str().map_or_else(|| value.to_string(), str::to_owned));
                    }
                    gather(value, names, texts);
                }
            }
            Value::Array(elements) => elements.iter().for_each(|element| gather(element, names, texts)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for (_, file) in vectors::<Value>(group) {
        gather(&file, names, &mut found);
    }
    found
}

/// Returns the seeds of a target.
///
/// # Panics
///
/// Panics if there is no such target.
#[must_use]
pub fn seeds(target: &str) -> Vec<String> {
    let cases = cases();
    let cases = &cases;
    let mut seeds: Vec<String> = match target {
        "answer" => {
            let mut seeds = texts("guard", &["response"]);
            for group in ["claims", "groups", "traps"] {
                seeds.extend(texts(group, &["response"]));
            }
            seeds
        }
        "bundle" => cases.iter().filter_map(|case| Some(bundle(case).ok()?.to_text())).collect(),
        "call" => {
            let mut seeds = texts("authorizer", &["event"]);
            seeds.extend(texts("backend", &["event"]));
            seeds
        }
        "contract" => {
            let examples =
                ["api", "membership", "orders", "profile", "subscription", "v1-names"].map(|example| {
                    let path = repository().join("examples").join(example).join("claims.yaml");
                    fs::read_to_string(path).expect("the example is there")
                });
            let plain =
                cases.iter().filter(|case| case.expression.is_none()).map(|case| case.contract.clone());
            plain.chain(texts("contract", &["contract"])).chain(examples).collect()
        }
        "event" => cases.iter().map(|case| case.event.clone()).collect(),
        "expression" => cases.iter().filter_map(|case| case.expression.clone()).collect(),
        "keys" => {
            let published = key_set(&[&tokens::keys().k1, &tokens::keys().k2]);
            let mut seeds = texts("keys", &["body", "keys"]);
            seeds.push(published);
            seeds
        }
        "presentation" => {
            let mut seeds = texts("presentations", &["contract", "claims", "claimsText", "payload"]);
            seeds.sort_by_key(String::len);
            seeds
        }
        "token" => tokens::Case::all().iter().map(|(_, case)| case.token()).collect(),
        other => panic!("there are no seeds for `{other}`"),
    };
    seeds.sort();
    seeds.dedup();
    seeds
}
