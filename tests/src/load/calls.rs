//! Callers of an API, with tokens of every kind.

use claim_core::Bundle;
use claim_core::authorize::{AccessRequest, authorize};
use claim_core::cognito::Token;
use claim_core::json;
use corpus::dice::Dice;
use serde_json::{Value, json};

use super::Want;
use crate::issuer::{SigningKey, access_claims, id_claims, key_set};

const ARN: &str = "arn:aws:execute-api:eu-west-1:111122223333:a1b2c3/prod/";

/// One call.
#[derive(Clone, Debug)]
pub struct Question {
    /// The event.
    pub event: String,
    /// The ARN of what is called.
    pub arn: String,
    /// What it must come to.
    pub want: Want,
    /// What is special about it, for the report.
    pub kind: &'static str,
}

/// A token, and its claims if it is good.
#[derive(Clone, Debug)]
struct Minted {
    token: String,
    claims: Option<Value>,
    kind: &'static str,
}

/// Tokens, and the keys that they are checked with.
#[derive(Debug)]
pub struct Calls {
    tokens: Vec<Minted>,
    keys: String,
}

impl Calls {
    /// Makes the tokens of an issuer, good for an hour from a time.
    #[must_use]
    pub fn new(issuer: &str, now: u64, dice: &mut Dice) -> Self {
        let (own, foreign) = (SigningKey::new("k1"), SigningKey::new("k1"));
        let unknown = SigningKey::new("k9");
        let mut tokens = Vec::new();
        for index in 0..300 {
            let mut claims = access_claims(issuer);
            for (name, value) in [("iat", now - 5), ("auth_time", now - 5), ("exp", now + 7_200)] {
                claims[name] = value.into();
            }
            claims["sub"] = format!("u-{index}").into();
            claims["username"] = format!("user-{index}").into();
            claims["plan"] = (*dice.pick(&["free", "pro"])).into();
            claims["permissions"] = json!(vec!["write:orders"; dice.roll(2)]);
            claims["cognito:groups"] =
                json!(["staff", "admin"].into_iter().filter(|_| dice.roll(2) == 0).collect::<Vec<_>>());
            tokens.push(minted(&own, &foreign, &unknown, &claims, issuer, now, dice));
        }
        Self { tokens, keys: key_set(&[&own]) }
    }

    /// Returns the key set of the pool.
    #[must_use]
    pub fn keys(&self) -> &str {
        &self.keys
    }

    /// Makes a call under a contract, and what the native core makes of it.
    ///
    /// # Panics
    ///
    /// Panics if the claims are no object.
    #[must_use]
    pub fn call(&self, bundle: &Bundle, dice: &mut Dice) -> Question {
        let method = *dice.pick(&["GET", "POST", "DELETE"]);
        let path = *dice.pick(&[
            "/orders",
            "/orders/7",
            "/orders/7/items",
            "/admin",
            "/admin/x",
            "/other",
            "/",
            "//admin",
            "/Orders",
        ]);
        let arn = format!("{ARN}{method}{path}");
        let minted = dice.pick(&self.tokens);
        let event = event(&minted.token, method, path, &arn, dice.roll(2) == 0);
        let want = match &minted.claims {
            Some(claims) => {
                let claims =
                    json::read(&claims.to_string()).expect("json").as_object().cloned().expect("an object");
                let request = AccessRequest {
                    claims,
                    token: Token::Access,
                    method: method.to_owned(),
                    path: path.to_owned(),
                    now: 0,
                };
                let decision = authorize(bundle, &request);
                let context = json::Value::Object(decision.context.clone()).to_string();
                Want::Decision(decision.is_allowed(), serde_json::from_str(&context).expect("json"))
            }
            None if minted.kind == "a key that nobody knows" => Want::NobodyIn,
            None => Want::Error("Unauthorized".to_owned()),
        };
        Question { event, arn, want, kind: minted.kind }
    }
}

fn minted(
    own: &SigningKey,
    foreign: &SigningKey,
    unknown: &SigningKey,
    claims: &Value,
    issuer: &str,
    now: u64,
    dice: &mut Dice,
) -> Minted {
    let bad = |token: String, kind: &'static str| Minted { token, claims: None, kind };
    let changed = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        own.token(&claims)
    };
    match dice.roll(20) {
        0 => bad(changed("exp", (now - 60).into()), "a token that has ended"),
        1 => bad(foreign.token(claims), "a signature of somebody else"),
        2 => bad(unknown.token(claims), "a key that nobody knows"),
        3 => bad(changed("client_id", "other".into()), "another client's token"),
        4 => {
            let mut id = id_claims(issuer);
            for (name, value) in [("iat", now - 5), ("auth_time", now - 5), ("exp", now + 7_200)] {
                id[name] = value.into();
            }
            bad(own.token(&id), "an id token")
        }
        5 => {
            let token = own.token(claims);
            let at = token.len() / 2;
            let other = if token.as_bytes()[at] == b'A' { 'B' } else { 'A' };
            bad(format!("{}{other}{}", &token[..at], &token[at + 1..]), "a changed token")
        }
        6 => bad("nonsense".to_owned(), "no token"),
        7 => bad(changed("iss", "https://evil.example/pool".into()), "another pool's token"),
        _ => Minted { token: own.token(claims), claims: Some(claims.clone()), kind: "a good token" },
    }
}

fn event(token: &str, method: &str, path: &str, arn: &str, only_token: bool) -> String {
    if only_token {
        return json!({ "type": "TOKEN", "authorizationToken": format!("Bearer {token}"), "methodArn": arn })
            .to_string();
    }
    json!({
        "type": "REQUEST", "methodArn": arn, "resource": "/{proxy+}", "path": path, "httpMethod": method,
        "headers": { "Authorization": format!("Bearer {token}") }, "queryStringParameters": null,
        "pathParameters": null, "stageVariables": null,
        "requestContext": {
            "accountId": "111122223333", "apiId": "a1b2c3", "stage": "prod", "resourcePath": "/{proxy+}", "httpMethod": method,
            "identity": { "sourceIp": "192.0.2.7" },
        },
    })
    .to_string()
}
