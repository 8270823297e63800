//! What the contenders are given: the sign-in of `examples/profile`, and a call of `examples/api`.

use claim_core::authorize::AccessRequest;
use claim_core::cognito::{Token, event};
use claim_core::contract::compile;
use claim_core::json::{self, Object, Value};
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
    /// The table's content.
    pub seed: Object,
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
        let object = |name: &str| match json::read(&file(name)) {
            Ok(Value::Object(members)) => members,
            _ => panic!("{name} is no object"),
        };
        let records = object("facts.json").into_iter();
        Self {
            bundle: compile(&file("claims.yaml")).bundle.expect("the example has no mistakes").to_text(),
            event: file("event.json"),
            facts: records
                .map(|(name, record)| FactRecord { name, outcome: FactOutcome::Found(record) })
                .collect(),
            seed: object("seed.json"),
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

/// The contract of `examples/profile`, and kim's sign-in.
#[must_use]
pub fn sign_in() -> Example {
    Example::read("profile")
}

/// A call that the contract of `examples/api` decides.
///
/// # Panics
///
/// Panics if its claims are no JSON.
#[must_use]
pub fn decision(claims: &str, now: u64) -> AccessRequest {
    let Ok(Value::Object(claims)) = json::read(claims) else { panic!("the claims are no object") };
    AccessRequest {
        claims,
        token: Token::Access,
        method: "GET".to_owned(),
        path: "/orders/7".to_owned(),
        now,
    }
}
