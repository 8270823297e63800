//! The claims of an ID token ready for a screen: which text is a token, where it is in its life, and how each claim is
//! shown. Nothing here is verified: whoever holds the text may have written it.

mod display;
mod exact;
mod expiry;
mod known;
mod rows;

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::json::{self, Member, ReadErrorKind};
use crate::token::{Parts, TokenError};

pub use self::display::{Kind, NotAContract};
pub use self::expiry::{Expiry, Times, drift};
pub use self::rows::{Row, Rows, rows};

/// How long a token may be that is only shown, in bytes.
pub const MAX_SHOWN: usize = 64 * 1024;

/// A token that was read and not verified.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The algorithm that the header names.
    pub alg: Option<String>,
    /// The key that the header names.
    pub kid: Option<String>,
    /// The claims: one JSON object, in which no name stands twice.
    pub payload: String,
    /// The times of the token.
    pub times: Times,
    /// When it was issued, in seconds since 1970; not a number if it does not say.
    pub iat: f64,
    /// The claims with a number that a double does not hold, so that JavaScript shows another.
    pub inexact: Vec<String>,
}

/// Which token is expected.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Expected {
    /// An ID token.
    Id,
    /// An access token.
    Access,
    /// Whichever.
    Any,
}

/// Why a text is not read as a token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PresentError {
    /// It has more than [`MAX_SHOWN`] bytes.
    TooLarge,
    /// It begins with `Bearer`: it is a header.
    BearerPrefix,
    /// It is not three parts divided by dots.
    NotThreeParts,
    /// It has five parts: it is encrypted, and only its receiver reads it.
    Encrypted,
    /// A part is not base64url without padding, in its one spelling.
    BadBase64,
    /// A part is not UTF-8.
    BadUtf8,
    /// A part is not JSON.
    BadJson,
    /// Its JSON is nested too deep.
    TooDeep,
    /// An object in it has two members of one name, so that readers may differ in what it says.
    DuplicateMember,
    /// A part is JSON and no object.
    NotAnObject,
    /// It is another token than the one expected.
    WrongTokenUse,
}

impl PresentError {
    /// Returns the stable code of the error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::BearerPrefix => "bearer-prefix",
            Self::NotThreeParts => "not-three-parts",
            Self::Encrypted => "encrypted",
            Self::BadBase64 => "bad-base64url",
            Self::BadUtf8 => "bad-utf8",
            Self::BadJson => "bad-json",
            Self::TooDeep => "too-deep",
            Self::DuplicateMember => "duplicate-member",
            Self::NotAnObject => "not-an-object",
            Self::WrongTokenUse => "wrong-token-use",
        }
    }
}

impl fmt::Display for PresentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl core::error::Error for PresentError {}

/// Reads a token in compact form (RFC 7515).
///
/// # Errors
///
/// Returns [`PresentError`] if the text is none, or another than the one expected.
pub fn read(token: &str, expected: Expected) -> Result<Reading, PresentError> {
    if token.len() > MAX_SHOWN {
        return Err(PresentError::TooLarge);
    }
    if token.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer ")) {
        return Err(PresentError::BearerPrefix);
    }
    let parts = Parts::of(token).ok_or_else(|| {
        if token.split('.').count() == 5 { PresentError::Encrypted } else { PresentError::NotThreeParts }
    })?;
    let text = |part: &str| {
        crate::token::text(part).map_err(|error| match error {
            TokenError::BadUtf8 => PresentError::BadUtf8,
            _ => PresentError::BadBase64,
        })
    };
    let header = text(parts.header)?;
    let header = members(&header)?;
    let payload = text(parts.payload)?;
    let claims = members(&payload)?;
    if !expected.is(token_use(&claims)) {
        return Err(PresentError::WrongTokenUse);
    }
    let member = |name: &str| {
        let member = header.iter().find(|member| member.name == name)?;
        json::read_string(member.text)
    };
    Ok(Reading { alg: member("alg"), kid: member("kid"), ..of(&claims, &payload) })
}

