//! The vectors in the native core.

use std::process::ExitCode;

use conformance::{NativeEngine, run_suite};

fn main() -> ExitCode {
    run_suite(NativeEngine)
}
