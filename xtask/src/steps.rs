//! Steps: commands that are announced, run, and explained when they fail.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this is a command for people")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// What a step gives, or one sentence on why it does not.
pub(crate) type Outcome<T> = Result<T, String>;

/// Returns the root of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.clone(), PathBuf::from)
}

/// Returns cargo's target directory.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Returns a program of the workspace, as `cargo build` makes it.
pub(crate) fn program(name: &str) -> PathBuf {
    target().join("debug").join(name)
}

/// Returns the directory for what the project's commands make.
pub(crate) fn artifacts() -> PathBuf {
    target().join("claimwright")
}

pub(crate) fn say(text: &str) {
    println!("{text}");
}

pub(crate) fn complain(text: &str) {
    eprintln!("xtask: {text}");
}

/// Returns a command of cargo's, in the root of the workspace.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    command
}

/// Lets a build for another target say nothing of this machine: source files stand in what is made, by their paths.
pub(crate) fn placeless(build: &mut Command) -> &mut Command {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo"))).unwrap_or_default();
    let flags = [(home, "cargo"), (root(), "claimwright")]
        .map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()));
    build.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
}

/// Returns a command that takes only the time that others leave, so that tests that measure time may run beside it.
pub(crate) fn yielding(command: &Command) -> Command {
    let mut nice = Command::new("nice");
    nice.args(["-n", "19"]).arg(command.get_program()).args(command.get_args());
    nice.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    nice.current_dir(command.get_current_dir().unwrap_or(&root()));
    nice
}

/// Says how long a step took. Two may run at once, so it says which.
fn took(promise: &str, started: Instant) {
    println!("   {:.1} s for: {promise}", started.elapsed().as_secs_f64());
}

/// Runs a step to its end.
pub(crate) fn step(promise: &str, command: &mut Command) -> Outcome<()> {
    println!("── {promise}");
    let started = Instant::now();
    let status = command
        .status()
        .map_err(|error| format!("`{}` does not start: {error}", command.get_program().to_string_lossy()))?;
    if !status.success() {
        return Err(format!("{promise}: failed ({status})"));
    }
    took(promise, started);
    Ok(())
}

/// Runs a step to its end and returns what it printed, which people see only if it fails.
pub(crate) fn output(promise: &str, command: &mut Command) -> Outcome<String> {
    println!("── {promise}");
    let started = Instant::now();
    let output = command
        .output()
        .map_err(|error| format!("`{}` does not start: {error}", command.get_program().to_string_lossy()))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        return Err(format!(
            "{promise}: failed ({})\n{text}{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        ));
    }
    took(promise, started);
    Ok(text)
}

/// Adds the targets that are compiled to, and the tools that check them, where they are missing.
pub(crate) fn toolchain() -> Outcome<()> {
    // Named in rust-toolchain.toml too; rustup installs them from there only where it may do so by itself.
    let mut targets = Command::new("rustup");
    targets
        .args(["target", "add", "wasm32-unknown-unknown", "wasm32-wasip1", "wasm32-wasip2"])
        .current_dir(root());
    step("the targets of rust-toolchain.toml are installed", &mut targets)
}

/// Reads a file.
pub(crate) fn read(path: &Path) -> Outcome<Vec<u8>> {
    std::fs::read(path).map_err(|error| format!("`{}` cannot be read: {error}", path.display()))
}

/// Writes a file and the directories above it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Outcome<()> {
    let write = || {
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        // Whoever reads it meanwhile has what was there before, whole.
        let draft = path.with_added_extension("draft");
        std::fs::write(&draft, bytes)?;
        std::fs::rename(draft, path)
    };
    write().map_err(|error| format!("`{}` cannot be written: {error}", path.display()))
}
