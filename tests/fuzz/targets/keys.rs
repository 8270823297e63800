//! The target `keys` of `tests/fuzzed`.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| (fuzzed::target("keys").expect("it is listed").read)(text));
