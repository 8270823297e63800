//! The browser's build of the core: wasm and glue.

use std::path::PathBuf;

use wasm_bindgen_cli_support::Bindgen;

use crate::steps::{Outcome, artifacts, cargo, step, target};

/// Builds the module for Node and returns the directory that holds it.
pub(crate) fn build() -> Outcome<PathBuf> {
    let mut compile = cargo(&[
        "build",
        "--profile",
        "browser",
        "--package",
        "host-browser",
        "--target",
        "wasm32-unknown-unknown",
    ]);
    step("the core is compiled for the browser", &mut compile)?;
    let directory = artifacts().join("browser");
    let mut bindgen = Bindgen::new();
    let mut generate = || {
        bindgen
            .input_path(target().join("wasm32-unknown-unknown/browser/host_browser.wasm"))
            .nodejs(true)?
            .generate(&directory)
    };
    generate_error(generate())?;
    Ok(directory)
}

fn generate_error<E: std::fmt::Display>(outcome: Result<(), E>) -> Outcome<()> {
    outcome.map_err(|error| format!("wasm-bindgen makes no glue: {error:#}"))
}
