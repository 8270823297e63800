//! The groups, the IAM roles and the preferred role of a contract.

use super::super::decode::{elements, fields};
use super::super::keys::{GROUPS, PREFERRED_ROLE};
use super::super::rule::Source;
use super::super::yaml::Node;
use super::super::{Groups, PreferredRole};
use super::Contract;
use super::inputs::{Reads, Taint};
use crate::cognito::{is_name, is_role};
use crate::expression::Type;
use crate::json::Value;

impl Contract<'_, '_> {
    pub(super) fn groups(&mut self, key: &str, node: &Node) -> Option<Groups> {
        let what = format!("`{key}`");
        let of = fields(self.report, node, what.as_str(), &GROUPS);
        let on_missing = self.word(&of, "onMissing").unwrap_or_default();
        let on_empty = self.word(&of, "onEmpty").unwrap_or_default();
        let condition = self.condition(&of);
        let untrusted = self.flag(&of, "untrusted");
        let (source, given) = self.source(&of, Reads::Token)?;
        let is_list = match &given {
            Type::Any => true,
            Type::List(element) => matches!(**element, Type::Text | Type::Any),
            _ => false,
        };
        if let (Source::Expression(expression), Some(node)) = (&source, of.get("expression")) {
            for constant in expression.constants() {
                for name in constant.as_array().unwrap_or_default().iter().filter_map(Value::as_str) {
                    self.role_or_group(key, node, name);
                }
            }
        }
        if !is_list {
            let message = format!("{what} must give a list of texts and gives {given}");
            self.report.error("wrong-type", &of.span, message);
        }
        if let (Source::Value(Value::Array(names)), Some(node)) = (&source, of.get("value")) {
            let elements = elements(self.report, node, &of.place("value"));
            for (name, element) in names.iter().zip(elements) {
                match name.as_str() {
                    Some(name) => self.role_or_group(key, element, name),
                    None => self.report.error(
                        "wrong-type",
                        &element.span,
                        format!("an element of {what} must be a text and is {}", element.describe()),
                    ),
                }
            }
        }
        let taint = self.taint(Some(&source), &condition);
        if !untrusted {
            self.warn_of(&of.span, &what, taint.as_ref());
        }
        if key == "groups" {
            self.group_taint = if untrusted { Some(Taint::Marked) } else { taint };
        }
        Some(Groups { source, condition, on_missing, on_empty })
    }

    pub(super) fn preferred_role(&mut self, node: &Node) -> Option<PreferredRole> {
        let of = fields(self.report, node, "`preferredRole`", &PREFERRED_ROLE);
        let on_missing = self.word(&of, "onMissing").unwrap_or_default();
        let condition = self.condition(&of);
        let untrusted = self.flag(&of, "untrusted");
        let (source, given) = self.source(&of, Reads::Token)?;
        if !matches!(given, Type::Text | Type::Any) {
            let message = format!("`preferredRole` must give a text and gives {given}");
            self.report.error("wrong-type", &of.span, message);
        }
        if let (Source::Value(Value::String(role)), Some(node)) = (&source, of.get("value")) {
            self.role_or_group("preferredRole", node, role);
        }
        if !untrusted {
            let taint = self.taint(Some(&source), &condition);
            self.warn_of(&of.span, "`preferredRole`", taint.as_ref());
        }
        Some(PreferredRole { source, condition, on_missing })
    }

    fn role_or_group(&mut self, key: &str, node: &Node, name: &str) {
        let (good, message) = if key == "groups" {
            let message =
                "`groups` has a name that is empty, longer than 512 bytes, or with a control character";
            (is_name(name), message.to_owned())
        } else {
            let message =
                format!("a role in `{key}` is not named by its arn, `arn:aws:iam::111122223333:role/name`");
            (is_role(name), message)
        };
        if !good {
            self.report.error("bad-name", &node.span, message);
        }
    }
}
