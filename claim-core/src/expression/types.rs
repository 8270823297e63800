//! What an expression gives, as far as that is known before any input is.

use std::fmt;

use super::{Expression, Function, Macro, Node, NodeId};
use crate::json::{Number, Value};

/// A type of CEL, as far as it is known.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Type {
    /// Not known before the input is.
    Any,
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A whole number.
    Int,
    /// A whole number without a sign.
    Uint,
    /// A number with a fraction.
    Double,
    /// A text.
    Text,
    /// A list of one type of elements.
    List(Box<Self>),
    /// Values by name.
    Map,
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Any => "anything",
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Int => "an int",
            Self::Uint => "a uint",
            Self::Double => "a double",
            Self::Text => "a text",
            Self::List(_) => "a list",
            Self::Map => "a map",
        })
    }
}

/// Two parts of an expression that never go together.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mismatch {
    /// The part that fails.
    pub node: NodeId,
    /// What it is given and what it takes, in one sentence.
    pub message: String,
}

/// What is known of the inputs: the type at a path, for example `["user", "name"]`.
type Inputs<'i> = dyn Fn(&[&str]) -> Type + 'i;

impl Expression {
    /// Returns what the expression gives.
    ///
    /// # Errors
    ///
    /// Returns [`Mismatch`] if some part of it fails for every input.
    pub fn type_of(&self, inputs: &Inputs<'_>) -> Result<Type, Mismatch> {
        let last = NodeId::try_from(self.nodes().len().saturating_sub(1)).unwrap_or(NodeId::MAX);
        let mut check = Check { expression: self, inputs, variables: Vec::new() };
        check.node(last).map(|known| known.of)
    }

    /// Returns the values that the expression may give as they stand in its text: its branches that are constants.
    #[must_use]
    pub fn constants(&self) -> Vec<Value> {
        self.branches().into_iter().filter_map(|branch| self.constant(branch)).collect()
    }

    /// Whether every branch of the expression is a constant.
    #[must_use]
    pub fn has_constant_branches(&self) -> bool {
        self.branches().into_iter().all(|branch| self.constant(branch).is_some())
    }

    /// Whether the expression is a constant, and so has a value whatever the inputs are.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        self.last().is_some_and(|last| self.constant(last).is_some())
    }

    fn last(&self) -> Option<NodeId> {
        NodeId::try_from(self.nodes().len().checked_sub(1)?).ok()
    }

    /// The nodes that a chain of `? :` ends in.
    fn branches(&self) -> Vec<NodeId> {
        let mut branches = Vec::new();
        let mut open: Vec<NodeId> = self.last().into_iter().collect();
        while let Some(id) = open.pop() {
            match self.node(id) {
                Some(Node::Choose(_, then, otherwise)) => open.extend([*otherwise, *then]),
                _ => branches.push(id),
            }
        }
        branches
    }

    /// The value of a literal, or of a list or map of literals. Its depth is bounded by [`super::MAX_DEPTH`].
    fn constant(&self, id: NodeId) -> Option<Value> {
        Some(match self.node(id)? {
            Node::Bool(value) => (*value).into(),
            Node::Int(value) => (*value).into(),
            Node::Uint(value) => (*value).into(),
            Node::Double(value) => Value::Number(Number::from_double(*value)?),
            Node::Text(text) => text.as_str().into(),
            Node::List(nodes) => nodes
                .iter()
                .map(|node| self.constant(*node))
                .collect::<Option<Vec<_>>>()?
                .into_iter()
                .collect(),
            Node::Map(entries) => {
                let mut members = crate::json::Object::new();
                for (key, value) in entries {
                    members.insert(self.constant(*key)?.as_str()?.to_owned(), self.constant(*value)?);
                }
                Value::Object(members)
            }
            _ => return None,
        })
    }
}

/// The type of a node, and the path in the inputs that it names, if it is one.
struct Known<'e> {
    of: Type,
    path: Option<Vec<&'e str>>,
}

impl From<Type> for Known<'_> {
    fn from(of: Type) -> Self {
        Self { of, path: None }
    }
}

