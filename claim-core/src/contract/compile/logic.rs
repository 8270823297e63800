//! The logic components that a contract names.

use std::collections::BTreeMap;

use super::super::decode::{entries, fields, name, text};
use super::super::keys::LOGIC;
use super::super::logic::{LogicComponent, MAX_LOGIC, is_word};
use super::super::yaml::Node;
use super::{Contract, LogicFile};

impl Contract<'_, '_> {
    /// Compiles the components, and notes where the file of each is said to be.
    pub(super) fn logic(&mut self, node: &Node) -> BTreeMap<String, LogicComponent> {
        let mut logic = BTreeMap::new();
        let entries = entries(self.report, node, "`logic`");
        if entries.len() > MAX_LOGIC {
            let message = format!(
                "a contract names at most {MAX_LOGIC} logic components and this one names {}",
                entries.len()
            );
            self.report.error("too-many-logic", &node.span, message);
        }
        for (component, key, node) in entries.into_iter().take(MAX_LOGIC) {
            if !is_word(component) {
                let message = format!(
                    "the name `{component}` of a logic component is not a word of letters, digits and `_`"
                );
                self.report.error("bad-name", &key.span, message);
            }
            // Known from here on, even if something of it is wrong: one mistake gives one message.
            self.logic.insert(component.to_owned(), key.span.clone());
            let what = format!("the logic `{component}`");
            let of = fields(self.report, node, what.as_str(), &LOGIC);
            let file =
                self.required(&of, "file", "name the component, beside the contract: `file: risk.wasm`");
            let path = file.and_then(|node| name(self.report, node, &of.place("file")));
            if path.is_some_and(|path| path.chars().any(char::is_control)) {
                let message = format!("{} has a control character", of.place("file"));
                self.report.error("bad-name", &node.span, message);
            }
            let pin = "pin it to what `sha256sum` says of the file";
            let Some(node) = self.required(&of, "sha256", pin) else {
                continue;
            };
            let Some(sha256) = text(self.report, node, &of.place("sha256")) else {
                continue;
            };
            if let (Some(path), Some(file)) = (path, file) {
                let (path, span, pin) = (path.to_owned(), file.span.clone(), node.span.clone());
                self.logic_files.insert(component.to_owned(), LogicFile { path, span, pin });
            }
            let pinned = LogicComponent { sha256: sha256.to_owned() };
            if pinned.is_pinned() {
                logic.insert(component.to_owned(), pinned);
            } else {
                let message =
                    format!("{} is not a sha-256 in 64 small hexadecimal digits", of.place("sha256"));
                self.report.error("bad-digest", &node.span, message);
                self.report.help(pin);
            }
        }
        logic
    }

    /// Warns of components that no claim names: they would run at each sign-in.
    pub(super) fn unused_logic(&mut self) {
        let used = std::mem::take(&mut self.used_logic);
        for (name, span) in std::mem::take(&mut self.logic) {
            if !used.contains(&name) {
                self.report.warning(
                    "unused-logic",
                    &span,
                    format!("the logic `{name}` is run and no claim takes its value"),
                );
                self.report.help("remove it: it runs at each sign-in");
            }
        }
    }
}
