//! The corpus of vectors, and how a runtime is asked for its answers.

mod command;
mod corpus;
mod engines;
mod function;
pub mod issuer;
mod presenter;
pub mod tokens;

pub use crate::command::{claims, golden, scratch, text};
pub use crate::corpus::{Case, Want, cases, repository, vector_cases, vectors};
pub use crate::engines::{
    Answer, ComponentEngine, Engine, Error, NativeEngine, bundle, check, read_event, run_suite,
};
pub use crate::function::{artifact, binary, component, machine_code};
pub use crate::presenter::Presenter;
