//! The JSON Schema of each token.

use claim_core::contract::Form;
use claim_core::json::{Object, Value};

use super::Group;

pub(super) fn schema(head: &str, groups: &[Group<'_>]) -> Value {
    let definitions: Object = groups.iter().map(|group| (group.name.to_owned(), definition(group))).collect();
    Value::from([
        ("$schema", "http://json-schema.org/draft-07/schema#".into()),
        ("$comment", head.into()),
        ("definitions", definitions.into()),
    ])
}

/// What the contract says of a token's claims; others may stand beside them.
fn definition(group: &Group<'_>) -> Value {
    let mut properties = Object::new();
    let mut required = Vec::new();
    for value in &group.values {
        let mut schema = form(&value.expected.form);
        if let (Value::Object(members), Some(label)) = (&mut schema, value.label) {
            members.insert("title".to_owned(), label.into());
        }
        properties.insert(value.name.to_owned(), schema);
        if value.expected.always {
            required.push(value.name);
        }
    }
    Value::from([
        ("type", "object".into()),
        ("description", group.about.into()),
        ("properties", properties.into()),
        ("required", required.into()),
    ])
}

fn form(form: &Form) -> Value {
    let of = |name: &str| Value::from([("type", name.into())]);
    match form {
        Form::Any => Object::new().into(),
        Form::Text => of("string"),
        Form::Integer => of("integer"),
        Form::Number => of("number"),
        Form::Boolean => of("boolean"),
        Form::Object => of("object"),
        Form::OneOf(values) => Value::from([("enum", Value::Array(values.clone()))]),
        Form::List(element) => Value::from([("type", "array".into()), ("items", self::form(element))]),
    }
}
