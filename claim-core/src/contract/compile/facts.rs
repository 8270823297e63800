//! The facts of a contract.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::decode::{entries, fields, name, word};
use super::super::keys::FACT;
use super::super::logic::is_word;
use super::super::yaml::Node;
use super::super::{Fact, Without};
use super::inputs::{Reads, Taint, UNNAMED};
use super::{Contract, MAX_FACTS};
use crate::expression::{Expression, Type};

/// How many fields a fact may name: DynamoDB takes 4 kB of projection, and each field has a placeholder.
const MAX_FIELDS: usize = 500;

impl Contract<'_, '_> {
    /// Compiles the facts and notes where each is named.
    pub(super) fn facts<'n>(
        &mut self,
        node: &'n Node,
        names: &mut Vec<(&'n str, Range<usize>)>,
    ) -> BTreeMap<String, Fact> {
        let mut facts = BTreeMap::new();
        let entries = entries(self.report, node, "`facts`");
        if entries.len() > MAX_FACTS {
            let message =
                format!("a contract has at most {MAX_FACTS} facts and this one has {}", entries.len());
            self.report.error("too-many-facts", &node.span, message);
        }
        // No further: what a rule costs to check grows with the facts.
        for (name, key, node) in entries.into_iter().take(MAX_FACTS) {
            names.push((name, key.span.clone()));
            if !is_word(name) {
                let message = format!(
                    "the fact's name `{name}` is not a word of letters, digits and `_`, so no expression can say it"
                );
                self.report.error("bad-name", &key.span, message);
            }
            if let Some(fact) = self.fact(name, node) {
                facts.insert(name.to_owned(), fact);
            }
        }
        facts
    }

    fn fact(&mut self, fact: &str, node: &Node) -> Option<Fact> {
        let what = format!("the fact `{fact}`");
        let of = fields(self.report, node, what.as_str(), &FACT);
        let read = of.get("fields").map(|_| self.names(&of, "fields"));
        if let (Some(read), Some(node)) = (&read, of.get("fields"))
            && read.len() > MAX_FIELDS
        {
            let message = format!("a fact has at most {MAX_FIELDS} fields and {what} has {}", read.len());
            self.report.error("too-many-fields", &node.span, message);
            self.report.help("leave `fields` out to read the whole record");
        }
        // Known from here on, even if something else of it is wrong: one mistake gives one message.
        self.facts.insert(fact.to_owned(), read.clone());

        let table = match of.get("table") {
            Some(node) => name(self.report, node, &format!("`table` of {what}")),
            None => {
                self.missing(&of, "table", "name the table that holds it, for example `table: profiles`");
                None
            }
        };
        let key = match of.get("key") {
            Some(node) => self.key(&what, node),
            None => {
                self.missing(
                    &of,
                    "key",
                    "give each key attribute an expression, for example `key: { id: user.name }`",
                );
                None
            }
        };
        let mut without = |of_key: &str, asks: &str| match of.get(of_key) {
            Some(node) => word::<Without>(self.report, node, &of.place(of_key)),
            None => {
                self.missing(&of, of_key, asks);
                None
            }
        };
        let on_missing = without(
            "onMissing",
            "say what happens to a user without a record: `empty` (go on) or `refuse` (no sign-in)",
        );
        let on_error = without(
            "onError",
            "say what happens when the table cannot be read: `empty` (go on) or `refuse` (no sign-in)",
        );
        let consistent = self.flag(&of, "consistent");
        Some(Fact {
            table: table?.to_owned(),
            key: key?,
            fields: read.unwrap_or_default().into_iter().collect(),
            on_missing: on_missing?,
            on_error: on_error?,
            consistent,
        })
    }

    fn key(&mut self, what: &str, node: &Node) -> Option<BTreeMap<String, Expression>> {
        let mut key = BTreeMap::new();
        let attributes = entries(self.report, node, &format!("`key` of {what}"));
        let count = attributes.len();
        for (attribute, _, node) in attributes {
            let place = format!("`key.{attribute}` of {what}");
            if attribute.is_empty() {
                self.report.error(
                    "empty-name",
                    &node.span,
                    format!("`key` of {what} has an attribute without a name"),
                );
            }
            let Some((expression, of)) = self.expression(node, &place, Reads::Key) else {
                continue;
            };
            if !matches!(of, Type::Text | Type::Int | Type::Uint | Type::Double | Type::Any) {
                let message = format!("{place} must give a text or a number and gives {of}");
                self.report.error("wrong-type", &node.span, message);
            }
            // Who chooses the key chooses the record.
            let taint = self.expression_taint(&expression);
            self.warn_of(&node.span, &place, taint.as_ref());
            match taint {
                Some(Taint::Metadata) => {
                    self.report.help("find the record by `user.sub`, or by an attribute that no app client may write");
                }
                Some(Taint::Attribute(name)) if name != UNNAMED => self.report.help(format!(
                    "if no app client may write it, say so: `trustedAttributes: [\"{name}\"]`; else find the record by `user.sub`"
                )),
                _ => {}
            }
            key.insert(attribute.to_owned(), expression);
        }
        if count == 0 || count > 2 {
            let message = format!("`key` of {what} has {count} attributes; a table's key has one or two");
            self.report.error("bad-key", &node.span, message);
            return None;
        }
        (key.len() == count).then_some(key)
    }
}
