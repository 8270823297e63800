//! From the YAML tree to typed values, each mistake with its place.

use std::collections::BTreeMap;
use std::ops::Range;

use super::diagnostic::Report;
use super::keys::Mapping;
use super::yaml::{Kind, Node};
use crate::json::Value;
use crate::suggest::closest;

/// A mapping whose keys are known names.
pub(super) struct Fields<'n> {
    /// What the mapping is, for messages: the claim and its name.
    pub(super) what: String,
    pub(super) span: Range<usize>,
    nodes: BTreeMap<&'n str, &'n Node>,
}

impl<'n> Fields<'n> {
    pub(super) fn get(&self, key: &str) -> Option<&'n Node> {
        self.nodes.get(key).copied()
    }

    /// Returns a key of the mapping in words, for messages.
    pub(super) fn place(&self, key: &str) -> String {
        format!("`{key}` of {}", self.what)
    }
}

/// Reads the entries of a mapping with free names, each name once.
pub(super) fn entries<'n>(
    report: &mut Report<'_>,
    node: &'n Node,
    what: &str,
) -> Vec<(&'n str, &'n Node, &'n Node)> {
    let Kind::Mapping(pairs) = &node.kind else {
        report.error(
            "wrong-kind",
            &node.span,
            format!("{what} must be a mapping and is {}", node.describe()),
        );
        return Vec::new();
    };
    let mut seen: BTreeMap<&str, &Node> = BTreeMap::new();
    let mut entries = Vec::new();
    for (key, value) in pairs {
        let Some(name) = key.key() else {
            report.error(
                "wrong-kind",
                &key.span,
                format!("a key of {what} must be a text and is {}", key.describe()),
            );
            continue;
        };
        if seen.insert(name, key).is_some() {
            report.error("duplicate-key", &key.span, format!("{what} has the key `{name}` twice"));
            report.help("keep one of the two");
            continue;
        }
        entries.push((name, key, value));
    }
    entries
}

/// Reads a mapping that has only its keys.
pub(super) fn fields<'n>(
    report: &mut Report<'_>,
    node: &'n Node,
    what: impl Into<String>,
    mapping: &Mapping,
) -> Fields<'n> {
    let what = what.into();
    let mut nodes = BTreeMap::new();
    for (name, key, value) in entries(report, node, &what) {
        if mapping.names().any(|known| known == name) {
            nodes.insert(name, value);
        } else {
            let allowed = mapping.names().collect::<Vec<_>>().join("`, `");
            report.error("unknown-key", &key.span, format!("{what} has no key `{name}`; it has `{allowed}`"));
            if let Some(meant) = closest(name, mapping.names()) {
                report.help(format!("did you mean `{meant}`?"));
            }
        }
    }
    Fields { what, span: node.span.clone(), nodes }
}

/// Reads a text.
pub(super) fn text<'n>(report: &mut Report<'_>, node: &'n Node, what: &str) -> Option<&'n str> {
    match (&node.kind, node.scalar()) {
        (Kind::Scalar(text, _), Some(Value::String(_))) => Some(text),
        _ => {
            report.error(
                "wrong-kind",
                &node.span,
                format!("{what} must be a text and is {}", node.describe()),
            );
            if let Kind::Scalar(text, true) = &node.kind
                && !text.is_empty()
            {
                report.help(format!("put it into quotes: \"{text}\""));
            }
            None
        }
    }
}

/// Reads a text that is not empty.
pub(super) fn name<'n>(report: &mut Report<'_>, node: &'n Node, what: &str) -> Option<&'n str> {
    let name = text(report, node, what)?;
    if name.is_empty() {
        report.error("empty-name", &node.span, format!("{what} is empty"));
        return None;
    }
    Some(name)
}

/// Reads `true` or `false`.
pub(super) fn boolean(report: &mut Report<'_>, node: &Node, what: &str) -> Option<bool> {
    match node.scalar() {
        Some(Value::Bool(value)) => Some(value),
        _ => {
            report.error(
                "wrong-kind",
                &node.span,
                format!("{what} must be `true` or `false` and is {}", node.describe()),
            );
            None
        }
    }
}

