//! Logic that teams write themselves, in three languages: alone and named by a contract, through the unchanged host.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use claim_core::contract::{compile, digest};
use claim_core::json::{self, Value};
use claim_core::{FactOutcome, FactRecord, Lookup, TokenShape};
use conformance::{artifact, binary, claims, scratch, text};
use corpus::{repository, vector_cases};
use host_cli::dev::{Answer, Function, Start, Store};
use host_lambda::engine::{Logic, LogicEngine, file_name};
use serde::Deserialize;
use serde_json::value::RawValue;

const LANGUAGES: [&str; 3] = ["rust", "javascript", "python"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    event: Box<RawValue>,
    facts: BTreeMap<String, Box<RawValue>>,
    #[serde(default)]
    failed: Vec<String>,
    now: Option<u64>,
    want: Want,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Want {
    shape: Option<Box<RawValue>>,
    refusal: Option<String>,
    subject: Option<String>,
}

impl Case {
    fn facts(&self) -> Vec<FactRecord> {
        let found = self.facts.iter().map(|(name, text)| {
            let outcome = match json::read(text.get()).expect("a fact is json") {
                Value::Null => FactOutcome::Missing,
                record => FactOutcome::Found(record),
            };
            FactRecord { name: name.clone(), outcome }
        });
        let failed = |name: &String| FactRecord { name: name.clone(), outcome: FactOutcome::Failed };
        found.chain(self.failed.iter().map(failed)).collect()
    }
}

fn wasm(language: &str) -> Vec<u8> {
    let path = artifact("logic").join(format!("{language}.wasm"));
    std::fs::read(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; run `cargo xtask build`", path.display()))
}

/// A shape as the vectors write it.
fn written(shape: &TokenShape) -> Value {
    let list = |texts: &BTreeSet<String>| texts.iter().cloned().collect::<Vec<_>>().into();
    let claims = |changes: &claim_core::ClaimChanges| {
        let add = changes.add.iter().map(|(name, value)| (name.clone(), value.clone()));
        Value::from([("add", Value::Object(add.collect())), ("suppress", list(&changes.suppress))])
    };
    assert_eq!(shape.groups, None);
    Value::from([
        ("id", claims(&shape.id)),
        ("access", claims(&shape.access)),
        (
            "scopes",
            Value::from([("add", list(&shape.scopes.add)), ("suppress", list(&shape.scopes.suppress))]),
        ),
    ])
}

/// The folder in which the example's contract was built with the component of a language, once for all tests.
fn built(language: &'static str) -> PathBuf {
    static BUILT: Mutex<BTreeMap<&str, PathBuf>> = Mutex::new(BTreeMap::new());
    let mut built = BUILT.lock().expect("no test broke while it built");
    let folder = built.entry(language).or_insert_with(|| {
        let folder = pinned(language, &example(), &wasm(language));
        build(&folder);
        folder
    });
    folder.clone()
}

/// One language, all vectors, each in a fresh instance under the host's own bounds. Returns what was planned.
fn passes_all_vectors(language: &'static str) -> Vec<Vec<Lookup>> {
    let engine = LogicEngine::pooled().expect("the engine starts");
    let code = built(language).join("dist").join(file_name(&digest(wasm(language))));
    let logic = Logic::load(&engine, &code, Some("{\"format\":1}".to_owned())).expect("it fits the world");
    let mut planned = Vec::new();
    for (_, case) in vector_cases::<Case>("logic") {
        let event = claim_core::cognito::event::read(case.event.get(), case.now.unwrap_or(1_700_000_000));
        let request = event.expect("an event").request;
        let mut session = logic.session().expect("an instance");
        planned.push(session.plan(&request).expect("a plan"));
        let got = session.shape(&request, &case.facts());
        match (&case.want.shape, got) {
            (Some(want), Ok(shape)) => {
                let want = json::read(want.get()).expect("the vector is json");
                assert_eq!(written(&shape), want, "{language}: {}", case.name);
            }
            (None, Err(error)) => {
                assert_eq!(Some(error.code()), case.want.refusal.as_deref(), "{language}: {}", case.name);
                let subject = case.want.subject.unwrap_or_default();
                assert_eq!(error.to_string(), subject, "{language}: {}", case.name);
            }
            (_, got) => panic!("{language}: {}: {got:?}", case.name),
        }
    }
    planned
}

#[test]
fn one_policy_in_three_languages() {
    let [rust, javascript, python] = LANGUAGES.map(passes_all_vectors);
    assert!(rust.iter().any(|lookups| lookups.len() == 2) && rust.iter().any(Vec::is_empty));
    assert_eq!(rust, javascript);
    assert_eq!(rust, python);
}

/// A folder with a contract that pins a component, beside it.
fn pinned(name: &str, contract: &str, component: &[u8]) -> PathBuf {
    let folder = scratch(name);
    let zeros = "0".repeat(64);
    assert!(contract.contains(&zeros), "{contract}");
    std::fs::write(folder.join("claims.yaml"), contract.replace(&zeros, &digest(component)))
        .expect("written");
    std::fs::write(folder.join("risk.wasm"), component).expect("written");
    folder
}

fn example() -> String {
    std::fs::read_to_string(repository().join("examples/logic/claims.yaml")).expect("the example is there")
}

fn path(folder: &Path, file: &str) -> String {
    folder.join(file).display().to_string()
}

fn build(folder: &Path) {
    let (contract, out, logic) = (path(folder, "claims.yaml"), path(folder, "dist"), artifact("logic.wasm"));
    let output = claims(&["build", &contract, "--out", &out, "--logic", &logic.display().to_string()]);
    assert!(output.status.success(), "{}", text(&output.stderr));
}

/// Starts the function with what `claims build` wrote, as it is deployed: with no bundle beside.
async fn started(folder: &Path, endpoint: &str) -> Function {
    let built = |name: &str| std::fs::read(folder.join("dist").join(name)).expect("it was built");
    let beside = std::fs::read_dir(folder.join("dist"))
        .expect("it was built")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let custom: Vec<(String, Vec<u8>)> = beside
        .filter(|name| !["bundle.json", "logic.cwasm"].contains(&name.as_str()))
        .map(|name| (name.clone(), built(&name)))
        .collect();
    let start = Start {
        binary: &binary(),
        logic: &built("logic.cwasm"),
        custom: &custom,
        bundle: None,
        endpoint,
        settings: &[],
    };
    Function::start(&start).await.expect("the function starts")
}

fn event(user: &str, client: &str) -> String {
    format!(
        r#"{{"version":"2","triggerSource":"TokenGeneration_Authentication","region":"eu-west-1","userPoolId":"eu-west-1_Ab12Cd34E","userName":"{user}","callerContext":{{"clientId":"{client}"}},"request":{{"userAttributes":{{"sub":"u-1"}}}},"response":null}}"#
    )
}

#[tokio::test]
async fn a_contract_takes_a_claim_from_a_component_of_any_language() {
    let bundle = compile(&example()).bundle.expect("the example has no mistakes");
    let seed = r#"{"accounts":[{"id":"kim","created":1,"chargebacks":1},{"id":"lee","created":1,"locked":true}],
        "signins":[{"id":"kim","failures":12,"countries":["DE","FR","US"]}]}"#;
    let seed = json::read(seed).expect("json");
    let store = Store::start(&bundle, seed.as_object().expect("an object")).await.expect("the engine starts");
    for language in LANGUAGES {
        let function = started(&built(language), store.endpoint()).await;
        match function.invoke(&event("kim", "c")).await.expect("an answer") {
            Answer::Response(answer) => {
                let answer: serde_json::Value = serde_json::from_str(&answer).expect("json");
                let details = &answer["response"]["claimsAndScopeOverrideDetails"];
                let want = serde_json::json!({
                    "idTokenGeneration": { "claimsToAddOrOverride": { "risk_tier": "high" } },
                    "accessTokenGeneration": { "claimsToAddOrOverride": { "risk_points": 80, "risk_tier": "high" } },
                });
                assert_eq!(*details, want, "{language}");
            }
            Answer::Error(error) => panic!("{language}: {error}"),
        }
        // A locked account is refused by the component, and the contract says `onError: refuse`.
        match function.invoke(&event("lee", "c")).await.expect("an answer") {
            Answer::Error(error) => assert!(error.contains("rule-failed"), "{language}: {error}"),
            Answer::Response(answer) => panic!("{language}: {answer}"),
        }
        function.stop().await;
    }
    store.stop().await;
}

#[tokio::test]
async fn one_that_misbehaves_costs_its_claim_and_nothing_else() {
    let hostile = std::fs::read(artifact("hostile.wasm")).expect("the hostile component is built");
    let contract = |word: &str| {
        format!(
            "version: 1\nlogic: {{ risk: {{ file: risk.wasm, sha256: \"{}\" }} }}\nclaims:\n\
             \x20 calls: {{ logic: risk, tokens: [id], {word} }}\n  fixed: {{ value: 1, tokens: [id] }}\n",
            "0".repeat(64)
        )
    };
    let words = [
        ("onError: refuse", None),
        ("onError: omit", Some("{\"fixed\":1}")),
        ("onError: default, default: -1", Some("{\"calls\":-1,\"fixed\":1}")),
    ];
    for (index, (word, want)) in words.into_iter().enumerate() {
        let folder = pinned(&format!("hostile-{index}"), &contract(word), &hostile);
        build(&folder);
        let function = started(&folder, "http://127.0.0.1:9").await;
        for client in [
            "shape/loop",
            "shape/grow",
            "shape/stack",
            "shape/trap",
            "shape/repeat",
            "shape/utf8",
            "shape/reach/exit",
        ] {
            let began = Instant::now();
            let answer = function.invoke(&event("kim", client)).await.expect("an answer");
            assert!(began.elapsed() < Duration::from_secs(1), "{client} took {:?}", began.elapsed());
            match (answer, want) {
                (Answer::Error(error), None) => assert!(error.contains("rule-failed"), "{client}: {error}"),
                (Answer::Response(answer), Some(want)) => {
                    assert!(
                        answer.contains(&format!("\"claimsToAddOrOverride\":{want}")),
                        "{client}: {answer}"
                    );
                }
                (answer, _) => panic!("{word}, {client}: {answer:?}"),
            }
            // What it answers when it behaves is the claim, and it remembers nothing.
            match function.invoke(&event("kim", "good")).await.expect("an answer") {
                Answer::Response(answer) => assert!(answer.contains("\"calls\":0,\"fixed\":1"), "{answer}"),
                Answer::Error(error) => panic!("after {client}: {error}"),
            }
        }
        function.stop().await;
    }
}

#[tokio::test]
async fn none_takes_the_time_or_the_room_of_another() {
    let hostile = std::fs::read(artifact("hostile.wasm")).expect("the hostile component is built");
    let (zeros, other) = ("0".repeat(64), digest(wasm("rust")));
    let contract = format!(
        "version: 1\nlogic:\n  a: {{ file: risk.wasm, sha256: \"{zeros}\" }}\n  b: {{ file: other.wasm, sha256: \"{other}\" }}\nclaims:\n\
         \x20 calls: {{ logic: a, tokens: [id], onError: omit }}\n  risk_tier: {{ logic: b, tokens: [id], onError: refuse }}\n"
    );
    let folder = pinned("shares", &contract, &hostile);
    std::fs::write(folder.join("other.wasm"), wasm("rust")).expect("written");
    build(&folder);
    let function = started(&folder, "http://127.0.0.1:9").await;
    // An endless one, one that says thousands of claims that nobody asked for, and those that say what nobody can read.
    for (client, calls) in [
        ("shape/loop", ""),
        ("shape/many", "\"calls\":7,"),
        ("shape/nodes", ""),
        ("shape/json", ""),
        ("shape/huge", ""),
    ] {
        match function.invoke(&event("kim", client)).await.expect("an answer") {
            Answer::Response(answer) => {
                let want = format!("\"claimsToAddOrOverride\":{{{calls}\"risk_tier\":\"medium\"}}");
                assert!(answer.contains(&want), "{client}: {answer}");
            }
            Answer::Error(error) => panic!("{client}: {error}"),
        }
    }
    function.stop().await;
}

#[test]
fn another_component_than_the_pinned_one_is_never_run() {
    let folder = pinned("other", &example(), &wasm("rust"));
    std::fs::write(folder.join("risk.wasm"), wasm("javascript")).expect("written");
    let (contract, out, logic) =
        (path(&folder, "claims.yaml"), path(&folder, "dist"), artifact("logic.wasm"));
    let logic = logic.display().to_string();
    for arguments in [
        &["check", &contract][..],
        &["build", &contract, "--out", &out, "--logic", &logic],
        &["preview", &contract, "--user", "kim"],
    ] {
        let output = claims(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let said = text(&output.stderr);
        let want = format!(
            "is pinned to {} and `{}` has {}",
            digest(wasm("rust")),
            path(&folder, "risk.wasm"),
            digest(wasm("javascript"))
        );
        assert!(said.contains(&want), "{said}");
    }
    // For an editor and for code scanning, at the pin.
    let pin = digest(wasm("rust"));
    let written = std::fs::read_to_string(&contract).expect("the contract is there");
    let line = written.lines().position(|line| line.contains(&pin)).expect("it pins") + 1;
    for (format, place) in
        [("json", format!("\"line\":{line},")), ("sarif", format!("\"startLine\": {line}\n"))]
    {
        let output = claims(&["check", &contract, "--format", format]);
        assert_eq!(output.status.code(), Some(1), "{format}");
        let said = text(&output.stdout);
        assert!(said.contains("wrong-pin") && said.contains(&place), "{said}");
    }
    // What is no file is a mistake; what is not there may be built later.
    std::fs::remove_file(folder.join("risk.wasm")).expect("removed");
    let output = claims(&["check", &contract]);
    assert!(output.status.success() && text(&output.stderr).contains("warning[absent-logic]"));
    assert_eq!(claims(&["check", &contract, "--deny", "warnings"]).status.code(), Some(1));
    std::fs::create_dir(folder.join("risk.wasm")).expect("made");
    let output = claims(&["check", &contract]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("error[unreadable-logic]"), "{}", text(&output.stderr));
    std::fs::remove_dir(folder.join("risk.wasm")).expect("removed");
    // Built, and then the file of the machine code taken away: the function does not start without it.
    std::fs::write(folder.join("risk.wasm"), wasm("rust")).expect("written");
    build(&folder);
    let engine = LogicEngine::pooled().expect("the engine starts");
    let elsewhere = scratch("empty");
    let bundle = std::fs::read_to_string(folder.join("dist/bundle.json")).expect("the bundle is there");
    let error =
        host_lambda::engine::CustomLogic::load(&engine, &elsewhere, &bundle).expect_err("it is not there");
    assert!(error.to_string().starts_with("the logic `risk` of the contract: "), "{error}");
}

#[test]
fn previews_and_tests_ask_the_component() {
    let tests = "tests:\n  - name: nobody knows them\n    event: { user: { name: kim } }\n    facts: { account: missing, signins: { failures: 12 } }\n    expect: { id: { risk_tier: high }, access: { risk_points: 80 } }\n  - name: it is broken\n    logic: { risk: failed }\n    expect: { refusal: rule-failed }\n  - name: as somebody says\n    logic: { risk: { risk_tier: medium } }\n    expect: { id: { risk_tier: medium }, access: { risk_points: null } }\n";
    let folder = pinned("preview", &(example() + tests), &wasm("rust"));
    let contract = path(&folder, "claims.yaml");
    let output = claims(&["test", &contract]);
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
    assert!(text(&output.stdout).contains("3 passed, 0 failed"));
    let output = claims(&["preview", &contract, "--user", "kim"]);
    let shown = text(&output.stdout);
    assert!(
        output.status.success()
            && shown.contains("risk_tier \"medium\"")
            && shown.contains("the logic `risk`"),
        "{shown}"
    );
    let output = claims(&["preview", &contract, "--user", "kim", "--fail", "logic.risk"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        text(&output.stderr),
        "claims: the contract refuses this sign-in: `claims.risk_tier` fails (no-answer): the logic component refused, broke or took too long, as the log of the function says, or was not asked\n"
    );
    let facts = folder.join("facts.json");
    std::fs::write(&facts, r#"{"logic.risk":{"risk_tier":"low","risk_points":1}}"#).expect("written");
    let output = claims(&["preview", &contract, "--user", "kim", "--facts", &facts.display().to_string()]);
    assert!(text(&output.stdout).contains("risk_tier \"low\""), "{}", text(&output.stderr));
}

#[test]
fn what_does_not_implement_the_world_is_not_built() {
    let folder = scratch("no-world");
    let component = wat::parse_str("(component)").expect("an empty component");
    let logic = folder.join("empty.wasm");
    std::fs::write(&logic, &component).expect("written");
    let out = path(&folder, "dist");
    let output = claims(&[
        "build",
        "examples/profile/claims.yaml",
        "--out",
        &out,
        "--logic",
        &logic.display().to_string(),
    ]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(
        said.contains("the component does not export the interface `claimwright:logic/logic@1.0.0`"),
        "{said}"
    );
    let folder = pinned("no-world-named", &example(), &component);
    let output = claims(&[
        "build",
        &path(&folder, "claims.yaml"),
        "--out",
        &out,
        "--logic",
        &artifact("logic.wasm").display().to_string(),
    ]);
    assert!(text(&output.stderr).contains("does not export the interface"), "{}", text(&output.stderr));
}
