//! The scopes of a contract.

use std::ops::Range;

use super::super::decode::{self, fields};
use super::super::keys::{SCOPE, SCOPES, ScopeOnError};
use super::super::rule::{Condition, OnError, Source};
use super::super::yaml::{Kind, Node};
use super::super::{ScopeRule, Scopes};
use super::Contract;
use super::inputs::{Reads, Taint};
use crate::cognito::is_scope;
use crate::expression::Type;
use crate::json::Value;

impl Contract<'_, '_> {
    pub(super) fn scopes(&mut self, node: &Node) -> Scopes {
        let of = fields(self.report, node, "`scopes`", &SCOPES);
        let mut scopes = Scopes::default();
        if let Some(node) = of.get("suppress") {
            let names = decode::names(self.report, node, "`scopes.suppress`");
            for (scope, span) in &names {
                self.scope_text(span, scope, "an element of `scopes.suppress`");
            }
            scopes.suppress = names.into_keys().collect();
        }
        if let Some(node) = of.get("add") {
            for (index, node) in self.list_of_rules(node, "`scopes.add`").iter().enumerate() {
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
            let scope = decode::text(self.report, node, &what)?;
            self.scope_text(&node.span, scope, &what);
            return Some(ScopeRule {
                source: Source::Value(scope.into()),
                condition: Condition::default(),
                on_error: OnError::Refuse,
            });
        }
        let of = fields(self.report, node, what.as_str(), &SCOPE);
        let typed = self.source(&of, Reads::Token);
        if let (Some((Source::Value(value), _)), Some(node)) = (&typed, of.get("value")) {
            match value {
                Value::String(scope) => self.scope_text(&node.span, scope, &format!("`value` of {what}")),
                _ => self.report.error(
                    "wrong-kind",
                    &node.span,
                    format!("`value` of {what} must be a text and is {}", node.describe()),
                ),
            }
        }
        let condition = self.condition(&of);
        let on_error: Option<ScopeOnError> = self.word(&of, "onError");
        let untrusted = self.flag(&of, "untrusted");
        let (source, given) = typed?;
        let is_scope_type = match &given {
            Type::Text | Type::Any => true,
            Type::List(element) => matches!(**element, Type::Text | Type::Any),
            _ => false,
        };
        if !is_scope_type && !matches!(source, Source::Value(_)) {
            let message = format!("{what} must give a text or a list of texts and gives {given}");
            self.report.error("wrong-type", &of.span, message);
        }
        if let (Source::Expression(expression), Some(node)) = (&source, of.get("expression")) {
            for constant in expression.constants() {
                let texts = constant.as_array().unwrap_or(std::slice::from_ref(&constant));
                for scope in texts.iter().filter_map(Value::as_str) {
                    self.scope_text(&node.span, scope, &what);
                }
            }
        }
        let taint = self.taint(Some(&source), &condition);
        if untrusted {
            self.note_scope_taint(Some(Taint::Marked));
        } else {
            self.warn_of(&of.span, &what, taint.as_ref());
            self.note_scope_taint(taint);
        }
        Some(ScopeRule { source, condition, on_error: on_error.map_or(OnError::Refuse, |word| word.0) })
    }

    /// Notes who decides what scopes are added. What decides worst counts, in whatever order the rules stand.
    fn note_scope_taint(&mut self, taint: Option<Taint>) {
        self.scope_taint = self.scope_taint.take().into_iter().chain(taint).min();
    }

    fn scope_text(&mut self, span: &Range<usize>, scope: &str, what: &str) {
        if !is_scope(scope) {
            self.report.error("bad-scope", span, format!("{what} is no scope: it is empty or has a blank, a quote, a backslash or a letter beyond ascii"));
            self.report
                .help("a token lists its scopes divided by blanks; write each as an element of its own");
        }
    }
}
