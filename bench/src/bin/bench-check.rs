//! How long an author waits: `claims check` and `claims preview` of a contract of 200 claims, as processes.
//!
//! Beside them stands the start of the process alone, so that the ratio says what the contract costs.

#![expect(clippy::print_stdout, reason = "this is a command for people")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 31;

/// A contract whose claims are of four kinds in turn.
fn contract(claims: usize) -> String {
    let mut text = "version: 1\nfacts:\n  p: { table: t, key: { id: user.sub }, onMissing: empty, onError: refuse }\nclaims:\n".to_owned();
    for i in 0..claims {
        let rule = match i % 4 {
            0 => format!(
                "{{ from: /facts/p/f{i}, tokens: [id, access], type: string, maxLength: 64, default: x }}"
            ),
            1 => format!(
                "{{ expression: 'has(facts.p.f{i}) && facts.p.f{i} in groups ? \"a\" : user.name + \"-{i}\"', tokens: [id] }}"
            ),
            2 => format!(
                "{{ from: /user/attributes/custom:a{i}, tokens: [id], enum: [a, b, c], default: a, onError: default }}"
            ),
            _ => format!(
                "{{ expression: 'groups.exists(g, g.startsWith(\"t{i}-\"))', tokens: [access], when: 'event.trigger != \"RefreshTokens\"' }}"
            ),
        };
        writeln!(text, "  claim_{i}: {rule}").expect("text");
    }
    text
}

/// The median and the longest of some runs, the four commands in turn.
fn measure(binary: &Path, commands: &[Vec<&str>]) -> Vec<(Duration, Duration)> {
    let mut times = vec![Vec::new(); commands.len()];
    for _ in 0..RUNS {
        for (command, times) in commands.iter().zip(&mut times) {
            let started = Instant::now();
            let status = Command::new(binary)
                .args(command)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .expect("the command runs");
            assert!(status.success(), "{command:?} fails");
            times.push(started.elapsed());
        }
    }
    let of = |mut times: Vec<Duration>| {
        times.sort();
        (times[times.len() / 2], times[times.len() - 1])
    };
    times.into_iter().map(of).collect()
}

fn main() {
    let binary = std::env::args().nth(1).map(PathBuf::from).expect("the command `claims` is named");
    let directory = std::env::temp_dir().join(format!("claimwright-bench-{}", std::process::id()));
    fs::create_dir_all(&directory).expect("a temporary directory");
    let large = directory.join("claims.yaml");
    fs::write(&large, contract(200)).expect("the contract is written");
    let large = large.to_string_lossy().into_owned();
    let commands = [
        vec!["--version"],
        vec!["check", "examples/profile/claims.yaml"],
        vec!["check", &large],
        vec!["preview", &large, "--user", "kim"],
    ];
    let names = ["the process alone", "check, 3 claims", "check, 200 claims", "preview, 200 claims"];
    let measured = measure(&binary, &commands);
    let alone = measured[0].0.as_secs_f64();
    println!("{:<22} {:>10} {:>10} {:>8}", "", "median", "longest", "ratio");
    for (name, (median, longest)) in names.iter().zip(&measured) {
        let millis = |time: &Duration| format!("{:.1} ms", time.as_secs_f64() * 1e3);
        println!(
            "{name:<22} {:>10} {:>10} {:>8.1}",
            millis(median),
            millis(longest),
            median.as_secs_f64() / alone
        );
    }
    fs::remove_dir_all(directory).expect("the directory is ours");
}
