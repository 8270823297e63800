//! Where values come from.

use std::ops::Range;

use super::super::decode::{Fields, text, value};
use super::super::rule::Source;
use super::super::yaml::{Kind, Node};
use super::Contract;
use super::inputs::Reads;
use crate::expression::{self, Expression, Type};
use crate::json::{Pointer, Value};

/// A source, and the type of what it gives.
pub(super) type Typed = (Source, Type);

impl Contract<'_, '_> {
    /// Reads the one of `from`, `value`, `expression` that a rule has, or `logic`, which only claims have.
    pub(super) fn source(&mut self, of: &Fields<'_>, reads: Reads) -> Option<Typed> {
        let given: Vec<&str> = ["from", "value", "expression", "logic"]
            .into_iter()
            .filter(|key| of.get(key).is_some())
            .collect();
        match given.as_slice() {
            [key] => {
                let node = of.get(key)?;
                let what = of.place(key);
                match *key {
                    "from" => self.pointer(node, &what, reads),
                    "value" => {
                        let value = self.fixed(node, &what)?;
                        let of = type_of_value(&value);
                        Some((Source::Value(value), of))
                    }
                    "logic" => self.component(node, &what).map(|name| (Source::Logic(name), Type::Any)),
                    _ => self.expression(node, &what, reads).map(|(of, ty)| (Source::Expression(of), ty)),
                }
            }
            [] => {
                self.report.error(
                    "no-source",
                    &of.span,
                    format!("{} does not say where its value comes from", of.what),
                );
                let example =
                    if matches!(reads, Reads::Context) { "/claims/…" } else { "/facts/…` or `/user/…" };
                self.report.help(format!("add `from: {example}`, `value: …`, or `expression: …`"));
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

    /// Reads the name of a logic component. It may read every fact.
    fn component(&mut self, node: &Node, what: &str) -> Option<String> {
        let name = text(self.report, node, what)?;
        self.used_facts.extend(self.facts.keys().cloned());
        if self.logic.contains_key(name) {
            self.used_logic.insert(name.to_owned());
            return Some(name.to_owned());
        }
        let known: Vec<String> = self.logic.keys().cloned().collect();
        self.unknown("unknown-logic", &node.span, "logic", name, known.iter().map(String::as_str));
        None
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

    /// Reads a pointer into the inputs.
    pub(super) fn pointer(&mut self, node: &Node, what: &str, reads: Reads) -> Option<Typed> {
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
        self.path(&path, &node.span, what, reads)?;
        let of = self.type_at(&path, reads);
        Some((Source::From(pointer), of))
    }

    /// Parses an expression, and checks what it reads and that its parts go together.
    pub(super) fn expression(&mut self, node: &Node, what: &str, reads: Reads) -> Option<(Expression, Type)> {
        let source = text(self.report, node, what)?;
        let (expression, spans) = match expression::parse_with_spans(source, reads.inputs()) {
            Ok(parsed) => parsed,
            Err(error) => {
                let span = self.within(node, source, &error.span);
                self.report.error("bad-expression", &span, format!("{what}: {}", error.message));
                return None;
            }
        };
        for path in expression.inputs() {
            self.path(&path, &node.span, what, reads)?;
        }
        match expression.type_of(&|path| self.type_at(path, reads)) {
            Ok(of) => Some((expression, of)),
            Err(mismatch) => {
                let part = usize::try_from(mismatch.node).ok().and_then(|node| spans.get(node));
                let span = part.map_or_else(|| node.span.clone(), |part| self.within(node, source, part));
                self.report.error("wrong-type", &span, format!("{what}: {}", mismatch.message));
                None
            }
        }
    }

    /// Parses an expression that gives a boolean.
    pub(super) fn condition_text(&mut self, node: &Node, what: &str, reads: Reads) -> Option<Expression> {
        let (expression, of) = self.expression(node, what, reads)?;
        if !matches!(of, Type::Bool | Type::Any) {
            self.report.error("wrong-type", &node.span, format!("{what} must give a boolean and gives {of}"));
            self.report.help("compare it with something, for example `… == \"gold\"`");
            return None;
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
}

/// The type of a value that is written in the contract.
pub(super) fn type_of_value(value: &Value) -> Type {
    match value {
        Value::Null => Type::Null,
        Value::Bool(_) => Type::Bool,
        Value::Number(number) if number.is_integer() => Type::Int,
        Value::Number(_) => Type::Double,
        Value::String(_) => Type::Text,
        // Who takes a list of the contract looks at its elements.
        Value::Array(_) => Type::List(Box::new(Type::Any)),
        Value::Object(_) => Type::Map,
    }
}
