//! A contract's component as it is deployed.

use std::path::Path;

use conformance::scratch;
use host_cli::build::baked_here;
use host_lambda::engine::{Logic, LogicEngine};

/// Bakes a bundle into our component, compiles it for this machine, and loads it as a function does.
///
/// # Panics
///
/// Panics if it cannot: there is nothing to measure then.
#[must_use]
pub fn deployed(engine: &LogicEngine, component: &Path, bundle: &str) -> Logic {
    load(engine, &baked_here(component, bundle).expect("the component compiles"))
}

/// Loads what the engine's own compiler made.
///
/// # Panics
///
/// Panics if it does not fit.
#[must_use]
pub fn load(engine: &LogicEngine, code: &[u8]) -> Logic {
    let path = scratch("bench").join("logic.cwasm");
    std::fs::write(&path, code).expect("a temporary file");
    let logic = Logic::load(engine, &path, None).expect("the component loads");
    // It stays mapped.
    std::fs::remove_file(path).expect("the temporary file is ours");
    logic
}
