//! `claims build`: the bundle, and the component with the bundle baked in, as machine code.

mod bake;

use std::path::Path;

use host_lambda::engine::engine_config;
use wasmtime::Engine;

use crate::arguments::{BuildArguments, Target};
use crate::{Failure, input, render};

pub(crate) fn run(arguments: &BuildArguments) -> Result<(), Failure> {
    let bundle = input::contract(&arguments.contract)?;
    let text = bundle.to_text();
    write(&arguments.out.join("bundle.json"), text.as_bytes())?;
    render::say(&format!(
        "{}: {} bytes, sha256 {}",
        arguments.out.join("bundle.json").display(),
        text.len(),
        bundle.digest()
    ));
    if let Some(logic) = &arguments.logic {
        let compiled = baked(logic, &text, arguments.target)?;
        let path = arguments.out.join("logic.cwasm");
        write(&path, &compiled)?;
        render::say(&format!(
            "{}: {} bytes, for {}",
            path.display(),
            compiled.len(),
            arguments.target.triple()
        ));
    }
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let write = || {
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(path, bytes)
    };
    write().map_err(|error| format!("`{}` cannot be written: {error}", path.display()))
}

/// Compiles a component for this machine's kind of processor, with nothing that only this processor has.
///
/// # Errors
///
/// Returns a sentence if the file cannot be read or is not a component.
pub fn machine_code_here(logic: &Path) -> Result<Vec<u8>, Failure> {
    machine_code(&component(logic)?, logic, Target::here())
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
    let baked = bake::bake(&wasm, bundle)?;
    machine_code(baked.as_deref().unwrap_or(&wasm), logic, target)
}

fn component(logic: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(logic).map_err(|error| {
        format!("the component `{}` cannot be read ({error}); build it with `cargo component build --release` or `cargo xtask build`", logic.display())
    })
}

fn machine_code(wasm: &[u8], logic: &Path, target: Target) -> Result<Vec<u8>, Failure> {
    let mut config = engine_config();
    // Naming the target also keeps the features of this machine's processor out: the function's may have fewer.
    config
        .target(target.triple())
        .map_err(|error| format!("this command cannot compile for {}: {error}", target.triple()))?;
    let engine = Engine::new(&config).map_err(|error| format!("the compiler does not start: {error}"))?;
    render::progress(&format!("compiling `{}` for {} …", logic.display(), target.triple()));
    engine.precompile_component(wasm).map_err(|error| {
        format!("`{}` is not a component that this version compiles: {}", logic.display(), error.root_cause())
    })
}
