//! The component, asked what a page shows of a token.

use serde_json::{Value, json};
use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store};

use self::bindings::ConfigurableClaims;
use self::bindings::exports::claimwright::logic::presentation::{ExpectedToken, Presented};

/// What wasmtime makes of `wit/`.
#[allow(
    clippy::all,
    clippy::pedantic,
    missing_docs,
    unreachable_pub,
    reason = "generated; which lints it trips depends on the version of wasmtime"
)]
mod bindings {
    wasmtime::component::bindgen!({ path: "../wit", world: "configurable-claims" });
}

/// The component.
pub struct Presenter {
    store: Store<()>,
    component: ConfigurableClaims,
}

impl std::fmt::Debug for Presenter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Presenter")
    }
}

impl Presenter {
    /// Compiles the component and makes an instance, which has no contract.
    ///
    /// # Panics
    ///
    /// Panics if the file is no component of the world.
    #[must_use]
    pub fn new(wasm: &[u8]) -> Self {
        let engine = Engine::default();
        let component = Component::new(&engine, wasm).expect("the file is a component");
        let mut store = Store::new(&engine, ());
        let component = ConfigurableClaims::instantiate(&mut store, &component, &Linker::new(&engine))
            .expect("the component fits the world");
        Self { store, component }
    }

    /// Answers as the vectors write it.
    ///
    /// # Panics
    ///
    /// Panics if the component breaks, or no token is the expected one.
    pub fn answer(&mut self, token: &str, expected: &str, contract: &str, language: &str) -> Value {
        let expected = match expected {
            "id" => ExpectedToken::Id,
            "access" => ExpectedToken::Access,
            "any" => ExpectedToken::Any,
            other => panic!("no token is `{other}`"),
        };
        let presentation = self.component.claimwright_logic_presentation();
        let answer = presentation.call_present(&mut self.store, token, expected, contract, language);
        match answer.expect("the component answers") {
            Ok(presented) => shown(&presented),
            Err(error) => json!({ "error": error.name() }),
        }
    }
}

fn shown(presented: &Presented) -> Value {
    let rows = presented.rows.iter().map(|row| {
        // The generated type has no name but in its debugging text.
        let kind = format!("{:?}", row.kind).rsplit("::").next().unwrap_or_default().to_lowercase();
        let mut shown = json!({
            "keys": row.keys, "label": row.label, "section": row.section, "sectionLabel": row.section_label,
            "kind": kind, "custom": row.custom, "personal": row.personal, "missing": row.missing,
        });
        if let Some(exact) = &row.exact {
            shown["exact"] = exact.as_str().into();
        }
        shown
    });
    let names = [("alg", &presented.alg), ("kid", &presented.kid)];
    let header: Value =
        names.into_iter().filter_map(|(name, text)| Some((name.to_owned(), json!(text.as_ref()?)))).collect();
    json!({ "header": header, "inexact": presented.inexact, "rows": rows.collect::<Vec<_>>() })
}
