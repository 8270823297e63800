//! What a contract says of how claims are shown, as `claims types` writes it for pages.

use alloc::string::String;
use alloc::vec::Vec;

use crate::json::{Member, members, read_string};

/// What kind of thing a value is to a person.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// A text as it is.
    Text,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// An address of the web.
    Url,
    /// Yes or no.
    Boolean,
    /// A number.
    Number,
    /// A time: seconds since 1970, or a text of RFC 3339.
    Time,
    /// A name that only machines read.
    Id,
    /// A list.
    List,
    /// Members with names.
    Object,
    /// Nothing.
    Null,
}

impl Kind {
    const ALL: [Self; 11] = [
        Self::Text,
        Self::Email,
        Self::Phone,
        Self::Url,
        Self::Boolean,
        Self::Number,
        Self::Time,
        Self::Id,
        Self::List,
        Self::Object,
        Self::Null,
    ];

    /// Returns its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Url => "url",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::Time => "time",
            Self::Id => "id",
            Self::List => "list",
            Self::Object => "object",
            Self::Null => "null",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// What the text of a JSON value is by itself.
    pub(super) fn of(value: &str) -> Self {
        match value.as_bytes().first() {
            Some(b'"') => Self::Text,
            Some(b'{') => Self::Object,
            Some(b'[') => Self::List,
            Some(b't' | b'f') => Self::Boolean,
            Some(b'n') | None => Self::Null,
            Some(_) => Self::Number,
        }
    }

    /// This kind, if a value that is by itself of another one can be shown as it.
    pub(super) const fn fitting(self, value: Self) -> Self {
        let fits = match self {
            Self::Text | Self::Email | Self::Phone | Self::Url | Self::Id => matches!(value, Self::Text),
            // A trigger of version V1 writes texts only.
            Self::Boolean => matches!(value, Self::Boolean | Self::Text),
            Self::Number => matches!(value, Self::Number | Self::Text),
            Self::Time => matches!(value, Self::Number | Self::Text),
            Self::List => matches!(value, Self::List),
            Self::Object => matches!(value, Self::Object),
            Self::Null => false,
        };
        if fits { self } else { value }
    }
}

/// The data is not what `claims types` writes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct NotAContract;

/// How one claim is shown.
#[derive(Debug, Default)]
pub(super) struct Display<'c> {
    pub(super) label: Labels<'c>,
    pub(super) section: Option<String>,
    pub(super) kind: Option<Kind>,
    pub(super) order: Option<i64>,
    pub(super) hidden: bool,
    pub(super) personal: Option<bool>,
}

/// How claims are shown.
#[derive(Debug, Default)]
pub(super) struct Displays<'c> {
    pub(super) claims: Vec<(String, Display<'c>)>,
    pub(super) sections: Vec<(String, Display<'c>)>,
}

impl<'c> Displays<'c> {
    /// Reads the data; an empty text is none.
    pub(super) fn read(text: &'c str) -> Result<Self, NotAContract> {
        let mut displays = Self::default();
        if text.is_empty() {
            return Ok(displays);
        }
        for member in members(text).map_err(|_| NotAContract)? {
            let of = match &*member.name {
                "claims" => &mut displays.claims,
                "sections" => &mut displays.sections,
                // Members of later versions say nothing to this one.
                _ => continue,
            };
            for entry in members(member.text).map_err(|_| NotAContract)? {
                let display = Display::read(&entry)?;
                of.push((entry.name.into_owned(), display));
            }
        }
        Ok(displays)
    }
}

/// What a list says of a name.
pub(super) fn named<'d, 'c>(all: &'d [(String, Display<'c>)], name: &str) -> Option<&'d Display<'c>> {
    all.iter().find(|(own, _)| own == name).map(|(_, display)| display)
}

impl<'c> Display<'c> {
    fn read(entry: &Member<'c>) -> Result<Self, NotAContract> {
        let mut display = Self::default();
        for member in members(entry.text).map_err(|_| NotAContract)? {
            let yes = || match member.text {
                "true" => Ok(true),
                "false" => Ok(false),
                _ => Err(NotAContract),
            };
            match &*member.name {
                "label" => display.label = Labels(member.text),
                "section" => display.section = Some(read_string(member.text).ok_or(NotAContract)?),
                // A kind of a later version is shown as the value itself is.
                "kind" => display.kind = read_string(member.text).and_then(|name| Kind::named(&name)),
                "order" => display.order = Some(member.text.parse().map_err(|_| NotAContract)?),
                "hidden" => display.hidden = yes()?,
                "personal" => display.personal = Some(yes()?),
                _ => {}
            }
        }
        Ok(display)
    }
}

/// What a person calls a thing, by language: the text of a JSON object, read only when it is shown.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Labels<'c>(&'c str);

impl Labels<'_> {
    /// The label in a language, or the nearest (RFC 4647, lookup): `de` for `de-CH`, then `*`, then English.
    pub(super) fn of(self, language: &str) -> Option<String> {
        let all = members(self.0).ok()?;
        let named = |name: &str| all.iter().find(|member| member.name.eq_ignore_ascii_case(name));
        let mut range = language;
        let found = loop {
            if let Some(found) = named(range) {
                break Some(found);
            }
            match range.rsplit_once('-') {
                Some((shorter, _)) => range = shorter,
                None => break None,
            }
        };
        found.or_else(|| named("*")).or_else(|| named("en")).and_then(|member| read_string(member.text))
    }

    /// The label in whichever language there is.
    pub(super) fn any(self) -> Option<String> {
        members(self.0).ok()?.first().and_then(|member| read_string(member.text))
    }
}
