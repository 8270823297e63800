//! What every function here does around its work: start, serve one invocation after the other, log a line for each.

use std::fmt;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::SystemTime;

use lambda_runtime::{Diagnostic, Error, LambdaEvent, service_fn};
use serde_json::value::RawValue;

use crate::log::Line;

/// What Lambda says of one invocation.
#[derive(Clone, Copy, Debug)]
pub struct Invocation<'a> {
    /// Its id, for the log.
    pub request_id: &'a str,
    /// The time that rules see.
    pub now: SystemTime,
    /// When Lambda ends it.
    pub deadline: SystemTime,
}

/// A failure that leaves the process. What its `Display` says may be shown to anybody.
pub trait Failed: fmt::Display {
    /// Returns the stable code of the failure.
    fn code(&self) -> &'static str;
}

/// A function: events in, answers out.
pub trait Function {
    /// Why there is no answer.
    type Failure: Failed;

    /// Answers an event. The line says for the log what came of it, also if nothing did.
    fn handle(
        &self,
        event: &str,
        invocation: &Invocation<'_>,
    ) -> impl Future<Output = (Result<String, Self::Failure>, Line)>;
}

/// Reads a file that the settings name.
///
/// # Errors
///
/// Returns a sentence if it cannot be read.
pub fn read_text(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("`{}` cannot be read: {error}", path.display()))
}

/// Serves a function until Lambda ends it, or says why it did not start.
pub async fn run<F: Function>(started: Result<F, Error>) -> ExitCode {
    let outcome = match started {
        Ok(function) => serve(function).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            Line::new("error", "the function cannot run").with("detail", error.to_string()).write();
            ExitCode::FAILURE
        }
    }
}

async fn serve<F: Function>(function: F) -> Result<(), Error> {
    let function = Arc::new(function);
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Box<RawValue>>| {
        let function = Arc::clone(&function);
        async move {
            let (payload, context) = event.into_parts();
            let invocation = Invocation {
                request_id: &context.request_id,
                now: SystemTime::now(),
                deadline: context.deadline(),
            };
            let (answer, line) = function.handle(payload.get(), &invocation).await;
            line.write();
            let answer = answer.map_err(|failure| Diagnostic {
                error_type: failure.code().to_owned(),
                error_message: failure.to_string(),
            })?;
            RawValue::from_string(answer).map_err(|error| Diagnostic::from(error.to_string()))
        }
    }))
    .await
}
