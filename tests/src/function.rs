//! The built binary of the function, and the component compiled for it.

use std::path::PathBuf;
use std::sync::OnceLock;

use crate::corpus::repository;

/// Returns the binary of the function, which `cargo xtask test` builds before the tests.
///
/// # Panics
///
/// Panics if it is not there.
#[must_use]
pub fn binary() -> PathBuf {
    // Tests run from `target/<profile>/deps`.
    let here = std::env::current_exe().expect("a test has a path");
    let binary = here.ancestors().nth(2).unwrap_or(&here).join("token-trigger");
    assert!(binary.exists(), "{} is not there; build it with `cargo build --workspace`", binary.display());
    binary
}

/// Returns the component as machine code, compiled once for a suite.
///
/// # Panics
///
/// Panics if the component is not there.
#[must_use]
pub fn machine_code() -> &'static [u8] {
    static CODE: OnceLock<Vec<u8>> = OnceLock::new();
    CODE.get_or_init(|| {
        let logic = repository().join("target/claimwright/logic.wasm");
        host_cli::build::machine_code_here(&logic).unwrap_or_else(|failure| panic!("{failure}"))
    })
}
