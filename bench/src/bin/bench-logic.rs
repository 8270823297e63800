//! What a claim from a logic component costs, in each language, beside our own component.
//!
//! `bench-logic LOGIC FOLDER` takes our component and the folder with `rust.wasm`, `javascript.wasm` and `python.wasm`.

#![expect(clippy::print_stdout, reason = "this is a command for people")]

use std::path::{Path, PathBuf};
use std::time::Instant;

use bench::load;
use claim_core::contract::{compile, digest};
use claim_core::json::Value;
use claim_core::{Bundle, FactOutcome, FactRecord, TokenRequest};
use corpus::repository;
use host_cli::build::{Baker, compiled_here};
use host_lambda::engine::{CustomLogic, LogicEngine};
use wasmtime::component::{Component, InstancePre, Linker};
use wasmtime::{Engine, Store};

const ROUNDS: usize = 1_000;

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn bundle(wasm: &[u8]) -> Bundle {
    let path = repository().join("examples/logic/claims.yaml");
    let contract =
        std::fs::read_to_string(path).expect("the example is there").replace(&"0".repeat(64), &digest(wasm));
    compile(&contract).bundle.expect("the example has no mistakes")
}

/// One component, ready to be asked.
struct Contender {
    name: &'static str,
    custom: CustomLogic,
    /// The bytes of its machine code.
    code: usize,
    times: Vec<f64>,
}

fn contender(name: &'static str, folder: &Path, engine: &LogicEngine) -> Contender {
    let wasm = std::fs::read(folder.join(format!("{name}.wasm"))).expect("`cargo xtask build` makes it");
    let component = Component::new(engine.engine(), &wasm).expect("a component");
    let code = compiled_here(&wasm).expect("it compiles").len();
    let text = bundle(&wasm).to_text();
    let custom = CustomLogic::named(&text, |_, _| Ok(component.clone()), engine).expect("it fits the world");
    Contender { name, custom, code, times: Vec::new() }
}

fn facts() -> Vec<FactRecord> {
    let record = |name: &str, text: &str| FactRecord {
        name: name.to_owned(),
        outcome: FactOutcome::Found(claim_core::json::read(text).expect("json")),
    };
    vec![
        record("account", r#"{"id":"kim","created":1690000000,"chargebacks":1,"note":"x"}"#),
        record("signins", r#"{"id":"kim","failures":4,"countries":["DE","FR","US"]}"#),
    ]
}

/// What one store for both would save: composed, two components are one instance that holds both.
struct Composition {
    engine: Engine,
    both: [InstancePre<()>; 2],
}

impl Composition {
    fn new(engine: &LogicEngine, components: [&Component; 2]) -> Self {
        let linker = Linker::new(engine.engine());
        let both = components.map(|component| linker.instantiate_pre(component).expect("it imports nothing"));
        Self { engine: engine.engine().clone(), both }
    }

    fn store(&self) -> Store<()> {
        let mut store = Store::new(&self.engine, ());
        // The engine interrupts what runs for too many ticks; nothing runs here.
        store.set_epoch_deadline(1_000_000);
        store
    }

    /// Makes both instances, and returns the microseconds it took: each in a store of its own, or in one.
    fn microseconds(&self, apart: bool) -> f64 {
        let started = Instant::now();
        let mut store = self.store();
        for (index, instance) in self.both.iter().enumerate() {
            if index > 0 && apart {
                store = self.store();
            }
            instance.instantiate(&mut store).expect("an instance");
        }
        drop(store);
        started.elapsed().as_secs_f64() * 1e6
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1).map(PathBuf::from);
    let (Some(logic), Some(folder)) = (arguments.next(), arguments.next()) else {
        panic!("bench-logic takes our component and the folder of the others");
    };
    let engine = LogicEngine::pooled().expect("the engine starts");
    let event = r#"{"version":"2","triggerSource":"TokenGeneration_Authentication","region":"eu-west-1","userPoolId":"eu-west-1_Ab12Cd34E","userName":"kim","callerContext":{"clientId":"c"},"request":{"userAttributes":{"sub":"u-1","email":"kim@example.org"},"groupConfiguration":{"groupsToOverride":["staff"]},"scopes":["openid"]},"response":null}"#;
    let request: TokenRequest =
        claim_core::cognito::event::read(event, 1_700_000_000).expect("an event").request;
    let facts = facts();
    let mut contenders = ["rust", "javascript", "python"].map(|name| contender(name, &folder, &engine));

    // Ours, with the contract in its memory, as it is deployed.
    let wasm = std::fs::read(logic).expect("our component");
    let rust = std::fs::read(folder.join("rust.wasm")).expect("`cargo xtask build` makes it");
    let baked =
        Baker::new(&wasm).and_then(|baker| baker.bake(&bundle(&rust).to_text())).expect("it is baked");
    let ours = load(&engine, &compiled_here(&baked).expect("it compiles"));
    let plain = Component::new(engine.engine(), &baked).expect("a component");
    let other = Component::new(engine.engine(), &rust).expect("a component");
    let composition = Composition::new(&engine, [&plain, &other]);
    let (mut alone, mut apart, mut together) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        apart.push(composition.microseconds(true));
        together.push(composition.microseconds(false));
        let mut said = Vec::new();
        for contender in &mut contenders {
            let started = Instant::now();
            let (records, asked) = contender.custom.ask(&request, &facts);
            contender.times.push(started.elapsed().as_secs_f64() * 1e6);
            assert!(asked.iter().all(|asked| asked.failure.is_none()), "{}: {asked:?}", contender.name);
            said = records;
        }
        let all: Vec<FactRecord> = facts.iter().cloned().chain(said).collect();
        let started = Instant::now();
        let mut session = ours.session().expect("an instance");
        let lookups = session.plan(&request).expect("a plan");
        let shape = session.shape(&request, &all).expect("a shape");
        alone.push(started.elapsed().as_secs_f64() * 1e6);
        assert_eq!((lookups.len(), shape.id.add.get("risk_tier")), (2, Some(&Value::from("medium"))));
    }
    println!("{ROUNDS} rounds in turns, medians; a fresh instance each time");
    println!("  our component, plan and shape      {:>8.1} µs", median(&mut alone));
    for contender in &mut contenders {
        let code = contender.code;
        println!(
            "  the claim's component in {:<10} {:>8.1} µs   {code:>10} bytes of machine code",
            contender.name,
            median(&mut contender.times)
        );
    }
    println!(
        "  instances of ours and of Rust's, in two stores as the host makes them   {:>8.1} µs",
        median(&mut apart)
    );
    println!(
        "  the same in one store, as a composed component would be                 {:>8.1} µs",
        median(&mut together)
    );
}
