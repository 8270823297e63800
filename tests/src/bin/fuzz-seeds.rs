//! Writes the vectors as seeds for `cargo xtask fuzz`.

use std::fs;
use std::path::PathBuf;

use conformance::seeds;

fn main() {
    let directory = std::env::args().nth(1).map(PathBuf::from).expect("a directory is named");
    for target in fuzzed::TARGETS {
        let directory = directory.join(target.name);
        fs::create_dir_all(&directory).expect("the directory can be made");
        for (index, text) in seeds(target.name).into_iter().enumerate() {
            fs::write(directory.join(format!("seed-{index}")), text).expect("a seed can be written");
        }
    }
}
