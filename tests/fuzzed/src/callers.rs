//! What callers of an API and readers of a page bring.

use std::collections::BTreeMap;

use claim_core::backend;
use claim_core::contract::compile;
use claim_core::present::{Expected, read, rows};
use claim_core::token::decode;
use host_lambda::authorizer::event;
use host_lambda::keys::{KeySet, MAX_KEY_SET};

/// Any text as a gateway's question, and as what it hands on to a backend: refused, or a call that is one.
pub(crate) fn call(text: &str) {
    if let Ok(call) = event::read(text) {
        if let Some(arn) = &call.arn {
            assert!(text.contains("arn"), "{arn:?} comes from nowhere");
        }
        assert!(call.method.len() <= text.len() && call.path.len() <= text.len());
    }
    let bundle = compile(
        "version: 1\nclaims: { n: { value: 1, tokens: [access], type: integer }, l: { value: [a], tokens: [access], type: array, items: string } }\nauthorize: { token: access, rules: [ { routes: ['GET /*'] } ], context: { n: /claims/n, l: { from: /claims/l, json: true } } }\n",
    );
    let bundle = bundle.bundle.expect("the contract has no mistakes");
    if let Some(received) = backend::read(&bundle, text) {
        let whole = received
            .values
            .get("n")
            .is_none_or(|n| n.to_string().bytes().all(|byte| b"-0123456789".contains(&byte)));
        assert!(whole, "{received:?}");
    }
}

/// Any text as a key set: none, or keys whose names stand in it, none of which takes what nobody signed.
pub(crate) fn keys(text: &str) {
    if text.len() > MAX_KEY_SET {
        return;
    }
    if let Some(keys) = KeySet::read(text) {
        for kid in ["k1", "", "a", "test"] {
            assert!(!keys.verifies(kid, b"nobody signed this", &[0; 256]), "{kid}");
        }
    }
}

/// Any text as a token: refused, or taken apart in the one way that there is.
pub(crate) fn token(text: &str) {
    if let Ok(unverified) = decode(text) {
        assert_eq!(text.split('.').count(), 3);
        assert!(text.len() <= 16 * 1024);
        drop(unverified);
    }
    let mut outcomes = BTreeMap::new();
    for (name, expected) in [("id", Expected::Id), ("access", Expected::Access), ("any", Expected::Any)] {
        if let Ok(reading) = read(text, expected) {
            let shown = rows(&reading.payload, "", "en").expect("no contract is one");
            assert!(shown.to_text().len() < 64 * text.len() + 4_096);
            outcomes.insert(name, reading.payload.clone());
        }
    }
    // What is taken as one of the two is taken as any, and is not taken as the other.
    assert!(!(outcomes.contains_key("id") && outcomes.contains_key("access")));
    for name in ["id", "access"] {
        assert!(!outcomes.contains_key(name) || outcomes.get(name) == outcomes.get("any"));
    }
}

const PAYLOAD: &str = r#"{"sub":"u-1","token_use":"id","email":"kim@example.org","email_verified":true,"exp":1700003600,"custom:tier":"pro","tier":["a",1,true],"n":12345678901234567890,"o":{"p":[1,2]},"cognito:groups":["staff"]}"#;

/// Any text as what a page knows of a contract, and as claims that somebody else decoded.
pub(crate) fn presentation(text: &str) {
    for language in ["en", "de-AT", ""] {
        if let Ok(shown) = rows(PAYLOAD, text, language) {
            assert!(shown.to_text().len() < 64 * (text.len() + PAYLOAD.len()));
        }
    }
    let Ok(reading) = claim_core::present::read_payload(text, Expected::Any) else {
        return;
    };
    let _ = rows(&reading.payload, "", "en");
    let _ = reading.times.at(1_700_000_000.0, 300.0);
}
