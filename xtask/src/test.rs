//! `cargo xtask test`: every check, cheapest first. CI runs this and nothing else.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::thread::ScopedJoinHandle;

use crate::steps::{
    Outcome, artifacts, cargo, complain, placeless, program, root, say, step, target, toolchain, write,
};
use crate::{browser, component, demo, deploy, instructions, logic, pack, package, supply, tools};

/// The version that the component is also built with, as users do.
const CARGO_COMPONENT: &str = "0.21.1";

/// Sets up what is needed and runs every check and test.
pub(crate) fn run() -> Outcome<()> {
    step(
        "the linters are installed",
        Command::new("rustup").args(["component", "add", "clippy", "rustfmt"]).current_dir(root()),
    )?;
    step("the code is formatted", &mut cargo(&["fmt", "--all", "--check"]))?;
    tools::openssl_headers()?;
    toolchain()?;
    let failed = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // What is needed late is fetched and compiled in the time that is left while compilers, browsers and clocks are
        // waited for.
        let python = scope.spawn(deploy::python);
        let awaited = || !failed.load(Ordering::Relaxed);
        let (compiled, functions) = std::sync::mpsc::channel();
        let behind = scope.spawn(move || {
            package::functions_to_try(awaited)?;
            // Nobody listens any more where what is in front has failed, and then nothing is installed either.
            compiled.send(()).unwrap_or_default();
            installed(awaited)
        });
        let front = in_front(python, &functions);
        if let Err(why) = &front {
            failed.store(true, Ordering::Relaxed);
            complain(&format!("{why}; what is compiled behind it ends first"));
        }
        front.and(joined(behind))
    })?;
    instructions::run(instructions::Counts::Compared)?;
    cargo_component()?;
    supply::deny()?;
    supply::sbom()?;
    say("all checks hold");
    Ok(())
}

/// Checks and tests, and waits for the functions when they are all that is missing.
fn in_front(python: ScopedJoinHandle<'_, Outcome<()>>, functions: &Receiver<()>) -> Outcome<()> {
    component::build()?;
    component::hostile()?;
    logic::build()?;
    linted()?;
    browser::build()?;
    // Independent readers of what the command writes; each version is in the lock.
    for folder in ["tests/node", "tests/runtimes"] {
        let mut packages = Command::new("npm");
        packages.args(["ci", "--no-fund", "--no-audit", "--ignore-scripts"]).current_dir(root().join(folder));
        step(&format!("the packages of {folder} are installed"), &mut packages)?;
    }
    let chromium = tools::chromium()?;
    tools::other_times()?;
    joined(python)?;
    tested(chromium)?;
    deploy::terraform()?;
    deploy::constructs()?;
    // Where they are not compiled, what compiles them says why.
    if functions.recv().is_ok() {
        package::sample_to_try()?;
        deploy::smoke()?;
        deploy::template()?;
        deploy::end_to_end()?;
    }
    Ok(())
}

/// Asks clippy and rustdoc about every crate, and compiles those of this machine.
fn linted() -> Outcome<()> {
    step("no warnings, no broken links, and the binaries are compiled", &mut spotless("build"))?;
    let component = ["--package", "claim-component", "--target", "wasm32-wasip1"];
    let page = ["--package", "host-browser-decode", "--target", "wasm32-unknown-unknown"];
    let glued = ["--features", "glue"];
    for (what, package, features) in
        [("component", component, &[][..]), ("browser", page, &[]), ("browser", page, &glued)]
    {
        let mut lint = cargo(&["clippy"]);
        lint.args(package).args(features).args(["--", "-D", "warnings"]);
        step(&format!("no warnings, {what}"), &mut lint)?;
    }
    // Built together, a part has the features that another asks for; deployed, it has its own.
    for features in ["", "rules", "digest"] {
        let mut check = cargo(&["check", "--package", "claim-core", "--no-default-features", "--features"]);
        step(&format!("the core builds with the features `{features}`"), check.arg(features))?;
    }
    Ok(())
}

/// Runs every test of Rust's, and those of the npm package.
fn tested(chromium: PathBuf) -> Outcome<()> {
    // No program has tests in it.
    let mut tests = spotless("test");
    tests.args(["--lib", "--test", "*"]).env("CHROMIUM", chromium);
    step("no warnings in tests, and every test holds", &mut tests)?;
    step("every example in a comment holds", spotless("test").arg("--doc"))?;
    in_browsers(&pack::pack()?)
}

