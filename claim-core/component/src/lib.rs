//! The component: `claim-core` behind `wit/logic.wit`. It converts and decides nothing.

#![cfg(target_os = "wasi")]

mod convert;
mod presentation;

/// What wit-bindgen makes of `wit/`.
#[expect(unsafe_code, reason = "the canonical ABI glue is generated")]
#[allow(
    clippy::all,
    clippy::pedantic,
    clippy::restriction,
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    clippy::allow_attributes,
    reason = "generated; which lints it trips depends on the version of wit-bindgen"
)]
mod bindings {
    wit_bindgen::generate!({ world: "configurable-claims", path: "../../wit" });

    use super::Component;
    export!(Component);
}

use std::cell::OnceCell;

use claim_core::Bundle;

use bindings::exports::claimwright::logic::configuration;
use bindings::exports::claimwright::logic::logic::{
    self, AccessRequest, Decision, Fact, Lookup, Refusal, TokenRequest, TokenShape,
};

thread_local! {
    /// The contract and its text. A component has one thread, and a host makes a fresh instance for each request.
    static BUNDLE: OnceCell<(Bundle, String)> = const { OnceCell::new() };
}

struct Component;

fn with_bundle<T>(ask: impl FnOnce(&Bundle) -> Result<T, Refusal>) -> Result<T, Refusal> {
    BUNDLE.with(|configured| match configured.get() {
        Some((bundle, _)) => ask(bundle),
        None => Err(Refusal::NotConfigured),
    })
}

impl logic::Guest for Component {
    fn plan(request: TokenRequest) -> Result<Vec<Lookup>, Refusal> {
        let request = request.try_into()?;
        with_bundle(|bundle| {
            let lookups = claim_core::plan(bundle, &request).map_err(Refusal::from)?;
            Ok(lookups.into_iter().map(Lookup::from).collect())
        })
    }

    fn shape(request: TokenRequest, facts: Vec<Fact>) -> Result<TokenShape, Refusal> {
        let request = request.try_into()?;
        let facts: Vec<_> = facts.into_iter().map(Into::into).collect();
        with_bundle(|bundle| {
            claim_core::shape(bundle, &request, &facts).map(Into::into).map_err(Refusal::from)
        })
    }

    fn authorize(request: AccessRequest) -> Result<Decision, Refusal> {
        let request = request.try_into()?;
        with_bundle(|bundle| Ok(claim_core::authorize::authorize(bundle, &request).into()))
    }
}

impl configuration::Guest for Component {
    fn configure(text: String) -> Result<(), String> {
        let bundle = Bundle::read(&text).map_err(|error| error.to_string())?;
        let configured = BUNDLE.with(|configured| configured.set((bundle, text)).is_ok());
        if configured { Ok(()) } else { Err("the component already has its bundle".to_owned()) }
    }

    fn configured() -> Option<String> {
        BUNDLE.with(|configured| configured.get().map(|(_, text)| text.clone()))
    }
}
