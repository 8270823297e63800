//! What the benches share: contenders that take turns, and what they work on.

mod deployed;
mod example;
mod turns;

pub use self::deployed::{deployed, load};
pub use self::example::Example;
pub use self::turns::{Contender, in_turns};
