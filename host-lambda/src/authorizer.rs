//! The story of one call: event in, answer out.

mod answer;
mod bearer;
pub mod event;
mod policy;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use claim_core::Bundle;
use claim_core::authorize::{AccessRequest, Decision, Reason};
use claim_core::contract::digest;

use self::answer::{Caller, Form, UNAUTHORIZED, render, unauthenticated};
use self::event::{Call, Kind, NotAQuestion};
use crate::engine::{Logic, LogicError};
use crate::function::{Failed, Function, Invocation};
use crate::log::{Line, Metrics, micros};
use crate::settings::TokenFrom;
use crate::verify::{TokenVerifier, Verified, VerifyError};

/// The authorizer.
#[derive(Debug)]
pub struct Authorizer {
    logic: Logic,
    verifier: Arc<dyn TokenVerifier>,
    options: Options,
    digest: String,
    /// What the contract says to callers whom it denies.
    messages: BTreeSet<String>,
    /// What `CloudWatch` measures of each decision.
    metrics: Metrics,
}

/// How an authorizer finds tokens and answers.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the token stands.
    pub token_from: Vec<TokenFrom>,
    /// What stands before the token in AppSync's header.
    pub appsync_prefix: Option<String>,
    /// Whether HTTP APIs with format 2.0 take simple answers.
    pub simple: bool,
    /// For how many seconds AppSync may keep an answer.
    pub appsync_ttl: u64,
}

/// Why a call gets no answer. What its `Display` says goes to the gateway.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Failure {
    /// The caller has no right token: the gateway answers 401. The code says why, for the log.
    Unauthenticated(&'static str),
    /// The event is no question: the gateway answers 500.
    Event(NotAQuestion),
    /// The keys could not be fetched: nobody knows whether the token is right, and the gateway answers 500.
    KeysUnavailable,
    /// The component refuses or breaks: the gateway answers 500.
    Logic(LogicError),
    /// The answer is larger than the gateway takes: it answers 500.
    AnswerTooLarge,
}

impl Failure {
    /// Returns the stable code of the failure.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated(code) => code,
            Self::Event(_) => "malformed-event",
            Self::KeysUnavailable => "keys-unavailable",
            Self::Logic(error) => error.code(),
            Self::AnswerTooLarge => "answer-too-large",
        }
    }
}

/// Only the exact word makes a 401. Everything else is an error, which no gateway keeps as a denial.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthenticated(_) => f.write_str(UNAUTHORIZED),
            other => write!(f, "the call could not be authorized ({})", other.code()),
        }
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
    verify: Duration,
    decide: Duration,
}

impl Authorizer {
    /// Makes an authorizer. The digest of the bundle's text names the contract in each line of the log.
    #[must_use]
    pub fn new(logic: Logic, verifier: Arc<dyn TokenVerifier>, options: Options) -> Self {
        let digest = digest(logic.bundle());
        let authorize = Bundle::read(logic.bundle()).ok().and_then(|bundle| bundle.authorize);
        let rules = authorize.into_iter().flat_map(|authorize| authorize.rules);
        let messages = rules.filter_map(|rule| rule.message).collect();
        let measured = [("Decisions", "Count"), ("totalMicros", "Microseconds")];
        let metrics = Metrics::new(&[&["outcome"], &["outcome", "reason"]], &measured);
        Self { logic, verifier, options, digest, messages, metrics }
    }

