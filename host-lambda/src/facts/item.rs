//! DynamoDB's values as JSON.

use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_types::base64;
use claim_core::json::{Number, Value};

/// Turns an attribute into JSON.
///
/// A number that JSON readers would change stays the text of its digits; sets are sorted, because DynamoDB gives them in
/// no order; bytes are base64.
pub(super) fn to_value(attribute: AttributeValue) -> Value {
    match attribute {
        AttributeValue::S(text) => Value::String(text),
        AttributeValue::N(digits) => number(digits),
        AttributeValue::Bool(value) => Value::Bool(value),
        AttributeValue::M(members) => {
            Value::Object(members.into_iter().map(|(name, value)| (name, to_value(value))).collect())
        }
        AttributeValue::L(elements) => elements.into_iter().map(to_value).collect(),
        AttributeValue::Ss(texts) => sorted(texts).into_iter().map(Value::String).collect(),
        AttributeValue::Ns(mut numbers) => {
            let size = |digits: &str| digits.parse::<f64>().unwrap_or_default();
            numbers.sort_by(|a, b| size(a).total_cmp(&size(b)).then_with(|| a.cmp(b)));
            numbers.into_iter().map(number).collect()
        }
        AttributeValue::B(bytes) => Value::String(base64::encode(bytes)),
        AttributeValue::Bs(list) => {
            sorted(list.into_iter().map(base64::encode).collect()).into_iter().map(Value::String).collect()
        }
        // `NULL`, and what a later version of DynamoDB may add: nothing that a claim can say.
        _ => Value::Null,
    }
}

fn number(digits: String) -> Value {
    Number::parse(&digits).map_or(Value::String(digits), Value::Number)
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::primitives::Blob;
    use aws_sdk_dynamodb::types::AttributeValue;

    use super::to_value;

    #[test]
    fn every_type_has_its_json() {
        let n = |digits: &str| AttributeValue::N(digits.to_owned());
        let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
        for (attribute, want) in [
            (AttributeValue::S("é".into()), r#""é""#),
            (n("12"), "12"),
            (n("0.5"), "0.5"),
            (n("12345678901234567890123456789012345678"), r#""12345678901234567890123456789012345678""#),
            (n("0.10000000000000000555"), r#""0.10000000000000000555""#),
            (n("1E+2"), "100"),
            (AttributeValue::Bool(true), "true"),
            (AttributeValue::Null(true), "null"),
            (AttributeValue::L(vec![n("2"), AttributeValue::S("x".into())]), r#"[2,"x"]"#),
            (AttributeValue::M([("a".to_owned(), n("1"))].into()), r#"{"a":1}"#),
            (AttributeValue::Ss(texts(&["b", "a"])), r#"["a","b"]"#),
            (AttributeValue::Ns(texts(&["10", "9", "-1"])), "[-1,9,10]"),
            (AttributeValue::B(Blob::new([1, 2, 3])), r#""AQID""#),
            (AttributeValue::Bs(vec![Blob::new([2]), Blob::new([1])]), r#"["AQ==","Ag=="]"#),
        ] {
            assert_eq!(to_value(attribute).to_string(), want);
        }
    }
}
