//! The `claims` command: wiring only.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    host_cli::run(&host_cli::Arguments::parse())
}
