//! The component: loaded once, a fresh and bounded instance for each invocation.

mod bindings;
mod convert;

use std::fmt;
use std::path::Path;
use std::thread;
use std::time::Duration;

use claim_core::authorize::{AccessRequest, Decision};
use claim_core::contract::RefuseRule;
use claim_core::{FactRecord, Lookup, TokenRequest, TokenShape};
use wasmtime::component::{Component, ComponentExportIndex, Instance, InstancePre, Linker};
use wasmtime::{Config, Engine, Store, StoreLimits, StoreLimitsBuilder, Trap};

use self::bindings::ClaimsIndices;
use self::bindings::exports::claimwright::logic::logic::Refusal;

/// How much memory an instance may have. Ours needs about 1.5 MB for a large contract.
const MEMORY: usize = 64 * 1024 * 1024;

/// How often the clock that ends endless components ticks.
const TICK: Duration = Duration::from_millis(10);

/// How many ticks one call may take: half a second, where ours takes well under a millisecond.
const TICKS: u64 = 50;

/// The interface through which our component takes its bundle.
const CONFIGURATION: &str = "claimwright:logic/configuration@1.0.0";

/// Returns how components are compiled and run. The compiler and every host must agree on it to the letter.
#[must_use]
pub fn engine_config() -> Config {
    let mut config = Config::new();
    config.wasm_component_model(true).epoch_interruption(true);
    config
}

/// The engine of a process, and the clock that ends components which do not end by themselves.
#[derive(Clone)]
pub struct LogicEngine(Engine);

impl fmt::Debug for LogicEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogicEngine").finish_non_exhaustive()
    }
}

impl LogicEngine {
    /// Starts the engine and its clock, which lives as long as the engine.
    ///
    /// # Errors
    ///
    /// Returns [`LoadError`] if this machine cannot run components, or has no thread left.
    pub fn start() -> Result<Self, LoadError> {
        let engine = Engine::new(&engine_config())
            .map_err(|error| LoadError(format!("the engine does not start: {error}")))?;
        let clock = engine.weak();
        let tick = move || {
            while let Some(engine) = clock.upgrade() {
                engine.increment_epoch();
                drop(engine);
                thread::sleep(TICK);
            }
        };
        thread::Builder::new().name("epochs".to_owned()).spawn(tick).map_err(|error| {
            LoadError(format!("the clock that bounds components does not start: {error}"))
        })?;
        Ok(Self(engine))
    }

    /// Returns wasmtime's engine, to compile components for it.
    #[must_use]
    pub const fn engine(&self) -> &Engine {
        &self.0
    }
}

/// A component, ready to be instantiated.
pub struct Logic {
    engine: Engine,
    instances: InstancePre<StoreLimits>,
    exports: ClaimsIndices,
    configure: Option<ComponentExportIndex>,
    bundle: String,
}

/// The interface through which our component takes its bundle.
#[derive(Clone, Copy, Debug)]
pub struct Configuration {
    /// Takes a bundle.
    pub configure: ComponentExportIndex,
    /// Returns the one that was taken.
    pub configured: ComponentExportIndex,
}

impl Configuration {
    /// Finds the interface in a component. One of another make may have none.
    #[must_use]
    pub fn of(component: &Component) -> Option<Self> {
        let interface = component.get_export_index(None, CONFIGURATION)?;
        let function = |name| component.get_export_index(Some(&interface), name);
        Some(Self { configure: function("configure")?, configured: function("configured")? })
    }
}

impl fmt::Debug for Logic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logic").field("baked", &self.configure.is_none()).finish_non_exhaustive()
    }
}

/// Why a component cannot be used.
#[derive(Debug)]
pub struct LoadError(String);

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for LoadError {}

/// Why a component gave no answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum LogicError {
    /// It refused, as its contract says.
    Refused {
        /// The case of the WIT's `refusal`.
        code: &'static str,
        /// The rule or fact that it names.
        subject: String,
        /// The code of what is wrong with the rule's value.
        fault: String,
        /// What the person who signs in may read; empty where the contract has no word for them.
        message: String,
    },
    /// It broke: the code says how.
    Broken(&'static str),
    /// It does not take its bundle; the text is its own word, about the bundle and nothing personal.
    BundleRefused(String),
}

impl LogicError {
    /// Returns the stable code of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Refused { code, .. } | Self::Broken(code) => code,
            Self::BundleRefused(_) => "bundle-refused",
        }
    }
}

