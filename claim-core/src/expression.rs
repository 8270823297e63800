//! The one expression language of a contract: CEL, parsed when the contract is compiled and evaluated here.
//!
//! The `cel` crate parses; its evaluator is not used, for three reasons.
//! It iterates hash maps, so that one expression could answer differently on two engines; it has no cost limit, so that
//! a short expression could hold up a sign-in; and a component would parse the text again for every user.
//! The tests compare the two evaluators.

mod evaluate;
mod function;
mod item;
mod kind;
#[cfg(feature = "authoring")]
mod parse;
mod text;
#[cfg(feature = "authoring")]
mod types;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use self::evaluate::{Budget, EvaluationError};
pub use self::function::Function;
pub(crate) use self::kind::is_text_at;
#[cfg(feature = "authoring")]
pub use self::parse::{MAX_SOURCE, Spans, SyntaxError, parse, parse_with_spans};
#[cfg(feature = "authoring")]
pub use self::types::{Mismatch, Type};

/// How many nodes an expression may have. The longest in our examples has 20.
pub const MAX_NODES: usize = 512;

/// How deep nodes may stand in each other, so that evaluation fits the smallest stack it runs on.
pub const MAX_DEPTH: usize = 48;

/// A parsed expression: its nodes, each after the nodes it uses; the last one is the whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Node>", into = "Vec<Node>")]
pub struct Expression(Vec<Node>);

/// The place of a node in its expression.
pub type NodeId = u32;

/// One step of an expression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Node {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// `7`
    Int(i64),
    /// `7u`
    Uint(u64),
    /// `7.0`
    Double(f64),
    /// `"text"`
    Text(String),
    /// An input or the variable of a macro.
    Name(String),
    /// `of.name`
    Field(NodeId, String),
    /// `has(of.name)`
    Has(NodeId, String),
    /// `of[index]`
    Index(NodeId, NodeId),
    /// An operator or a function.
    Call(Function, Vec<NodeId>),
    /// `a && b && …`
    And(Vec<NodeId>),
    /// `a || b || …`
    Or(Vec<NodeId>),
    /// `condition ? then : otherwise`
    Choose(NodeId, NodeId, NodeId),
    /// `[a, b, …]`
    List(Vec<NodeId>),
    /// `{"a": x, …}`
    Map(Vec<(NodeId, NodeId)>),
    /// `range.all(variable, body)` and its kin.
    Macro {
        /// Which one.
        kind: Macro,
        /// The list, or the map whose keys are meant.
        range: NodeId,
        /// The name that stands for each element.
        variable: String,
        /// The condition of a `map` with three arguments.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filter: Option<NodeId>,
        /// What is asked of, or made of, each element.
        body: NodeId,
    },
}

/// The macros of CEL that range over a list or over the keys of a map.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Macro {
    /// Whether the body holds for every element.
    All,
    /// Whether the body holds for some element.
    Exists,
    /// Whether the body holds for exactly one element.
    ExistsOne,
    /// The elements for which the body holds.
    Filter,
    /// The body of each element.
    Map,
}

impl Node {
    /// Shows each node this one uses.
    pub(crate) fn each_child(&self, mut show: impl FnMut(NodeId)) {
        match self {
            Self::Null
            | Self::Bool(_)
            | Self::Int(_)
            | Self::Uint(_)
            | Self::Double(_)
            | Self::Text(_)
            | Self::Name(_) => {}
            Self::Field(of, _) | Self::Has(of, _) => show(*of),
            Self::Index(of, index) => [*of, *index].into_iter().for_each(show),
            Self::Call(_, nodes) | Self::And(nodes) | Self::Or(nodes) | Self::List(nodes) => {
                nodes.iter().copied().for_each(show);
            }
            Self::Choose(condition, then, otherwise) => {
                [*condition, *then, *otherwise].into_iter().for_each(show);
            }
            Self::Map(entries) => entries.iter().flat_map(|&(key, value)| [key, value]).for_each(show),
            Self::Macro { range, filter, body, .. } => {
                [*range, *body].into_iter().chain(*filter).for_each(show);
            }
        }
    }
}

/// Why nodes are no expression.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum InvalidExpression {
    /// There is no node.
    Empty,
    /// There are more than [`MAX_NODES`].
    TooLong,
    /// They stand more than [`MAX_DEPTH`] deep in each other.
    TooDeep,
    /// A node uses one that does not stand before it.
    BadOrder,
    /// Two nodes use the same one: what walks them all would walk it once for each way to it.
    UsedTwice,
    /// A function has the wrong number of arguments.
    BadCall,
}

