//! YAML 1.2 with the core schema, as a tree with places; no anchors, no tags, no second document.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::diagnostic::Report;
use crate::json::{Number, Object, Value};

/// How long a contract may be, in bytes.
pub(super) const MAX_CONTRACT: usize = 512 * 1024;

/// How deep a contract may be nested. The deepest of our examples has 6.
const MAX_DEPTH: usize = 32;

/// A part of a contract and where it stands, in bytes.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// A text, and whether it is written without quotes, so that `3` is a number.
    Scalar(String, bool),
    Sequence(Vec<Node>),
    Mapping(Vec<(Node, Node)>),
}

impl Node {
    /// Returns what the node is, in the words of YAML's users.
    pub(super) fn describe(&self) -> &'static str {
        match &self.kind {
            Kind::Scalar(..) => match self.scalar() {
                Some(Value::Null) => "nothing",
                Some(Value::Bool(_)) => "a boolean",
                Some(Value::Number(_)) => "a number",
                _ => "a text",
            },
            Kind::Sequence(_) => "a list",
            Kind::Mapping(_) => "a mapping",
        }
    }

    /// Returns the value of a scalar; none for lists, mappings, and numbers that cannot be kept exactly.
    pub(super) fn scalar(&self) -> Option<Value> {
        match &self.kind {
            Kind::Scalar(text, false) => Some(Value::from(text.as_str())),
            Kind::Scalar(text, true) => resolve(text),
            _ => None,
        }
    }

    /// Returns the node as JSON; the error is the node that has no JSON.
    pub(super) fn to_value(&self) -> Result<Value, &Self> {
        match &self.kind {
            Kind::Scalar(..) => self.scalar().ok_or(self),
            Kind::Sequence(nodes) => nodes.iter().map(Self::to_value).collect(),
            Kind::Mapping(entries) => {
                let mut members = Object::new();
                for (key, value) in entries {
                    members.insert(key.key().unwrap_or_default().to_owned(), value.to_value()?);
                }
                Ok(Value::Object(members))
            }
        }
    }

    /// Whether the node is a list without elements.
    pub(super) const fn is_empty_list(&self) -> bool {
        matches!(&self.kind, Kind::Sequence(nodes) if nodes.is_empty())
    }

    /// Returns the text of a key as it is written: `on` and `1` are names here.
    pub(super) fn key(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar(text, _) => Some(text),
            _ => None,
        }
    }
}

/// The core schema of YAML 1.2.
fn resolve(text: &str) -> Option<Value> {
    let number = |text: &str| Number::parse(text).map(Value::Number);
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Value::Null),
        "true" | "True" | "TRUE" => return Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Some(Value::Bool(false)),
        _ => {}
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if let Some(digits) = text.strip_prefix("0x") {
        return u64::from_str_radix(digits, 16)
            .map_or_else(|_| Some(text.into()), |value| Some(value.into()));
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return u64::from_str_radix(digits, 8).map_or_else(|_| Some(text.into()), |value| Some(value.into()));
    }
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return None;
    }
    let digits = unsigned.strip_prefix('.').unwrap_or(unsigned);
    let numeric = digits.starts_with(|c: char| c.is_ascii_digit())
        && unsigned.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'))
        && unsigned.parse::<f64>().is_ok();
    if numeric { number(text.strip_prefix('+').unwrap_or(text)) } else { Some(text.into()) }
}

/// Parses a contract. What cannot be parsed, or may not be written, is reported.
pub(super) fn parse(report: &mut Report<'_>) -> Option<Node> {
    let text = report.text();
    if text.len() > MAX_CONTRACT {
        report.error(
            "too-large",
            &(0..1),
            format!("a contract has at most {MAX_CONTRACT} bytes and this one has {}", text.len()),
        );
        return None;
    }
    let offsets: Vec<usize> = text.char_indices().map(|(offset, _)| offset).chain([text.len()]).collect();
    let mut tree = Tree { report, offsets, open: Vec::new(), root: None, documents: 0 };
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => {
                let span = tree.bytes(span);
                if !tree.event(event, span) {
                    return None;
                }
            }
            Err(error) => {
                let at = tree.offset(error.marker().index());
                tree.report.error(
                    "not-yaml",
                    &(at..at.saturating_add(1)),
                    format!("the contract is not yaml: {}", error.info()),
                );
                tree.report.help("compare the indentation, colons, brackets and quotes of this line with the lines before it");
                return None;
            }
        }
    }
    tree.root
}

