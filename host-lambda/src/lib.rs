//! The Lambda host: runs a logic component behind Amazon Cognito and in front of APIs.
//!
//! A sign-in goes through these modules: [`trigger`] reads the event, asks a fresh instance of the component
//! ([`engine`]) which facts it needs, fetches them ([`facts`]), lets the same instance shape the tokens, checks the
//! shape against Cognito's rules, answers, and writes one line ([`log`]).
//!
//! A call goes through these: [`authorizer`] reads the event, takes the token out of it and has it verified
//! ([`verify`], [`keys`]), asks the component, answers in the gateway's form, and writes one line.

#[cfg(feature = "authorizer")]
pub mod authorizer;
pub mod engine;
#[cfg(feature = "token-trigger")]
pub mod facts;
pub mod function;
#[cfg(feature = "authorizer")]
pub mod keys;
pub mod log;
#[cfg(any(feature = "authorizer", feature = "token-trigger"))]
pub mod settings;
#[cfg(feature = "token-trigger")]
mod size;
#[cfg(feature = "token-trigger")]
pub mod trigger;
#[cfg(feature = "authorizer")]
pub mod verify;
