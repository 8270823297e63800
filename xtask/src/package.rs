//! The zips that are deployed: one for each function and architecture, the same bytes from the same source.

mod archive;
mod binary;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::steps::{
    Outcome, artifacts, cargo, placeless, program, read, root, say, step, target, write, yielding,
};
use crate::{component, tools};

/// What Lambda calls `bootstrap`.
pub(crate) const FUNCTIONS: [&str; 2] = ["token-trigger", "authorizer"];

/// What is in each zip; in the trigger's, the logic components too that the contract names.
const MEMBERS: [&str; 2] = ["bootstrap", "logic.cwasm"];

/// The C library of Amazon Linux 2023, which `provided.al2023` is: what is linked against a newer one does not start.
const GLIBC: u32 = 34;

/// A kind of processor that Lambda has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Architecture {
    X86_64,
    Arm64,
}

impl Architecture {
    pub(crate) const ALL: [Self; 2] = [Self::X86_64, Self::Arm64];

    /// That of this machine.
    pub(crate) const HERE: Self = if cfg!(target_arch = "aarch64") { Self::Arm64 } else { Self::X86_64 };

    /// As Lambda calls it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        }
    }

    /// As compilers call its processor.
    const fn processor(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "aarch64",
        }
    }

    fn triple(self) -> String {
        format!("{}-unknown-linux-gnu", self.processor())
    }
}

/// How functions are compiled: profiles of Cargo.toml.
#[derive(Clone, Copy)]
enum Profile {
    /// As they are deployed.
    Function,
    /// So that they start, in a fraction of the time.
    Foreign,
}

impl Profile {
    const fn name(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Foreign => "foreign",
        }
    }
}

/// What is packaged.
struct Wanted {
    contract: PathBuf,
    architectures: Vec<Architecture>,
    /// How the functions are compiled for a processor that this machine does not have.
    foreign: Profile,
    /// Where the zips go.
    out: PathBuf,
}

impl Wanted {
    fn read(arguments: &[&str]) -> Outcome<Self> {
        let mut wanted = Self { out: artifacts().join("package"), ..Self::sample() };
        let mut contract = None;
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match *argument {
                "--arch" => {
                    let name = arguments.next().copied().unwrap_or_default();
                    let known = Architecture::ALL.into_iter().find(|known| known.name() == name);
                    let known = known.ok_or_else(|| {
                        format!("`--arch` is `{name}` and takes `x86_64` or `arm64`; leave it out for both")
                    })?;
                    wanted.architectures = vec![known];
                }
                other if other.starts_with('-') => {
                    return Err(format!(
                        "`cargo xtask package` takes a contract and `--arch x86_64|arm64`, and not `{other}`"
                    ));
                }
                path => {
                    if contract.replace(PathBuf::from(path)).is_some() {
                        return Err(format!(
                            "`cargo xtask package` takes one contract, and `{path}` is a second one; package it by itself"
                        ));
                    }
                }
            }
        }
        wanted.contract = contract.unwrap_or(wanted.contract);
        Ok(wanted)
    }

    fn sample() -> Self {
        Self {
            contract: root().join("examples/orders/claims.yaml"),
            architectures: Architecture::ALL.to_vec(),
            foreign: Profile::Function,
            out: samples(),
        }
    }

    /// As they are deployed for this machine, and for the other processor so that they start.
    fn sample_to_try() -> Self {
        Self { foreign: Profile::Foreign, ..Self::sample() }
    }

    fn profile(&self, architecture: Architecture) -> Profile {
        if architecture == Architecture::HERE { Profile::Function } else { self.foreign }
    }
}

/// Where the zips of the sample lie, which are tested and measured: beside those that somebody may be about to deploy.
pub(crate) fn samples() -> PathBuf {
    artifacts().join("package-sample")
}

/// The name of a function's zip.
fn file_name(function: &str, architecture: Architecture) -> String {
    format!("{function}-{}.zip", architecture.name())
}

/// Unpacks the sample's zip of a function and returns the folder.
pub(crate) fn unpack(function: &str, architecture: Architecture) -> Outcome<PathBuf> {
    let zip = read(&samples().join(file_name(function, architecture)))?;
    let folder = artifacts().join("unpacked").join(format!("{function}-{}", architecture.name()));
    for name in MEMBERS {
        write(&folder.join(name), &member(&zip, name)?)?;
    }
    tools::may_run(&folder.join(MEMBERS[0]))?;
    Ok(folder)
}

/// Reads one member of a zip.
pub(crate) fn member(zip: &[u8], name: &str) -> Outcome<Vec<u8>> {
    archive::member(zip, name)
        .map_err(|error| format!("the zip has no member `{name}` that can be read: {error}"))
}

