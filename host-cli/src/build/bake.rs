//! A component with its contract baked in: configured once, here, and its memory kept.
//!
//! A function then starts every instance where this one stopped, and reads no bundle.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use host_lambda::engine::Configuration;
use wasmparser::{Parser, Payload};
use wasmtime::component::{Component, Instance, Lift, Linker, WasmList};
use wasmtime::{Config, Engine, OptLevel, Store};
use wasmtime_wizer::{ComponentContext, ComponentInstanceState, Wizer};

use crate::Failure;

/// How the name of the interface begins through which a component takes its bundle, in any version that a host finds.
const CONFIGURATION: &str = "claimwright:logic/configuration@1.";

/// Whether a component has the interface through which ours takes its bundle. One of another make has none.
pub(super) fn takes_bundle(wasm: &[u8]) -> bool {
    let mut depth = 0u32;
    // Exports of the components inside are not asked of the host. What is no component is refused by whoever compiles it.
    Parser::new(0).parse_all(wasm).map_while(Result::ok).any(|part| match part {
        Payload::Version { .. } => {
            depth = depth.saturating_add(1);
            false
        }
        Payload::End(_) => {
            depth = depth.saturating_sub(1);
            false
        }
        Payload::ComponentExportSection(exports) if depth == 1 => exports
            .into_iter()
            .map_while(Result::ok)
            .any(|export| export.name.name.starts_with(CONFIGURATION)),
        _ => false,
    })
}

/// A component that is about to have contracts baked in: what is the same for each of them is made once.
pub struct Baker<'w> {
    engine: Engine,
    wizer: Wizer,
    context: ComponentContext<'w>,
    component: Component,
    configuration: Configuration,
}

impl std::fmt::Debug for Baker<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Baker").finish_non_exhaustive()
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it maps errors")]
fn broken(error: wasmtime::Error) -> Failure {
    format!("the contract cannot be baked in: {}", error.root_cause())
}

impl<'w> Baker<'w> {
    /// Prepares a component that takes a bundle.
    ///
    /// # Errors
    ///
    /// Returns a sentence if this is no component, or has half of the interface.
    pub fn new(wasm: &'w [u8]) -> Result<Self, Failure> {
        let mut config = Config::new();
        // It runs once: compiling it well would take longer than it does.
        config.wasm_component_model(true).cranelift_opt_level(OptLevel::None);
        let engine = Engine::new(&config).map_err(broken)?;
        let wizer = Wizer::new();
        let (context, instrumented) = wizer.instrument_component(wasm).map_err(broken)?;
        let component = Component::new(&engine, &instrumented).map_err(broken)?;
        let configuration = Configuration::of(&component)
            .ok_or("the component has half of the interface through which it takes a contract")?;
        Ok(Self { engine, wizer, context, component, configuration })
    }

    /// Returns the component with a bundle in its memory.
    ///
    /// # Errors
    ///
    /// Returns a sentence if the component breaks or refuses the bundle.
    pub fn bake(&self, bundle: &str) -> Result<Vec<u8>, Failure> {
        let mut store = Store::new(&self.engine, ());
        let instance = Linker::new(&self.engine).instantiate(&mut store, &self.component).map_err(broken)?;
        let configure = instance
            .get_typed_func::<(&str,), (Result<(), String>,)>(&mut store, self.configuration.configure)
            .map_err(broken)?;
        let (taken,) = configure.call(&mut store, (bundle,)).map_err(broken)?;
        taken.map_err(|why| format!("the component does not take the contract: {why}"))?;
        let mut state = State { store, instance };
        let snapshot = pin!(self.wizer.snapshot_component(&self.context, &mut state));
        match snapshot.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(baked) => baked.map_err(broken),
            // Every answer of the component is there when it is asked for.
            Poll::Pending => {
                Err("the contract cannot be baked in: the component does not answer at once".to_owned())
            }
        }
    }
}

/// The component that is read, through what wizer added to it.
struct State {
    store: Store<()>,
    instance: Instance,
}

impl State {
    #[expect(
        clippy::expect_used,
        reason = "the interface has no way to fail; these exports were made a moment ago"
    )]
    fn ask<T: Lift + 'static>(&mut self, interface: &str, function: &str) -> T {
        let (_, interface) =
            self.instance.get_export(&mut self.store, None, interface).expect("wizer's interface");
        let (_, function) =
            self.instance.get_export(&mut self.store, Some(&interface), function).expect("wizer's function");
        let function =
            self.instance.get_typed_func::<(), (T,)>(&mut self.store, function).expect("wizer's type");
        let (answer,) = function.call(&mut self.store, ()).expect("an accessor of wizer's");
        answer
    }
}

impl ComponentInstanceState for State {
    async fn call_func_ret_list_u8(
        &mut self,
        instance: &str,
        func: &str,
        contents: impl FnOnce(&[u8]) + Send,
    ) {
        let list: WasmList<u8> = self.ask(instance, func);
        contents(list.as_le_slice(&self.store));
    }

    async fn call_func_ret_s32(&mut self, instance: &str, func: &str) -> i32 {
        self.ask(instance, func)
    }

    async fn call_func_ret_s64(&mut self, instance: &str, func: &str) -> i64 {
        self.ask(instance, func)
    }

    async fn call_func_ret_f32(&mut self, instance: &str, func: &str) -> u32 {
        self.ask::<f32>(instance, func).to_bits()
    }

    async fn call_func_ret_f64(&mut self, instance: &str, func: &str) -> u64 {
        self.ask::<f64>(instance, func).to_bits()
    }
}