impl fmt::Display for LogicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { subject, fault, .. } if fault.is_empty() => f.write_str(subject),
            Self::Refused { subject, fault, .. } => write!(f, "{subject}: {fault}"),
            Self::Broken(code) => {
                write!(f, "the logic component broke ({code}); its instance is thrown away")
            }
            Self::BundleRefused(why) => write!(f, "the component does not take its bundle: {why}"),
        }
    }
}

impl std::error::Error for LogicError {}

impl Logic {
    /// Loads a compiled component, made by `claims build` with this same version. It needs a bundle where none was baked
    /// in, and takes no other where one was.
    ///
    /// The file is mapped and run as machine code: whoever can write it can do whatever the function can do. Deploy it in
    /// the function's own archive and nowhere else.
    ///
    /// # Errors
    ///
    /// Returns [`LoadError`] if the file is not a component compiled for this version and machine, if the component does
    /// not implement the world, if it imports anything, or if it has no bundle or another one.
    pub fn load(engine: &LogicEngine, path: &Path, bundle: Option<String>) -> Result<Self, LoadError> {
        #[expect(
            unsafe_code,
            reason = "machine code is trusted as far as the archive that holds it: see above"
        )]
        // SAFETY: the file was written by `Engine::precompile_component` and comes with this binary.
        let component = unsafe { Component::deserialize_file(&engine.0, path) }.map_err(|error| {
            LoadError(format!(
                "`{}` is not a component compiled for this version ({}); build it again with `claims build`",
                path.display(),
                error.root_cause()
            ))
        })?;
        Self::new(engine, &component, bundle)
    }

    /// Takes a component that is already compiled.
    ///
    /// # Errors
    ///
    /// Returns [`LoadError`] as [`Logic::load`] does.
    pub fn new(
        engine: &LogicEngine,
        component: &Component,
        bundle: Option<String>,
    ) -> Result<Self, LoadError> {
        // The linker is empty and stays empty: a component has no capability at all.
        let instances = Linker::new(&engine.0).instantiate_pre(component).map_err(|error| {
            LoadError(format!(
                "the component asks for something that no logic component gets: {}",
                error.root_cause()
            ))
        })?;
        let exports = ClaimsIndices::new(&instances).map_err(|error| {
            LoadError(format!("the component does not implement the world `claims`: {}", error.root_cause()))
        })?;
        let configuration = Configuration::of(component);
        let mut logic =
            Self { engine: engine.0.clone(), instances, exports, configure: None, bundle: String::new() };
        let asked = configuration.map(|configuration| logic.session()?.configured(configuration.configured));
        let failed = |error: LogicError| LoadError(error.to_string());
        logic.bundle = match (asked.transpose().map_err(failed)?.flatten(), bundle) {
            (Some(baked), Some(other)) if baked != other => {
                return Err(LoadError(
                    "the component has another contract baked in than the bundle says; build both again with `claims build`"
                        .to_owned(),
                ));
            }
            (Some(baked), _) => baked,
            (None, Some(bundle)) => {
                logic.configure = configuration.map(|configuration| configuration.configure);
                bundle
            }
            (None, None) => {
                return Err(LoadError(
                    "the component has no contract baked in and there is no bundle; build both with `claims build`"
                        .to_owned(),
                ));
            }
        };
        // A bundle that the component refuses fails the deployment and not a sign-in.
        drop(logic.session().map_err(failed)?);
        Ok(logic)
    }

    /// Returns the bundle's text.
    #[must_use]
    pub fn bundle(&self) -> &str {
        &self.bundle
    }

    /// Makes a fresh instance and gives it its bundle.
    ///
    /// # Errors
    ///
    /// Returns [`LogicError`] if the component breaks or does not take its bundle.
    pub fn session(&self) -> Result<Session<'_>, LogicError> {
        let limits = StoreLimitsBuilder::new().memory_size(MEMORY).trap_on_grow_failure(true).build();
        let mut store = Store::new(&self.engine, limits);
        store.limiter(|limits| limits);
        store.set_epoch_deadline(TICKS);
        let instance = self.instances.instantiate(&mut store).map_err(|error| broken(&error))?;
        let mut session = Session { store, instance, exports: &self.exports };
        if let Some(configure) = self.configure {
            session.configure(configure, &self.bundle)?;
        }
        Ok(session)
    }
}

/// One instance, for one invocation.
pub struct Session<'a> {
    store: Store<StoreLimits>,
    instance: Instance,
    exports: &'a ClaimsIndices,
}

impl fmt::Debug for Session<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

