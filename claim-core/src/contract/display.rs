//! How claims are shown to people: data for the browser, which no rule reads.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a person calls a thing, by language tag (BCP 47); `*` is for every other language.
pub type Label = BTreeMap<String, String>;

/// How a claim is shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Display {
    /// What a person calls it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub label: Label,
    /// The section it is shown in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// What kind of thing its value is to a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<DisplayKind>,
    /// Its place in the section: smaller comes first, and what has none comes last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<i64>,
    /// Whether it is not shown at all.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub hidden: bool,
    /// Whether the value tells something about a person.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub personal: bool,
}

impl Display {
    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What kind of thing a value is to a person.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DisplayKind {
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
}

/// A section in which claims are shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Section {
    /// What a person calls it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub label: Label,
    /// Its place: smaller comes first, and what has none comes last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<i64>,
}

impl Section {
    /// The sections that every contract has.
    pub const USUAL: [&'static str; 5] = ["profile", "organization", "access", "custom", "token"];
}

#[cfg(feature = "authoring")]
impl super::Bundle {
    /// Returns the part of the bundle that a page reads: how the claims of the ID token are shown.
    #[must_use]
    pub fn shown(&self) -> crate::json::Value {
        use crate::json::{Object, Value, read};
        // The bundle's own text is JSON.
        let whole = read(&self.to_text()).unwrap_or_default();
        let mut claims = Object::new();
        for (name, claim) in &self.claims {
            if claim.tokens.contains(&crate::cognito::Token::Id) {
                let display = whole.get("claims").and_then(|claims| claims.get(name)?.get("display"));
                claims.insert(name.clone(), display.cloned().unwrap_or_else(|| Object::new().into()));
            }
        }
        if let Some(Value::Object(displays)) = whole.get("display") {
            claims.extend(displays.clone());
        }
        let mut members = Object::from([("claims".to_owned(), claims.into())]);
        members.insert("digest".to_owned(), self.digest().into());
        members.extend(whole.get("sections").map(|sections| ("sections".to_owned(), sections.clone())));
        members.into()
    }
}
