//! What the rules of a contract use of their inputs: the rest is not copied.
//!
//! It errs on the side of a copy. A part that some rule uses and that is not there would be absent to it.

use std::collections::BTreeSet;

use crate::contract::{Authorize, Bundle, Condition, Source};
use crate::expression::Expression;

/// What is used: each input by its name, with the one member that is taken of it, or none where it is taken whole.
#[derive(Debug, Default)]
pub(crate) struct Uses<'b>(BTreeSet<(&'b str, Option<&'b str>)>);

impl<'b> Uses<'b> {
    /// What the keys of facts use.
    pub(crate) fn of_keys(bundle: &'b Bundle) -> Self {
        let mut uses = Self::default();
        bundle.facts.values().flat_map(|fact| fact.key.values()).for_each(|key| uses.expression(key));
        uses
    }

    /// What all rules of a sign-in use, with the keys of its facts.
    pub(crate) fn of_rules(bundle: &'b Bundle) -> Self {
        let mut uses = Self::of_keys(bundle);
        bundle.refuse.iter().for_each(|rule| uses.condition(&rule.condition));
        let claims = bundle.claims.values().map(|claim| (&claim.source, &claim.condition));
        let scopes = bundle.scopes.add.iter().map(|rule| (&rule.source, &rule.condition));
        let groups = bundle.groups.iter().chain(&bundle.roles).map(|rule| (&rule.source, &rule.condition));
        let role = bundle.preferred_role.iter().map(|rule| (&rule.source, &rule.condition));
        for (source, condition) in claims.chain(scopes).chain(groups).chain(role) {
            uses.condition(condition);
            uses.source(source);
        }
        uses
    }

    /// What the rules of calls use, and what backends are told.
    pub(crate) fn of_calls(contract: &'b Authorize) -> Self {
        let mut uses = Self::default();
        contract.rules.iter().filter_map(|rule| rule.require.as_ref()).for_each(|rule| uses.expression(rule));
        contract.context.values().for_each(|rule| uses.source(&rule.source));
        uses
    }

    /// Whether an input is used at all.
    pub(crate) fn any(&self, input: &str) -> bool {
        self.of(input).next().is_some()
    }

    /// The members that are taken of an input, first of all none where it is taken whole.
    pub(crate) fn of<'u>(&'u self, input: &'u str) -> impl Iterator<Item = Option<&'u str>> {
        self.0.range((input, None)..).take_while(move |(name, _)| *name == input).map(|(_, member)| *member)
    }

    fn condition(&mut self, condition: &'b Condition) {
        condition.when.iter().for_each(|when| self.expression(when));
    }

    fn source(&mut self, source: &'b Source) {
        match source {
            Source::From(pointer) => {
                let mut path = pointer.segments().iter().map(String::as_str);
                self.0.insert((path.next().unwrap_or_default(), path.next()));
            }
            Source::Expression(expression) => self.expression(expression),
            Source::Value(_) | Source::Logic(_) => {}
        }
    }

    fn expression(&mut self, expression: &'b Expression) {
        expression.each_use(|input, member| {
            self.0.insert((input, member));
        });
    }
}
