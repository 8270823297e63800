//! The built binary of the function, and the component compiled for it.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use corpus::repository;
use host_cli::dev::{Function, Start};

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

/// A function as it was packaged.
#[derive(Debug)]
pub struct Unpacked {
    /// What starts it.
    pub program: PathBuf,
    logic: Vec<u8>,
}

impl Unpacked {
    /// Takes the folder that its zip was unpacked into.
    ///
    /// # Panics
    ///
    /// Panics if it is not there.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        let logic = folder.join("logic.cwasm");
        let logic = std::fs::read(&logic).unwrap_or_else(|error| panic!("{}: {error}", logic.display()));
        Self { program: folder.join("bootstrap"), logic }
    }

    /// Starts it as Lambda does; nobody sees its log.
    ///
    /// # Panics
    ///
    /// Panics if it does not start.
    pub async fn start(&self, endpoint: &str, settings: &[(&str, &str)]) -> Function {
        let start = Start {
            binary: &self.program,
            logic: &self.logic,
            custom: &[],
            bundle: None,
            endpoint,
            settings,
        };
        Function::start_quiet(&start).await.expect("the function starts")
    }
}

/// How much memory of its own a function has, in bytes.
///
/// # Panics
///
/// Panics if it has ended.
#[must_use]
pub fn own_memory(function: &Function) -> u64 {
    let process = function.process_id().expect("the function runs");
    let status =
        std::fs::read_to_string(format!("/proc/{process}/status")).expect("the function has not ended");
    let line =
        status.lines().find_map(|line| line.strip_prefix("RssAnon:")).expect("a status names its memory");
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
    kilobytes * 1_024
}