impl std::fmt::Display for InvalidExpression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Empty => "an expression is empty",
            Self::TooLong => "an expression has more than 512 parts; split it into several claims",
            Self::TooDeep => "an expression is nested more than 48 deep; split it into several claims",
            Self::BadOrder => "an expression uses a part that does not stand before it",
            Self::UsedTwice => "an expression uses a part twice",
            Self::BadCall => "a function of an expression has the wrong number of arguments",
        })
    }
}

impl TryFrom<Vec<Node>> for Expression {
    type Error = InvalidExpression;

    fn try_from(nodes: Vec<Node>) -> Result<Self, InvalidExpression> {
        if nodes.is_empty() {
            return Err(InvalidExpression::Empty);
        }
        if nodes.len() > MAX_NODES {
            return Err(InvalidExpression::TooLong);
        }
        let mut depths: Vec<usize> = Vec::with_capacity(nodes.len());
        let mut used: Vec<bool> = Vec::with_capacity(nodes.len());
        for node in &nodes {
            if let Node::Call(function, arguments) = node
                && !function.takes(arguments.len())
            {
                return Err(InvalidExpression::BadCall);
            }
            let mut deepest = Some(0);
            let mut again = false;
            node.each_child(|child| {
                let child = usize::try_from(child).unwrap_or(usize::MAX);
                let depth = depths.get(child).copied();
                deepest = deepest.zip(depth).map(|(one, other)| one.max(other));
                again |= used.get_mut(child).is_some_and(|used| std::mem::replace(used, true));
            });
            let depth = deepest.ok_or(InvalidExpression::BadOrder)?.saturating_add(1);
            if depth > MAX_DEPTH {
                return Err(InvalidExpression::TooDeep);
            }
            if again {
                return Err(InvalidExpression::UsedTwice);
            }
            depths.push(depth);
            used.push(false);
        }
        Ok(Self(nodes))
    }
}

impl From<Expression> for Vec<Node> {
    fn from(expression: Expression) -> Self {
        expression.0
    }
}

impl Expression {
    /// Returns the nodes, each after the nodes it uses.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.0
    }

    pub(crate) fn node(&self, id: NodeId) -> Option<&Node> {
        self.0.get(usize::try_from(id).ok()?)
    }

    /// The one member that a node takes of another, or asks for, if its name stands there.
    fn member<'e>(&'e self, node: &'e Node) -> Option<(NodeId, &'e str)> {
        let (of, key) = match node {
            Node::Field(of, name) | Node::Has(of, name) => return Some((*of, name)),
            Node::Index(of, key) => (of, key),
            Node::Call(Function::In, arguments) => match arguments.as_slice() {
                [key, of] => (of, key),
                _ => return None,
            },
            _ => return None,
        };
        match self.node(*key) {
            Some(Node::Text(name)) => Some((*of, name)),
            _ => None,
        }
    }

    /// Shows how the expression uses its inputs and variables: each name, with the one member that is taken of it, or none
    /// where it is taken whole or by a name that is computed.
    pub(crate) fn each_use<'e>(&'e self, mut show: impl FnMut(&'e str, Option<&'e str>)) {
        let name = |id: NodeId| match self.node(id) {
            Some(Node::Name(name)) => Some(name.as_str()),
            _ => None,
        };
        for node in &self.0 {
            match self.member(node).and_then(|(of, member)| Some((name(of)?, member))) {
                Some((input, member)) => show(input, Some(member)),
                None => node.each_child(|child| name(child).into_iter().for_each(|input| show(input, None))),
            }
        }
        if let Some(Node::Name(input)) = self.0.last() {
            show(input, None);
        }
    }

    /// Returns what the expression reads of its inputs, as paths, for example `["facts", "profile", "tier"]`.
    ///
    /// A path ends where a name is computed. A macro's variable never hides an input, because `parse` refuses such a
    /// variable, and is left out.
    #[must_use]
    pub fn inputs(&self) -> BTreeSet<Vec<&str>> {
        let mut paths: Vec<Option<Vec<&str>>> = Vec::with_capacity(self.0.len());
        let mut variables = BTreeSet::new();
        for node in &self.0 {
            let step = match node {
                Node::Name(root) => Some((None, root.as_str())),
                other => self.member(other).map(|(of, name)| (Some(of), name)),
            };
            if let Node::Macro { variable, .. } = node {
                variables.insert(variable.as_str());
            }
            let path = step.and_then(|(of, name)| {
                let Some(of) = of else {
                    return Some(vec![name]);
                };
                // The longer path says more: it stands in place of the one that it goes on from.
                let mut path = paths.get_mut(usize::try_from(of).ok()?)?.take()?;
                path.push(name);
                Some(path)
            });
            paths.push(path);
        }
        paths
            .into_iter()
            .flatten()
            .filter(|path| path.first().is_some_and(|root| !variables.contains(root)))
            .collect()
    }
}
