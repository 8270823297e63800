//! What a backend receives about its caller, as the contract's typed values again.
//!
//! Each gateway hands claims on in a form of its own: numbers and booleans as text, lists as `[a b]` or as `a,b`.
//! A backend that reads them as they come compares texts; `"[superadmin]".contains("admin")` lets the wrong person in.

use std::borrow::Cow;

use crate::cognito::{Token, issues};
use crate::contract::{Bundle, Kind, Source, V1Encoding, ValueType};
use crate::expression::is_text_at;
use crate::json::{self, Number, Object, Pointer, Value};

/// Who verified the caller, and so in which form the values come.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Carrier {
    /// The context of a Lambda authorizer of a REST or WebSocket API: texts.
    RestContext,
    /// The claims of a REST API's own Cognito authorizer: texts.
    RestClaims,
    /// The context of a Lambda authorizer of an HTTP API: values.
    HttpContext,
    /// The claims of an HTTP API's own JWT authorizer: texts, lists as `[a b]`.
    HttpClaims,
    /// The context of a Lambda authorizer of AppSync: values.
    AppSyncContext,
    /// The claims of AppSync's own Cognito authorization: values.
    AppSyncClaims,
}

impl Carrier {
    /// Returns its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RestContext => "rest-context",
            Self::RestClaims => "rest-claims",
            Self::HttpContext => "http-context",
            Self::HttpClaims => "http-claims",
            Self::AppSyncContext => "appsync-context",
            Self::AppSyncClaims => "appsync-claims",
        }
    }

    /// Whether the values are those of the contract's context, and not claims.
    #[must_use]
    pub const fn is_context(self) -> bool {
        matches!(self, Self::RestContext | Self::HttpContext | Self::AppSyncContext)
    }
}

/// What a backend receives.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    /// Who verified the caller.
    pub carrier: Carrier,
    /// The claims, or the values of the context, each of the contract's type. A value that cannot be of it is left out.
    pub values: Object,
}

/// Reads the event of a backend function: API Gateway (REST, WebSocket, HTTP 1.0 and 2.0) or AppSync.
///
/// Returns none if a gateway has not put anybody into the event: nobody is known, and nothing may be assumed.
/// It verifies nothing: the event must come from the gateway itself.
#[must_use]
pub fn read(bundle: &Bundle, event: &str) -> Option<Received> {
    let members = json::members(event).ok()?;
    let member = |name: &str| {
        let member = members.iter().find(|member| member.name == name)?;
        json::read(member.text).ok()
    };
    let (carrier, values) = match member("identity") {
        Some(identity) => appsync(identity)?,
        None => gateway(member("requestContext")?.get("authorizer")?)?,
    };
    let typed = values.into_iter().filter_map(|(name, value)| {
        let value =
            if carrier.is_context() { in_context(bundle, &name, value) } else { claim(bundle, &name, value) };
        Some((name, value?))
    });
    Some(Received { carrier, values: typed.collect() })
}

fn appsync(identity: Value) -> Option<(Carrier, Object)> {
    let Value::Object(mut identity) = identity else {
        return None;
    };
    match (identity.remove("resolverContext"), identity.remove("claims")) {
        (Some(Value::Object(context)), _) => Some((Carrier::AppSyncContext, context)),
        (_, Some(Value::Object(claims))) => Some((Carrier::AppSyncClaims, claims)),
        _ => None,
    }
}

fn gateway(authorizer: &Value) -> Option<(Carrier, Object)> {
    let object = |value: &Value| value.as_object().cloned();
    if let Some(context) = authorizer.get("lambda").and_then(object) {
        return Some((Carrier::HttpContext, context));
    }
    if let Some(claims) = authorizer.get("jwt").and_then(|jwt| jwt.get("claims")).and_then(object) {
        return Some((Carrier::HttpClaims, claims));
    }
    if let Some(claims) = authorizer.get("claims").and_then(object) {
        return Some((Carrier::RestClaims, claims));
    }
    let mut context = object(authorizer)?;
    // API Gateway's own, beside the values of the context.
    for own in ["principalId", "integrationLatency"] {
        context.remove(own);
    }
    Some((Carrier::RestContext, context))
}

/// The value of a claim in the contract's type.
fn claim(bundle: &Bundle, name: &str, value: Value) -> Option<Value> {
    of_type(without_spaces(bundle, name, value), &type_of(bundle, name))
}

/// The type of a claim; one that the contract does not declare has Cognito's, where Cognito carries it as another text.
fn type_of<'b>(bundle: &'b Bundle, name: &str) -> Cow<'b, ValueType> {
    if let Some(declared) = bundle.claims.get(name).and_then(|claim| claim.value_type.as_ref()) {
        return Cow::Borrowed(declared);
    }
    Cow::Owned(match name {
        "cognito:groups" | "cognito:roles" | "amr" => texts(),
        "auth_time" | "exp" | "iat" | "nbf" | "version" => of_kind(Some(Kind::Integer)),
        "email_verified" | "phone_number_verified" => of_kind(Some(Kind::Boolean)),
        _ => of_kind(None),
    })
}

fn of_kind(kind: Option<Kind>) -> ValueType {
    ValueType { kind, ..ValueType::default() }
}

fn texts() -> ValueType {
    ValueType { items: Some(Kind::String), ..of_kind(Some(Kind::Array)) }
}

