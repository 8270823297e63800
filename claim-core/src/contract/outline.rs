//! What programs may expect of the tokens and of the context of a call: for generated types, and to compare contracts.

use std::collections::BTreeMap;

use super::compile::type_at;
use super::rule::{Kind, OnError, Source};
use super::{Authorize, Bundle, Claim, ContextRule, V1Encoding};
use crate::cognito::{Token, issues};
use crate::expression::{Expression, Type};
use crate::json::Value;
use crate::request::TriggerVersion;

/// What a program may expect of one claim, or of one value of the context.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// The form of the value, where there is one.
    pub form: Form,
    /// Whether there is always one.
    pub always: bool,
}

/// The form of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// Nothing is known.
    Any,
    /// A text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A boolean.
    Boolean,
    /// A list of one form of elements.
    List(Box<Self>),
    /// Members with names.
    Object,
    /// One of some values.
    OneOf(Vec<Value>),
}

impl Form {
    fn of_kind(kind: Option<Kind>, items: Option<Kind>, allowed: &[Value]) -> Self {
        let one_of = |otherwise: Self| {
            if allowed.is_empty() { otherwise } else { Self::OneOf(allowed.to_vec()) }
        };
        match kind {
            Some(Kind::Array) => Self::List(Box::new(one_of(Self::of_kind(items, None, &[])))),
            Some(Kind::String) => one_of(Self::Text),
            Some(Kind::Integer) => one_of(Self::Integer),
            Some(Kind::Number) => one_of(Self::Number),
            Some(Kind::Boolean) => one_of(Self::Boolean),
            Some(Kind::Object) => Self::Object,
            // A list whose elements are among the values would be right too, where no kind is declared.
            None => Self::Any,
        }
    }

    fn of_type(of: &Type) -> Self {
        match of {
            Type::Any | Type::Null => Self::Any,
            Type::Bool => Self::Boolean,
            Type::Int | Type::Uint => Self::Integer,
            Type::Double => Self::Number,
            Type::Text => Self::Text,
            Type::List(element) => Self::List(Box::new(Self::of_type(element))),
            Type::Map => Self::Object,
        }
    }

    fn of_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::Any,
            Value::Bool(_) => Self::Boolean,
            Value::Number(number) if number.as_i64().is_some() => Self::Integer,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::Text,
            Value::Array(elements) => {
                let each = elements.iter().map(Self::of_value).reduce(Self::or).unwrap_or(Self::Any);
                Self::List(Box::new(each))
            }
            Value::Object(_) => Self::Object,
        }
    }

    /// The form of what has one of two forms.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (a, b) if a == b => a,
            (Self::Integer | Self::Number, Self::Integer | Self::Number) => Self::Number,
            (Self::List(a), Self::List(b)) => Self::List(Box::new(a.or(*b))),
            (Self::OneOf(values), other) | (other, Self::OneOf(values)) => {
                values.iter().map(Self::of_value).fold(other, Self::or)
            }
            _ => Self::Any,
        }
    }
}

impl Bundle {
    /// Returns what a program may expect of the claims that this contract sets in a token.
    #[must_use]
    pub fn expected(&self, token: Token, version: TriggerVersion) -> BTreeMap<&str, Expected> {
        if version == TriggerVersion::V1 && token == Token::Access {
            return BTreeMap::new();
        }
        let carried = self.claims.iter().filter(|(_, claim)| claim.tokens.contains(&token));
        let expected = carried.filter_map(|(name, claim)| {
            let always = self.is_always_there(name, claim, token);
            let form = match (version, Self::form(claim)) {
                // A V1 token holds texts only.
                (TriggerVersion::V1, Form::OneOf(values)) => {
                    let text = |value: Value| match value {
                        Value::String(_) => value,
                        other => other.to_string().into(),
                    };
                    Form::OneOf(values.into_iter().map(text).collect())
                }
                (TriggerVersion::V1, Form::List(_) | Form::Object) if claim.v1 == Some(V1Encoding::Omit) => {
                    return None;
                }
                (TriggerVersion::V1, _) => Form::Text,
                // Where the rule gives nothing, what Cognito writes by itself stays.
                (_, form) if !always && issues(token, name) => form.or(issued(token, name)),
                (_, form) => form,
            };
            let omitted = version == TriggerVersion::V1 && claim.v1 == Some(V1Encoding::Omit);
            Some((name.as_str(), Expected { form, always: always && !omitted }))
        });
        expected.collect()
    }

    /// Returns what a backend may expect of the context of a call.
    #[must_use]
    pub fn expected_context(&self) -> BTreeMap<&str, Expected> {
        let Some(authorize) = &self.authorize else {
            return BTreeMap::new();
        };
        let expected =
            authorize.context.iter().map(|(name, rule)| (name.as_str(), self.in_context(authorize, rule)));
        expected.collect()
    }

