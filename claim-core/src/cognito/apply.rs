//! The tokens that would result: what Cognito issues by itself, and what a shape makes of it.

use super::Token;
use crate::json::{Object, Value};
use crate::request::{TokenRequest, TriggerVersion};
use crate::shape::TokenShape;

/// How long the tokens of a preview live, in seconds: Cognito's default.
const LIFE: u64 = 3_600;

/// The payloads of the tokens of one request.
#[derive(Clone, Debug, PartialEq)]
pub struct Tokens {
    /// The ID token; a machine gets none.
    pub id: Option<Object>,
    /// The access token.
    pub access: Object,
}

/// Builds the tokens as Cognito issues them without a trigger, as far as the request tells.
///
/// Random members (`jti`, `event_id`) are left out: the same request gives the same tokens.
#[must_use]
pub fn plain_tokens(request: &TokenRequest) -> Tokens {
    let issuer = format!("https://cognito-idp.{}.amazonaws.com/{}", request.region, request.pool_id);
    let common = |token_use: &str| {
        let mut claims = Object::new();
        claims.insert("iss".to_owned(), issuer.as_str().into());
        claims.insert("token_use".to_owned(), token_use.into());
        claims.insert("auth_time".to_owned(), request.now.into());
        claims.insert("iat".to_owned(), request.now.into());
        claims.insert("exp".to_owned(), request.now.saturating_add(LIFE).into());
        claims
    };

    let mut access = common("access");
    access.insert("client_id".to_owned(), request.client_id.as_str().into());
    access.insert("version".to_owned(), 2u64.into());
    if !request.scopes.is_empty() {
        access.insert("scope".to_owned(), request.scopes.join(" ").into());
    }

    let Some(user) = &request.user else {
        access.insert("sub".to_owned(), request.client_id.as_str().into());
        return Tokens { id: None, access };
    };

    let mut id = common("id");
    id.insert("aud".to_owned(), request.client_id.as_str().into());
    for (name, value) in &user.attributes {
        // The event says `cognito:user_status`, which no token carries.
        if !name.starts_with("cognito:") {
            id.insert(name.clone(), attribute(name, value));
        }
    }
    if let Some(sub) = user.attributes.get("sub") {
        access.insert("sub".to_owned(), sub.clone());
    }
    if let Some(name) = &user.name {
        id.insert("cognito:username".to_owned(), name.as_str().into());
        access.insert("username".to_owned(), name.as_str().into());
    }
    if !user.groups.is_empty() {
        id.insert("cognito:groups".to_owned(), user.groups.clone().into());
        access.insert("cognito:groups".to_owned(), user.groups.clone().into());
    }
    if !user.roles.is_empty() {
        id.insert("cognito:roles".to_owned(), user.roles.clone().into());
    }
    if let Some(role) = &user.preferred_role {
        id.insert("cognito:preferred_role".to_owned(), role.as_str().into());
    }
    Tokens { id: Some(id), access }
}

/// An event holds texts only; two claims of the token are booleans.
fn attribute(name: &str, value: &Value) -> Value {
    match (name, value.as_str()) {
        ("email_verified" | "phone_number_verified", Some("true")) => Value::Bool(true),
        ("email_verified" | "phone_number_verified", Some("false")) => Value::Bool(false),
        _ => value.clone(),
    }
}

/// Applies a shape to tokens as Cognito does. What is both added and suppressed ends suppressed.
#[must_use]
pub fn apply(version: TriggerVersion, plain: &Tokens, shape: &TokenShape) -> Tokens {
    let mut tokens = plain.clone();
    let Tokens { id, access } = &mut tokens;
    if let Some(groups) = &shape.groups {
        // Groups go into both tokens, also with V1.
        for claims in id.iter_mut().chain([&mut *access]) {
            replace(claims, "cognito:groups", list(&groups.groups));
        }
        if let Some(id) = id {
            // Without groups Cognito writes no roles either.
            let kept = !groups.groups.is_empty();
            replace(id, "cognito:roles", list(&groups.roles).filter(|_| kept));
            let role = groups.preferred_role.as_deref().map(Value::from);
            replace(id, "cognito:preferred_role", role.filter(|_| kept));
        }
    }
    if let Some(id) = id {
        change(id, shape, Token::Id);
    }
    if version != TriggerVersion::V1 {
        change(access, shape, Token::Access);
        let before = access.get("scope").and_then(Value::as_str).unwrap_or_default();
        let mut scopes: Vec<&str> = before
            .split(' ')
            .filter(|scope| !scope.is_empty() && !shape.scopes.suppress.contains(*scope))
            .collect();
        for scope in &shape.scopes.add {
            if !scopes.contains(&scope.as_str()) && !shape.scopes.suppress.contains(scope) {
                scopes.push(scope);
            }
        }
        let after = (!scopes.is_empty()).then(|| scopes.join(" ").into());
        replace(access, "scope", after);
    }
    tokens
}

fn change(claims: &mut Object, shape: &TokenShape, token: Token) {
    let changes = shape.claims(token);
    claims.extend(changes.add.iter().map(|(name, value)| (name.clone(), value.clone())));
    for name in &changes.suppress {
        claims.remove(name);
        if name == "cognito:groups" {
            claims.remove("cognito:roles");
            claims.remove("cognito:preferred_role");
        }
    }
}

fn list(names: &[String]) -> Option<Value> {
    (!names.is_empty()).then(|| names.to_vec().into())
}

fn replace(claims: &mut Object, name: &str, value: Option<Value>) {
    match value {
        Some(value) => claims.insert(name.to_owned(), value),
        None => claims.remove(name),
    };
}

/// Returns how many bytes a token with this payload has when it is encoded and signed with RS256 and a 2048-bit key.
///
/// The random members that [`plain_tokens`] leaves out are counted, so that the figure is that of a real token.
#[must_use]
pub fn encoded_size(payload: &Object) -> usize {
    /// `{"kid":"<44 characters>","alg":"RS256"}`
    const HEADER: usize = 69;
    /// `"jti":"<uuid>","origin_jti":"<uuid>","event_id":"<uuid>",`
    const RANDOM: usize = 147;
    const SIGNATURE: usize = 256;
    let payload = Value::Object(payload.clone()).text_len().saturating_add(RANDOM);
    let base64 = |bytes: usize| bytes.saturating_mul(4).div_ceil(3);
    base64(HEADER).saturating_add(base64(payload)).saturating_add(base64(SIGNATURE)).saturating_add(2)
}
