//! From text to values, with every bound checked on the way.

mod names;

use alloc::borrow::Cow;
use alloc::collections::btree_map::Entry;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use self::names::Names;
use super::{Number, Object, Value};

/// How deep arrays and objects may stand in each other: DynamoDB allows 32 in an item, and tokens need fewer.
pub const MAX_DEPTH: usize = 64;

/// Why a text is not taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ReadError {
    /// What is wrong.
    pub kind: ReadErrorKind,
    /// Where, in bytes from the beginning.
    pub offset: usize,
}

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ReadErrorKind {
    /// It is not JSON (RFC 8259).
    Syntax,
    /// It ends too early.
    Truncated,
    /// Arrays and objects stand more than [`MAX_DEPTH`] deep in each other.
    TooDeep,
    /// An object has two members of one name.
    DuplicateMember,
    /// No 64-bit integer and no double holds the number exactly.
    InexactNumber,
    /// A `\u` escape is half of a surrogate pair.
    LoneSurrogate,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            ReadErrorKind::Syntax => "the text is not json",
            ReadErrorKind::Truncated => "the json text ends too early",
            ReadErrorKind::TooDeep => "the json is nested more than 64 deep",
            ReadErrorKind::DuplicateMember => "a json object has two members of one name",
            ReadErrorKind::InexactNumber => "a json number is neither a 64-bit integer nor exactly a double",
            ReadErrorKind::LoneSurrogate => "a json text has half of a surrogate pair",
        };
        write!(f, "{what}, at byte {}", self.offset)
    }
}

impl core::error::Error for ReadError {}

/// Reads one value, and nothing after it but blanks.
///
/// # Errors
///
/// Returns [`ReadError`] if the text is not exactly one value within the bounds.
pub fn read(text: &str) -> Result<Value, ReadError> {
    let mut reader = Reader::new(text);
    let value = reader.value(0)?;
    reader.end()?;
    Ok(value)
}

/// A member of an object as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Member<'a> {
    /// Its name, unescaped.
    pub name: Cow<'a, str>,
    /// The text of its value, checked for syntax and depth.
    pub text: &'a str,
    /// Where that text begins, in bytes from the beginning of the object's text.
    pub offset: usize,
}

/// Reads the members of an object without reading their values, so that they can be passed on as they are.
///
/// # Errors
///
/// Returns [`ReadError`] if the text is not exactly one object within the bounds. Numbers may have any size.
pub fn members(text: &str) -> Result<Vec<Member<'_>>, ReadError> {
    Reader::new(text).members()
}

/// Reads the members of an object as [`members`] does, and refuses names that stand twice in an object at any depth.
///
/// # Errors
///
/// Returns [`ReadError`] if the text is not exactly one such object within the bounds. Numbers may have any size.
pub fn unique_members(text: &str) -> Result<Vec<Member<'_>>, ReadError> {
    Reader { unique: true, ..Reader::new(text) }.members()
}

/// Whether a text is one JSON value within the bounds; its numbers may have any size.
#[must_use]
pub fn is_json(text: &str) -> bool {
    let mut reader = Reader::new(text);
    reader.skip(0).and_then(|()| reader.end()).is_ok()
}

/// Reads the text of a JSON string; none if it is something else.
#[must_use]
pub fn read_string(text: &str) -> Option<String> {
    let mut reader = Reader::new(text);
    let string = reader.string().ok()?;
    reader.end().ok().map(|()| string.into_owned())
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Whether what is passed over may have no name twice either.
    unique: bool,
}

impl<'a> Reader<'a> {
    const fn new(text: &'a str) -> Self {
        Self { text, at: 0, unique: false }
    }

    const fn error<T>(&self, kind: ReadErrorKind) -> Result<T, ReadError> {
        Err(ReadError { kind, offset: self.at })
    }

