//! `cargo xtask test`: every check, cheapest first. CI runs this and nothing else.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::ScopedJoinHandle;

use crate::steps::{Outcome, artifacts, cargo, program, root, say, step, target, write};
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
    // Needed late, and fetched while the compiler works.
    let python = std::thread::spawn(deploy::python);
    component::build()?;
    component::hostile()?;
    logic::build()?;
    tools::openssl_headers()?;
    step("no warnings, native", workspace("clippy").args(["--all-targets", "--", "-D", "warnings"]))?;
    let wasi =
        ["clippy", "--package", "claim-component", "--target", "wasm32-wasip1", "--", "-D", "warnings"];
    step("no warnings, component", &mut cargo(&wasi))?;
    let page = ["clippy", "--package", "host-browser-decode", "--target", "wasm32-unknown-unknown"];
    for features in [&[][..], &["--features", "glue"]] {
        let mut lint = cargo(&page);
        step("no warnings, browser", lint.args(features).args(["--", "-D", "warnings"]))?;
    }
    // Built together, a part has the features that another asks for; deployed, it has its own.
    for features in ["", "rules", "digest"] {
        let mut check = cargo(&["check", "--package", "claim-core", "--no-default-features", "--features"]);
        step(&format!("the core builds with the features `{features}`"), check.arg(features))?;
    }
    browser::build()?;
    // Independent readers of what the command writes; each version is in the lock.
    for folder in ["tests/node", "tests/runtimes"] {
        let mut packages = Command::new("npm");
        packages.args(["ci", "--no-fund", "--no-audit", "--ignore-scripts"]).current_dir(root().join(folder));
        step(&format!("the packages of {folder} are installed"), &mut packages)?;
    }
    let chromium = tools::chromium()?;
    tools::other_times()?;
    step("the two binaries are compiled", &mut workspace("build"))?;
    python.join().map_err(|_| "fetching python's packages broke off".to_owned())??;
    // What only waits for the compiler, beside what waits for browsers, clocks and Terraform.
    std::thread::scope(|scope| {
        let packaged = scope.spawn(package::sample_to_try);
        tested(chromium)?;
        deploy::terraform()?;
        deploy::constructs()?;
        joined(packaged)?;
        let installed = scope.spawn(installed);
        deploy::smoke()?;
        deploy::template()?;
        deploy::end_to_end()?;
        joined(installed)
    })?;
    instructions::run(instructions::Counts::Compared)?;
    cargo_component()?;
    supply::deny()?;
    supply::sbom()?;
    say("all checks hold");
    Ok(())
}

/// Runs every test of Rust's, and those of the npm package.
fn tested(chromium: PathBuf) -> Outcome<()> {
    step("every test holds", workspace("test").env("CHROMIUM", chromium))?;
    let mut docs = workspace("doc");
    docs.args(["--no-deps", "--document-private-items"]);
    step("documented without broken links", docs.env("RUSTDOCFLAGS", "-D warnings"))?;
    in_browsers(&pack::pack()?)
}

/// Compiles what is needed at the end.
fn installed() -> Outcome<()> {
    package::counted()?;
    supply::tools()?;
    tools::install("cargo-component", CARGO_COMPONENT).map(drop)
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

/// Builds the component as users do, with a tool that is installed beside the build.
fn cargo_component() -> Outcome<()> {
    let binary = tools::install("cargo-component", CARGO_COMPONENT)?;
    let path = tools::path_with(binary.parent().unwrap_or(&binary))?;
    let mut build = cargo(&["component", "build", "--release"]);
    step("`cargo component build --release` works from the root", build.env("PATH", path))?;
    // Of the whole workspace, so that nothing is compiled again with other features.
    for (program, tests) in [("runtimes", "component::"), ("hosts", "architecture::")] {
        let mut check = workspace("test");
        check.args(["--test", program, "--", tests]);
        check.env("CLAIMWRIGHT_LOGIC_WASM", target().join("wasm32-wasip1/release/claim_component.wasm"));
        step(&format!("what it built holds in `{tests}`"), &mut check)?;
    }
    Ok(())
}
