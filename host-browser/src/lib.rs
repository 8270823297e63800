//! `claim-core` for JavaScript, by wasm-bindgen: texts in, JSON text out. It converts and decides nothing.

#[cfg(feature = "preview")]
pub mod preview;

use claim_core::cognito::event;
use claim_core::json::{self, Object, Value};
use claim_core::{Bundle, FactOutcome, FactRecord};
use wasm_bindgen::prelude::wasm_bindgen;

/// Returns `{"lookups":[…]}`: the facts that an event needs under a bundle; or `{"error":{…}}`.
#[must_use]
#[wasm_bindgen]
pub fn plan(bundle: &str, event: &str, now: u64) -> String {
    let planned = || {
        let bundle = read_bundle(bundle)?;
        let event = read_event(event, now)?;
        let lookups = claim_core::plan(&bundle, &event.request).map_err(|refusal| Value::from(&refusal))?;
        Ok(member("lookups", lookups.iter().map(Value::from).collect()))
    };
    text(planned())
}

/// Returns `{"answer":"…"}`: the answered event, as the function answers it; or `{"error":{…}}`.
///
/// `facts` is a JSON object with a record for each fact that is there; `failed` is a JSON list of the facts that could not
/// be read.
#[must_use]
#[wasm_bindgen]
pub fn shape(bundle: &str, event: &str, facts: &str, failed: &str, now: u64) -> String {
    let shaped = || {
        let bundle = read_bundle(bundle)?;
        let event = read_event(event, now)?;
        let facts = read_facts(facts, failed)?;
        let shape =
            claim_core::shape(&bundle, &event.request, &facts).map_err(|refusal| Value::from(&refusal))?;
        Ok(member("answer", event.answer(&shape).into()))
    };
    text(shaped())
}

fn read_bundle(text: &str) -> Result<Bundle, Value> {
    Bundle::read(text).map_err(|failure| error("malformed-bundle", &failure.to_string()))
}

fn read_event(text: &str, now: u64) -> Result<event::TriggerEvent<'_>, Value> {
    event::read(text, now).map_err(|failure| error("malformed-event", &failure.to_string()))
}

fn read_facts(facts: &str, failed: &str) -> Result<Vec<FactRecord>, Value> {
    let malformed = |what: &str| error("malformed-facts", what);
    let Ok(Value::Object(records)) = json::read(facts) else {
        return Err(malformed("the facts must be a json object with a record for each"));
    };
    let Ok(Value::Array(failed)) = json::read(failed) else {
        return Err(malformed("the failed facts must be a json list of names"));
    };
    // A fact that could not be read has no record, whatever else is said of it.
    let there =
        records.into_iter().filter(|(name, _)| !failed.iter().any(|other| other.as_str() == Some(name)));
    let found = there.map(|(name, record)| {
        let outcome = if record == Value::Null { FactOutcome::Missing } else { FactOutcome::Found(record) };
        FactRecord { name, outcome }
    });
    let failed = failed.iter().filter_map(Value::as_str);
    Ok(found
        .chain(failed.map(|name| FactRecord { name: name.to_owned(), outcome: FactOutcome::Failed }))
        .collect())
}

fn error(code: &str, message: &str) -> Value {
    Value::from([("code", code.into()), ("message", message.into())])
}

fn member(name: &str, value: Value) -> Value {
    Value::Object(Object::from([(name.to_owned(), value)]))
}

fn text(outcome: Result<Value, Value>) -> String {
    outcome.unwrap_or_else(|error| member("error", error)).to_string()
}

/// Returns what a gateway hands on about a caller, in the contract's types: `{"carrier":"…","values":{…}}`; `null` if
/// the event names no caller, or `{"error":{…}}`. It verifies nothing: the event must come from the gateway itself.
#[must_use]
#[wasm_bindgen]
pub fn caller(bundle: &str, event: &str) -> String {
    let read = || {
        let bundle = read_bundle(bundle)?;
        Ok(claim_core::backend::read(&bundle, event).map_or(Value::Null, |received| {
            Value::from([("carrier", received.carrier.as_str().into()), ("values", received.values.into())])
        }))
    };
    text(read())
}
