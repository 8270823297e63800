//! The `claims` command as a person uses it.

use std::io::{BufRead as _, BufReader, Lines, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use conformance::{artifact, binary, claims, golden, scratch, text};
use corpus::repository;
use serde_json::Value;

#[test]
fn preview_shows_both_tokens_and_why() {
    for example in ["api", "profile", "v1-names", "membership", "subscription", "orders"] {
        let file = |name: &str| format!("examples/{example}/{name}");
        let output = claims(&[
            "preview",
            &file("claims.yaml"),
            "--event",
            &file("event.json"),
            "--facts",
            &file("facts.json"),
        ]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        golden(&format!("preview-{example}.txt"), &text(&output.stdout));
    }
}

#[test]
fn preview_says_why_a_claim_is_not_there() {
    let output =
        claims(&["preview", "examples/profile/claims.yaml", "--event", "examples/profile/event.json"]);
    let shown = text(&output.stdout);
    assert!(
        shown.contains("claims.first_name in the id token: its source has no value and it has no default"),
        "{shown}"
    );
}

#[test]
fn preview_for_machines_is_json() {
    let arguments =
        ["preview", "examples/membership/claims.yaml", "--event", "examples/membership/event.json"];
    let output = claims(&[&arguments[..], &["--format", "json"]].concat());
    let preview: Value = serde_json::from_slice(&output.stdout).expect("the preview is json");
    assert_eq!(preview["access"]["shaped"]["scope"], "openid email membership:USA.Premium");
    assert_eq!(preview["rules"][0]["outcome"], "given");
}

#[test]
fn a_refused_sign_in_is_explained() {
    let arguments = ["preview", "examples/profile/claims.yaml", "--event", "examples/profile/event.json"];
    let output = claims(&[&arguments[..], &["--fail", "profile"]].concat());
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        text(&output.stderr),
        "claims: the contract refuses this sign-in: the fact `profile` could not be read, and its `onError` is `refuse`\n"
    );
    let output = claims(&[&arguments[..], &["--fail", "profil"]].concat());
    assert_eq!(
        text(&output.stderr),
        "claims: there is no fact `profil` in the contract; there is `profile`\n"
    );
}

#[test]
fn check_underlines_the_mistake() {
    let directory = scratch("check");
    let contract = directory.join("claims.yaml");
    std::fs::write(&contract, "version: 1\nclaims:\n  sub: { value: x, tokens: [id] }\n")
        .expect("a contract");
    let contract = contract.to_string_lossy().into_owned();
    let output = claims(&["check", &contract]);
    assert_eq!(output.status.code(), Some(1));
    golden("check-reserved.txt", &text(&output.stderr).replace(&contract, "claims.yaml"));

    let output = claims(&["check", &contract, "--format", "json"]);
    let diagnostics: Value = serde_json::from_slice(&output.stdout).expect("diagnostics are json");
    assert_eq!(diagnostics[0]["code"], "reserved-claim");
    assert_eq!((&diagnostics[0]["line"], &diagnostics[0]["column"]), (&3.into(), &3.into()));
    std::fs::remove_dir_all(directory).expect("the directory is ours");
}

#[test]
fn warnings_can_be_denied() {
    let directory = scratch("warnings");
    let contract = directory.join("claims.yaml");
    std::fs::write(&contract, "version: 1\nclaims:\n  a: { value: [x], type: array, tokens: [id] }\n")
        .expect("a contract");
    let contract = contract.to_string_lossy().into_owned();
    assert!(claims(&["check", &contract]).status.success());
    assert!(!claims(&["check", &contract, "--deny", "warnings"]).status.success());
    std::fs::remove_dir_all(directory).expect("the directory is ours");
}

#[test]
fn the_starter_contract_passes_and_is_never_written_over_another() {
    let directory = scratch("init");
    let contract = directory.join("claims.yaml").to_string_lossy().into_owned();
    assert!(claims(&["init", &contract]).status.success());
    assert!(claims(&["check", &contract, "--deny", "warnings"]).status.success());
    assert!(claims(&["test", &contract]).status.success());
    std::fs::write(&contract, "mine").expect("a contract");
    assert!(!claims(&["init", &contract]).status.success());
    assert_eq!(std::fs::read_to_string(&contract).expect("a contract"), "mine");
    std::fs::remove_dir_all(directory).expect("the directory is ours");
}

#[test]
fn the_examples_pass_their_own_tests() {
    for example in ["api", "membership", "subscription"] {
        let output = claims(&["test", &format!("examples/{example}/claims.yaml")]);
        assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    }
}

#[test]
fn a_failed_test_shows_what_differs() {
    let directory = scratch("test");
    let contract = directory.join("claims.yaml");
    std::fs::write(
        &contract,
        "version: 1\nclaims:\n  a: { value: 1, tokens: [id] }\ntests:\n  - name: holds\n    expect: { id: { a: 1 } }\n  \
         - name: \"is <wrong>\"\n    expect: { id: { a: 2, b: 3 }, groups: cleared, scopesAdded: [x] }\n  \
         - name: is refused\n    expect: { refusal: fact-failed }\n",
    )
    .expect("a contract");
    let report = directory.join("report.xml");
    let contract = contract.to_string_lossy().into_owned();
    let output = claims(&["test", &contract, "--junit", &report.to_string_lossy()]);
    assert_eq!(output.status.code(), Some(1));
    golden("test-failed.txt", &text(&output.stdout).replace(&contract, "claims.yaml"));
    let report = std::fs::read_to_string(report).expect("the report is written");
    golden("test-failed.xml", &report.replace(&contract, "claims.yaml"));
    std::fs::remove_dir_all(directory).expect("the directory is ours");
}

#[test]
fn build_writes_the_bundle_and_machine_code_for_both_processors() {
    let directory = scratch("build");
    let out = directory.to_string_lossy().into_owned();
    let logic = artifact("logic.wasm").to_string_lossy().into_owned();
    // What an earlier contract named goes, and what is not ours stays.
    let named = directory.join(format!("{}.cwasm", "a1".repeat(32)));
    let others = [directory.join("mine.cwasm"), directory.join(format!("{}.cwasm", "G1".repeat(32)))];
    for file in others.iter().chain([&named]) {
        std::fs::write(file, "x").expect("the file is written");
    }
    for target in ["x86_64", "aarch64"] {
        let arguments =
            ["build", "examples/profile/claims.yaml", "--logic", &logic, "--target", target, "--out", &out];
        let output = claims(&arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let code = std::fs::read(directory.join("logic.cwasm")).expect("the machine code is there");
        // An ELF file says its machine in two bytes: 62 is x86-64, 183 is AArch64.
        assert_eq!(u16::from_le_bytes([code[18], code[19]]), if target == "x86_64" { 62 } else { 183 });
    }
    assert!(!named.exists() && others.iter().all(|file| file.exists()));
    let first = std::fs::read(directory.join("bundle.json")).expect("the bundle is there");
    assert!(claims(&["build", "examples/profile/claims.yaml", "--out", &out]).status.success());
    assert_eq!(first, std::fs::read(directory.join("bundle.json")).expect("the bundle is there"));
    std::fs::remove_dir_all(directory).expect("the directory is ours");
}

/// A running `claims dev --serve`, which ends with the test.
struct Dev {
    child: Child,
    address: String,
    /// Kept open: whoever prints into a closed pipe is told so.
    _lines: Lines<BufReader<ChildStdout>>,
}

impl Dev {
    fn start(contract: &Path) -> Self {
        let mut child = Command::new(binary().with_file_name("claims"))
            .arg("dev")
            .arg(contract)
            .args(["--event", "examples/orders/event.json", "--seed", "examples/orders/seed.json", "--serve"])
            .arg("--logic")
            .arg(artifact("logic.wasm"))
            .arg("--trigger")
            .arg(binary())
            .arg("--authorizer")
            .arg(binary().with_file_name("authorizer"))
            .current_dir(repository())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the command runs");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let address = lines
            .find_map(|line| {
                Some(line.ok()?.strip_prefix("listening  http://")?.trim_end_matches('/').to_owned())
            })
            .expect("the command says where it listens");
        Self { child, address, _lines: lines }
    }

    fn state(&self) -> serde_json::Value {
        let answer =
            ask(&self.address, &format!("GET /dev/state HTTP/1.1\r\nhost: {}\r\n", self.address), "");
        let body = answer.split("\r\n\r\n").nth(1).expect("a body");
        serde_json::from_str(body).expect("the state is json")
    }

    /// Waits until the state is as it should be, for a second at most.
    #[track_caller]
    fn within_a_second(&self, what: &str, holds: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
        let started = Instant::now();
        loop {
            let state = self.state();
            if holds(&state) {
                return state;
            }
            assert!(started.elapsed() < Duration::from_secs(1), "{what}: {state}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        // Told and not killed, so that it ends its functions.
        let told = Command::new("kill").arg(self.child.id().to_string()).status().expect("kill runs");
        assert!(told.success(), "the command is ours to end");
        assert!(self.child.wait().expect("it ends").success(), "it ends well when it is told to");
    }
}

#[test]
fn dev_makes_a_saved_contract_live_within_a_second() {
    let directory = scratch("dev-watch");
    let contract = directory.join("claims.yaml");
    let example =
        std::fs::read_to_string(repository().join("examples/orders/claims.yaml")).expect("the example");
    std::fs::write(&contract, &example).expect("the contract is written");
    let dev = Dev::start(&contract);
    let first = dev.state();
    assert_eq!((&first["revision"], &first["problem"]), (&1.into(), &serde_json::Value::Null));

    std::fs::write(&contract, example.replace("default: free", "default: pro")).expect("it is saved");
    let second = dev.within_a_second("a saved contract is live", |state| state["revision"] == 2);
    assert_ne!(first["contract"]["sha256"], second["contract"]["sha256"]);

    std::fs::write(&contract, "version: 1\nclaims: { sub: { value: me, tokens: [id] } }\n")
        .expect("it is saved");
    let third = dev.within_a_second("its mistakes are shown", |state| !state["problem"].is_null());
    assert_eq!(third["contract"], second["contract"], "the one before stays");
    assert!(third["problem"].as_str().expect("a text").contains("sub"), "{third}");

    std::fs::write(&contract, &example).expect("it is saved");
    let last = dev.within_a_second("a mended contract is live", |state| state["problem"].is_null());
    assert_eq!(last["contract"]["sha256"], first["contract"]["sha256"]);
    drop(dev);
    std::fs::remove_dir_all(directory).expect("the directory is ours");
}

#[test]
fn dev_serves_sign_ins_and_turns_other_sites_away() {
    let dev = Dev::start(Path::new("examples/orders/claims.yaml"));
    let address = dev.address.clone();
    let event =
        std::fs::read_to_string(repository().join("examples/orders/event.json")).expect("the event is there");

    let answer = post(&address, &format!("host: {address}\r\n"), &event);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"first_name\":\"Kim\""), "{answer}");
    let foreign = post(&address, &format!("host: {address}\r\norigin: https://evil.example\r\n"), &event);
    assert!(foreign.starts_with("HTTP/1.1 403"), "{foreign}");
    let rebound = post(&address, "host: evil.example\r\n", &event);
    assert!(rebound.starts_with("HTTP/1.1 403"), "{rebound}");
    let refused = post(&address, &format!("host: {address}\r\n"), "hello");
    assert!(refused.starts_with("HTTP/1.1 400"), "{refused}");
}

fn post(address: &str, headers: &str, body: &str) -> String {
    ask(address, &format!("POST /sign-in HTTP/1.1\r\n{headers}"), body)
}

fn ask(address: &str, head: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("the command listens");
    let length = body.len();
    let request = format!("{head}connection: close\r\ncontent-length: {length}\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).expect("the request is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the answer is text");
    answer
}

#[test]
fn frontends_are_tested_with_the_types_that_are_written() {
    let output = claims(&["types", "examples/subscription/claims.yaml"]);
    let fixture = repository().join("tests/browser/consumers/types/claims.contract.ts");
    let fixture = std::fs::read_to_string(fixture).expect("the fixture is there");
    assert_eq!(text(&output.stdout).trim_end(), fixture.trim_end(), "write it again with `--out`");
}
