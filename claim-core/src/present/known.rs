//! The claims that OpenID Connect and Cognito define.

use super::display::Kind;

/// What everybody knows of a claim.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) name: &'static str,
    pub(super) section: &'static str,
    pub(super) kind: Kind,
    /// Masked until asked for, unless a contract says otherwise.
    pub(super) personal: bool,
    /// What a person calls it, where its name does not say so.
    pub(super) label: &'static str,
}

const fn known(section: &'static str, name: &'static str, kind: Kind, label: &'static str) -> Known {
    Known { name, section, kind, personal: false, label }
}

const fn personal(name: &'static str, kind: Kind, label: &'static str) -> Known {
    Known { name, section: "profile", kind, personal: true, label }
}

/// In the order in which they are shown.
pub(super) static KNOWN: [Known; 45] = [
    known("profile", "name", Kind::Text, ""),
    known("profile", "given_name", Kind::Text, ""),
    known("profile", "middle_name", Kind::Text, ""),
    known("profile", "family_name", Kind::Text, ""),
    known("profile", "nickname", Kind::Text, ""),
    known("profile", "preferred_username", Kind::Text, ""),
    known("profile", "cognito:username", Kind::Text, "Username"),
    known("profile", "username", Kind::Text, ""),
    personal("email", Kind::Email, "Email"),
    known("profile", "email_verified", Kind::Boolean, ""),
    personal("phone_number", Kind::Phone, ""),
    known("profile", "phone_number_verified", Kind::Boolean, ""),
    personal("address", Kind::Object, ""),
    personal("birthdate", Kind::Text, "Date of birth"),
    known("profile", "gender", Kind::Text, ""),
    known("profile", "profile", Kind::Url, ""),
    known("profile", "picture", Kind::Url, ""),
    known("profile", "website", Kind::Url, ""),
    known("profile", "locale", Kind::Text, "Language"),
    known("profile", "zoneinfo", Kind::Text, "Time zone"),
    known("profile", "updated_at", Kind::Time, ""),
    known("access", "cognito:groups", Kind::List, "Groups"),
    known("access", "cognito:roles", Kind::List, "Roles"),
    known("access", "cognito:preferred_role", Kind::Text, "Preferred role"),
    known("access", "scope", Kind::Text, "Scopes"),
    known("token", "sub", Kind::Id, "User ID"),
    known("token", "identities", Kind::List, ""),
    known("token", "auth_time", Kind::Time, "Signed in"),
    known("token", "iat", Kind::Time, "Issued"),
    known("token", "nbf", Kind::Time, "Not before"),
    known("token", "exp", Kind::Time, "Expires"),
    known("token", "iss", Kind::Text, "Issuer"),
    known("token", "aud", Kind::Id, "App client"),
    known("token", "azp", Kind::Id, "Authorized party"),
    known("token", "client_id", Kind::Id, "App client"),
    known("token", "acr", Kind::Text, "Authentication level"),
    known("token", "amr", Kind::List, "Authentication methods"),
    known("token", "token_use", Kind::Text, ""),
    known("token", "version", Kind::Number, ""),
    known("token", "device_key", Kind::Id, "Device"),
    known("token", "at_hash", Kind::Id, "Access token hash"),
    known("token", "nonce", Kind::Id, ""),
    known("token", "jti", Kind::Id, "Token ID"),
    known("token", "origin_jti", Kind::Id, "Sign-in ID"),
    known("token", "event_id", Kind::Id, "Event ID"),
];

/// The sections that every contract has, in the order in which they are shown, and their labels.
pub(super) static SECTIONS: [(&str, &str); 5] = [
    ("profile", "Profile"),
    ("organization", "Organization"),
    ("access", "Access"),
    ("custom", "Custom"),
    ("token", "Token"),
];

#[cfg(test)]
mod tests {
    use super::KNOWN;
    use crate::cognito::{ISSUED, ISSUED_ACCESS, ISSUED_ID};

    #[test]
    fn what_cognito_writes_is_nobodys_custom_claim() {
        for claim in ISSUED.iter().chain(&ISSUED_ACCESS).chain(&ISSUED_ID) {
            assert!(KNOWN.iter().any(|known| known.name == *claim), "{claim}");
        }
    }
}
