//! The token trigger with the core linked natively. `cargo xtask bench trigger` measures it beside the real one: the same
//! runtime, the same client of DynamoDB, and no component.
//!
//! `CLAIMWRIGHT_BUNDLE` names the bundle, which it reads at the start.

use std::fmt;
use std::process::ExitCode;
use std::time::{Duration, UNIX_EPOCH};

use claim_core::Bundle;
use claim_core::cognito::{event, guard};
use host_lambda::facts::{DynamoFacts, fetch_all};
use host_lambda::function::{Failed, Function, Invocation, read_text, run};
use host_lambda::log::Line;
use host_lambda::settings::TriggerSettings;
use lambda_runtime::Error;

struct NativeTrigger {
    bundle: Bundle,
    facts: DynamoFacts,
    limit: Duration,
}

struct Failure(&'static str);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sign-in could not be completed ({})", self.0)
    }
}

impl Failed for Failure {
    fn code(&self) -> &'static str {
        self.0
    }
}

impl NativeTrigger {
    async fn answer(&self, text: &str, now: u64) -> Result<String, Failure> {
        let event = event::read(text, now).map_err(|_| Failure("malformed-event"))?;
        let lookups =
            claim_core::plan(&self.bundle, &event.request).map_err(|refusal| Failure(refusal.code()))?;
        let (facts, _) = fetch_all(&self.facts, &lookups, self.limit).await;
        let shape = claim_core::shape(&self.bundle, &event.request, &facts)
            .map_err(|refusal| Failure(refusal.code()))?;
        guard(&event.request, &shape).map_err(|_| Failure("guard"))?;
        Ok(event.answer(&shape))
    }
}

impl Function for NativeTrigger {
    type Failure = Failure;

    async fn handle(&self, event: &str, invocation: &Invocation<'_>) -> (Result<String, Failure>, Line) {
        let now = invocation.now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let line = Line::new("info", "tokens shaped").with("requestId", invocation.request_id);
        (self.answer(event, now).await, line)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    run(start()).await
}

fn start() -> Result<NativeTrigger, Error> {
    let settings = TriggerSettings::read(|name| std::env::var(name).ok())?;
    let path = settings.bundle.as_deref().ok_or("set `CLAIMWRIGHT_BUNDLE`")?;
    let bundle = Bundle::read(&read_text(path)?).map_err(|error| error.to_string())?;
    Ok(NativeTrigger { bundle, facts: DynamoFacts::new(&settings), limit: settings.facts_limit })
}
