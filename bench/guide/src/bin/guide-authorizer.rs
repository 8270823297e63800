//! The authorizer of `examples/api`, for REST APIs (TOKEN).
//!
//! `USER_POOL_ID` and `CLIENT_ID` say whose tokens are taken, `KEYS` holds the pool's key set.

use std::collections::HashMap;
use std::env;

use aws_lambda_events::apigw::{
    ApiGatewayCustomAuthorizerPolicy, ApiGatewayCustomAuthorizerRequest, ApiGatewayCustomAuthorizerResponse,
};
use aws_lambda_events::iam::{IamPolicyEffect, IamPolicyStatement};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};
use serde::Deserialize;
use serde_json::{Map, Value};

const METHODS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

#[derive(Deserialize)]
struct Claims {
    sub: String,
    token_use: String,
    client_id: String,
    username: Option<String>,
    #[serde(rename = "cognito:groups", default)]
    groups: Vec<String>,
    #[serde(rename = "acme:tenant", default)]
    tenant: String,
    permissions: Option<Vec<String>>,
}

struct Authorizer {
    keys: HashMap<String, DecodingKey>,
    validation: Validation,
    client: String,
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let authorizer = Authorizer::from_env()?;
    let authorizer = &authorizer;
    run(service_fn(move |event: LambdaEvent<ApiGatewayCustomAuthorizerRequest>| async move {
        authorizer.answer(&event.payload)
    }))
    .await
}

impl Authorizer {
    fn from_env() -> Result<Self, Error> {
        let set: JwkSet = serde_json::from_str(&env::var("KEYS")?)?;
        let mut keys = HashMap::new();
        for jwk in &set.keys {
            if let Some(id) = &jwk.common.key_id {
                keys.insert(id.clone(), DecodingKey::from_jwk(jwk)?);
            }
        }
        let pool = env::var("USER_POOL_ID")?;
        let region = pool.split('_').next().unwrap_or_default();
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_issuer(&[format!("https://cognito-idp.{region}.amazonaws.com/{pool}")]);
        validation.set_required_spec_claims(&["exp", "iss", "sub"]);
        // Cognito's access tokens name the client in a claim of their own.
        validation.validate_aud = false;
        Ok(Self { keys, validation, client: env::var("CLIENT_ID")? })
    }

    fn answer(
        &self,
        event: &ApiGatewayCustomAuthorizerRequest,
    ) -> Result<ApiGatewayCustomAuthorizerResponse, Error> {
        let token = event.authorization_token.as_deref().and_then(|header| header.strip_prefix("Bearer "));
        let claims = self.verify(token.unwrap_or_default()).map_err(|reason| {
            tracing::info!(%reason, "token refused");
            // API Gateway makes a 401 of exactly this word.
            Error::from("Unauthorized")
        })?;
        let method_arn = event.method_arn.as_deref().ok_or("the event has no method ARN")?;
        let mut response = ApiGatewayCustomAuthorizerResponse::default();
        response.policy_document = policy(&claims, method_arn);
        response.context = context(&claims)?;
        response.principal_id = Some(claims.sub);
        Ok(response)
    }

    fn verify(&self, token: &str) -> Result<Claims, Error> {
        let kid = decode_header(token)?.kid.ok_or("no key id")?;
        let key = self.keys.get(&kid).ok_or("unknown key")?;
        let claims = decode::<Claims>(token, key, &self.validation)?.claims;
        if claims.token_use != "access" || claims.client_id != self.client {
            return Err("token_use or client_id".into());
        }
        Ok(claims)
    }
}

/// All routes of the contract, so that the gateway may keep the answer for every call of this token.
fn policy(claims: &Claims, method_arn: &str) -> ApiGatewayCustomAuthorizerPolicy {
    let admin = claims.groups.iter().any(|group| group == "admin");
    let writes = admin || claims.permissions.iter().flatten().any(|name| name == "write:all");
    let stage = method_arn.split('/').take(2).collect::<Vec<_>>().join("/");
    let (mut allow, mut deny) = (vec![format!("{stage}/GET/*")], Vec::new());
    let side = if writes { &mut allow } else { &mut deny };
    side.extend(["POST", "PUT"].map(|method| format!("{stage}/{method}/invoices/*")));
    let side = if admin { &mut allow } else { &mut deny };
    side.extend(METHODS.map(|method| format!("{stage}/{method}/admin/*")));
    let mut policy = ApiGatewayCustomAuthorizerPolicy::default();
    policy.version = Some("2012-10-17".to_owned());
    policy.statement.push(statement(IamPolicyEffect::Allow, allow));
    if !deny.is_empty() {
        policy.statement.push(statement(IamPolicyEffect::Deny, deny));
    }
    policy
}

fn statement(effect: IamPolicyEffect, resource: Vec<String>) -> IamPolicyStatement {
    let mut statement = IamPolicyStatement::default();
    statement.action = vec!["execute-api:Invoke".to_owned()];
    statement.effect = effect;
    statement.resource = resource;
    statement
}

fn context(claims: &Claims) -> Result<Value, Error> {
    let mut context = Map::new();
    if let Some(name) = &claims.username {
        context.insert("user_name".to_owned(), name.as_str().into());
    }
    context.insert("tenant".to_owned(), claims.tenant.as_str().into());
    if let Some(permissions) = &claims.permissions {
        context.insert("permissions".to_owned(), serde_json::to_string(permissions)?.into());
    }
    Ok(context.into())
}
