//! Who may call which route: the part of a contract that an authorizer reads.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::Source;
use crate::cognito::Token;
use crate::expression::Expression;
use crate::json::Value;

/// Who may call which route of an API.
///
/// A call is allowed if at least one rule speaks of its route, and every rule that speaks of it holds.
/// So a further rule can only narrow what the rules before it allow, and the order of rules has no meaning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Authorize {
    /// The token that callers bring.
    pub token: Token,
    /// The rules.
    pub rules: Vec<AuthorizeRule>,
    /// What the backend is told about the caller.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub context: BTreeMap<String, ContextRule>,
}

/// What some routes ask of a caller. Everything that it asks must hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuthorizeRule {
    /// The routes it speaks of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<Route>,
    /// The fields of an AppSync API it speaks of, each as `Type.field`.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub fields: BTreeSet<String>,
    /// The token must have one of these scopes; none asks for none.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub any_scope: BTreeSet<String>,
    /// The token must name one of these groups; none asks for none.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub any_group: BTreeSet<String>,
    /// What must hold beside that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub require: Option<Expression>,
    /// What a denied caller lacks, for the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// One value of the context that a backend gets: a text, a number or a boolean.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContextRule {
    /// Where the value comes from.
    pub source: Source,
    /// The value where the source has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// Whether a list or an object is handed on as JSON text.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub json: bool,
}

/// The routes that a pattern means: a method and a path, or a route of API Gateway's own.
///
/// In a path `*` stands for any text, also across `/`, as in an IAM policy; `{name}` stands for one segment.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Route {
    method: String,
    path: String,
}

/// Why a text is no route.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RouteError {
    /// It is not a method, a blank and a path.
    Form,
    /// The method is not one of [`Route::METHODS`].
    Method,
    /// The path does not begin with `/`, or has a character that no path and no IAM policy takes literally.
    Path,
    /// A `{` or `}` does not enclose the name of a whole segment, or a `*` stands before it, or its name is there twice.
    Parameter,
    /// It has more than [`Route::MAX`] bytes.
    TooLong,
}

impl fmt::Display for RouteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "a route is a method and a path, for example `GET /orders/*`, or `$connect` or `$graphql`",
            Self::Method => {
                "the method of a route is `*` for every one, or `GET`, `HEAD`, `OPTIONS`, `PATCH`, `POST`, `PUT`, `DELETE`, \
                 `EVENT_CONNECT`, `EVENT_SUBSCRIBE`, `EVENT_PUBLISH`"
            }
            Self::Path => {
                "the path of a route begins with `/` and has letters, digits, `-._~!&'()+,;=:@%/`, the wildcard `*` \
                 and parameters in `{}`"
            }
            Self::Parameter => "a parameter is a whole segment of the path with a name of its own, without a `*` before it, for example `/orders/{id}`",
            Self::TooLong => "a route has at most 256 bytes",
        })
    }
}

impl Route {
    /// How long a route may be, in bytes: with the ARN before it, it must fit the 512 of a policy's resource.
    pub const MAX: usize = 256;

    /// The methods of REST and HTTP APIs, and the operations of AppSync Events.
    pub const METHODS: [&'static str; 10] = [
        "DELETE",
        "EVENT_CONNECT",
        "EVENT_PUBLISH",
        "EVENT_SUBSCRIBE",
        "GET",
        "HEAD",
        "OPTIONS",
        "PATCH",
        "POST",
        "PUT",
    ];

    /// The routes that have no method and path.
    pub const SPECIAL: [&'static str; 2] = ["$connect", "$graphql"];

    /// Parses the text of a route.
    ///
    /// # Errors
    ///
    /// Returns [`RouteError`] if the text is none.
    pub fn parse(text: &str) -> Result<Self, RouteError> {
        if text.len() > Self::MAX {
            return Err(RouteError::TooLong);
        }
        if Self::SPECIAL.contains(&text) {
            return Ok(Self { method: text.to_owned(), path: String::new() });
        }
        let (method, path) = text.split_once(' ').ok_or(RouteError::Form)?;
        if method != "*" && !Self::METHODS.contains(&method) {
            return Err(RouteError::Method);
        }
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!&'()+,;=:@%/*{}".contains(&byte);
        if !path.starts_with('/') || !path.bytes().all(plain) {
            return Err(RouteError::Path);
        }
        let mut starred = false;
        for segment in path.split('/') {
            let inner = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
            let is_name = |name: &str| {
                !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            };
            let braces = segment.contains(['{', '}']);
            starred |= segment.contains('*');
            if braces && (starred || !inner.is_some_and(is_name)) {
                return Err(RouteError::Parameter);
            }
        }
        // Two wildcards side by side mean what one means.
        let mut path = path.to_owned();
        while path.contains("**") {
            path = path.replace("**", "*");
        }
        let route = Self { method: method.to_owned(), path };
        let names: BTreeSet<&str> = route.parameters().collect();
        let repeated = names.len() != route.parameters().count();
        if repeated { Err(RouteError::Parameter) } else { Ok(route) }
    }

    /// Returns the method: `*`, capital letters, or one of [`Self::SPECIAL`].
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Returns the pattern of the path; empty for one of [`Self::SPECIAL`].
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the names of its parameters, in order.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
    }
}

impl TryFrom<String> for Route {
    type Error = RouteError;

    fn try_from(text: String) -> Result<Self, RouteError> {
        Self::parse(&text)
    }
}

impl From<Route> for String {
    fn from(route: Route) -> Self {
        route.to_string()
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.method)
        } else {
            write!(f, "{} {}", self.method, self.path)
        }
    }
}
