//! Hostile tokens, and right ones: each with its outcome and reason code.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use conformance::issuer::{NOW, access_claims, base64url, key_set};
use conformance::tokens::{Case, ISSUER, code, keys};
use host_lambda::keys::{KeySet, KeyStore};
use host_lambda::verify::{Issuer, Leeway, TokenVerifier as _, Verifier};
use serde_json::{Value, json};

const UPDATED: &str = "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E";

fn verifier() -> Verifier {
    let keys = keys();
    let set = KeySet::read(&key_set(&[&keys.k1, &keys.k2])).expect("the keys are usable");
    let store = Arc::new(KeyStore::given(set));
    let issuer = |name: &str| {
        (
            name.to_owned(),
            Issuer { clients: vec!["c1".to_owned(), "c2".to_owned()], keys: Arc::clone(&store) },
        )
    };
    Verifier::new(BTreeMap::from([issuer(ISSUER), issuer(UPDATED)]), Leeway::default())
}

#[tokio::test]
async fn every_token_has_its_outcome() {
    let verifier = verifier();
    let now = UNIX_EPOCH + Duration::from_secs(NOW);
    let cases = Case::all();
    let mut wrong = Vec::new();
    for (file, case) in &cases {
        let got = code(&verifier.verify(&case.token(), now).await);
        let want = case.want();
        if got != want {
            wrong.push(format!("{file}::{}: want {want}, got {got}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases.len() > 200, "only {} tokens", cases.len());
}

#[tokio::test]
async fn a_flipped_bit_anywhere_is_noticed() {
    let verifier = verifier();
    let now = UNIX_EPOCH + Duration::from_secs(NOW);
    let token = keys().k1.token(&access_claims(ISSUER));
    assert!(verifier.verify(&token, now).await.is_ok());
    for at in 0..token.len() {
        let mut bytes = token.clone().into_bytes();
        bytes[at] ^= 1;
        let Ok(text) = String::from_utf8(bytes) else { continue };
        assert!(verifier.verify(&text, now).await.is_err(), "the letter {at} does not count");
    }
}

#[test]
fn key_sets_are_read_with_care() {
    let keys = keys();
    let good = keys.k1.jwk();
    let with = |members: Value| {
        let mut jwk = good.clone();
        let all = jwk.as_object_mut().expect("an object");
        all.extend(members.as_object().expect("an object").clone());
        all.retain(|_, value| !value.is_null());
        KeySet::read(&json!({ "keys": [jwk] }).to_string())
    };
    assert!(with(json!({})).is_some());
    assert!(with(json!({ "alg": null, "use": null })).is_some());
    for (what, members) in [
        ("another kind", json!({ "kty": "oct" })),
        ("another algorithm", json!({ "alg": "RS512" })),
        ("for encryption", json!({ "use": "enc" })),
        ("for encryption by its operations", json!({ "key_ops": ["encrypt"] })),
        ("no name", json!({ "kid": "" })),
        ("no modulus", json!({ "n": null })),
        ("a short modulus", json!({ "n": base64url(&[0xff; 128]) })),
        ("a long modulus", json!({ "n": base64url(&[0xff; 1_024]) })),
        ("an even modulus", json!({ "n": base64url(&[0xfe; 256]) })),
        ("an even exponent", json!({ "e": base64url(&[2]) })),
        ("the exponent one", json!({ "e": base64url(&[1]) })),
        ("a long exponent", json!({ "e": base64url(&[1, 0, 0, 0, 1]) })),
        ("classic base64", json!({ "n": good["n"].as_str().map(|n| format!("{}+/", &n[..n.len() - 2])) })),
    ] {
        assert!(with(members).is_none(), "{what} is taken");
    }
    // One bad entry does not spoil the others.
    let mixed = json!({ "keys": [null, 7, { "kty": "EC" }, keys.k2.jwk(), { "kid": "x" }] }).to_string();
    assert!(KeySet::read(&mixed).is_some_and(|set| set.has("k2")));
    // Two keys of one name: nobody knows which is meant.
    let mut second = keys.k2.jwk();
    second["kid"] = json!("k1");
    let twice = json!({ "keys": [good, second, keys.k2.jwk()] }).to_string();
    assert!(KeySet::read(&twice).is_some_and(|set| !set.has("k1") && set.has("k2")));
    let same = json!({ "keys": [keys.k1.jwk(), keys.k1.jwk()] }).to_string();
    assert!(KeySet::read(&same).is_some_and(|set| set.has("k1")));
    for text in ["", "{}", "[]", "{\"keys\":{}}", "<html>", "{\"keys\":[]}"] {
        assert!(KeySet::read(text).is_none(), "{text}");
    }
}
