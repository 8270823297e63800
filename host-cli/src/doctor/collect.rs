//! Reads what is deployed through AWS's SDK. It reads, and changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_apigateway::types::AuthorizerType as RestType;
use aws_sdk_apigatewayv2::types::AuthorizerType as HttpType;
use aws_sdk_cognitoidentityprovider::types::OAuthFlowType;
use aws_sdk_dynamodb::operation::describe_table::DescribeTableError;
use aws_sdk_dynamodb::types::TableDescription;
use aws_sdk_lambda::error::ProvideErrorMetadata;
use aws_sdk_lambda::operation::get_policy::GetPolicyError;
use claim_core::Bundle;
use claim_core::json::{self, Value};

use super::deployment::{
    Deployment, Function, GatewayAuthorizer, GatewayKind, Grant, Pool, PoolClient, PoolTrigger, Table,
};
use super::outputs::Names;
use crate::Failure;

/// Collects what was named.
pub(super) async fn collect(names: &Names, bundle: &Bundle) -> Result<Deployment, Failure> {
    let mut config = aws_config::defaults(BehaviorVersion::latest());
    if let Some(region) = &names.region {
        config = config.region(Region::new(region.clone()));
    }
    let config = config.load().await;
    if config.region().is_none() {
        return Err("no region is known; give `--region`, or set `AWS_REGION`".to_owned());
    }
    let pool = match &names.pool {
        Some(id) => Some(pool(&config, id).await?),
        None => None,
    };
    let trigger = match &names.trigger {
        Some(name) => Some(function(&config, name).await?),
        None => None,
    };
    let authorizer = match &names.authorizer {
        Some(name) => Some(function(&config, name).await?),
        None => None,
    };
    let mut gateways = Vec::new();
    if let Some(api) = &names.http_api {
        gateways.extend(http_authorizers(&config, api).await?);
    }
    if let Some(api) = &names.rest_api {
        gateways.extend(rest_authorizers(&config, api).await?);
    }
    let (gateways, unguarded) = guarding(names, gateways, authorizer.as_ref());
    let tables = tables(&config, names, bundle, trigger.as_ref()).await?;
    Ok(Deployment { pool, trigger, authorizer, gateways, unguarded, tables })
}

/// Says what could not be read, and which permission reading it takes.
fn unread<'a>(what: &'a str, name: &'a str, action: &'a str) -> impl Fn(Unread) -> Failure + 'a {
    move |why| {
        let help = match why.cause {
            Cause::Denied => format!("whoever looks needs `{action}` on it"),
            Cause::NotThere => "name one that is there, in this account and region".to_owned(),
            Cause::NotAsked => "give credentials and a network, as for the aws command line".to_owned(),
            Cause::Other => "try again, or say what was met".to_owned(),
        };
        format!("the {what} `{name}` cannot be read: {}; {help}", why.text)
    }
}

/// Why something could not be read.
struct Unread {
    text: String,
    cause: Cause,
}

enum Cause {
    Denied,
    NotThere,
    /// The question did not reach AWS.
    NotAsked,
    Other,
}

impl Unread {
    fn empty() -> Self {
        Self { text: "the answer is empty".to_owned(), cause: Cause::Other }
    }
}

/// What AWS said, in its own words; or why it was not asked.
fn said<E: std::error::Error + ProvideErrorMetadata>(error: &E) -> Unread {
    if let Some(code) = error.code() {
        let cause = match code {
            _ if code.starts_with("AccessDenied") || code.starts_with("NotAuthorized") => Cause::Denied,
            _ if code.contains("NotFound") => Cause::NotThere,
            _ => Cause::Other,
        };
        return Unread { text: format!("{code}, {}", error.message().unwrap_or("without a word")), cause };
    }
    let mut text = error.to_string();
    let mut inner = error.source();
    while let Some(source) = inner {
        text = format!("{text}: {source}");
        inner = source.source();
    }
    Unread { text, cause: Cause::NotAsked }
}

async fn pool(config: &SdkConfig, id: &str) -> Result<Pool, Failure> {
    let client = aws_sdk_cognitoidentityprovider::Client::new(config);
    let failed = unread("user pool", id, "cognito-idp:DescribeUserPool");
    let answer =
        client.describe_user_pool().user_pool_id(id).send().await.map_err(|error| failed(said(&error)))?;
    let pool = answer.user_pool().ok_or_else(|| failed(Unread::empty()))?;
    let triggers = pool.lambda_config();
    let newer = triggers.and_then(|triggers| triggers.pre_token_generation_config());
    let trigger = match newer {
        Some(config) => Some(PoolTrigger {
            function: config.lambda_arn().to_owned(),
            version: config.lambda_version().as_str().to_owned(),
        }),
        // The older field is a trigger of the first version.
        None => triggers
            .and_then(|triggers| triggers.pre_token_generation())
            .map(|function| PoolTrigger { function: function.to_owned(), version: "V1_0".to_owned() }),
    };
    Ok(Pool {
        id: id.to_owned(),
        arn: pool.arn().unwrap_or_default().to_owned(),
        plan: pool.user_pool_tier().map(|plan| plan.as_str().to_owned()),
        trigger,
        clients: pool_clients(&client, id).await?,
    })
}