/// Whether what stands at a path of a call is a text, as far as nobody wrote its type down. A user may have written it:
/// what looks like JSON in it is none.
fn is_text(bundle: &Bundle, path: &[&str]) -> bool {
    let issued = |name| [Token::Id, Token::Access].into_iter().any(|token| issues(token, name));
    let ["claims", name, below @ ..] = path else {
        return is_text_at(path);
    };
    match bundle.claims.get(*name).map(|claim| &claim.source) {
        Some(Source::From(pointer)) => is_text_at(&names(pointer)),
        Some(Source::Expression(expression)) => expression.kind() == Some(Kind::String),
        Some(Source::Value(_) | Source::Logic(_)) => false,
        // An address and identities are none themselves.
        None if below.is_empty() && matches!(*name, "address" | "identities") => false,
        None => name.starts_with("custom:") || issued(name),
    }
}

fn names(pointer: &Pointer) -> Vec<&str> {
    pointer.segments().iter().map(String::as_str).collect()
}

/// A list as a V1 token carries it with `v1: spaces`, taken apart.
fn without_spaces(bundle: &Bundle, name: &str, value: Value) -> Value {
    let divided = bundle.claims.get(name).is_some_and(|claim| claim.v1 == Some(V1Encoding::Spaces));
    match value.as_str() {
        // Other carriers write `[a b]` and `a,b`.
        Some(text) if divided && !text.starts_with('[') && (text.contains(' ') || !text.contains(',')) => {
            text.split(' ').filter(|part| !part.is_empty()).map(Value::from).collect()
        }
        _ => value,
    }
}

/// The value of a context's entry: what it was made of says its type.
fn in_context(bundle: &Bundle, name: &str, mut value: Value) -> Option<Value> {
    let rule = bundle.authorize.as_ref().and_then(|authorize| authorize.context.get(name));
    let Some(rule) = rule else {
        return Some(value);
    };
    let mut may_be_json = rule.json;
    let declared = match &rule.source {
        Source::From(pointer) => {
            let path = names(pointer);
            may_be_json &= !is_text(bundle, &path);
            match path.as_slice() {
                ["claims", of] => {
                    value = without_spaces(bundle, of, value);
                    type_of(bundle, of)
                }
                ["groups" | "scopes"] => Cow::Owned(texts()),
                ["now"] => Cow::Owned(of_kind(Some(Kind::Integer))),
                _ => Cow::Owned(of_kind(None)),
            }
        }
        Source::Value(fixed) => Cow::Owned(of_kind(Kind::of(fixed))),
        Source::Expression(expression) => Cow::Owned(of_kind(expression.kind())),
        Source::Logic(_) => Cow::Owned(of_kind(None)),
    };
    // A default may be of another kind, and is known by its text.
    let sent = |default: &&Value| **default == value || as_text(default) == value;
    let default = rule.default.as_ref().filter(sent).cloned();
    let compound = |value: &Value| value.as_str().and_then(|text| json::read(text).ok());
    match declared.kind {
        // Every text could be one.
        Some(Kind::String) => default.or_else(|| of_type(value, &declared)),
        Some(kind @ (Kind::Array | Kind::Object)) if rule.json => {
            let read = compound(&value).unwrap_or(value);
            Some(read).filter(|read| kind.holds(read)).or(default)
        }
        Some(_) => of_type(value, &declared).or(default),
        None => default.or_else(|| {
            let read = if may_be_json { compound(&value) } else { None };
            // A text that is no list and no object was a text before.
            Some(read.filter(|read| matches!(read, Value::Array(_) | Value::Object(_))).unwrap_or(value))
        }),
    }
}

/// How a carrier of texts writes a scalar.
fn as_text(value: &Value) -> Value {
    match value {
        Value::String(_) => value.clone(),
        other => other.to_text().into(),
    }
}

impl Kind {
    fn of(value: &Value) -> Option<Self> {
        [Self::String, Self::Integer, Self::Number, Self::Boolean, Self::Array, Self::Object]
            .into_iter()
            .find(|kind| kind.holds(value))
    }
}

/// Puts a value that came as a text into its type; none if it cannot be of it.
fn of_type(value: Value, declared: &ValueType) -> Option<Value> {
    let Some(kind) = declared.kind.filter(|kind| !kind.holds(&value)) else {
        return Some(value);
    };
    let text = value.as_str()?;
    let read = match kind {
        Kind::String => return None,
        Kind::Boolean => match text {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => return None,
        },
        Kind::Integer | Kind::Number => Value::Number(Number::parse(text)?),
        Kind::Object => json::read(text).ok()?,
        Kind::Array => {
            let elements = elements(text, declared.items).into_iter();
            let each = elements.map(|element| of_type(element, &of_kind(declared.items)));
            Value::Array(each.collect::<Option<_>>()?)
        }
    };
    kind.holds(&read).then_some(read)
}

/// The elements of a list that came as a text: JSON, `[a b]` of an HTTP API, `a,b` of a REST API.
fn elements(text: &str, items: Option<Kind>) -> Vec<Value> {
    if let Ok(Value::Array(elements)) = json::read(text) {
        // A list of the one text `7` comes as `[7]`, which only looks like JSON.
        let is_json =
            items != Some(Kind::String) || elements.iter().any(|element| element.as_str().is_some());
        if is_json {
            return elements;
        }
    }
    let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let (inner, separator) = inner.map_or((text, ','), |inner| (inner, ' '));
    inner.split(separator).filter(|part| !part.is_empty()).map(Value::from).collect()
}