/// Makes the zips that somebody asks for, and their manifest.
pub(crate) fn run(arguments: &[&str]) -> Outcome<()> {
    let wanted = Wanted::read(arguments)?;
    command_line()?;
    // Before minutes are spent, and before the zips that are there are gone.
    let mut check = std::process::Command::new(program("claims"));
    step("the contract has no mistakes", check.arg("check").arg(&wanted.contract))?;
    make(&wanted)
}

/// Compiles the command line, which bakes contracts in. It needs none of the doctor's clients of AWS's.
pub(crate) fn command_line() -> Outcome<()> {
    let build = ["build", "--package", "host-cli", "--bin", "claims", "--no-default-features"];
    step("the command line is compiled", &mut cargo(&build))
}

/// Makes the sample's zips, with the command line that is there.
pub(crate) fn sample() -> Outcome<()> {
    make(&Wanted::sample())
}

/// Makes the sample's zips to be tried.
pub(crate) fn sample_to_try() -> Outcome<()> {
    make(&Wanted::sample_to_try())
}

/// Compiles the functions in those zips, which takes minutes and needs nothing else, as long as somebody waits for them.
pub(crate) fn functions_to_try(awaited: impl Fn() -> bool) -> Outcome<()> {
    let (wanted, python) = (Wanted::sample_to_try(), zig()?);
    for architecture in wanted.architectures.iter().copied().filter(|_| awaited()) {
        compile("host-lambda", architecture, wanted.profile(architecture), &python)?;
    }
    Ok(())
}

/// Makes the sample's zips for this machine.
pub(crate) fn sample_here() -> Outcome<()> {
    command_line()?;
    make(&Wanted { architectures: vec![Architecture::HERE], ..Wanted::sample() })
}

fn make(wanted: &Wanted) -> Outcome<()> {
    // What is there is whole and of one contract, or not there.
    if wanted.out.exists() {
        std::fs::remove_dir_all(&wanted.out).map_err(|error| format!("the old zips stay: {error}"))?;
    }
    let logic = component::build()?;
    let python = zig()?;
    let mut zips = Vec::new();
    let mut contract = Value::Null;
    for architecture in wanted.architectures.iter().copied() {
        let profile = wanted.profile(architecture);
        compile("host-lambda", architecture, profile, &python)?;
        let built = artifacts().join("build").join(architecture.name());
        let mut bake = std::process::Command::new(program("claims"));
        bake.arg("build").arg(&wanted.contract).arg("--logic").arg(&logic).arg("--out").arg(&built);
        bake.args(["--target", architecture.processor()]);
        step(&format!("the contract is baked in for {}", architecture.name()), &mut bake)?;
        contract = json!(digest(&read(&built.join("bundle.json"))?));
        for function in FUNCTIONS {
            let bootstrap = compiled(architecture, profile).join(function);
            zips.push(zip(function, architecture, &bootstrap, &built, &wanted.out)?);
        }
    }
    let manifest = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "runtime": "provided.al2023",
        "contract": { "sha256": contract },
        "zips": zips,
    });
    let text = serde_json::to_string_pretty(&manifest).map_err(|error| error.to_string())?;
    write(&wanted.out.join("manifest.json"), format!("{text}\n").as_bytes())?;
    say(&format!("packaged {} into {}", wanted.contract.display(), wanted.out.display()));
    Ok(())
}

/// Compiles a function that does nothing, to compare with, as the others are compiled, and returns its path.
pub(crate) fn minimal() -> Outcome<PathBuf> {
    let python = zig()?;
    compile("minimal-function", Architecture::HERE, Profile::Function, &python)?;
    Ok(here("minimal-function"))
}

/// Compiles what repeats a call, as functions are compiled.
pub(crate) fn counted() -> Outcome<PathBuf> {
    compile("counted", Architecture::HERE, Profile::Function, &zig()?)?;
    Ok(here("counted"))
}

/// Where the binaries of functions are.
fn compiled(architecture: Architecture, profile: Profile) -> PathBuf {
    target().join(architecture.triple()).join(profile.name())
}

/// Where a binary for this machine is, as functions are compiled.
fn here(binary: &str) -> PathBuf {
    compiled(Architecture::HERE, Profile::Function).join(binary)
}

/// Bakes the contract of an example into the component that was built last.
pub(crate) fn contract_for(example: &str) -> Outcome<PathBuf> {
    let folder = artifacts().join("bench").join(example);
    let mut bake = std::process::Command::new(program("claims"));
    bake.arg("build").arg(root().join("examples").join(example).join("claims.yaml"));
    bake.arg("--logic").arg(artifacts().join("logic.wasm")).arg("--out").arg(&folder);
    step(&format!("the contract of examples/{example} is baked in"), &mut bake)?;
    Ok(folder)
}

