//! The logic components that a contract names for single claims.
//!
//! Each runs in an instance of its own beside ours: what one does, or how it breaks, touches no other, and the contract
//! says what becomes of the claim. Composed into one component they would trap together.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use claim_core::contract::{LogicComponent, Source};
use claim_core::{Bundle, FactRecord, TokenRequest};
use wasmtime::component::Component as Compiled;

use super::bounds::{CALL, Time};
use super::sandbox::{Sandbox, map};
use super::{LoadError, LogicEngine, LogicError};

/// The components that a contract names, ready to be asked.
#[derive(Default)]
pub struct CustomLogic(Vec<Component>);

/// One of them.
struct Component {
    name: String,
    sandbox: Sandbox,
    /// The claims that the contract takes from it.
    claims: BTreeSet<String>,
}

impl fmt::Debug for CustomLogic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|component| &component.name)).finish()
    }
}

/// What came of asking one component, for the log.
#[derive(Debug)]
pub struct Asked {
    /// Its name in the contract.
    pub name: String,
    /// Why it gave no answer.
    pub failure: Option<LogicError>,
    /// How long it took.
    pub took: Duration,
}

impl CustomLogic {
    /// Loads what the contract of a bundle names. `claims build` puts each component beside `logic.cwasm`, under the digest
    /// that the contract pins: another one is not found.
    ///
    /// # Errors
    ///
    /// Returns [`LoadError`] if the text is no bundle, or if a component is not there or does not implement the world.
    pub fn load(engine: &LogicEngine, folder: &Path, bundle: &str) -> Result<Self, LoadError> {
        Self::named(bundle, |_, sha256| map(engine, &folder.join(file_name(sha256))), engine)
    }

    /// Takes components that are already compiled, from whoever has them by the contract's name and digest.
    ///
    /// # Errors
    ///
    /// As [`CustomLogic::load`].
    pub fn named(
        bundle: &str,
        component: impl Fn(&str, &str) -> Result<Compiled, LoadError>,
        engine: &LogicEngine,
    ) -> Result<Self, LoadError> {
        let bundle = Bundle::read(bundle).map_err(|error| LoadError(error.to_string()))?;
        let load = |(name, pinned): (&String, &LogicComponent)| {
            let named = |error: LoadError| LoadError(format!("the logic `{name}` of the contract: {error}"));
            let sandbox =
                component(name, &pinned.sha256).and_then(|component| Sandbox::new(engine, &component));
            let claims =
                bundle.claims.iter().filter(|(_, claim)| claim.source == Source::Logic(name.clone()));
            let claims = claims.map(|(claim, _)| claim.clone()).collect();
            sandbox.map_err(named).map(|sandbox| Component { name: name.clone(), sandbox, claims })
        };
        bundle.logic.iter().map(load).collect::<Result<_, _>>().map(Self)
    }

    /// Whether the contract names none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Asks every component for its claims, in half a second for all of them together. Each has its share of what is left, so
    /// that none takes the time of another.
    #[must_use]
    pub fn ask(&self, request: &TokenRequest, facts: &[FactRecord]) -> (Vec<FactRecord>, Vec<Asked>) {
        let begun = Instant::now();
        let mut waiting = u32::try_from(self.0.len()).unwrap_or(u32::MAX);
        let ask = |component: &Component| {
            let started = Instant::now();
            let left = CALL.saturating_sub(begun.elapsed());
            let share = left.checked_div(waiting).unwrap_or_default();
            waiting = waiting.saturating_sub(1);
            let end = Time::Until(started.checked_add(share).unwrap_or(started));
            let answer = component
                .sandbox
                .open(end)
                .and_then(|mut session| session.claims_of(request, facts, &component.claims));
            let (claims, failure) = match answer {
                Ok(claims) => (Some(claims), None),
                Err(error) => (None, Some(error)),
            };
            let asked = Asked { name: component.name.clone(), failure, took: started.elapsed() };
            (FactRecord::of_logic(&component.name, claims), asked)
        };
        self.0.iter().map(ask).unzip()
    }
}

/// The name of a compiled component's file, after the digest of what was compiled.
#[must_use]
pub fn file_name(sha256: &str) -> String {
    format!("{sha256}.cwasm")
}
