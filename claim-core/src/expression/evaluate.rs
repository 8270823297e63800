//! What an expression gives for its inputs, within a budget.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;

use super::item::{Item, List, Map, Text};
use super::{Expression, Macro, Node, NodeId};
use crate::json::{Object, Value};

/// The work that expressions may do together, in steps of about ten nanoseconds: those that make one user's tokens, one
/// rule of a decision, all values of its context.
#[derive(Debug)]
pub struct Budget(Cell<u64>);

impl Budget {
    /// Some thirty milliseconds in a component: a hundred times what the largest contract of our examples needs.
    pub const DEFAULT: u64 = 1_000_000;

    /// Returns a budget of so many steps.
    #[must_use]
    pub const fn new(steps: u64) -> Self {
        Self(Cell::new(steps))
    }

    pub(super) fn spend(&self, steps: u64) -> Result<(), EvaluationError> {
        let left = self.0.get().checked_sub(steps);
        self.0.set(left.unwrap_or(0));
        left.map(drop).ok_or(EvaluationError::CostExceeded)
    }

    /// Spends what touching so many bytes costs.
    pub(super) fn spend_on(&self, bytes: usize) -> Result<(), EvaluationError> {
        self.spend(u64::try_from(bytes / 16).unwrap_or(u64::MAX))
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self::new(Self::DEFAULT)
    }
}

/// Why an expression gives no value. It names nothing of the inputs, because they are personal.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EvaluationError {
    /// A field, key or input is not there: absence rather than a mistake.
    NoSuchKey,
    /// An operator or function does not take values of these types.
    NoSuchOverload,
    /// A list has no element at that place.
    OutOfRange,
    /// A number leaves the range of its type.
    Overflow,
    /// A division by zero.
    DivisionByZero,
    /// A text cannot be converted to what is asked for.
    BadConversion,
    /// The value cannot be said in JSON: infinity, or not a number.
    NotJson,
    /// The expressions have used up the budget that they have together.
    CostExceeded,
    /// The expression's nodes are not in order. [`Expression`] makes sure that they are.
    Malformed,
}

impl EvaluationError {
    /// Returns the stable code of the error.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoSuchKey => "no-such-key",
            Self::NoSuchOverload => "no-such-overload",
            Self::OutOfRange => "out-of-range",
            Self::Overflow => "overflow",
            Self::DivisionByZero => "division-by-zero",
            Self::BadConversion => "bad-conversion",
            Self::NotJson => "not-json",
            Self::CostExceeded => "cost-exceeded",
            Self::Malformed => "malformed-expression",
        }
    }
}

impl fmt::Display for EvaluationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSuchKey => "a field or key is not there; test it with `has(…)` or `in`",
            Self::NoSuchOverload => "an operator or function does not take values of these types",
            Self::OutOfRange => "a list has no element at that place",
            Self::Overflow => "a number leaves the range of its type",
            Self::DivisionByZero => "a number is divided by zero",
            Self::BadConversion => "a text cannot be converted to the number or boolean that is asked for",
            Self::NotJson => "the value is infinite or not a number, which json cannot say",
            Self::CostExceeded => "the expressions of this request take too many steps",
            Self::Malformed => "the expression's parts are not in order",
        })
    }
}

impl Expression {
    /// Evaluates the expression.
    ///
    /// # Errors
    ///
    /// Returns [`EvaluationError`] if it has no value for these inputs, or not within the budget.
    pub fn evaluate(&self, inputs: &Object, budget: &Budget) -> Result<Value, EvaluationError> {
        let evaluation = Evaluation { expression: self, inputs, budget };
        let last = self.nodes().len().checked_sub(1).and_then(|last| NodeId::try_from(last).ok());
        evaluation.node(last.ok_or(EvaluationError::Malformed)?, None)?.into_value(budget)
    }
}

/// The variables of the macros around a node, innermost first.
#[derive(Clone, Copy)]
struct Scope<'s, 'a> {
    variable: &'a str,
    item: &'s Item<'a>,
    outer: Option<&'s Self>,
}

struct Evaluation<'a> {
    expression: &'a Expression,
    inputs: &'a Object,
    budget: &'a Budget,
}

type Answer<'a> = Result<Item<'a>, EvaluationError>;

