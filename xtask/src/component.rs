//! The component: compiled for WASI preview 1, and made a component with the adapter that shuts WASI.
//!
//! `cargo component build --release` does the same from the same metadata; this needs no tool beside cargo.

use std::path::{Path, PathBuf};

use wit_component::ComponentEncoder;

use crate::steps::{Outcome, artifacts, cargo, placeless, read, root, step, target, toolchain, write};

/// Builds the component and returns where it is.
pub(crate) fn build() -> Outcome<PathBuf> {
    toolchain()?;
    let mut compile =
        cargo(&["build", "--release", "--package", "claim-component", "--target", "wasm32-wasip1"]);
    step("the logic is compiled to WebAssembly", placeless(&mut compile))?;
    let component = encode(&target().join("wasm32-wasip1/release/claim_component.wasm"))?;
    let path = artifacts().join("logic.wasm");
    write(&path, &component)?;
    Ok(path)
}

/// Makes a module a component that imports nothing.
pub(crate) fn encode(module: &Path) -> Outcome<Vec<u8>> {
    let module = read(module)?;
    let adapter = read(&root().join("claim-core/component/adapter.wasm"))?;
    let encode = || {
        ComponentEncoder::default()
            .module(&module)?
            .adapter("wasi_snapshot_preview1", &adapter)?
            .validate(true)
            .encode()
    };
    encode().map_err(|error| format!("the module does not become a component: {error:#}"))
}

/// Builds the component that tests let misbehave.
pub(crate) fn hostile() -> Outcome<()> {
    let mut compile =
        cargo(&["build", "--release", "--package", "hostile-logic", "--target", "wasm32-wasip2"]);
    step("the hostile logic is compiled", &mut compile)?;
    let component = read(&target().join("wasm32-wasip2/release/hostile_logic.wasm"))?;
    write(&artifacts().join("hostile.wasm"), &component)
}

/// Assembles the adapter.
pub(crate) fn assemble_adapter() -> Outcome<()> {
    let text = root().join("claim-core/component/adapter.wat");
    let binary = wat::parse_file(&text).map_err(|error| format!("the adapter is not assembled: {error}"))?;
    write(&text.with_extension("wasm"), &binary)
}
