//! Which parts of a request the rules of a contract read: the others are not copied.
//!
//! It errs on the side of a copy. A part that somebody reads and that is not there would be absent to a rule.

use std::collections::BTreeSet;

use crate::contract::{Bundle, Condition, Source};
use crate::expression::{Expression, Node, NodeId};

/// A part that costs something to copy.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Part {
    Attributes,
    Groups,
    Roles,
    Client,
    Event,
    Metadata,
}

/// The parts that some rules read.
#[derive(Debug, Default)]
pub(crate) struct Reads(BTreeSet<Part>);

impl Reads {
    /// What the keys of facts read.
    pub(crate) fn of_keys(bundle: &Bundle) -> Self {
        let mut reads = Self::default();
        for expression in bundle.facts.values().flat_map(|fact| fact.key.values()) {
            reads.expression(expression);
        }
        reads
    }

    /// What all rules of a sign-in read, with the keys of its facts.
    pub(crate) fn of_rules(bundle: &Bundle) -> Self {
        let mut reads = Self::of_keys(bundle);
        for rule in &bundle.refuse {
            reads.condition(&rule.condition);
        }
        let claims = bundle.claims.values().map(|claim| (&claim.source, &claim.condition));
        let scopes = bundle.scopes.add.iter().map(|rule| (&rule.source, &rule.condition));
        let groups = bundle.groups.iter().chain(&bundle.roles).map(|rule| (&rule.source, &rule.condition));
        let role = bundle.preferred_role.iter().map(|rule| (&rule.source, &rule.condition));
        for (source, condition) in claims.chain(scopes).chain(groups).chain(role) {
            reads.condition(condition);
            match source {
                Source::From(pointer) => {
                    let mut path = pointer.segments().iter().map(String::as_str);
                    reads.root(path.next().unwrap_or_default(), path.next());
                }
                Source::Expression(expression) => reads.expression(expression),
                Source::Value(_) | Source::Logic(_) => {}
            }
        }
        reads
    }

    pub(crate) fn has(&self, part: Part) -> bool {
        self.0.contains(&part)
    }

    fn condition(&mut self, condition: &Condition) {
        condition.when.iter().for_each(|when| self.expression(when));
    }

    fn expression(&mut self, expression: &Expression) {
        for (id, node) in expression.nodes().iter().enumerate() {
            match node {
                Node::Name(root) if root == "user" => {
                    let id = NodeId::try_from(id).ok();
                    self.root(root, id.and_then(|id| only_member(expression, id)));
                }
                Node::Name(root) => self.root(root, None),
                _ => {}
            }
        }
    }

    /// Notes an input, and the one member of it that is read, if it is known.
    fn root(&mut self, root: &str, member: Option<&str>) {
        let part = match (root, member) {
            ("user", Some("name" | "sub" | "status")) => return,
            ("user", _) => Part::Attributes,
            ("groups", _) => Part::Groups,
            ("roles", _) => Part::Roles,
            ("client", _) => Part::Client,
            ("event", _) => Part::Event,
            ("metadata", _) => Part::Metadata,
            _ => return,
        };
        self.0.insert(part);
    }
}

/// The member that the next node takes, as in `user.name`. A compiled name is used once; where one is not, all is copied.
fn only_member(expression: &Expression, name: NodeId) -> Option<&str> {
    let mut members = expression.nodes().iter().filter_map(|node| match node {
        Node::Field(of, member) | Node::Has(of, member) if *of == name => Some(Some(member.as_str())),
        other => other.uses(name).then_some(None),
    });
    let member = members.next().flatten();
    if members.next().is_some() { None } else { member }
}
