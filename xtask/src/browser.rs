//! The browser's build of the core: wasm and glue.

use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use crate::steps::{Outcome, artifacts, cargo, placeless, step, target};

/// Builds the module for Node and for pages, and returns the directory that holds the one for Node.
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
    step("the core is compiled for the browser", placeless(&mut compile))?;
    let directory = artifacts().join("browser");
    let generate = |web: bool, directory: &Path| {
        let mut bindgen = Bindgen::new();
        let module = target().join("wasm32-unknown-unknown/browser/host_browser.wasm");
        let bindgen = bindgen.input_path(module);
        let bindgen = if web { bindgen.web(true)? } else { bindgen.nodejs(true)? };
        bindgen.generate(directory)
    };
    generate_error(generate(false, &directory))?;
    generate_error(generate(true, &artifacts().join("browser-web")))?;
    Ok(directory)
}

fn generate_error<E: std::fmt::Display>(outcome: Result<(), E>) -> Outcome<()> {
    outcome.map_err(|error| format!("wasm-bindgen makes no glue: {error:#}"))
}
