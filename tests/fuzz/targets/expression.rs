//! Any text as an expression: refused, or a value within the limits, the same each time.

#![no_main]

use claim_core::contract::INPUTS;
use claim_core::expression::{Budget, Type, parse};
use claim_core::json;
use libfuzzer_sys::fuzz_target;

const INPUT: &str = r#"{"user":{"name":"kim","sub":"u-1","attributes":{"custom:plan":"pro","email":"k@example.org"}},"groups":["a","b","c"],"roles":[],"client":{"id":"c1"},"event":{"version":"2","trigger":"Authentication","poolId":"p","region":"r","scopes":["openid"]},"metadata":{"t":"x"},"facts":{"f":{"n":7,"d":1.5,"t":"Ünïcode 😀","l":[1,2,3],"m":{"a":{"b":[true,null]}}}},"now":1700000000}"#;

fuzz_target!(|text: &str| {
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
});
