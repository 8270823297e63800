//! The sign-ins that a contract refuses.

use super::super::RefuseRule;
use super::super::decode::{elements, fields};
use super::super::keys::REFUSE;
use super::super::yaml::Node;
use super::Contract;
use super::inputs::Taint;
use crate::json::Value;

/// How many rules a list of a contract may have.
pub(super) const MAX_RULES: usize = 200;

impl Contract<'_, '_> {
    pub(super) fn refuse(&mut self, node: &Node) -> Vec<RefuseRule> {
        let mut rules = Vec::new();
        for (index, node) in self.list_of_rules(node, "`refuse`").iter().enumerate() {
            let what = format!("`refuse[{index}]`");
            let of = fields(self.report, node, what.as_str(), &REFUSE);
            let condition = self.condition(&of);
            let always = condition.when.as_ref().is_some_and(|when| when.constants() == [Value::Bool(true)])
                && condition.triggers.is_empty()
                && condition.clients.is_empty();
            if always || ["when", "triggers", "clients"].iter().all(|key| of.get(key).is_none()) {
                self.report.error(
                    "refuses-everybody",
                    &of.span,
                    format!("{what} has no condition that could fail, so nobody could sign in"),
                );
                self.report.help("say whom it refuses: `when: …`, `triggers: […]` or `clients: […]`");
            }
            let taint = self.taint(None, &condition);
            self.warn_of(&of.span, &what, taint.as_ref());
            if taint == Some(Taint::Metadata) {
                self.report.help("refuse by a fact, a group or a trusted attribute: whoever is refused would leave the metadata out");
            }
            if of.get("message").is_none() {
                self.missing(
                    &of,
                    "message",
                    "write what the person may read, for example `message: this account is closed`",
                );
            }
            let message = self.line(&of, "message", RefuseRule::MAX_MESSAGE);
            rules.extend(message.map(|message| RefuseRule { condition, message: message.to_owned() }));
        }
        rules
    }

    /// Returns the elements of a list of rules, as many as a contract may have.
    pub(super) fn list_of_rules<'n>(&mut self, node: &'n Node, what: &str) -> &'n [Node] {
        let list = elements(self.report, node, what);
        if list.len() > MAX_RULES {
            let message = format!("{what} has at most {MAX_RULES} rules and this one has {}", list.len());
            self.report.error("too-many-rules", &node.span, message);
        }
        list.get(..MAX_RULES).unwrap_or(list)
    }
}
