//! The values of an expression while it is evaluated: borrowed from the inputs where that is possible.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::rc::Rc;

use super::evaluate::{Budget, EvaluationError};
use crate::json::{Number, Object, Value};

/// A value of CEL.
///
/// A JSON number with an integral value is an int, so that `7` and `7.0` in a fact mean the same.
#[derive(Clone, Debug)]
pub(super) enum Item<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(Text<'a>),
    List(List<'a>),
    Map(Map<'a>),
}

#[derive(Clone, Debug)]
pub(super) enum List<'a> {
    Json(&'a [Value]),
    Items(Rc<[Item<'a>]>),
}

#[derive(Clone, Debug)]
pub(super) enum Map<'a> {
    Json(&'a Object),
    Items(Rc<BTreeMap<Text<'a>, Item<'a>>>),
}

/// A text: one of the inputs, or one that was made, which its copies share. So a copy takes neither time nor memory,
/// however long the text is.
#[derive(Clone, Debug)]
pub(super) enum Text<'a> {
    Given(&'a str),
    Made(Rc<str>),
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Given(text) => text,
            Self::Made(text) => text,
        }
    }
}

impl Borrow<str> for Text<'_> {
    fn borrow(&self) -> &str {
        self
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text<'_> {}

impl PartialOrd for Text<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl From<String> for Item<'_> {
    fn from(text: String) -> Self {
        Self::Text(Text::Made(text.into()))
    }
}

impl<'a> List<'a> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Json(elements) => elements.len(),
            Self::Items(items) => items.len(),
        }
    }

    pub(super) fn get(&self, index: usize) -> Option<Item<'a>> {
        match self {
            Self::Json(elements) => elements.get(index).map(Item::from),
            Self::Items(items) => items.get(index).cloned(),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Item<'a>> + '_ {
        (0..self.len()).filter_map(|index| self.get(index))
    }
}

impl<'a> Map<'a> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Json(members) => members.len(),
            Self::Items(items) => items.len(),
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<Item<'a>> {
        match self {
            Self::Json(members) => members.get(key).map(Item::from),
            Self::Items(items) => items.get(key).cloned(),
        }
    }

    /// The member of a name that may be long.
    pub(super) fn find(&self, key: &str, budget: &Budget) -> Result<Option<Item<'a>>, EvaluationError> {
        budget.spend_on(key.len())?;
        Ok(self.get(key))
    }

    /// The keys, in order.
    pub(super) fn keys(&self) -> Vec<Item<'a>> {
        match self {
            Self::Json(members) => members.keys().map(|key| Item::Text(Text::Given(key))).collect(),
            Self::Items(items) => items.keys().map(|key| Item::Text(key.clone())).collect(),
        }
    }

    fn entries(&self) -> Vec<(Text<'a>, Item<'a>)> {
        match self {
            Self::Json(members) => {
                members.iter().map(|(key, value)| (Text::Given(key), value.into())).collect()
            }
            Self::Items(items) => items.iter().map(|(key, item)| (key.clone(), item.clone())).collect(),
        }
    }
}

impl<'a> From<&'a Value> for Item<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => match (number.as_i64(), number.as_u64()) {
                (Some(value), _) => Self::Int(value),
                (None, Some(value)) => Self::Uint(value),
                (None, None) => Self::Double(number.as_f64()),
            },
            Value::String(text) => Self::Text(Text::Given(text)),
            Value::Array(elements) => Self::List(List::Json(elements)),
            Value::Object(members) => Self::Map(Map::Json(members)),
        }
    }
}

impl Item<'_> {
    /// Turns the value into JSON.
    pub(super) fn into_value(self, budget: &Budget) -> Result<Value, EvaluationError> {
        budget.spend(1)?;
        Ok(match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(value),
            Self::Int(value) => value.into(),
            Self::Uint(value) => value.into(),
            Self::Double(value) => Value::Number(Number::from_double(value).ok_or(EvaluationError::NotJson)?),
            Self::Text(text) => {
                budget.spend_on(text.len())?;
                Value::String(text.to_string())
            }
            Self::List(list) => {
                Value::Array(list.iter().map(|item| item.into_value(budget)).collect::<Result<_, _>>()?)
            }
            Self::Map(map) => Value::Object(
                map.entries()
                    .into_iter()
                    .map(|(key, item)| {
                        budget.spend_on(key.len())?;
                        Ok((key.to_string(), item.into_value(budget)?))
                    })
                    .collect::<Result<_, EvaluationError>>()?,
            ),
        })
    }

    /// CEL's equality: numbers by value whatever their type, other types never equal to each other.
    pub(super) fn equals(&self, other: &Self, budget: &Budget) -> Result<bool, EvaluationError> {
        budget.spend(1)?;
        Ok(match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Text(a), Self::Text(b)) => {
                budget.spend_on(a.len().min(b.len()))?;
                a == b
            }
            (Self::List(a), Self::List(b)) => {
                if a.len() != b.len() {
                    return Ok(false);
                }
                for (a, b) in a.iter().zip(b.iter()) {
                    if !a.equals(&b, budget)? {
                        return Ok(false);
                    }
                }
                true
            }
            (Self::Map(a), Self::Map(b)) => {
                if a.len() != b.len() {
                    return Ok(false);
                }
                budget.spend(u64::try_from(a.len()).unwrap_or(u64::MAX))?;
                for (key, item) in a.entries() {
                    match b.find(&key, budget)? {
                        Some(other) if item.equals(&other, budget)? => {}
                        _ => return Ok(false),
                    }
                }
                true
            }
            _ => self.compare_numbers(other) == Some(Ordering::Equal),
        })
    }

    /// CEL's order; none where it has none.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => Some(a.cmp(b)),
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            _ => self.compare_numbers(other),
        }
    }

    fn compare_numbers(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Double(a), Self::Double(b)) => a.partial_cmp(b),
            (Self::Double(a), b) => compare_double(*a, b.integer()?),
            (a, Self::Double(b)) => compare_double(*b, a.integer()?).map(Ordering::reverse),
            (a, b) => Some(a.integer()?.cmp(&b.integer()?)),
        }
    }

    /// The place in a list that a number means; a double must be whole.
    pub(super) fn place(&self) -> Result<i128, EvaluationError> {
        match self {
            Self::Double(double) if double.fract() == 0.0 && double.abs() < 9_007_199_254_740_992.0 => {
                #[expect(clippy::cast_possible_truncation, reason = "it is whole and small")]
                let place = *double as i128;
                Ok(place)
            }
            other => other.integer().ok_or(EvaluationError::NoSuchOverload),
        }
    }

    fn integer(&self) -> Option<i128> {
        match self {
            Self::Int(value) => Some((*value).into()),
            Self::Uint(value) => Some((*value).into()),
            _ => None,
        }
    }
}

/// Compares exactly: an integer beyond 2^53 is not rounded first.
fn compare_double(double: f64, integer: i128) -> Option<Ordering> {
    if double.is_nan() {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "`as` saturates, and both ends lie outside 64 bits")]
    let whole = double.trunc() as i128;
    Some(whole.cmp(&integer).then_with(|| double.fract().partial_cmp(&0.0).unwrap_or(Ordering::Equal)))
}
