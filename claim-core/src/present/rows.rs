//! The lines of a presentation: label, section, kind and order of each claim.

use alloc::borrow::ToOwned as _;
use alloc::boxed::Box;
use alloc::collections::BinaryHeap;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::display::{Display, Displays, Kind, NotAContract, named};
use super::exact::is_exact;
use super::known::{KNOWN, Known, SECTIONS};
use crate::json::{members, write_number, write_string};

/// One line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Row {
    /// The claim, and those that say the same under the same label.
    pub keys: Vec<String>,
    /// What a person calls it.
    pub label: String,
    /// Its section, as an index of [`Rows::sections`].
    pub section: usize,
    /// What kind of thing its value is.
    pub kind: Kind,
    /// Whether neither OpenID Connect nor Cognito defines it.
    pub custom: bool,
    /// Whether it is masked until asked for.
    pub personal: bool,
    /// Whether the contract speaks of it and the token does not have it.
    pub missing: bool,
    /// The text of its number, where a double does not hold it.
    pub exact: Option<String>,
}

/// The lines of a presentation, in the order in which they are shown.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Rows {
    /// The sections that have lines: name and label.
    pub sections: Vec<(String, String)>,
    /// The lines.
    pub rows: Vec<Row>,
}

/// A line on its way, with what it is sorted by.
struct Draft<'t> {
    key: Key,
    row: Row,
    /// Whether the contract or everybody knows the claim.
    declared: bool,
    value: &'t str,
}

/// The place of a line: order, rank and name of its section, then its own.
type Key = (i64, usize, String, i64, usize, String);

impl Ord for Draft<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key.cmp(&other.key)
    }
}

impl PartialOrd for Draft<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Eq for Draft<'_> {}

impl PartialEq for Draft<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

/// Makes the lines of a payload that was read, in a language, as a contract says; an empty text is no contract.
///
/// # Errors
///
/// Returns [`NotAContract`] if the contract's text is not what `claims types` writes.
pub fn rows(payload: &str, contract: &str, language: &str) -> Result<Rows, NotAContract> {
    let displays = Displays::read(contract)?;
    // It was read before, so it has members.
    let claims = members(payload).unwrap_or_default();
    let there = claims.iter().map(|claim| (&*claim.name, claim.text));
    let missing = displays.claims.iter().map(|(name, _)| (name.as_str(), ""));
    let missing = missing.filter(|(name, _)| !claims.iter().any(|claim| claim.name == *name));
    // A heap sorts with a fraction of the code that a slice does; in boxes, because a draft is long to move.
    let drafts = there.chain(missing).filter_map(|(name, value)| draft(&displays, name, value, language));
    let drafts: BinaryHeap<Box<Draft<'_>>> = drafts.map(Box::new).collect();
    Ok(gather(drafts.into_sorted_vec(), &displays, language))
}

fn draft<'t>(displays: &Displays<'_>, name: &str, value: &'t str, language: &str) -> Option<Draft<'t>> {
    let none = Display::default();
    let own = named(&displays.claims, name);
    let display = own.unwrap_or(&none);
    if display.hidden {
        return None;
    }
    let rank = KNOWN.iter().position(|known| known.name == name);
    let known: Option<&Known> = rank.and_then(|rank| KNOWN.get(rank));
    let natural = Kind::of(value);
    let kind = display.kind.or_else(|| known.map(|known| known.kind));
    let row = Row {
        keys: Vec::from([name.to_owned()]),
        label: display.label.of(language).unwrap_or_else(|| label(name, known, display)),
        section: 0,
        kind: kind.map_or(natural, |kind| kind.fitting(natural)),
        custom: known.is_none() && !name.starts_with("cognito:"),
        personal: display.personal.unwrap_or_else(|| known.is_some_and(|known| known.personal)),
        missing: value.is_empty(),
        exact: (natural == Kind::Number && !is_exact(value)).then(|| value.to_owned()),
    };
    let declared = own.is_some() || known.is_some();
    let section = display.section.as_deref().or_else(|| known.map(|known| known.section)).unwrap_or("custom");
    let (order, place) = place(displays, section);
    let own_order = display.order.unwrap_or(i64::MAX);
    let key = (order, place, section.to_owned(), own_order, rank.unwrap_or(usize::MAX), name.to_owned());
    Some(Draft { key, row, declared, value })
}

/// The place of a section: those with an order first, then the usual ones, then a contract's own, and the token last.
fn place(displays: &Displays<'_>, section: &str) -> (i64, usize) {
    let order = named(&displays.sections, section).and_then(|display| display.order);
    let rank = match SECTIONS.iter().position(|(name, _)| *name == section) {
        Some(_) if section == "token" => SECTIONS.len(),
        Some(rank) => rank,
        None => SECTIONS.len().saturating_sub(1),
    };
    (order.unwrap_or(i64::MAX), rank)
}

