//! Exports of numbers and memory only: wasm2js knows no others.
//!
//! A caller takes memory, writes texts into it one after the other, and calls with their lengths. The answer's place is
//! the return value, its length is [`length`]; it is good until the next [`input`].

#![expect(unsafe_code, reason = "texts cross as places in memory")]

use core::cell::Cell;

use crate::memory;

/// What one call leaves for the next export to read.
struct State {
    input: Cell<(*mut u8, usize)>,
    length: Cell<usize>,
}

// SAFETY: the module has no threads.
unsafe impl Sync for State {}

static STATE: State =
    State { input: Cell::new((core::ptr::NonNull::dangling().as_ptr(), 0)), length: Cell::new(0) };

/// Gives back everything of the call before, takes memory for the texts of a new one, and returns its place.
#[unsafe(no_mangle)]
extern "C" fn input(length: usize) -> *mut u8 {
    memory::rewind();
    let place = alloc::vec![0; length].leak().as_mut_ptr();
    STATE.input.set((place, length));
    place
}

/// Answers one call, and returns the place of the answer. The texts stand in the input with these lengths.
#[unsafe(no_mangle)]
extern "C" fn call(function: u32, first: usize, second: usize, third: usize) -> *const u8 {
    let (place, length) = STATE.input.replace((core::ptr::NonNull::dangling().as_ptr(), 0));
    // SAFETY: the place and the length are those of `input`, which nobody else has; an empty slice is anywhere.
    let input = unsafe { core::slice::from_raw_parts(place, length) };
    let text = |from: usize, length: usize| {
        let bytes = input.get(from..from.saturating_add(length)).unwrap_or_default();
        core::str::from_utf8(bytes).unwrap_or_default()
    };
    let (one, two) = (text(0, first), text(first, second));
    let answer = match function {
        0 => crate::read(one, two),
        _ => crate::rows(one, two, text(first.saturating_add(second), third)),
    };
    STATE.length.set(answer.len());
    answer.leak().as_ptr()
}

/// Returns the length of the answer.
#[unsafe(no_mangle)]
extern "C" fn length() -> usize {
    STATE.length.get()
}

/// See [`crate::expiry`].
#[unsafe(no_mangle)]
extern "C" fn expiry(exp: f64, nbf: f64, now: f64, within: f64) -> u32 {
    crate::expiry(exp, nbf, now, within)
}

/// See [`claim_core::present::drift`].
#[unsafe(no_mangle)]
extern "C" fn drift(iat: f64, received: f64) -> f64 {
    claim_core::present::drift(iat, received)
}
