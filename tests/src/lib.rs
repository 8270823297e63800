//! How each runtime is asked for its answers to the corpus.

pub mod clock;
mod command;
mod engines;
mod function;
mod gathered;
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
pub use crate::engines::{Compiled, session_answer};
pub use crate::function::{Unpacked, artifact, binary, component, machine_code, own_memory};
pub use crate::gathered::{Gathered, gathered};
pub use crate::presenter::Presenter;
pub use crate::seeds::seeds;
pub use crate::store::CaseStore;
pub use corpus::{Case, Want, cases, repository, vector_cases, vectors};
