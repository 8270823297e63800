//! The pre token generation trigger of `examples/profile`, for events of version 2.
//!
//! `TABLE_NAME` names the table of profiles.

use std::collections::HashMap;

use aws_config::BehaviorVersion;
use aws_lambda_events::cognito::{
    ClaimsAndScopeOverrideDetailsV2, CognitoAccessTokenGenerationV2, CognitoEventUserPoolsPreTokenGenV2,
    CognitoIdTokenGenerationV2,
};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let table = std::env::var("TABLE_NAME")?;
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let client = Client::new(&config);
    let (client, table) = (&client, table.as_str());
    run(service_fn(move |event: LambdaEvent<CognitoEventUserPoolsPreTokenGenV2>| async move {
        handler(client, table, event.payload).await
    }))
    .await
}

async fn handler(
    client: &Client,
    table: &str,
    mut event: CognitoEventUserPoolsPreTokenGenV2,
) -> Result<CognitoEventUserPoolsPreTokenGenV2, Error> {
    let user_name = event.cognito_event_user_pools_header.user_name.as_deref().unwrap_or_default();
    let key = AttributeValue::S(format!("USER#{user_name}"));
    // A user without a profile signs in, without these claims.
    let Some(item) = client.get_item().table_name(table).key("id", key).send().await?.item else {
        return Ok(event);
    };
    let field = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned();

    let mut id = CognitoIdTokenGenerationV2::default();
    id.claims_to_add_or_override =
        claims([("first_name", field("first_name")), ("last_name", field("last_name"))]);
    let mut access = CognitoAccessTokenGenerationV2::default();
    access.claims_to_add_or_override = claims([("interesting_value", field("interesting_value"))]);
    let mut details = ClaimsAndScopeOverrideDetailsV2::default();
    details.id_token_generation = Some(id);
    details.access_token_generation = Some(access);
    // The type always writes groups, and empty ones would take the user's own away.
    details.group_override_details = event.request.group_configuration.clone();
    event.response.claims_and_scope_override_details = Some(details);
    Ok(event)
}

fn claims<const N: usize>(values: [(&str, Option<String>); N]) -> HashMap<String, Value> {
    values.into_iter().filter_map(|(name, value)| Some((name.to_owned(), Value::String(value?)))).collect()
}
