//! Any text as a contract: compiled or explained, within the limits, and what is compiled is read back.

#![no_main]

use claim_core::Bundle;
use claim_core::contract::{MAX_BUNDLE, compile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
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
});
