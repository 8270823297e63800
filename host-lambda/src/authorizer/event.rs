//! What API Gateway and AppSync ask: seven forms of one question.

use claim_core::json::{self, Object, Value};

/// Who asks, and so in which form the answer is given.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// A REST API with a TOKEN authorizer.
    RestToken,
    /// A REST API with a REQUEST authorizer.
    RestRequest,
    /// The `$connect` route of a WebSocket API.
    WebSocket,
    /// An HTTP API with payload format 1.0.
    Http1,
    /// An HTTP API with payload format 2.0.
    Http2,
    /// AppSync GraphQL.
    AppSync,
    /// AppSync Events.
    AppSyncEvents,
}

impl Kind {
    /// Returns the word for it in logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RestToken => "rest-token",
            Self::RestRequest => "rest-request",
            Self::WebSocket => "websocket",
            Self::Http1 => "http-1.0",
            Self::Http2 => "http-2.0",
            Self::AppSync => "appsync",
            Self::AppSyncEvents => "appsync-events",
        }
    }
}

/// A call that is to be decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Who asks.
    pub kind: Kind,
    /// The resource that the gateway asks about; none for AppSync.
    pub arn: Option<Arn>,
    /// The method, or `$connect`, `$graphql`.
    pub method: String,
    /// The path, with the `/` at its beginning; empty where there is none.
    pub path: String,
    /// The route as the API names it, for logs: it has no value of a caller in it.
    pub route: Option<String>,
    /// What the gateway took for the token, where it does so.
    pub token: Option<String>,
    /// The headers, with names in small letters; a header that stands there twice has no value.
    pub headers: Vec<(String, Option<String>)>,
    /// The parameters of the query string.
    pub query: Object,
}

/// The ARN of a method of an API, taken apart.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Arn {
    /// The whole.
    pub text: String,
    /// Everything before the method, with the `/` at its end: partition, Region, account, API and stage.
    pub prefix: String,
}

/// Why an event is no question.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NotAQuestion(pub &'static str);

/// Reads an event. What is not needed may be any JSON that is no deeper than [`json::MAX_DEPTH`].
///
/// # Errors
///
/// Returns [`NotAQuestion`], with the part that is missing or wrong.
pub fn read(text: &str) -> Result<Call, NotAQuestion> {
    let event = Members::of(text).ok_or(NotAQuestion("event"))?;
    let context = event.raw("requestContext").and_then(Members::of).unwrap_or_default();
    let version = event.text("version");
    let kind = match (event.text("type").as_deref(), version.as_deref()) {
        (Some("TOKEN"), _) => Kind::RestToken,
        (Some("REQUEST"), Some("2.0")) => Kind::Http2,
        (Some("REQUEST"), Some("1.0")) => Kind::Http1,
        (Some("REQUEST"), None) if context.text("eventType").as_deref() == Some("CONNECT") => Kind::WebSocket,
        (Some("REQUEST"), None) => Kind::RestRequest,
        (None, _) if context.text("operation").is_some_and(|operation| operation.starts_with("EVENT_")) => {
            Kind::AppSyncEvents
        }
        (None, _) if context.raw("apiId").is_some() && event.raw("authorizationToken").is_some() => {
            Kind::AppSync
        }
        _ => return Err(NotAQuestion("type")),
    };
    let arn = match kind {
        Kind::AppSync | Kind::AppSyncEvents => None,
        Kind::Http2 => Some(event.text("routeArn").ok_or(NotAQuestion("routeArn"))?),
        _ => Some(event.text("methodArn").ok_or(NotAQuestion("methodArn"))?),
    };
    let (arn, method, path) = match (kind, arn) {
        (Kind::AppSync, _) => (None, "$graphql".to_owned(), String::new()),
        (Kind::AppSyncEvents, _) | (_, None) => {
            let operation = context.text("operation").ok_or(NotAQuestion("requestContext.operation"))?;
            let channel = context.text("channel").unwrap_or_else(|| "/".to_owned());
            let channel = if channel.starts_with('/') { channel } else { format!("/{channel}") };
            (None, operation, channel)
        }
        (_, Some(arn)) => {
            let (arn, method, path) = Arn::read(arn).ok_or(NotAQuestion("methodArn"))?;
            (Some(arn), method, path)
        }
    };
    let token = event.text("authorizationToken").or_else(|| match kind {
        // One source is the token itself; of several nobody knows which one is.
        Kind::Http2 => match event.value("identitySource") {
            Some(Value::Array(sources)) if sources.len() == 1 => sources.first()?.as_str().map(str::to_owned),
            _ => None,
        },
        _ => None,
    });
    let mut query = match event.value("queryStringParameters") {
        Some(Value::Object(members)) => members,
        _ => Object::new(),
    };
    // A parameter that is there twice is ambiguous, as a header is.
    if let Some(Value::Object(all)) = event.value("multiValueQueryStringParameters") {
        query.retain(|name, value| {
            all.get(name).is_none_or(|values| values.as_array() == Some(std::slice::from_ref(value)))
        });
    }
    let route =
        context.text("routeKey").or_else(|| event.text("resource").or_else(|| context.text("resourcePath")));
    Ok(Call { kind, arn, method, path, route, token, headers: headers(&event), query })
}

/// The headers by their names in small letters. One that is there twice is ambiguous, so it has no value.
fn headers(event: &Members<'_>) -> Vec<(String, Option<String>)> {
    let mut headers: Vec<(String, Option<String>)> = Vec::new();
    let mut add = |name: &str, value: Option<&str>| {
        let name = name.to_ascii_lowercase();
        match headers.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) if known.as_deref() != value => *known = None,
            Some(_) => {}
            None => headers.push((name, value.map(str::to_owned))),
        }
    };
    if let Some(Value::Object(all)) = event.value("multiValueHeaders") {
        for (name, values) in &all {
            match values.as_array() {
                Some([Value::String(value)]) => add(name, Some(value)),
                _ => add(name, None),
            }
        }
    }
    if let Some(Value::Object(all)) = event.value("headers") {
        for (name, value) in &all {
            add(name, value.as_str());
        }
    }
    headers
}

/// The members of an object, each read when it is asked for.
#[derive(Default)]
struct Members<'t>(Vec<json::Member<'t>>);

impl<'t> Members<'t> {
    fn of(text: &'t str) -> Option<Self> {
        json::members(text).ok().map(Self)
    }

    fn raw(&self, name: &str) -> Option<&'t str> {
        self.0.iter().find(|member| member.name == name).map(|member| member.text)
    }

    fn value(&self, name: &str) -> Option<Value> {
        json::read(self.raw(name)?).ok()
    }

    fn text(&self, name: &str) -> Option<String> {
        match self.value(name) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        }
    }
}

impl Arn {
    /// Takes an ARN apart: `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH`, or `…/STAGE/$connect`.
    fn read(text: String) -> Option<(Self, String, String)> {
        let resource = text.splitn(6, ':').nth(5)?;
        let before = text.len().checked_sub(resource.len())?;
        let mut parts = resource.splitn(4, '/');
        let (api, stage, method) = (parts.next()?, parts.next()?, parts.next()?);
        let path = parts.next();
        if !text.starts_with("arn:") || api.is_empty() || stage.is_empty() || method.is_empty() {
            return None;
        }
        let prefix = before.checked_add(api.len())?.checked_add(stage.len())?.checked_add(2)?;
        let prefix = text.get(..prefix)?.to_owned();
        let path =
            if method.starts_with('$') { String::new() } else { format!("/{}", path.unwrap_or_default()) };
        let method = method.to_owned();
        Some((Self { text, prefix }, method, path))
    }
}
