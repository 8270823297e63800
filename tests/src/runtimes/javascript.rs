//! The two builds that JavaScript runs: the core by wasm-bindgen, and the component itself, transpiled by jco.

use std::io::Write as _;
use std::process::{Command, Stdio};

use claim_core::json::{self as exact, Object};
use claim_core::{
    ClaimChanges, FactOutcome, FactRecord, GroupOverride, Lookup, ScopeChanges, TokenRequest, TokenShape,
    TriggerSource, TriggerVersion, User,
};
use corpus::{Answer, Case, Error, bundle, facts, lookups_text, read_event, repository};
use serde_json::{Value, json};

use super::{Answered, Answers};
use crate::function::artifact;

/// Where JavaScript runs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// Node.
    Node,
    /// A page in Chromium.
    Chromium,
}

impl Place {
    const fn name(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Chromium => "chromium",
        }
    }
}

fn ask(engine: &str, place: Place, artifact: &std::path::Path, questions: &[Value]) -> Vec<Value> {
    let mut node = Command::new("node")
        .arg(repository().join("tests/runtimes/answer.mjs"))
        .args([engine, place.name()])
        .arg(artifact)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node 20 is needed: install it and put `node` on the path");
    let input = serde_json::to_vec(questions).expect("questions are json");
    let mut pipe = node.stdin.take().expect("standard input is a pipe");
    let written = std::thread::spawn(move || pipe.write_all(&input));
    let output = node.wait_with_output().expect("Node ends");
    written.join().expect("no panic").expect("Node reads its input");
    assert!(output.status.success(), "{engine} in {place:?} fails; build it with `cargo xtask build`");
    serde_json::from_slice(&output.stdout).expect("Node answers in json")
}

fn answers(cases: &[Case], answered: Vec<Answer>) -> Answers {
    let one = |(case, answer): (&Case, Answer)| {
        let bundle = bundle(case).map(|bundle| bundle.to_text()).unwrap_or_default();
        (case.name.clone(), Answered { case: case.clone(), bundle, answer: Ok(answer) })
    };
    cases.iter().zip(answered).map(one).collect()
}

/// Asks the wasm-bindgen build.
///
/// # Panics
///
/// Panics if it is not built, or Node or Chromium is not there.
#[must_use]
pub fn bindgen(cases: &[Case], place: Place) -> Answers {
    let question = |case: &Case| {
        let facts: Vec<String> =
            case.facts.iter().map(|(name, text)| format!("{}:{text}", json!(name))).collect();
        json!({
            "bundle": bundle(case).map(|bundle| bundle.to_text()).unwrap_or_default(),
            "event": case.event,
            "facts": format!("{{{}}}", facts.join(",")),
            "failed": json!(case.failed).to_string(),
            "now": case.now,
        })
    };
    let folder = match place {
        Place::Node => artifact("browser"),
        Place::Chromium => artifact("browser-web"),
    };
    let questions: Vec<Value> = cases.iter().map(question).collect();
    let answered = ask("bindgen", place, &folder, &questions);
    answers(cases, answered.iter().map(of_bindgen).collect())
}

fn of_bindgen(answer: &Value) -> Answer {
    // The answers are texts within a text, so that their bytes can be compared.
    let part = |name: &str| answer[name].as_str().expect("both answers are there");
    let plan = exact::read(part("plan")).expect("the plan is json");
    let shape: Value = serde_json::from_str(part("shape")).expect("the shape is json");
    let text = |name: &str| shape["error"][name].as_str().unwrap_or_default().to_owned();
    let error = || Error { code: text("code"), subject: text("subject"), fault: text("fault") };
    Answer {
        lookups: plan.get("lookups").map(ToString::to_string),
        shaped: shape["answer"].as_str().map(str::to_owned).ok_or_else(error),
    }
}

/// Asks the component itself, transpiled by jco. An event that is none is refused before any component is asked.
///
/// # Panics
///
/// As [`bindgen`].
#[must_use]
pub fn transpiled(cases: &[Case], place: Place) -> Answers {
    let readable: Vec<&Case> = cases.iter().filter(|case| read_event(case).is_ok()).collect();
    let question = |case: &&Case| {
        let event = read_event(case).expect("it was read a moment ago");
        json!({
            "bundle": bundle(case).map(|bundle| bundle.to_text()).unwrap_or_default(),
            "request": request(&event.request),
            "facts": facts(case).iter().map(fact).collect::<Vec<_>>(),
        })
    };
    let questions: Vec<Value> = readable.iter().map(question).collect();
    let mut answered = ask("component", place, &artifact("logic.wasm"), &questions).into_iter();
    let answer = |case: &Case| match read_event(case) {
        Err(error) => Answer { lookups: None, shaped: Err(error) },
        Ok(event) => {
            let answer = answered.next().expect("every question has an answer");
            let lookups = answer["plan"].get("ok").map(|lookups| {
                let lookups = lookups.as_array().expect("a list of lookups");
                lookups_text(&lookups.iter().map(lookup).collect::<Vec<_>>())
            });
            let shaped = match answer["shape"].get("ok") {
                Some(made) => Ok(event.answer(&shape(made))),
                None => Err(refusal(&answer["shape"])),
            };
            Answer { lookups, shaped }
        }
    };
    let answered = cases.iter().map(answer).collect();
    answers(cases, answered)
}

