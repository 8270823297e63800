//! `cargo xtask fuzz`: coverage-guided fuzzing on the stable toolchain.

use std::process::Command;

use crate::steps::{Outcome, artifacts, cargo, root, say, step, target};
use crate::tools;

/// The version of the command that builds and runs the targets.
const CARGO_FUZZ: &str = "0.13.1";

/// What is fuzzed, and how long a text of it may be: as `tests/fuzzed` lists it.
const TARGETS: [(&str, u32); 9] = [
    ("answer", 8_192),
    ("bundle", 16_384),
    ("call", 8_192),
    ("contract", 4_096),
    ("event", 8_192),
    ("expression", 2_048),
    ("keys", 8_192),
    ("presentation", 8_192),
    ("token", 8_192),
];

/// Fuzzes one target, or each, for so many seconds.
pub(crate) fn run(arguments: &[&str]) -> Outcome<()> {
    let (names, seconds) = match arguments {
        [] => (TARGETS.to_vec(), "600"),
        [name, rest @ ..] => {
            let known = TARGETS.iter().filter(|(target, _)| target == name).copied().collect::<Vec<_>>();
            (known, rest.first().copied().unwrap_or("600"))
        }
    };
    if names.is_empty() || seconds.parse::<u32>().is_err() {
        let known: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
        return Err(format!("write `cargo xtask fuzz [{} [seconds]]`", known.join("|")));
    }
    let tool = tools::install("cargo-fuzz", CARGO_FUZZ)?;
    let corpus = artifacts().join("fuzz");
    let mut seeds = cargo(&["run", "--quiet", "--package", "conformance", "--bin", "fuzz-seeds", "--"]);
    step("the vectors are the seeds", seeds.arg(&corpus))?;
    for (name, length) in names {
        let mut fuzz = Command::new(&tool);
        // Without a sanitizer: they need a nightly compiler, and the core has no unsafe code.
        fuzz.args(["fuzz", "run", "--sanitizer", "none", "--fuzz-dir", ".", name])
            .arg(corpus.join(name))
            .arg("--")
            .arg(format!("-max_total_time={seconds}"))
            .arg(format!("-max_len={length}"))
            .args(["-timeout=5", "-rss_limit_mb=2048", "-print_final_stats=1"])
            .current_dir(root().join("tests/fuzz"))
            .env("CARGO_TARGET_DIR", target().join("fuzz"));
        step(&format!("{name}: no panic, no hang, no answer over a limit for {seconds} s"), &mut fuzz)?;
    }
    say("nothing was found");
    Ok(())
}
