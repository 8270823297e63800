//! What is just small enough is read, and what is larger by one byte is not.

use claim_core::cognito::event;
use claim_core::cognito::event::{EventError, MAX_EVENT};
use claim_core::contract::{BundleError, MAX_BUNDLE, compile};
use claim_core::expression::{MAX_DEPTH, MAX_NODES};
use claim_core::json::Value;
use claim_core::present::{Expected, MAX_SHOWN, PresentError, read, read_payload};
use claim_core::token::{MAX_TOKEN, TokenError, decode};
use claim_core::{Bundle, FactOutcome, FactRecord, Refusal, shape};

/// A text of JSON with blanks behind it, so that it has so many bytes.
fn filled(text: &str, length: usize) -> String {
    format!("{text}{}", " ".repeat(length - text.len()))
}

#[test]
fn of_an_event() {
    assert_eq!(MAX_EVENT, 1_048_576);
    let event = |length| filled("{\"version\":\"2\",\"request\":{}}", length);
    assert!(event::read(&event(MAX_EVENT), 0).is_ok());
    assert_eq!(event::read(&event(MAX_EVENT + 1), 0).err(), Some(EventError::TooLarge));
}

#[test]
fn of_a_bundle() {
    let written =
        compile("version: 1\nclaims: { a: { value: x, tokens: [id] } }\n").bundle.expect("no mistakes");
    let bundle = |length| filled(&written.to_text(), length);
    assert!(Bundle::read(&bundle(MAX_BUNDLE)).is_ok());
    assert_eq!(Bundle::read(&bundle(MAX_BUNDLE + 1)), Err(BundleError::TooLarge));
    // As it is compiled, a quote has two bytes, and an empty text in a list twelve.
    let compiled = |quotes: usize, letters: usize| {
        let texts = vec!["\"\""; 300].join(",");
        let value = "\"".repeat(quotes) + &"x".repeat(letters);
        let claims = format!(
            "a: {{ value: '{value}', tokens: [id] }}, b: {{ expression: '[{texts}]', tokens: [access] }}"
        );
        compile(&format!("version: 1\nclaims: {{ {claims} }}\n")).bundle.map(|bundle| bundle.to_text().len())
    };
    let rest = MAX_BUNDLE - compiled(0, 0).expect("no mistakes");
    assert_eq!(compiled(rest / 2, rest % 2), Some(MAX_BUNDLE));
    assert_eq!(compiled(rest / 2, rest % 2 + 1), None);
}

#[test]
fn of_groups() {
    let contract = "version: 1\nfacts:\n  p: { table: t, key: { id: user.name }, onMissing: empty, onError: refuse }\n\
        groups: { from: /facts/p/g }\n";
    let bundle = compile(contract).bundle.expect("no mistakes");
    let event =
        r#"{"version":"2","userName":"kim","triggerSource":"TokenGeneration_Authentication","request":{}}"#;
    let request = event::read(event, 0).expect("an event").request;
    let shaped = |count: usize| {
        let groups: Value = (0..count).map(|index| Value::from(format!("g{index}").as_str())).collect();
        let outcome = FactOutcome::Found(Value::from([("g", groups)]));
        shape(&bundle, &request, &[FactRecord { name: "p".to_owned(), outcome }])
    };
    assert_eq!(
        shaped(1_000).ok().and_then(|shape| shape.groups).map(|groups| groups.groups.len()),
        Some(1_000)
    );
    assert_eq!(shaped(1_001).err(), Some(Refusal::Rejected("too-large")));
}

#[test]
fn of_what_a_page_shows() {
    assert!(read_payload(&filled("{\"sub\":\"u-1\"}", MAX_SHOWN), Expected::Id).is_ok());
    assert_eq!(read_payload(&filled("{}", MAX_SHOWN + 1), Expected::Id).err(), Some(PresentError::TooLarge));
    let token = |length| read(&"x".repeat(length), Expected::Id).err();
    assert_eq!(token(MAX_SHOWN), Some(PresentError::NotThreeParts));
    assert_eq!(token(MAX_SHOWN + 1), Some(PresentError::TooLarge));
    assert_eq!(PresentError::TooLarge.to_string(), "too-large");
}

#[test]
fn of_a_token() {
    assert_eq!(MAX_TOKEN, 16_384);
    assert_eq!(decode(&"x".repeat(MAX_TOKEN)), Err(TokenError::NotThreeParts));
    assert_eq!(decode(&"x".repeat(MAX_TOKEN + 1)), Err(TokenError::TooLarge));
}

#[test]
fn of_an_expression() {
    let written = |nodes: usize| {
        let nodes = vec![serde_json::json!({ "name": "now" }); nodes];
        let claim = serde_json::json!({ "source": { "expression": nodes }, "tokens": ["id"] });
        serde_json::json!({ "format": 1, "claims": { "a": claim } }).to_string()
    };
    assert!(Bundle::read(&written(MAX_NODES)).is_ok());
    let error = Bundle::read(&written(MAX_NODES + 1)).expect_err("one too many").to_string();
    assert!(error.contains("more than 512"), "{error}");
    assert!(Bundle::read(&written(0)).is_err());
}

#[test]
fn of_the_depth_of_an_expression() {
    let written = |depth: usize| {
        let field = |of: usize| serde_json::json!({ "field": [of, "a"] });
        let nodes = std::iter::once(serde_json::json!({ "name": "user" })).chain((0..depth - 1).map(field));
        let claim =
            serde_json::json!({ "source": { "expression": nodes.collect::<Vec<_>>() }, "tokens": ["id"] });
        serde_json::json!({ "format": 1, "claims": { "a": claim } }).to_string()
    };
    assert!(Bundle::read(&written(MAX_DEPTH)).is_ok());
    for depth in [MAX_DEPTH + 1, MAX_DEPTH + 2] {
        let error = Bundle::read(&written(depth)).expect_err("too deep").to_string();
        assert!(error.contains("more than 48 deep"), "{error}");
    }
}
