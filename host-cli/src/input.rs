//! Reading what people hand in.

use std::io::Read as _;
use std::path::Path;

use claim_core::contract::{Compiled, compile};
use claim_core::json::{self, Object, Value};
use claim_core::{Bundle, FactOutcome, FactRecord};

use crate::Failure;
use crate::render;

/// No input of ours is larger; a larger file is another file.
const MAX_INPUT: u64 = 16 * 1024 * 1024;

/// Reads a text file, or standard input for `-`.
pub(crate) fn text(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let limit = MAX_INPUT.saturating_add(1);
    let read = if path == Path::new("-") {
        std::io::stdin().take(limit).read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(limit).read_to_string(&mut text))
    };
    match read {
        Ok(count) if u64::try_from(count).is_ok_and(|count| count <= MAX_INPUT) => Ok(text),
        Ok(_) => Err(format!(
            "`{}` has more than {MAX_INPUT} bytes, which no input of this command has; name another file",
            path.display()
        )),
        Err(error) => Err(format!("`{}` cannot be read ({error}); name another file", path.display())),
    }
}

/// Reads the text of a contract.
pub(crate) fn contract_text(path: &Path) -> Result<String, Failure> {
    if path == Path::new("-") || path.exists() {
        return text(path);
    }
    Err(format!("there is no `{}`; name a contract, or make one with `claims init`", path.display()))
}

/// Reads a file that holds one JSON object.
pub(crate) fn object(path: &Path) -> Result<Object, Failure> {
    match json::read(&text(path)?) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(other) => Err(format!("`{}` must hold a json object and holds {}", path.display(), other.kind())),
        Err(error) => Err(format!("`{}`: {error}", path.display())),
    }
}

/// Compiles a contract; its diagnostics go to standard error.
pub(crate) fn contract(path: &Path) -> Result<Bundle, Failure> {
    compiled(path).map(|(bundle, _)| bundle)
}

/// Compiles a contract, with everything that is known of it; its diagnostics go to standard error.
pub(crate) fn compiled(path: &Path) -> Result<(Bundle, Compiled), Failure> {
    let text = contract_text(path)?;
    let mut compiled = compile(&text);
    for diagnostic in &compiled.diagnostics {
        render::diagnostic(path, &text, diagnostic);
    }
    let bundle = compiled
        .bundle
        .take()
        .ok_or_else(|| format!("`{}` has mistakes; nothing was done", path.display()))?;
    Ok((bundle, compiled))
}

/// Reads facts: a record, null or nothing for each; and under `logic.name` what a logic component says of claims. Names
/// that the contract does not have are mistakes.
pub(crate) fn facts(
    bundle: &Bundle,
    path: Option<&Path>,
    fail: &[String],
) -> Result<Vec<FactRecord>, Failure> {
    let mut given = path.map_or_else(|| Ok(Object::new()), object)?;
    let known = || {
        let logic = bundle.logic.keys().map(|name| format!("`logic.{name}`"));
        let known: Vec<String> = bundle.facts.keys().map(|name| format!("`{name}`")).chain(logic).collect();
        if known.is_empty() { "none".to_owned() } else { known.join(", ") }
    };
    let component =
        |name: &str| bundle.logic.keys().find(|known| name.strip_prefix("logic.") == Some(known.as_str()));
    if let Some(other) =
        given.keys().chain(fail).find(|name| !bundle.facts.contains_key(*name) && component(name).is_none())
    {
        return Err(format!("there is no fact `{other}` in the contract; there is {}", known()));
    }
    let mut names: Vec<String> = bundle.facts.keys().cloned().collect();
    names.extend(given.keys().chain(fail).filter(|name| component(name).is_some()).cloned());
    names.sort();
    names.dedup();
    let outcome = |name: &String| match given.remove(name) {
        _ if fail.contains(name) => FactOutcome::Failed,
        None | Some(Value::Null) => FactOutcome::Missing,
        Some(record) => FactOutcome::Found(record),
    };
    let outcomes: Vec<FactOutcome> = names.iter().map(outcome).collect();
    Ok(names.into_iter().zip(outcomes).map(|(name, outcome)| FactRecord { name, outcome }).collect())
}
