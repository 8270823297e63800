//! The vectors in the wasm-bindgen build, in Node.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, ExitCode, Stdio};

use conformance::{Answer, Case, Engine, Error, artifact, bundle, cases, repository, run_suite};
use serde_json::{Value, json};

/// The answers of one run of Node over all cases.
struct NodeEngine(BTreeMap<String, Answer>);

impl Engine for NodeEngine {
    fn answer(&self, case: &Case, _bundle: &str) -> Answer {
        self.0[&case.name].clone()
    }
}

fn main() -> ExitCode {
    let cases = cases();
    let questions: Vec<Value> = cases.iter().map(question).collect();
    let mut node = Command::new("node")
        .arg(repository().join("tests/browser/answer.cjs"))
        .arg(artifact("browser"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node 20 is needed for this suite: install it and put `node` on the path");
    let input = serde_json::to_vec(&questions).expect("questions are json");
    node.stdin.take().expect("standard input is a pipe").write_all(&input).expect("Node reads its input");
    let output = node.wait_with_output().expect("Node ends");
    assert!(output.status.success(), "Node fails; build its module with `cargo xtask test`");
    let answers: Vec<Value> = serde_json::from_slice(&output.stdout).expect("Node answers in json");
    let answers =
        cases.iter().zip(&answers).map(|(case, answer)| (case.name.clone(), read(answer))).collect();
    run_suite(NodeEngine(answers))
}

fn question(case: &Case) -> Value {
    let facts: Vec<String> =
        case.facts.iter().map(|(name, text)| format!("{}:{text}", json!(name))).collect();
    json!({
        "bundle": bundle(case).map(|bundle| bundle.to_text()).unwrap_or_default(),
        "event": case.event,
        "facts": format!("{{{}}}", facts.join(",")),
        "failed": json!(case.failed).to_string(),
        "now": case.now,
    })
}

fn read(answer: &Value) -> Answer {
    // The answers are texts within a text, so that their bytes can be compared.
    let part = |name: &str| answer[name].as_str().expect("both answers are there");
    let plan = claim_core::json::read(part("plan")).expect("the plan is json");
    let shape: Value = serde_json::from_str(part("shape")).expect("the shape is json");
    let text = |name: &str| shape["error"][name].as_str().unwrap_or_default().to_owned();
    let error = || Error { code: text("code"), subject: text("subject"), fault: text("fault") };
    Answer {
        lookups: plan.get("lookups").map(ToString::to_string),
        shaped: shape["answer"].as_str().map(str::to_owned).ok_or_else(error),
    }
}
