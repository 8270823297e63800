//! Benchmarks: commands that print what they measure, and write it as JSON and as a chart.
//!
//! Contenders take turns in one run, so that a ratio holds on a busy machine too. With `BLESS=1` the figures go to
//! `docs/bench`, where the README shows them.

use std::path::PathBuf;
use std::process::Command;

use crate::steps::{Outcome, artifacts, cargo, program, root, step, target};
use crate::{component, deploy, pack, package, tools};

/// The harness is not what is measured: it is optimised without the link-time optimisation that takes minutes. The machine
/// code of the component is the same, and the native core is one crate.
fn harness(bench: &str) -> Command {
    let mut harness = cargo(&["run", "--profile", "bench", "--quiet", "--package", "bench", "--bin"]);
    harness.arg(format!("bench-{bench}")).arg("--");
    harness
}

/// Draws what was measured elsewhere.
fn chart(bench: &str) -> Outcome<()> {
    let mut draw = cargo(&["run", "--quiet", "--package", "figures", "--"]);
    step("the chart is drawn", draw.arg(figures().join(bench).with_extension("json")))
}

/// Where figures go.
fn figures() -> PathBuf {
    if std::env::var_os("BLESS").is_some() { root().join("docs/bench") } else { artifacts().join("bench") }
}

/// All of them, one after the other.
pub(crate) fn all() -> Outcome<()> {
    [core, trigger, authorizer, coldstart, browser, logic, check].into_iter().try_for_each(|bench| bench())
}

/// Measures the logic alone: native, in an instance used again, in a fresh one, and how the price grows.
pub(crate) fn core() -> Outcome<()> {
    let logic = component::build()?;
    step("the logic alone is measured", harness("core").arg(logic).arg(figures()))
}

/// Measures one sign-in: in process, and as a function beside others that do the same.
pub(crate) fn trigger() -> Outcome<()> {
    let logic = component::build()?;
    step("one sign-in is measured in process", harness("trigger").arg(logic).arg(figures()))?;
    processes("trigger")
}

/// Measures one decision: in process beside the bare signature check, and as a function beside others that do the same.
pub(crate) fn authorizer() -> Outcome<()> {
    let logic = component::build()?;
    let mut packages = Command::new("npm");
    packages.args(["ci", "--no-fund", "--no-audit"]).current_dir(root().join("tests/node"));
    step("the packages of tests/node are installed", &mut packages)?;
    step("one decision is measured in process", harness("authorizer").arg(logic).arg(figures()))?;
    processes("authorizer")
}

/// Puts the same events to the packaged function and to the contenders of `bench/`, proves that all answer alike, and
/// measures them in turns.
fn processes(kind: &str) -> Outcome<()> {
    let folder = root().join("bench");
    let (function, example) = match kind {
        "trigger" => ("token-trigger", "profile"),
        _ => ("authorizer", "api"),
    };
    package::sample_here()?;
    let ours = package::built_for(function, example)?;
    let mut guide = cargo(&["build", "--release", "--locked", "--target-dir"]);
    // As it is for a team that sets nothing; `.cargo/config.toml` switches it off for what is ours.
    guide.env("AWS_LC_SYS_NO_JITTER_ENTROPY", "0");
    step(
        "native Rust as guides write it is compiled (some minutes)",
        guide.arg(target().join("guide")).current_dir(folder.join("guide")),
    )?;
    let mut packages = Command::new("npm");
    packages.args(["ci", "--no-fund", "--no-audit", "--ignore-scripts"]).current_dir(folder.join("node"));
    step("the packages of bench/node are installed", &mut packages)?;
    let mut bundle = Command::new("npm");
    step("they are bundled", bundle.args(["run", "bundle"]).current_dir(folder.join("node")))?;
    let python = tools::python("bench", &folder.join("python/requirements.txt"))?;
    let mut check = Command::new("node");
    check.arg("check.mjs").current_dir(&folder).env("KIND", kind).env(kind.to_uppercase(), ours);
    if kind == "trigger" {
        check.env("NATIVE", package::native(example)?);
    }
    check.env("GUIDE", target().join("guide/release"));
    check.env("PYTHON", python.join("python")).env("FIGURES", figures());
    step("every contender is right, and measured in turns", &mut check)?;
    chart(kind)
}

/// Measures each packaged function in AWS's runtime emulator from its start to its first answer, beside one that does
/// nothing.
pub(crate) fn coldstart() -> Outcome<()> {
    package::sample_here()?;
    let minimal = package::minimal()?;
    let mut bench = deploy::end_to_end_command()?();
    bench.arg("coldstart.mjs").env("MINIMAL", minimal).env("FIGURES", figures());
    step("cold starts are measured", &mut bench)?;
    chart("coldstart")
}

/// Measures how long an author waits for the command, in the build that `cargo run` makes: an upper bound.
pub(crate) fn check() -> Outcome<()> {
    step(
        "the command is compiled, not optimised",
        &mut cargo(&["build", "--package", "host-cli", "--bin", "claims"]),
    )?;
    let mut bench = cargo(&["run", "--quiet", "--package", "bench", "--bin", "bench-check", "--"]);
    bench.arg(program("claims"));
    step("check and preview are measured", &mut bench)
}

/// Measures the npm package beside other readers of tokens, in Node and in Chromium.
pub(crate) fn browser() -> Outcome<()> {
    let tarball = pack::pack()?;
    let mut bench = tools::with_browser("node", &tarball)?;
    step("the npm package is measured", bench.arg("bench.mjs").env("FIGURES", figures()))?;
    chart("browser")
}

/// Measures what a claim from a logic component costs, in each language.
pub(crate) fn logic() -> Outcome<()> {
    let ours = component::build()?;
    crate::logic::build()?;
    let mut bench = harness("logic");
    bench.arg(ours).arg(artifacts().join("logic"));
    step("logic in three languages is measured", &mut bench)
}
