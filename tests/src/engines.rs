//! The component: what it answers to the same questions.

use corpus::{Answer, Case, Error, facts, lookups_text, read_event};
use host_lambda::engine::{Logic, LogicEngine, LogicError};
use wasmtime::component::Component;

/// The component, compiled once for many bundles.
pub struct Compiled {
    engine: LogicEngine,
    component: Component,
}

impl std::fmt::Debug for Compiled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compiled").finish_non_exhaustive()
    }
}

impl Compiled {
    /// Compiles a component.
    ///
    /// # Panics
    ///
    /// Panics if the bytes are not a component.
    #[must_use]
    pub fn new(wasm: &[u8]) -> Self {
        let engine = LogicEngine::start().expect("the engine starts");
        let component = Component::new(engine.engine(), wasm).expect("the file is a component");
        Self { engine, component }
    }

    /// Gives it a bundle, through the engine of the Lambda host.
    ///
    /// # Panics
    ///
    /// Panics if the component does not fit the world or does not take the bundle.
    #[must_use]
    pub fn logic(&self, bundle: &str) -> Logic {
        Logic::new(&self.engine, &self.component, Some(bundle.to_owned()))
            .expect("the component fits the world")
    }
}

/// What a component answers in a fresh instance.
///
/// # Panics
///
/// Panics if there is no instance.
#[must_use]
pub fn session_answer(logic: &Logic, case: &Case) -> Answer {
    let event = match read_event(case) {
        Ok(event) => event,
        Err(error) => return Answer { lookups: None, shaped: Err(error) },
    };
    let mut session = logic.session().expect("an instance of the component");
    let lookups = session.plan(&event.request).ok().map(|lookups| lookups_text(&lookups));
    let shaped = session.shape(&event.request, &facts(case));
    Answer { lookups, shaped: shaped.map(|shape| event.answer(&shape)).map_err(component_error) }
}

fn component_error(error: LogicError) -> Error {
    match error {
        LogicError::Refused { code, subject, fault, .. } => Error { code: code.to_owned(), subject, fault },
        broken => Error { code: broken.code().to_owned(), ..Error::default() },
    }
}
