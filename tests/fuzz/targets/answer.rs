//! The target `answer` of `tests/fuzzed`.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| (fuzzed::target("answer").expect("it is listed").read)(text));
