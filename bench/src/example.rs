//! What the contenders are given: a contract of `examples/`, and a sign-in with its facts.

use claim_core::cognito::event;
use claim_core::contract::compile;
use claim_core::json::{self, Value};
use claim_core::{Bundle, FactOutcome, FactRecord, TokenRequest};
use corpus::repository;

/// A contract, and what it decides about.
#[derive(Debug)]
pub struct Example {
    /// The contract, compiled.
    pub bundle: String,
    /// The event of a sign-in.
    pub event: String,
    /// What its lookups find.
    pub facts: Vec<FactRecord>,
}

impl Example {
    /// Reads an example.
    ///
    /// # Panics
    ///
    /// Panics if it is not there, or has mistakes.
    #[must_use]
    pub fn read(name: &str) -> Self {
        let file = |file: &str| {
            let path = repository().join("examples").join(name).join(file);
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        };
        let Ok(Value::Object(records)) = json::read(&file("facts.json")) else {
            panic!("the facts of {name} are no object");
        };
        Self {
            bundle: compile(&file("claims.yaml")).bundle.expect("the example has no mistakes").to_text(),
            event: file("event.json"),
            facts: records
                .into_iter()
                .map(|(name, record)| FactRecord { name, outcome: FactOutcome::Found(record) })
                .collect(),
        }
    }

    /// The contract, ready to be asked.
    ///
    /// # Panics
    ///
    /// Panics if the bundle is none.
    #[must_use]
    pub fn contract(&self) -> Bundle {
        Bundle::read(&self.bundle).expect("a bundle")
    }

    /// What the event asks.
    ///
    /// # Panics
    ///
    /// Panics if the event is none.
    #[must_use]
    pub fn request(&self) -> TokenRequest {
        event::read(&self.event, 1_790_000_000).expect("an event").request
    }
}
