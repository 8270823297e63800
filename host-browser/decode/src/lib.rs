//! What a page needs to show the claims of a token, as one small module. It converts and decides nothing.
//!
//! Each call takes texts and gives one text; nothing is kept from call to call, so that memory stays as it is.

#![cfg(target_family = "wasm")]
#![no_std]

extern crate alloc;

mod memory;

#[cfg(feature = "glue")]
pub mod glue;
#[cfg(not(feature = "glue"))]
mod plain;

use alloc::string::{String, ToString as _};

use claim_core::present::{self, Expected, PresentError, Reading};

/// Reads a token: two lines, `{"alg":…}` and the payload; or `!` and the code of the error. `expected` is `id`,
/// `access` or `any`, with `payload-` in front where the text is the claims themselves.
fn read(text: &str, expected: &str) -> String {
    let of_payload = expected.strip_prefix("payload-");
    let token = match of_payload.unwrap_or(expected) {
        "access" => Expected::Access,
        "any" => Expected::Any,
        _ => Expected::Id,
    };
    let read = if of_payload.is_some() { present::read_payload } else { present::read };
    let reading = read(text, token);
    reading.map_or_else(refused, |reading: Reading| reading.to_text())
}

fn refused(error: PresentError) -> String {
    let mut text = String::from("!");
    text.push_str(error.code());
    text
}

/// Makes the lines of a payload that was read, as JSON; or `!bad-contract`.
fn rows(payload: &str, contract: &str, language: &str) -> String {
    present::rows(payload, contract, language)
        .map_or_else(|present::NotAContract| "!bad-contract".to_string(), |rows| rows.to_text())
}

/// Returns where a token is in its life by its place in the list of states: valid, expiring, expired, not-yet-valid, no-expiry.
fn expiry(exp: f64, nbf: f64, now: f64, within: f64) -> u32 {
    present::Times { exp, nbf }.at(now, within) as u32
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // Nothing in the core panics; if it did, the module stops and says nothing of the input.
    core::arch::wasm32::unreachable()
}
