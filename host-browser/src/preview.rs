//! What a contract would make of a sign-in, from its text: for a page in which a contract is written.

use claim_core::contract::compile;
use claim_core::json::{Object, Value};
use claim_core::preview::Preview;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{member, read_event, read_facts, text};

/// Returns `{"diagnostics":[…]}`, with `bundle` and `display` beside it if the contract has no mistakes.
#[must_use]
#[wasm_bindgen]
pub fn check(contract: &str) -> String {
    let compiled = compile(contract);
    let mut members =
        Object::from([("diagnostics".to_owned(), compiled.diagnostics.iter().map(Value::from).collect())]);
    if let Some(bundle) = compiled.bundle {
        members.insert("bundle".to_owned(), bundle.to_text().into());
        members.insert("display".to_owned(), bundle.shown());
    }
    Value::Object(members).to_string()
}

/// Returns `{"preview":{…}}`, as `claims preview --format json` prints it, or `{"error":{…}}`.
///
/// The bundle is what [`check`] gave; `facts` and `failed` are those of [`crate::shape`].
#[must_use]
#[wasm_bindgen]
pub fn preview(bundle: &str, event: &str, facts: &str, failed: &str, now: u64) -> String {
    let previewed = || {
        let bundle = crate::read_bundle(bundle)?;
        let event = read_event(event, now)?;
        let facts = read_facts(facts, failed)?;
        let preview =
            Preview::of(&bundle, &event.request, &facts).map_err(|refusal| Value::from(&refusal))?;
        Ok(member("preview", preview.to_json()))
    };
    text(previewed())
}
