//! The story of one token request: event in, answer out.

use std::collections::BTreeSet;
use std::fmt;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use claim_core::cognito::event::{self, EventError};
use claim_core::cognito::{Violation, guard};
use claim_core::contract::{TokenBudget, digest};
use claim_core::json::Value;
use claim_core::{Bundle, Lookup, TokenRequest, TokenShape};

use crate::engine::{Asked, CALL, CustomLogic, Logic, LogicError};
use crate::facts::{FactSource, FetchReport, fetch_all};
use crate::function::{Failed, Function, Invocation};
use crate::log::{Line, micros};
use crate::size;

/// What is left of an invocation's time for everything after the lookups.
const RESERVE: Duration = Duration::from_millis(300);

/// The token trigger.
#[derive(Debug)]
pub struct TokenTrigger {
    logic: Logic,
    custom: CustomLogic,
    facts: Box<dyn FactSource>,
    facts_limit: Duration,
    digest: String,
    budget: TokenBudget,
    /// The tables that the contract reads.
    tables: BTreeSet<String>,
}

/// Why a token request fails. What its `Display` says may be shown to the person who signs in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Failure {
    /// The event is none.
    Event(EventError),
    /// The component refuses or breaks.
    Logic(LogicError),
    /// The component's answer breaks a rule of Cognito.
    Guard(Violation),
}

impl Failure {
    /// Returns the stable code of the failure.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Event(_) => "malformed-event",
            Self::Logic(error) => error.code(),
            Self::Guard(_) => "guard",
        }
    }

    /// Returns the failure in full, for the log. It names rules and claims of the contract and no value.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::Event(error) => error.to_string(),
            Self::Logic(error) => error.to_string(),
            Self::Guard(violation) => format!("{}: {violation}", violation.code()),
        }
    }
}

/// Cognito shows this text to the person who signs in, so it says nothing of the inside but a code for the operator.
/// A `refuse` rule has a message for them, which stands alone.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Logic(LogicError::Refused { message, .. }) = self
            && !message.is_empty()
        {
            return f.write_str(message);
        }
        write!(f, "sign-in could not be completed ({})", self.code())
    }
}

impl std::error::Error for Failure {}

impl Failed for Failure {
    fn code(&self) -> &'static str {
        self.code()
    }
}

/// Times of one invocation.
#[derive(Debug, Default)]
struct Timings {
    plan: Duration,
    facts: Duration,
    shape: Duration,
}

impl TokenTrigger {
    /// Makes a trigger. The digest of the bundle's text names the contract in each line of the log.
    #[must_use]
    pub fn new(logic: Logic, custom: CustomLogic, facts: Box<dyn FactSource>, facts_limit: Duration) -> Self {
        let digest = digest(logic.bundle());
        // A component of another make may have another configuration, and the usual budget.
        let bundle = Bundle::read(logic.bundle()).ok();
        let budget = bundle.as_ref().map(|bundle| bundle.budget).unwrap_or_default();
        let facts_of = bundle.into_iter().flat_map(|bundle| bundle.facts.into_values());
        let tables = facts_of.map(|fact| fact.table).collect();
        Self { logic, custom, facts, facts_limit, digest, budget, tables }
    }

    /// Returns the SHA-256 of the bundle, in hexadecimal.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    async fn answer(
        &self,
        text: &str,
        invocation: &Invocation<'_>,
        line: &mut Line,
    ) -> Result<String, Failure> {
        let event = event::read(text, seconds(invocation.now)).map_err(Failure::Event)?;
        let request = &event.request;
        line.add("trigger", request.trigger.name());
        line.add("version", request.version.as_str());
        line.add("poolId", request.pool_id.as_str());
        line.add("clientId", request.client_id.as_str());
        let mut timings = Timings::default();
        let shape = self.shape(request, invocation, &mut timings, line).await?;
        guard(request, &shape).map_err(Failure::Guard)?;
        let answer = event.answer(&shape);
        size::note(line, request, &shape, self.budget);
        line.add("planMicros", micros(timings.plan));
        line.add("factsMicros", micros(timings.facts));
        line.add("shapeMicros", micros(timings.shape));
        line.add("answerBytes", u64::try_from(answer.len()).unwrap_or(u64::MAX));
        Ok(answer)
    }

    async fn shape(
        &self,
        request: &TokenRequest,
        invocation: &Invocation<'_>,
        timings: &mut Timings,
        line: &mut Line,
    ) -> Result<TokenShape, Failure> {
        let started = Instant::now();
        let mut session = self.logic.session().map_err(Failure::Logic)?;
        let lookups = session.plan(request).map_err(Failure::Logic)?;
        // A component of another make reads what the contract reads, or what whoever runs the function has named.
        let named = |lookup: &Lookup| self.tables.contains(&lookup.table) || self.facts.names(&lookup.table);
        if !lookups.iter().all(named) {
            return Err(Failure::Logic(LogicError::Broken("component-reached-out")));
        }
        timings.plan = started.elapsed();

        let started = Instant::now();
        let custom = if self.custom.is_empty() { Duration::ZERO } else { CALL };
        let limit = self.facts_limit.min(invocation.left().saturating_sub(RESERVE).saturating_sub(custom));
        let (mut facts, reports) = fetch_all(&*self.facts, &lookups, limit).await;
        timings.facts = started.elapsed();
        if !reports.is_empty() {
            line.add("facts", reports.iter().map(Value::from).collect::<Value>());
        }

        if !self.custom.is_empty() {
            let (said, asked) = self.custom.ask(request, &facts);
            facts.extend(said);
            line.add("logic", asked.iter().map(Value::from).collect::<Value>());
        }

        let started = Instant::now();
        let shape = session.shape(request, &facts).map_err(Failure::Logic)?;
        timings.shape = started.elapsed();
        Ok(shape)
    }
}

impl Function for TokenTrigger {
    type Failure = Failure;

    /// A failure fails the sign-in.
    async fn handle(&self, event: &str, invocation: &Invocation<'_>) -> (Result<String, Failure>, Line) {
        let started = Instant::now();
        let mut line = Line::new("info", "tokens shaped")
            .with("bundle", self.digest.as_str())
            .with("requestId", invocation.request_id);
        let answer = self.answer(event, invocation, &mut line).await;
        if let Err(failure) = &answer {
            line.fail("no tokens");
            line.add("code", failure.code());
            line.add("detail", failure.detail());
        }
        line.add("totalMicros", micros(started.elapsed()));
        (answer, line)
    }
}

impl Invocation<'_> {
    fn left(&self) -> Duration {
        self.deadline.duration_since(SystemTime::now()).unwrap_or_default()
    }
}

fn seconds(now: SystemTime) -> u64 {
    now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

impl From<&Asked> for Value {
    fn from(asked: &Asked) -> Self {
        let outcome = asked.failure.as_ref().map_or("answered", LogicError::code);
        Self::from([
            ("logic", asked.name.as_str().into()),
            ("micros", micros(asked.took)),
            ("outcome", outcome.into()),
        ])
    }
}

impl From<&FetchReport> for Value {
    fn from(report: &FetchReport) -> Self {
        let mut members = claim_core::json::Object::new();
        members.insert("fact".to_owned(), report.fact.as_str().into());
        members.insert("outcome".to_owned(), report.outcome.into());
        members.insert("micros".to_owned(), micros(report.took));
        if let Some(reason) = &report.reason {
            members.insert("reason".to_owned(), reason.as_str().into());
        }
        Self::Object(members)
    }
}