struct Tree<'r, 'a> {
    report: &'r mut Report<'a>,
    /// The byte at which each character begins.
    offsets: Vec<usize>,
    open: Vec<Open>,
    root: Option<Node>,
    documents: usize,
}

/// A list or mapping whose end has not come.
struct Open {
    start: usize,
    nodes: Vec<Node>,
    mapping: bool,
}

impl Tree<'_, '_> {
    fn offset(&self, character: usize) -> usize {
        self.offsets.get(character).or(self.offsets.last()).copied().unwrap_or_default()
    }

    fn bytes(&self, span: Span) -> Range<usize> {
        let (start, end) = (self.offset(span.start.index()), self.offset(span.end.index()));
        start..end.max(start)
    }

    /// Takes one event; false where nothing sensible can follow.
    fn event(&mut self, event: Event<'_>, span: Range<usize>) -> bool {
        match event {
            Event::DocumentStart(_) => {
                self.documents = self.documents.saturating_add(1);
                if self.documents > 1 {
                    self.report.error(
                        "second-document",
                        &span,
                        "a contract is one yaml document, and a second one begins here",
                    );
                    self.report
                        .help("remove the line `---` or put the second contract into a file of its own");
                    return false;
                }
            }
            Event::Alias(_) => {
                self.report.error(
                    "no-anchors",
                    &span,
                    "an alias stands here, and a contract has no anchors and aliases",
                );
                self.report.help("write the value out");
                return false;
            }
            Event::Scalar(text, style, anchor, tag) => {
                if !self.plain(anchor, tag.is_some(), &span) {
                    return false;
                }
                let kind = Kind::Scalar(text.into_owned(), style == ScalarStyle::Plain);
                self.close(Node { kind, span });
            }
            Event::SequenceStart(anchor, tag) => return self.begin(anchor, tag.is_some(), &span, false),
            Event::MappingStart(anchor, tag) => return self.begin(anchor, tag.is_some(), &span, true),
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    let end = open
                        .nodes
                        .last()
                        .map_or(span.end, |last| last.span.end.max(span.end.min(last.span.end)));
                    let kind = if open.mapping {
                        Kind::Mapping(pairs(open.nodes))
                    } else {
                        Kind::Sequence(open.nodes)
                    };
                    self.close(Node { kind, span: open.start..end.max(open.start) });
                }
            }
            _ => {}
        }
        true
    }

    fn plain(&mut self, anchor: usize, tagged: bool, span: &Range<usize>) -> bool {
        if anchor > 0 {
            self.report.error(
                "no-anchors",
                span,
                "an anchor stands here, and a contract has no anchors and aliases",
            );
            self.report.help("remove `&…` and write each value out");
            return false;
        }
        if tagged {
            self.report.error("no-tags", span, "a tag stands here, and a contract has no tags");
            self.report.help("remove `!…`; quotes make a text of a number");
            return false;
        }
        true
    }

    fn begin(&mut self, anchor: usize, tagged: bool, span: &Range<usize>, mapping: bool) -> bool {
        if !self.plain(anchor, tagged, span) {
            return false;
        }
        if self.open.len() >= MAX_DEPTH {
            self.report.error("too-deep", span, format!("a contract is nested at most {MAX_DEPTH} deep"));
            return false;
        }
        self.open.push(Open { start: span.start, nodes: Vec::new(), mapping });
        true
    }

    fn close(&mut self, node: Node) {
        match self.open.last_mut() {
            Some(open) => open.nodes.push(node),
            None => self.root = Some(node),
        }
    }
}

fn pairs(nodes: Vec<Node>) -> Vec<(Node, Node)> {
    let mut pairs = Vec::with_capacity(nodes.len() / 2);
    let mut nodes = nodes.into_iter();
    while let (Some(key), Some(value)) = (nodes.next(), nodes.next()) {
        pairs.push((key, value));
    }
    pairs
}
