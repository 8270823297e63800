//! The exports for wasm-bindgen.

use alloc::string::String;

use wasm_bindgen::prelude::wasm_bindgen;

/// Gives back the memory of all calls before. To be called before the texts of a call are written into memory.
#[wasm_bindgen]
pub fn rewind() {
    crate::memory::rewind();
}

/// See [`crate::read`].
#[must_use]
#[wasm_bindgen]
pub fn read(text: &str, expected: &str) -> String {
    crate::read(text, expected)
}

/// See [`crate::rows`].
#[must_use]
#[wasm_bindgen]
pub fn rows(payload: &str, contract: &str, language: &str) -> String {
    crate::rows(payload, contract, language)
}

/// See [`crate::expiry`].
#[must_use]
#[wasm_bindgen]
pub fn expiry(exp: f64, nbf: f64, now: f64, within: f64) -> u32 {
    crate::expiry(exp, nbf, now, within)
}

/// See [`claim_core::present::drift`].
#[must_use]
#[wasm_bindgen]
pub fn drift(iat: f64, received: f64) -> f64 {
    claim_core::present::drift(iat, received)
}