struct Check<'e, 'i> {
    expression: &'e Expression,
    inputs: &'i Inputs<'i>,
    variables: Vec<(&'e str, Type)>,
}

type Answer<T> = Result<T, Mismatch>;

impl<'e> Check<'e, '_> {
    fn fail<T>(node: NodeId, message: String) -> Answer<T> {
        Err(Mismatch { node, message })
    }

    fn member(&self, id: NodeId, of: Known<'e>, name: Option<&'e str>) -> Answer<Known<'e>> {
        match of.of {
            Type::Map | Type::Any => {}
            other => return Self::fail(id, format!("a name is read of a map and this is {other}")),
        }
        let Some((mut path, name)) = of.path.zip(name) else {
            return Ok(Type::Any.into());
        };
        path.push(name);
        Ok(Known { of: (self.inputs)(&path), path: Some(path) })
    }

    /// The depth of this recursion is bounded by [`super::MAX_DEPTH`].
    fn node(&mut self, id: NodeId) -> Answer<Known<'e>> {
        let expression = self.expression;
        let Some(node) = expression.node(id) else {
            return Ok(Type::Any.into());
        };
        Ok(match node {
            Node::Null => Type::Null.into(),
            Node::Bool(_) => Type::Bool.into(),
            Node::Int(_) => Type::Int.into(),
            Node::Uint(_) => Type::Uint.into(),
            Node::Double(_) => Type::Double.into(),
            Node::Text(_) => Type::Text.into(),
            Node::Name(name) => match self.variables.iter().rev().find(|(variable, _)| variable == name) {
                Some((_, of)) => of.clone().into(),
                None => Known { of: (self.inputs)(&[name.as_str()]), path: Some(vec![name.as_str()]) },
            },
            Node::Field(of, name) => {
                let of = self.node(*of)?;
                self.member(id, of, Some(name))?
            }
            Node::Has(of, name) => {
                let of = self.node(*of)?;
                self.member(id, of, Some(name))?;
                Type::Bool.into()
            }
            Node::Index(of, index) => self.index(id, *of, *index)?,
            Node::Call(function, arguments) => {
                let types = arguments.iter().map(|id| Ok(self.node(*id)?.of)).collect::<Answer<Vec<_>>>()?;
                call(*function, &types)
                    .map_err(|takes| Mismatch {
                        node: id,
                        message: format!("{takes}, and this is given {}", listed(&types)),
                    })?
                    .into()
            }
            Node::And(nodes) | Node::Or(nodes) => {
                for node in nodes {
                    self.boolean(*node, "each side of `&&` and `||`")?;
                }
                Type::Bool.into()
            }
            Node::Choose(condition, then, otherwise) => {
                self.boolean(*condition, "what stands before `?`")?;
                join(self.node(*then)?.of, self.node(*otherwise)?.of).into()
            }
            Node::List(nodes) => {
                let types = nodes.iter().map(|id| Ok(self.node(*id)?.of)).collect::<Answer<Vec<_>>>()?;
                Type::List(Box::new(types.into_iter().reduce(join).unwrap_or(Type::Any))).into()
            }
            Node::Map(entries) => {
                for (key, value) in entries {
                    match self.node(*key)?.of {
                        Type::Text | Type::Any => {}
                        other => {
                            return Self::fail(*key, format!("a key of a map is a text and this is {other}"));
                        }
                    }
                    self.node(*value)?;
                }
                Type::Map.into()
            }
            Node::Macro { kind, range, variable, filter, body } => {
                let element = match self.node(*range)?.of {
                    Type::List(element) => *element,
                    Type::Map => Type::Text,
                    Type::Any => Type::Any,
                    other => {
                        return Self::fail(
                            id,
                            format!("this ranges over a list or a map and not over {other}"),
                        );
                    }
                };
                self.variables.push((variable, element.clone()));
                let inner = self.inner(*kind, *filter, *body);
                self.variables.pop();
                let body = inner?;
                match kind {
                    Macro::All | Macro::Exists | Macro::ExistsOne => Type::Bool,
                    Macro::Filter => Type::List(Box::new(element)),
                    Macro::Map => Type::List(Box::new(body)),
                }
                .into()
            }
        })
    }

    fn index(&mut self, id: NodeId, of: NodeId, index: NodeId) -> Answer<Known<'e>> {
        let (list, at) = (self.node(of)?, self.node(index)?.of);
        match (list.of, at) {
            (Type::List(element), Type::Int | Type::Uint | Type::Double | Type::Any) => Ok((*element).into()),
            (Type::List(_), other) => {
                Self::fail(id, format!("the place in a list is an int and this is {other}"))
            }
            (of @ (Type::Map | Type::Any), Type::Text | Type::Any) => {
                let name = match self.expression.node(index) {
                    Some(Node::Text(name)) => Some(name.as_str()),
                    _ => None,
                };
                self.member(id, Known { of, path: list.path }, name)
            }
            (Type::Any, Type::Int | Type::Uint | Type::Double) => Ok(Type::Any.into()),
            (Type::Map, other) => Self::fail(id, format!("a name in a map is a text and this is {other}")),
            (other, _) => Self::fail(id, format!("brackets stand after a list or a map and this is {other}")),
        }
    }

    fn inner(&mut self, kind: Macro, filter: Option<NodeId>, body: NodeId) -> Answer<Type> {
        if let Some(filter) = filter {
            self.boolean(filter, "the condition of `map`")?;
        }
        if kind == Macro::Map {
            return Ok(self.node(body)?.of);
        }
        self.boolean(body, "what is asked of each element")?;
        Ok(Type::Bool)
    }

    fn boolean(&mut self, id: NodeId, what: &str) -> Answer<()> {
        match self.node(id)?.of {
            Type::Bool | Type::Any => Ok(()),
            other => Self::fail(id, format!("{what} is a boolean and this is {other}")),
        }
    }
}

