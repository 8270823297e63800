//! The target `bundle` of `tests/fuzzed`.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| (fuzzed::target("bundle").expect("it is listed").read)(text));
