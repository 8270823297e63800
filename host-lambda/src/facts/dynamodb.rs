//! DynamoDB as a store of facts: keys, projections, time limits.

use std::collections::{BTreeMap, HashMap};

use std::pin::Pin;
use std::time::Duration;

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::get_item::GetItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodb::{Client, Config};
use claim_core::json::Value;
use claim_core::{FactOutcome, Lookup};

use super::item::to_value;
use super::{FactSource, Fetched, trust};
use crate::settings::{Roots, TriggerSettings};

/// One attempt, of which there are three within the limit of all lookups. A healthy read takes under 20 ms.
const ATTEMPT: Duration = Duration::from_millis(600);
/// TCP and TLS within a Region.
const CONNECT: Duration = Duration::from_millis(400);
const ATTEMPTS: u32 = 3;
/// The SDK would wait a second before it tries again, which is a fifth of what Cognito waits at all.
const BACKOFF: Duration = Duration::from_millis(25);
const MOST_BACKOFF: Duration = Duration::from_millis(200);

/// Facts in DynamoDB tables.
#[derive(Debug)]
pub struct DynamoFacts {
    client: Client,
    tables: BTreeMap<String, String>,
}

impl DynamoFacts {
    /// Makes the client. It connects when it is first asked.
    #[must_use]
    pub fn new(settings: &TriggerSettings) -> Self {
        let keys = &settings.credentials;
        let credentials = Credentials::new(
            &*keys.access_key,
            &*keys.secret_key,
            keys.session_token.clone(),
            None,
            "environment",
        );
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT)
            .operation_attempt_timeout(ATTEMPT)
            .operation_timeout(settings.facts_limit)
            .build();
        let retries = RetryConfig::standard()
            .with_max_attempts(ATTEMPTS)
            .with_initial_backoff(BACKOFF)
            .with_max_backoff(MOST_BACKOFF);
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(settings.region.clone()))
            .credentials_provider(credentials)
            .timeout_config(timeouts)
            .retry_config(retries);
        config.set_endpoint_url(settings.endpoint.clone());
        if settings.roots == Roots::Amazon {
            config.set_http_client(trust::amazon().ok());
        }
        Self { client: Client::from_conf(config.build()), tables: settings.tables.clone() }
    }

    async fn get(&self, lookup: &Lookup) -> Fetched {
        let mut key = HashMap::with_capacity(lookup.key.len());
        for (name, value) in &lookup.key {
            let value = match value {
                Value::String(text) => AttributeValue::S(text.clone()),
                Value::Number(number) => AttributeValue::N(number.to_string()),
                _ => return Fetched::failed("bad-key"),
            };
            key.insert(name.clone(), value);
        }
        let table = self.tables.get(&lookup.table).unwrap_or(&lookup.table);
        let mut request =
            self.client.get_item().table_name(table).set_key(Some(key)).consistent_read(lookup.consistent);
        if !lookup.fields.is_empty() {
            // Every name through a placeholder, because DynamoDB reserves hundreds of words.
            let names: Vec<String> = (0..lookup.fields.len()).map(|index| format!("#f{index}")).collect();
            request = request.projection_expression(names.join(","));
            for (placeholder, field) in names.into_iter().zip(&lookup.fields) {
                request = request.expression_attribute_names(placeholder, field);
            }
        }
        match request.send().await {
            Ok(answer) => match answer.item {
                None => Fetched { outcome: FactOutcome::Missing, reason: None },
                Some(item) => Fetched {
                    outcome: FactOutcome::Found(
                        item.into_iter()
                            .map(|(name, value)| (name, to_value(value)))
                            .collect::<claim_core::json::Object>()
                            .into(),
                    ),
                    reason: None,
                },
            },
            Err(error) => Fetched::failed(reason(&error)),
        }
    }
}

impl FactSource for DynamoFacts {
    fn names(&self, table: &str) -> bool {
        self.tables.contains_key(table)
    }

    fn fetch<'a>(&'a self, lookup: &'a Lookup) -> Pin<Box<dyn Future<Output = Fetched> + Send + 'a>> {
        Box::pin(self.get(lookup))
    }
}

/// DynamoDB's error code or the kind of failure. The messages are not passed on: some repeat the request.
fn reason<R>(error: &SdkError<GetItemError, R>) -> String {
    match error {
        SdkError::ServiceError(service) => service.err().code().unwrap_or("malformed-answer").to_owned(),
        SdkError::TimeoutError(_) => "time-limit".to_owned(),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => "time-limit".to_owned(),
        SdkError::DispatchFailure(_) => "connection".to_owned(),
        SdkError::ResponseError(_) => "malformed-answer".to_owned(),
        _ => "not-sent".to_owned(),
    }
}
