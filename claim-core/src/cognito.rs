//! What Cognito allows: as data, as a guard, and as the tokens that would result.
//!
//! Source of every rule, unless another is named: *Pre token generation Lambda trigger*, Amazon Cognito Developer Guide,
//! <https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html>.

pub mod event;

mod answer;
mod apply;
mod guard;

use serde::{Deserialize, Serialize};

pub use self::answer::{read_response, response};
pub use self::apply::{Tokens, apply, encoded_size, plain_tokens};
pub(crate) use self::guard::MAX_GROUPS;
pub use self::guard::{Violation, guard};
use crate::json::Value;
use crate::request::{TokenRequest, TriggerSource, TriggerVersion};

/// A token that Cognito issues and a trigger may change.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Token {
    /// Says to an app who somebody is.
    Id,
    /// Says to an API what its bearer may do.
    Access,
}

impl Token {
    /// Both tokens.
    pub const ALL: [Self; 2] = [Self::Id, Self::Access];

    /// Returns the word for the token in contracts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Access => "access",
        }
    }
}

/// What a trigger may do with a claim.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Touch {
    /// Add, change and leave out.
    Free,
    /// Leave out only: the claims of developer-only attributes.
    SuppressOnly,
    /// Change through the group override, and leave out.
    Groups,
    /// Change through the group override; they go when `cognito:groups` goes.
    WithGroups,
    /// Change through the scopes.
    Scopes,
    /// Add, with the app client's id as the only value.
    ClientId,
    /// Nothing.
    Reserved,
}

/// Claims that no trigger may touch in either token.
const RESERVED: [&str; 14] = [
    "acr",
    "amr",
    "auth_time",
    "azp",
    "event_id",
    "exp",
    "iat",
    "iss",
    "jti",
    "nbf",
    "nonce",
    "origin_jti",
    "sub",
    "token_use",
];
/// Further claims that no trigger may touch in the ID token.
const RESERVED_ID: [&str; 4] = ["at_hash", "aud", "cognito:username", "identities"];
/// Further claims that no trigger may touch in the access token.
const RESERVED_ACCESS: [&str; 4] = ["client_id", "device_key", "username", "version"];

/// Claims of the ID token that take no object.
const NO_OBJECT: [&str; 4] = ["address", "email_verified", "phone_number_verified", "updated_at"];

/// How many claims and scopes a trigger may add, both tokens together.
/// Source: *Quotas in Amazon Cognito*, <https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html>.
pub const MAX_CHANGES: usize = 5_000;

/// How long the name of a claim may be, in bytes. Cognito names no figure; this one bounds ours.
pub const MAX_NAME: usize = 512;

/// Returns what a trigger may do with a claim of a token.
#[must_use]
pub fn touch(token: Token, claim: &str) -> Touch {
    match (token, claim) {
        (_, "cognito:groups") => Touch::Groups,
        (Token::Id, "cognito:roles" | "cognito:preferred_role") => Touch::WithGroups,
        (Token::Access, "scope") => Touch::Scopes,
        (Token::Access, "aud") => Touch::ClientId,
        (Token::Id, claim) if RESERVED_ID.contains(&claim) => Touch::Reserved,
        (Token::Access, claim) if RESERVED_ACCESS.contains(&claim) => Touch::Reserved,
        (_, claim) if RESERVED.contains(&claim) || claim.starts_with("cognito:") => Touch::Reserved,
        (_, claim) if claim.starts_with("dev:") => Touch::SuppressOnly,
        _ => Touch::Free,
    }
}

/// Claims that Cognito writes into both tokens.
pub(crate) const ISSUED: [&str; 11] = [
    "acr",
    "amr",
    "auth_time",
    "cognito:groups",
    "event_id",
    "exp",
    "iat",
    "iss",
    "jti",
    "origin_jti",
    "token_use",
];
/// Further claims that Cognito writes into the access token.
/// Source: *Understanding the access token*, Amazon Cognito Developer Guide.
pub(crate) const ISSUED_ACCESS: [&str; 7] =
    ["aud", "client_id", "device_key", "scope", "sub", "username", "version"];
/// Further claims that Cognito writes into the ID token: its own, and the standard attributes of OpenID Connect.
/// Source: *Understanding the identity (ID) token*, Amazon Cognito Developer Guide.
pub(crate) const ISSUED_ID: [&str; 26] = [
    "address",
    "at_hash",
    "aud",
    "birthdate",
    "cognito:preferred_role",
    "cognito:roles",
    "cognito:username",
    "email",
    "email_verified",
    "family_name",
    "gender",
    "given_name",
    "identities",
    "locale",
    "middle_name",
    "name",
    "nickname",
    "nonce",
    "phone_number",
    "phone_number_verified",
    "picture",
    "preferred_username",
    "profile",
    "sub",
    "website",
    "zoneinfo",
];