async fn pool_clients(
    client: &aws_sdk_cognitoidentityprovider::Client,
    id: &str,
) -> Result<Vec<PoolClient>, Failure> {
    let failed = unread("list of app clients of the pool", id, "cognito-idp:ListUserPoolClients");
    let mut listed =
        client.list_user_pool_clients().user_pool_id(id).into_paginator().page_size(60).items().send();
    let mut clients = Vec::new();
    while let Some(described) = listed.next().await {
        let described = described.map_err(|error| failed(said(&error)))?;
        let client_id = described.client_id().unwrap_or_default();
        let failed = unread("app client", client_id, "cognito-idp:DescribeUserPoolClient");
        let request = client.describe_user_pool_client().user_pool_id(id).client_id(client_id);
        let answer = request.send().await.map_err(|error| failed(said(&error)))?;
        let read = answer.user_pool_client().ok_or_else(|| failed(Unread::empty()))?;
        clients.push(PoolClient {
            id: client_id.to_owned(),
            writes: read.write_attributes.as_ref().map(|names| names.iter().cloned().collect()),
            machines: read.allowed_o_auth_flows().contains(&OAuthFlowType::ClientCredentials),
        });
    }
    Ok(clients)
}

async fn function(config: &SdkConfig, name: &str) -> Result<Function, Failure> {
    let client = aws_sdk_lambda::Client::new(config);
    let failed = unread("function", name, "lambda:GetFunctionConfiguration");
    let read = client.get_function_configuration().function_name(name).send().await;
    let read = read.map_err(|error| failed(said(&error)))?;
    let policy = match client.get_policy().function_name(name).send().await {
        Ok(answer) => answer.policy().unwrap_or_default().to_owned(),
        // A function that nobody was allowed to invoke has no policy.
        Err(error)
            if error.as_service_error().is_some_and(GetPolicyError::is_resource_not_found_exception) =>
        {
            String::new()
        }
        Err(error) => return Err(unread("policy of the function", name, "lambda:GetPolicy")(said(&error))),
    };
    if read.environment().is_some_and(|environment| environment.error().is_some()) {
        return Err(unread("environment of the function", name, "kms:Decrypt")(Unread {
            text: "it is encrypted with another's key".to_owned(),
            cause: Cause::Denied,
        }));
    }
    let environment =
        read.environment().and_then(|environment| environment.variables()).cloned().unwrap_or_default();
    Ok(Function {
        // An alias is another callee than the function itself, and is named as its callers name it.
        arn: if name.starts_with("arn:") { name } else { read.function_arn().unwrap_or(name) }.to_owned(),
        runtime: read.runtime().map(|runtime| runtime.as_str().to_owned()).unwrap_or_default(),
        timeout: read.timeout().unwrap_or_default().into(),
        environment: environment.into_iter().collect(),
        grants: grants(&policy),
    })
}

/// The statements of a function's policy that let somebody in.
fn grants(policy: &str) -> Vec<Grant> {
    let policy = json::read(policy).unwrap_or_default();
    let statements = policy.get("Statement").and_then(Value::as_array).unwrap_or_default();
    let allowed = statements
        .iter()
        .filter(|statement| statement.get("Effect").and_then(Value::as_str) == Some("Allow"));
    allowed
        .filter_map(|statement| {
            let condition = |operator: &str, key: &str| {
                let found = statement.get("Condition")?.get(operator)?.as_object()?;
                let (_, value) = found.iter().find(|(name, _)| name.eq_ignore_ascii_case(key))?;
                value.as_str().map(str::to_owned)
            };
            let principal = statement.get("Principal")?;
            let who = principal.get("Service").or_else(|| principal.get("AWS")).unwrap_or(principal);
            Some(Grant {
                who: who.as_str()?.to_owned(),
                source_account: condition("StringEquals", "aws:SourceAccount"),
                source_arn: ["ArnLike", "ArnEquals", "StringEquals", "StringLike"]
                    .iter()
                    .find_map(|operator| condition(operator, "aws:SourceArn")),
            })
        })
        .collect()
}

/// The function in the address that a gateway calls.
fn called(uri: &str) -> String {
    let after = uri.split_once("/functions/").map_or(uri, |(_, after)| after);
    after.trim_end_matches("/invocations").to_owned()
}

