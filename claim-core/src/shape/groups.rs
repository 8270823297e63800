//! The groups, the IAM roles and the preferred role of a shape. Cognito replaces the three together.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::notes::Notes;
use super::rules::Rules;
use super::{GroupOverride, TokenShape};
use crate::cognito::{MAX_GROUPS, is_name, is_role};
use crate::contract::{Groups, PreferredRole, Source, WithoutGroups};
use crate::explanation::{Absence, Explanation, Outcome, Part};
use crate::json::Value;
use crate::refusal::{Refusal, RuleFault};
use crate::request::User;

/// What a rule makes of the pool's names.
enum Names {
    /// They stay.
    Kept(Absence),
    /// These stand in their place.
    Replaced(Vec<String>),
}

impl Rules<'_> {
    /// Replaces what the contract has a rule for, and says the rest again, so that it is kept.
    pub(super) fn group_override(&self, shape: &mut TokenShape, notes: &mut Notes) -> Result<(), Refusal> {
        let none = User::default();
        let user = self.request.user.as_ref().unwrap_or(&none);
        let mut made = GroupOverride {
            groups: user.groups.clone(),
            roles: user.roles.clone(),
            preferred_role: user.preferred_role.clone(),
        };
        let mut replaced = false;
        let mut groups_replaced = false;
        if let Some(rule) = &self.bundle.groups {
            let names = self.names("groups", rule, RuleFault::BadName, is_name)?;
            groups_replaced = matches!(names, Names::Replaced(_));
            notes.add(|| explanation(Part::Groups, &rule.source, &names));
            if let Names::Replaced(names) = names {
                made.groups = names;
            }
        }
        if let Some(rule) = &self.bundle.roles {
            let names = self.names("roles", rule, RuleFault::BadRole, is_role)?;
            replaced |= matches!(names, Names::Replaced(_));
            notes.add(|| explanation(Part::Roles, &rule.source, &names));
            if let Names::Replaced(names) = names {
                // The pool's preferred role would otherwise outlive the role.
                made.preferred_role = made.preferred_role.filter(|role| names.contains(role));
                made.roles = names;
            }
        }
        if let Some(rule) = &self.bundle.preferred_role {
            let names = self.preferred_role(rule)?;
            replaced |= matches!(names, Names::Replaced(_));
            notes.add(|| explanation(Part::PreferredRole, &rule.source, &names));
            match names {
                Names::Replaced(names) => made.preferred_role = names.into_iter().next(),
                Names::Kept(_) if made.preferred_role != user.preferred_role => {
                    if let Some(explanation) = notes.iter_mut().next_back() {
                        explanation.outcome = Outcome::Absent(Absence::RoleIsGone);
                    }
                }
                Names::Kept(_) => {}
            }
        }
        if made.groups.is_empty() {
            // Cognito writes no roles for a user without groups: a rule for them says why it came to nothing.
            made = GroupOverride::default();
            replaced = false;
            let in_vain = |explanation: &&mut Explanation| {
                matches!(explanation.part, Part::Roles | Part::PreferredRole)
                    && matches!(explanation.outcome, Outcome::Given(_))
            };
            for explanation in notes.iter_mut().filter(in_vain) {
                explanation.outcome = Outcome::Absent(Absence::RolesNeedGroups);
            }
        }
        if replaced || groups_replaced {
            shape.groups = Some(made);
        }
        Ok(())
    }

    fn names(
        &self,
        place: &str,
        rule: &Groups,
        bad: RuleFault,
        is_good: fn(&str) -> bool,
    ) -> Result<Names, Refusal> {
        let failed = |fault| Refusal::RuleFailed { rule: place.to_owned(), fault };
        if self.request.is_machine() {
            return Ok(Names::Kept(Absence::MachineHasNoUser));
        }
        if let Some(absence) = self.unmet(&rule.condition).map_err(failed)? {
            return Ok(Names::Kept(absence));
        }
        let (without, kept) = match self.value(&rule.source).map_err(failed)?.map(Cow::into_owned) {
            Some(Value::Array(given)) if !given.is_empty() => {
                if given.len() > MAX_GROUPS {
                    return Err(Refusal::Rejected("too-large"));
                }
                let mut names: Vec<String> = Vec::new();
                let mut seen = BTreeSet::new();
                for name in &given {
                    let name = name.as_str().ok_or_else(|| failed(RuleFault::WrongType))?;
                    if !is_good(name) {
                        return Err(failed(bad));
                    }
                    if seen.insert(name) {
                        names.push(name.to_owned());
                    }
                }
                return Ok(Names::Replaced(names));
            }
            Some(Value::Array(_)) => (rule.on_empty, Absence::KeptEmpty),
            Some(_) => return Err(failed(RuleFault::WrongType)),
            None => (rule.on_missing, Absence::KeptMissing),
        };
        without_names(without, kept).map_err(failed)
    }

    fn preferred_role(&self, rule: &PreferredRole) -> Result<Names, Refusal> {
        let failed = |fault| Refusal::RuleFailed { rule: "preferredRole".to_owned(), fault };
        if self.request.is_machine() {
            return Ok(Names::Kept(Absence::MachineHasNoUser));
        }
        if let Some(absence) = self.unmet(&rule.condition).map_err(failed)? {
            return Ok(Names::Kept(absence));
        }
        match self.value(&rule.source).map_err(failed)?.map(Cow::into_owned) {
            Some(Value::String(arn)) if is_role(&arn) => Ok(Names::Replaced(vec![arn])),
            Some(Value::String(_)) => Err(failed(RuleFault::BadRole)),
            Some(_) => Err(failed(RuleFault::WrongType)),
            None => without_names(rule.on_missing, Absence::KeptMissing).map_err(failed),
        }
    }
}

const fn without_names(word: WithoutGroups, kept: Absence) -> Result<Names, RuleFault> {
    match word {
        WithoutGroups::Keep => Ok(Names::Kept(kept)),
        WithoutGroups::Clear => Ok(Names::Replaced(Vec::new())),
        WithoutGroups::Refuse => Err(RuleFault::NoValue),
    }
}

fn explanation(part: Part, source: &Source, names: &Names) -> Explanation {
    let outcome = match names {
        Names::Kept(absence) => Outcome::Absent(*absence),
        Names::Replaced(names) => Outcome::Given(names.clone().into()),
    };
    let rule = match part {
        Part::Roles => "roles",
        Part::PreferredRole => "preferredRole",
        _ => "groups",
    };
    Explanation { part, rule: rule.to_owned(), source: source.to_string(), outcome }
}
