//! What kind of value an expression gives, as far as its outermost operator says so.

use super::{Expression, Function, Macro, Node};
use crate::contract::Kind;

impl Expression {
    /// Returns the kind of every value that the expression gives; none if it may give several, or the inputs decide.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        self.nodes().last().and_then(|last| self.kind_of(last))
    }

    /// The depth of this recursion is bounded by [`super::MAX_DEPTH`].
    fn kind_of(&self, node: &Node) -> Option<Kind> {
        match node {
            Node::Bool(_)
            | Node::Has(..)
            | Node::And(_)
            | Node::Or(_)
            | Node::Macro { kind: Macro::All | Macro::Exists | Macro::ExistsOne, .. } => Some(Kind::Boolean),
            Node::Int(_) | Node::Uint(_) => Some(Kind::Integer),
            Node::Text(_) => Some(Kind::String),
            Node::List(_) | Node::Macro { kind: Macro::Filter | Macro::Map, .. } => Some(Kind::Array),
            Node::Map(_) => Some(Kind::Object),
            // What is added is of one type.
            Node::Call(Function::Add, arguments) => {
                let mut kinds =
                    arguments.iter().filter_map(|id| self.node(*id)).filter_map(|node| self.kind_of(node));
                kinds.find(|kind| matches!(kind, Kind::String | Kind::Array))
            }
            Node::Call(function, _) => function.kind(),
            Node::Choose(_, then, otherwise) => {
                let kind = |id| self.node(id).and_then(|node| self.kind_of(node));
                kind(*then).filter(|of| kind(*otherwise) == Some(*of))
            }
            Node::Field(..) | Node::Index(..) => {
                self.path(node).filter(|path| is_text_at(path)).map(|_| Kind::String)
            }
            Node::Null | Node::Double(_) | Node::Name(_) => None,
        }
    }

    /// The path of an input that a node is, for example `["user", "name"]`; none if it is something else.
    fn path<'e>(&'e self, node: &'e Node) -> Option<Vec<&'e str>> {
        if let Node::Name(root) = node {
            return Some(Vec::from([root.as_str()]));
        }
        let (of, name) = self.member(node)?;
        let mut path = self.path(self.node(of)?)?;
        path.push(name);
        Some(path)
    }
}

/// Whether an input is a text wherever it is there.
pub(crate) fn is_text_at(path: &[&str]) -> bool {
    match path {
        ["user", name] => *name != "attributes",
        ["event", name] => *name != "scopes",
        ["client" | "token" | "metadata", _] | ["user", "attributes", _] => true,
        _ => false,
    }
}

impl Function {
    const fn kind(self) -> Option<Kind> {
        match self {
            Self::Not
            | Self::Equal
            | Self::NotEqual
            | Self::Less
            | Self::LessEqual
            | Self::Greater
            | Self::GreaterEqual
            | Self::In
            | Self::Bool
            | Self::Contains
            | Self::EndsWith
            | Self::StartsWith => Some(Kind::Boolean),
            Self::Size | Self::Int | Self::Uint | Self::IndexOf => Some(Kind::Integer),
            Self::String
            | Self::Join
            | Self::LowerAscii
            | Self::Replace
            | Self::Substring
            | Self::Trim
            | Self::UpperAscii => Some(Kind::String),
            Self::Split => Some(Kind::Array),
            // Numbers of several types, texts and lists are added, and a whole double is written as an integer.
            Self::Add
            | Self::Subtract
            | Self::Multiply
            | Self::Divide
            | Self::Modulo
            | Self::Negate
            | Self::Double => None,
        }
    }
}
