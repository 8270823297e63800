//! The target `presentation` of `tests/fuzzed`.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| (fuzzed::target("presentation").expect("it is listed").read)(text));
