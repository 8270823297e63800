//! A component that is loaded, and one bounded instance of it for each invocation.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use claim_core::authorize::{AccessRequest, Decision};
use claim_core::json::Object;
use claim_core::{FactRecord, Lookup, TokenRequest, TokenShape};
use wasmtime::component::{Component, ComponentExportIndex, Instance, InstancePre};
use wasmtime::{Engine, Store};

use super::bindings::exports::claimwright::logic::logic::TokenShape as Shape;
use super::bindings::{Claims, ClaimsIndices};
use super::bounds::{Bounds, Time, broken, store};
use super::convert::offered;
use super::{LoadError, LogicEngine, LogicError, closed, sentence};

/// The interface that every logic component exports, and its functions.
const LOGIC: &str = "claimwright:logic/logic@1.0.0";
const FUNCTIONS: [&str; 3] = ["plan", "shape", "authorize"];

/// How many facts a component may ask for: each costs a read, and a contract has no more.
const MAX_LOOKUPS: usize = 16;

/// A component, ready to be instantiated.
pub(super) struct Sandbox {
    engine: Engine,
    instances: InstancePre<Bounds>,
    exports: ClaimsIndices,
}

/// Maps a file of machine code.
pub(super) fn map(engine: &LogicEngine, path: &Path) -> Result<Component, LoadError> {
    #[expect(
        unsafe_code,
        reason = "machine code is trusted as far as the archive that holds it: see `Logic::load`"
    )]
    // SAFETY: the file was written by `Engine::precompile_component` and comes with this binary.
    unsafe { Component::deserialize_file(engine.engine(), path) }.map_err(|error| {
        LoadError(format!(
            "`{}` is not a component compiled for this version ({}); build it again with `claims build`",
            path.display(),
            error.root_cause()
        ))
    })
}

impl Sandbox {
    /// Takes a component that implements the world, which an instance of it must show: one that does not fit fails the
    /// deployment and not a sign-in.
    pub(super) fn new(engine: &LogicEngine, component: &Component) -> Result<Self, LoadError> {
        let engine = engine.engine();
        implements(component)?;
        let instances = closed::linker(engine, component)?
            .instantiate_pre(component)
            .map_err(|error| LoadError(format!("the component cannot be linked: {}", error.root_cause())))?;
        let exports = ClaimsIndices::new(&instances).map_err(|error| other_world(&error))?;
        let sandbox = Self { engine: engine.clone(), instances, exports };
        sandbox.check().map(|()| sandbox)
    }

    /// Makes a fresh instance. Making it, and each call of it, may take so many ticks.
    pub(super) fn open(&self, time: Time) -> Result<Session<'_>, LogicError> {
        let mut store = store(&self.engine, time);
        let instance = self.instances.instantiate(&mut store).map_err(|error| broken(&error))?;
        Ok(Session { store, instance, exports: &self.exports, claims: None, time })
    }

    /// Checks that the functions take and give what the world says, which only an instance can tell.
    fn check(&self) -> Result<(), LoadError> {
        let mut session = self.open(Time::Each).map_err(|error| LoadError(error.to_string()))?;
        let loaded = session.exports.load(&mut session.store, &session.instance);
        loaded.map(drop).map_err(|error| other_world(&error))
    }
}

/// Names what a component lacks of the world.
fn implements(component: &Component) -> Result<(), LoadError> {
    let Some(interface) = component.get_export_index(None, LOGIC) else {
        return Err(LoadError(format!(
            "the component does not export the interface `{LOGIC}`; build it for the world `claims` of `wit/`"
        )));
    };
    match FUNCTIONS.into_iter().find(|name| component.get_export_index(Some(&interface), name).is_none()) {
        None => Ok(()),
        Some(function) => Err(LoadError(format!(
            "the component's interface `{LOGIC}` has no function `{function}`; it must have `{}`",
            FUNCTIONS.join("`, `")
        ))),
    }
}

fn other_world(error: &wasmtime::Error) -> LoadError {
    LoadError(format!(
        "the component's interface `{LOGIC}` is another than this version's ({error:#}); build it with the `wit/` of this \
         version"
    ))
}