/// Whether Cognito writes the claim into the token by itself, for some user of some pool.
#[must_use]
pub fn issues(token: Token, claim: &str) -> bool {
    let own = match token {
        Token::Id => {
            ISSUED_ID.contains(&claim)
                || claim == "updated_at"
                || claim.starts_with("custom:")
                || claim.starts_with("dev:")
        }
        Token::Access => ISSUED_ACCESS.contains(&claim),
    };
    own || ISSUED.contains(&claim)
}

/// Whether the claim is made of a standard attribute of OpenID Connect.
#[must_use]
pub fn is_standard_attribute(claim: &str) -> bool {
    let own =
        matches!(claim, "at_hash" | "aud" | "identities" | "nonce" | "sub") || claim.starts_with("cognito:");
    claim == "updated_at" || (ISSUED_ID.contains(&claim) && !own)
}

/// Whether an app client may be allowed to write the user attribute, as it is unless the pool says otherwise.
///
/// Source: *Working with user attributes*, Amazon Cognito Developer Guide: app clients write standard and custom
/// attributes; verification states, developer-only attributes and Cognito's own are not theirs.
#[must_use]
pub fn client_writable(attribute: &str) -> bool {
    !matches!(attribute, "sub" | "email_verified" | "phone_number_verified" | "identities")
        && !attribute.starts_with("cognito:")
        && !attribute.starts_with("dev:")
}

/// Whether the trigger may change a token of this request at all.
#[must_use]
pub fn may_change(request: &TokenRequest, token: Token) -> bool {
    match token {
        Token::Id => !request.is_machine(),
        Token::Access => request.version != TriggerVersion::V1,
    }
}

/// Whether a claim of a token can carry the value, as far as its kind decides.
#[must_use]
pub fn carries(version: TriggerVersion, token: Token, claim: &str, value: &Value) -> bool {
    match value {
        Value::String(_) => true,
        Value::Null => false,
        _ if version == TriggerVersion::V1 => false,
        Value::Bool(_) | Value::Number(_) => true,
        // Lists of lists and of objects are not documented.
        Value::Array(elements) => elements
            .iter()
            .all(|element| matches!(element, Value::String(_) | Value::Number(_) | Value::Bool(_))),
        Value::Object(_) => token == Token::Access || !NO_OBJECT.contains(&claim),
    }
}

/// Whether the text is a scope: one or more characters of RFC 6749's `scope-token`, so that no blank is among them.
#[must_use]
pub fn is_scope(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E))
}

/// Whether the text may be the name of a group or the ARN of a role: not empty and without control characters.
#[must_use]
pub fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_NAME && !text.chars().any(char::is_control)
}

/// Whether the text is the ARN of an IAM role, in any partition of AWS.
#[must_use]
pub fn is_role(text: &str) -> bool {
    let mut parts = text.splitn(6, ':');
    let mut next = || parts.next().unwrap_or_default();
    let (arn, partition, service, region, account, resource) =
        (next(), next(), next(), next(), next(), next());
    is_name(text)
        && arn == "arn"
        && partition.starts_with("aws")
        && service == "iam"
        && region.is_empty()
        && account.len() == 12
        && account.bytes().all(|byte| byte.is_ascii_digit())
        && resource.strip_prefix("role/").is_some_and(|name| !name.is_empty())
}

impl TokenRequest {
    /// Whether a machine asks for itself: there is no user, no group and no ID token.
    #[must_use]
    pub fn is_machine(&self) -> bool {
        self.user.is_none() || self.trigger == TriggerSource::ClientCredentials
    }
}

#[cfg(test)]
mod tests {
    use super::{RESERVED, Token, Touch, is_scope, touch};

    #[test]
    fn every_row_of_the_page_is_held() {
        for token in Token::ALL {
            for claim in RESERVED {
                assert_eq!(touch(token, claim), Touch::Reserved, "{claim}");
            }
            assert_eq!(touch(token, "cognito:anything"), Touch::Reserved);
            assert_eq!(touch(token, "cognito:groups"), Touch::Groups);
            assert_eq!(touch(token, "dev:plan"), Touch::SuppressOnly);
            for free in ["email", "custom:plan", "aws:x", "tenant"] {
                assert_eq!(touch(token, free), Touch::Free, "{free}");
            }
        }
        assert_eq!(touch(Token::Id, "aud"), Touch::Reserved);
        assert_eq!(touch(Token::Access, "aud"), Touch::ClientId);
        assert_eq!(touch(Token::Id, "username"), Touch::Free);
        assert_eq!(touch(Token::Access, "username"), Touch::Reserved);
        assert_eq!(touch(Token::Access, "scope"), Touch::Scopes);
    }

    #[test]
    fn scopes_are_rfc_6749_tokens() {
        for good in ["openid", "orders/read", "membership:USA.Premium", "!"] {
            assert!(is_scope(good), "{good}");
        }
        for bad in ["", "a b", "a\tb", "a\"b", "a\\b", "é", "a\n"] {
            assert!(!is_scope(bad), "{bad}");
        }
    }
}
