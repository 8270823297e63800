//! The groups of a contract.

use super::super::decode::{fields, word};
use super::super::yaml::Node;
use super::super::{Groups, WithoutGroups};
use super::Contract;

const WITHOUT: [(&str, WithoutGroups); 3] =
    [("keep", WithoutGroups::Keep), ("clear", WithoutGroups::Clear), ("refuse", WithoutGroups::Refuse)];

impl Contract<'_, '_> {
    pub(super) fn groups(&mut self, node: &Node) -> Option<Groups> {
        let keys = ["from", "value", "expression", "when", "onMissing", "onEmpty"];
        let of = fields(self.report, node, "`groups`", &keys);
        let mut without = |key: &str| {
            let word = of
                .get(key)
                .and_then(|node| word(self.report, node, &format!("`{key}` of `groups`"), &WITHOUT));
            word.unwrap_or_default()
        };
        let (on_missing, on_empty) = (without("onMissing"), without("onEmpty"));
        let when = self.when(&of);
        let source = self.source(&of)?;
        self.untrusted(&of.span, "`groups`", &source);
        Some(Groups { source, when, on_missing, on_empty })
    }
}
