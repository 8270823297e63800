//! What the benches share: contenders that take turns, figures, and charts.

mod chart;
mod deployed;
mod example;
mod figures;
mod turns;

pub use self::chart::svg;
pub use self::deployed::{deployed, load};
pub use self::example::Example;
pub use self::figures::{Figures, Group, Row};
pub use self::turns::{Contender, Measured, in_turns};
