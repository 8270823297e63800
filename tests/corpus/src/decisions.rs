//! Calls, and what becomes of them: vectors for the core and for the component.

use std::collections::BTreeMap;

use claim_core::authorize::{AccessRequest, Decision, Grants};
use claim_core::cognito::Token;
use claim_core::contract::{Bundle, Route, compile};
use claim_core::json::{self, Object};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::callers::call;
use crate::vectors::vector_cases;

/// A contract, a token, and calls with it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    contract: String,
    #[serde(default)]
    token: Option<String>,
    claims: Value,
    /// Each call with its reason: `code @rule: message`.
    calls: BTreeMap<String, String>,
    /// What the backend is told in each of them.
    context: Option<Value>,
    /// What one answer says of every call; null if no answer may.
    #[serde(default, deserialize_with = "present")]
    grants: Option<Value>,
    /// The fields that are kept from the token.
    fields: Option<Value>,
}

/// A member that is null is there.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Case {
    fn claims(&self) -> Object {
        let claims = json::read(&self.claims.to_string()).expect("claims are json");
        claims.as_object().cloned().expect("claims are an object")
    }

    fn requests(&self) -> impl Iterator<Item = (AccessRequest, &str)> {
        let token = if self.token.as_deref() == Some("id") { Token::Id } else { Token::Access };
        self.calls.iter().map(move |(asked, want)| {
            let (method, path) = asked.split_once(' ').unwrap_or((asked, ""));
            (AccessRequest { token, ..call(&self.claims(), method, path) }, want.as_str())
        })
    }

    /// What a decision has that the vector does not want.
    fn differs(&self, decision: &Decision, want: &str) -> Option<String> {
        let got = format!(
            "{}{}{}",
            decision.reason.code(),
            decision.rule.map(|rule| format!(" @{rule}")).unwrap_or_default(),
            decision.message.as_ref().map(|message| format!(": {message}")).unwrap_or_default()
        );
        let context: Value =
            serde_json::from_str(&json::Value::Object(decision.context.clone()).to_string()).expect("json");
        let parts = [
            (&Some(Value::from(want)), Value::from(got)),
            (&self.context, context),
            (&self.grants, decision.grants.as_ref().map_or(Value::Null, spelled)),
            (&self.fields, json!(decision.denied_fields)),
        ];
        let wrong = parts.iter().find(|(want, got)| want.as_ref().is_some_and(|want| want != got));
        wrong.map(|(want, got)| format!("want {} got {got}", want.as_ref().unwrap_or(&Value::Null)))
    }
}

fn spelled(grants: &Grants) -> Value {
    let side = |routes: &std::collections::BTreeSet<Route>| {
        routes.iter().map(|route| format!("{} {}", route.method(), route.path())).collect::<Vec<_>>()
    };
    json!({ "allow": side(&grants.allow), "deny": side(&grants.deny) })
}

/// Puts every vector to something that decides, and returns what is wrong.
///
/// # Panics
///
/// Panics if a vector has not the form, or its contract has mistakes.
pub fn wrong(mut decide: impl FnMut(&Bundle, &AccessRequest) -> Decision) -> Vec<String> {
    let mut wrong = Vec::new();
    for (file, case) in vector_cases::<Case>("decisions") {
        let name = format!("{file}::{}", case.name);
        let compiled = compile(&case.contract);
        let bundle = compiled.bundle.unwrap_or_else(|| panic!("{name}: {:?}", compiled.diagnostics));
        for (request, want) in case.requests() {
            if let Some(differs) = case.differs(&decide(&bundle, &request), want) {
                wrong.push(format!("{name}: {} {}: {differs}", request.method, request.path));
            }
        }
    }
    wrong
}
