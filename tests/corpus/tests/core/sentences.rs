//! Errors are one lower-case sentence, and say nothing of what was read.

use claim_core::cognito::event;
use claim_core::contract::compile;
use claim_core::expression::EvaluationError;
use claim_core::json::Value;
use claim_core::token::{TokenError, decode};
use claim_core::{Refusal, RuleFault};

fn is_sentence(error: &impl ToString) {
    let text = error.to_string();
    assert!(text.split(' ').count() > 3, "{text}");
    assert!(!text.starts_with(char::is_uppercase) && !text.ends_with('.') && !text.contains('\n'), "{text}");
    assert!(!text.contains("SECRET"), "{text}");
}

#[test]
fn of_events() {
    for text in [
        "SECRET",
        "[]",
        r#"{"request":7}"#,
        r#"{"request":{"userAttributes":"SECRET"}}"#,
        r#"{"userName":{"SECRET":1},"request":{}}"#,
        r#"{"SECRET":1,"SECRET":2}"#,
        &" ".repeat(event::MAX_EVENT + 1),
    ] {
        is_sentence(&event::read(text, 0).expect_err(text));
    }
    let said = event::read(r#"{"request":7}"#, 0).expect_err("no object").to_string();
    assert_eq!(said, "`request` of the event must be an object");
}

#[test]
fn of_diagnostics() {
    let compiled = compile("version: 1\nclaims: { a: { value: x, tokens: [id], label: 7 } }\n");
    let said: Vec<Value> = compiled.diagnostics.iter().map(Value::from).collect();
    let want = r#"{"code":"wrong-kind","column":47,"end":58,"help":"put it into quotes: \"7\"","line":2,"message":"`label` of the claim `a` must be a text and is a number","severity":"error","start":57}"#;
    assert_eq!(said.iter().map(Value::to_text).collect::<Vec<_>>(), [want]);
}

#[test]
fn of_rules() {
    for fault in [
        RuleFault::Evaluation(EvaluationError::Overflow),
        RuleFault::WrongType,
        RuleFault::NotInEnum,
        RuleFault::NotCarried,
        RuleFault::NoValue,
        RuleFault::BadScope,
        RuleFault::BadName,
        RuleFault::BadRole,
        RuleFault::NoAnswer,
        RuleFault::TooLong,
    ] {
        is_sentence(&fault);
        let refusal = Refusal::RuleFailed { rule: "claims.a".to_owned(), fault };
        is_sentence(&refusal);
        let said = Value::from(&refusal);
        assert_eq!(said.get("code"), Some(&"rule-failed".into()));
        assert_eq!(said.get("subject"), Some(&"claims.a".into()));
        assert_eq!(said.get("fault"), Some(&fault.code().into()));
        assert_eq!(said.get("message"), Some(&refusal.to_string().as_str().into()));
    }
    assert_eq!(Value::from(&Refusal::NotConfigured).to_text().matches(':').count(), 2, "no empty member");
}

#[test]
fn of_tokens() {
    let found: Vec<TokenError> =
        ["SECRET", "SECRET.a.b", "e30.e30.e30", "_w.e30.e30", "e30", "W10.e30.", &"x".repeat(20_000)]
            .into_iter()
            .map(|text| decode(text).expect_err(text))
            .collect();
    found.iter().for_each(is_sentence);
    assert!(
        found.iter().map(|error| error.code()).collect::<std::collections::BTreeSet<_>>().len() >= 5,
        "{found:?}"
    );
}
