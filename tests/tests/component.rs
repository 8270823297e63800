//! The vectors in the component on wasmtime.

use std::process::ExitCode;

use conformance::{ComponentEngine, component, run_suite};

fn main() -> ExitCode {
    run_suite(ComponentEngine::new(&component()))
}
