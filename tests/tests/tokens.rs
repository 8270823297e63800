//! Hostile tokens, and right ones: each with its outcome and reason code.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, UNIX_EPOCH};

use conformance::issuer::{NOW, SigningKey, access_claims, base64url, id_claims, key_set};
use conformance::vector_cases;
use host_lambda::keys::{KeySet, KeyStore};
use host_lambda::verify::{Issuer, Leeway, TokenVerifier as _, Verifier, VerifyError};
use serde::Deserialize;
use serde_json::{Map, Value, json};

const ISSUER: &str = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E";
const UPDATED: &str = "https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    #[expect(dead_code, reason = "for readers of the vectors")]
    why: Option<String>,
    /// `id` for the claims of an ID token.
    #[serde(default, rename = "use")]
    token_use: Option<String>,
    /// Members of the header; null takes one away.
    #[serde(default)]
    header: Map<String, Value>,
    header_text: Option<String>,
    /// Claims; null takes one away.
    #[serde(default)]
    claims: Map<String, Value>,
    claims_text: Option<String>,
    /// Claims that take the place of the signed ones after signing.
    swap: Option<Map<String, Value>>,
    /// Which key signs: `k1`, `k2`, or `foreign`.
    key: Option<String>,
    /// How it signs.
    sign: Option<String>,
    /// The token, made of `{header}`, `{payload}` and `{signature}`.
    token: Option<String>,
    want: String,
}

struct Keys {
    k1: SigningKey,
    k2: SigningKey,
    foreign: SigningKey,
}

fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| Keys {
        k1: SigningKey::new("k1"),
        k2: SigningKey::new("k2"),
        foreign: SigningKey::new("x1"),
    })
}

/// Merges members; null takes one away.
fn merge(into: &mut Value, members: &Map<String, Value>) {
    let into = into.as_object_mut().expect("an object");
    for (name, value) in members {
        let value = match value {
            Value::String(text) if text == "{foreign}" => keys().foreign.jwk(),
            value => value.clone(),
        };
        if value.is_null() {
            into.remove(name);
        } else {
            into.insert(name.clone(), value);
        }
    }
}

/// The same signature with a stray bit in its last letter, where the length leaves one.
fn respelt(signature: &str) -> String {
    let mut letters: Vec<char> = signature.chars().collect();
    let last = letters.last_mut().expect("a signature");
    *last = match *last {
        'A' => 'B',
        'Q' => 'R',
        'g' => 'h',
        'w' => 'x',
        other => panic!("256 bytes do not end in {other}"),
    };
    letters.into_iter().collect()
}

fn build(case: &Case) -> String {
    let keys = keys();
    let key = match case.key.as_deref() {
        None | Some("k1") => &keys.k1,
        Some("k2") => &keys.k2,
        Some(_) => &keys.foreign,
    };
    let mut header = json!({ "alg": "RS256", "kid": "k1" });
    merge(&mut header, &case.header);
    let header = case.header_text.clone().unwrap_or_else(|| header.to_string());
    let mut claims =
        if case.token_use.as_deref() == Some("id") { id_claims(ISSUER) } else { access_claims(ISSUER) };
    merge(&mut claims, &case.claims);
    let payload =
        case.claims_text.as_ref().map_or_else(|| claims.to_string(), |text| text.replace("{issuer}", ISSUER));
    let (header, mut payload) = (base64url(header.as_bytes()), base64url(payload.as_bytes()));
    let signature =
        base64url(&key.sign(case.sign.as_deref().unwrap_or("rs256"), &format!("{header}.{payload}")));
    if let Some(swap) = &case.swap {
        merge(&mut claims, swap);
        payload = base64url(claims.to_string().as_bytes());
    }
    let cut = |by: usize| signature.get(..signature.len().saturating_sub(by)).unwrap_or_default().to_owned();
    let template = case.token.as_deref().unwrap_or("{header}.{payload}.{signature}");
    template
        .replace("{signature:-2}", &cut(2))
        .replace("{signature:-1}", &cut(1))
        .replace(
            "{signature:respelt}",
            &if template.contains("respelt") { respelt(&signature) } else { String::new() },
        )
        .replace("{header}", &header)
        .replace("{payload}", &payload)
        .replace("{signature}", &signature)
}

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
    let cases = vector_cases::<Case>("tokens");
    let mut wrong = Vec::new();
    for (file, case) in &cases {
        let token = build(case);
        let got = match verifier.verify(&token, now).await {
            Ok(_) => "accepted",
            Err(VerifyError::Refused(refusal)) => refusal.code(),
            Err(VerifyError::KeysUnavailable) => "keys-unavailable",
        };
        // A gateway hands an empty token on as none.
        let want = if case.want == "token-missing" { "token-malformed" } else { case.want.as_str() };
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
        merge(&mut jwk, members.as_object().expect("an object"));
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
