//! The npm package: the core compiled for the browser in three forms, and the tarball that holds them.

use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

use crate::steps::{Outcome, artifacts, cargo, placeless, read, root, step, target, write};

/// The features of WebAssembly that the compiler uses and browsers of five years ago have. Named one by one, because
/// asking for all of them writes an encoding that Node 20 refuses.
const FEATURES: [&str; 8] = [
    "--mvp-features",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// What wasm2js does not know is written in what it knows.
const LOWERED: [&str; 3] =
    ["--signext-lowering", "--llvm-memory-copy-fill-lowering", "--llvm-nontrapping-fptoint-lowering"];

/// Nothing of the machine that compiled it stays in the module.
const STRIPPED: [&str; 4] = ["--strip-debug", "--strip-producers", "--strip-target-features", "-Oz"];

/// Builds the tarball and returns its path.
pub(crate) fn pack() -> Outcome<PathBuf> {
    let npm = root().join("host-browser/npm");
    let mut install = Command::new("npm");
    install.args(["ci", "--no-fund", "--no-audit", "--ignore-scripts"]).current_dir(&npm);
    step("the tools of the npm package are installed", &mut install)?;
    // What pages load to show a token, and the whole core with its compiler of contracts.
    glued("decode", "host-browser-decode", "decode", "glue")?;
    plain()?;
    glued("preview", "host-browser", "browser", "preview")?;
    let stage = artifacts().join("npm/package");
    let mut bundle = Command::new("node");
    bundle.arg(npm.join("build.mjs")).arg(&stage).current_dir(&npm);
    step("the npm package is bundled", &mut bundle)?;
    playground(&stage)?;
    Ok(artifacts().join("npm/claimwright-0.1.0.tgz"))
}

/// The playground's folder: its page, the package, the examples.
pub(crate) fn site() -> PathBuf {
    artifacts().join("site")
}

fn playground(package: &Path) -> Outcome<()> {
    let from = [
        (root().join("host-browser/playground"), site()),
        (package.to_path_buf(), site().join("pkg")),
        (root().join("examples"), site().join("examples")),
    ];
    if site().exists() {
        std::fs::remove_dir_all(site()).map_err(|error| format!("the old playground stays: {error}"))?;
    }
    from.iter().try_for_each(|(from, to)| copy(from, to))
}

/// Copies a folder with all that is in it.
fn copy(from: &Path, to: &Path) -> Outcome<()> {
    let entries =
        std::fs::read_dir(from).map_err(|error| format!("`{}` cannot be read: {error}", from.display()))?;
    for entry in entries {
        let path = entry.map_err(|error| error.to_string())?.path();
        let Some(name) = path.file_name() else { continue };
        if path.is_dir() {
            copy(&path, &to.join(name))?;
        } else {
            write(&to.join(name), &read(&path)?)?;
        }
    }
    Ok(())
}

/// Where the sources of the package find what is made for them.
fn generated() -> PathBuf {
    root().join("host-browser/npm/generated")
}

/// What pages load to show a token, as JavaScript.
fn plain() -> Outcome<()> {
    let compiled = compile("host-browser-decode", "decode", &[])?;
    let lowered = artifacts().join("wasm/plain.wasm");
    optimise(&compiled, &lowered, &LOWERED)?;
    let mut convert = tool("wasm2js");
    convert.arg("-Oz").arg(&lowered).arg("-o").arg(generated().join("plain.js"));
    step("the core is written in javascript", &mut convert)?;
    let types = "export declare const memory: { readonly buffer: ArrayBuffer };\n\
        export declare function input(length: number): number;\n\
        export declare function call(name: number, first: number, second: number, third: number): number;\n\
        export declare function length(): number;\n\
        export declare function expiry(exp: number, nbf: number, now: number, within: number): number;\n\
        export declare function drift(iat: number, received: number): number;\n";
    write(&generated().join("plain.d.ts"), types.as_bytes())
}

/// A module with wasm-bindgen's glue: what the package names it, its package and profile here, and the feature it has.
fn glued(name: &str, package: &str, profile: &str, feature: &str) -> Outcome<()> {
    let compiled = compile(package, profile, &["--features", feature])?;
    let work = artifacts().join("wasm").join(name);
    bindgen(&compiled, &work, name)?;
    for glue in [format!("{name}.js"), format!("{name}.d.ts")] {
        write(&generated().join(&glue), &read(&work.join(&glue))?)?;
    }
    optimise(&work.join(format!("{name}_bg.wasm")), &generated().join(format!("{name}.wasm")), &[])
}

/// Compiles a package for the browser and returns its module.
fn compile(package: &str, profile: &str, features: &[&str]) -> Outcome<PathBuf> {
    let mut build = cargo(&["build", "--profile", profile, "--package", package]);
    build.args(["--target", "wasm32-unknown-unknown"]).args(features);
    step(&format!("{package} is compiled for the browser"), placeless(&mut build))?;
    let name = format!("{}.wasm", package.replace('-', "_"));
    Ok(target().join("wasm32-unknown-unknown").join(profile).join(name))
}

/// Writes the glue for pages. Without a default path: with one, every bundler copies a module that nobody loads.
fn bindgen(module: &Path, directory: &Path, name: &str) -> Outcome<()> {
    let mut bindgen = Bindgen::new();
    let mut generate = || {
        bindgen
            .input_path(module)
            .web(true)?
            .typescript(true)
            .omit_default_module_path(true)
            .remove_name_section(true)
            .remove_producers_section(true)
            .out_name(name)
            .generate(directory)
    };
    let outcome: Result<(), _> = generate();
    outcome.map_err(|error| format!("wasm-bindgen makes no glue for `{name}`: {error:#}"))
}

fn optimise(from: &Path, to: &Path, passes: &[&str]) -> Outcome<()> {
    if let Some(parent) = to.parent() {
        std::fs::create_dir_all(parent)
            .map_err(|error| format!("`{}` cannot be made: {error}", parent.display()))?;
    }
    let mut optimise = tool("wasm-opt");
    optimise.args(FEATURES).args(passes).args(STRIPPED).arg(from).arg("-o").arg(to);
    step("a module is made smaller", &mut optimise)
}

fn tool(name: &str) -> Command {
    Command::new(root().join("host-browser/npm/node_modules/.bin").join(name))
}
