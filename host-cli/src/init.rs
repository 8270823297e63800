//! `claims init`: a contract to begin with.

use std::fs::OpenOptions;
use std::io::Write as _;

use crate::Failure;
use crate::arguments::InitArguments;
use crate::render::say;

/// A contract that passes `check` and `test`.
const STARTER: &str = include_str!("init/claims.yaml");

pub(crate) fn run(arguments: &InitArguments) -> Result<(), Failure> {
    let path = &arguments.contract;
    // Made anew or not at all: nobody's contract is overwritten.
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(STARTER.as_bytes()))
        .map_err(|error| format!("`{}` cannot be made: {error}", path.display()))?;
    say(&format!("{}: a contract to begin with; try `claims check` and `claims test`", path.display()));
    Ok(())
}
