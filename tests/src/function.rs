//! The built binary of the function, and the component compiled for it.

use std::path::PathBuf;
use std::sync::OnceLock;

use crate::corpus::repository;

/// Returns where the project's commands put what they make.
#[must_use]
pub fn artifact(name: &str) -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| repository().join("target"), PathBuf::from);
    target.join("claimwright").join(name)
}

/// Returns the component that the suites judge, `cargo xtask build`'s unless the environment names another.
///
/// # Panics
///
/// Panics if it is not there.
#[must_use]
pub fn component() -> Vec<u8> {
    let path =
        std::env::var_os("CLAIMWRIGHT_LOGIC_WASM").map_or_else(|| artifact("logic.wasm"), PathBuf::from);
    std::fs::read(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; build it with `cargo xtask build`", path.display()))
}

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
        host_cli::build::machine_code_here(&artifact("logic.wasm"))
            .unwrap_or_else(|failure| panic!("{failure}"))
    })
}
