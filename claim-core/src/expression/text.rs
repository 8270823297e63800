//! The functions on texts. Positions count code points, as CEL does, and nothing depends on a locale.

use super::Function;
use super::evaluate::{Budget, EvaluationError};
use super::function::{length, text};
use super::item::{Item, List};

impl Function {
    /// Applies a function whose receiver is a text; none if it is not one of them.
    pub(super) fn on_text<'a>(
        self,
        a: &str,
        rest: &[Item<'_>],
        budget: &Budget,
    ) -> Option<Result<Item<'a>, EvaluationError>> {
        Some(match (self, rest) {
            (Self::LowerAscii, []) => text(a.to_ascii_lowercase(), budget),
            (Self::UpperAscii, []) => text(a.to_ascii_uppercase(), budget),
            (Self::Trim, []) => budget.spend_on(a.len()).and_then(|()| text(a.trim().to_owned(), budget)),
            (Self::Contains, [Item::Text(b)]) => truth(a, budget, |a| a.contains(&**b)),
            (Self::StartsWith, [Item::Text(b)]) => truth(a, budget, |a| a.starts_with(&**b)),
            (Self::EndsWith, [Item::Text(b)]) => truth(a, budget, |a| a.ends_with(&**b)),
            (Self::IndexOf, [Item::Text(b)]) => index_of(a, b, 0, budget),
            (Self::IndexOf, [Item::Text(b), Item::Int(from)]) => index_of(a, b, *from, budget),
            (Self::Split, [Item::Text(b)]) => split(a, b, -1, budget),
            (Self::Split, [Item::Text(b), Item::Int(limit)]) => split(a, b, *limit, budget),
            (Self::Substring, [Item::Int(from)]) => {
                let end = i64::try_from(a.chars().count()).unwrap_or(i64::MAX);
                substring(a, *from, end, budget)
            }
            (Self::Substring, [Item::Int(from), Item::Int(to)]) => substring(a, *from, *to, budget),
            (Self::Replace, [Item::Text(old), Item::Text(new)]) => replace(a, old, new, -1, budget),
            (Self::Replace, [Item::Text(old), Item::Text(new), Item::Int(limit)]) => {
                replace(a, old, new, *limit, budget)
            }
            _ => return None,
        })
    }
}

fn truth<'a>(a: &str, budget: &Budget, holds: impl Fn(&str) -> bool) -> Result<Item<'a>, EvaluationError> {
    budget.spend_on(a.len())?;
    Ok(Item::Bool(holds(a)))
}

/// Pays for a search: what is searched for is looked at first, however long it is.
fn search(a: &str, b: &str, budget: &Budget) -> Result<(), EvaluationError> {
    budget.spend_on(a.len().saturating_add(b.len()))
}

/// The place of the first `b` at or after `from`; -1 if there is none.
fn index_of<'a>(a: &str, b: &str, from: i64, budget: &Budget) -> Result<Item<'a>, EvaluationError> {
    search(a, b, budget)?;
    let from = usize::try_from(from).map_err(|_| EvaluationError::OutOfRange)?;
    let mut offsets = a.char_indices().map(|(offset, _)| offset).chain([a.len()]);
    let rest = offsets.nth(from).and_then(|offset| a.get(offset..)).ok_or(EvaluationError::OutOfRange)?;
    match rest.split_once(b) {
        Some((before, _)) => length(before.chars().count().saturating_add(from)),
        None => Ok(Item::Int(-1)),
    }
}

/// The parts between `b`, at most so many; all, if the limit is negative.
fn split<'a>(a: &str, b: &str, limit: i64, budget: &Budget) -> Result<Item<'a>, EvaluationError> {
    search(a, b, budget)?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let parts: Vec<&str> = match (limit, b.is_empty()) {
        (0, _) => Vec::new(),
        // An empty text stands between any two characters.
        (limit, true) => {
            let mut rest = a;
            let mut parts = Vec::new();
            while let Some(first) = rest.chars().next() {
                let size = if parts.len().saturating_add(1) == limit { rest.len() } else { first.len_utf8() };
                let (part, after) = rest.split_at(size);
                parts.push(part);
                rest = after;
            }
            parts
        }
        (limit, false) => a.splitn(limit, b).collect(),
    };
    budget.spend(u64::try_from(parts.len()).unwrap_or(u64::MAX))?;
    let items: Vec<_> = parts.into_iter().map(|part| Item::from(part.to_owned())).collect();
    Ok(Item::List(List::Items(items.into())))
}

/// Replaces the first so many `old`; all, if the limit is negative.
fn replace<'a>(
    a: &str,
    old: &str,
    new: &str,
    limit: i64,
    budget: &Budget,
) -> Result<Item<'a>, EvaluationError> {
    search(a, old, budget)?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let times = a.matches(old).take(limit).count();
    // Paid for before it is made: a long `new` for every letter of a long text is the size of both.
    budget.spend_on(times.saturating_mul(new.len()).saturating_add(a.len()))?;
    Ok(a.replacen(old, new, limit).into())
}

fn substring<'a>(a: &str, from: i64, to: i64, budget: &Budget) -> Result<Item<'a>, EvaluationError> {
    budget.spend_on(a.len())?;
    let (Ok(from), Ok(to)) = (usize::try_from(from), usize::try_from(to)) else {
        return Err(EvaluationError::OutOfRange);
    };
    let taken = to.checked_sub(from).ok_or(EvaluationError::OutOfRange)?;
    if to > a.chars().count() {
        return Err(EvaluationError::OutOfRange);
    }
    text(a.chars().skip(from).take(taken).collect(), budget)
}