impl Session<'_> {
    fn configured(&mut self, export: ComponentExportIndex) -> Result<Option<String>, LogicError> {
        let configured = self
            .instance
            .get_typed_func::<(), (Option<String>,)>(&mut self.store, export)
            .map_err(|error| broken(&error))?;
        let (bundle,) = configured.call(&mut self.store, ()).map_err(|error| broken(&error))?;
        Ok(bundle)
    }

    fn configure(&mut self, export: ComponentExportIndex, bundle: &str) -> Result<(), LogicError> {
        let configure = self
            .instance
            .get_typed_func::<(&str,), (Result<(), String>,)>(&mut self.store, export)
            .map_err(|error| broken(&error))?;
        let (answer,) = configure.call(&mut self.store, (bundle,)).map_err(|error| broken(&error))?;
        answer.map_err(LogicError::BundleRefused)
    }

    /// Asks which facts a request needs.
    ///
    /// # Errors
    ///
    /// Returns [`LogicError`] if the component refuses or breaks.
    pub fn plan(&mut self, request: &TokenRequest) -> Result<Vec<Lookup>, LogicError> {
        self.store.set_epoch_deadline(TICKS);
        let claims = self.exports.load(&mut self.store, &self.instance).map_err(|error| broken(&error))?;
        let answer = claims
            .claimwright_logic_logic()
            .call_plan(&mut self.store, &request.into())
            .map_err(|error| broken(&error))?;
        let lookups = answer.map_err(LogicError::from)?;
        lookups.into_iter().map(TryInto::try_into).collect()
    }

    /// Asks what the tokens of a request become.
    ///
    /// # Errors
    ///
    /// Returns [`LogicError`] if the component refuses or breaks.
    pub fn shape(&mut self, request: &TokenRequest, facts: &[FactRecord]) -> Result<TokenShape, LogicError> {
        self.store.set_epoch_deadline(TICKS);
        let claims = self.exports.load(&mut self.store, &self.instance).map_err(|error| broken(&error))?;
        let facts: Vec<_> = facts.iter().map(Into::into).collect();
        let answer = claims
            .claimwright_logic_logic()
            .call_shape(&mut self.store, &request.into(), &facts)
            .map_err(|error| broken(&error))?;
        answer.map_err(LogicError::from)?.try_into()
    }
}

impl Session<'_> {
    /// Asks whether a call is allowed, and what else its token may call.
    ///
    /// # Errors
    ///
    /// Returns [`LogicError`] if the component refuses or breaks, or answers what no gateway takes.
    pub fn authorize(&mut self, request: &AccessRequest) -> Result<Decision, LogicError> {
        self.store.set_epoch_deadline(TICKS);
        let claims = self.exports.load(&mut self.store, &self.instance).map_err(|error| broken(&error))?;
        let answer = claims
            .claimwright_logic_logic()
            .call_authorize(&mut self.store, &request.into())
            .map_err(|error| broken(&error))?;
        answer.map_err(LogicError::from)?.try_into()
    }
}

/// Names how a component broke. Its own words are not passed on: they may hold what it was given.
fn broken(error: &wasmtime::Error) -> LogicError {
    LogicError::Broken(match error.downcast_ref::<Trap>() {
        Some(Trap::Interrupt) => "component-too-slow",
        Some(Trap::StackOverflow) => "component-stack-overflow",
        Some(_) => "component-trapped",
        None if error.to_string().contains("memory") => "component-too-large",
        None => "component-malformed-answer",
    })
}

impl From<Refusal> for LogicError {
    fn from(refusal: Refusal) -> Self {
        let mut message = String::new();
        let (code, subject, fault) = match refusal {
            Refusal::NotConfigured => ("not-configured", String::new(), String::new()),
            Refusal::MalformedRequest(part) => ("malformed-request", part, String::new()),
            Refusal::FactMissing(name) => ("fact-missing", name, String::new()),
            Refusal::FactFailed(name) => ("fact-failed", name, String::new()),
            Refusal::RuleFailed(failure) => ("rule-failed", failure.rule, failure.fault),
            Refusal::Blocked(block) => {
                message = sentence(block.message);
                ("blocked", block.rule, String::new())
            }
            Refusal::Rejected(code) => ("rejected", code, String::new()),
        };
        Self::Refused { code, subject: place(subject), fault: place(fault), message }
    }
}

/// Keeps a message that a page can show in one line.
pub(super) fn sentence(text: String) -> String {
    let short = text.chars().count() <= RefuseRule::MAX_MESSAGE;
    if short && !text.chars().any(char::is_control) { text } else { String::new() }
}

/// Keeps a name of the contract and drops a text that cannot be one: it goes into a log, and the component may be anyone's.
fn place(text: String) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '_' | '-' | '[' | ']' | '/');
    if text.len() <= 128 && text.chars().all(allowed) { text } else { "(not a name)".to_owned() }
}
