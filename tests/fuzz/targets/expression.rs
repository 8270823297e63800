//! The target `expression` of `tests/fuzzed`.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| (fuzzed::target("expression").expect("it is listed").read)(text));
