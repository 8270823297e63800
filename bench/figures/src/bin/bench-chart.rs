//! Draws figures that were measured elsewhere: `bench-chart FILE…` writes an SVG beside each file of JSON.

use std::path::PathBuf;

use figures::{Figures, svg};

fn main() {
    for path in std::env::args().skip(1).map(PathBuf::from) {
        let text =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let figures: Figures = serde_json::from_str(&text).expect("figures");
        std::fs::write(path.with_extension("svg"), svg(&figures)).expect("the chart is written");
    }
}