    fn in_context(&self, authorize: &Authorize, rule: &ContextRule) -> Expected {
        let claims = self.expected(authorize.token, TriggerVersion::V2);
        let mut always = rule.default.is_some();
        let mut form = match &rule.source {
            Source::Value(value) => {
                always = true;
                Form::of_value(value)
            }
            Source::From(pointer) => {
                let path: Vec<&str> = pointer.segments().iter().map(String::as_str).collect();
                match path.as_slice() {
                    ["claims", claim] => match claims.get(claim) {
                        Some(expected) => {
                            always |= expected.always;
                            expected.form.clone()
                        }
                        None => issued(authorize.token, claim),
                    },
                    path => {
                        always |= matches!(path, ["groups" | "scopes" | "now"] | ["token", "use"]);
                        Form::of_type(&type_at(path))
                    }
                }
            }
            Source::Expression(expression) => Form::of_kind(expression.kind(), None, &[]),
            Source::Logic(_) => Form::Any,
        };
        if rule.json {
            form = match form {
                Form::List(_) | Form::Object => Form::Text,
                other => other,
            };
        }
        if let Some(default) = &rule.default {
            form = form.or(if rule.json && matches!(default, Value::Array(_) | Value::Object(_)) {
                Form::Text
            } else {
                Form::of_value(default)
            });
        }
        Expected { form, always }
    }

    fn form(claim: &Claim) -> Form {
        let declared = claim.value_type.as_ref();
        let kind = declared.and_then(|declared| declared.kind);
        let allowed: &[Value] = declared.map_or(&[], |declared| declared.allowed.as_slice());
        let form = match (kind, &claim.source) {
            (Some(_), _) => Form::of_kind(kind, declared.and_then(|declared| declared.items), allowed),
            (None, Source::Value(value)) => Form::of_value(value),
            (None, source) => {
                let inferred = match source {
                    Source::Expression(expression) => inferred(expression),
                    Source::From(pointer) => {
                        type_at(&pointer.segments().iter().map(String::as_str).collect::<Vec<_>>())
                    }
                    Source::Value(_) | Source::Logic(_) => Type::Any,
                };
                match Kind::of_type(&inferred) {
                    // What is among the values has the kind of one of them, or is a list of such.
                    None if !allowed.is_empty()
                        && declared.is_some_and(|declared| !declared.is_of_a_list()) =>
                    {
                        Form::OneOf(allowed.to_vec())
                    }
                    Some(kind) if !allowed.is_empty() && kind != Kind::Array => Form::OneOf(allowed.to_vec()),
                    _ => Form::of_type(&inferred),
                }
            }
        };
        match &claim.default {
            Some(default) if kind.is_none() && !allowed.contains(default) => form.or(Form::of_value(default)),
            _ => form,
        }
    }

    /// Whether every token that the contract shapes carries the claim.
    fn is_always_there(&self, name: &str, claim: &Claim, token: Token) -> bool {
        let given = match &claim.source {
            Source::Value(_) => true,
            Source::From(pointer) => {
                let path: Vec<&str> = pointer.segments().iter().map(String::as_str).collect();
                matches!(path.as_slice(), ["client", "id"] | ["event", _] | ["groups" | "roles" | "now"])
            }
            Source::Expression(expression) => expression.is_constant(),
            Source::Logic(_) => false,
        };
        (given || claim.default.is_some())
            && claim.condition.is_empty()
            && claim.on_error != OnError::Omit
            && !self.clients.values().any(|client| client.without.contains(name))
            // A machine has an access token, and no user to read.
            && (token == Token::Id || !self.reads_user(claim))
    }

    fn reads_user(&self, claim: &Claim) -> bool {
        let of_user = |path: &[&str]| match path {
            ["user" | "groups" | "roles", ..] | ["facts"] => true,
            ["facts", fact, ..] => self.facts.get(*fact).is_some_and(|fact| {
                fact.key.values().any(|key| {
                    key.inputs()
                        .iter()
                        .any(|path| matches!(path.first(), Some(&("user" | "groups" | "roles"))))
                })
            }),
            _ => false,
        };
        match &claim.source {
            Source::From(pointer) => {
                of_user(&pointer.segments().iter().map(String::as_str).collect::<Vec<_>>())
            }
            Source::Value(_) => false,
            Source::Expression(expression) => expression.inputs().iter().any(|path| of_user(path)),
            // A machine may be asked about, too; what the component says then, nobody knows.
            Source::Logic(_) => true,
        }
    }
}

fn inferred(expression: &Expression) -> Type {
    expression.type_of(&type_at).unwrap_or(Type::Any)
}

/// The form of a claim that Cognito writes by itself.
fn issued(token: Token, claim: &str) -> Form {
    match claim {
        "auth_time" | "exp" | "iat" | "version" => Form::Integer,
        "email_verified" | "phone_number_verified" => Form::Boolean,
        "cognito:groups" | "cognito:roles" => Form::List(Box::new(Form::Text)),
        claim if issues(token, claim) && !matches!(claim, "identities" | "address") => Form::Text,
        _ => Form::Any,
    }
}
