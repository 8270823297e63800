//! Prints the tokens of the vectors, signed, with the keys that check them: for verifiers in other languages.

use conformance::issuer::{NOW, key_set};
use conformance::tokens::{Case, ISSUER, keys};
use serde_json::{Value, json};

fn main() {
    let set: Value = serde_json::from_str(&key_set(&[&keys().k1, &keys().k2])).expect("a key set is json");
    let cases: Vec<Value> = Case::all()
        .iter()
        .map(|(_, case)| json!({ "name": case.name, "token": case.token(), "want": case.want() }))
        .collect();
    println!(
        "{}",
        json!({ "now": NOW, "issuer": ISSUER, "clients": ["c1", "c2"], "jwks": set, "cases": cases })
    );
}
