//! The public keys of user pools: read, kept, fetched again.

mod fetch;
mod store;

use std::collections::BTreeMap;
use std::fmt;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256};
use claim_core::json::{self, Value};
use claim_core::token::base64url;

pub use self::fetch::{FetchError, HttpsSource, KeySource, MAX_KEY_SET};
pub(crate) use self::fetch::{loggable, may_be_fetched};
pub use self::store::{Ages, KeyError, KeyFetch, KeyStore, Keys};

/// The usable keys of a pool, by their names.
#[derive(Clone, Default)]
pub struct KeySet(BTreeMap<String, Key>);

/// One key.
#[derive(Clone)]
struct Key {
    parsed: ParsedPublicKey,
    der: Vec<u8>,
}

/// Names only: keys are public, and nobody reads them.
impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl KeySet {
    /// Reads a JSON Web Key Set (RFC 7517). What is no RSA key for RS256 signatures is passed over; of two different
    /// keys with one name neither is taken.
    ///
    /// Returns none if the text is no key set, or has no usable key.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if text.len() > MAX_KEY_SET {
            return None;
        }
        let set = json::read(text).ok()?;
        let mut keys: BTreeMap<String, Option<Key>> = BTreeMap::new();
        for entry in set.get("keys")?.as_array()? {
            let Some((kid, key)) = usable(entry) else {
                continue;
            };
            let ambiguous =
                keys.get(&kid).is_some_and(|known| known.as_ref().is_none_or(|known| known.der != key.der));
            keys.insert(kid, if ambiguous { None } else { Some(key) });
        }
        let keys: BTreeMap<String, Key> =
            keys.into_iter().filter_map(|(kid, key)| Some((kid, key?))).collect();
        (!keys.is_empty()).then_some(Self(keys))
    }

    /// Whether the set has a key of this name.
    #[must_use]
    pub fn has(&self, kid: &str) -> bool {
        self.0.contains_key(kid)
    }

    /// Whether the named key made the signature (RSASSA-PKCS1-v1_5 with SHA-256).
    #[must_use]
    pub fn verifies(&self, kid: &str, signed: &[u8], signature: &[u8]) -> bool {
        self.0.get(kid).is_some_and(|key| key.parsed.verify_sig(signed, signature).is_ok())
    }
}

fn usable(entry: &Value) -> Option<(String, Key)> {
    let text = |name: &str| entry.get(name).and_then(Value::as_str);
    let is_or_absent =
        |name: &str, want: &str| entry.get(name).is_none_or(|value| value.as_str() == Some(want));
    let for_verifying = entry.get("key_ops").is_none_or(|operations| {
        operations.as_array().is_some_and(|all| all.iter().any(|one| one.as_str() == Some("verify")))
    });
    if text("kty") != Some("RSA")
        || !is_or_absent("alg", "RS256")
        || !is_or_absent("use", "sig")
        || !for_verifying
    {
        return None;
    }
    let kid = text("kid").filter(|kid| !kid.is_empty())?;
    let (n, e) = (base64url(text("n")?)?, base64url(text("e")?)?);
    // An even modulus or exponent is no RSA key; a small modulus can be factored, a large one takes long to check.
    let odd = |bytes: &[u8]| bytes.last().is_some_and(|last| last % 2 == 1);
    let bits =
        n.len().saturating_mul(8).saturating_sub(n.first().map_or(0, |first| first.leading_zeros() as usize));
    if !(2_048..=4_096).contains(&bits) || !odd(&n) || !odd(&e) || e.len() > 4 || e == [1] {
        return None;
    }
    let der = PublicKeyComponents { n, e }.as_der().ok()?.as_ref().to_vec();
    let parsed = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &der).ok()?;
    Some((kid.to_owned(), Key { parsed, der }))
}
