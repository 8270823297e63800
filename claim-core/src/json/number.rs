//! Numbers that keep their exact value.

use alloc::string::ToString as _;
use alloc::vec::Vec;
use core::fmt;

/// A JSON number: an integer of 64 bits, or a double whose shortest text is the number that was written.
///
/// One number has one representation: `1`, `1.0` and `10e-1` are the same integer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number(Repr);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Repr {
    Int(i64),
    /// Above `i64::MAX` only.
    Uint(u64),
    /// Finite, and not an integer of 64 bits.
    Double(f64),
}

/// Below this, a double without a fraction is exactly the integer it looks like.
const TWO_TO_53: f64 = 9_007_199_254_740_992.0;

impl Number {
    /// Takes a double; none if it is not finite, because JSON cannot say it.
    #[must_use]
    pub fn from_double(value: f64) -> Option<Self> {
        if !value.is_finite() {
            return None;
        }
        if value.abs() <= TWO_TO_53 {
            #[expect(clippy::cast_possible_truncation, reason = "the line above bounds it to 2^53")]
            let whole = value as i64;
            #[expect(clippy::cast_precision_loss, reason = "up to 2^53 nothing is lost")]
            if value - whole as f64 == 0.0 {
                return Some(Self(Repr::Int(whole)));
            }
        }
        Some(Self(Repr::Double(value)))
    }

    /// Parses the text of a JSON number, which must already have JSON's syntax.
    ///
    /// Returns none if neither a 64-bit integer nor a double holds exactly what is written.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(value) = text.parse::<i64>() {
            return Some(Self(Repr::Int(value)));
        }
        if let Ok(value) = text.parse::<u64>() {
            return Some(Self(Repr::Uint(value)));
        }
        let number = Self::from_double(text.parse::<f64>().ok()?)?;
        (Decimal::of(text) == Decimal::of(&number.to_string())).then_some(number)
    }

    /// Returns the number as a signed integer, if it is one.
    #[must_use]
    pub const fn as_i64(&self) -> Option<i64> {
        match self.0 {
            Repr::Int(value) => Some(value),
            _ => None,
        }
    }

    /// Returns the number as an unsigned integer, if it is one.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        match self.0 {
            Repr::Int(value) => u64::try_from(value).ok(),
            Repr::Uint(value) => Some(value),
            Repr::Double(_) => None,
        }
    }

    /// Returns the number as a double, rounded if it is a large integer.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "rounding is what the caller asks for")]
    pub const fn as_f64(&self) -> f64 {
        match self.0 {
            Repr::Int(value) => value as f64,
            Repr::Uint(value) => value as f64,
            Repr::Double(value) => value,
        }
    }

    /// Whether the number is an integer of 64 bits.
    #[must_use]
    pub const fn is_integer(&self) -> bool {
        !matches!(self.0, Repr::Double(_))
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self(Repr::Int(value))
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self(i64::try_from(value).map_or(Repr::Uint(value), Repr::Int))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Repr::Int(value) => value.fmt(f),
            Repr::Uint(value) => value.fmt(f),
            Repr::Double(value) => f.write_str(zmij::Buffer::new().format_finite(value)),
        }
    }
}

/// A decimal number without leading or trailing zeros: two texts of the same number are equal.
#[derive(Debug, PartialEq)]
struct Decimal {
    negative: bool,
    digits: Vec<u8>,
    /// The power of ten that the last digit counts.
    exponent: i64,
}

impl Decimal {
    fn of(text: &str) -> Option<Self> {
        let (negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut exponent = exponent.parse::<i64>().ok()?.checked_sub(i64::try_from(fraction.len()).ok()?)?;
        let mut digits: Vec<u8> =
            integer.bytes().chain(fraction.bytes()).skip_while(|&b| b == b'0').collect();
        while digits.last() == Some(&b'0') {
            digits.pop();
            exponent = exponent.checked_add(1)?;
        }
        if digits.is_empty() {
            return Some(Self { negative: false, digits, exponent: 0 });
        }
        Some(Self { negative, digits, exponent })
    }
}

#[cfg(test)]
mod tests {
    use super::Number;

    fn text(input: &str) -> Option<String> {
        Number::parse(input).map(|number| number.to_string())
    }

    #[test]
    fn one_number_has_one_text() {
        for (input, want) in [
            ("0", "0"),
            ("-0", "0"),
            ("-0.0", "0"),
            ("1.0", "1"),
            ("10e-1", "1"),
            ("1E2", "100"),
            ("0.1", "0.1"),
            ("-2.50", "-2.5"),
            ("9223372036854775807", "9223372036854775807"),
            ("18446744073709551615", "18446744073709551615"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("9007199254740993", "9007199254740993"),
            ("1e300", "1e+300"),
            ("1.7976931348623157e308", "1.7976931348623157e+308"),
        ] {
            assert_eq!(text(input).as_deref(), Some(want), "{input}");
        }
    }

    #[test]
    fn what_a_double_would_change_is_refused() {
        for input in
            ["18446744073709551616", "0.1000000000000000055511151231257827", "1e400", "-1e400", "1e-400"]
        {
            assert_eq!(text(input), None, "{input}");
        }
    }
}
