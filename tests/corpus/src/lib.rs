//! The corpus of vectors, what the core answers to them, and inputs that nobody thought of.

mod bless;
pub mod callers;
pub mod decisions;
pub mod dice;
pub mod generated;
mod native;
pub mod presentations;
mod vectors;

pub use crate::bless::bless;
pub use crate::native::{
    Answer, Error, bundle, check, facts, judge, lookups_text, native_answer, read_event,
};
pub use crate::vectors::{Case, Want, cases, repository, vector_cases, vectors};
