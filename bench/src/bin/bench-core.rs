//! Measures the logic alone: `cargo xtask bench core`. Native, in an instance that is used again, in a fresh one; how fresh
//! ones are made; and how the price grows.
//!
//! `bench-core COMPONENT FOLDER` takes our component and where the figures go.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use bench::{Contender, Example, Figures, Group, in_turns, sign_in};
use claim_core::authorize::{AccessRequest, authorize};
use claim_core::contract::compile;
use claim_core::{Bundle, FactOutcome, FactRecord, TokenRequest, json};
use conformance::scratch;
use host_cli::build::{Baker, baked_here};
use host_lambda::engine::{Logic, LogicEngine, engine_config};
use wasmtime::{Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig};

const ROUNDS: usize = 300;
const CALLS: u32 = 20;

/// A contract's component as it is deployed, and how to load it.
struct Compiled(PathBuf);

impl Compiled {
    fn new(component: &Path, name: &str, bundle: &str) -> Self {
        let path = scratch("bench-core").join(format!("{name}.cwasm"));
        let code = baked_here(component, bundle).expect("the component compiles");
        std::fs::write(&path, code).expect("a temporary file");
        Self(path)
    }

    fn load(&self, engine: &LogicEngine) -> Logic {
        Logic::load(engine, &self.0, None).expect("the component loads")
    }
}

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
        let mut session = logic.session().expect("an instance");
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
    let profile = sign_in();
    let compiled = Compiled::new(&component, "profile", &profile.bundle);
    let mut groups = vec![
        sign_ins(&SignIn::new(&profile), &compiled.load(&engine)),
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
        Contender::new("component, one instance used again", || {
            black_box(session.plan(&one.request)).expect("a plan");
            black_box(session.shape(&one.request, &one.facts)).expect("a shape");
        }),
        Contender::ours("component, a fresh instance", || one.component(logic)),
        Contender::new("a fresh instance that is asked nothing", || drop(black_box(logic.session()))),
    ];
    Group::new("plan and shape of one sign-in", "µs", in_turns(ROUNDS, CALLS, contenders))
}

fn decisions(component: &Path, engine: &LogicEngine) -> Group {
    let api = Example::read("api");
    let compiled = Compiled::new(component, "api", &api.bundle);
    let (logic, bundle) = (compiled.load(engine), api.contract());
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

fn call() -> AccessRequest {
    bench::decision(
        r#"{"sub":"5f1f8e9c-1111-4111-8111-111111111111","cognito:groups":["staff"],"iss":"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E","client_id":"c1","origin_jti":"6a1e0f5c-0000-4000-8000-000000000001","event_id":"e","token_use":"access","scope":"openid profile","auth_time":1700000000,"exp":1900000000,"iat":1700000000,"jti":"j","username":"kim","acme:tenant":"t-9","permissions":["read:own","write:all"]}"#,
        1_790_000_000,
    )
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
            let path = scratch("bench-core").join("way.cwasm");
            std::fs::write(&path, code).expect("a temporary file");
            let logic = Logic::load(&engine, &path, None).expect("the component loads");
            std::fs::remove_file(path).expect("the temporary file is ours");
            Some((name, logic))
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
                let logic = Compiled::new(component, &name.replace(' ', "-"), &bundle).load(engine);
                (name.as_str(), one, logic)
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
