//! The target `event` of `tests/fuzzed`.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| (fuzzed::target("event").expect("it is listed").read)(text));
