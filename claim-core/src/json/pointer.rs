//! JSON Pointer (RFC 6901).

use std::fmt;

use super::{Object, Value};

/// A path into a value, for example `/user/attributes/custom:plan`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Pointer(Vec<String>);

/// Why a text is no pointer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PointerError {
    /// It does not begin with `/`.
    NoSlash,
    /// A `~` is not followed by `0` or `1`.
    BadEscape,
}

impl fmt::Display for PointerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSlash => "a pointer begins with `/`, for example `/user/attributes/email`",
            Self::BadEscape => "in a pointer `~` is written `~0` and `/` inside a name is written `~1`",
        })
    }
}

impl Pointer {
    /// Parses the text of a pointer.
    ///
    /// # Errors
    ///
    /// Returns [`PointerError`] if the text has not the syntax of RFC 6901. The empty pointer is refused too: no rule
    /// may copy everything.
    pub fn parse(text: &str) -> Result<Self, PointerError> {
        let path = text.strip_prefix('/').ok_or(PointerError::NoSlash)?;
        path.split('/').map(unescape).collect::<Option<_>>().map(Self).ok_or(PointerError::BadEscape)
    }

    /// Returns the names on the path, outermost first.
    #[must_use]
    pub fn segments(&self) -> &[String] {
        &self.0
    }

    /// Returns what the pointer points at. A name may be the index of a list's element.
    #[must_use]
    pub fn find<'a>(&self, root: &'a Object) -> Option<&'a Value> {
        let (first, rest) = self.0.split_first()?;
        rest.iter().try_fold(root.get(first)?, |value, segment| match value {
            Value::Object(members) => members.get(segment),
            Value::Array(elements) => elements.get(index(segment)?),
            _ => None,
        })
    }
}

/// RFC 6901 allows no leading zero, so that one element has one path.
fn index(segment: &str) -> Option<usize> {
    let canonical = segment == "0" || (!segment.starts_with(['0', '+']) && !segment.is_empty());
    canonical.then(|| segment.parse().ok())?
}

fn unescape(segment: &str) -> Option<String> {
    let mut text = String::with_capacity(segment.len());
    let mut rest = segment.chars();
    while let Some(c) = rest.next() {
        text.push(match c {
            '~' => match rest.next()? {
                '0' => '~',
                '1' => '/',
                _ => return None,
            },
            other => other,
        });
    }
    Some(text)
}

impl<'a> FromIterator<&'a str> for Pointer {
    fn from_iter<I: IntoIterator<Item = &'a str>>(segments: I) -> Self {
        Self(segments.into_iter().map(str::to_owned).collect())
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|segment| write!(f, "/{}", segment.replace('~', "~0").replace('/', "~1")))
    }
}

impl serde::Serialize for Pointer {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Pointer {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::{Pointer, PointerError};
    use crate::json::{Value, read};

    #[test]
    fn finds_members_and_elements_as_rfc_6901_says() {
        let root = read(r#"{"a/b":1,"m~n":2,"":3,"list":["x","y"],"o":{"custom:plan":"pro"}}"#).unwrap();
        for (pointer, want) in [
            ("/a~1b", Some(Value::from(1i64))),
            ("/m~0n", Some(Value::from(2i64))),
            ("/", Some(Value::from(3i64))),
            ("/list/1", Some(Value::from("y"))),
            ("/list/01", None),
            ("/list/2", None),
            ("/list/-", None),
            ("/o/custom:plan", Some(Value::from("pro"))),
            ("/o/custom:plan/x", None),
        ] {
            let parsed = Pointer::parse(pointer).unwrap();
            assert_eq!(parsed.find(root.as_object().unwrap()).cloned(), want, "{pointer}");
            assert_eq!(parsed.to_string(), pointer);
        }
    }

    #[test]
    fn refuses_what_is_no_pointer() {
        assert_eq!(Pointer::parse(""), Err(PointerError::NoSlash));
        assert_eq!(Pointer::parse("user/name"), Err(PointerError::NoSlash));
        assert_eq!(Pointer::parse("/a~2"), Err(PointerError::BadEscape));
        assert_eq!(Pointer::parse("/a~"), Err(PointerError::BadEscape));
    }
}
