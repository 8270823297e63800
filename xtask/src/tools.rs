//! What users install by hand: commands of cargo's, each in a place of its own at one version, and Debian's packages.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::steps::{Outcome, artifacts, cargo, read, root, step, target, write, yielding};

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
        // Nobody steps through them.
        install.env("CARGO_PROFILE_DEV_DEBUG", "0");
        step(&format!("{name} is installed"), &mut yielding(&install))?;
    }
    Ok(binary)
}

/// Makes a virtual environment of Python's with what a file of requirements pins by hash, and returns its folder of
/// programs.
pub(crate) fn python(name: &str, requirements: &Path) -> Outcome<PathBuf> {
    let environment = artifacts().join("python").join(name);
    let stamp = environment.join("requirements.txt");
    let wanted = read(requirements)?;
    let programs = environment.join("bin");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(programs);
    }
    let mut make = Command::new("python3");
    make.args(["-m", "venv", "--clear"]).arg(&environment);
    step(&format!("an environment of python's for {name} is made"), &mut make)
        .map_err(|error| format!("{error}; python 3 with its module venv is needed"))?;
    let mut install = Command::new(programs.join("pip"));
    install.args([
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--require-hashes",
        "-r",
    ]);
    step(&format!("what {name} pins is installed"), install.arg(requirements))?;
    write(&stamp, &wanted)?;
    Ok(programs)
}

/// Returns a search path with a folder of programs in front.
pub(crate) fn path_with(programs: &Path) -> Outcome<OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(programs.to_path_buf()).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).map_err(|error| format!("PATH cannot be extended: {error}"))
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
pub(crate) fn chromium() -> Outcome<PathBuf> {
    let chromium = || on_path(&["chromium", "chromium-browser", "google-chrome"]);
    if chromium().is_none() {
        debian(&["chromium", "fonts-noto-core", "fonts-noto-cjk", "fonts-noto-color-emoji"])?;
    }
    chromium().ok_or_else(|| "no chromium is on the path after it was installed".to_owned())
}

/// Installs what shows a process another time, where it is missing.
pub(crate) fn other_times() -> Outcome<()> {
    let library = |place| format!("/usr/lib/{place}/faketime/libfaketimeMT.so.1");
    if ["x86_64-linux-gnu", "aarch64-linux-gnu"].into_iter().any(|place| Path::new(&library(place)).exists())
    {
        return Ok(());
    }
    debian(&["faketime"])
}

/// Installs what counts instructions, where it is missing.
pub(crate) fn valgrind() -> Outcome<PathBuf> {
    if on_path(&["valgrind"]).is_none() {
        debian(&["valgrind"])?;
    }
    on_path(&["valgrind"]).ok_or_else(|| "no valgrind is on the path after it was installed".to_owned())
}

/// Installs what runs programs of the other processor that Lambda has, where it is missing.
pub(crate) fn foreign_programs() -> Outcome<()> {
    let library = Path::new("/usr/aarch64-linux-gnu/lib/libc.so.6");
    if cfg!(target_arch = "aarch64") || (on_path(&["qemu-aarch64"]).is_some() && library.exists()) {
        return Ok(());
    }
    debian(&["qemu-user", "libc6-arm64-cross", "libgcc-s1-arm64-cross"])
}

/// Finds a program that nothing here can install.
pub(crate) fn found(program: &str) -> Outcome<PathBuf> {
    on_path(&[program])
        .ok_or_else(|| format!("`{program}` is not on the path; install it as its makers say, 1.11 or newer"))
}

fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places =
        std::env::split_paths(&path).flat_map(|folder| names.iter().map(move |name| folder.join(name)));
    places.into_iter().find(|place| place.is_file())
}

/// Makes a file a program.
pub(crate) fn may_run(path: &Path) -> Outcome<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))
        .map_err(|error| format!("`{}` is not made a program: {error}", path.display()))
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
