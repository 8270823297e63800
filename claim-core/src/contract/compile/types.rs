//! Declared types, and the values of a contract that must have them.

use super::super::decode::{Fields, elements, word};
use super::super::rule::{Kind, ValueType};
use super::super::yaml::Node;
use super::Contract;
use crate::json::Value;

impl Contract<'_, '_> {
    pub(super) fn value_type(&mut self, of: &Fields<'_>) -> Option<ValueType> {
        let what = &of.what;
        let mut kind_of = |key: &str, kinds: &[(&str, Kind)]| {
            of.get(key).and_then(|node| word(self.report, node, &format!("`{key}` of {what}"), kinds))
        };
        let kind = kind_of("type", &Kind::ALL);
        // Cognito carries lists of texts, numbers and booleans.
        let items = kind_of("items", Kind::ALL.get(..4).unwrap_or_default());
        if let (Some(node), true) = (of.get("items"), kind.is_some_and(|kind| kind != Kind::Array)) {
            self.report.error(
                "items-of-no-list",
                &node.span,
                format!("`items` of {what} says what a list holds, and its `type` is not `array`"),
            );
        }
        let mut allowed = Vec::new();
        if let Some(node) = of.get("enum") {
            for element in elements(self.report, node, &format!("`enum` of {what}")) {
                let Some(value) = self.fixed(element, &format!("an element of `enum` of {what}")) else {
                    continue;
                };
                let wanted = if kind == Some(Kind::Array) { items } else { kind };
                if wanted.is_some_and(|kind| !kind.holds(&value)) {
                    self.report.error(
                        "wrong-type",
                        &element.span,
                        format!(
                            "an element of `enum` of {what} is {} and can never be met",
                            element.describe()
                        ),
                    );
                }
                allowed.push(value);
            }
        }
        let declared = ValueType { kind, items, allowed };
        (declared != ValueType { kind: None, items: None, allowed: Vec::new() }).then_some(declared)
    }

    pub(super) fn default(
        &mut self,
        of: &Fields<'_>,
        node: &Node,
        declared: Option<&ValueType>,
    ) -> Option<Value> {
        let what = format!("`default` of {}", of.what);
        let value = self.fixed(node, &what)?;
        self.declared(node, &what, &value, declared);
        Some(value)
    }

    /// Checks a value that is written in the contract against the declared type.
    pub(super) fn declared(&mut self, node: &Node, what: &str, value: &Value, declared: Option<&ValueType>) {
        if let Some(declared) = declared {
            if !declared.has_kind(value) {
                self.report.error(
                    "wrong-type",
                    &node.span,
                    format!("{what} is {} and has not the declared type", node.describe()),
                );
            } else if !declared.allows(value) {
                self.report.error(
                    "not-in-enum",
                    &node.span,
                    format!("{what} is not one of the declared `enum`"),
                );
            }
        }
    }
}
