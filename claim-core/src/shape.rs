//! The facts that a token request needs, and what its tokens become.

mod claims;
mod facts;
mod groups;
mod notes;
mod refuse;
mod rules;
mod scopes;

use std::collections::{BTreeMap, BTreeSet};

use self::facts::key_failed;
use self::notes::Notes;
use self::rules::Rules;
use crate::cognito::{Token, guard};
use crate::contract::Bundle;
use crate::explanation::Explanation;
use crate::expression::EvaluationError;
use crate::json::Value;
use crate::refusal::Refusal;
use crate::request::{FactRecord, Lookup, TokenRequest};
use crate::uses::Uses;

/// What the tokens of a request become.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TokenShape {
    /// Changes of the ID token.
    pub id: ClaimChanges,
    /// Changes of the access token.
    pub access: ClaimChanges,
    /// Changes of the access token's scopes.
    pub scopes: ScopeChanges,
    /// The groups, if they are not those of the pool.
    pub groups: Option<GroupOverride>,
}

/// Changes of a token's claims.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClaimChanges {
    /// Claims to add or replace.
    pub add: BTreeMap<String, Value>,
    /// Claims to leave out.
    pub suppress: BTreeSet<String>,
}

/// Changes of the access token's scopes.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ScopeChanges {
    /// Scopes to add.
    pub add: BTreeSet<String>,
    /// Scopes to leave out.
    pub suppress: BTreeSet<String>,
}

/// The groups that the tokens name in place of the pool's. No group at all takes the roles away too.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct GroupOverride {
    /// The groups.
    pub groups: Vec<String>,
    /// The IAM roles.
    pub roles: Vec<String>,
    /// The role among them that counts most.
    pub preferred_role: Option<String>,
}

impl TokenShape {
    /// Returns the changes of one token's claims.
    #[must_use]
    pub const fn claims(&self, token: Token) -> &ClaimChanges {
        match token {
            Token::Id => &self.id,
            Token::Access => &self.access,
        }
    }

    pub(crate) const fn claims_mut(&mut self, token: Token) -> &mut ClaimChanges {
        match token {
            Token::Id => &mut self.id,
            Token::Access => &mut self.access,
        }
    }
}

impl ClaimChanges {
    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.add.is_empty() && self.suppress.is_empty()
    }
}

impl ScopeChanges {
    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.add.is_empty() && self.suppress.is_empty()
    }
}

/// Returns the facts that a request needs.
///
/// A fact whose key reads something that is not there needs no lookup: nobody can have that record.
///
/// # Errors
///
/// Returns [`Refusal`] if a key takes too many steps. Any other key that cannot be made is a fact that failed, and
/// [`shape()`] does with it what the contract says.
pub fn plan(bundle: &Bundle, request: &TokenRequest) -> Result<Vec<Lookup>, Refusal> {
    let rules = Rules::new(bundle, request, &Uses::of_keys(bundle));
    let mut lookups = Vec::new();
    for name in bundle.facts.keys() {
        match rules.lookup(name) {
            Ok(lookup) => lookups.extend(lookup),
            Err(error @ EvaluationError::CostExceeded) => return Err(key_failed(name, error)),
            Err(_) => {}
        }
    }
    Ok(lookups)
}

/// Returns what the tokens of a request become, given the facts that [`plan()`] asked for.
///
/// # Errors
///
/// Returns [`Refusal`] if the contract says that these facts, or a rule's faulty value, must not lead to tokens.
pub fn shape(bundle: &Bundle, request: &TokenRequest, facts: &[FactRecord]) -> Result<TokenShape, Refusal> {
    shaped(bundle, request, facts, &mut Notes::unasked())
}

/// Does what [`shape()`] does, and says for each rule what became of it.
///
/// # Errors
///
/// As [`shape()`].
pub fn explain(
    bundle: &Bundle,
    request: &TokenRequest,
    facts: &[FactRecord],
) -> Result<(TokenShape, Vec<Explanation>), Refusal> {
    let mut notes = Notes::asked();
    let shape = shaped(bundle, request, facts, &mut notes)?;
    Ok((shape, notes.into()))
}

fn shaped(
    bundle: &Bundle,
    request: &TokenRequest,
    facts: &[FactRecord],
    notes: &mut Notes,
) -> Result<TokenShape, Refusal> {
    let shape = Rules::new(bundle, request, &Uses::of_rules(bundle)).with_facts(facts)?.shape(notes)?;
    guard(request, &shape).map_err(|violation| Refusal::Rejected(violation.code()))?;
    Ok(shape)
}
