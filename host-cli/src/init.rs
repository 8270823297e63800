//! `claims init`: a contract to begin with, and the schema that helps an editor with it.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use crate::arguments::InitArguments;
use crate::render::say;
use crate::{Failure, schema};

/// A contract that passes `check` and `test`.
const STARTER: &str = include_str!("init/claims.yaml");

/// The name that the first line of the starter gives the schema.
const SCHEMA: &str = "claims.schema.json";

pub(crate) fn run(arguments: &InitArguments) -> Result<(), Failure> {
    let path = &arguments.contract;
    write_new(path, STARTER).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => format!(
            "`{}` is there already and is not written over; name another file: `claims init other.yaml`",
            path.display()
        ),
        _ => format!("`{}` cannot be made: {error}", path.display()),
    })?;
    // Whoever has a schema keeps it; without one an editor only helps less.
    let beside = path.with_file_name(SCHEMA);
    if write_new(&beside, &(schema::text()? + "\n")).is_ok() {
        say(&format!("{}: what editors read to complete and check the contract", beside.display()));
    }
    say(&format!("{}: a contract to begin with; try `claims check` and `claims test`", path.display()));
    Ok(())
}

/// Makes a file anew or not at all: nobody's contract is overwritten.
fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}
