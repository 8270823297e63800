//! What a claim contract means.
//!
//! A contract says which claims the tokens of an Amazon Cognito user pool carry. Compiled, it is a [`Bundle`].
//! For one token request, [`plan()`] says which facts are needed and [`shape()`] says what the tokens become.
//! [`cognito`] holds what Cognito itself allows.
//!
//! ```
//! use claim_core::cognito::event;
//! use claim_core::{FactRecord, FactOutcome, json};
//! # #[cfg(feature = "authoring")] {
//!
//! let bundle = claim_core::contract::compile(
//!     r#"
//! version: 1
//! facts:
//!   profile: { table: profiles, key: { id: '"USER#" + user.name' }, onMissing: empty, onError: refuse }
//! claims:
//!   tier: { from: /facts/profile/tier, tokens: [access], default: free }
//! "#,
//! )
//! .bundle
//! .unwrap();
//!
//! let event = event::read(r#"{"version":"2","userName":"ben","request":{},"response":{}}"#, 1_700_000_000).unwrap();
//! let lookups = claim_core::plan(&bundle, &event.request).unwrap();
//! assert_eq!(lookups[0].key["id"].to_string(), r#""USER#ben""#);
//!
//! let found = json::read(r#"{"tier":"pro"}"#).unwrap();
//! let facts = [FactRecord { name: "profile".into(), outcome: FactOutcome::Found(found) }];
//! let shape = claim_core::shape(&bundle, &event.request, &facts).unwrap();
//! assert_eq!(shape.access.add["tier"].as_str(), Some("pro"));
//! # }
//! ```
//!
//! # Scope of this crate
//!
//! No input or output, no clock, no randomness, no unsafe code, and no panic on any input.
//! It does not fetch facts, verify signatures or know where it runs; its hosts do.

//! Without the feature `rules` only [`json`], [`token`] and [`present`] are there, and need `alloc` but no `std`: what a
//! page needs to show the claims of a token weighs a few kilobytes.

#![forbid(unsafe_code)]
#![cfg_attr(not(feature = "rules"), no_std)]
#![cfg_attr(
    feature = "rules",
    expect(redundant_imports, reason = "without `std` the prelude has no `String`")
)]

extern crate alloc;

#[cfg(feature = "rules")]
pub mod authorize;
#[cfg(feature = "rules")]
pub mod backend;
#[cfg(feature = "rules")]
pub mod cognito;
#[cfg(feature = "rules")]
pub mod contract;
#[cfg(feature = "rules")]
pub mod expression;
pub mod json;
pub mod present;
#[cfg(feature = "authoring")]
pub mod preview;
pub mod token;

#[cfg(feature = "rules")]
mod explanation;
#[cfg(feature = "rules")]
mod refusal;
#[cfg(feature = "rules")]
mod request;
#[cfg(feature = "rules")]
mod shape;
#[cfg(feature = "authoring")]
mod suggest;
#[cfg(feature = "rules")]
mod uses;

#[cfg(feature = "rules")]
pub use crate::contract::Bundle;
#[cfg(feature = "rules")]
pub use crate::explanation::{Absence, Explanation, Outcome, Part};
#[cfg(feature = "rules")]
pub use crate::refusal::{Refusal, RuleFault};
#[cfg(feature = "rules")]
pub use crate::request::{
    FactOutcome, FactRecord, Lookup, TokenRequest, TriggerSource, TriggerVersion, User,
};
#[cfg(feature = "rules")]
pub use crate::shape::{ClaimChanges, GroupOverride, ScopeChanges, TokenShape, explain, plan, shape};
