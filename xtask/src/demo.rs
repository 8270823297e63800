//! `cargo xtask demo`: the main job, on this machine.

use std::process::Command;

use crate::steps::{Outcome, cargo, root, step, target};
use crate::{component, pack};

/// Builds everything and runs `claims dev` on the first example.
pub(crate) fn run(arguments: &[&str]) -> Outcome<()> {
    if let Some(other) = arguments.iter().find(|argument| **argument != "--serve") {
        return Err(format!("`cargo xtask demo` takes `--serve` and not `{other}`"));
    }
    let logic = component::build()?;
    if arguments.contains(&"--serve") {
        pack::pack()?;
    }
    step(
        "the command line and the Lambda function are compiled (some minutes, the first time)",
        &mut cargo(&["build", "--package", "host-cli", "--package", "host-lambda"]),
    )?;
    let bin = target().join("debug");
    let example = root().join("examples/profile");
    let mut dev = Command::new(bin.join("claims"));
    dev.arg("dev").arg(example.join("claims.yaml"));
    dev.arg("--event").arg(example.join("event.json")).arg("--seed").arg(example.join("seed.json"));
    dev.arg("--logic").arg(logic).arg("--trigger").arg(bin.join("token-trigger")).args(arguments);
    if arguments.contains(&"--serve") {
        dev.arg("--pages").arg(pack::site());
    }
    step("a user signs in", &mut dev)
}
