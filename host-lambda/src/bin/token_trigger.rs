//! The function behind Cognito's pre token generation trigger: wiring only.

use std::fs;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::SystemTime;

use host_lambda::engine::{Logic, LogicEngine};
use host_lambda::facts::DynamoFacts;
use host_lambda::log::Line;
use host_lambda::settings::TriggerSettings;
use host_lambda::trigger::{Failure, Invocation, TokenTrigger};
use lambda_runtime::{Diagnostic, Error, LambdaEvent, service_fn};
use serde_json::value::RawValue;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let outcome = match start() {
        Ok(trigger) => serve(trigger).await,
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

async fn serve(trigger: TokenTrigger) -> Result<(), Error> {
    let trigger = Arc::new(trigger);
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Box<RawValue>>| {
        let trigger = Arc::clone(&trigger);
        async move {
            let (payload, context) = event.into_parts();
            let invocation = Invocation {
                request_id: &context.request_id,
                now: SystemTime::now(),
                deadline: context.deadline(),
            };
            let answer =
                trigger.handle(payload.get(), &invocation).await.map_err(|failure| diagnostic(&failure))?;
            RawValue::from_string(answer).map_err(|error| Diagnostic::from(error.to_string()))
        }
    }))
    .await
}

fn start() -> Result<TokenTrigger, Error> {
    let settings = TriggerSettings::read(|name| std::env::var(name).ok())?;
    let bundle = fs::read_to_string(&settings.bundle).map_err(|error| {
        format!(
            "the bundle `{}` cannot be read ({error}); build it with `claims build`",
            settings.bundle.display()
        )
    })?;
    let logic = Logic::load(&LogicEngine::start()?, &settings.logic, bundle.clone())?;
    // Asked once at start, so that a bundle which the component refuses fails the deployment and not a sign-in.
    logic.session()?;
    let facts = Box::new(DynamoFacts::new(&settings));
    Ok(TokenTrigger::new(logic, &bundle, facts, settings.facts_limit))
}

fn diagnostic(failure: &Failure) -> Diagnostic {
    Diagnostic { error_type: failure.code().to_owned(), error_message: failure.to_string() }
}
