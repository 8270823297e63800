//! Measures the logic alone: `cargo xtask bench core`. Native, in an instance that is used again, in a fresh one; how fresh
//! ones are made; and how the price grows.
//!
//! `bench-core COMPONENT FOLDER` takes our component and where the figures go.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use bench::{Contender, Example, deployed, in_turns, load};
use claim_core::authorize::{AccessRequest, authorize};
use claim_core::cognito::Token;
use claim_core::contract::compile;
use claim_core::{Bundle, FactOutcome, FactRecord, TokenRequest, json};
use figures::{Figures, Group};
use host_cli::build::Baker;
use host_lambda::engine::{Logic, LogicEngine, Session, engine_config};
use wasmtime::{Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig};

const ROUNDS: usize = 300;
const CALLS: u32 = 20;

/// What a sign-in asks of the logic.
struct SignIn {
    bundle: Bundle,
    request: TokenRequest,
    facts: Vec<FactRecord>,
}

impl SignIn {
    fn new(example: &Example) -> Self {
        Self { bundle: example.contract(), request: example.request(), facts: example.facts.clone() }
    }

    fn native(&self) {
        black_box(claim_core::plan(&self.bundle, &self.request)).expect("a plan");
        black_box(claim_core::shape(&self.bundle, &self.request, &self.facts)).expect("a shape");
    }

    fn component(&self, logic: &Logic) {
        self.ask(&mut logic.session().expect("an instance"));
    }

    fn ask(&self, session: &mut Session<'_>) {
        black_box(session.plan(&self.request)).expect("a plan");
        black_box(session.shape(&self.request, &self.facts)).expect("a shape");
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1).map(PathBuf::from);
    let (Some(component), Some(folder)) = (arguments.next(), arguments.next()) else {
        panic!("usage: bench-core COMPONENT FOLDER");
    };
    let engine = LogicEngine::pooled().expect("the engine starts");
    let profile = Example::read("profile");
    let mut groups = vec![
        sign_ins(&SignIn::new(&profile), &deployed(&engine, &component, &profile.bundle)),
        decisions(&component, &engine),
        strategies(&SignIn::new(&profile), &component, &profile.bundle),
    ];
    groups.extend(growth(&component, &engine));
    Figures { bench: "core".to_owned(), groups }.publish(&folder);
}

fn sign_ins(one: &SignIn, logic: &Logic) -> Group {
    let mut session = logic.session().expect("an instance");
    let contenders = vec![
        Contender::new("native core", || one.native()),
        Contender::new("component, one instance used again", || one.ask(&mut session)),
        Contender::ours("component, a fresh instance", || one.component(logic)),
        Contender::new("a fresh instance that is asked nothing", || drop(black_box(logic.session()))),
    ];
    Group::new("plan and shape of one sign-in", "µs", in_turns(ROUNDS, CALLS, contenders))
}

fn decisions(component: &Path, engine: &LogicEngine) -> Group {
    let api = Example::read("api");
    let (logic, bundle) = (deployed(engine, component, &api.bundle), api.contract());
    let request = call();
    let mut session = logic.session().expect("an instance");
    let contenders = vec![
        Contender::new("native core", || drop(black_box(authorize(&bundle, &request)))),
        Contender::new("component, one instance used again", || {
            black_box(session.authorize(&request)).expect("a decision");
        }),
        Contender::ours("component, a fresh instance", || {
            let mut session = logic.session().expect("an instance");
            black_box(session.authorize(&request)).expect("a decision");
        }),
    ];
    Group::new("decision of one call", "µs", in_turns(ROUNDS, CALLS, contenders))
}

/// A call that the contract allows.
fn call() -> AccessRequest {
    let Ok(json::Value::Object(claims)) = json::read(include_str!("../../caller.json")) else {
        panic!("the claims are no object");
    };
    AccessRequest {
        claims,
        token: Token::Access,
        method: "GET".to_owned(),
        path: "/orders/7".to_owned(),
        now: 1_790_000_000,
    }
}

