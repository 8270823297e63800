//! The target `token` of `tests/fuzzed`.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| (fuzzed::target("token").expect("it is listed").read)(text));
