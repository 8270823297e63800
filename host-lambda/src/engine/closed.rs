//! WASI, closed: what the runtimes of languages import, with nothing behind it and the same answer each time.
//!
//! The environment is empty, the clocks stand at zero, random bytes are zeros, no directory is open, what is printed is
//! gone. Everything else (files, sockets, requests, ending the process) ends the instance.

use std::fmt;

use wasmtime::component::types::{ComponentInstance, ComponentItem};
use wasmtime::component::{Component, Linker, LinkerInstance, Resource, ResourceType, Val};
use wasmtime::{Engine, Result, StoreContextMut, Trap};

use super::LoadError;
use super::bounds::Bounds;

/// How many random bytes a component gets at once. They are zeros, and no seed needs more.
const MOST_RANDOM: u64 = 4_096;

/// How many bytes a component may print at once. Nobody reads them.
const MOST_PRINTED: u64 = 4_096;

/// What stands for every resource of WASI: nothing.
#[derive(Debug)]
struct Nothing;

/// A component called what no logic component may.
#[derive(Debug)]
pub(super) struct Refused;

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the component called what no logic component may")
    }
}

impl std::error::Error for Refused {}

type Answer = fn(&mut StoreContextMut<'_, Bounds>, &[Val], &mut [Val]) -> Result<()>;

/// Links what a component imports. For one that imports nothing, which ours is, this is an empty linker.
pub(super) fn linker(engine: &Engine, component: &Component) -> Result<Linker<Bounds>, LoadError> {
    let mut linker = Linker::new(engine);
    let component = component.component_type();
    for (name, import) in component.imports(engine) {
        let ComponentItem::ComponentInstance(interface) = import.ty else {
            return Err(asked(name));
        };
        if !name.starts_with("wasi:") {
            return Err(asked(name));
        }
        let mut instance = linker.instance(name).map_err(|error| LoadError(error.to_string()))?;
        close(engine, &mut instance, name, &interface).map_err(|error| LoadError(error.to_string()))?;
    }
    Ok(linker)
}

fn asked(name: &str) -> LoadError {
    LoadError(format!(
        "the component imports `{name}`, and a logic component gets nothing but a closed stand-in for wasi; build it for the \
         world `claims` of `claimwright:logic`"
    ))
}

fn close(
    engine: &Engine,
    instance: &mut LinkerInstance<'_, Bounds>,
    name: &str,
    interface: &ComponentInstance,
) -> Result<()> {
    let name = name.split('@').next().unwrap_or(name);
    for (export, item) in interface.exports(engine) {
        match item.ty {
            ComponentItem::Resource(_) => {
                instance.resource(export, ResourceType::host::<Nothing>(), |_, _| Ok(()))?;
            }
            ComponentItem::ComponentFunc(_) => {
                let answer = answer(name, export);
                instance.func_new(export, move |mut store, _, parameters, results| {
                    // Straight code that calls the host meets no epoch.
                    if store.data().is_over() {
                        return Err(Trap::Interrupt.into());
                    }
                    answer(&mut store, parameters, results)?;
                    parameters.iter().try_for_each(|parameter| give_back(&mut store, parameter))
                })?;
            }
            // Types are in no need of a value.
            _ => {}
        }
    }
    Ok(())
}

fn answer(interface: &str, function: &str) -> Answer {
    match (interface, function) {
        ("wasi:cli/environment", "get-environment" | "get-arguments")
        | ("wasi:filesystem/preopens", "get-directories") => {
            |_, _, results| give(results, Val::List(Vec::new()))
        }
        ("wasi:cli/environment", "initial-cwd" | "get-initial-cwd") => {
            |_, _, results| give(results, Val::Option(None))
        }
        ("wasi:cli/terminal-stdin", "get-terminal-stdin")
        | ("wasi:cli/terminal-stdout", "get-terminal-stdout")
        | ("wasi:cli/terminal-stderr", "get-terminal-stderr") => {
            |_, _, results| give(results, Val::Option(None))
        }
        ("wasi:cli/stdin", "get-stdin")
        | ("wasi:cli/stdout", "get-stdout")
        | ("wasi:cli/stderr", "get-stderr")
        | ("wasi:io/streams", "[method]output-stream.subscribe") => |store, _, results| {
            let nothing = Resource::<Nothing>::new_own(0).try_into_resource_any(store)?;
            give(results, Val::Resource(nothing))
        },
        // The one thing to wait for is that printing goes on, and it always does.
        ("wasi:io/poll", "[method]pollable.block") => |_, _, _| Ok(()),
        ("wasi:io/poll", "[method]pollable.ready") => |_, _, results| give(results, Val::Bool(true)),
        ("wasi:io/poll", "poll") => |_, parameters, results| match parameters {
            [Val::List(waiting)] => {
                give(results, Val::List((0..).zip(waiting).map(|(index, _)| Val::U32(index)).collect()))
            }
            _ => Err(Refused.into()),
        },
        ("wasi:io/streams", "[method]output-stream.check-write") => {
            |_, _, results| give(results, Val::Result(Ok(Some(Box::new(Val::U64(MOST_PRINTED))))))
        }
        (
            "wasi:io/streams",
            "[method]output-stream.write"
            | "[method]output-stream.blocking-write-and-flush"
            | "[method]output-stream.flush"
            | "[method]output-stream.blocking-flush",
        ) => |_, _, results| give(results, Val::Result(Ok(None))),
        ("wasi:clocks/monotonic-clock", "now")
        | ("wasi:random/random", "get-random-u64")
        | ("wasi:random/insecure", "get-insecure-random-u64") => |_, _, results| give(results, Val::U64(0)),
        ("wasi:clocks/monotonic-clock", "resolution" | "get-resolution") => {
            |_, _, results| give(results, Val::U64(1))
        }
        ("wasi:clocks/wall-clock", "now") => |_, _, results| give(results, datetime(0)),
        ("wasi:clocks/wall-clock", "resolution") => |_, _, results| give(results, datetime(1)),
        ("wasi:random/random", "get-random-bytes")
        | ("wasi:random/insecure", "get-insecure-random-bytes") => {
            |_, parameters, results| match parameters {
                [Val::U64(count @ 0..=MOST_RANDOM)] => {
                    let zeros = (0..*count).map(|_| Val::U8(0)).collect();
                    give(results, Val::List(zeros))
                }
                _ => Err(Refused.into()),
            }
        }
        ("wasi:random/insecure-seed", _) => {
            |_, _, results| give(results, Val::Tuple(vec![Val::U64(0), Val::U64(0)]))
        }
        _ => |_, _, _| Err(Refused.into()),
    }
}

/// Ends the loan of the resources that a call was given.
fn give_back(store: &mut StoreContextMut<'_, Bounds>, parameter: &Val) -> Result<()> {
    match parameter {
        Val::Resource(lent) => lent.resource_drop(&mut *store),
        Val::List(elements) => elements.iter().try_for_each(|element| give_back(store, element)),
        _ => Ok(()),
    }
}

fn give(results: &mut [Val], value: Val) -> Result<()> {
    match results {
        [result] => {
            *result = value;
            Ok(())
        }
        _ => Err(Refused.into()),
    }
}

fn datetime(nanoseconds: u32) -> Val {
    Val::Record(vec![("seconds".to_owned(), Val::U64(0)), ("nanoseconds".to_owned(), Val::U32(nanoseconds))])
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use wasmtime::component::Component;

    use super::linker;
    use crate::engine::LogicEngine;
    use crate::engine::bounds::{CALL, Time, broken, store};

    /// A component without the shim that every tool puts between its code and the host: nothing in it meets an epoch.
    fn straight(calls: usize) -> Vec<u8> {
        let body = "i32.const 0 i32.const 50000 call $now drop ".repeat(calls);
        wat::parse_str(format!(
            r#"(component
              (import "wasi:clocks/monotonic-clock@0.2.6" (instance $clock
                (export "now" (func (param "given" (list u32)) (result u64)))))
              (alias export $clock "now" (func $now))
              (core module $shared (memory (export "memory") 4))
              (core instance $shared (instantiate $shared))
              (core func $lowered (canon lower (func $now) (memory (core memory $shared "memory"))))
              (core module $code
                (import "clock" "now" (func $now (param i32 i32) (result i64)))
                (func (export "run") {body}))
              (core instance $code (instantiate $code
                (with "clock" (instance (export "now" (func $lowered))))))
              (func (export "run") (canon lift (core func $code "run"))))"#
        ))
        .unwrap()
    }

    fn run(calls: usize) -> (Result<(), String>, Duration) {
        let engine = LogicEngine::start().unwrap();
        let component = Component::new(engine.engine(), straight(calls)).unwrap();
        let linker = linker(engine.engine(), &component).unwrap();
        let mut store = store(engine.engine(), Time::Each);
        let instance = linker.instantiate(&mut store, &component).unwrap();
        let run = instance.get_typed_func::<(), ()>(&mut store, "run").unwrap();
        Time::Each.begin(&mut store);
        let started = Instant::now();
        let ended = run.call(&mut store, ()).map_err(|error| broken(&error).code().to_owned());
        (ended, started.elapsed())
    }

    #[test]
    fn time_passes_in_the_stand_in_too() {
        assert_eq!(run(3).0, Ok(()));
        let (ended, took) = run(5_000);
        assert_eq!(ended, Err("component-too-slow".to_owned()));
        assert!(took < CALL * 2, "{took:?}");
    }
}
