//! What wasmtime makes of `wit/`, and nothing else.

#![allow(
    clippy::all,
    clippy::pedantic,
    clippy::restriction,
    missing_debug_implementations,
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    clippy::allow_attributes,
    reason = "generated; which lints it trips depends on the version of wasmtime"
)]

wasmtime::component::bindgen!({ path: "../wit", world: "claims" });
