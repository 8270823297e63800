//! What harms whoever runs it without a bound.

use std::hint::black_box;

/// Misbehaves. What comes back from it was not harmful.
pub(crate) fn harm(how: &str) {
    match how {
        "loop" => loop {
            black_box(0);
        },
        "grow" => {
            let mut held: Vec<Vec<u8>> = Vec::new();
            loop {
                held.push(black_box(vec![1; 1 << 20]));
            }
        }
        "stack" => {
            black_box(deeper(1));
        }
        "trap" => std::arch::wasm32::unreachable(),
        "panic" => panic!("kim@example.com"),
        _ => {}
    }
}

#[allow(unconditional_recursion, reason = "it is what is tried")]
#[inline(never)]
fn deeper(depth: u64) -> u64 {
    black_box(deeper(black_box(depth) + 1)) + 1
}

pub(crate) fn text(bytes: usize) -> String {
    "x".repeat(bytes)
}

/// A list that names the same megabyte a hundred thousand times: small here, a hundred gigabytes for who copies it.
pub(crate) fn repeat() -> Vec<String> {
    let mut one = text(1 << 20).into_bytes();
    let (start, length) = (one.as_mut_ptr(), one.len());
    std::mem::forget(one);
    // SAFETY: none. The texts share their bytes, and are never freed before the instance is thrown away.
    (0..100_000).map(|_| unsafe { String::from_raw_parts(start, length, length) }).collect()
}

/// Bytes that are no UTF-8, as a text.
pub(crate) fn no_text() -> String {
    // SAFETY: none; this is what is tried.
    unsafe { String::from_utf8_unchecked(vec![b'a', 0xff, 0xfe]) }
}
