//! What authors write.

use claim_core::Bundle;
use claim_core::contract::{INPUTS, MAX_BUNDLE, compile};
use claim_core::expression::{Budget, Type, parse};
use claim_core::json;

/// Any text as a contract: compiled or explained, within the limits, and what is compiled is read back.
pub(crate) fn contract(text: &str) {
    let compiled = compile(text);
    assert!(compiled.diagnostics.len() <= 100);
    for diagnostic in &compiled.diagnostics {
        assert!(diagnostic.span.start <= text.len() && diagnostic.message.len() < 16 * 1024 + 2 * text.len());
    }
    let Some(bundle) = compiled.bundle else {
        assert!(!compiled.diagnostics.is_empty(), "nothing says why there is no bundle");
        return;
    };
    let written = bundle.to_text();
    assert!(written.len() <= MAX_BUNDLE);
    assert_eq!(Bundle::read(&written).expect("a bundle is read back").to_text(), written);
    for test in &compiled.tests {
        for difference in test.run(&bundle, |_, _| Vec::new()) {
            assert!(difference.got.len() <= 4 * 1024 * 1024);
        }
    }
}

const INPUT: &str = r#"{"user":{"name":"kim","sub":"u-1","attributes":{"custom:plan":"pro","email":"k@example.org"}},"groups":["a","b","c"],"roles":[],"client":{"id":"c1"},"event":{"version":"2","trigger":"Authentication","poolId":"p","region":"r","scopes":["openid"]},"metadata":{"t":"x"},"facts":{"f":{"n":7,"d":1.5,"t":"Ünïcode 😀","l":[1,2,3],"m":{"a":{"b":[true,null]}}}},"now":1700000000}"#;

/// Any text as an expression: refused, or a value within the limits, the same each time.
pub(crate) fn expression(text: &str) {
    let Ok(expression) = parse(text, &INPUTS) else {
        return;
    };
    let inputs = json::read(INPUT).expect("the inputs are json");
    let inputs = inputs.as_object().expect("the inputs are an object");
    let first = expression.evaluate(inputs, &Budget::default());
    assert_eq!(first, expression.evaluate(inputs, &Budget::default()), "the answer changes");
    if let Ok(value) = &first {
        // A million steps pay for sixteen bytes each.
        assert!(value.to_string().len() < 64 * 1024 * 1024);
    }
    // Total, whatever it finds.
    let _ = expression.type_of(&|_| Type::Any);
    let _ = expression.constants();
}
