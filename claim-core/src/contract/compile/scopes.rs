//! The scopes of a contract.

use super::super::decode::{elements, fields, names};
use super::super::rule::{OnError, Source};
use super::super::yaml::{Kind, Node};
use super::super::{ScopeRule, Scopes};
use super::Contract;
use crate::cognito::is_scope;
use crate::json::Value;

const ON_ERROR: [(&str, OnError); 2] = [("refuse", OnError::Refuse), ("omit", OnError::Omit)];

impl Contract<'_, '_> {
    pub(super) fn scopes(&mut self, node: &Node) -> Scopes {
        let of = fields(self.report, node, "`scopes`", &["add", "suppress"]);
        let mut scopes = Scopes::default();
        if let Some(node) = of.get("suppress") {
            scopes.suppress = names(self.report, node, "`scopes.suppress`");
            for scope in &scopes.suppress {
                self.scope_text(node, scope, "an element of `scopes.suppress`");
            }
        }
        if let Some(node) = of.get("add") {
            for (index, node) in elements(self.report, node, "`scopes.add`").iter().enumerate() {
                if let Some(rule) = self.scope_rule(index, node) {
                    if let Source::Value(Value::String(scope)) = &rule.source
                        && scopes.suppress.contains(scope)
                    {
                        self.report.error(
                            "added-and-suppressed",
                            &node.span,
                            format!(
                                "the scope `{scope}` is in `scopes.suppress` too, where it ends suppressed"
                            ),
                        );
                        self.report.help("remove it from one of the two lists");
                    }
                    scopes.add.push(rule);
                }
            }
        }
        scopes
    }

    fn scope_rule(&mut self, index: usize, node: &Node) -> Option<ScopeRule> {
        let what = format!("`scopes.add[{index}]`");
        if matches!(node.kind, Kind::Scalar(..)) {
            let scope = super::super::decode::text(self.report, node, &what)?;
            self.scope_text(node, scope, &what);
            return Some(ScopeRule {
                source: Source::Value(scope.into()),
                when: None,
                on_error: OnError::Refuse,
            });
        }
        let of =
            fields(self.report, node, what.as_str(), &["from", "value", "expression", "when", "onError"]);
        let source = self.source(&of);
        if let (Some(Source::Value(value)), Some(node)) = (&source, of.get("value")) {
            match value {
                Value::String(scope) => self.scope_text(node, scope, &format!("`value` of {what}")),
                _ => self.report.error(
                    "wrong-kind",
                    &node.span,
                    format!("`value` of {what} must be a text and is {}", node.describe()),
                ),
            }
        }
        if let Some(source) = &source {
            self.untrusted(&node.span, &what, source);
        }
        let when = self.when(&of);
        let on_error = self.on_error(&of, &ON_ERROR);
        Some(ScopeRule { source: source?, when, on_error })
    }

    fn scope_text(&mut self, node: &Node, scope: &str, what: &str) {
        if !is_scope(scope) {
            self.report.error("bad-scope", &node.span, format!("{what} is no scope: it is empty or has a blank, a quote, a backslash or a letter beyond ascii"));
            self.report
                .help("a token lists its scopes divided by blanks; write each as an element of its own");
        }
    }
}
