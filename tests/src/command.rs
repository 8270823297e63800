//! The `claims` command as tests run it, and the files that a person has read.

use std::path::PathBuf;
use std::process::{Command, Output};

use corpus::repository;

use crate::function::binary;

/// Runs the command in the root of the repository.
///
/// # Panics
///
/// Panics if the command is not built.
#[must_use]
pub fn claims(arguments: &[&str]) -> Output {
    let mut command = Command::new(binary().with_file_name("claims"));
    command.args(arguments).current_dir(repository()).output().expect("the command runs")
}

/// Returns what a command printed.
#[must_use]
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Makes a directory of a test's own.
///
/// # Panics
///
/// Panics if there is no room for it.
#[must_use]
pub fn scratch(name: &str) -> PathBuf {
    let directory = std::env::temp_dir().join(format!("claimwright-test-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a temporary directory");
    directory
}

/// Compares with a file that a person has read; `BLESS=1` writes it.
///
/// # Panics
///
/// Panics if they differ.
pub fn golden(name: &str, got: &str) {
    let path = repository().join("tests/golden").join(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, got).expect("the golden file is writable");
    }
    let want = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(got == want, "{name} differs; read it and bless it with BLESS=1\n{got}");
}
