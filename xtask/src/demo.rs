//! `cargo xtask demo`: the main job, on this machine.

use std::path::Path;
use std::process::Command;

use crate::steps::{Outcome, cargo, program, root, step};
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
        // Without the doctor, whose clients of AWS's take minutes.
        &mut cargo(&[
            "build",
            "--package",
            "host-cli",
            "--package",
            "host-lambda",
            "--no-default-features",
            "--features",
            "host-lambda/default",
        ]),
    )?;
    if arguments.contains(&"--serve") {
        return step("a user signs in, and everybody else can", &mut serving(&logic));
    }
    step("a user signs in", &mut dev("profile", &logic))
}

/// `claims dev` on an example.
fn dev(example: &str, logic: &Path) -> Command {
    let example = root().join("examples").join(example);
    let mut dev = Command::new(program("claims"));
    dev.arg("dev").arg(example.join("claims.yaml"));
    dev.arg("--event").arg(example.join("event.json")).arg("--seed").arg(example.join("seed.json"));
    dev.arg("--logic").arg(logic).arg("--trigger").arg(program("token-trigger"));
    dev
}

/// `claims dev --serve` on the example with an API.
pub(crate) fn serving(logic: &Path) -> Command {
    let mut dev = dev("orders", logic);
    dev.arg("--authorizer").arg(program("authorizer"));
    dev.arg("--users").arg(root().join("examples/orders/users.json"));
    dev.arg("--serve").arg("--pages").arg(pack::site());
    dev
}
