//! The vectors in the component on wasmtime.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use conformance::{ComponentEngine, repository, run_suite};

fn main() -> ExitCode {
    let built = repository().join("target/claimwright/logic.wasm");
    let path = std::env::var_os("CLAIMWRIGHT_LOGIC_WASM").map_or(built, PathBuf::from);
    let wasm = std::fs::read(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; build it with `cargo xtask build`", path.display()));
    run_suite(Arc::new(ComponentEngine::new(&wasm)))
}
