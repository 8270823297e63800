//! The corpus of vectors, and how a runtime is asked for its answers.

pub mod clock;
mod command;
mod corpus;
pub mod dice;
mod engines;
mod function;
mod gathered;
pub mod generated;
pub mod iam;
pub mod issuer;
pub mod load;
mod presenter;
pub mod runtimes;
mod seeds;
mod store;
pub mod table;
pub mod tokens;

pub use crate::command::{claims, golden, scratch, text};
pub use crate::corpus::{Case, Want, cases, repository, vector_cases, vectors};
pub use crate::engines::{
    Answer, Compiled, Error, bundle, check, facts, lookups_text, native_answer, read_event, session_answer,
};
pub use crate::function::{artifact, binary, component, machine_code};
pub use crate::gathered::{Gathered, gathered};
pub use crate::presenter::Presenter;
pub use crate::seeds::seeds;
pub use crate::store::CaseStore;
