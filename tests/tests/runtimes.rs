//! The vectors in every runtime that the core runs in, each judged by the vector and, byte for byte, by the native core.
//!
//! A test is named after its runtime and its vector: `cargo test -p conformance --test runtimes native::` runs one runtime, and starts no
//! other. At the end stands a table of vectors by runtime.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::{Arc, LazyLock};

use conformance::runtimes::{Answers, Place, baked, bindgen, bootstrap, transpiled, unaskable};
use conformance::table::Table;
use conformance::{Compiled, artifact, component, session_answer};
use corpus::{Case, bundle, cases, check, native_answer, read_event};
use libtest_mimic::{Arguments, Failed, Trial};

/// The runtimes, in the order of the table.
const RUNTIMES: [&str; 8] = [
    "native",
    "component",
    "baked",
    "bootstrap",
    "bindgen-node",
    "bindgen-chromium",
    "jco-node",
    "jco-chromium",
];

static CASES: LazyLock<Vec<Case>> = LazyLock::new(cases);
static COMPONENT: LazyLock<Compiled> = LazyLock::new(|| Compiled::new(&component()));
static BAKED: LazyLock<Answers> = LazyLock::new(|| baked(&CASES));
static BOOTSTRAP: LazyLock<Answers> = LazyLock::new(|| bootstrap(&askable()));
static BINDGEN_NODE: LazyLock<Answers> = LazyLock::new(|| bindgen(&CASES, Place::Node));
static BINDGEN_CHROMIUM: LazyLock<Answers> = LazyLock::new(|| bindgen(&CASES, Place::Chromium));
static JCO_NODE: LazyLock<Answers> = LazyLock::new(|| transpiled(&CASES, Place::Node));
static JCO_CHROMIUM: LazyLock<Answers> = LazyLock::new(|| transpiled(&CASES, Place::Chromium));

fn text(case: &Case) -> Result<String, String> {
    Ok(bundle(case)?.to_text())
}

/// The cases that Cognito and DynamoDB could put to the function.
fn askable() -> Vec<Case> {
    let askable = |case: &&Case| text(case).is_ok_and(|bundle| unaskable(case, &bundle).is_none());
    CASES.iter().filter(askable).cloned().collect()
}

/// Why a runtime is not asked about a case.
fn left(runtime: &str, case: &Case) -> Option<&'static str> {
    match runtime {
        "native" => None,
        "bootstrap" => unaskable(case, &text(case).ok()?),
        // They are handed what a host has read.
        _ => read_event(case).is_err().then_some("no event, which the host refuses"),
    }
}

fn run(runtime: &str, case: &Case) -> Result<(), Failed> {
    let answers = match runtime {
        "native" => {
            let bundle = text(case)?;
            return Ok(check(case, &bundle, &native_answer(case, &bundle))?);
        }
        "component" => {
            let bundle = text(case)?;
            return Ok(check(case, &bundle, &session_answer(&COMPONENT.logic(&bundle), case))?);
        }
        "baked" => &BAKED,
        "bootstrap" => &BOOTSTRAP,
        "bindgen-node" => &BINDGEN_NODE,
        "bindgen-chromium" => &BINDGEN_CHROMIUM,
        "jco-node" => &JCO_NODE,
        _ => &JCO_CHROMIUM,
    };
    let answered = answers.get(&case.name).ok_or("this runtime was not asked")?;
    let answer = answered.answer.as_ref().map_err(|why| Failed::from(why.as_str()))?;
    Ok(check(&answered.case, &answered.bundle, answer)?)
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let table = Arc::new(Table::default());
    let mut left_out: BTreeMap<(&'static str, &'static str), usize> = BTreeMap::new();
    let mut trials = Vec::new();
    for runtime in RUNTIMES {
        for case in CASES.iter() {
            if let Some(reason) = left(runtime, case) {
                *left_out.entry((runtime, reason)).or_default() += 1;
                continue;
            }
            let table = Arc::clone(&table);
            trials.push(Trial::test(format!("{runtime}::{}", case.name), move || {
                let outcome = run(runtime, case);
                table.note(runtime, &case.name, outcome.is_ok());
                outcome
            }));
        }
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    if !arguments.list {
        let text = table.text(&RUNTIMES, &left_out);
        println!("{text}");
        // A run of a part would leave a table of a part.
        if arguments.filter.is_none() {
            std::fs::write(artifact("runtimes.md"), text).expect("the table is written");
        }
    }
    conclusion.exit_code()
}
