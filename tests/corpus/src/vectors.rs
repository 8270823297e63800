//! The vectors, read strictly: a file that no suite reads, or a member that none knows, fails.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// The time of a case that names none.
const NOW: u64 = 1_700_000_000;

/// Returns the root of the repository.
#[must_use]
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// One question to every runtime, and the right answer.
#[derive(Clone, Debug)]
pub struct Case {
    /// `group/file::case`, the same in every runtime.
    pub name: String,
    /// The contract.
    pub contract: String,
    /// The expression of the contract's claim `out`, where the case asks for its value.
    pub expression: Option<String>,
    /// The claim that has the expression's value.
    pub claim: String,
    /// The event's text.
    pub event: String,
    /// A record for each fact that is there; null for one that is not.
    pub facts: BTreeMap<String, String>,
    /// The facts that could not be read.
    pub failed: Vec<String>,
    /// The time, in seconds since 1970.
    pub now: u64,
    /// The right answer.
    pub want: Want,
}

/// The right answer, as a vector writes it. Every part that is there must hold.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Want {
    /// The lookups that are planned, in the order of the facts' names.
    pub lookups: Option<serde_json::Value>,
    /// The `response` of the answered event.
    pub response: Option<serde_json::Value>,
    /// The value of the claim `out`, in vectors of expressions.
    pub value: Option<serde_json::Value>,
    /// The code of the refusal.
    pub refusal: Option<String>,
    /// What the refusal names.
    pub subject: Option<String>,
    /// The fault of the rule that the refusal names.
    pub fault: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the members of the vectors")]
struct File {
    #[expect(dead_code, reason = "for readers of the vectors, who must find a reason in each")]
    about: String,
    contract: Option<String>,
    contract_file: Option<String>,
    /// What stands for cases that have no event of their own.
    event: Option<Box<RawValue>>,
    cases: Vec<FileCase>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FileCase {
    name: String,
    #[serde(default)]
    #[expect(dead_code, reason = "for readers of the vectors")]
    why: Option<String>,
    contract: Option<String>,
    contract_file: Option<String>,
    /// An expression, in place of a contract: the claim `out` of the access token has its value.
    expression: Option<String>,
    event: Option<Box<RawValue>>,
    event_file: Option<String>,
    /// An event that is not JSON.
    event_text: Option<String>,
    #[serde(default)]
    facts: BTreeMap<String, Box<RawValue>>,
    facts_file: Option<String>,
    #[serde(default)]
    failed: Vec<String>,
    #[serde(default)]
    now: Option<u64>,
    want: Option<Want>,
    want_file: Option<String>,
}

/// Reads every file of a group of vectors, in order.
///
/// # Panics
///
/// Panics, naming the file, if one cannot be read or has not the form.
#[must_use]
pub fn vectors<T: DeserializeOwned>(group: &str) -> Vec<(String, T)> {
    let directory = repository().join("tests/vectors").join(group);
    let mut paths: Vec<PathBuf> = fs::read_dir(&directory)
        .unwrap_or_else(|error| panic!("{}: {error}", directory.display()))
        .map(|entry| entry.expect("the directory is readable").path())
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let vectors =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        (format!("{group}/{stem}"), vectors)
    };
    paths.into_iter().map(read).collect()
}

/// A file of vectors that has nothing but its cases. Each may say why it is there, which only people read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plain {
    #[expect(dead_code, reason = "for readers of the vectors, who must find a reason in each")]
    about: String,
    cases: Vec<BTreeMap<String, Box<RawValue>>>,
}

/// Reads every case of a group of vectors, each with the name of its file.
///
/// # Panics
///
/// Panics, naming the file, if one cannot be read or has not the form.
#[must_use]
pub fn vector_cases<C: DeserializeOwned>(group: &str) -> Vec<(String, C)> {
    let read = |file: &String, mut case: BTreeMap<String, Box<RawValue>>| {
        case.remove("why");
        let text = serde_json::to_string(&case).expect("json is written");
        let case = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}: {text}"));
        (file.clone(), case)
    };
    let files = vectors::<Plain>(group).into_iter();
    files.flat_map(|(name, file)| file.cases.into_iter().map(move |case| read(&name, case))).collect()
}

/// The groups of vectors that hold cases for every runtime.
const GROUPS: [&str; 8] =
    ["claims", "events", "examples", "expressions", "facts", "groups", "refusals", "traps"];

/// Reads every case for every runtime.
///
/// # Panics
///
/// Panics, naming the case, if one has not the form.
#[must_use]
pub fn cases() -> Vec<Case> {
    let files = GROUPS.into_iter().flat_map(vectors::<File>);
    files
        .flat_map(|(name, file)| file.cases.iter().map(|case| full(&name, &file, case)).collect::<Vec<_>>())
        .collect()
}

fn full(file_name: &str, file: &File, case: &FileCase) -> Case {
    let name = format!("{file_name}::{}", case.name);
    let read = |path: &String| {
        fs::read_to_string(repository().join(path)).unwrap_or_else(|error| panic!("{name}: {path}: {error}"))
    };
    let contract =
        match (&case.expression, &case.contract, &case.contract_file, &file.contract, &file.contract_file) {
            (Some(_), ..) => EXPRESSION_CONTRACT.to_owned(),
            (_, Some(text), ..) | (_, _, None, Some(text), _) => text.clone(),
            (_, _, Some(path), ..) | (_, _, _, _, Some(path)) => read(path),
            _ => panic!("{name}: there is no contract"),
        };
    let event = match (&case.event_text, &case.event, &case.event_file, &file.event) {
        (Some(text), ..) => text.clone(),
        (_, Some(event), ..) | (_, _, None, Some(event)) => event.get().to_owned(),
        (_, _, Some(path), _) => read(path),
        _ if case.expression.is_some() => r#"{"version":"2","userName":"kim","request":{}}"#.to_owned(),
        _ => panic!("{name}: there is no event"),
    };
    let facts = match &case.facts_file {
        Some(path) => {
            serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{name}: {path}: {error}"))
        }
        None => case.facts.clone(),
    };
    let want = match (&case.want, &case.want_file) {
        (Some(want), None) => want.clone(),
        (None, Some(path)) => {
            let response =
                serde_json::from_str(&read(path)).unwrap_or_else(|error| panic!("{name}: {path}: {error}"));
            Want { response: Some(response), ..Want::default() }
        }
        _ => panic!("{name}: one of `want` and `wantFile` must be there"),
    };
    Case {
        contract,
        expression: case.expression.clone(),
        claim: "out".to_owned(),
        event,
        facts: facts.into_iter().map(|(fact, record)| (fact, record.get().to_owned())).collect(),
        failed: case.failed.clone(),
        now: case.now.unwrap_or(NOW),
        want,
        name,
    }
}

/// A contract whose claim `out` is an expression over the fields of the fact `f`.
///
/// The case's own expression takes the place of `true` after the contract is compiled, so that what the compiler
/// refuses because its types never go together is evaluated too.
const EXPRESSION_CONTRACT: &str = "\
version: 1
facts:
  f: { table: t, key: { id: user.name }, onMissing: empty, onError: refuse }
claims:
  out: { expression: 'true', tokens: [access] }
  used: { from: /facts/f, tokens: [access], when: 'false' }
";