/// How a fresh instance is made: each way is an engine of its own, and a file, whose form depends on some of them.
fn strategies(one: &SignIn, component: &Path, bundle: &str) -> Group {
    let wasm = std::fs::read(component).expect("our component");
    let baked = Baker::new(&wasm).and_then(|baker| baker.bake(bundle)).expect("it takes its bundle");
    let pool = |keep: usize, scan: Enabled| {
        let mut pool = PoolingAllocationConfig::new();
        pool.total_component_instances(4).total_core_instances(8).total_memories(4).total_tables(8);
        pool.max_memory_size(64 << 20).linear_memory_keep_resident(keep).table_keep_resident(keep);
        pool.pagemap_scan(scan);
        let mut config = engine_config();
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
        config
    };
    let on_demand = |cow: bool| {
        let mut config = engine_config();
        config.allocation_strategy(InstanceAllocationStrategy::OnDemand).memory_init_cow(cow);
        config
    };
    let mut ways: Vec<(String, Config)> = vec![
        ("on demand, copy on write".to_owned(), on_demand(true)),
        ("on demand, copied".to_owned(), on_demand(false)),
    ];
    for keep in [0, 64, 256, 1024, 2048] {
        for (scan, named) in [(Enabled::No, ""), (Enabled::Yes, ", page-map scan")] {
            if keep > 0 || named.is_empty() {
                ways.push((format!("pool, {keep} KiB kept{named}"), pool(keep << 10, scan)));
            }
        }
    }
    let loaded: Vec<(String, Logic)> = ways
        .into_iter()
        .filter_map(|(name, config)| {
            // A kernel without the page-map scan has no such engine.
            let engine = LogicEngine::with(&config).ok()?;
            let code = engine.engine().precompile_component(&baked).expect("it compiles");
            Some((name, load(&engine, &code)))
        })
        .collect();
    let contenders = std::iter::once(Contender::new("native core", || one.native()))
        .chain(loaded.iter().map(|(name, logic)| Contender::new(name.as_str(), || one.component(logic))));
    Group::new("how the fresh instance is made", "µs", in_turns(ROUNDS, CALLS, contenders.collect()))
}

/// A contract of so many claims in both tokens, and a sign-in with so many groups.
fn grown(claims: usize, groups: usize) -> (String, SignIn) {
    let mut contract = "version: 1\nfacts:\n  p: { table: t, key: { id: user.sub }, onMissing: empty, onError: refuse }\nclaims:\n".to_owned();
    let mut record = String::new();
    for i in 0..claims {
        writeln!(
            contract,
            "  claim_{i}: {{ from: /facts/p/f{i}, tokens: [id, access], type: string, maxLength: 64 }}"
        )
        .expect("text");
        write!(record, "{}\"f{i}\":\"value {i}\"", if i == 0 { "" } else { "," }).expect("text");
    }
    let bundle = compile(&contract).bundle.expect("a contract without mistakes");
    let groups: Vec<String> = (0..groups).map(|i| format!("\"group-{i:03}\"")).collect();
    let event = format!(
        r#"{{"version":"2","triggerSource":"TokenGeneration_Authentication","region":"eu-west-1","userPoolId":"eu-west-1_Ab12Cd34E","userName":"kim","callerContext":{{"clientId":"c"}},"request":{{"userAttributes":{{"sub":"u-1","email":"kim@example.org"}},"groupConfiguration":{{"groupsToOverride":[{}]}},"scopes":["openid"]}},"response":null}}"#,
        groups.join(",")
    );
    let request = claim_core::cognito::event::read(&event, 1_790_000_000).expect("an event").request;
    let outcome = FactOutcome::Found(json::read(&format!("{{{record}}}")).expect("json"));
    let facts = vec![FactRecord { name: "p".to_owned(), outcome }];
    (bundle.to_text(), SignIn { bundle, request, facts })
}

fn growth(component: &Path, engine: &LogicEngine) -> [Group; 2] {
    let of = |title: &str, sizes: &[(String, usize, usize)]| {
        let grown: Vec<(&str, SignIn, Logic)> = sizes
            .iter()
            .map(|(name, claims, groups)| {
                let (bundle, one) = grown(*claims, *groups);
                (name.as_str(), one, deployed(engine, component, &bundle))
            })
            .collect();
        let contenders =
            grown.iter().map(|(name, one, logic)| Contender::ours(*name, || one.component(logic))).collect();
        Group::new(title, "µs", in_turns(ROUNDS, CALLS / 4, contenders))
    };
    let claims = [1, 10, 50, 100, 200].map(|claims| (format!("{claims} claims in both tokens"), claims, 1));
    let groups = [0, 10, 50, 100].map(|groups| (format!("{groups} groups in the event"), 10, groups));
    [of("growth with claims", &claims), of("growth with the event", &groups)]
}
