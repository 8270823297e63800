//! The mistakes that a contract may have: code, place and text of each diagnostic.

use claim_core::contract::{Diagnostic, compile};
use conformance::{repository, vector_cases};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    contract: String,
    /// Each diagnostic as it prints: `line:column: severity[code]: message; help`.
    want: Vec<String>,
}

/// With `BLESS=1` writes into the vectors what the compiler says today, for a person to read in the diff.
fn bless() {
    for entry in
        std::fs::read_dir(repository().join("tests/vectors/contract")).expect("the vectors are there")
    {
        let path = entry.expect("the directory is readable").path();
        let text = std::fs::read_to_string(&path).expect("the file is readable");
        let mut file: Value = serde_json::from_str(&text).expect("the file is json");
        for case in file["cases"].as_array_mut().expect("there are cases") {
            let diagnostics = compile(case["contract"].as_str().expect("a case has a contract")).diagnostics;
            case["want"] = diagnostics.iter().map(|diagnostic| Value::from(diagnostic.to_string())).collect();
        }
        let text = serde_json::to_string_pretty(&file).expect("json is written");
        std::fs::write(&path, text + "\n").expect("the file is writable");
    }
}

#[test]
fn every_mistake_is_explained_where_it_stands() {
    if std::env::var_os("BLESS").is_some() {
        bless();
    }
    let mut wrong = Vec::new();
    for (file, case) in vector_cases::<Case>("contract") {
        let compiled = compile(&case.contract);
        let got: Vec<String> = compiled.diagnostics.iter().map(ToString::to_string).collect();
        if got != case.want {
            wrong.push(format!("{file}::{}\n want {:#?}\n  got {got:#?}", case.name, case.want));
        }
        let has_error = got.iter().any(|text| text.contains(": error["));
        if has_error == compiled.bundle.is_some() {
            wrong.push(format!("{file}::{}: a bundle and an error exclude each other", case.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn messages_are_one_lower_case_sentence() {
    for (file, case) in vector_cases::<Case>("contract") {
        for Diagnostic { message, help, .. } in compile(&case.contract).diagnostics {
            for text in [Some(message), help].into_iter().flatten() {
                let first = text.chars().next().unwrap_or_default();
                assert!(!first.is_uppercase(), "{file}::{}: {text}", case.name);
                assert!(!text.ends_with('.') && !text.contains('\n'), "{file}::{}: {text}", case.name);
            }
        }
    }
}