/// One instance, for one invocation.
pub struct Session<'a> {
    store: Store<Bounds>,
    instance: Instance,
    exports: &'a ClaimsIndices,
    /// The exports, once one of them was called.
    claims: Option<Claims>,
    time: Time,
}

impl fmt::Debug for Session<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

impl Session<'_> {
    pub(super) fn configured(&mut self, export: ComponentExportIndex) -> Result<Option<String>, LogicError> {
        let configured = self
            .instance
            .get_typed_func::<(), (Option<String>,)>(&mut self.store, export)
            .map_err(|error| broken(&error))?;
        let (bundle,) = configured.call(&mut self.store, ()).map_err(|error| broken(&error))?;
        Ok(bundle)
    }

    pub(super) fn configure(&mut self, export: ComponentExportIndex, bundle: &str) -> Result<(), LogicError> {
        let configure = self
            .instance
            .get_typed_func::<(&str,), (Result<(), String>,)>(&mut self.store, export)
            .map_err(|error| broken(&error))?;
        let (answer,) = configure.call(&mut self.store, (bundle,)).map_err(|error| broken(&error))?;
        // It has seen nothing but the contract, and may say a sentence about it.
        answer.map_err(|why| LogicError::BundleRefused(sentence(why)))
    }

    /// Asks which facts a request needs.
    ///
    /// # Errors
    ///
    /// Returns [`LogicError`] if the component refuses or breaks, or asks for what no table has.
    pub fn plan(&mut self, request: &TokenRequest) -> Result<Vec<Lookup>, LogicError> {
        let request = request.into();
        let (claims, store) = self.claims()?;
        let answer = claims.claimwright_logic_logic().call_plan(store, &request);
        let lookups = answer.map_err(|error| broken(&error))?.map_err(LogicError::from)?;
        if lookups.len() > MAX_LOOKUPS {
            return Err(LogicError::MALFORMED);
        }
        lookups.into_iter().map(TryInto::try_into).collect()
    }

    /// Asks what the tokens of a request become.
    ///
    /// # Errors
    ///
    /// Returns [`LogicError`] if the component refuses or breaks.
    pub fn shape(&mut self, request: &TokenRequest, facts: &[FactRecord]) -> Result<TokenShape, LogicError> {
        self.shaped(request, facts)?.try_into()
    }

    /// Asks what the tokens of a request become, for the values of some claims and nothing else.
    ///
    /// # Errors
    ///
    /// As [`Session::shape`].
    pub(super) fn claims_of(
        &mut self,
        request: &TokenRequest,
        facts: &[FactRecord],
        names: &BTreeSet<String>,
    ) -> Result<Object, LogicError> {
        offered(self.shaped(request, facts)?, names)
    }

    fn shaped(&mut self, request: &TokenRequest, facts: &[FactRecord]) -> Result<Shape, LogicError> {
        let (request, facts) = (request.into(), facts.iter().map(Into::into).collect::<Vec<_>>());
        let (claims, store) = self.claims()?;
        let answer = claims.claimwright_logic_logic().call_shape(store, &request, &facts);
        answer.map_err(|error| broken(&error))?.map_err(LogicError::from)
    }

    /// Asks whether a call is allowed, and what else its token may call.
    ///
    /// # Errors
    ///
    /// Returns [`LogicError`] if the component refuses or breaks, or answers what no gateway takes.
    pub fn authorize(&mut self, request: &AccessRequest) -> Result<Decision, LogicError> {
        let request = request.into();
        let (claims, store) = self.claims()?;
        let answer = claims.claimwright_logic_logic().call_authorize(store, &request);
        answer.map_err(|error| broken(&error))?.map_err(LogicError::from)?.try_into()
    }

    /// The exports and what they run in, with the time of one more call before them.
    fn claims(&mut self) -> Result<(&Claims, &mut Store<Bounds>), LogicError> {
        self.time.begin(&mut self.store);
        let claims = match self.claims.take() {
            Some(claims) => claims,
            None => self.exports.load(&mut self.store, &self.instance).map_err(|error| broken(&error))?,
        };
        Ok((self.claims.insert(claims), &mut self.store))
    }
}
