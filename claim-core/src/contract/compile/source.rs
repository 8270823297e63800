//! Where values come from, and whether it is there.

use std::ops::Range;

use super::super::decode::{Fields, text, value, word};
use super::super::rule::{OnError, Source};
use super::super::yaml::{Kind, Node};
use super::{Contract, INPUTS};
use crate::expression::{self, Expression};
use crate::json::{Pointer, Value};
use crate::suggest::closest;

/// The members of the inputs that have fixed ones.
const MEMBERS: [(&str, &[&str]); 3] = [
    ("user", &["name", "sub", "status", "attributes"]),
    ("client", &["id"]),
    ("event", &["version", "trigger", "poolId", "region", "scopes"]),
];

impl Contract<'_, '_> {
    /// Reads the one of `from`, `value`, `expression` that a rule has.
    pub(super) fn source(&mut self, of: &Fields<'_>) -> Option<Source> {
        let given: Vec<&str> =
            ["from", "value", "expression"].into_iter().filter(|key| of.get(key).is_some()).collect();
        match given.as_slice() {
            [key] => {
                let node = of.get(key)?;
                let what = format!("`{key}` of {}", of.what);
                match *key {
                    "from" => self.pointer(node, &what).map(Source::From),
                    "value" => self.fixed(node, &what).map(Source::Value),
                    _ => self.expression(node, &what, &INPUTS).map(Source::Expression),
                }
            }
            [] => {
                self.report.error(
                    "no-source",
                    &of.span,
                    format!("{} does not say where its value comes from", of.what),
                );
                self.report.help("add `from: /facts/…` or `/user/…`, `value: …`, or `expression: …`");
                None
            }
            _ => {
                let keys = given.join("` and `");
                self.report.error(
                    "two-sources",
                    &of.span,
                    format!("{} has `{keys}`, and a value comes from one of them", of.what),
                );
                self.report.help("keep one");
                None
            }
        }
    }

    /// Reads a value that is written in the contract.
    pub(super) fn fixed(&mut self, node: &Node, what: &str) -> Option<Value> {
        let value = value(self.report, node, what)?;
        if value.clone().without_nulls().as_ref() == Some(&value) {
            return Some(value);
        }
        self.report.error(
            "no-null",
            &node.span,
            format!("{what} is or holds nothing (null), and a claim cannot say null"),
        );
        self.report.help("leave the key out; a claim without a value is not in the token");
        None
    }

    pub(super) fn on_error(&mut self, of: &Fields<'_>, words: &[(&str, OnError)]) -> OnError {
        let word = of
            .get("onError")
            .and_then(|node| word(self.report, node, &format!("`onError` of {}", of.what), words));
        word.unwrap_or_default()
    }

    pub(super) fn when(&mut self, of: &Fields<'_>) -> Option<Expression> {
        let node = of.get("when")?;
        self.expression(node, &format!("`when` of {}", of.what), &INPUTS)
    }

    /// Warns where client metadata, which any caller can choose, decides what an API will rely on.
    pub(super) fn untrusted(&mut self, span: &Range<usize>, what: &str, source: &Source) {
        let reads_metadata = match source {
            Source::From(pointer) => pointer.segments().first().is_some_and(|root| root == "metadata"),
            Source::Value(_) => false,
            Source::Expression(expression) => {
                expression.inputs().iter().any(|path| path.first() == Some(&"metadata"))
            }
        };
        if reads_metadata {
            self.report.warning(
                "untrusted-source",
                span,
                format!("{what} comes from client metadata, which the caller chooses and nobody checks"),
            );
            self.report
                .help("never rely on it for a permission; take it from a fact or an attribute instead");
        }
    }

    fn pointer(&mut self, node: &Node, what: &str) -> Option<Pointer> {
        let written = text(self.report, node, what)?;
        let pointer = match Pointer::parse(written) {
            Ok(pointer) => pointer,
            Err(error) => {
                self.report.error(
                    "bad-pointer",
                    &node.span,
                    format!("{what} is not a json pointer: {error}"),
                );
                return None;
            }
        };
        let path: Vec<&str> = pointer.segments().iter().map(String::as_str).collect();
        self.path(&path, &node.span, what)?;
        Some(pointer)
    }

    /// Parses an expression and checks what it reads.
    pub(super) fn expression(&mut self, node: &Node, what: &str, inputs: &[&str]) -> Option<Expression> {
        let source = text(self.report, node, what)?;
        let expression = match expression::parse(source, inputs) {
            Ok(expression) => expression,
            Err(error) => {
                let span = self.within(node, source, &error.span);
                self.report.error("bad-expression", &span, format!("{what}: {}", error.message));
                return None;
            }
        };
        for path in expression.inputs() {
            self.path(&path, &node.span, what)?;
        }
        Some(expression)
    }

    /// The place of a part of an expression, where the text in the file is the expression as it stands.
    fn within(&self, node: &Node, source: &str, part: &Range<usize>) -> Range<usize> {
        let Kind::Scalar(_, plain) = node.kind else {
            return node.span.clone();
        };
        let start = node.span.start.saturating_add(usize::from(!plain));
        let written = self.report.text().get(start..start.saturating_add(source.len()));
        if written != Some(source) {
            return node.span.clone();
        }
        let byte = |character: usize| {
            source.char_indices().nth(character).map_or(source.len(), |(byte, _)| byte).saturating_add(start)
        };
        byte(part.start)..byte(part.end)
    }

    /// Checks that a path can lead somewhere, and notes the fact that it reads.
    fn path(&mut self, path: &[&str], span: &Range<usize>, what: &str) -> Option<()> {
        let (root, rest) = path.split_first()?;
        if !INPUTS.contains(root) {
            self.unknown("unknown-input", span, "input", root, INPUTS);
            return None;
        }
        if let Some((_, members)) = MEMBERS.iter().find(|(name, _)| name == root)
            && let Some(member) = rest.first()
            && !members.contains(member)
        {
            self.unknown("unknown-input", span, &format!("`{root}` member"), member, members.iter().copied());
            return None;
        }
        if *root != "facts" {
            return Some(());
        }
        let Some((fact, rest)) = rest.split_first() else {
            self.used_facts.extend(self.facts.keys().cloned());
            return Some(());
        };
        self.used_facts.insert((*fact).to_owned());
        let Some(read) = self.facts.get(*fact).cloned() else {
            let known: Vec<String> = self.facts.keys().cloned().collect();
            self.unknown("unknown-fact", span, "fact", fact, known.iter().map(String::as_str));
            return None;
        };
        if let (Some(read), Some(field)) = (&read, rest.first())
            && !read.contains(*field)
        {
            let all = read.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(", ");
            let message =
                format!("{what} reads the field `{field}`, and `fields` of the fact `{fact}` has {all}");
            self.report.error("unknown-field", span, message);
            match closest(field, read.iter().map(String::as_str)) {
                Some(meant) => self.report.help(format!("did you mean `{meant}`?")),
                None => self.report.help(format!("add `{field}` to `fields` of the fact `{fact}`")),
            }
            return None;
        }
        Some(())
    }
}
