//! The check of a shape against Cognito's rules, whatever component answered.

use std::fmt;

use super::{MAX_CHANGES, MAX_NAME, Token, Touch, carries, is_name, is_scope, may_change, touch};
use crate::json::Value;
use crate::request::{TokenRequest, TriggerVersion};
use crate::shape::TokenShape;

/// How long the values of a shape may be together, in bytes of their text. Lambda answers 6 MB at most.
const MAX_VALUES: usize = 1024 * 1024;

/// How many groups, and how many roles, a token may name. A user of Cognito has at most 100.
pub(crate) const MAX_GROUPS: usize = 1_000;

/// A rule of Cognito that a shape breaks. What it says of itself goes into a log, so it says no name of a claim: the component
/// that chose it may be anyone's, and may have put a person into it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Violation {
    /// The claim belongs to Cognito.
    Reserved(Token, String),
    /// The claim's name is empty, too long, or has a control character.
    BadClaimName(Token),
    /// The claim cannot carry a value of this kind.
    NotCarried(Token, String),
    /// The access token's `aud` is not the app client's id.
    ForeignAudience,
    /// The trigger of this version, or for a machine, cannot change this token.
    Unreachable(Token),
    /// A text is no scope.
    BadScope,
    /// A machine has no groups.
    GroupsOfMachine,
    /// A text is no name of a group or role.
    BadGroup,
    /// There are more than [`MAX_CHANGES`] claims and scopes, or their values are too long together.
    TooLarge,
}

impl Violation {
    /// Returns the stable code of the violation.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Reserved(..) => "reserved-claim",
            Self::BadClaimName(_) => "bad-claim-name",
            Self::NotCarried(..) => "not-carried",
            Self::ForeignAudience => "foreign-audience",
            Self::Unreachable(_) => "unreachable-token",
            Self::BadScope => "bad-scope",
            Self::GroupsOfMachine => "groups-of-machine",
            Self::BadGroup => "bad-group",
            Self::TooLarge => "too-large",
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reserved(token, _) => {
                write!(f, "a claim of the {} token belongs to cognito and must not be named", token.as_str())
            }
            Self::BadClaimName(token) => write!(
                f,
                "the name of a claim of the {} token is empty, longer than {MAX_NAME} bytes, or has a control character",
                token.as_str()
            ),
            Self::NotCarried(token, _) => write!(
                f,
                "a claim of the {} token cannot carry a value of this kind; v1 takes texts, later versions \
                 texts, numbers, booleans, lists of these, and objects",
                token.as_str()
            ),
            Self::ForeignAudience => f.write_str("`aud` of the access token may only be the app client's id"),
            Self::Unreachable(token) => write!(
                f,
                "this trigger cannot change the {} token: v1 changes the id token only, and a machine has none",
                token.as_str()
            ),
            Self::BadScope => {
                f.write_str("a scope is empty or has a blank, a quote, a backslash or a letter beyond ascii")
            }
            Self::GroupsOfMachine => f.write_str("a machine has no groups to override"),
            Self::BadGroup => {
                f.write_str("the name of a group or role is empty, too long, or has a control character")
            }
            Self::TooLarge => write!(
                f,
                "the shape changes more than {MAX_CHANGES} claims and scopes, more than {MAX_GROUPS} groups or roles, or more \
                 than {MAX_VALUES} bytes of values"
            ),
        }
    }
}

/// Checks that Cognito takes a shape as the answer to a request.
///
/// # Errors
///
/// Returns the first rule that the shape breaks.
pub fn guard(request: &TokenRequest, shape: &TokenShape) -> Result<(), Violation> {
    let scopes = || shape.scopes.add.iter().chain(&shape.scopes.suppress);
    let mut changes = shape.scopes.add.len().saturating_add(shape.scopes.suppress.len());
    let mut bytes = scopes().map(String::len).fold(0, usize::saturating_add);
    for token in Token::ALL {
        let of_token = shape.claims(token);
        if !of_token.is_empty() && !may_change(request, token) {
            return Err(Violation::Unreachable(token));
        }
        changes = changes.saturating_add(of_token.add.len()).saturating_add(of_token.suppress.len());
        for (claim, value) in &of_token.add {
            added(request, token, claim, value)?;
            bytes = bytes.saturating_add(claim.len()).saturating_add(value.text_len());
        }
        for claim in &of_token.suppress {
            named(token, claim)?;
            bytes = bytes.saturating_add(claim.len());
            if !matches!(touch(token, claim), Touch::Free | Touch::SuppressOnly | Touch::Groups) {
                return Err(Violation::Reserved(token, claim.clone()));
            }
        }
    }
    if changes > MAX_CHANGES || bytes > MAX_VALUES {
        return Err(Violation::TooLarge);
    }
    if !shape.scopes.is_empty() && request.version == TriggerVersion::V1 {
        return Err(Violation::Unreachable(Token::Access));
    }
    if !scopes().all(|scope| is_scope(scope)) {
        return Err(Violation::BadScope);
    }
    if let Some(groups) = &shape.groups {
        if groups.groups.len().max(groups.roles.len()) > MAX_GROUPS {
            return Err(Violation::TooLarge);
        }
        if request.is_machine() {
            return Err(Violation::GroupsOfMachine);
        }
        let names = groups.groups.iter().chain(&groups.roles).chain(&groups.preferred_role);
        if !names.into_iter().all(|name| is_name(name)) {
            return Err(Violation::BadGroup);
        }
    }
    Ok(())
}

fn named(token: Token, claim: &str) -> Result<(), Violation> {
    if is_name(claim) { Ok(()) } else { Err(Violation::BadClaimName(token)) }
}

fn added(request: &TokenRequest, token: Token, claim: &str, value: &Value) -> Result<(), Violation> {
    named(token, claim)?;
    match touch(token, claim) {
        Touch::Free => {}
        Touch::ClientId if value.as_str() == Some(&request.client_id) => {}
        Touch::ClientId => return Err(Violation::ForeignAudience),
        _ => return Err(Violation::Reserved(token, claim.to_owned())),
    }
    if carries(request.version, token, claim, value) {
        Ok(())
    } else {
        Err(Violation::NotCarried(token, claim.to_owned()))
    }
}
