//! The component: loaded once, a fresh and bounded instance for each invocation.

mod bindings;
mod bounds;
mod closed;
mod convert;
mod custom;
mod sandbox;

use std::fmt;
use std::path::Path;
use std::thread;

use claim_core::contract::RefuseRule;
use wasmtime::component::{Component, ComponentExportIndex};
use wasmtime::{Config, Engine, InstanceAllocationStrategy};

use self::bindings::exports::claimwright::logic::logic::Refusal;
pub use self::bounds::{CALL, MEMORY};
use self::bounds::{TICK, Time, pool};
pub use self::custom::{Asked, CustomLogic, file_name};
pub use self::sandbox::Session;
use self::sandbox::{Sandbox, map};

/// The interface through which our component takes its bundle.
const CONFIGURATION: &str = "claimwright:logic/configuration@1.0.0";

/// Returns how components are compiled and run. The compiler and every host must agree on it to the letter.
#[must_use]
pub fn engine_config() -> Config {
    let mut config = Config::new();
    config.wasm_component_model(true).epoch_interruption(true);
    // What only debuggers and backtraces ask: a sixth of a file that is mapped at each start.
    config.generate_address_map(false).native_unwind_info(false).wasm_backtrace_max_frames(None);
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
        Self::with(&engine_config())
    }

    /// Starts the engine of a function: pooled, or where a process may not have so much address space, one whose instances
    /// ask for their own.
    ///
    /// # Errors
    ///
    /// As [`LogicEngine::start`].
    pub fn of_function() -> Result<Self, LoadError> {
        Self::pooled().or_else(|_| Self::start())
    }

    /// Starts an engine for few instances at once: the place of one that is over is cleaned and given to the next, which
    /// takes a third of the time.
    ///
    /// # Errors
    ///
    /// As [`LogicEngine::start`], and where there is too little address space.
    pub fn pooled() -> Result<Self, LoadError> {
        let mut config = engine_config();
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool()));
        Self::with(&config)
    }

    /// Starts an engine that differs from [`engine_config`] in how it compiles.
    ///
    /// # Errors
    ///
    /// As [`LogicEngine::start`].
    pub fn with(config: &Config) -> Result<Self, LoadError> {
        let engine =
            Engine::new(config).map_err(|error| LoadError(format!("the engine does not start: {error}")))?;
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

/// The component that answers, with its bundle.
pub struct Logic {
    sandbox: Sandbox,
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

impl LoadError {
    /// Makes it of one sentence.
    #[must_use]
    pub const fn new(sentence: String) -> Self {
        Self(sentence)
    }
}

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
    /// The answer has not the form that it must have.
    const MALFORMED: Self = Self::Broken("component-malformed-answer");

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
            Self::BundleRefused(why) if why.is_empty() => {
                f.write_str("the component does not take its bundle")
            }
            Self::BundleRefused(why) => write!(f, "the component does not take its bundle: {why}"),
        }
    }
}

impl std::error::Error for LogicError {}

/// Checks that a component implements the world, by making an instance of it.
///
/// # Errors
///
/// Returns [`LoadError`] that names what it lacks, or what it imports that no logic component gets.
pub fn implements(engine: &LogicEngine, component: &Component) -> Result<(), LoadError> {
    Sandbox::new(engine, component).map(drop)
}

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
        Self::new(engine, &map(engine, path)?, bundle)
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
        let sandbox = Sandbox::new(engine, component)?;
        let configuration = Configuration::of(component);
        let mut logic = Self { sandbox, configure: None, bundle: String::new() };
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
        if logic.configure.is_some() {
            drop(logic.session().map_err(failed)?);
        }
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
        let mut session = self.sandbox.open(Time::Each)?;
        if let Some(configure) = self.configure {
            session.configure(configure, &self.bundle)?;
        }
        Ok(session)
    }
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
    // Those that turn the direction of what follows are no controls to Unicode, and worse.
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if short && !text.chars().any(|c| c.is_control() || turns(c)) { text } else { String::new() }
}

/// Keeps a name of the contract and drops a text that cannot be one: it goes into a log, and the component may be anyone's.
fn place(text: String) -> String {
    if is_place(&text) { text } else { "(not a name)".to_owned() }
}

fn is_place(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ':' | '_' | '-' | '[' | ']' | '/');
    text.len() <= 128 && text.chars().all(allowed)
}