async fn http_authorizers(config: &SdkConfig, api: &str) -> Result<Vec<GatewayAuthorizer>, Failure> {
    let client = aws_sdk_apigatewayv2::Client::new(config);
    let failed = unread("list of authorizers of the http api", api, "apigateway:GET");
    let answer = client.get_authorizers().api_id(api).send().await.map_err(|error| failed(said(&error)))?;
    let custom = answer.items().iter().filter(|item| item.authorizer_type() == Some(&HttpType::Request));
    Ok(custom
        .map(|item| GatewayAuthorizer {
            kind: GatewayKind::Http,
            api: api.to_owned(),
            id: item.authorizer_id().unwrap_or_default().to_owned(),
            function: called(item.authorizer_uri().unwrap_or_default()),
            sources: item.identity_source().to_vec(),
            ttl: item.authorizer_result_ttl_in_seconds().unwrap_or_default().into(),
            has_role: item.authorizer_credentials_arn().is_some(),
            payload: item.authorizer_payload_format_version().map(str::to_owned),
            simple: item.enable_simple_responses().unwrap_or_default(),
        })
        .collect())
}

async fn rest_authorizers(config: &SdkConfig, api: &str) -> Result<Vec<GatewayAuthorizer>, Failure> {
    let client = aws_sdk_apigateway::Client::new(config);
    let failed = unread("list of authorizers of the rest api", api, "apigateway:GET");
    let answer =
        client.get_authorizers().rest_api_id(api).send().await.map_err(|error| failed(said(&error)))?;
    let kind = |item: &aws_sdk_apigateway::types::Authorizer| match item.r#type() {
        Some(RestType::Token) => Some(GatewayKind::RestToken),
        Some(RestType::Request) => Some(GatewayKind::RestRequest),
        _ => None,
    };
    let custom = answer.items().iter().filter_map(|item| Some((kind(item)?, item)));
    Ok(custom
        .map(|(kind, item)| GatewayAuthorizer {
            kind,
            api: api.to_owned(),
            id: item.id().unwrap_or_default().to_owned(),
            function: called(item.authorizer_uri().unwrap_or_default()),
            sources: item
                .identity_source()
                .unwrap_or_default()
                .split(',')
                .map(|source| source.trim().to_owned())
                .filter(|source| !source.is_empty())
                .collect(),
            // Where nothing is said, API Gateway keeps answers for five minutes.
            ttl: item.authorizer_result_ttl_in_seconds().unwrap_or(300).into(),
            has_role: item.authorizer_credentials().is_some(),
            payload: None,
            simple: false,
        })
        .collect())
}

/// Keeps the authorizers that call the function, whatever its alias, and names the APIs that have none of them.
fn guarding(
    names: &Names,
    gateways: Vec<GatewayAuthorizer>,
    function: Option<&Function>,
) -> (Vec<GatewayAuthorizer>, Vec<String>) {
    let Some(function) = function else {
        return (gateways, Vec::new());
    };
    let gateways: Vec<_> = gateways
        .into_iter()
        .filter(|gateway| unqualified(&gateway.function) == unqualified(&function.arn))
        .collect();
    let apis = names.http_api.iter().chain(&names.rest_api);
    let unguarded =
        apis.filter(|api| !gateways.iter().any(|gateway| gateway.api == **api)).cloned().collect();
    (gateways, unguarded)
}

/// `arn:aws:lambda:REGION:ACCOUNT:function:NAME`, without an alias or version.
fn unqualified(arn: &str) -> String {
    arn.splitn(8, ':').take(7).collect::<Vec<_>>().join(":")
}

async fn tables(
    config: &SdkConfig,
    names: &Names,
    bundle: &Bundle,
    trigger: Option<&Function>,
) -> Result<BTreeMap<String, Table>, Failure> {
    let Some(trigger) = trigger else {
        return Ok(BTreeMap::new());
    };
    // What the function is told counts, not what a file says.
    let setting = trigger.environment.get("CLAIMWRIGHT_TABLES").map(String::as_str).unwrap_or_default();
    let told: BTreeMap<&str, &str> =
        setting.split(',').filter_map(|pair| pair.trim().split_once('=')).collect();
    let client = aws_sdk_dynamodb::Client::new(config);
    let logical: BTreeSet<&str> = bundle.facts.values().map(|fact| fact.table.as_str()).collect();
    let mut tables = BTreeMap::new();
    for logical in logical {
        let listed = names.tables.get(logical).map(String::as_str);
        let name = told.get(logical).copied().or(listed).unwrap_or(logical).to_owned();
        let key = match client.describe_table().table_name(&name).send().await {
            Ok(answer) => {
                let schema = answer.table().map(TableDescription::key_schema).unwrap_or_default();
                Some(schema.iter().map(|element| element.attribute_name().to_owned()).collect())
            }
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(DescribeTableError::is_resource_not_found_exception) =>
            {
                None
            }
            Err(error) => return Err(unread("table", &name, "dynamodb:DescribeTable")(said(&error))),
        };
        tables.insert(logical.to_owned(), Table { name, key });
    }
    Ok(tables)
}
