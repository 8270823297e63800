//! `claims schema` and `claims completion`: what editors and shells ask for.

use clap::CommandFactory as _;

use crate::arguments::{Arguments, CompletionArguments};
use crate::render::say;
use crate::{Failure, pretty};

pub(crate) fn run() -> Result<(), Failure> {
    say(&text()?);
    Ok(())
}

/// Returns the text of the JSON Schema of contracts.
pub(crate) fn text() -> Result<String, Failure> {
    pretty::json(&claim_core::contract::json_schema())
}

pub(crate) fn completion(arguments: &CompletionArguments) {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "claims", &mut script);
    say(String::from_utf8_lossy(&script).trim_end());
}
