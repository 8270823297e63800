//! From values to text, one text for one value.

use alloc::string::{String, ToString as _};
use core::fmt::{self, Write};

use super::{Object, Value};

impl Value {
    /// Returns the value's text, as its `Display` writes it. Most values are texts, which need no room to grow.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::String(string) => {
                let mut text = String::with_capacity(string.len().saturating_add(2));
                // A text takes every text.
                write_string(&mut text, string).unwrap_or_default();
                text
            }
            other => other.to_string(),
        }
    }

    /// Returns how many bytes the value's text has, without writing it.
    #[must_use]
    pub fn text_len(&self) -> usize {
        let mut counter = Counter(0);
        // A counter takes every text.
        write!(counter, "{self}").map_or(usize::MAX, |()| counter.0)
    }
}

struct Counter(usize);

impl Write for Counter {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.saturating_add(text.len());
        Ok(())
    }
}

/// Writes the value without blanks, members in the order of their names.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::String(text) => write_string(f, text),
            Self::Array(elements) => {
                f.write_char('[')?;
                for (index, element) in elements.iter().enumerate() {
                    if index > 0 {
                        f.write_char(',')?;
                    }
                    element.fmt(f)?;
                }
                f.write_char(']')
            }
            Self::Object(members) => Members(members).fmt(f),
        }
    }
}

pub(super) struct Members<'a>(pub(super) &'a Object);

impl fmt::Display for Members<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('{')?;
        for (index, (name, value)) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_char(',')?;
            }
            write_string(f, name)?;
            f.write_char(':')?;
            value.fmt(f)?;
        }
        f.write_char('}')
    }
}

/// Writes a text as JSON does.
pub(crate) fn write_string(f: &mut impl Write, text: &str) -> fmt::Result {
    f.write_char('"')?;
    let mut from: usize = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            continue;
        }
        f.write_str(text.get(from..at).unwrap_or_default())?;
        from = at.saturating_add(1);
        f.write_str(match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0x8 => "\\b",
            0xc => "\\f",
            // All others are below 32.
            _ => {
                f.write_str(if byte < 0x10 { "\\u000" } else { "\\u001" })?;
                f.write_char(char::from_digit(u32::from(byte & 0xf), 16).unwrap_or('0'))?;
                continue;
            }
        })?;
    }
    f.write_str(text.get(from..).unwrap_or_default())?;
    f.write_char('"')
}

/// Writes a whole number; without the machinery of formatting, which would be a tenth of what a page loads.
pub(crate) fn write_number(out: &mut String, number: u64) {
    if number >= 10 {
        write_number(out, number / 10);
    }
    out.push(char::from_digit(u32::try_from(number % 10).unwrap_or(0), 10).unwrap_or('0'));
}
