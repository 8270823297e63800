//! Which parts of a request the rules of a contract need: the others are not copied.
//!
//! It errs on the side of a copy. A part that some rule needs and that is not there would be absent to a rule.

use std::collections::BTreeSet;

use crate::contract::{Bundle, Condition, Source};
use crate::expression::{Expression, Node, NodeId};

/// A part that costs something to copy.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Need {
    Attributes,
    Groups,
    Roles,
    Client,
    Event,
    Metadata,
}

/// The parts that some rules read.
#[derive(Debug, Default)]
pub(crate) struct Needs(BTreeSet<Need>);

impl Needs {
    /// What the keys of facts read.
    pub(crate) fn of_keys(bundle: &Bundle) -> Self {
        let mut needs = Self::default();
        for expression in bundle.facts.values().flat_map(|fact| fact.key.values()) {
            needs.expression(expression);
        }
        needs
    }

    /// What all rules of a sign-in read, with the keys of its facts.
    pub(crate) fn of_rules(bundle: &Bundle) -> Self {
        let mut needs = Self::of_keys(bundle);
        for rule in &bundle.refuse {
            needs.condition(&rule.condition);
        }
        let claims = bundle.claims.values().map(|claim| (&claim.source, &claim.condition));
        let scopes = bundle.scopes.add.iter().map(|rule| (&rule.source, &rule.condition));
        let groups = bundle.groups.iter().chain(&bundle.roles).map(|rule| (&rule.source, &rule.condition));
        let role = bundle.preferred_role.iter().map(|rule| (&rule.source, &rule.condition));
        for (source, condition) in claims.chain(scopes).chain(groups).chain(role) {
            needs.condition(condition);
            match source {
                Source::From(pointer) => {
                    let mut path = pointer.segments().iter().map(String::as_str);
                    needs.root(path.next().unwrap_or_default(), path.next());
                }
                Source::Expression(expression) => needs.expression(expression),
                Source::Value(_) | Source::Logic(_) => {}
            }
        }
        needs
    }

    pub(crate) fn has(&self, need: Need) -> bool {
        self.0.contains(&need)
    }

    fn condition(&mut self, condition: &Condition) {
        condition.when.iter().for_each(|when| self.expression(when));
    }

    fn expression(&mut self, expression: &Expression) {
        let is_user = |id: NodeId| matches!(expression.node(id), Some(Node::Name(root)) if root == "user");
        for node in expression.nodes() {
            match node {
                Node::Name(root) if root != "user" => self.root(root, None),
                Node::Field(of, member) | Node::Has(of, member) if is_user(*of) => {
                    self.root("user", Some(member));
                }
                other => {
                    let mut whole = false;
                    other.each_child(|child| whole |= is_user(child));
                    if whole {
                        self.root("user", None);
                    }
                }
            }
        }
        if let Some(Node::Name(whole)) = expression.nodes().last() {
            self.root(whole, None);
        }
    }

    /// Notes an input, and the one member of it that is read, if it is known.
    fn root(&mut self, root: &str, member: Option<&str>) {
        let part = match (root, member) {
            ("user", Some("name" | "sub" | "status")) => return,
            ("user", _) => Need::Attributes,
            ("groups", _) => Need::Groups,
            ("roles", _) => Need::Roles,
            ("client", _) => Need::Client,
            ("event", _) => Need::Event,
            ("metadata", _) => Need::Metadata,
            _ => return,
        };
        self.0.insert(part);
    }
}
