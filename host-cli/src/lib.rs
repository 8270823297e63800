//! The `claims` command: check, build, preview and run a claim contract on one machine.

mod arguments;
pub mod build;
mod check;
pub mod dev;
mod diff;
#[cfg(feature = "doctor")]
mod doctor;
mod init;
mod input;
pub mod logic;
mod output;
mod pretty;
mod preview;
mod render;
mod schema;
mod test;
mod types;
mod wildcard;

use std::process::ExitCode;

pub use crate::arguments::Arguments;
use crate::arguments::Command;

/// One sentence on why a command fails.
pub type Failure = String;

/// Runs the command that the arguments name.
#[must_use]
pub fn run(arguments: &Arguments) -> ExitCode {
    let outcome = match &arguments.command {
        Command::Init(init) => init::run(init),
        Command::Check(check) => check::run(check),
        Command::Build(build) => build::run(build),
        Command::Preview(preview) => preview::run(preview),
        Command::Test(test) => test::run(test),
        Command::Types(types) => types::run(types),
        Command::Diff(diff) => diff::run(diff),
        Command::Schema => schema::run(),
        Command::Completion(completion) => {
            schema::completion(completion);
            Ok(())
        }
        #[cfg(feature = "doctor")]
        Command::Doctor(doctor) => doctor::run(doctor),
        Command::Dev(dev) => dev::run(dev),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            render::complain(&failure);
            ExitCode::FAILURE
        }
    }
}
