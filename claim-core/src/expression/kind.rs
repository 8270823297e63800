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
            Node::Call(function, _) => function.kind(),
            Node::Choose(_, then, otherwise) => {
                let kind = |id| self.node(id).and_then(|node| self.kind_of(node));
                kind(*then).filter(|of| kind(*otherwise) == Some(*of))
            }
            Node::Null | Node::Double(_) | Node::Name(_) | Node::Field(..) | Node::Index(..) => None,
        }
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