fn listed(types: &[Type]) -> String {
    types.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")
}

/// The type of what is one of two.
fn join(a: Type, b: Type) -> Type {
    match (a, b) {
        (Type::List(a), Type::List(b)) => Type::List(Box::new(join(*a, *b))),
        (a, b) if a == b => a,
        _ => Type::Any,
    }
}

const fn is_number(of: &Type) -> bool {
    matches!(of, Type::Int | Type::Uint | Type::Double | Type::Any)
}

const fn is_text(of: &Type) -> bool {
    matches!(of, Type::Text | Type::Any)
}

/// Whether `==` may ever hold between two types: numbers are equal across types, and null is asked for.
fn may_equal(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Any | Type::Null, _) | (_, Type::Any | Type::Null) => true,
        (Type::List(a), Type::List(b)) => may_equal(a, b),
        (a, b) => a == b || (is_number(a) && is_number(b)),
    }
}

/// Returns what a function gives for these types; the error says what it takes.
fn call(function: Function, types: &[Type]) -> Result<Type, &'static str> {
    let (a, b) = (types.first().unwrap_or(&Type::Any), types.get(1).unwrap_or(&Type::Any));
    let when = |holds: bool, of: Type, takes: &'static str| if holds { Ok(of) } else { Err(takes) };
    let texts = |of: Type, takes: &'static str| when(types.iter().all(is_text), of, takes);
    match function {
        Function::Add => match (a, b) {
            (Type::List(a), Type::List(b)) => Ok(Type::List(Box::new(join((**a).clone(), (**b).clone())))),
            _ => same(a, b, &[Type::Int, Type::Uint, Type::Double, Type::Text])
                .ok_or("`+` takes two numbers of one type, two texts or two lists"),
        },
        Function::Subtract | Function::Multiply | Function::Divide => {
            same(a, b, &[Type::Int, Type::Uint, Type::Double])
                .ok_or("`-`, `*` and `/` take two numbers of one type")
        }
        Function::Modulo => same(a, b, &[Type::Int, Type::Uint]).ok_or("`%` takes two ints or two uints"),
        Function::Negate => {
            when(matches!(a, Type::Int | Type::Double | Type::Any), a.clone(), "`-` takes an int or a double")
        }
        Function::Not => when(matches!(a, Type::Bool | Type::Any), Type::Bool, "`!` takes a boolean"),
        Function::Equal | Function::NotEqual => when(
            may_equal(a, b),
            Type::Bool,
            "`==` and `!=` compare values of one kind; others are never equal",
        ),
        Function::Less | Function::LessEqual | Function::Greater | Function::GreaterEqual => {
            let ordered = (is_number(a) && is_number(b))
                || (is_text(a) && is_text(b))
                || (matches!(a, Type::Bool | Type::Any) && matches!(b, Type::Bool | Type::Any));
            when(ordered, Type::Bool, "an order has two numbers, two texts or two booleans")
        }
        Function::In => match b {
            Type::List(element) => {
                when(may_equal(a, element), Type::Bool, "`in` looks for an element of the list's own kind")
            }
            Type::Map => when(is_text(a), Type::Bool, "`in` looks for a text among a map's names"),
            Type::Any => Ok(Type::Bool),
            _ => Err("`in` looks into a list or a map; for a part of a text there is `contains`"),
        },
        Function::Size => when(
            matches!(a, Type::Text | Type::List(_) | Type::Map | Type::Any),
            Type::Int,
            "`size` takes a text, a list or a map",
        ),
        Function::Bool => {
            when(matches!(a, Type::Bool | Type::Text | Type::Any), Type::Bool, "`bool` takes a text")
        }
        Function::Int => when(is_number(a) || is_text(a), Type::Int, "`int` takes a number or a text"),
        Function::Uint => when(is_number(a) || is_text(a), Type::Uint, "`uint` takes a number or a text"),
        Function::Double => {
            when(is_number(a) || is_text(a), Type::Double, "`double` takes a number or a text")
        }
        Function::String => when(
            is_number(a) || matches!(a, Type::Text | Type::Bool),
            Type::Text,
            "`string` takes a number, a boolean or a text",
        ),
        Function::Contains | Function::EndsWith | Function::StartsWith => {
            texts(Type::Bool, "`contains`, `startsWith` and `endsWith` take two texts")
        }
        Function::IndexOf => when(
            of_texts(types, 2),
            Type::Int,
            "`indexOf` takes two texts, and an int to begin at if you like",
        ),
        Function::Split => when(
            of_texts(types, 2),
            Type::List(Box::new(Type::Text)),
            "`split` takes two texts, and an int for the number of parts if you like",
        ),
        Function::Replace => when(
            of_texts(types, 3),
            Type::Text,
            "`replace` takes three texts, and an int for how often if you like",
        ),
        Function::LowerAscii | Function::UpperAscii | Function::Trim => {
            texts(Type::Text, "`lowerAscii`, `upperAscii` and `trim` take a text")
        }
        Function::Join => {
            let list = match a {
                Type::List(element) => is_text(element),
                other => *other == Type::Any,
            };
            when(list && is_text(b), Type::Text, "`join` takes a list of texts and a text between them")
        }
        Function::Substring => {
            let places = types.iter().skip(1).all(|of| matches!(of, Type::Int | Type::Any));
            when(is_text(a) && places, Type::Text, "`substring` takes a text and one or two ints")
        }
    }
}

/// Whether so many texts come first, and only ints follow.
fn of_texts(types: &[Type], count: usize) -> bool {
    types.iter().take(count).all(is_text)
        && types.iter().skip(count).all(|of| matches!(of, Type::Int | Type::Any))
}

/// The one of some types that both may be; any, if neither is known.
fn same(a: &Type, b: &Type, allowed: &[Type]) -> Option<Type> {
    match (a, b) {
        (Type::Any, Type::Any) => Some(Type::Any),
        (Type::Any, Type::List(_)) | (Type::List(_), Type::Any) if allowed.contains(&Type::Text) => {
            Some(Type::List(Box::new(Type::Any)))
        }
        (Type::Any, known) | (known, Type::Any) => allowed.contains(known).then(|| known.clone()),
        (a, b) => (a == b && allowed.contains(a)).then(|| a.clone()),
    }
}
