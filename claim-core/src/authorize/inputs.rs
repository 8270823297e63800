//! What the rules of calls read of a token and of a call.

use std::collections::BTreeSet;

use super::AccessRequest;
use crate::cognito::Token;
use crate::json::{Object, Value};
use crate::uses::Uses;

/// The scopes and groups of a token, which rules ask about by themselves.
pub(super) struct Rights<'a> {
    pub(super) scopes: BTreeSet<&'a str>,
    pub(super) groups: BTreeSet<&'a str>,
}

impl<'a> Rights<'a> {
    pub(super) fn of(request: &'a AccessRequest) -> Self {
        // An ID token has no scopes, and what stands there under the name is the contract's own.
        let scope = match request.token {
            Token::Access => request.claims.get("scope").and_then(Value::as_str),
            Token::Id => None,
        };
        let groups = request.claims.get("cognito:groups").and_then(Value::as_array).unwrap_or_default();
        Self {
            scopes: scope.unwrap_or_default().split(' ').filter(|scope| !scope.is_empty()).collect(),
            groups: groups.iter().filter_map(Value::as_str).collect(),
        }
    }
}

/// The inputs, as far as some rule uses them. What is asked of one call is added for each.
pub(super) fn inputs(request: &AccessRequest, rights: &Rights<'_>, uses: &Uses<'_>) -> Object {
    let list = |texts: &BTreeSet<&str>| texts.iter().map(|text| Value::from(*text)).collect::<Value>();
    let mut inputs = Object::from([("now".to_owned(), request.now.into())]);
    if uses.any("claims") {
        inputs.insert("claims".to_owned(), claims(&request.claims, uses));
    }
    if uses.any("scopes") {
        inputs.insert("scopes".to_owned(), list(&rights.scopes));
    }
    if uses.any("groups") {
        inputs.insert("groups".to_owned(), list(&rights.groups));
    }
    if uses.any("token") {
        inputs.insert("token".to_owned(), token(request));
    }
    inputs
}

fn claims(claims: &Object, uses: &Uses<'_>) -> Value {
    let mut named = Object::new();
    for name in uses.of("claims") {
        let Some(name) = name else {
            return Value::Object(claims.clone()).without_nulls().unwrap_or_default();
        };
        if let Some(value) = claims.get(name).cloned().and_then(Value::without_nulls) {
            named.insert(name.to_owned(), value);
        }
    }
    named.into()
}

/// What every token says of itself, under one name for both of them.
fn token(request: &AccessRequest) -> Value {
    let (username, client) = match request.token {
        Token::Access => ("username", "client_id"),
        Token::Id => ("cognito:username", "aud"),
    };
    let mut token = Object::from([("use".to_owned(), request.token.as_str().into())]);
    for (name, claim) in [("issuer", "iss"), ("subject", "sub"), ("username", username), ("client", client)] {
        token.extend(request.claims.get(claim).map(|value| (name.to_owned(), value.clone())));
    }
    token.into()
}
