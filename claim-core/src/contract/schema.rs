//! The JSON Schema of contracts, for editors: made from the table that the compiler reads.

use std::collections::BTreeMap;

use super::keys::{CONTRACT, Form, Key, Mapping};
use crate::json::{Object, Value};

/// The dialect of JSON Schema that editors know best.
const DIALECT: &str = "http://json-schema.org/draft-07/schema#";

/// Returns the JSON Schema (draft 7) of `claims.yaml`.
///
/// It knows keys, kinds and words. What depends on names and versions, `claims check` says.
#[must_use]
pub fn json_schema() -> Value {
    let mut definitions = BTreeMap::new();
    let mut schema =
        Object::from([("$schema".to_owned(), DIALECT.into()), ("title".to_owned(), "Claim contract".into())]);
    if let Value::Object(members) = mapping(&CONTRACT, &mut definitions) {
        schema.extend(members);
    }
    schema.insert("definitions".to_owned(), definitions.into());
    schema.into()
}

fn mapping(of: &'static Mapping, definitions: &mut Object) -> Value {
    let properties: Object =
        of.keys.iter().map(|key| (key.name.to_owned(), property(key, definitions))).collect();
    let required: Vec<&str> = of.keys.iter().filter(|key| key.required).map(|key| key.name).collect();
    let mut schema = Object::from([
        ("type".to_owned(), "object".into()),
        ("description".to_owned(), of.about.into()),
        ("properties".to_owned(), properties.into()),
        ("additionalProperties".to_owned(), false.into()),
    ]);
    if !required.is_empty() {
        schema.insert("required".to_owned(), required.into());
    }
    if !of.one_of.is_empty() {
        let each = of.one_of.iter().map(|name| Value::from([("required", vec![*name].into())]));
        schema.insert("oneOf".to_owned(), each.collect());
    }
    schema.into()
}

fn property(key: &Key, definitions: &mut Object) -> Value {
    let schema = form(key.form, definitions);
    match schema {
        // Beside a reference draft 7 reads nothing.
        Value::Object(mut members) if !members.contains_key("$ref") => {
            members.insert("description".to_owned(), key.about.into());
            members.into()
        }
        reference => Value::from([("allOf", vec![reference].into()), ("description", key.about.into())]),
    }
}

fn form(of: Form, definitions: &mut Object) -> Value {
    match of {
        Form::Version => Value::from([("const", 1i64.into())]),
        Form::Text => Value::from([("type", "string".into())]),
        Form::Expression => Value::from([("type", "string".into()), ("minLength", 1i64.into())]),
        Form::Pointer => Value::from([("type", "string".into()), ("pattern", "^/".into())]),
        Form::Boolean => Value::from([("type", "boolean".into())]),
        Form::Integer(i64::MIN) => Value::from([("type", "integer".into())]),
        Form::Integer(least) => Value::from([("type", "integer".into()), ("minimum", least.into())]),
        Form::Value => {
            let kinds = ["string", "number", "boolean", "array", "object"];
            Value::from([("type", kinds.to_vec().into())])
        }
        Form::Object => Value::from([("type", "object".into())]),
        Form::Words(words) => Value::from([("enum", words().into())]),
        Form::Numbers(words) => {
            let texts = words().into_iter().map(Value::from);
            let numbers = words().into_iter().filter_map(|word| word.parse::<i64>().ok()).map(Value::from);
            Value::from([("enum", texts.chain(numbers).collect())])
        }
        Form::List(inner) => Value::from([("type", "array".into()), ("items", form(*inner, definitions))]),
        Form::Map(inner) => {
            Value::from([("type", "object".into()), ("additionalProperties", form(*inner, definitions))])
        }
        Form::Either(forms) => {
            let each: Vec<Value> = forms.iter().map(|of| form(*of, definitions)).collect();
            Value::from([("anyOf", each.into())])
        }
        Form::Mapping(of) => {
            if !definitions.contains_key(of.name) {
                // Noted before it is made, so that a mapping may hold itself.
                definitions.insert(of.name.to_owned(), Value::Null);
                let made = mapping(of, definitions);
                definitions.insert(of.name.to_owned(), made);
            }
            Value::from([("$ref", format!("#/definitions/{}", of.name).into())])
        }
    }
}
