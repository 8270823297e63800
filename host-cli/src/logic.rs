//! The logic components that a contract names: read from beside it, checked against their pins, compiled, asked.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use claim_core::Bundle;
use claim_core::contract::{Compiled, Diagnostic, LogicComponent, Severity, digest};
use claim_core::{FactRecord, TokenRequest};
use host_lambda::engine::{CustomLogic, LoadError, LogicEngine, file_name};
use wasmtime::component::Component;

use crate::arguments::Target;
use crate::{Failure, build, render};

/// How large a component may be. One with an interpreter of Python in it has 20 MB.
const MAX_COMPONENT: u64 = 128 * 1024 * 1024;

/// The components of a contract, as they were read.
#[derive(Debug, Default)]
pub struct ContractLogic(Vec<Named>);

#[derive(Debug)]
struct Named {
    name: String,
    path: PathBuf,
    sha256: String,
    wasm: Vec<u8>,
}

impl ContractLogic {
    /// Reads what a contract names, from the contract's folder.
    ///
    /// # Errors
    ///
    /// Returns a sentence if a component is not there, or is another one than the contract pins.
    pub fn read(contract: &Path, bundle: &Bundle, compiled: &Compiled) -> Result<Self, Failure> {
        let named = bundle.logic.iter().map(|(name, pinned)| {
            let path = beside(contract, compiled, name);
            let wasm = read(name, pinned, &path).map_err(|unfit| match unfit {
                Unfit::Unread(message) => format!("`{}`: {message}; {BUILD}", contract.display()),
                Unfit::Unpinned(message) => format!("`{}`: {message}; {LOOK}", contract.display()),
            })?;
            Ok(Named { name: name.clone(), path, sha256: pinned.sha256.clone(), wasm })
        });
        named.collect::<Result<_, _>>().map(Self)
    }

    /// Compiles the components for a processor: the name of each file, and what is in it.
    ///
    /// # Errors
    ///
    /// Returns a sentence if one is no component, or does not implement the world.
    pub(crate) fn machine_code(&self, target: Target) -> Result<Vec<(String, Vec<u8>)>, Failure> {
        self.0.iter().map(|named| Ok((file_name(&named.sha256), compiled(named, target)?))).collect()
    }

    /// Compiles the components for this machine, but those that were compiled before.
    pub(crate) fn compiled_here(&self, kept: &Kept) -> Result<Vec<(String, Vec<u8>)>, Failure> {
        let mut kept = kept.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of = |named: &Named| {
            let code = match kept.entry(named.sha256.clone()) {
                Entry::Occupied(before) => before.get().clone(),
                Entry::Vacant(place) => place.insert(compiled(named, Target::here())?).clone(),
            };
            Ok((file_name(&named.sha256), code))
        };
        self.0.iter().map(of).collect()
    }

    /// Makes the components ready to be asked on this machine.
    ///
    /// # Errors
    ///
    /// As [`ContractLogic::read`].
    pub fn ready(&self, bundle: &Bundle) -> Result<CustomLogic, Failure> {
        if self.0.is_empty() {
            return Ok(CustomLogic::default());
        }
        let engine = LogicEngine::start().map_err(|error| error.to_string())?;
        let compile = |name: &str, _: &str| {
            let named = self.0.iter().find(|named| named.name == name);
            let wasm = named.map_or(&[][..], |named| &named.wasm);
            render::progress(&format!("compiling the logic `{name}` …"));
            Component::new(engine.engine(), wasm)
                .map_err(|error| LoadError::new(error.root_cause().to_string()))
        };
        CustomLogic::named(&bundle.to_text(), compile, &engine).map_err(|error| error.to_string())
    }
}

/// Components that are compiled already, by their digests: a contract is saved more often than a component is built.
#[derive(Debug, Default)]
pub(crate) struct Kept(Mutex<BTreeMap<String, Vec<u8>>>);

fn compiled(named: &Named, target: Target) -> Result<Vec<u8>, Failure> {
    build::fitting(&named.wasm, &named.path, target)
}

/// Asks the components, and says nothing of how it went: whoever previews sees the claim's fault.
pub(crate) fn ask(custom: &CustomLogic, request: &TokenRequest, facts: &[FactRecord]) -> Vec<FactRecord> {
    let (said, asked) = custom.ask(request, facts);
    for failed in asked.iter().filter_map(|asked| Some((&asked.name, asked.failure.as_ref()?))) {
        render::warn(&format!("the logic `{}` gave no answer ({}): {}", failed.0, failed.1.code(), failed.1));
    }
    said
}

/// Looks at the file of each component that a contract names. One that is not there may be built later.
pub(crate) fn check(contract: &Path, text: &str, bundle: &Bundle, compiled: &Compiled) -> Vec<Diagnostic> {
    let checked = compiled.logic_files.iter().filter_map(|(name, file)| {
        let (pinned, path) = (bundle.logic.get(name)?, beside(contract, compiled, name));
        let found = |severity, code, span, message, help: &str| Diagnostic {
            help: Some(help.to_owned()),
            ..Diagnostic::new(text, severity, code, span, message)
        };
        if !path.exists() {
            let message = format!("the logic `{name}` is not in `{}`", path.display());
            return Some(found(Severity::Warning, "absent-logic", &file.span, message, BUILD));
        }
        match read(name, pinned, &path).err()? {
            Unfit::Unread(message) => {
                Some(found(Severity::Error, "unreadable-logic", &file.span, message, BUILD))
            }
            Unfit::Unpinned(message) => Some(found(Severity::Error, "wrong-pin", &file.pin, message, LOOK)),
        }
    });
    checked.collect()
}

fn beside(contract: &Path, compiled: &Compiled, name: &str) -> PathBuf {
    let file = compiled.logic_files.get(name).map_or("", |file| &file.path);
    contract.parent().unwrap_or(Path::new(".")).join(file)
}

/// Why a component cannot be run.
enum Unfit {
    /// Nobody knows what is in its file.
    Unread(String),
    /// The file has something else than the contract pins.
    Unpinned(String),
}

/// What to do where a component is not there, or is none.
const BUILD: &str = "build it, or correct its `file`";

/// What to do where a component is another one than the contract pins.
const LOOK: &str = "look at what changed in it, then pin that";

/// Reads one component, and compares it with its pin.
fn read(name: &str, pinned: &LogicComponent, path: &Path) -> Result<Vec<u8>, Unfit> {
    let wasm = contents(path).map_err(|why| {
        Unfit::Unread(format!("the logic `{name}` is in `{}`, which {why}", path.display()))
    })?;
    let (found, pinned) = (digest(&wasm), &pinned.sha256);
    if found == *pinned {
        return Ok(wasm);
    }
    let path = path.display();
    Err(Unfit::Unpinned(format!("the logic `{name}` is pinned to {pinned} and `{path}` has {found}")))
}

fn contents(path: &Path) -> Result<Vec<u8>, String> {
    // What is no file, a pipe for one, may have no end.
    if !path.is_file() {
        return Err("is no file".to_owned());
    }
    let read = || {
        let file = std::fs::File::open(path)?;
        let mut bytes = Vec::new();
        file.take(MAX_COMPONENT.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok::<_, std::io::Error>(bytes)
    };
    let bytes = read().map_err(|error| format!("cannot be read: {error}"))?;
    if u64::try_from(bytes.len()).is_ok_and(|count| count <= MAX_COMPONENT) {
        Ok(bytes)
    } else {
        Err(format!("has more than {MAX_COMPONENT} bytes and is no logic component"))
    }
}
