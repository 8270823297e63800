//! Which numbers a double holds: JavaScript has no others, and changes the rest without a word.

/// The largest integer up to which a double holds each one.
const LARGEST: &[u8] = b"9007199254740992";

/// Whether a double surely holds what the text of a JSON number says.
pub(super) fn is_exact(number: &str) -> bool {
    let unsigned = number.strip_prefix('-').unwrap_or(number);
    let (mantissa, power) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = || integer.bytes().chain(fraction.bytes()).skip_while(|digit| *digit == b'0');
    let zeros = integer.bytes().chain(fraction.bytes()).rev().take_while(|digit| *digit == b'0').count();
    let significant = digits().count().saturating_sub(zeros);
    if significant == 0 {
        return true;
    }
    let Ok(power) = power.parse::<i32>() else {
        return false;
    };
    // Every decimal of fifteen digits comes back from a double as it was, far from the ends of its range.
    if significant <= 15 && power.abs() <= 250 && unsigned.len() <= 40 {
        return true;
    }
    // A large integer, written as one.
    fraction.is_empty()
        && power == 0
        && (integer.len() < LARGEST.len() || integer.len() == LARGEST.len() && integer.as_bytes() <= LARGEST)
}

/// The whole seconds of a time (RFC 7519); none if the text is no number, or beyond what a double counts. What is before
/// 1970 is long over, whichever second it is.
pub(super) fn seconds(value: &str) -> Option<f64> {
    if value.starts_with('-') {
        return Some(0.0);
    }
    let whole = value.split_once('.').map_or(value, |(whole, _)| whole);
    let seconds: u64 = whole.parse().ok()?;
    #[expect(clippy::cast_precision_loss, reason = "up to 2^53 nothing is lost")]
    (seconds <= 1 << 53).then_some(seconds as f64)
}

/// Whether a double holds every number in the text of a JSON value.
pub(super) fn all_exact(value: &str) -> bool {
    let bytes = value.as_bytes();
    let mut at: usize = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = after_text(bytes, at),
            b'-' | b'0'..=b'9' => {
                let start = at;
                while matches!(bytes.get(at), Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')) {
                    at = at.saturating_add(1);
                }
                if !value.get(start..at).is_some_and(is_exact) {
                    return false;
                }
            }
            _ => at = at.saturating_add(1),
        }
    }
    true
}

/// Where the text ends whose first quotation mark stands here.
fn after_text(bytes: &[u8], mut at: usize) -> usize {
    loop {
        at = at.saturating_add(1);
        match bytes.get(at) {
            Some(b'"') => return at.saturating_add(1),
            // The character behind a backslash ends no text.
            Some(b'\\') => at = at.saturating_add(1),
            Some(_) => {}
            None => return at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{all_exact, is_exact, seconds};

    #[test]
    fn numbers_that_a_double_holds() {
        for exact in [
            "0",
            "-0",
            "1",
            "-12.5",
            "9007199254740992",
            "1800000000",
            "0.1",
            "1e3",
            "1.0000",
            "100000000000000000000",
            "123456789012345e-20",
        ] {
            assert!(is_exact(exact), "{exact}");
        }
        for inexact in [
            "9007199254740993",
            "-9007199254740993",
            "18446744073709551615",
            "0.12345678901234567",
            "1e400",
            "1e-400",
            "1e99999999999",
            "123456789012345678901234567890",
        ] {
            assert!(!is_exact(inexact), "{inexact}");
        }
    }

    #[test]
    fn times_are_whole_seconds() {
        for (text, want) in
            [("1800000000", Some(1.8e9)), ("1800000000.9", Some(1.8e9)), ("0", Some(0.0)), ("-1", Some(0.0))]
        {
            assert_eq!(seconds(text), want, "{text}");
        }
        for text in ["1e9", "\"1800000000\"", "null", "99999999999999999999", "18446744073709551615"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_inside_of_values_and_not_of_texts() {
        assert!(all_exact(r#"{"a\"9007199254740993":["9007199254740993",1]}"#));
        assert!(!all_exact(r#"{"a":["\\",9007199254740993]}"#));
        assert!(!all_exact("[9007199254740993]"));
        assert!(all_exact("null"));
    }
}