fn gather(drafts: Vec<Box<Draft<'_>>>, displays: &Displays<'_>, language: &str) -> Rows {
    let mut all = Rows::default();
    // The rows of claims that are known, with their values: there are as many as a contract and this table have.
    let mut known: Vec<(usize, &str)> = Vec::new();
    for draft in drafts {
        let Draft { mut row, key: (_, _, section, ..), declared, value } = *draft;
        let declared = declared && !row.missing;
        // One line for what is one thing under two names. Strangers' names are never compared: there may be thousands.
        let same = |(at, other): &&(usize, &str)| {
            *other == value
                && all.rows.get(*at).is_some_and(|other| other.label == row.label && other.kind == row.kind)
        };
        let twin = if declared { known.iter().find(same).map(|(at, _)| *at) } else { None };
        if let Some(twin) = twin.and_then(|at| all.rows.get_mut(at)) {
            twin.keys.append(&mut row.keys);
            twin.personal |= row.personal;
            continue;
        }
        if all.sections.last().is_none_or(|(name, _)| *name != section) {
            let label = named(&displays.sections, &section).and_then(|display| display.label.of(language));
            let usual =
                SECTIONS.iter().find(|(name, _)| *name == section).map(|(_, label)| (*label).to_owned());
            let label = label.or(usual).unwrap_or_else(|| humanised(&section));
            all.sections.push((section, label));
        }
        row.section = all.sections.len().saturating_sub(1);
        if declared {
            known.push((all.rows.len(), value));
        }
        all.rows.push(row);
    }
    all
}

/// The label of a claim that the contract has none for in this language.
fn label(name: &str, known: Option<&Known>, display: &Display<'_>) -> String {
    match known {
        Some(known) if !known.label.is_empty() => known.label.to_owned(),
        Some(_) => humanised(name),
        // Another language says more than the name.
        None => display.label.any().unwrap_or_else(|| humanised(name)),
    }
}

/// A name as a person would write it: `acme:membershipLevel` is `Membership level`.
fn humanised(name: &str) -> String {
    let own = name.rsplit(['/', ':']).next().filter(|own| !own.is_empty()).unwrap_or(name);
    let mut text = String::new();
    let mut previous = ' ';
    for c in own.chars() {
        let begins = c.is_ascii_uppercase() && previous.is_ascii_lowercase();
        if begins && !text.is_empty() {
            text.push(' ');
        }
        let next = match c {
            '_' | '-' | '.' => ' ',
            c if text.is_empty() => c.to_ascii_uppercase(),
            c if begins => c.to_ascii_lowercase(),
            c => c,
        };
        if next != ' ' || !(text.is_empty() || text.ends_with(' ')) {
            text.push(next);
        }
        previous = c;
    }
    text.truncate(text.trim_end().len());
    if text.is_empty() { name.to_owned() } else { text }
}

impl Rows {
    /// Writes the lines as JSON: `{"sections":[NAME,LABEL,…],"rows":[KEYS,LABEL,SECTION,KIND,FLAGS,EXACT,…]}`, which is
    /// flat because readers are quick with that. `KEYS` is a text, or a list of several; `SECTION` counts sections; the
    /// flags add up: 1 custom, 2 personal, 4 missing; `EXACT` is a text or null. Values stay in the payload.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::from("{\"sections\":[");
        for (index, (name, label)) in self.sections.iter().enumerate() {
            write_all(&mut out, index, &[name, label]);
        }
        out.push_str("],\"rows\":[");
        for (index, row) in self.rows.iter().enumerate() {
            match row.keys.as_slice() {
                [key] => write_all(&mut out, index, &[key]),
                keys => {
                    out.push_str(if index > 0 { ",[" } else { "[" });
                    for (index, key) in keys.iter().enumerate() {
                        write_all(&mut out, index, &[key]);
                    }
                    out.push(']');
                }
            }
            write_all(&mut out, 1, &[&row.label]);
            out.push(',');
            write_number(&mut out, row.section as u64);
            write_all(&mut out, 1, &[row.kind.as_str()]);
            out.push(',');
            let flags = [row.custom, row.personal, row.missing];
            let flags = flags.iter().rev().fold(0u8, |sum, flag| sum << 1 | u8::from(*flag));
            write_number(&mut out, flags.into());
            match &row.exact {
                Some(exact) => write_all(&mut out, 1, &[exact]),
                None => out.push_str(",null"),
            }
        }
        out.push_str("]}");
        out
    }
}

/// Writes texts as JSON, with a comma before each but the first of a list. Into a `String` that cannot fail.
fn write_all(out: &mut String, mut index: usize, texts: &[&str]) {
    for text in texts {
        if index > 0 {
            out.push(',');
        }
        write_string(out, text).unwrap_or_default();
        index = index.saturating_add(1);
    }
}
