//! Cases that share one bundle: where each bundle costs a process or a compilation, hundreds of expressions must not.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use claim_core::contract::{INPUTS, Source, compile};
use claim_core::expression::parse;
use corpus::{Case, bundle};
use serde_json::{Value, json};

/// How many expressions one contract holds. Each is for an app client of its own, and no other is evaluated.
const EXPRESSIONS: usize = 150;

/// A bundle and the cases that are asked of it.
#[derive(Debug)]
pub struct Gathered {
    /// The bundle's text.
    pub bundle: String,
    /// The cases. Those of expressions have a claim and an app client of their own.
    pub cases: Vec<Case>,
}

/// Gathers cases by what they are asked of.
///
/// # Panics
///
/// Panics if a contract has mistakes.
#[must_use]
pub fn gathered(cases: &[Case]) -> Vec<Gathered> {
    let mut by_bundle: BTreeMap<String, Vec<Case>> = BTreeMap::new();
    let (expressions, others): (Vec<&Case>, Vec<&Case>) = cases.iter().partition(|case| can_share(case));
    for case in others {
        let bundle = bundle(case).unwrap_or_else(|error| panic!("{}: {error:?}", case.name)).to_text();
        by_bundle.entry(bundle).or_default().push(case.clone());
    }
    let mut gathered: Vec<Gathered> =
        by_bundle.into_iter().map(|(bundle, cases)| Gathered { bundle, cases }).collect();
    gathered.extend(expressions.chunks(EXPRESSIONS).map(shared));
    gathered
}

/// Whether nothing in the case speaks of the app client, so that it can have another one.
fn can_share(case: &Case) -> bool {
    case.expression.as_ref().is_some_and(|text| !text.contains("client")) && !case.event.contains("clientId")
}

fn shared(cases: &[&Case]) -> Gathered {
    let mut contract = String::from(
        "version: 1\nfacts:\n  f: { table: t, key: { id: user.name }, onMissing: empty, onError: refuse }\nclaims:\n  used: { from: /facts/f, tokens: [access], when: 'false' }\n",
    );
    for index in 0..cases.len() {
        // Writing into a text has no way to fail.
        let _ = writeln!(
            contract,
            "  out{index}: {{ expression: 'true', tokens: [access], clients: [c{index}] }}"
        );
    }
    let mut bundle = compile(&contract).bundle.expect("the contract of expressions has no mistakes");
    let mut asked = Vec::new();
    for (index, case) in cases.iter().enumerate() {
        let text = case.expression.as_deref().unwrap_or_default();
        let expression =
            parse(text, &INPUTS).unwrap_or_else(|error| panic!("{}: {}", case.name, error.message));
        let claim = format!("out{index}");
        bundle.claims.get_mut(&claim).expect("it was written").source = Source::Expression(expression);
        let mut event: Value = serde_json::from_str(&case.event).expect("the event of an expression is json");
        event["callerContext"] = json!({ "clientId": format!("c{index}") });
        let mut case = Case { event: event.to_string(), ..(*case).clone() };
        // The fault of an expression names its claim.
        case.want.subject =
            case.want.subject.map(|subject| subject.replace("claims.out", &format!("claims.{claim}")));
        asked.push(Case { claim, ..case });
    }
    Gathered { bundle: bundle.to_text(), cases: asked }
}
