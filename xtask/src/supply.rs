//! What is linked into what we ship: whether it may be, and the list of it.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::steps::{Outcome, artifacts, output, read, root, say, step, target, write};
use crate::tools;

/// The versions of the tools.
const CARGO_DENY: &str = "0.20.2";
const CARGO_CYCLONEDX: &str = "0.5.9";

/// What is shipped of Rust: its name, the package, the features, and what it is compiled for.
const SHIPPED: [(&str, &str, &str, &str); 4] = [
    ("token-trigger", "host-lambda", "token-trigger", "x86_64-unknown-linux-gnu"),
    ("authorizer", "host-lambda", "authorizer", "x86_64-unknown-linux-gnu"),
    ("logic", "claim-core/component", "", "wasm32-wasip1"),
    ("npm-decode", "host-browser/decode", "glue", "wasm32-unknown-unknown"),
];

/// Installs what the checks of this file take.
pub(crate) fn tools() -> Outcome<()> {
    cargo_deny()?;
    cargo_cyclonedx().map(drop)
}

fn cargo_deny() -> Outcome<PathBuf> {
    tools::install("cargo-deny", CARGO_DENY)
}

fn cargo_cyclonedx() -> Outcome<PathBuf> {
    tools::install("cargo-cyclonedx", CARGO_CYCLONEDX)
}

/// Checks licences, sources and bans; and advisories, where their database can be had.
pub(crate) fn deny() -> Outcome<()> {
    let tool = cargo_deny()?;
    let mut check = Command::new(&tool);
    check
        .args(["--locked", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"])
        .args(["-A", "duplicate"]);
    step("every dependency has a licence and a source that may be", check.current_dir(root()))?;
    let mut fetch = Command::new(&tool);
    fetch.args(["--log-level", "off", "fetch", "db"]).current_dir(root());
    let there = fetch.output().is_ok_and(|fetched| fetched.status.success());
    if !there {
        say("── no advisory is checked: the database of RustSec, on GitHub, cannot be reached from here");
        return Ok(());
    }
    let mut check = Command::new(&tool);
    check.args(["--locked", "check", "--disable-fetch", "--hide-inclusion-graph", "advisories"]);
    step("no dependency has an advisory", check.current_dir(root()))
}

/// Writes a list of what is linked into each thing that we ship, in the form of `CycloneDX`.
pub(crate) fn sbom() -> Outcome<()> {
    let tool = cargo_cyclonedx()?;
    let out = artifacts().join("sbom");
    for (name, package, features, triple) in SHIPPED {
        // In a workspace of its own: in ours, what one package asks of a dependency counts for all.
        let folder = target().join("sbom").join(name);
        let package = root().join(package);
        let manifest = format!(
            "[workspace]\n[package]\nname = \"shipped-{name}\"\nversion = \"{}\"\nedition = \"2024\"\n\n[dependencies]\n{} = {{ path = {:?}, default-features = false, features = [{}] }}\n",
            env!("CARGO_PKG_VERSION"),
            package_name(&package)?,
            package.display().to_string(),
            if features.is_empty() { String::new() } else { format!("{features:?}") },
        );
        write(&folder.join("Cargo.toml"), manifest.as_bytes())?;
        write(&folder.join("src/lib.rs"), b"")?;
        // The versions that are locked here.
        write(&folder.join("Cargo.lock"), &read(&root().join("Cargo.lock"))?)?;
        let mut list = Command::new(&tool);
        list.args([
            "cyclonedx",
            "--format",
            "json",
            "--spec-version",
            "1.5",
            "--no-build-deps",
            "--quiet",
            "--target",
            triple,
        ]);
        list.args(["--override-filename", "sbom"]).current_dir(&folder).env("SOURCE_DATE_EPOCH", "0");
        step(&format!("what is linked into {name} is listed"), &mut list)?;
        let text = String::from_utf8_lossy(&read(&folder.join("sbom.json"))?).into_owned();
        // Where it was made is no part of it.
        let text = text.replace(&*root().to_string_lossy(), "");
        listed(name, &text)?;
        write(&out.join(format!("{name}.cdx.json")), text.as_bytes())?;
    }
    let mut npm = Command::new("npm");
    npm.args(["sbom", "--sbom-format", "cyclonedx", "--omit", "dev"])
        .current_dir(root().join("host-browser/npm"));
    let text = output("what the npm package depends on is listed", &mut npm)?;
    write(&out.join("npm.cdx.json"), text.as_bytes())?;
    say(&format!("the lists are in {}", out.display()));
    Ok(())
}

/// Reads the name of a package in its manifest.
fn package_name(package: &std::path::Path) -> Outcome<String> {
    let manifest = String::from_utf8_lossy(&read(&package.join("Cargo.toml"))?).into_owned();
    let name = manifest.lines().find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    name.map(str::to_owned).ok_or_else(|| format!("`{}` has no name", package.display()))
}

/// What each list must have and must not: one that lists everything, or nothing, helps nobody.
fn listed(name: &str, text: &str) -> Outcome<()> {
    let list: Value = serde_json::from_str(text).map_err(|error| format!("the list of {name}: {error}"))?;
    let components = list.get("components").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let has = |crate_name: &str| {
        components.iter().any(|component| component.get("name").is_some_and(|name| name == crate_name))
    };
    let wrong = |what: &str| Err(format!("the list of {name} {what}"));
    let (needed, foreign) = match name {
        "token-trigger" => (["wasmtime", "aws-sdk-dynamodb"], ["cranelift-codegen", "jsonwebtokens"]),
        "authorizer" => (["wasmtime", "aws-lc-rs"], ["cranelift-codegen", "aws-sdk-dynamodb"]),
        "logic" => (["claim-core", "wit-bindgen"], ["cel", "wasmtime"]),
        _ => (["claim-core", "wasm-bindgen"], ["serde_json", "cel"]),
    };
    for crate_name in needed {
        if !has(crate_name) {
            return wrong(&format!("lacks `{crate_name}`"));
        }
    }
    for crate_name in foreign {
        if has(crate_name) {
            return wrong(&format!("has `{crate_name}`, which is not linked into it"));
        }
    }
    say(&format!("   {} components", components.len()));
    Ok(())
}
