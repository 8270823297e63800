//! Writes the vectors as seeds for `cargo xtask fuzz`: what is known to matter is what to begin with.

use std::fs;
use std::path::{Path, PathBuf};

use claim_core::contract::compile;
use conformance::{bundle, cases, repository, vector_cases};
use serde::Deserialize;

#[derive(Deserialize)]
struct ContractCase {
    contract: String,
}

fn write(directory: &Path, target: &str, texts: impl IntoIterator<Item = String>) {
    let directory = directory.join(target);
    fs::create_dir_all(&directory).expect("the directory can be made");
    for (index, text) in texts.into_iter().enumerate() {
        fs::write(directory.join(format!("seed-{index}")), text).expect("a seed can be written");
    }
}

fn main() {
    let directory = std::env::args().nth(1).map(PathBuf::from).expect("a directory is named");
    let cases = cases();
    write(&directory, "expression", cases.iter().filter_map(|case| case.expression.clone()));
    let broken = vector_cases::<ContractCase>("contract").into_iter().map(|(_, case)| case.contract);
    let examples = ["api", "membership", "profile", "subscription", "v1-names"].map(|example| {
        let path = repository().join("examples").join(example).join("claims.yaml");
        fs::read_to_string(path).expect("the example is there")
    });
    let contracts = cases.iter().filter(|case| case.expression.is_none()).map(|case| case.contract.clone());
    write(&directory, "contract", contracts.chain(broken).chain(examples.clone()));
    let compiled = examples.iter().filter_map(|text| Some(compile(text).bundle?.to_text()));
    let bundles = cases.iter().filter_map(|case| Some(bundle(case).ok()?.to_text()));
    write(&directory, "bundle", bundles.chain(compiled));
}
