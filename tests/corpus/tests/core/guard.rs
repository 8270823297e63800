//! The guard against answers of any component, and the writing and reading of answers.

use claim_core::cognito::{guard, read_response, response};
use claim_core::json::{self, Value};
use claim_core::{
    GroupOverride, ScopeChanges, TokenRequest, TokenShape, TriggerSource, TriggerVersion, User,
};
use corpus::vector_cases;
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    version: String,
    trigger: String,
    response: Box<RawValue>,
    want: Option<String>,
}

fn request(version: &str, trigger: &str) -> TokenRequest {
    let trigger = TriggerSource::from_event(trigger);
    TokenRequest {
        version: match version {
            "1" => TriggerVersion::V1,
            "2" => TriggerVersion::V2,
            _ => TriggerVersion::V3,
        },
        user: (trigger != TriggerSource::ClientCredentials).then(User::default),
        trigger,
        pool_id: String::new(),
        region: String::new(),
        client_id: "4demo0client0id".to_owned(),
        scopes: Vec::new(),
        client_metadata: json::Object::new(),
        now: 0,
    }
}

fn code(request: &TokenRequest, shape: &TokenShape) -> Option<&'static str> {
    let violation = guard(request, shape).err()?;
    let said = violation.to_string();
    assert!(said.split(' ').count() > 5 && !said.starts_with(char::is_uppercase), "{said}");
    Some(violation.code())
}

#[test]
fn every_rule_of_cognito_is_guarded() {
    for (file, case) in vector_cases::<Case>("guard") {
        let request = request(&case.version, &case.trigger);
        let answered = json::read(case.response.get()).expect("the vector is json");
        let shape = read_response(request.version, &answered).expect("the vector has the form of an answer");
        assert_eq!(code(&request, &shape), case.want.as_deref(), "{file}::{}", case.name);
    }
}

#[test]
fn the_size_of_a_shape_is_guarded() {
    let request = request("2", "TokenGeneration_Authentication");
    let shape = |claims: usize, value: &str| {
        let mut shape = TokenShape::default();
        shape.id.add.extend((0..claims).map(|index| (format!("c{index}"), Value::from(value))));
        shape
    };
    assert_eq!(code(&request, &shape(5_000, "")), None);
    assert_eq!(code(&request, &shape(5_001, "")), Some("too-large"));
    // The claim's name and the quotes count too.
    let most = 1024 * 1024 - "c0\"\"".len();
    assert_eq!(code(&request, &shape(1, &"x".repeat(most))), None);
    assert_eq!(code(&request, &shape(1, &"x".repeat(most + 1))), Some("too-large"));
    let scopes = |count: usize, length: usize| {
        let scope = |index: usize| format!("{index:04}{}", "s".repeat(length - 4));
        let mut shape = TokenShape::default();
        shape.scopes.add.extend((0..count).map(scope));
        shape
    };
    assert_eq!(code(&request, &scopes(2, 1024 * 512)), None);
    assert_eq!(code(&request, &scopes(2, 1024 * 512 + 1)), Some("too-large"));
    assert_eq!(code(&request, &scopes(5_000, 4)), None);
    assert_eq!(code(&request, &scopes(5_001, 4)), Some("too-large"));
    let mut suppressed = shape(3_000, "");
    suppressed.access.suppress.extend((0..2_000).map(|index| format!("s{index}")));
    assert_eq!(code(&request, &suppressed), None);
    suppressed.access.suppress.insert("s".to_owned());
    assert_eq!(code(&request, &suppressed), Some("too-large"));
}

#[test]
fn the_first_version_changes_no_scopes() {
    let request = request("1", "TokenGeneration_Authentication");
    let mut shape = TokenShape::default();
    assert_eq!(code(&request, &shape), None);
    shape.scopes.add.insert("a".to_owned());
    assert_eq!(code(&request, &shape), Some("unreachable-token"));
    shape.scopes =
        ScopeChanges { suppress: std::mem::take(&mut shape.scopes.add), ..ScopeChanges::default() };
    assert_eq!(code(&request, &shape), Some("unreachable-token"));
}

#[test]
fn the_number_of_groups_is_guarded() {
    let request = request("2", "TokenGeneration_Authentication");
    let shape = |groups: usize, roles: usize| {
        let names = |count: usize| (0..count).map(|index| format!("g{index}")).collect();
        let groups = GroupOverride { groups: names(groups), roles: names(roles), preferred_role: None };
        TokenShape { groups: Some(groups), ..TokenShape::default() }
    };
    for (groups, roles, want) in [
        (1_000, 1_000, None),
        (1_001, 0, Some("too-large")),
        (1, 1_001, Some("too-large")),
        (2_000, 0, Some("too-large")),
    ] {
        assert_eq!(code(&request, &shape(groups, roles)), want, "{groups} groups and {roles} roles");
    }
}

#[test]
fn an_answer_is_read_back_as_it_was_written() {
    for (file, case) in vector_cases::<Case>("guard").into_iter().filter(|(_, case)| case.want.is_none()) {
        let version = request(&case.version, &case.trigger).version;
        let answered = json::read(case.response.get()).expect("the vector is json");
        let shape = read_response(version, &answered).expect("the vector has the form of an answer");
        let written = Value::Object(response(version, &shape));
        assert_eq!(read_response(version, &written), Some(shape), "{file}::{}", case.name);
    }
}
