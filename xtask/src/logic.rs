//! The logic components of `examples/logic`: one policy in three languages.

use std::process::Command;

use crate::component::encode;
use crate::steps::{Outcome, artifacts, cargo, placeless, read, root, step, target, write};
use crate::tools;

/// Builds them as their READMEs say, into `target/claimwright/logic`.
pub(crate) fn build() -> Outcome<()> {
    let folder = root().join("examples/logic");
    let out = artifacts().join("logic");

    let rust = folder.join("rust");
    let mut compile =
        cargo(&["build", "--release", "--locked", "--target", "wasm32-wasip1", "--manifest-path"]);
    // With our own, whose dependencies are the same.
    compile.arg(rust.join("Cargo.toml")).env("CARGO_TARGET_DIR", target());
    step("the logic in Rust is compiled", placeless(&mut compile))?;
    write(&out.join("rust.wasm"), &encode(&target().join("wasm32-wasip1/release/risk.wasm"))?)?;

    let javascript = folder.join("javascript");
    let mut packages = Command::new("npm");
    packages.args(["ci", "--no-fund", "--no-audit", "--ignore-scripts"]).current_dir(&javascript);
    step("the packages of examples/logic/javascript are installed", &mut packages)?;
    let mut componentize = Command::new("npm");
    componentize.args(["run", "--silent", "build"]).current_dir(&javascript);
    step("the logic in JavaScript is made a component", &mut componentize)?;
    write(&out.join("javascript.wasm"), &read(&javascript.join("risk.wasm"))?)?;

    let python = folder.join("python");
    let programs = tools::python("logic", &python.join("requirements.txt"))?;
    let mut componentize = Command::new(programs.join("componentize-py"));
    componentize.args([
        "--wit-path",
        "../../../wit",
        "--world",
        "claims",
        "componentize",
        "--stub-wasi",
        "--output",
    ]);
    componentize.arg(out.join("python.wasm")).arg("risk").current_dir(&python);
    step("the logic in Python is made a component", &mut componentize)
}