/// Puts a function that is already compiled beside an example's contract.
pub(crate) fn built_for(function: &str, example: &str) -> Outcome<PathBuf> {
    let folder = contract_for(example)?;
    let own = folder.with_file_name(format!("{example}-{function}"));
    std::fs::create_dir_all(&own).map_err(|error| format!("`{}`: {error}", own.display()))?;
    let built = here(function);
    for (from, name) in [
        (built, "bootstrap"),
        (folder.join("bundle.json"), "bundle.json"),
        (folder.join("logic.cwasm"), "logic.cwasm"),
    ] {
        std::fs::copy(&from, own.join(name)).map_err(|error| format!("`{}`: {error}", from.display()))?;
    }
    Ok(own)
}

/// Compiles the trigger with the core linked natively, to compare with, as the others are compiled.
pub(crate) fn native(example: &str) -> Outcome<PathBuf> {
    compile("native-trigger", Architecture::HERE, Profile::Function, &zig()?)?;
    built_for("native-trigger", example)
}

/// Installs what compiles C and links for the C library of Lambda.
pub(crate) fn zig() -> Outcome<PathBuf> {
    tools::python("package", &root().join("xtask/package.txt"))
}

/// Compiles a package's functions, with C and linking by zig, which knows every version of the C library.
fn compile(package: &str, architecture: Architecture, profile: Profile, python: &Path) -> Outcome<()> {
    let triple = architecture.triple();
    let mut add = std::process::Command::new("rustup");
    step(
        &format!("the target {triple} is installed"),
        add.args(["target", "add", &triple]).current_dir(root()),
    )?;
    let mut build = std::process::Command::new(python.join("cargo-zigbuild"));
    build.args(["zigbuild", "--profile", profile.name(), "--locked", "--package", package, "--bins"]);
    build.arg("--target").arg(format!("{triple}.2.{GLIBC}")).current_dir(root());
    build.env("PATH", tools::path_with(python)?);
    placeless(&mut build);
    step(&format!("{package} is compiled for {} (some minutes)", architecture.name()), &mut yielding(&build))
}

/// Makes one zip and says what is in it.
fn zip(
    function: &str,
    architecture: Architecture,
    bootstrap: &Path,
    built: &Path,
    out: &Path,
) -> Outcome<Value> {
    let bootstrap = read(bootstrap)?;
    binary::check(&bootstrap, GLIBC)
        .map_err(|why| format!("`{function}` for {}: {why}", architecture.name()))?;
    let logic = read(&built.join(MEMBERS[1]))?;
    // Only tokens have claims.
    let custom = if function == "token-trigger" { custom(built)? } else { Vec::new() };
    let mut members = vec![
        (MEMBERS[0], bootstrap.as_slice(), archive::Mode::Program),
        (MEMBERS[1], &logic, archive::Mode::File),
    ];
    members.extend(custom.iter().map(|(name, code)| (name.as_str(), code.as_slice(), archive::Mode::File)));
    let bytes =
        archive::write(&members).map_err(|error| format!("the zip of `{function}` is not made: {error}"))?;
    let file = file_name(function, architecture);
    write(&out.join(&file), &bytes)?;
    say(&format!("   {file}: {} bytes", bytes.len()));
    let member = |(name, bytes, _): &(&str, &[u8], archive::Mode)| {
        ((*name).to_owned(), json!({ "bytes": bytes.len(), "sha256": digest(bytes) }))
    };
    Ok(json!({
        "file": file,
        "function": function,
        "architecture": architecture.name(),
        "bytes": bytes.len(),
        "sha256": digest(&bytes),
        "members": members.iter().map(member).collect::<serde_json::Map<_, _>>(),
    }))
}

/// The logic components that the contract names, compiled: the name of each file, and what is in it.
fn custom(built: &Path) -> Outcome<Vec<(String, Vec<u8>)>> {
    let unread = |error: std::io::Error| format!("`{}` cannot be read: {error}", built.display());
    let mut custom = Vec::new();
    for entry in std::fs::read_dir(built).map_err(unread)? {
        let path = entry.map_err(unread)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_some_and(|kind| kind == "cwasm") && name != MEMBERS[1] {
            custom.push((name, read(&path)?));
        }
    }
    custom.sort();
    Ok(custom)
}

fn digest(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        // Writing into a text cannot fail.
        write!(text, "{byte:02x}").unwrap_or_default();
        text
    })
}
