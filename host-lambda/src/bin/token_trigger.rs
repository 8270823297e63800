//! The function behind Cognito's pre token generation trigger: wiring only.

use std::path::Path;
use std::process::ExitCode;

use host_lambda::engine::{CustomLogic, Logic, LogicEngine};
use host_lambda::facts::DynamoFacts;
use host_lambda::function::{read_text, run};
use host_lambda::settings::TriggerSettings;
use host_lambda::trigger::TokenTrigger;
use lambda_runtime::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    run(start()).await
}

fn start() -> Result<TokenTrigger, Error> {
    let settings = TriggerSettings::read(|name| std::env::var(name).ok())?;
    let bundle = settings.bundle.as_deref().map(read_text).transpose()?;
    let engine = LogicEngine::of_function()?;
    let logic = Logic::load(&engine, &settings.logic, bundle)?;
    let beside = settings.logic.parent().unwrap_or(Path::new("."));
    let custom = CustomLogic::load(&engine, beside, logic.bundle())?;
    let facts = Box::new(DynamoFacts::new(&settings));
    Ok(TokenTrigger::new(logic, custom, facts, settings.facts_limit))
}
