//! A logic component that does whatever it is asked to, to see that it harms nobody.
//!
//! The app client's id of a request, or the path of a call, names the export that is to misbehave and how: `shape/loop`.

#![cfg(target_os = "wasi")]

mod harm;
mod reach;

#[allow(missing_docs, unreachable_pub, reason = "generated")]
mod bindings {
    wit_bindgen::generate!({ world: "claims", path: "../../wit" });

    use super::Hostile;
    export!(Hostile);
}

use std::sync::atomic::{AtomicU64, Ordering};

use bindings::exports::claimwright::logic::logic::{
    AccessRequest, Claim, ClaimChanges, Decision, Fact, Grants, Guest, KeyAttribute, Lookup, Refusal,
    ScopeChanges, TokenRequest, TokenShape,
};

/// What an instance that lives on would remember.
static CALLS: AtomicU64 = AtomicU64::new(0);

struct Hostile;

/// The behaviour that is asked of this export, if it is this one's turn.
fn asked<'r>(words: &'r str, export: &str) -> Option<&'r str> {
    words.trim_start_matches('/').strip_prefix(export)?.strip_prefix('/')
}

fn claim(name: &str, value: &str) -> Claim {
    Claim { name: name.to_owned(), value: value.to_owned() }
}

fn shape_of(id: Vec<Claim>) -> TokenShape {
    let none = || ClaimChanges { add: Vec::new(), suppress: Vec::new() };
    TokenShape {
        id: ClaimChanges { add: id, suppress: Vec::new() },
        access: none(),
        scopes: ScopeChanges { add: Vec::new(), suppress: Vec::new() },
        groups: None,
    }
}

fn decision(denied_fields: Vec<String>) -> Decision {
    Decision { denial: None, context: Vec::new(), grants: None, denied_fields }
}

impl Guest for Hostile {
    fn plan(request: TokenRequest) -> Result<Vec<Lookup>, Refusal> {
        CALLS.fetch_add(1, Ordering::Relaxed);
        let Some(behaviour) = asked(&request.client_id, "plan") else {
            return Ok(Vec::new());
        };
        let lookup = |fact: &str| Lookup {
            fact: fact.to_owned(),
            table: "profiles".to_owned(),
            key: Vec::new(),
            fields: Vec::new(),
            consistent: false,
        };
        match behaviour {
            "many" => Ok((0..17).map(|index| lookup(&format!("f{index}"))).collect()),
            "table" => Ok(vec![Lookup { table: "salaries".to_owned(), ..lookup("f") }]),
            "name" => Ok(vec![lookup("kim@example.com is 41")]),
            "refuse" => Err(Refusal::FactMissing("kim@example.com".to_owned())),
            "huge" => Ok(vec![lookup(&harm::text(60 << 20))]),
            "repeat" => Ok(vec![Lookup { fields: harm::repeat(), ..lookup("f") }]),
            "utf8" => Ok(vec![lookup(&harm::no_text())]),
            "key" => {
                let value = format!("[{}0]", "{\"\":0},".repeat(200_000));
                Ok(vec![Lookup { key: vec![KeyAttribute { name: "id".to_owned(), value }], ..lookup("f") }])
            }
            other => {
                harm::harm(other);
                Ok(Vec::new())
            }
        }
    }

    fn shape(request: TokenRequest, _facts: Vec<Fact>) -> Result<TokenShape, Refusal> {
        let before = CALLS.fetch_add(1, Ordering::Relaxed);
        let Some(behaviour) = asked(&request.client_id, "shape") else {
            return Ok(shape_of(vec![claim("calls", &before.to_string())]));
        };
        let one = |name: &str, value: &str| Ok(shape_of(vec![claim(name, value)]));
        match behaviour {
            "json" => one("tier", "{\"a\":"),
            "deep" => one("tier", &"[".repeat(100)),
            "nothing" => one("tier", ""),
            "twice" => Ok(shape_of(vec![claim("tier", "1"), claim("tier", "2")])),
            "sub" | "iss" | "exp" | "token_use" | "cognito:username" | "cognito:groups" => {
                one(behaviour, "\"admin\"")
            }
            "nodes" => one("tier", &format!("[{}0]", "{\"\":0},".repeat(100_000))),
            "many" => {
                let claims = (0..5_000).map(|index| claim(&format!("c{index}"), "\"x\""));
                Ok(shape_of(claims.chain([claim("calls", "7")]).collect()))
            }
            "control" => one("a\nb", "1"),
            "claims" => Ok(shape_of((0..6_000).map(|index| claim(&format!("c{index}"), "1")).collect())),
            "scope" => {
                let scopes = ScopeChanges { add: vec!["a b".to_owned()], suppress: Vec::new() };
                Ok(TokenShape { scopes, ..shape_of(Vec::new()) })
            }
            "list" => one("tier", "[[1]]"),
            "huge" => one("tier", &format!("\"{}\"", harm::text(60 << 20))),
            "repeat" => {
                let scopes = ScopeChanges { add: harm::repeat(), suppress: Vec::new() };
                Ok(TokenShape { scopes, ..shape_of(Vec::new()) })
            }
            "utf8" => one(&harm::no_text(), "1"),
            other => match other.strip_prefix("reach/") {
                Some(what) => one("reached", &format!("\"{}\"", reach::reach(what))),
                None => {
                    harm::harm(other);
                    Ok(shape_of(Vec::new()))
                }
            },
        }
    }

    fn authorize(request: AccessRequest) -> Result<Decision, Refusal> {
        CALLS.fetch_add(1, Ordering::Relaxed);
        let Some(behaviour) = asked(&request.path, "authorize") else {
            return Ok(decision(Vec::new()));
        };
        match behaviour {
            "huge" => Ok(decision(vec![harm::text(60 << 20)])),
            "repeat" => Ok(decision(harm::repeat())),
            "utf8" => Ok(decision(vec![harm::no_text()])),
            "fields" => Ok(decision((0..2_000).map(|index| format!("Query.f{index}")).collect())),
            "routes" => {
                let grants = Grants { allow: vec!["GET /{id}".to_owned()], deny: Vec::new() };
                Ok(Decision { grants: Some(grants), ..decision(Vec::new()) })
            }
            other => {
                harm::harm(other);
                Ok(decision(Vec::new()))
            }
        }
    }
}
