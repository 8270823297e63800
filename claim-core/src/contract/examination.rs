//! The contract's own tests: an event, facts, and what the tokens must become.

use std::collections::BTreeSet;
use std::fmt;

use super::Bundle;
use crate::cognito::Token;
use crate::json::{Object, Value};
use crate::request::{FactRecord, TokenRequest};
use crate::shape::{GroupOverride, TokenShape, plan, shape};

/// One test of a contract.
#[derive(Clone, Debug, PartialEq)]
pub struct Examination {
    /// What it shows, in the author's words.
    pub name: String,
    /// The line where it stands, from 1.
    pub line: usize,
    /// The request.
    pub request: TokenRequest,
    /// The facts.
    pub facts: Vec<FactRecord>,
    /// What must hold.
    pub expect: Expectation,
}

/// What must hold of a shape. What is not named may be anything.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expectation {
    /// Claims added to the ID token; null for one that must not be.
    pub id: Object,
    /// Claims added to the access token; null for one that must not be.
    pub access: Object,
    /// All scopes that are added.
    pub scopes_added: Option<BTreeSet<String>>,
    /// All scopes that are left out.
    pub scopes_suppressed: Option<BTreeSet<String>>,
    /// What becomes of the groups.
    pub groups: Option<ExpectedGroups>,
    /// The code of the refusal that must come.
    pub refusal: Option<String>,
}

/// What must become of the groups.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ExpectedGroups {
    /// They are those of the pool.
    Unchanged,
    /// The tokens name none.
    Cleared,
    /// The tokens name these, in this order.
    Names(Vec<String>),
}

/// One thing that is not as expected.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What, for example `access.tier`.
    pub place: String,
    /// What the test expects, as text.
    pub want: String,
    /// What is there, as text.
    pub got: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, got {}", self.place, self.want, self.got)
    }
}

impl Examination {
    /// Runs the test; no difference means that it holds.
    #[must_use]
    pub fn run(&self, bundle: &Bundle) -> Vec<Difference> {
        let difference =
            |place: &str, want: String, got: String| Difference { place: place.to_owned(), want, got };
        // As in a function: a record that is not asked for is not there.
        let asked = plan(bundle, &self.request);
        let shaped = asked.and_then(|lookups| {
            let facts =
                self.facts.iter().filter(|record| lookups.iter().any(|lookup| lookup.fact == record.name));
            shape(bundle, &self.request, &facts.cloned().collect::<Vec<_>>())
        });
        match (shaped, &self.expect.refusal) {
            (Err(refusal), Some(code)) if refusal.code() == code => Vec::new(),
            (Err(refusal), Some(code)) => {
                vec![difference("refusal", code.clone(), format!("{}: {refusal}", refusal.code()))]
            }
            (Err(refusal), None) => {
                vec![difference("refusal", "none".to_owned(), format!("{}: {refusal}", refusal.code()))]
            }
            (Ok(_), Some(code)) => vec![difference("refusal", code.clone(), "none".to_owned())],
            (Ok(shape), None) => self.expect.compare(&shape),
        }
    }
}

impl Expectation {
    fn compare(&self, shape: &TokenShape) -> Vec<Difference> {
        let mut differences = Vec::new();
        let mut compare = |place: String, want: String, got: String| {
            if want != got {
                differences.push(Difference { place, want, got });
            }
        };
        for (token, claims) in [(Token::Id, &self.id), (Token::Access, &self.access)] {
            for (name, want) in claims {
                let got = shape.claims(token).add.get(name);
                compare(format!("{}.{name}", token.as_str()), shown(Some(want)), shown(got));
            }
        }
        for (place, want, got) in [
            ("scopesAdded", &self.scopes_added, &shape.scopes.add),
            ("scopesSuppressed", &self.scopes_suppressed, &shape.scopes.suppress),
        ] {
            if let Some(want) = want {
                compare(place.to_owned(), texts(want), texts(got));
            }
        }
        if let Some(want) = &self.groups {
            let want = match want {
                ExpectedGroups::Unchanged => "unchanged".to_owned(),
                ExpectedGroups::Cleared => "cleared".to_owned(),
                ExpectedGroups::Names(names) => texts(names),
            };
            let got = match &shape.groups {
                None => "unchanged".to_owned(),
                Some(GroupOverride { groups, .. }) if groups.is_empty() => "cleared".to_owned(),
                Some(GroupOverride { groups, .. }) => texts(groups),
            };
            compare("groups".to_owned(), want, got);
        }
        differences
    }
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "no claim".to_owned(),
        Some(value) => value.to_string(),
    }
}

fn texts<'a>(texts: impl IntoIterator<Item = &'a String>) -> String {
    texts.into_iter().map(|text| Value::from(text.as_str())).collect::<Value>().to_string()
}
