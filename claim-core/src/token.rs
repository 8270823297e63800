//! Taking a token apart. Nothing here is verified: whoever holds the text may have written it.

mod base64url;

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::json::{self, Object, Value};

/// How long a token may be, in bytes. The largest that a gateway passes on has 10,240; Cognito's own have about a thousand.
pub const MAX_TOKEN: usize = 16 * 1024;

/// A token, taken apart and not verified.
#[derive(Clone, Debug, PartialEq)]
pub struct Unverified<'t> {
    /// The header.
    pub header: Header,
    /// The claims.
    pub claims: Object,
    /// The claims as they stand in the token: one JSON object.
    pub payload: String,
    /// What the signature is of.
    pub signed: &'t str,
    /// The signature.
    pub signature: Vec<u8>,
}

/// What a token says of its own signature. Members that name keys, or where keys could be found, are never read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Header {
    /// The algorithm.
    pub alg: String,
    /// The name of the key.
    pub kid: String,
    /// Whether it asks for something that a reader must understand (`crit`), in whatever form.
    pub critical: bool,
}

/// Why a text is no token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TokenError {
    /// It has more than [`MAX_TOKEN`] bytes.
    TooLarge,
    /// It is not three parts divided by dots.
    NotThreeParts,
    /// A part is not base64url without padding, in its one spelling.
    BadBase64,
    /// A part is not UTF-8.
    BadUtf8,
    /// A part is not one JSON object: repeated members, inexact numbers and deep nesting are refused too.
    BadJson,
    /// The header has no `alg` or `kid` that is a text.
    BadHeader,
}

impl TokenError {
    /// Returns the stable code of the error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::NotThreeParts => "not-three-parts",
            Self::BadBase64 => "bad-base64url",
            Self::BadUtf8 => "bad-utf8",
            Self::BadJson => "bad-json",
            Self::BadHeader => "bad-header",
        }
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(f, "the token has more than {MAX_TOKEN} bytes"),
            Self::NotThreeParts => f.write_str("the token is not three parts divided by dots"),
            Self::BadBase64 => f.write_str("a part of the token is not base64url without padding"),
            Self::BadUtf8 => f.write_str("a part of the token is not utf-8"),
            Self::BadJson => {
                f.write_str("a part of the token is not one json object with exact numbers and members of different names")
            }
            Self::BadHeader => f.write_str("the token's header has no `alg` or no `kid` that is a text"),
        }
    }
}

impl core::error::Error for TokenError {}

/// Decodes base64url without padding (RFC 4648, section 5) in its one spelling, as tokens and keys have it.
///
/// ```
/// assert_eq!(claim_core::token::base64url("Zm8"), Some(b"fo".to_vec()));
/// assert_eq!(claim_core::token::base64url("Zm9="), None);
/// ```
#[must_use]
pub fn base64url(text: &str) -> Option<Vec<u8>> {
    base64url::decode(text)
}

/// Takes a token in compact form (RFC 7515) apart.
///
/// # Errors
///
/// Returns [`TokenError`] if the text is none.
pub fn decode(text: &str) -> Result<Unverified<'_>, TokenError> {
    if text.len() > MAX_TOKEN {
        return Err(TokenError::TooLarge);
    }
    let Parts { header, payload, signature } = Parts::of(text).ok_or(TokenError::NotThreeParts)?;
    let signed = header.len().saturating_add(payload.len()).saturating_add(1);
    let (_, header) = object(header)?;
    let (payload, claims) = object(payload)?;
    let text_of = |name: &str| header.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let (Some(alg), Some(kid)) = (text_of("alg"), text_of("kid")) else {
        return Err(TokenError::BadHeader);
    };
    Ok(Unverified {
        header: Header {
            alg: alg.to_owned(),
            kid: kid.to_owned(),
            critical: header.contains_key("crit") || header.contains_key("b64"),
        },
        claims,
        payload,
        signed: text.get(..signed).unwrap_or_default(),
        signature: base64url::decode(signature).ok_or(TokenError::BadBase64)?,
    })
}

/// The parts of a token in compact form.
pub(crate) struct Parts<'t> {
    pub(crate) header: &'t str,
    pub(crate) payload: &'t str,
    pub(crate) signature: &'t str,
}

impl<'t> Parts<'t> {
    pub(crate) fn of(text: &'t str) -> Option<Self> {
        let mut parts = text.split('.');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(header), Some(payload), Some(signature), None) => Some(Self { header, payload, signature }),
            _ => None,
        }
    }
}

/// Decodes a part to its text.
pub(crate) fn text(part: &str) -> Result<String, TokenError> {
    let bytes = base64url::decode(part).ok_or(TokenError::BadBase64)?;
    String::from_utf8(bytes).map_err(|_| TokenError::BadUtf8)
}

/// Decodes a part that is a JSON object.
fn object(part: &str) -> Result<(String, Object), TokenError> {
    let text = text(part)?;
    match json::read(&text) {
        Ok(Value::Object(members)) => Ok((text, members)),
        _ => Err(TokenError::BadJson),
    }
}

#[cfg(test)]
mod tests {
    use super::{TokenError, decode};

    #[test]
    fn a_token_is_taken_apart() {
        // {"alg":"RS256","kid":"k"} . {"sub":"u"} . 0x01
        let token = decode("eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.eyJzdWIiOiJ1In0.AQ").unwrap();
        assert_eq!((token.header.alg.as_str(), token.header.kid.as_str()), ("RS256", "k"));
        assert_eq!(token.payload, r#"{"sub":"u"}"#);
        assert_eq!(token.signed, "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.eyJzdWIiOiJ1In0");
        assert_eq!(token.signature, [1]);
        assert!(!token.header.critical);
    }

    #[test]
    fn what_a_verifier_must_understand_is_said() {
        // {"alg":"RS256","kid":"k","crit":[]}, and with "b64" in the place of "crit".
        for header in [
            "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsiLCJjcml0IjpbXX0",
            "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsiLCJiNjQiOltdfQ",
        ] {
            assert!(decode(&format!("{header}.e30.AQ")).unwrap().header.critical, "{header}");
        }
    }

    #[test]
    fn keys_are_decoded_as_tokens_are() {
        assert_eq!(super::base64url("AQAB"), Some(vec![1, 0, 1]));
        assert_eq!(super::base64url("AQAB=="), None);
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for (text, want) in [
            ("", TokenError::NotThreeParts),
            ("a.b", TokenError::NotThreeParts),
            ("a.b.c.d", TokenError::NotThreeParts),
            ("Bearer e30.e30.AQ", TokenError::BadBase64),
            ("e30.e30.AQ", TokenError::BadHeader),
            ("e30=.e30.AQ", TokenError::BadBase64),
            ("W10.e30.AQ", TokenError::BadJson),
            ("_w.e30.AQ", TokenError::BadUtf8),
        ] {
            assert_eq!(decode(text), Err(want), "{text}");
        }
        assert_eq!(decode(&"a".repeat(20_000)), Err(TokenError::TooLarge));
    }
}
