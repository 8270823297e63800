//! What a bench found, as a table, as JSON and as a chart. A package of its own: what was measured elsewhere is drawn without
//! compiling what other benches measure.

mod chart;
mod figures;

pub use self::chart::svg;
pub use self::figures::{Figures, Group, Measured, Row};
