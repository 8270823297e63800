//! The function behind Cognito's pre token generation trigger: wiring only.

use std::fs;
use std::process::ExitCode;

use host_lambda::engine::{Logic, LogicEngine};
use host_lambda::facts::DynamoFacts;
use host_lambda::function::run;
use host_lambda::settings::TriggerSettings;
use host_lambda::trigger::TokenTrigger;
use lambda_runtime::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    run(start()).await
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
