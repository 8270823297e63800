//! From values to text, one text for one value.

use core::fmt::{self, Write};

use super::Value;

impl Value {
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
            Self::Object(members) => {
                f.write_char('{')?;
                for (index, (name, value)) in members.iter().enumerate() {
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
    }
}

/// Writes a text as JSON does.
pub(crate) fn write_string(f: &mut impl Write, text: &str) -> fmt::Result {
    f.write_char('"')?;
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c < ' ' || c == '"' || c == '\\') {
        let (plain, special) = rest.split_at(at);
        f.write_str(plain)?;
        let mut special = special.chars();
        match special.next() {
            Some('"') => f.write_str("\\\"")?,
            Some('\\') => f.write_str("\\\\")?,
            Some('\n') => f.write_str("\\n")?,
            Some('\r') => f.write_str("\\r")?,
            Some('\t') => f.write_str("\\t")?,
            Some('\u{8}') => f.write_str("\\b")?,
            Some('\u{c}') => f.write_str("\\f")?,
            // All others are below 32.
            Some(control) => {
                f.write_str(if control < '\u{10}' { "\\u000" } else { "\\u001" })?;
                f.write_char(char::from_digit(u32::from(control) & 0xf, 16).unwrap_or('0'))?;
            }
            None => {}
        }
        rest = special.as_str();
    }
    f.write_str(rest)?;
    f.write_char('"')
}