/// A token request as jco takes it.
fn request(request: &TokenRequest) -> Value {
    let version = match request.version {
        TriggerVersion::V1 => "v1",
        TriggerVersion::V2 => "v2",
        TriggerVersion::V3 => "v3",
    };
    let trigger = match &request.trigger {
        TriggerSource::HostedAuth => json!({ "tag": "hosted-auth" }),
        TriggerSource::Authentication => json!({ "tag": "authentication" }),
        TriggerSource::NewPasswordChallenge => json!({ "tag": "new-password-challenge" }),
        TriggerSource::AuthenticateDevice => json!({ "tag": "authenticate-device" }),
        TriggerSource::RefreshTokens => json!({ "tag": "refresh-tokens" }),
        TriggerSource::ClientCredentials => json!({ "tag": "client-credentials" }),
        TriggerSource::Other(text) => json!({ "tag": "other", "val": text }),
    };
    let mut made = json!({
        "version": version, "trigger": trigger, "poolId": request.pool_id, "region": request.region,
        "clientId": request.client_id, "scopes": request.scopes,
        "clientMetadata": exact::Value::Object(request.client_metadata.clone()).to_string(), "now": request.now,
    });
    if let Some(of) = &request.user {
        made["user"] = user(of);
    }
    made
}

fn user(user: &User) -> Value {
    let mut made = json!({
        "attributes": exact::Value::Object(user.attributes.clone()).to_string(), "groups": user.groups, "roles": user.roles,
    });
    if let Some(name) = &user.name {
        made["name"] = name.as_str().into();
    }
    if let Some(role) = &user.preferred_role {
        made["preferredRole"] = role.as_str().into();
    }
    made
}

fn fact(fact: &FactRecord) -> Value {
    let outcome = match &fact.outcome {
        FactOutcome::Found(value) => json!({ "tag": "found", "val": value.to_string() }),
        FactOutcome::Missing => json!({ "tag": "missing" }),
        FactOutcome::Failed => json!({ "tag": "failed" }),
    };
    json!({ "name": fact.name, "outcome": outcome })
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn texts<C: FromIterator<String>>(list: &Value) -> C {
    list.as_array().expect("a list").iter().map(text).collect()
}

fn value(text: &Value) -> exact::Value {
    exact::read(text.as_str().expect("a text")).expect("a value is json")
}

fn lookup(lookup: &Value) -> Lookup {
    let key = lookup["key"].as_array().expect("a key").iter();
    Lookup {
        fact: text(&lookup["fact"]),
        table: text(&lookup["table"]),
        key: key.map(|attribute| (text(&attribute["name"]), value(&attribute["value"]))).collect(),
        fields: texts(&lookup["fields"]),
        consistent: lookup["consistent"].as_bool().expect("a boolean"),
    }
}

fn shape(made: &Value) -> TokenShape {
    let claims = |changes: &Value| {
        let add = changes["add"].as_array().expect("a list of claims");
        let count = add.len();
        let add: Object = add.iter().map(|claim| (text(&claim["name"]), value(&claim["value"]))).collect();
        assert_eq!(add.len(), count, "a claim stands twice");
        ClaimChanges { add, suppress: texts(&changes["suppress"]) }
    };
    let scopes = &made["scopes"];
    let groups = made.get("groups").filter(|groups| !groups.is_null());
    TokenShape {
        id: claims(&made["id"]),
        access: claims(&made["access"]),
        scopes: ScopeChanges { add: texts(&scopes["add"]), suppress: texts(&scopes["suppress"]) },
        groups: groups.map(|groups| GroupOverride {
            groups: texts(&groups["groups"]),
            roles: texts(&groups["roles"]),
            preferred_role: groups.get("preferredRole").filter(|role| !role.is_null()).map(text),
        }),
    }
}

fn refusal(answer: &Value) -> Error {
    let payload = &answer["refusal"];
    let Some(code) = payload["tag"].as_str() else {
        return Error { code: format!("broken: {answer}"), ..Error::default() };
    };
    let val = &payload["val"];
    let of = |name: &str| val[name].as_str().unwrap_or_default().to_owned();
    let (subject, fault) = match code {
        "rule-failed" => (of("rule"), of("fault")),
        "blocked" => (of("rule"), String::new()),
        _ => (val.as_str().unwrap_or_default().to_owned(), String::new()),
    };
    Error { code: code.to_owned(), subject, fault }
}
