//! Benchmarks: commands that print what they measure.

use std::process::{Command, Stdio};

use crate::steps::{Outcome, artifacts, cargo, root, step, target};
use crate::{component, deploy, pack, package, tools};

/// Measures one invocation of the token trigger, in process and through the real binary.
pub(crate) fn trigger() -> Outcome<()> {
    let logic = component::build()?;
    step(
        "the function is compiled as it is deployed",
        &mut cargo(&["build", "--release", "--package", "host-lambda", "--bin", "token-trigger"]),
    )?;
    let mut bench = optimised("bench-trigger");
    bench.arg(logic).arg(target().join("release/token-trigger")).arg(root().join("examples/profile"));
    step("one invocation is measured", &mut bench)
}

/// Measures each packaged function from its start to its first answer, beside one that does nothing.
pub(crate) fn coldstart() -> Outcome<()> {
    package::sample_here()?;
    let minimal = package::minimal()?;
    let mut bench = deploy::end_to_end_command()?();
    step("cold starts are measured", bench.arg("coldstart.mjs").env("MINIMAL", minimal))
}

/// Measures how long an author waits for the command, in the build that `cargo run` makes: an upper bound.
pub(crate) fn check() -> Outcome<()> {
    step(
        "the command is compiled, not optimised",
        &mut cargo(&["build", "--package", "host-cli", "--bin", "claims"]),
    )?;
    let mut bench = cargo(&["run", "--quiet", "--package", "conformance", "--bin", "bench-check", "--"]);
    bench.arg(target().join("debug/claims"));
    step("check and preview are measured", &mut bench)
}

/// Measures one decision of the authorizer, in process and through the real binary, beside other authorizers.
pub(crate) fn authorizer() -> Outcome<()> {
    let logic = component::build()?;
    let mut packages = Command::new("npm");
    packages.args(["ci", "--no-fund", "--no-audit"]).current_dir(root().join("tests/node"));
    step("the packages of tests/node are installed", &mut packages)?;
    let release =
        ["build", "--release", "--package", "host-lambda", "--bin", "authorizer", "--no-default-features"];
    let mut build = cargo(&release);
    step("the function is compiled as it is deployed", build.args(["--features", "authorizer"]))?;
    let mut bench = optimised("bench-authorizer");
    // The log of each decision goes to standard output and is part of what is measured; the figures go beside it.
    bench.arg(logic).arg(target().join("release/authorizer")).arg(root()).stdout(Stdio::null());
    step("one decision is measured", &mut bench)
}

/// Measures the npm package beside other readers of tokens, in Node and in Chromium.
pub(crate) fn browser() -> Outcome<()> {
    let tarball = pack::pack()?;
    let mut bench = tools::with_browser("node", &tarball)?;
    step("the npm package is measured", bench.arg("bench.mjs"))
}

/// Measures what a claim from a logic component costs, in each language.
pub(crate) fn logic() -> Outcome<()> {
    let ours = component::build()?;
    crate::logic::build()?;
    let mut bench = optimised("bench-logic");
    bench.arg(ours).arg(artifacts().join("logic"));
    step("logic in three languages is measured", &mut bench)
}

/// A bench, optimised but without the link-time optimisation that takes minutes: the machine code of the component is
/// the same, and the native core is one crate.
fn optimised(bench: &str) -> Command {
    cargo(&["run", "--profile", "bench", "--quiet", "--package", "conformance", "--bin", bench, "--"])
}