/// A type whose values are words of the contract.
pub(super) trait Word: Copy + 'static {
    /// Every value by its word.
    const WORDS: &'static [(&'static str, Self)];
}

/// Returns the words for a type.
pub(super) fn words<T: Word>() -> Vec<&'static str> {
    T::WORDS.iter().map(|(word, _)| *word).collect()
}

/// Reads one of the words for a type.
pub(super) fn word<T: Word>(report: &mut Report<'_>, node: &Node, what: &str) -> Option<T> {
    let met = node.key();
    if let Some((_, value)) = T::WORDS.iter().find(|(word, _)| Some(*word) == met) {
        return Some(*value);
    }
    let allowed = words::<T>().iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let met_text = met.map_or_else(|| node.describe().to_owned(), |met| format!("`{met}`"));
    report.error("unknown-word", &node.span, format!("{what} must be one of {allowed} and is {met_text}"));
    if let Some(meant) = met.and_then(|met| closest(met, words::<T>())) {
        report.help(format!("did you mean `{meant}`?"));
    }
    None
}

/// Reads a whole number that is not less than `least`.
pub(super) fn integer(report: &mut Report<'_>, node: &Node, what: &str, least: i64) -> Option<i64> {
    let number = match node.scalar() {
        Some(Value::Number(number)) => number.as_i64().filter(|number| *number >= least),
        _ => None,
    };
    if number.is_none() {
        let range = if least == i64::MIN { String::new() } else { format!(", at least {least},") };
        let met = node.key().map_or_else(|| node.describe().to_owned(), |met| format!("`{met}`"));
        report.error("wrong-kind", &node.span, format!("{what} must be a whole number{range} and is {met}"));
    }
    number
}

/// Reads the elements of a list.
pub(super) fn elements<'n>(report: &mut Report<'_>, node: &'n Node, what: &str) -> &'n [Node] {
    if let Kind::Sequence(nodes) = &node.kind {
        return nodes;
    }
    report.error("wrong-kind", &node.span, format!("{what} must be a list and is {}", node.describe()));
    if matches!(node.kind, Kind::Scalar(..)) {
        let written = node.key().unwrap_or_default();
        if !written.is_empty() {
            report.help(format!("write `[{}]`", Value::from(written)));
        }
    }
    &[]
}

/// Reads a list of different texts that are not empty, each with its place.
pub(super) fn names(report: &mut Report<'_>, node: &Node, what: &str) -> BTreeMap<String, Range<usize>> {
    let mut names = BTreeMap::new();
    for element in elements(report, node, what) {
        if let Some(text) = name(report, element, &format!("an element of {what}"))
            && names.insert(text.to_owned(), element.span.clone()).is_some()
        {
            report.warning("listed-twice", &element.span, format!("{what} lists `{text}` twice"));
            report.help("keep one of the two");
        }
    }
    names
}

/// Reports the repeated keys, and those that are no texts, at any depth of a value.
fn keys(report: &mut Report<'_>, node: &Node, what: &str) {
    match &node.kind {
        Kind::Scalar(..) => {}
        Kind::Sequence(nodes) => nodes.iter().for_each(|node| keys(report, node, what)),
        Kind::Mapping(_) => {
            for (_, _, node) in entries(report, node, what) {
                keys(report, node, what);
            }
        }
    }
}

/// Reads any value.
pub(super) fn value(report: &mut Report<'_>, node: &Node, what: &str) -> Option<Value> {
    keys(report, node, what);
    match node.to_value() {
        Ok(value) => Some(value),
        Err(part) => {
            report.error(
                "inexact-number",
                &part.span,
                format!("{what} has a number that is neither a 64-bit integer nor exactly a double"),
            );
            report.help("put it into quotes to carry it as a text");
            None
        }
    }
}