    async fn answer(
        &self,
        event: &str,
        now: SystemTime,
        timings: &mut Timings,
        line: &mut Line,
    ) -> Result<(String, &'static str), Failure> {
        let call = event::read(event).map_err(Failure::Event)?;
        line.add("kind", call.kind.as_str());
        if let Some(route) = &call.route {
            line.add("route", route.as_str());
        }
        let started = Instant::now();
        let verified = self.verify(&call, now).await;
        timings.verify = started.elapsed();
        let verified = match verified {
            Ok(verified) => verified,
            Err(failure) => return Self::refused(&call, failure),
        };
        line.add("issuer", verified.issuer.as_str());
        line.add("clientId", verified.client.as_str());
        let seconds = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let started = Instant::now();
        let caller = Caller::of(&verified);
        let mut decision = self.decide(&call, verified, seconds)?;
        // What a policy cannot say of this one call is not allowed.
        let sayable = call.arn.as_ref().is_none_or(policy::is_one_call);
        let by_policy = !(call.kind == Kind::Http2 && self.options.simple);
        if decision.is_allowed() && decision.grants.is_none() && by_policy && !sayable {
            decision.reason = Reason::NoRoute;
        }
        timings.decide = started.elapsed();
        if let Some(rule) = decision.rule.and_then(|rule| u64::try_from(rule).ok()) {
            line.add("rule", rule);
        }
        // One that the contract does not have comes from a component of another make, and may say anything.
        if let Some(message) = decision.message.as_ref().filter(|message| self.messages.contains(*message)) {
            line.add("ruleMessage", message.as_str());
        }
        // The other token of the same person is a wrong credential and not a missing right.
        if decision.reason == Reason::WrongToken {
            return Self::refused(&call, Failure::Unauthenticated(Reason::WrongToken.code()));
        }
        let form = Form { simple: self.options.simple, appsync_ttl: self.options.appsync_ttl, now: seconds };
        let reason = decision.reason.code();
        let answer = render(&call, caller, decision, form).ok_or(Failure::AnswerTooLarge)?;
        Ok((answer.to_string(), reason))
    }

    async fn verify(&self, call: &Call, now: SystemTime) -> Result<Verified, Failure> {
        let token = bearer::token(call, &self.options.token_from, self.options.appsync_prefix.as_deref());
        let token = token.ok_or(Failure::Unauthenticated("token-missing"))?;
        self.verifier.verify(token, now).await.map_err(|error| match error {
            VerifyError::Refused(refusal) => Failure::Unauthenticated(refusal.code()),
            VerifyError::KeysUnavailable => Failure::KeysUnavailable,
        })
    }

    fn decide(&self, call: &Call, verified: Verified, now: u64) -> Result<Decision, Failure> {
        let mut session = self.logic.session().map_err(Failure::Logic)?;
        let request = AccessRequest {
            claims: verified.claims,
            token: verified.token,
            method: call.method.clone(),
            path: call.path.clone(),
            now,
        };
        session.authorize(&request).map_err(Failure::Logic)
    }

    /// AppSync takes an answer for a wrong token; API Gateway takes an error with the one word.
    fn refused(call: &Call, failure: Failure) -> Result<(String, &'static str), Failure> {
        match (&failure, unauthenticated(call.kind)) {
            (Failure::Unauthenticated(code), Some(answer)) => Ok((answer.to_string(), *code)),
            _ => Err(failure),
        }
    }
}

impl Function for Authorizer {
    type Failure = Failure;

    async fn handle(&self, event: &str, invocation: &Invocation<'_>) -> (Result<String, Failure>, Line) {
        let (started, now) = (Instant::now(), invocation.now);
        let mut timings = Timings::default();
        let mut line = Line::new("info", "call decided")
            .with("bundle", self.digest.as_str())
            .with("requestId", invocation.request_id);
        let answer = self.answer(event, now, &mut timings, &mut line).await;
        let (outcome, reason) = match &answer {
            Ok((_, reason)) => (if *reason == Reason::Allowed.code() { "allow" } else { "deny" }, *reason),
            Err(Failure::Unauthenticated(code)) => ("deny", *code),
            Err(failure) => {
                line.fail("no decision");
                ("error", failure.code())
            }
        };
        line.add("outcome", outcome);
        line.add("reason", reason);
        line.add("verifyMicros", micros(timings.verify));
        line.add("decideMicros", micros(timings.decide));
        line.add("totalMicros", micros(started.elapsed()));
        line.add("Decisions", 1u64);
        line.measure(&self.metrics, now);
        (answer.map(|(text, _)| text), line)
    }
}
