//! Commands of cargo's that users install by hand: here each has a place of its own, at one version.

use std::path::PathBuf;
use std::process::Command;

use crate::steps::{Outcome, artifacts, cargo, step, target};

/// Installs a command, if it is not there at this version, and returns its path.
pub(crate) fn install(name: &str, version: &str) -> Outcome<PathBuf> {
    let tools = artifacts().join("tools");
    let binary = tools.join("bin").join(name);
    let shown =
        Command::new(&binary).arg("--version").output().map(|output| output.stdout).unwrap_or_default();
    if !String::from_utf8_lossy(&shown).contains(version) {
        let mut install = cargo(&["install", name, "--version", version, "--locked", "--debug", "--root"]);
        // A directory of its own: its dependencies are other versions than ours.
        install.arg(&tools).env("CARGO_TARGET_DIR", target().join("tools"));
        step(&format!("{name} is installed"), &mut install)?;
    }
    Ok(binary)
}
