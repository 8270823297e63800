//! The `claims` command.
fn main() {}
