//! `claims build`: the bundle, and the component with the bundle baked in, as machine code.

mod bake;

use std::path::Path;

use claim_core::contract::LogicComponent;
use host_lambda::engine::{LogicEngine, engine_config, implements};
use wasmtime::component::Component;
use wasmtime::{Config, Engine, OptLevel};

pub use self::bake::Baker;
use crate::arguments::{BuildArguments, Target};
use crate::logic::ContractLogic;
use crate::output::write;
use crate::{Failure, input, render};

/// The component with the contract baked in.
const LOGIC: &str = "logic.cwasm";

pub(crate) fn run(arguments: &BuildArguments) -> Result<(), Failure> {
    let (bundle, compiled) = input::compiled(&arguments.contract)?;
    let custom = ContractLogic::read(&arguments.contract, &bundle, &compiled)?;
    let text = bundle.to_text();
    write(&arguments.out.join("bundle.json"), text.as_bytes())?;
    render::say(&format!(
        "{}: {} bytes, sha256 {}",
        arguments.out.join("bundle.json").display(),
        text.len(),
        bundle.digest()
    ));
    let mut files = Vec::new();
    if let Some(logic) = &arguments.logic {
        files.push((LOGIC.to_owned(), baked(logic, &text, arguments.target)?));
        files.extend(custom.machine_code(arguments.target)?);
    } else {
        render::say(
            "only the bundle is written; `--logic logic.wasm` makes the machine code beside it that a function needs",
        );
    }
    remove_others(&arguments.out, &files)?;
    for (name, code) in files {
        let path = arguments.out.join(name);
        write(&path, &code)?;
        let (path, size) = (path.display(), code.len());
        render::say(&format!("{path}: {size} bytes, for {}", arguments.target.triple()));
    }
    Ok(())
}

/// Removes what was made of an earlier contract: the folder is deployed as it is.
fn remove_others(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), Failure> {
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_ours = name == LOGIC
            || name
                .strip_suffix(".cwasm")
                .is_some_and(|stem| LogicComponent { sha256: stem.to_owned() }.is_pinned());
        if is_ours && !files.iter().any(|(file, _)| *file == *name) {
            std::fs::remove_file(&path).map_err(|error| {
                format!("`{}` is of an earlier build and cannot be removed: {error}", path.display())
            })?;
        }
    }
    Ok(())
}

/// Compiles a component for this machine's kind of processor, with nothing that only this processor has.
///
/// # Errors
///
/// Returns a sentence if the file cannot be read or is not a component.
pub fn machine_code_here(logic: &Path) -> Result<Vec<u8>, Failure> {
    machine_code(&component(logic)?, logic, Target::here())
}

/// Compiles a component that was made in memory for this machine.
///
/// # Errors
///
/// Returns a sentence if it is no component.
pub fn compiled_here(wasm: &[u8]) -> Result<Vec<u8>, Failure> {
    machine_code(wasm, Path::new("the component"), Target::here())
}

/// Compiles a component for this machine with a contract baked in, as it is deployed.
///
/// # Errors
///
/// Returns a sentence if the file cannot be read, is not a component, or does not take the bundle.
pub fn baked_here(logic: &Path, bundle: &str) -> Result<Vec<u8>, Failure> {
    baked(logic, bundle, Target::here())
}

fn baked(logic: &Path, bundle: &str, target: Target) -> Result<Vec<u8>, Failure> {
    let wasm = component(logic)?;
    if bake::takes_bundle(&wasm) {
        return machine_code(&Baker::new(&wasm)?.bake(bundle)?, logic, target);
    }
    fitting(&wasm, logic, target)
}

/// Compiles a component of any make, if it implements the world: an instance of it must say so.
pub(crate) fn fitting(wasm: &[u8], logic: &Path, target: Target) -> Result<Vec<u8>, Failure> {
    let refused = |why: &str| format!("`{}`: {why}", logic.display());
    // What is compiled for this machine is tried as it is; for another one, a copy that is compiled quickly.
    let mut config = configured(Target::here())?;
    if target != Target::here() {
        config.cranelift_opt_level(OptLevel::None);
    }
    let engine = LogicEngine::with(&config).map_err(|error| error.to_string())?;
    render::progress(&format!("compiling `{}` for {} …", logic.display(), target.triple()));
    let component = Component::new(engine.engine(), wasm).map_err(|error| refused(&not_compiled(&error)))?;
    implements(&engine, &component).map_err(|error| refused(&error.to_string()))?;
    if target == Target::here() {
        return component.serialize().map_err(|error| refused(&not_compiled(&error)));
    }
    machine_code(wasm, logic, target)
}

fn not_compiled(error: &wasmtime::Error) -> String {
    format!("not a component that this version compiles: {}", error.root_cause())
}

fn component(logic: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(logic).map_err(|error| {
        format!("the component `{}` cannot be read ({error}); build it with `cargo component build --release` or `cargo xtask build`", logic.display())
    })
}

fn machine_code(wasm: &[u8], logic: &Path, target: Target) -> Result<Vec<u8>, Failure> {
    let engine =
        Engine::new(&configured(target)?).map_err(|error| format!("the compiler does not start: {error}"))?;
    render::progress(&format!("compiling `{}` for {} …", logic.display(), target.triple()));
    let compiled = engine.precompile_component(wasm);
    compiled.map_err(|error| format!("`{}`: {}", logic.display(), not_compiled(&error)))
}

/// How components are compiled for a function.
fn configured(target: Target) -> Result<Config, Failure> {
    let mut config = engine_config();
    // Naming the target also keeps the features of this machine's processor out: the function's may have fewer.
    config
        .target(target.triple())
        .map_err(|error| format!("this command cannot compile for {}: {error}", target.triple()))?;
    Ok(config)
}
