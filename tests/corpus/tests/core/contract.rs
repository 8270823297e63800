//! The mistakes that a contract may have: code, place and text of each diagnostic.

use claim_core::contract::{Diagnostic, Route, compile};
use claim_core::expression::MAX_SOURCE;
use corpus::{bless, vector_cases};
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

#[test]
fn every_mistake_is_explained_where_it_stands() {
    bless("contract", |case| {
        let diagnostics = compile(case["contract"].as_str().expect("a case has a contract")).diagnostics;
        diagnostics.iter().map(|diagnostic| Value::from(diagnostic.to_string())).collect()
    });
    let mut wrong = Vec::new();
    for (file, case) in vector_cases::<Case>("contract") {
        let compiled = compile(&case.contract);
        let got: Vec<String> = compiled.diagnostics.iter().map(ToString::to_string).collect();
        if got != case.want {
            wrong.push(format!("{file}::{}\n want {:#?}\n  got {got:#?}", case.name, case.want));
        }
        for diagnostic in &compiled.diagnostics {
            assert!(
                case.contract.get(diagnostic.span.clone()).is_some(),
                "{file}::{}: {diagnostic:?}",
                case.name
            );
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

/// Contracts that are one larger than a limit, and the code of what is said of them.
fn too_large() -> Vec<(&'static str, String)> {
    let many =
        |count: usize, one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<Vec<_>>().join(", ");
    let claim = "claims: { a: { value: x, tokens: [id] } }";
    let rule = |_| "{ when: '\"x\" in groups', message: no }".to_owned();
    let allow = |inner: &str| format!("version: 1\nauthorize: {{ token: access, rules: [{inner}] }}\n");
    vec![
        (
            "too-many-facts",
            format!(
                "version: 1\nfacts: {{ {} }}\n{claim}\n",
                many(17, &|i| format!(
                    "f{i}: {{ table: t, key: {{ id: user.sub }}, onMissing: refuse, onError: refuse }}"
                ))
            ),
        ),
        (
            "too-many-fields",
            format!(
                "version: 1\nfacts: {{ f: {{ table: t, key: {{ id: user.sub }}, onMissing: refuse, onError: refuse, fields: [{}] }} }}\n{claim}\n",
                many(501, &|i| format!("x{i}"))
            ),
        ),
        (
            "too-many-claims",
            format!(
                "version: 1\nclaims: {{ {} }}\n",
                many(1_001, &|i| format!("c{i}: {{ value: x, tokens: [id] }}"))
            ),
        ),
        ("too-many-rules", format!("version: 1\nrefuse: [{}]\n", many(201, &rule))),
        ("too-many-rules", format!("version: 1\nscopes: {{ add: [{}] }}\n", many(201, &|i| format!("s{i}")))),
        ("too-many-rules", allow(&many(201, &|i| format!("{{ routes: ['GET /{i}'] }}")))),
        ("too-many-rules", allow(&format!("{{ routes: [{}] }}", many(501, &|i| format!("'GET /{i}'"))))),
        (
            "too-many-rules",
            format!(
                "version: 1\nauthorize: {{ token: access, rules: [{{ routes: ['GET /*'] }}], context: {{ {} }} }}\n",
                many(101, &|i| format!("c{i}: /claims/sub"))
            ),
        ),
        (
            "too-many-values",
            format!(
                "version: 1\nclaims: {{ a: {{ from: /user/name, tokens: [id], enum: [{}] }} }}\n",
                many(1_001, &|i| format!("v{i}"))
            ),
        ),
        (
            "too-many-sections",
            format!(
                "version: 1\nsections: {{ {} }}\n{claim}\n",
                many(51, &|i| format!("s{i}: {{ label: x }}"))
            ),
        ),
        (
            "too-many-tests",
            format!(
                "version: 1\n{claim}\ntests: [{}]\n",
                many(1_001, &|i| format!("{{ name: t{i}, expect: {{ id: {{ a: x }} }} }}"))
            ),
        ),
        ("too-large", format!("version: 1\n{claim}\n# {}\n", "x".repeat(512 * 1_024))),
        (
            // It fits as it is written, and not as it is compiled: there a quote is two characters, and an empty text in a
            // list twelve.
            "too-large",
            format!(
                "version: 1\nclaims: {{ a: {{ value: '{}', tokens: [id] }}, b: {{ expression: '[{}]', tokens: [access] }} }}\n",
                "\"".repeat(523_000),
                vec!["\"\""; 300].join(",")
            ),
        ),
        (
            "too-deep",
            format!(
                "version: 1\nclaims: {{ a: {{ value: {}x{}, tokens: [id] }} }}\n",
                "[".repeat(40),
                "]".repeat(40)
            ),
        ),
        (
            "bad-expression",
            format!(
                "version: 1\nclaims: {{ a: {{ expression: '\"{}\"', tokens: [id] }} }}\n",
                "x".repeat(4_097)
            ),
        ),
        (
            "bad-name",
            format!("version: 1\nclaims: {{ {}: {{ value: x, tokens: [id] }} }}\n", "x".repeat(513)),
        ),
    ]
}

#[test]
fn what_just_fits_is_no_mistake() {
    let many =
        |count: usize, one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<Vec<_>>().join(", ");
    let routes = |of: usize, count| many(count, &|index| format!("'GET /{of}/{index}'"));
    let long = format!("'GET /{}'", "x".repeat(Route::MAX - 5));
    let rules = format!("{{ routes: [{}] }}, {{ routes: [{}, {long}] }}", routes(0, 500), routes(1, 499));
    let context = many(100, &|index| format!("c{index}: /claims/sub"));
    let refuse = many(199, &|index| format!("{{ when: '\"{index}\" in groups', message: no }}"));
    let refuse =
        format!("{refuse}, {{ when: '\"{}\" in groups', message: no }}", "x".repeat(MAX_SOURCE - 12));
    let contract = format!(
        "version: 1\nrefuse: [{refuse}]\nauthorize: {{ token: access, rules: [{rules}], context: {{ {context} }} }}\n"
    );
    let diagnostics = compile(&contract).diagnostics;
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let claims = many(1_000, &|index| format!("c{index}: {{ value: x, tokens: [id] }}"));
    let logic = many(4, &|index| format!("l{index}: {{ file: l.wasm, sha256: '{}' }}", "a".repeat(64)));
    let said = many(4, &|index| format!("d{index}: {{ logic: l{index}, tokens: [id] }}"));
    for contract in [
        format!("version: 1\nclaims: {{ {claims} }}\n"),
        format!("version: 1\nlogic: {{ {logic} }}\nclaims: {{ {said} }}\n"),
    ] {
        let compiled = compile(&contract);
        assert!(compiled.bundle.is_some(), "{:?}", compiled.diagnostics);
    }
    let largest = format!("{contract}{}", " ".repeat(512 * 1_024 - contract.len()));
    assert!(compile(&largest).bundle.is_some());
    assert!(compile(&format!("{largest} ")).bundle.is_none());
}

#[test]
fn every_limit_is_said() {
    for (code, contract) in too_large() {
        let compiled = compile(&contract);
        let said: Vec<String> = compiled.diagnostics.iter().map(ToString::to_string).collect();
        assert!(compiled.bundle.is_none(), "{code}: {contract:.100}");
        let found = compiled.diagnostics.iter().find(|one| one.code == code);
        let found = found.unwrap_or_else(|| panic!("{code}: {said:?}"));
        assert!(found.message.len() < 400, "{}", found.message);
    }
}
