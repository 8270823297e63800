//! The Lambda host: runs a logic component for Amazon Cognito's pre token generation trigger.
//!
//! One invocation goes through these modules: [`trigger`] reads the event, asks a fresh instance of the component
//! ([`engine`]) which facts it needs, fetches them ([`facts`]), lets the same instance shape the tokens, checks the
//! shape against Cognito's rules, answers, and writes one line ([`log`]).

pub mod engine;
pub mod facts;
pub mod log;
pub mod settings;
mod size;
pub mod trigger;
