//! The component's stack: it lies before everything else in memory, and what lies close together is reset quickly.

#![expect(clippy::disallowed_macros, reason = "cargo is told by printing")]

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-link-arg-cdylib=-zstack-size=65536");
}
