//! What editors, code scanning and other programs read: judged by independent readers of their formats.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};

use claim_core::contract::{Severity, compile, json_schema};
use claim_core::json::Value as Json;
use conformance::{claims, golden, text};
use corpus::{repository, vector_cases};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Case {
    name: String,
    contract: String,
}

/// Asks one of the scripts of `tests/node`, whose packages `cargo xtask test` installs.
fn node(script: &str, question: &Value) -> Value {
    let directory = repository().join("tests/node");
    assert!(directory.join("node_modules").exists(), "run `npm ci` in tests/node, or `cargo xtask test`");
    let mut node = Command::new("node")
        .arg(directory.join(script))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Node 20 is needed for this suite: install it and put `node` on the path");
    let mut input = node.stdin.take().expect("standard input is a pipe");
    input.write_all(question.to_string().as_bytes()).expect("Node reads its input");
    drop(input);
    let output = node.wait_with_output().expect("Node ends");
    assert!(output.status.success(), "{script} fails");
    serde_json::from_slice(&output.stdout).expect("Node answers in json")
}

fn schema() -> Value {
    let schema: Json = json_schema();
    serde_json::from_str(&schema.to_string()).expect("a schema is json")
}

/// Mistakes that a schema can see.
const STRUCTURAL: [&str; 6] =
    ["unknown-key", "missing-key", "wrong-kind", "unknown-word", "no-source", "two-sources"];

