//! The function's binary, over Lambda's Runtime API, with a stand-in for DynamoDB and the clock of the case.

use std::io::BufRead as _;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use claim_core::json::{Number, Value};
use claim_core::{Bundle, FactOutcome, Lookup};
use corpus::{Answer, Case, Error, facts, lookups_text, read_event};
use host_cli::dev::{self, Function, Start};

use super::{Answered, Answers, in_two_threads};
use crate::clock::library;
use crate::function::{binary, machine_code};
use crate::gathered::gathered;
use crate::store::CaseStore;

/// How long a line of the log may be behind its answer.
const LINE: Duration = Duration::from_secs(5);

/// The last second that the stand-in for the clock is asked to show: later, a token of AWS's would have ended.
const LATEST: u64 = 1_780_000_000;

/// Says why a case cannot be put to a function, whose events come from Cognito and whose records from DynamoDB.
///
/// # Panics
///
/// Panics if the text is no bundle.
#[must_use]
pub fn unaskable(case: &Case, bundle: &str) -> Option<&'static str> {
    if serde_json::from_str::<&serde_json::value::RawValue>(&case.event).is_err() {
        return Some("no JSON");
    }
    if case.now > LATEST {
        return Some("a time to come");
    }
    let Ok(event) = read_event(case) else {
        return None;
    };
    let bundle = Bundle::read(bundle).expect("a bundle");
    let lookups = claim_core::plan(&bundle, &event.request).unwrap_or_default();
    let facts = facts(case);
    let given = |lookup: &Lookup| facts.iter().any(|fact| fact.name == lookup.fact);
    let asked = |name: &str| lookups.iter().any(|lookup| lookup.fact == name);
    if facts.iter().any(|fact| fact.name.starts_with("logic.")) || !bundle.logic.is_empty() {
        return Some("a component's answer that is given");
    }
    if !lookups.iter().all(given) || !facts.iter().all(|fact| asked(&fact.name)) {
        return Some("facts that are not the lookups");
    }
    let storable = |outcome: &FactOutcome| match outcome {
        FactOutcome::Found(Value::Object(members)) => members.values().all(|value| is_storable(value, 1)),
        FactOutcome::Found(_) => false,
        _ => true,
    };
    (!facts.iter().all(|fact| storable(&fact.outcome))).then_some("a record that DynamoDB cannot hold")
}

/// How deep lists and maps may stand in each other in an item.
const MAX_DEPTH: usize = 32;

/// Whether a value comes back from a table as it went in.
fn is_storable(value: &Value, depth: usize) -> bool {
    match value {
        Value::Number(number) => Number::parse(&number.to_string()).as_ref() == Some(number),
        Value::Array(_) | Value::Object(_) if depth > MAX_DEPTH => false,
        Value::Array(elements) => elements.iter().all(|element| is_storable(element, depth + 1)),
        Value::Object(members) => members.values().all(|member| is_storable(member, depth + 1)),
        _ => true,
    }
}

/// Starts the binary for each bundle and each time, and puts the cases to it one after the other.
///
/// # Panics
///
/// Panics if the binary, or the library that shows it another time, is not there.
#[must_use]
pub fn bootstrap(cases: &[Case]) -> Answers {
    let clock = library();
    let mut by_time: Vec<(String, u64, Vec<Case>)> = Vec::new();
    for gathered in gathered(cases) {
        for case in gathered.cases {
            let known =
                by_time.iter_mut().find(|(bundle, now, _)| *bundle == gathered.bundle && *now == case.now);
            match known {
                Some((_, _, cases)) => cases.push(case),
                None => by_time.push((gathered.bundle.clone(), case.now, vec![case])),
            }
        }
    }
    in_two_threads(&by_time, |(bundle, now, cases)| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(asked(bundle, *now, cases, &clock))
    })
}

async fn asked(bundle: &str, now: u64, cases: &[Case], clock: &str) -> Vec<Answered> {
    let store = CaseStore::start().await;
    // Standing still, in seconds since 1970. What measures time goes on.
    let time = now.to_string();
    let settings = [
        ("LD_PRELOAD", clock),
        ("FAKETIME", &time),
        ("FAKETIME_FMT", "%s"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ("DONT_FAKE_MONOTONIC", "1"),
    ];
    let start = Start {
        binary: &std::env::var_os("CLAIMWRIGHT_BOOTSTRAP").map_or_else(binary, PathBuf::from),
        logic: machine_code(),
        custom: &[],
        bundle: Some(bundle),
        endpoint: store.endpoint(),
        settings: &settings,
    };
    let (reader, writer) = std::io::pipe().expect("a pipe");
    let (told, lines) = channel();
    std::thread::spawn(move || {
        std::io::BufReader::new(reader)
            .lines()
            .map_while(Result::ok)
            .try_for_each(|line| told.send(line).ok())
    });
    let function = Function::start_with_log(&start, Stdio::from(writer)).await.expect("the function starts");
    let bundle_read = Bundle::read(bundle).expect("a bundle");
    let mut answered = Vec::new();
    for case in cases {
        let answer = one(&function, &store, &lines, &bundle_read, case).await;
        answered.push(Answered { case: case.clone(), bundle: bundle.to_owned(), answer });
    }
    function.stop().await;
    answered
}

async fn one(
    function: &Function,
    store: &CaseStore,
    lines: &Receiver<String>,
    bundle: &Bundle,
    case: &Case,
) -> Result<Answer, String> {
    let planned = read_event(case).ok().and_then(|event| claim_core::plan(bundle, &event.request).ok());
    let facts = facts(case);
    let outcome = |lookup: &Lookup| {
        let fact = facts.iter().find(|fact| fact.name == lookup.fact);
        (lookup.clone(), fact.map_or(FactOutcome::Failed, |fact| fact.outcome.clone()))
    };
    store.know(&planned.iter().flatten().map(outcome).collect::<Vec<_>>());
    let answer = function.invoke(&case.event).await?;
    let line = lines.recv_timeout(LINE).map_err(|_| "the function logs no line".to_owned())?;
    let line: serde_json::Value = serde_json::from_str(&line).map_err(|error| format!("{error}: {line}"))?;
    store.asked_for_all_or_none()?;
    // All that was planned was read, in this very form, if the invocation came that far.
    let read = line["facts"].as_array().map_or(0, Vec::len);
    if let Some(planned) = &planned
        && line["facts"].is_array()
        && read != planned.len()
    {
        return Err(format!("{read} reads, and {} were planned", planned.len()));
    }
    let shaped = match answer {
        dev::Answer::Response(text) => Ok(text),
        dev::Answer::Error(text) => Err(error(&text, &line)),
    };
    Ok(Answer { lookups: planned.map(|lookups| lookups_text(&lookups)), shaped })
}

/// The refusal: its code as Cognito gets it, and what it names as the log says it.
fn error(text: &str, line: &serde_json::Value) -> Error {
    let error: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let code = error["errorType"].as_str().unwrap_or_default().to_owned();
    if code == "malformed-event" {
        return Error { code, ..Error::default() };
    }
    let detail = line["detail"].as_str().unwrap_or_default();
    let (subject, fault) = detail.split_once(": ").unwrap_or((detail, ""));
    Error { code, subject: subject.to_owned(), fault: fault.to_owned() }
}
