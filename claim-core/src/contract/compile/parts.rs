//! The parts that many mappings have: words, flags, lists of names, conditions.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::super::decode::{self, Fields, Word, elements};
use super::super::keys::Trigger;
use super::super::rule::Condition;
use super::Contract;
use super::inputs::Reads;

impl Contract<'_, '_> {
    /// Reads the word after a key.
    pub(super) fn word<T: Word>(&mut self, of: &Fields<'_>, key: &str) -> Option<T> {
        of.get(key).and_then(|node| decode::word(self.report, node, &of.place(key)))
    }

    /// Reads `true` or `false` after a key; what is left out is false.
    pub(super) fn flag(&mut self, of: &Fields<'_>, key: &str) -> bool {
        let flag = of.get(key).and_then(|node| decode::boolean(self.report, node, &of.place(key)));
        flag.unwrap_or_default()
    }

    /// Reads the different texts after a key.
    pub(super) fn names(&mut self, of: &Fields<'_>, key: &str) -> BTreeSet<String> {
        self.placed_names(of, key).into_keys().collect()
    }

    /// Reads the different texts after a key, each with its place.
    pub(super) fn placed_names(&mut self, of: &Fields<'_>, key: &str) -> BTreeMap<String, Range<usize>> {
        of.get(key).map_or_else(BTreeMap::new, |node| decode::names(self.report, node, &of.place(key)))
    }

    /// Reads a whole number after a key.
    pub(super) fn integer(&mut self, of: &Fields<'_>, key: &str, least: i64) -> Option<i64> {
        of.get(key).and_then(|node| decode::integer(self.report, node, &of.place(key), least))
    }

    /// Reads a number of things after a key.
    pub(super) fn count(&mut self, of: &Fields<'_>, key: &str) -> Option<u64> {
        self.integer(of, key, 1).and_then(|count| u64::try_from(count).ok())
    }

    /// Reads a text that a person reads, on one line.
    pub(super) fn line<'n>(&mut self, of: &Fields<'n>, key: &str, most: usize) -> Option<&'n str> {
        let node = of.get(key)?;
        let text = decode::name(self.report, node, &of.place(key))?;
        if text.chars().count() > most || text.chars().any(char::is_control) {
            let message = format!("{} has more than {most} characters or a control character", of.place(key));
            self.report.error("bad-text", &node.span, message);
            self.report.help("write one short line");
            return None;
        }
        Some(text)
    }

    /// Reads `when`, `triggers` and `clients`.
    pub(super) fn condition(&mut self, of: &Fields<'_>) -> Condition {
        let when = of.get("when").and_then(|node| self.condition_text(node, &of.place("when"), Reads::Token));
        let mut triggers = BTreeSet::new();
        if let Some(node) = of.get("triggers") {
            let what = of.place("triggers");
            for element in elements(self.report, node, &what) {
                let word: Option<Trigger> =
                    decode::word(self.report, element, &format!("an element of {what}"));
                triggers.extend(word.map(|trigger| trigger.0.to_owned()));
            }
        }
        let clients = self.names(of, "clients");
        for (key, is_empty) in [("triggers", triggers.is_empty()), ("clients", clients.is_empty())] {
            if let Some(node) = of.get(key).filter(|node| is_empty && node.is_empty_list()) {
                let message = format!("{} names none, so the rule would never apply", of.place(key));
                self.report.error("never-applies", &node.span, message);
                self.report.help("leave the key out for all of them");
            }
        }
        if let (Some(node), true) = (of.get("clients"), clients.contains("*")) {
            let message =
                format!("{} names `*`, and a rule without `clients` is for all of them", of.place("clients"));
            self.report.error("bad-name", &node.span, message);
            self.report.help("leave the key out, or name the clients");
        }
        Condition { when, triggers, clients }
    }
}
