//! `cargo xtask mutants`: the core with one small mistake at a time. A test must find each.

use std::process::Command;

use crate::steps::{Outcome, artifacts, root, step};
use crate::tools;

/// The version of the command that makes the mistakes and runs the tests.
const CARGO_MUTANTS: &str = "27.1.0";

/// Tries every mutant of the core, or those of one part, written `0/4`. What survives is listed in
/// `target/claimwright/mutants.out/missed.txt`; `.cargo/mutants.toml` names those that change nothing.
pub(crate) fn run(arguments: &[&str]) -> Outcome<()> {
    let part = match arguments {
        [] => "0/1",
        [part]
            if part
                .split_once('/')
                .is_some_and(|(k, n)| k.parse::<u32>().is_ok() && n.parse::<u32>().is_ok()) =>
        {
            part
        }
        _ => return Err("write `cargo xtask mutants [0/4]`".to_owned()),
    };
    let mut mutants = Command::new(tools::install("cargo-mutants", CARGO_MUTANTS)?);
    mutants.current_dir(root()).args([
        "mutants",
        "--package",
        "claim-core",
        "--test-package",
        "claim-core,corpus",
    ]);
    // Two at a time, each in a copy of its own, whose dependencies are compiled first: that takes minutes, and the tests
    // a second.
    mutants.args(["--jobs", "2", "--profile", "mutants", "--timeout", "60", "--build-timeout", "1800"]);
    mutants.args(["--baseline", "skip", "--sharding", "round-robin", "--shard", part]);
    mutants.arg("--output").arg(artifacts());
    step("every mistake in the core is found", &mut mutants)
}