impl<'a> Evaluation<'a> {
    /// The depth of this recursion is bounded by [`super::MAX_DEPTH`].
    fn node(&self, id: NodeId, scope: Option<&Scope<'_, 'a>>) -> Answer<'a> {
        self.budget.spend(1)?;
        match self.expression.node(id).ok_or(EvaluationError::Malformed)? {
            Node::Null => Ok(Item::Null),
            Node::Bool(value) => Ok(Item::Bool(*value)),
            Node::Int(value) => Ok(Item::Int(*value)),
            Node::Uint(value) => Ok(Item::Uint(*value)),
            Node::Double(value) => Ok(Item::Double(*value)),
            Node::Text(text) => Ok(Item::Text(Text::Given(text))),
            Node::Name(name) => self.name(name, scope),
            Node::Field(of, name) => match self.node(*of, scope)? {
                Item::Map(map) => map.get(name).ok_or(EvaluationError::NoSuchKey),
                _ => Err(EvaluationError::NoSuchOverload),
            },
            Node::Has(of, name) => match self.node(*of, scope)? {
                Item::Map(map) => Ok(Item::Bool(map.get(name).is_some())),
                _ => Err(EvaluationError::NoSuchOverload),
            },
            Node::Index(of, index) => match (self.node(*of, scope)?, self.node(*index, scope)?) {
                (Item::Map(map), Item::Text(key)) => {
                    map.find(&key, self.budget)?.ok_or(EvaluationError::NoSuchKey)
                }
                (Item::List(list), at) => {
                    let at = at.place()?;
                    usize::try_from(at).ok().and_then(|at| list.get(at)).ok_or(EvaluationError::OutOfRange)
                }
                _ => Err(EvaluationError::NoSuchOverload),
            },
            Node::Call(function, arguments) => {
                let arguments =
                    arguments.iter().map(|id| self.node(*id, scope)).collect::<Result<Vec<_>, _>>()?;
                function.apply(arguments, self.budget)
            }
            Node::And(nodes) => decide(nodes.iter().map(|id| self.node(*id, scope)), false),
            Node::Or(nodes) => decide(nodes.iter().map(|id| self.node(*id, scope)), true),
            Node::Choose(condition, then, otherwise) => match self.node(*condition, scope)? {
                Item::Bool(true) => self.node(*then, scope),
                Item::Bool(false) => self.node(*otherwise, scope),
                _ => Err(EvaluationError::NoSuchOverload),
            },
            Node::List(nodes) => {
                let items = nodes.iter().map(|id| self.node(*id, scope)).collect::<Result<_, _>>()?;
                Ok(Item::List(List::Items(items)))
            }
            Node::Map(entries) => {
                let mut map = BTreeMap::new();
                for (key, value) in entries {
                    let Item::Text(key) = self.node(*key, scope)? else {
                        return Err(EvaluationError::NoSuchOverload);
                    };
                    self.budget.spend_on(key.len())?;
                    if map.insert(key, self.node(*value, scope)?).is_some() {
                        return Err(EvaluationError::NoSuchOverload);
                    }
                }
                Ok(Item::Map(Map::Items(map.into())))
            }
            Node::Macro { kind, range, variable, filter, body } => {
                let elements = match self.node(*range, scope)? {
                    Item::List(list) => list.iter().collect(),
                    Item::Map(map) => map.keys(),
                    _ => return Err(EvaluationError::NoSuchOverload),
                };
                self.budget.spend(u64::try_from(elements.len()).unwrap_or(u64::MAX))?;
                let each = |id: NodeId, item: &Item<'a>| {
                    self.node(id, Some(&Scope { variable, item, outer: scope }))
                };
                expand(*kind, *filter, *body, elements, each)
            }
        }
    }

    fn name(&self, name: &str, scope: Option<&Scope<'_, 'a>>) -> Answer<'a> {
        let mut scope = scope;
        while let Some(inner) = scope {
            if inner.variable == name {
                return Ok(inner.item.clone());
            }
            scope = inner.outer;
        }
        self.inputs.get(name).map(Item::from).ok_or(EvaluationError::NoSuchKey)
    }
}

/// Expands a macro over the elements of its range.
fn expand<'a>(
    kind: Macro,
    filter: Option<NodeId>,
    body: NodeId,
    elements: Vec<Item<'a>>,
    each: impl Fn(NodeId, &Item<'a>) -> Answer<'a>,
) -> Answer<'a> {
    match kind {
        Macro::All => decide(elements.iter().map(|item| each(body, item)), false),
        Macro::Exists => decide(elements.iter().map(|item| each(body, item)), true),
        Macro::ExistsOne => {
            let mut found: u64 = 0;
            for item in &elements {
                found = found.saturating_add(u64::from(truth(&each(body, item)?)?));
            }
            Ok(Item::Bool(found == 1))
        }
        Macro::Filter => {
            let mut kept = Vec::new();
            for item in elements {
                if truth(&each(body, &item)?)? {
                    kept.push(item);
                }
            }
            Ok(Item::List(List::Items(kept.into())))
        }
        Macro::Map => {
            let mut made = Vec::new();
            for item in &elements {
                if match filter {
                    Some(filter) => truth(&each(filter, item)?)?,
                    None => true,
                } {
                    made.push(each(body, item)?);
                }
            }
            Ok(Item::List(List::Items(made.into())))
        }
    }
}

fn truth(item: &Item<'_>) -> Result<bool, EvaluationError> {
    match item {
        Item::Bool(value) => Ok(*value),
        _ => Err(EvaluationError::NoSuchOverload),
    }
}

/// CEL's `&&` and `||`: the deciding value wins over any error, whichever comes first.
fn decide<'a>(answers: impl Iterator<Item = Answer<'a>>, deciding: bool) -> Answer<'a> {
    let mut error = None;
    for answer in answers {
        match answer.and_then(|item| truth(&item)) {
            Ok(value) if value == deciding => return Ok(Item::Bool(deciding)),
            Ok(_) => {}
            // The budget is not a value of the expression: nothing overrides that it is spent.
            Err(EvaluationError::CostExceeded) => return Err(EvaluationError::CostExceeded),
            Err(other) => error = error.or(Some(other)),
        }
    }
    error.map_or(Ok(Item::Bool(!deciding)), Err)
}
