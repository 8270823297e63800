//! The target `contract` of `tests/fuzzed`.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| (fuzzed::target("contract").expect("it is listed").read)(text));
