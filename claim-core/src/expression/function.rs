//! The operators and functions of the language.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::evaluate::{Budget, EvaluationError};
use super::item::{Item, List};
use crate::json::Number;

/// An operator or a function. Methods take what stands before the dot as their first argument.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "each is the operator or function of CEL that has its name; `table` spells it"
)]
pub enum Function {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Negate,
    Not,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    Size,
    Bool,
    Double,
    Int,
    String,
    Uint,
    Contains,
    EndsWith,
    StartsWith,
    IndexOf,
    Join,
    LowerAscii,
    Replace,
    Split,
    Substring,
    Trim,
    UpperAscii,
}

/// Every function: how CEL writes it, whether as a method, and how many arguments it takes, the receiver included.
const TABLE: [(Function, &str, bool, usize, usize); 31] = [
    (Function::Add, "_+_", false, 2, 2),
    (Function::Subtract, "_-_", false, 2, 2),
    (Function::Multiply, "_*_", false, 2, 2),
    (Function::Divide, "_/_", false, 2, 2),
    (Function::Modulo, "_%_", false, 2, 2),
    (Function::Negate, "-_", false, 1, 1),
    (Function::Not, "!_", false, 1, 1),
    (Function::Equal, "_==_", false, 2, 2),
    (Function::NotEqual, "_!=_", false, 2, 2),
    (Function::Less, "_<_", false, 2, 2),
    (Function::LessEqual, "_<=_", false, 2, 2),
    (Function::Greater, "_>_", false, 2, 2),
    (Function::GreaterEqual, "_>=_", false, 2, 2),
    (Function::In, "@in", false, 2, 2),
    (Function::Size, "size", true, 1, 1),
    (Function::Bool, "bool", false, 1, 1),
    (Function::Double, "double", false, 1, 1),
    (Function::Int, "int", false, 1, 1),
    (Function::String, "string", false, 1, 1),
    (Function::Uint, "uint", false, 1, 1),
    (Function::Contains, "contains", true, 2, 2),
    (Function::EndsWith, "endsWith", true, 2, 2),
    (Function::StartsWith, "startsWith", true, 2, 2),
    (Function::IndexOf, "indexOf", true, 2, 3),
    (Function::Join, "join", true, 1, 2),
    (Function::LowerAscii, "lowerAscii", true, 1, 1),
    (Function::Replace, "replace", true, 3, 4),
    (Function::Split, "split", true, 2, 3),
    (Function::Substring, "substring", true, 2, 3),
    (Function::Trim, "trim", true, 1, 1),
    (Function::UpperAscii, "upperAscii", true, 1, 1),
];

impl Function {
    /// Finds a function by CEL's name for it. `size` is a function and a method; the others are one of the two.
    #[must_use]
    pub fn named(name: &str, method: bool) -> Option<Self> {
        TABLE
            .iter()
            .find(|(function, text, as_method, ..)| {
                *text == name && (method == *as_method || *function == Self::Size)
            })
            .map(|row| row.0)
    }

