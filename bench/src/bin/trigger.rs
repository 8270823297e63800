//! Measures one invocation of the token trigger: `cargo xtask bench trigger`.
//!
//! Ratios come from rounds in which the contenders take turns, so that a busy machine slows both.

#![expect(clippy::print_stdout, reason = "this is a command for people")]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use claim_core::cognito::{event, guard};
use claim_core::contract::compile;
use claim_core::json::{self, Value};
use claim_core::{Bundle, FactOutcome, FactRecord};
use host_cli::build::baked_here;
use host_cli::dev::{Answer, Function, Start, Store};
use host_lambda::engine::{Logic, LogicEngine};

const ROUNDS: usize = 300;
const CALLS: u32 = 20;
const WARM: usize = 200;
const INVOCATIONS: usize = 2_000;

struct Example {
    bundle: String,
    event: String,
    facts: Vec<FactRecord>,
    seed: Value,
}

impl Example {
    fn read(directory: &Path) -> Self {
        let text = |name: &str| std::fs::read_to_string(directory.join(name)).expect("the example is there");
        let bundle = compile(&text("claims.yaml")).bundle.expect("the example has no mistakes");
        let facts = json::read(&text("facts.json")).expect("the facts are json");
        let records = facts.as_object().expect("the facts are an object").iter();
        Self {
            bundle: bundle.to_text(),
            event: text("event.json"),
            facts: records
                .map(|(name, record)| FactRecord {
                    name: name.clone(),
                    outcome: FactOutcome::Found(record.clone()),
                })
                .collect(),
            seed: json::read(&text("seed.json")).expect("the seed is json"),
        }
    }

    /// Event in, answer out, with the core linked natively and its bundle read once.
    fn native(&self, bundle: &Bundle) -> String {
        let event = event::read(&self.event, 0).expect("an event");
        black_box(claim_core::plan(bundle, &event.request)).expect("a plan");
        let shape = claim_core::shape(bundle, &event.request, &self.facts).expect("a shape");
        guard(&event.request, &shape).expect("a shape that cognito takes");
        event.answer(&shape)
    }

    /// The same through a fresh instance of the component, which reads its bundle.
    fn component(&self, logic: &Logic) -> String {
        let event = event::read(&self.event, 0).expect("an event");
        let mut session = logic.session().expect("an instance");
        black_box(session.plan(&event.request)).expect("a plan");
        let shape = session.shape(&event.request, &self.facts).expect("a shape");
        guard(&event.request, &shape).expect("a shape that cognito takes");
        event.answer(&shape)
    }
}

fn main() {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [component, binary, directory] = arguments.as_slice() else {
        panic!("usage: bench-trigger COMPONENT BINARY EXAMPLE");
    };
    let example = Example::read(directory);
    let code = baked_here(component, &example.bundle).expect("the component compiles");
    let size = |path: &Path| std::fs::metadata(path).map_or(0, |meta| meta.len());

    println!(
        "one invocation of {}, {} bytes of event, {} bytes of bundle\n",
        directory.display(),
        example.event.len(),
        example.bundle.len()
    );
    in_process(&example, &code);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(through_the_binary(&example, &code, binary));
    println!("\nsizes                                    bytes");
    println!("component (WebAssembly)            {:>11}", size(component));
    println!("component (machine code, x86_64)   {:>11}", code.len());
    println!("token-trigger (release, stripped)  {:>11}", size(binary));
}

fn in_process(example: &Example, code: &[u8]) {
    let path = std::env::temp_dir().join(format!("claimwright-bench-{}.cwasm", std::process::id()));
    std::fs::write(&path, code).expect("a temporary file");
    let engine = LogicEngine::start().expect("the engine starts");
    let logic = Logic::load(&engine, &path, None).expect("the component loads");
    std::fs::remove_file(&path).expect("the temporary file is ours");
    let bundle = Bundle::read(&example.bundle).expect("a bundle");
    assert_eq!(example.native(&bundle), example.component(&logic), "both give the same bytes");

    let mut times: [Vec<f64>; 4] = Default::default();
    for _ in 0..ROUNDS {
        let contenders: [&dyn Fn(); 4] = [
            &|| drop(black_box(example.native(&bundle))),
            &|| drop(black_box(example.native(&Bundle::read(&example.bundle).expect("a bundle")))),
            &|| drop(black_box(example.component(&logic))),
            &|| drop(black_box(logic.session())),
        ];
        for (times, contender) in times.iter_mut().zip(contenders) {
            let started = Instant::now();
            (0..CALLS).for_each(|_| contender());
            times.push(started.elapsed().as_secs_f64() * 1e6 / f64::from(CALLS));
        }
    }
    println!("in process, event in, answer out              median µs      p10      p90   × native");
    let base = times[0].clone();
    let names = [
        "native core, bundle read once",
        "native core, bundle read in each call",
        "fresh component instance, contract baked in",
        "  of that: the instance",
    ];
    for (name, times) in names.iter().zip(&times) {
        let ratios: Vec<f64> = times.iter().zip(&base).map(|(time, base)| time / base).collect();
        println!(
            "{name:<46} {:>8.1} {:>8.1} {:>8.1} {:>10.2}",
            quantile(times, 0.5),
            quantile(times, 0.1),
            quantile(times, 0.9),
            quantile(&ratios, 0.5)
        );
    }
}

async fn through_the_binary(example: &Example, code: &[u8], binary: &Path) {
    let bundle = Bundle::read(&example.bundle).expect("a bundle");
    let store =
        Store::start(&bundle, example.seed.as_object().expect("a seed")).await.expect("the engine starts");
    let start =
        Start { binary, logic: code, custom: &[], bundle: None, endpoint: store.endpoint(), settings: &[] };
    let function = Function::start_quiet(&start).await.expect("the function starts");
    let mut times = Vec::new();
    for index in 0..WARM + INVOCATIONS {
        let started = Instant::now();
        let answer = function.invoke(&example.event).await.expect("an answer");
        assert!(matches!(answer, Answer::Response(_)), "the function refuses");
        if index >= WARM {
            times.push(started.elapsed().as_secs_f64() * 1e6);
        }
    }
    println!(
        "\nthrough the real binary, Runtime API and a DynamoDB-compatible engine on loopback ({INVOCATIONS} invocations)"
    );
    println!(
        "round trip                                     {:>8.0} µs median, {:.0} p10, {:.0} p90, {:.0} p99",
        quantile(&times, 0.5),
        quantile(&times, 0.1),
        quantile(&times, 0.9),
        quantile(&times, 0.99)
    );
    let status = function
        .process_id()
        .map(|id| std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default());
    for line in status
        .unwrap_or_default()
        .lines()
        .filter(|line| line.starts_with("VmRSS") || line.starts_with("RssAnon"))
    {
        println!("{line}");
    }
    tokio::time::sleep(Duration::from_millis(10)).await;
    function.stop().await;
    store.stop().await;
}

fn quantile(times: &[f64], at: f64) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index"
    )]
    let index = ((sorted.len() - 1) as f64 * at).round() as usize;
    sorted[index]
}
