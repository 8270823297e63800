//! What differs between the claims of two tokens.

use claim_core::json::{Object, Value};

/// A claim before and after.
pub(crate) struct Change<'a> {
    /// `+` added, `-` gone, `~` replaced, ` ` the same.
    pub(crate) sign: char,
    pub(crate) name: &'a str,
    before: Option<&'a Value>,
    after: Option<&'a Value>,
}

impl Change<'_> {
    pub(crate) fn shown(&self) -> String {
        match (self.before, self.after) {
            (Some(before), Some(after)) if before != after => format!("{before} → {after}"),
            (before, after) => after.or(before).map_or_else(String::new, Value::to_string),
        }
    }
}

/// Compares the claims of two tokens.
pub(crate) fn changes<'a>(plain: &'a Object, shaped: &'a Object) -> Vec<Change<'a>> {
    let mut names: Vec<&String> = plain.keys().chain(shaped.keys()).collect();
    names.sort();
    names.dedup();
    let change = |name: &'a String| {
        let (before, after) = (plain.get(name), shaped.get(name));
        let sign = match (before, after) {
            (None, _) => '+',
            (_, None) => '-',
            (before, after) if before != after => '~',
            _ => ' ',
        };
        Change { sign, name, before, after }
    };
    names.into_iter().map(change).collect()
}
