//! The `response` member of an event: written from a shape, and read back as Cognito reads it.

use std::collections::BTreeSet;

use crate::json::{Object, Value};
use crate::request::TriggerVersion;
use crate::shape::{ClaimChanges, GroupOverride, ScopeChanges, TokenShape};

/// Builds the `response` of an event: only what changes, and as in the untouched event where nothing does.
#[must_use]
pub fn response(version: TriggerVersion, shape: &TokenShape) -> Object {
    let mut details = Object::new();
    let name = match version {
        TriggerVersion::V1 => {
            details.extend(claims(&shape.id));
            "claimsOverrideDetails"
        }
        TriggerVersion::V2 | TriggerVersion::V3 => {
            let mut access = claims(&shape.access);
            access.extend(texts("scopesToAdd", &shape.scopes.add));
            access.extend(texts("scopesToSuppress", &shape.scopes.suppress));
            for (name, members) in
                [("idTokenGeneration", claims(&shape.id)), ("accessTokenGeneration", access)]
            {
                if !members.is_empty() {
                    details.insert(name.to_owned(), members.into());
                }
            }
            "claimsAndScopeOverrideDetails"
        }
    };
    if let Some(groups) = &shape.groups {
        let mut members = Object::new();
        // No member at all is the documented way to say "no groups".
        if !groups.groups.is_empty() {
            members.insert("groupsToOverride".to_owned(), groups.groups.clone().into());
            members.insert("iamRolesToOverride".to_owned(), groups.roles.clone().into());
            if let Some(role) = &groups.preferred_role {
                members.insert("preferredRole".to_owned(), role.as_str().into());
            }
        }
        details.insert("groupOverrideDetails".to_owned(), members.into());
    }
    let details = if details.is_empty() { Value::Null } else { details.into() };
    Object::from([(name.to_owned(), details)])
}

fn claims(changes: &ClaimChanges) -> Object {
    let mut members = Object::new();
    if !changes.add.is_empty() {
        members.insert("claimsToAddOrOverride".to_owned(), changes.add.clone().into());
    }
    members.extend(texts("claimsToSuppress", &changes.suppress));
    members
}

fn texts(name: &str, texts: &BTreeSet<String>) -> Option<(String, Value)> {
    (!texts.is_empty())
        .then(|| (name.to_owned(), texts.iter().map(|text| Value::from(text.as_str())).collect()))
}

/// Reads the `response` of an answered event as Cognito does; none if it has not the form of the version.
///
/// Local runs use it to show the tokens that an answer leads to, whoever wrote the answer.
#[must_use]
pub fn read_response(version: TriggerVersion, response: &Value) -> Option<TokenShape> {
    let name = match version {
        TriggerVersion::V1 => "claimsOverrideDetails",
        TriggerVersion::V2 | TriggerVersion::V3 => "claimsAndScopeOverrideDetails",
    };
    let details = match response.as_object()?.get(name) {
        None | Some(Value::Null) => return Some(TokenShape::default()),
        Some(details) => details.as_object()?,
    };
    let empty = Object::new();
    let section = |name: &str| match details.get(name) {
        None | Some(Value::Null) => Some(&empty),
        Some(section) => section.as_object(),
    };
    let mut shape = TokenShape::default();
    if version == TriggerVersion::V1 {
        shape.id = read_claims(details)?;
    } else {
        shape.id = read_claims(section("idTokenGeneration")?)?;
        let access = section("accessTokenGeneration")?;
        shape.access = read_claims(access)?;
        shape.scopes = ScopeChanges {
            add: read_texts(access, "scopesToAdd")?,
            suppress: read_texts(access, "scopesToSuppress")?,
        };
    }
    // Present and empty, or null, takes all groups away; only absent keeps them.
    if details.contains_key("groupOverrideDetails") {
        let groups = section("groupOverrideDetails")?;
        let list = |name: &str| read_texts(groups, name).map(|texts: Vec<String>| texts);
        shape.groups = Some(GroupOverride {
            groups: list("groupsToOverride")?,
            roles: list("iamRolesToOverride")?,
            preferred_role: groups.get("preferredRole").and_then(Value::as_str).map(str::to_owned),
        });
    }
    Some(shape)
}

fn read_claims(section: &Object) -> Option<ClaimChanges> {
    let add = match section.get("claimsToAddOrOverride") {
        None | Some(Value::Null) => Object::new(),
        Some(claims) => claims.as_object()?.clone(),
    };
    Some(ClaimChanges { add, suppress: read_texts(section, "claimsToSuppress")? })
}

fn read_texts<C: FromIterator<String> + Default>(section: &Object, name: &str) -> Option<C> {
    match section.get(name) {
        None | Some(Value::Null) => Some(C::default()),
        Some(texts) => texts.as_array()?.iter().map(|text| text.as_str().map(str::to_owned)).collect(),
    }
}
