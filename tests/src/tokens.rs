//! The tokens of the vectors: right ones and hostile ones.

use std::sync::OnceLock;

use host_lambda::verify::{Verified, VerifyError};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::issuer::{SigningKey, access_claims, base64url, id_claims};
use crate::vector_cases;

/// The pool's issuer, in its classic form.
pub const ISSUER: &str = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E";

/// One token of the vectors, and what a verifier says of it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Case {
    /// What is tried.
    pub name: String,
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
    /// `accepted`, or the code of the refusal.
    want: String,
}

/// The keys of the pool, `k1` and `k2`, and one of somebody else.
#[derive(Debug)]
pub struct Keys {
    /// Signs, unless a vector says otherwise.
    pub k1: SigningKey,
    /// The pool's other key.
    pub k2: SigningKey,
    /// Not of the pool.
    pub foreign: SigningKey,
}

/// The keys, made once.
#[must_use]
pub fn keys() -> &'static Keys {
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

impl Case {
    /// Every token of the vectors, with the file it stands in.
    ///
    /// # Panics
    ///
    /// Panics if a vector cannot be read.
    #[must_use]
    pub fn all() -> Vec<(String, Self)> {
        vector_cases("tokens")
    }

    /// What a verifier is to say.
    #[must_use]
    pub fn want(&self) -> &str {
        // A gateway hands an empty token on as none.
        if self.want == "token-missing" { "token-malformed" } else { self.want.as_str() }
    }

    /// Builds the token.
    ///
    /// # Panics
    ///
    /// Panics if the vector asks for what there is not.
    #[must_use]
    pub fn token(&self) -> String {
        let keys = keys();
        let key = match self.key.as_deref() {
            None | Some("k1") => &keys.k1,
            Some("k2") => &keys.k2,
            Some(_) => &keys.foreign,
        };
        let mut header = json!({ "alg": "RS256", "kid": "k1" });
        merge(&mut header, &self.header);
        let header = self.header_text.clone().unwrap_or_else(|| header.to_string());
        let mut claims =
            if self.token_use.as_deref() == Some("id") { id_claims(ISSUER) } else { access_claims(ISSUER) };
        merge(&mut claims, &self.claims);
        let payload = self
            .claims_text
            .as_ref()
            .map_or_else(|| claims.to_string(), |text| text.replace("{issuer}", ISSUER));
        let (header, mut payload) = (base64url(header.as_bytes()), base64url(payload.as_bytes()));
        let signature =
            base64url(&key.sign(self.sign.as_deref().unwrap_or("rs256"), &format!("{header}.{payload}")));
        if let Some(swap) = &self.swap {
            merge(&mut claims, swap);
            payload = base64url(claims.to_string().as_bytes());
        }
        let cut =
            |by: usize| signature.get(..signature.len().saturating_sub(by)).unwrap_or_default().to_owned();
        let template = self.token.as_deref().unwrap_or("{header}.{payload}.{signature}");
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
}

/// What a verifier said, as the vectors write it.
#[must_use]
pub const fn code(outcome: &Result<Verified, VerifyError>) -> &'static str {
    match outcome {
        Ok(_) => "accepted",
        Err(VerifyError::Refused(refusal)) => refusal.code(),
        Err(VerifyError::KeysUnavailable) => "keys-unavailable",
    }
}