/// Compiles what is needed at the end, as long as somebody waits for it.
fn installed(awaited: impl Fn() -> bool) -> Outcome<()> {
    let parts: [fn() -> Outcome<()>; 3] = [
        || package::counted().map(drop),
        supply::tools,
        || tools::install("cargo-component", CARGO_COMPONENT).map(drop),
    ];
    parts.into_iter().filter(|_| awaited()).try_for_each(|part| part())
}

fn joined<T>(work: ScopedJoinHandle<'_, Outcome<T>>) -> Outcome<T> {
    work.join().map_err(|_| "what ran beside broke off".to_owned())?
}

/// Installs the tarball in every kind of frontend, and opens pages in Chromium.
fn in_browsers(tarball: &Path) -> Outcome<()> {
    // Compiled before, with everything else.
    let mut tokens = Command::new(program("tokens"));
    let file = artifacts().join("tokens.json");
    let signed = tokens.output().map_err(|error| format!("the tokens are not signed: {error}"))?;
    write(&file, &signed.stdout)?;
    let mut tests = tools::with_browser("node", tarball)?;
    tests.env("TOKENS", file);
    let dev = Dev::start()?;
    tests.env("DEV", &dev.address);
    // One file after the other: each starts browsers and builds of its own.
    tests.args(["--test", "--test-concurrency=1", "--test-reporter=spec"]);
    step("the npm package works where it is installed", &mut tests)
}

/// A running `claims dev --serve`, which ends with this value.
struct Dev {
    child: Child,
    address: String,
}

impl Dev {
    fn start() -> Outcome<Self> {
        let mut serving = demo::serving(&artifacts().join("logic.wasm"));
        let failed = |error: std::io::Error| format!("`claims dev --serve` does not start: {error}");
        let mut child = serving.stdout(Stdio::piped()).spawn().map_err(failed)?;
        let printed = child.stdout.take().ok_or("`claims dev --serve` has no output")?;
        let mut lines = BufReader::new(printed).lines().map_while(Result::ok);
        let address = lines.find_map(|line| Some(line.strip_prefix("listening  ")?.to_owned()));
        // Read on, or it waits for somebody who does.
        std::thread::spawn(move || lines.for_each(drop));
        let dev = Self { child, address: address.unwrap_or_default() };
        if dev.address.is_empty() {
            Err("`claims dev --serve` does not say where it listens".to_owned())
        } else {
            Ok(dev)
        }
    }
}

impl Drop for Dev {
    fn drop(&mut self) {
        // Told and not killed, so that it ends its functions. One that has ended by itself has failed a test already.
        drop(Command::new("kill").arg(self.child.id().to_string()).status());
        drop(self.child.wait());
    }
}

/// Cargo on everything that is not the component, always with the same features, so that nothing is built twice.
pub(crate) fn workspace(command: &str) -> Command {
    cargo(&[
        command,
        "--workspace",
        "--exclude",
        "claim-component",
        "--exclude",
        "hostile-logic",
        "--features",
        "conformance/jsonwebtokens-cognito",
    ])
}

/// The same, where what is ours is compiled if clippy and rustdoc have nothing to say of it.
fn spotless(command: &str) -> Command {
    let mut cargo = workspace(command);
    cargo.env("RUSTC_WORKSPACE_WRAPPER", root().join("xtask/linting"));
    cargo
}

/// Builds the component as users do, with a tool that is installed beside the build.
fn cargo_component() -> Outcome<()> {
    let binary = tools::install("cargo-component", CARGO_COMPONENT)?;
    let path = tools::path_with(binary.parent().unwrap_or(&binary))?;
    let mut build = cargo(&["component", "build", "--release"]);
    // Its own work is the component: the module is there.
    placeless(&mut build).env("PATH", path);
    step("`cargo component build --release` works from the root", &mut build)?;
    // Of the whole workspace, so that nothing is compiled again with other features.
    for (program, tests) in [("runtimes", "component::"), ("hosts", "architecture::")] {
        let mut check = spotless("test");
        check.args(["--test", program, "--", tests]);
        check.env("CLAIMWRIGHT_LOGIC_WASM", target().join("wasm32-wasip1/release/claim_component.wasm"));
        step(&format!("what it built holds in `{tests}`"), &mut check)?;
    }
    Ok(())
}
