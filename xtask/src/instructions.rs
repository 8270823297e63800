//! `cargo xtask instructions`: how many instructions a call takes, natively and in the component, beside what it took
//! when somebody last looked. Times depend on the machine and its neighbours; these hardly do.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value, json};

use crate::steps::{Outcome, artifacts, output, read, root, say, write};
use crate::{package, tools};

/// What a call may take more or less than before, in percent. Less is good and must be written down: the way back would be
/// allowed otherwise.
const MOST: f64 = 5.0;

/// What the counts were made for. Another processor's machine code has other counts.
const PROCESSOR: &str = "x86_64";

/// What every process does once, and calls whose part is more than chance.
const FEW: u32 = 20;
const MORE_CALLS: u32 = 100;

/// Whether `bench/instructions.json` is written or compared with.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Counts {
    Written,
    Compared,
}

impl Counts {
    /// What somebody asked for who runs the command by itself.
    pub(crate) fn asked() -> Self {
        if std::env::var_os("BLESS").is_some() { Self::Written } else { Self::Compared }
    }
}

/// Counts, and compares with what was counted before.
pub(crate) fn run(counts: Counts) -> Outcome<()> {
    if std::env::consts::ARCH != PROCESSOR {
        say(&format!(
            "instructions are counted on {PROCESSOR} and not here: there is nothing to compare with"
        ));
        return Ok(());
    }
    let valgrind = tools::valgrind()?;
    let counted = package::counted()?;
    let mut found = Map::new();
    for (name, example) in [("sign-in", "profile"), ("decision", "api")] {
        let folder = package::contract_for(example)?;
        for (how, file) in [("native", "bundle.json"), ("component", "logic.cwasm")] {
            let count = |calls: u32| count(&valgrind, &counted, how, &folder.join(file), example, calls);
            let more = count(FEW.saturating_add(MORE_CALLS))?.saturating_sub(count(FEW)?);
            let each = more.checked_div(u64::from(MORE_CALLS)).unwrap_or_default();
            found.insert(format!("{name}, {how}"), json!(each));
        }
    }
    let path = root().join("bench/instructions.json");
    if counts == Counts::Written {
        return write(&path, format!("{:#}\n", Value::Object(found)).as_bytes());
    }
    let before: Map<String, Value> =
        serde_json::from_slice(&read(&path)?).map_err(|error| format!("`{}`: {error}", path.display()))?;
    let mut changed = Vec::new();
    for (name, now) in &found {
        let (now, was) = (now.as_f64().unwrap_or_default(), before.get(name).and_then(Value::as_f64));
        let Some(was) = was else {
            changed.push(format!("`{name}` was never counted"));
            continue;
        };
        let change = 100.0 * (now / was - 1.0);
        say(&format!("{name:<22} {now:>9.0} instructions, {change:+.1} %"));
        if change.abs() > MOST {
            changed.push(format!("`{name}` takes {now:.0} instructions and took {was:.0}, {change:+.1} %"));
        }
    }
    if changed.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{}; {MOST} % is allowed: make it quicker, or say why in the commit and run `BLESS=1 cargo xtask instructions`",
        changed.join("; ")
    ))
}

/// How many instructions a process executes in all.
fn count(valgrind: &Path, counted: &Path, how: &str, file: &Path, example: &str, calls: u32) -> Outcome<u64> {
    let out: PathBuf = artifacts().join("instructions.out");
    let mut command = Command::new(valgrind);
    command.arg("--tool=callgrind").arg(format!("--callgrind-out-file={}", out.display()));
    command.arg(counted).arg(how).arg(file).arg(root().join("examples").join(example)).arg(calls.to_string());
    output(&format!("the instructions of {calls} calls are counted: {example}, {how}"), &mut command)?;
    let text = String::from_utf8_lossy(&read(&out)?).into_owned();
    let total = text
        .lines()
        .find_map(|line| line.strip_prefix("totals: ").or_else(|| line.strip_prefix("summary: ")));
    total
        .and_then(|total| total.trim().parse().ok())
        .ok_or_else(|| "valgrind wrote no total of instructions".to_owned())
}
