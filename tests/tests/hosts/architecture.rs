//! The invariants of ARCHITECTURE.md.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use conformance::component;
use corpus::repository;
use wasmparser::{ComponentExternalKind, Parser, Payload};

#[test]
fn the_component_imports_nothing() {
    let mut imports = Vec::new();
    // Imports of the modules inside are satisfied inside; those of the outermost component are asked of the host.
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(&component()) {
        match payload.expect("the component is well formed") {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 1 => {
                imports.extend(
                    section.into_iter().map(|import| format!("{:?}", import.expect("an import").name)),
                );
            }
            _ => {}
        }
    }
    assert_eq!(imports, Vec::<String>::new());
}

#[test]
fn the_component_exports_the_world_and_nothing_else() {
    let mut exports = Vec::new();
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(&component()) {
        match payload.expect("the component is well formed") {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentExportSection(section) if depth == 1 => {
                for export in section {
                    let export = export.expect("an export");
                    assert_eq!(export.kind, ComponentExternalKind::Instance);
                    exports.push(export.name.name.to_owned());
                }
            }
            _ => {}
        }
    }
    exports.sort();
    let own =
        ["configuration", "logic", "presentation"].map(|name| format!("claimwright:logic/{name}@1.0.0"));
    assert_eq!(exports, own);
}

#[test]
fn the_component_says_nothing_of_the_machine_that_built_it() {
    let component = String::from_utf8_lossy(&component()).into_owned();
    let home = std::env::home_dir().expect("somebody is at home");
    let root = repository().canonicalize().expect("the repository is there");
    let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    for place in [home, root].into_iter().chain(cargo).map(|place| place.display().to_string()) {
        let found = component.find(&format!("{place}/"));
        assert_eq!(found, None, "it holds `{place}`: build it with `cargo xtask build`");
    }
}

#[test]
fn the_adapter_is_its_text_assembled() {
    let adapter = repository().join("claim-core/component/adapter.wat");
    let assembled = wat::parse_file(&adapter).expect("the adapter is WebAssembly text");
    let committed = fs::read(adapter.with_extension("wasm")).expect("the adapter is committed");
    assert!(assembled == committed, "assemble it again with `cargo xtask adapter`");
}

#[test]
fn the_core_depends_on_nothing_that_can_reach_outside() {
    let of = |features: &str| {
        let output = Command::new(env!("CARGO"))
            .args(["tree", "--package", "claim-core", "--no-default-features", "--features", features])
            .args(["--edges", "normal,no-proc-macro", "--prefix", "none"])
            .args(["--format", "{lib}", "--target", "wasm32-wasip1"])
            .current_dir(repository())
            .output()
            .expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let mut packages: Vec<String> = String::from_utf8_lossy(&output.stdout)
            .lines()
            .map(|line| line.trim_end_matches("(*)").trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect();
        packages.sort();
        packages.dedup();
        packages
    };
    assert_eq!(of("rules"), ["claim_core", "itoa", "memchr", "serde", "serde_core", "serde_json", "zmij"]);
    // What a page loads to show a token.
    assert_eq!(of(""), ["claim_core", "zmij"]);
}

fn sources() -> Vec<PathBuf> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "*.rs"])
        .current_dir(repository())
        .output()
        .expect("git runs");
    assert!(output.status.success(), "the tests run in a git checkout");
    String::from_utf8_lossy(&output.stdout).lines().map(|path| repository().join(path)).collect()
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn no_program_has_tests_in_it() {
    // `cargo xtask test` compiles no program as a test: what is tested lies in a library.
    let is_a_program = |path: &Path| {
        let path = path.display().to_string();
        path.contains("/xtask/src/") || path.contains("/src/bin/") || path.ends_with("/src/main.rs")
    };
    let programs: Vec<PathBuf> = sources().into_iter().filter(|path| is_a_program(path)).collect();
    assert!(programs.len() > 20);
    for path in programs.iter().filter(|path| path.exists()) {
        let has_tests = text(path).lines().any(|line| line.trim_start().starts_with("#[test]"));
        assert!(!has_tests, "{}: a test in a program is never run", path.display());
    }
}

#[test]
fn every_file_says_what_it_is_and_stays_short() {
    let sources = sources();
    assert!(sources.len() > 40);
    for path in sources.iter().filter(|path| path.exists()) {
        let text = text(path);
        assert!(text.starts_with("//! "), "{} does not open with what it is", path.display());
        let lines = text.lines().count();
        assert!(lines <= 440, "{} has {lines} lines; one concern each", path.display());
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        assert!(
            !["mod.rs", "utils.rs", "helpers.rs", "common.rs"].contains(&name.as_str()),
            "{}",
            path.display()
        );
    }
}

#[test]
fn only_the_settings_of_the_function_read_its_environment() {
    for path in sources().iter().filter(|path| path.exists()) {
        let place = path.display().to_string();
        if place.contains("host-lambda/src") && !place.contains("/bin/") {
            assert!(!text(path).contains("env::var("), "{place} reads the environment");
        }
    }
}

#[test]
fn the_host_only_reads_single_records() {
    let store = text(&repository().join("host-lambda/src/facts/dynamodb.rs"));
    assert!(store.contains(".get_item()"));
    for call in [
        "put_item",
        "update_item",
        "delete_item",
        "batch_write",
        "transact",
        ".scan()",
        ".query()",
        "execute_statement",
    ] {
        assert!(!store.contains(call), "the host asks DynamoDB for more than `dynamodb:GetItem`: {call}");
    }
}

#[test]
fn every_group_of_vectors_is_read() {
    let read = [
        "authorizer",
        "backend",
        "bundles",
        "claims",
        "contract",
        "decisions",
        "events",
        "examinations",
        "examples",
        "expressions",
        "facts",
        "faults",
        "groups",
        "guard",
        "hostile",
        "keys",
        "logic",
        "logs",
        "outlines",
        "presentations",
        "previews",
        "refusals",
        "tokens",
        "traps",
    ];
    let mut groups: Vec<String> = fs::read_dir(repository().join("tests/vectors"))
        .expect("the vectors are there")
        .map(|entry| entry.expect("the directory is readable").file_name().to_string_lossy().into_owned())
        .collect();
    groups.sort();
    assert_eq!(groups, read);
}