    /// Returns the names of the functions and methods that a person may write.
    pub fn names() -> impl Iterator<Item = &'static str> {
        TABLE.iter().map(|row| row.1).filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
    }

    /// Whether the function takes so many arguments, the receiver included.
    #[must_use]
    pub fn takes(self, arguments: usize) -> bool {
        TABLE
            .iter()
            .any(|(function, _, _, least, most)| *function == self && (*least..=*most).contains(&arguments))
    }

    pub(super) fn apply<'a>(
        self,
        arguments: Vec<Item<'a>>,
        budget: &Budget,
    ) -> Result<Item<'a>, EvaluationError> {
        if let [Item::Text(a), rest @ ..] = arguments.as_slice()
            && let Some(answer) = self.on_text(a, rest, budget)
        {
            return answer;
        }
        let mut arguments = arguments.into_iter();
        match (arguments.next(), arguments.next(), arguments.next()) {
            (Some(a), None, None) => self.unary(a, budget),
            (Some(a), Some(b), None) => self.binary(a, b, budget),
            _ => Err(EvaluationError::NoSuchOverload),
        }
    }

    fn unary<'a>(self, a: Item<'a>, budget: &Budget) -> Result<Item<'a>, EvaluationError> {
        Ok(match (self, a) {
            (Self::Not, Item::Bool(a)) => Item::Bool(!a),
            (Self::Negate, Item::Int(a)) => Item::Int(a.checked_neg().ok_or(EvaluationError::Overflow)?),
            (Self::Negate, Item::Double(a)) => Item::Double(-a),
            (Self::Size, Item::Text(a)) => {
                budget.spend_on(a.len())?;
                length(a.chars().count())?
            }
            (Self::Size, Item::List(a)) => length(a.len())?,
            (Self::Size, Item::Map(a)) => length(a.len())?,
            (Self::Join, Item::List(a)) => join(&a, "", budget)?,
            (Self::Bool | Self::Int | Self::Uint | Self::Double | Self::String, a) => {
                if let Item::Text(a) = &a {
                    budget.spend_on(a.len())?;
                }
                self.convert(a)?
            }
            _ => return Err(EvaluationError::NoSuchOverload),
        })
    }

    fn binary<'a>(self, a: Item<'a>, b: Item<'a>, budget: &Budget) -> Result<Item<'a>, EvaluationError> {
        use Ordering::{Equal, Greater, Less};
        if let (Item::Text(a), Item::Text(b)) = (&a, &b) {
            budget.spend_on(a.len().min(b.len()))?;
        }
        let ordered = |holds: fn(Ordering) -> bool| match (a.compare(&b), &a, &b) {
            (Some(order), ..) => Ok(Item::Bool(holds(order))),
            // Not-a-number is neither less nor greater than anything.
            (None, Item::Double(_), Item::Double(_) | Item::Int(_) | Item::Uint(_))
            | (None, Item::Int(_) | Item::Uint(_), Item::Double(_)) => Ok(Item::Bool(false)),
            _ => Err(EvaluationError::NoSuchOverload),
        };
        match self {
            Self::Equal => a.equals(&b, budget).map(Item::Bool),
            Self::NotEqual => a.equals(&b, budget).map(|equal| Item::Bool(!equal)),
            Self::Less => ordered(|order| order == Less),
            Self::LessEqual => ordered(|order| order != Greater),
            Self::Greater => ordered(|order| order == Greater),
            Self::GreaterEqual => ordered(|order| matches!(order, Greater | Equal)),
            Self::In => is_in(&a, &b, budget),
            Self::Add => add(a, b, budget),
            Self::Subtract | Self::Multiply | Self::Divide | Self::Modulo => self.arithmetic(&a, &b),
            Self::Join => match (a, b) {
                (Item::List(list), Item::Text(separator)) => join(&list, &separator, budget),
                _ => Err(EvaluationError::NoSuchOverload),
            },
            _ => Err(EvaluationError::NoSuchOverload),
        }
    }

    fn arithmetic<'a>(self, a: &Item<'a>, b: &Item<'a>) -> Result<Item<'a>, EvaluationError> {
        let by_zero = matches!((a, b), (Item::Int(_), Item::Int(0)) | (Item::Uint(_), Item::Uint(0)));
        if by_zero && matches!(self, Self::Divide | Self::Modulo) {
            return Err(EvaluationError::DivisionByZero);
        }
        let item = match (a, b) {
            (Item::Int(a), Item::Int(b)) => match self {
                Self::Subtract => a.checked_sub(*b),
                Self::Multiply => a.checked_mul(*b),
                Self::Divide => a.checked_div(*b),
                _ => a.checked_rem(*b),
            }
            .map(Item::Int),
            (Item::Uint(a), Item::Uint(b)) => match self {
                Self::Subtract => a.checked_sub(*b),
                Self::Multiply => a.checked_mul(*b),
                Self::Divide => a.checked_div(*b),
                _ => a.checked_rem(*b),
            }
            .map(Item::Uint),
            (Item::Double(a), Item::Double(b)) => match self {
                Self::Subtract => Some(a - b),
                Self::Multiply => Some(a * b),
                Self::Divide => Some(a / b),
                _ => return Err(EvaluationError::NoSuchOverload),
            }
            .map(Item::Double),
            _ => return Err(EvaluationError::NoSuchOverload),
        };
        item.ok_or(EvaluationError::Overflow)
    }

    fn convert(self, a: Item<'_>) -> Result<Item<'_>, EvaluationError> {
        use EvaluationError::{BadConversion, NoSuchOverload, Overflow};
        Ok(match (self, a) {
            (Self::Bool, a @ Item::Bool(_))
            | (Self::Int, a @ Item::Int(_))
            | (Self::Uint, a @ Item::Uint(_))
            | (Self::Double, a @ Item::Double(_))
            | (Self::String, a @ Item::Text(_)) => a,
            (Self::Bool, Item::Text(a)) => match &*a {
                "true" | "True" | "TRUE" | "t" | "1" => Item::Bool(true),
                "false" | "False" | "FALSE" | "f" | "0" => Item::Bool(false),
                _ => return Err(BadConversion),
            },
            (Self::Int, Item::Uint(a)) => Item::Int(i64::try_from(a).map_err(|_| Overflow)?),
            (Self::Int, Item::Text(a)) => Item::Int(a.parse().map_err(|_| BadConversion)?),
            (Self::Int, Item::Double(a)) => {
                // The language leaves the least int out: a double that near could have been rounded to it.
                let inside = whole(a).filter(|a| *a > i64::MIN.into());
                Item::Int(inside.and_then(|a| i64::try_from(a).ok()).ok_or(Overflow)?)
            }
            (Self::Uint, Item::Int(a)) => Item::Uint(u64::try_from(a).map_err(|_| Overflow)?),
            (Self::Uint, Item::Text(a)) => Item::Uint(a.parse().map_err(|_| BadConversion)?),
            (Self::Uint, Item::Double(a)) => {
                Item::Uint(whole(a).and_then(|a| u64::try_from(a).ok()).ok_or(Overflow)?)
            }
            (Self::Double, Item::Int(a)) => Item::Double(Number::from(a).as_f64()),
            (Self::Double, Item::Uint(a)) => Item::Double(Number::from(a).as_f64()),
            (Self::Double, Item::Text(a)) => Item::Double(a.parse().map_err(|_| BadConversion)?),
            (Self::String, Item::Bool(a)) => a.to_string().into(),
            (Self::String, Item::Int(a)) => a.to_string().into(),
            (Self::String, Item::Uint(a)) => a.to_string().into(),
            (Self::String, Item::Double(a)) => {
                Number::from_double(a).ok_or(BadConversion)?.to_string().into()
            }
            _ => return Err(NoSuchOverload),
        })
    }
}

