//! What users install by hand: commands of cargo's, each in a place of its own at one version, and Debian's packages.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::steps::{Outcome, artifacts, cargo, root, step, target};

/// Installs a command, if it is not there at this version, and returns its path.
pub(crate) fn install(name: &str, version: &str) -> Outcome<PathBuf> {
    let tools = artifacts().join("tools");
    let binary = tools.join("bin").join(name);
    let shown =
        Command::new(&binary).arg("--version").output().map(|output| output.stdout).unwrap_or_default();
    if !String::from_utf8_lossy(&shown).contains(version) {
        let mut install = cargo(&["install", name, "--version", version, "--locked", "--debug", "--root"]);
        // A directory of its own: its dependencies are other versions than ours.
        install.arg(&tools).env("CARGO_TARGET_DIR", target().join("tools"));
        step(&format!("{name} is installed"), &mut install)?;
    }
    Ok(binary)
}

/// Installs the headers that the crate `openssl-sys` is compiled with, where they are missing.
pub(crate) fn openssl_headers() -> Outcome<()> {
    let there = Command::new("pkg-config").args(["--exists", "openssl"]).status();
    if there.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    debian(&["libssl-dev", "pkg-config"])
}

/// Returns a command in `tests/browser`, with what is installed there, that finds the tarball and Chromium.
pub(crate) fn with_browser(command: &str, tarball: &Path) -> Outcome<Command> {
    let chromium = chromium()?;
    let directory = root().join("tests/browser");
    let mut packages = Command::new("npm");
    packages.args(["ci", "--no-fund", "--no-audit", "--ignore-scripts"]).current_dir(&directory);
    step("the packages of tests/browser are installed", &mut packages)?;
    let mut command = Command::new(command);
    command.current_dir(directory).env("PACKAGE", tarball).env("CHROMIUM", chromium);
    Ok(command)
}

/// Finds Chromium, or installs it with fonts for what claims may say.
fn chromium() -> Outcome<PathBuf> {
    let found = || {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let names = ["chromium", "chromium-browser", "google-chrome"];
        let places = std::env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name)));
        places.into_iter().find(|place| place.is_file())
    };
    if found().is_none() {
        debian(&["chromium", "fonts-noto-core", "fonts-noto-cjk", "fonts-noto-color-emoji"])?;
    }
    found().ok_or_else(|| "no chromium is on the path after it was installed".to_owned())
}

/// Installs packages of Debian's.
fn debian(packages: &[&str]) -> Outcome<()> {
    let mut update = Command::new("apt-get");
    step("the list of debian's packages is fresh", update.args(["update", "-qq"]))
        .map_err(|error| by_hand(packages, &error))?;
    let mut install = Command::new("apt-get");
    install.args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages);
    install.env("DEBIAN_FRONTEND", "noninteractive");
    step(&format!("{} is installed", packages.join(", ")), &mut install)
        .map_err(|error| by_hand(packages, &error))
}

fn by_hand(packages: &[&str], error: &str) -> String {
    format!("{error}; install {} by hand, as this system names them", packages.join(" and "))
}
