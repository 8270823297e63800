//! An issuer of this machine: it signs tokens as Cognito would, with keys of its own that can be rotated.
//!
//! Its keys are made when the command starts and are gone when it ends; no other issuer ever trusts them.

use std::sync::{Mutex, PoisonError};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use claim_core::json::{Object, Value};

use crate::Failure;

/// The user pool that the tokens say they are from. Its form is that of a real one, so that functions can be told of it.
pub(super) const POOL: &str = "eu-west-1_Local0001";

/// How many keys are published: the one that signs, and the one before, whose tokens are still about.
const PUBLISHED: usize = 2;

/// An issuer.
pub(super) struct Issuer {
    keys: Mutex<Keys>,
}

#[derive(Default)]
struct Keys {
    /// The newest last.
    published: Vec<Key>,
    made: u32,
}

struct Key {
    kid: String,
    pair: RsaKeyPair,
}

impl std::fmt::Debug for Issuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Issuer")
    }
}

impl Issuer {
    /// Makes an issuer with one key.
    pub(super) fn new() -> Result<Self, Failure> {
        let issuer = Self { keys: Mutex::new(Keys::default()) };
        issuer.rotate()?;
        Ok(issuer)
    }

    /// Signs with a new key from now on. The one before stays good until the next rotation.
    pub(super) fn rotate(&self) -> Result<(), Failure> {
        let pair =
            RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| "no key can be made on this machine")?;
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.made = keys.made.saturating_add(1);
        let kid = format!("local-{}", keys.made);
        keys.published.push(Key { kid, pair });
        let old = keys.published.len().saturating_sub(PUBLISHED);
        keys.published.drain(..old);
        Ok(())
    }

    /// Returns the names of the published keys, the newest last.
    pub(super) fn names(&self) -> Vec<String> {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.published.iter().map(|key| key.kid.clone()).collect()
    }

    /// Returns the published keys as a JSON Web Key Set.
    pub(super) fn key_set(&self) -> Value {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let key = |key: &Key| {
            let public = key.pair.public_key();
            Value::from([
                ("alg", "RS256".into()),
                ("e", base64url(public.exponent().big_endian_without_leading_zero()).into()),
                ("kid", key.kid.as_str().into()),
                ("kty", "RSA".into()),
                ("n", base64url(public.modulus().big_endian_without_leading_zero()).into()),
                ("use", "sig".into()),
            ])
        };
        Value::from([("keys", keys.published.iter().map(key).collect())])
    }

    /// Signs claims with the newest key.
    pub(super) fn token(&self, claims: &Object) -> Result<String, Failure> {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let key = keys.published.last().ok_or("the issuer has no key")?;
        let header = Value::from([("alg", "RS256".into()), ("kid", key.kid.as_str().into())]);
        let claims = Value::Object(claims.clone());
        let signed = format!(
            "{}.{}",
            base64url(header.to_string().as_bytes()),
            base64url(claims.to_string().as_bytes())
        );
        let mut signature = vec![0; key.pair.public_modulus_len()];
        key.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
            .map_err(|_| "the issuer's key does not sign")?;
        Ok(format!("{signed}.{}", base64url(&signature)))
    }
}

/// Encodes as tokens do (RFC 4648, section 5, without padding).
#[must_use]
pub fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or_default());
        let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        // A group of one byte has two letters, one of two bytes three.
        for shift in [18, 12, 6, 0].into_iter().take(group.len().saturating_add(1)) {
            let letter = usize::try_from((bits >> shift) & 63).unwrap_or_default();
            text.extend(LETTERS.get(letter).copied().map(char::from));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Issuer, base64url};

    #[test]
    fn bytes_are_encoded_as_in_tokens() {
        // The examples of RFC 4648, section 10, without padding, and the two letters that differ.
        for (bytes, text) in [
            (&b""[..], ""),
            (b"f", "Zg"),
            (b"fo", "Zm8"),
            (b"foo", "Zm9v"),
            (b"foobar", "Zm9vYmFy"),
            (&[0xfb, 0xff], "-_8"),
        ] {
            assert_eq!(base64url(bytes), text);
        }
    }

    #[test]
    fn two_keys_are_published_and_the_newest_signs() {
        let issuer = Issuer::new().unwrap();
        assert_eq!(issuer.names(), ["local-1"]);
        issuer.rotate().unwrap();
        assert_eq!(issuer.names(), ["local-1", "local-2"]);
        issuer.rotate().unwrap();
        assert_eq!(issuer.names(), ["local-2", "local-3"]);
    }
}