    fn members(mut self) -> Result<Vec<Member<'a>>, ReadError> {
        self.skip_blanks();
        self.expect(b'{')?;
        let mut found: Vec<Member<'a>> = Vec::new();
        let mut names = Names::default();
        self.each(b'}', |reader| {
            let at = reader.at;
            let name = reader.name()?;
            names.add(name.clone(), at);
            reader.skip_blanks();
            let offset = reader.at;
            reader.skip(1)?;
            let text = reader.slice(offset, reader.at)?;
            found.push(Member { name, text, offset });
            Ok(())
        })?;
        names.unique()?;
        self.end()?;
        Ok(found)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    const fn advance(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    fn slice(&self, from: usize, to: usize) -> Result<&'a str, ReadError> {
        self.text.get(from..to).map_or_else(|| self.error(ReadErrorKind::Syntax), Ok)
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.advance(1);
        }
    }

    fn unexpected<T>(&self) -> Result<T, ReadError> {
        self.error(if self.peek().is_none() { ReadErrorKind::Truncated } else { ReadErrorKind::Syntax })
    }

    fn expect(&mut self, byte: u8) -> Result<(), ReadError> {
        if self.peek() != Some(byte) {
            return self.unexpected();
        }
        self.advance(1);
        Ok(())
    }

    fn end(&mut self) -> Result<(), ReadError> {
        self.skip_blanks();
        if self.peek().is_some() { self.error(ReadErrorKind::Syntax) } else { Ok(()) }
    }

    /// Reads what stands between an opening bracket, already taken, and `close`, divided by commas.
    fn each(
        &mut self,
        close: u8,
        mut element: impl FnMut(&mut Self) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        self.skip_blanks();
        if self.peek() == Some(close) {
            self.advance(1);
            return Ok(());
        }
        loop {
            self.skip_blanks();
            element(self)?;
            self.skip_blanks();
            match self.peek() {
                Some(b',') => self.advance(1),
                Some(byte) if byte == close => {
                    self.advance(1);
                    return Ok(());
                }
                _ => return self.unexpected(),
            }
        }
    }

    fn name(&mut self) -> Result<Cow<'a, str>, ReadError> {
        let name = self.string()?;
        self.skip_blanks();
        self.expect(b':')?;
        Ok(name)
    }

    fn deeper(&self, depth: usize) -> Result<usize, ReadError> {
        if depth >= MAX_DEPTH { self.error(ReadErrorKind::TooDeep) } else { Ok(depth.saturating_add(1)) }
    }

    fn value(&mut self, depth: usize) -> Result<Value, ReadError> {
        self.skip_blanks();
        match self.peek() {
            Some(b'{') => {
                let depth = self.deeper(depth)?;
                self.advance(1);
                let mut members = Object::new();
                self.each(b'}', |reader| {
                    let at = reader.at;
                    match members.entry(reader.name()?.into_owned()) {
                        Entry::Occupied(_) => {
                            Err(ReadError { kind: ReadErrorKind::DuplicateMember, offset: at })
                        }
                        Entry::Vacant(entry) => {
                            entry.insert(reader.value(depth)?);
                            Ok(())
                        }
                    }
                })?;
                Ok(Value::Object(members))
            }
            Some(b'[') => {
                let depth = self.deeper(depth)?;
                self.advance(1);
                let mut elements = Vec::new();
                self.each(b']', |reader| {
                    elements.push(reader.value(depth)?);
                    Ok(())
                })?;
                Ok(Value::Array(elements))
            }
            Some(b'"') => Ok(Value::String(self.string()?.into_owned())),
            Some(b'-' | b'0'..=b'9') => {
                let offset = self.at;
                let text = self.number()?;
                Number::parse(text)
                    .map(Value::Number)
                    .ok_or(ReadError { kind: ReadErrorKind::InexactNumber, offset })
            }
            _ => Ok(self.word()?.map_or(Value::Null, Value::Bool)),
        }
    }

    /// Passes over one value, checking syntax and depth.
    fn skip(&mut self, depth: usize) -> Result<(), ReadError> {
        self.skip_blanks();
        match self.peek() {
            Some(b'{') => {
                let depth = self.deeper(depth)?;
                self.advance(1);
                let mut names = Names::default();
                self.each(b'}', |reader| {
                    let at = reader.at;
                    let name = reader.name()?;
                    if reader.unique {
                        names.add(name, at);
                    }
                    reader.skip(depth)
                })?;
                names.unique()
            }
            Some(b'[') => {
                let depth = self.deeper(depth)?;
                self.advance(1);
                self.each(b']', |reader| reader.skip(depth))
            }
            Some(b'"') => self.string().map(drop),
            Some(b'-' | b'0'..=b'9') => self.number().map(drop),
            _ => self.word().map(drop),
        }
    }

    /// Reads one of the three words: none, yes or no.
    fn word(&mut self) -> Result<Option<bool>, ReadError> {
        for (word, value) in [("null", None), ("true", Some(true)), ("false", Some(false))] {
            if self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(word.as_bytes())) {
                self.advance(word.len());
                return Ok(value);
            }
        }
        self.unexpected()
    }

    fn digits(&mut self) -> Result<(), ReadError> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return self.unexpected();
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.advance(1);
        }
        Ok(())
    }

    fn number(&mut self) -> Result<&'a str, ReadError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.advance(1);
        }
        if self.peek() == Some(b'0') {
            self.advance(1);
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.advance(1);
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.advance(1);
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.advance(1);
            }
            self.digits()?;
        }
        self.slice(start, self.at)
    }

    /// Reads a text; most have no escapes and stand there as they are.
    fn string(&mut self) -> Result<Cow<'a, str>, ReadError> {
        self.expect(b'"')?;
        let mut text = Cow::Borrowed(self.plain()?);
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.advance(1);
                    return Ok(text);
                }
                Some(b'\\') => {
                    self.advance(1);
                    let escaped = self.escape()?;
                    let text = text.to_mut();
                    text.push(escaped);
                    text.push_str(self.plain()?);
                }
                _ => return self.unexpected(),
            }
        }
    }

    /// Takes what stands for itself.
    fn plain(&mut self) -> Result<&'a str, ReadError> {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let end = rest.iter().position(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\'));
        self.advance(end.unwrap_or(rest.len()));
        self.slice(start, self.at)
    }

    fn escape(&mut self) -> Result<char, ReadError> {
        let Some(byte) = self.peek() else {
            return self.error(ReadErrorKind::Truncated);
        };
        let plain = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.advance(1);
                return self.unicode();
            }
            _ => return self.error(ReadErrorKind::Syntax),
        };
        self.advance(1);
        Ok(plain)
    }

    fn unicode(&mut self) -> Result<char, ReadError> {
        let at = self.at;
        let lone = ReadError { kind: ReadErrorKind::LoneSurrogate, offset: at };
        let high = self.unit()?;
        if !(0xD800..0xE000).contains(&high) {
            return char::from_u32(high).ok_or(lone);
        }
        if high >= 0xDC00 || !self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(b"\\u"))
        {
            return Err(lone);
        }
        self.advance(2);
        let low = self.unit()?;
        if !(0xDC00..0xE000).contains(&low) {
            return Err(lone);
        }
        let scalar = ((high & 0x3FF) << 10 | (low & 0x3FF)).saturating_add(0x1_0000);
        char::from_u32(scalar).ok_or(lone)
    }

    fn unit(&mut self) -> Result<u32, ReadError> {
        let mut unit = 0;
        for _ in 0..4 {
            let Some(digit) = self.peek().and_then(|byte| char::from(byte).to_digit(16)) else {
                return self.unexpected();
            };
            unit = unit << 4 | digit;
            self.advance(1);
        }
        Ok(unit)
    }
}

#[cfg(test)]
mod tests;