#[test]
fn the_schema_accepts_what_compiles_and_refuses_what_has_not_the_form() {
    let cases = vector_cases::<Case>("contract");
    let documents: Vec<&str> = cases.iter().map(|(_, case)| case.contract.as_str()).collect();
    let answers = node("schema.cjs", &json!({ "schema": schema(), "documents": documents }));
    let mut wrong = Vec::new();
    let (mut accepted, mut refused) = (0, 0);
    for ((file, case), answer) in cases.iter().zip(answers.as_array().expect("a list of answers")) {
        let diagnostics = compile(&case.contract).diagnostics;
        let errors: Vec<_> = diagnostics.iter().filter(|one| one.severity == Severity::Error).collect();
        let found = answer.as_array().expect("a list of findings");
        if errors.is_empty() && !found.is_empty() {
            wrong.push(format!("{file}::{} compiles, and the schema says {answer}", case.name));
        }
        accepted += usize::from(errors.is_empty());
        let structural = errors.iter().any(|one| STRUCTURAL.contains(&one.code));
        refused += usize::from(!found.is_empty());
        if structural && found.is_empty() && !BEYOND_A_SCHEMA.contains(&case.name.as_str()) {
            wrong.push(format!("{file}::{}: the schema finds nothing, and {}", case.name, errors[0]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(accepted > 30 && refused > 30, "{accepted} accepted, {refused} refused");
}

/// Mistakes of form that depend on other parts of the contract.
const BEYOND_A_SCHEMA: [&str; 5] = [
    "a_call_that_nobody_decides",
    "decision_without_call",
    "call_that_is_none",
    "key_of_a_value_is_a_list",
    "default_without_default",
];

#[test]
fn the_published_schema_is_the_compilers() {
    let path = repository().join("docs/claims.schema.json");
    let text = printed(&["schema"]);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &text).expect("the schema is writable");
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(published == text, "docs/claims.schema.json differs from `claims schema`; bless it with BLESS=1");
    assert_eq!(serde_json::from_str::<Value>(&text).expect("it is json"), schema());
}

/// Returns what the command prints.
fn printed(arguments: &[&str]) -> String {
    text(&claims(arguments).stdout)
}

#[test]
fn typescript_reads_the_types_and_breaks_where_a_claim_is_renamed() {
    let contract = printed(&["types", "tests/golden/types.yaml"]);
    let uses = "import type { IdTokenClaims, AccessTokenClaims, AuthorizerContext } from './claims.contract.js';\n\
         import { contract } from './claims.contract.js';\n\
         declare const id: IdTokenClaims; declare const access: AccessTokenClaims; declare const context: AuthorizerContext;\n\
         const plan: 'free' | 'pro' = id.plan; const seats: number | undefined = id.seats;\n\
         const permissions: readonly string[] | undefined = access.permissions;\n\
         const who: string | undefined = context.user_name; const label: 'Tarif' = contract.claims.plan.display.label.de;\n\
         export { plan, seats, permissions, who, label };\n"
        .replace(".display.label", ".label");
    let must_not = [
        (
            "renamed",
            "import type { IdTokenClaims } from './claims.contract.js';\nexport const x = (id: IdTokenClaims) => id.tier;\n",
        ),
        (
            "always",
            "import type { IdTokenClaims } from './claims.contract.js';\nexport const x = (id: IdTokenClaims): number => id.seats;\n",
        ),
        (
            "enum",
            "import type { IdTokenClaims } from './claims.contract.js';\nexport const x = (id: IdTokenClaims) => id.plan === 'gold';\n",
        ),
        (
            "readonly",
            "import type { AccessTokenClaims } from './claims.contract.js';\nexport const x = (a: AccessTokenClaims) => a.permissions?.push('x');\n",
        ),
    ];
    let mut files =
        BTreeMap::from([("claims.contract.ts".to_owned(), contract), ("uses.ts".to_owned(), uses)]);
    assert_eq!(node("types.cjs", &json!(files)), json!([]));
    for (name, text) in must_not {
        files.insert(format!("{name}.ts"), text.to_owned());
    }
    let found = node("types.cjs", &json!(files));
    let found: Vec<&str> = found.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    for (name, _) in must_not {
        assert!(
            found.iter().any(|text| text.starts_with(&format!("{name}.ts"))),
            "{name}.ts compiles: {found:?}"
        );
    }
}

#[test]
fn code_scanning_reads_the_report() {
    let report = printed(&["check", "tests/golden/broken.yaml", "--format", "sarif"]);
    let parsed: Value = serde_json::from_str(&report).expect("a report is json");
    let results = parsed["runs"][0]["results"].as_array().expect("there are results");
    assert!(results.len() >= 3, "{report}");
    assert_eq!(
        results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "tests/golden/broken.yaml"
    );
    let files = BTreeMap::from([(
        "report.ts",
        format!("import type {{ Log }} from 'sarif';\nexport const report: Log = {report};\n"),
    )]);
    assert_eq!(node("types.cjs", &json!(files)), json!([]));
}

#[test]
fn the_schema_of_a_token_accepts_what_the_contract_makes() {
    let schema: Value = serde_json::from_str(&printed(&[
        "types",
        "examples/subscription/claims.yaml",
        "--format",
        "json-schema",
    ]))
    .expect("a schema is json");
    let of = |name: &str| {
        let mut schema = schema.clone();
        schema["$ref"] = json!(format!("#/definitions/{name}"));
        schema
    };
    let preview: Value = serde_json::from_str(&printed(&[
        "preview",
        "examples/subscription/claims.yaml",
        "--event",
        "examples/subscription/event.json",
        "--facts",
        "examples/subscription/facts.json",
        "--format",
        "json",
    ]))
    .expect("a preview is json");
    for (token, name) in [("id", "IdTokenClaims"), ("access", "AccessTokenClaims")] {
        let shaped = preview[token]["shaped"].to_string();
        let other = shaped.replace("\"premium\"", "7").replace("\"pro\"", "7");
        let answers = node("schema.cjs", &json!({ "schema": of(name), "documents": [shaped, other] }));
        assert_eq!(answers[0], json!([]), "{token}");
        assert_ne!(answers[1], json!([]), "{token}");
    }
}

/// What `claims types --format rust` writes, compiled.
#[expect(unreachable_pub, reason = "generated for crates that show their types")]
mod types {
    include!("../../golden/types-rust.txt");
}

#[test]
fn rust_reads_the_types() {
    golden("types-rust.txt", &printed(&["types", "tests/golden/types.yaml", "--format", "rust"]));
    let id: types::IdTokenClaims = serde_json::from_value(
        json!({ "plan": "pro", "ratio": 0.5, "type": "person", "roles": ["writer"], "sub": "u-1" }),
    )
    .expect("a token of the contract");
    assert_eq!((id.plan, id.seats), (types::IdTokenClaimsPlan::Pro, None));
    let written = serde_json::to_value(&id).expect("claims are json");
    assert_eq!(written, json!({ "plan": "pro", "ratio": 0.5, "type": "person", "roles": ["writer"] }));
    assert!(
        serde_json::from_value::<types::IdTokenClaims>(json!({ "plan": "gold", "ratio": 0.5, "type": "x" }))
            .is_err()
    );
    let _: fn(types::AccessTokenClaims, types::AuthorizerContext) = |_, _| ();
}