/// The whole part of a double that lies within 64 bits.
fn whole(value: f64) -> Option<i128> {
    #[expect(clippy::cast_possible_truncation, reason = "the condition bounds it")]
    (value.abs() < 2.0 * 9_223_372_036_854_775_808.0).then(|| value.trunc() as i128)
}

pub(super) fn length<'a>(length: usize) -> Result<Item<'a>, EvaluationError> {
    i64::try_from(length).map(Item::Int).map_err(|_| EvaluationError::Overflow)
}

pub(super) fn text<'a>(text: String, budget: &Budget) -> Result<Item<'a>, EvaluationError> {
    budget.spend_on(text.len())?;
    Ok(text.into())
}

fn add<'a>(a: Item<'a>, b: Item<'a>, budget: &Budget) -> Result<Item<'a>, EvaluationError> {
    match (a, b) {
        (Item::Int(a), Item::Int(b)) => a.checked_add(b).map(Item::Int).ok_or(EvaluationError::Overflow),
        (Item::Uint(a), Item::Uint(b)) => a.checked_add(b).map(Item::Uint).ok_or(EvaluationError::Overflow),
        (Item::Double(a), Item::Double(b)) => Ok(Item::Double(a + b)),
        (Item::Text(a), Item::Text(b)) => {
            budget.spend_on(a.len().saturating_add(b.len()))?;
            Ok([&*a, &*b].concat().into())
        }
        (Item::List(a), Item::List(b)) => {
            let elements = a.len().saturating_add(b.len());
            budget.spend(u64::try_from(elements).unwrap_or(u64::MAX))?;
            Ok(Item::List(List::Items(a.iter().chain(b.iter()).collect())))
        }
        _ => Err(EvaluationError::NoSuchOverload),
    }
}

fn is_in<'a>(a: &Item<'a>, b: &Item<'a>, budget: &Budget) -> Result<Item<'a>, EvaluationError> {
    match (a, b) {
        (a, Item::List(list)) => {
            for item in list.iter() {
                if item.equals(a, budget)? {
                    return Ok(Item::Bool(true));
                }
            }
            Ok(Item::Bool(false))
        }
        (Item::Text(key), Item::Map(map)) => Ok(Item::Bool(map.find(key, budget)?.is_some())),
        // A key that is no text is in no map of ours.
        (Item::Bool(_) | Item::Int(_) | Item::Uint(_) | Item::Double(_), Item::Map(_)) => {
            Ok(Item::Bool(false))
        }
        _ => Err(EvaluationError::NoSuchOverload),
    }
}

fn join<'a>(list: &List<'a>, separator: &str, budget: &Budget) -> Result<Item<'a>, EvaluationError> {
    let mut joined = String::new();
    for (index, item) in list.iter().enumerate() {
        let Item::Text(part) = item else {
            return Err(EvaluationError::NoSuchOverload);
        };
        budget.spend(1)?;
        budget.spend_on(part.len().saturating_add(separator.len()))?;
        if index > 0 {
            joined.push_str(separator);
        }
        joined.push_str(&part);
    }
    Ok(joined.into())
}