impl Reading {
    /// Writes what was read as two lines: `{"alg":…,"kid":…,"times":[EXP,NBF,IAT],"inexact":[…]}` with null for what the
    /// token does not say, and the payload as it is.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::from("{\"alg\":");
        let text = |out: &mut String, text: &Option<String>| match text {
            // Into a `String` writing cannot fail.
            Some(text) => json::write_string(out, text).unwrap_or_default(),
            None => out.push_str("null"),
        };
        text(&mut out, &self.alg);
        out.push_str(",\"kid\":");
        text(&mut out, &self.kid);
        out.push_str(",\"times\":[");
        for (index, time) in [self.times.exp, self.times.nbf, self.iat].into_iter().enumerate() {
            out.push_str(if index == 0 { "" } else { "," });
            if time.is_nan() {
                out.push_str("null");
            } else {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "they were read from whole seconds"
                )]
                json::write_number(&mut out, time as u64);
            }
        }
        out.push_str("],\"inexact\":[");
        for (index, name) in self.inexact.iter().enumerate() {
            out.push_str(if index == 0 { "" } else { "," });
            json::write_string(&mut out, name).unwrap_or_default();
        }
        out.push_str("]}\n");
        out.push_str(&self.payload);
        out
    }
}

/// Reads the claims that somebody else has decoded: one JSON object. They need not say of which token they are.
///
/// # Errors
///
/// Returns [`PresentError`] if the text is none, or says that it is of another token than the one expected.
pub fn read_payload(payload: &str, expected: Expected) -> Result<Reading, PresentError> {
    if payload.len() > MAX_SHOWN {
        return Err(PresentError::TooLarge);
    }
    let claims = members(payload)?;
    match token_use(&claims) {
        Some(said) if !expected.is(Some(said)) => Err(PresentError::WrongTokenUse),
        _ => Ok(of(&claims, payload)),
    }
}

/// What claims say of their token, as JSON.
fn token_use<'c>(claims: &'c [Member<'_>]) -> Option<&'c str> {
    claims.iter().find(|claim| claim.name == "token_use").map(|claim| claim.text)
}

impl Expected {
    fn is(self, token_use: Option<&str>) -> bool {
        let said = || token_use.and_then(json::read_string);
        match self {
            Self::Id => said().as_deref() == Some("id"),
            Self::Access => said().as_deref() == Some("access"),
            Self::Any => true,
        }
    }
}

/// Beyond every clock, and a whole number still.
const FAR: f64 = 9_007_199_254_740_992.0;

fn of(claims: &[Member<'_>], payload: &str) -> Reading {
    // A time that cannot be read is the one that does not help its token.
    let seconds = |name: &str, unreadable: f64| {
        let claim = claims.iter().find(|claim| claim.name == name);
        claim.map_or(f64::NAN, |claim| exact::seconds(claim.text).unwrap_or(unreadable))
    };
    let inexact = claims.iter().filter(|claim| !exact::all_exact(claim.text));
    Reading {
        alg: None,
        kid: None,
        payload: payload.to_owned(),
        times: Times { exp: seconds("exp", 0.0), nbf: seconds("nbf", FAR) },
        iat: seconds("iat", f64::NAN),
        inexact: inexact.map(|claim| claim.name.clone().into_owned()).collect(),
    }
}

/// The members of a part, none of them twice.
fn members(text: &str) -> Result<Vec<Member<'_>>, PresentError> {
    json::unique_members(text).map_err(|error| match error.kind {
        ReadErrorKind::TooDeep => PresentError::TooDeep,
        ReadErrorKind::DuplicateMember => PresentError::DuplicateMember,
        _ if !text.trim_start().starts_with('{') && json::is_json(text) => PresentError::NotAnObject,
        _ => PresentError::BadJson,
    })
}
