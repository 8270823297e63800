//! Contracts that say who may call what, and callers, that nobody thought of.

use claim_core::authorize::AccessRequest;
use claim_core::cognito::Token;
use claim_core::json::{self, Object};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

const PATHS: [&str; 10] = ["/*", "/a", "/a/*", "/a**", "/a/b", "/*/b", "/a*", "/", "/b/*/c", "/a/*/c*"];
/// What is called.
pub const CALLS: [&str; 11] =
    ["/", "/a", "/a/", "/a/b", "/a/b/c", "/b", "/b/x/c", "/b/x/y/c", "/ab", "/a/x/cd", "//a"];
const METHODS: [&str; 4] = ["GET", "POST", "DELETE", "*"];

/// Contracts that say who may call what, of callers who may have some scopes and groups.
pub fn authorizes() -> impl Strategy<Value = String> {
    let route =
        (select(&METHODS[..]), select(&PATHS[..])).prop_map(|(method, path)| format!("{method} {path}"));
    let ask = select(
        &[
            "",
            "anyGroup: [admin], ",
            "anyScope: [orders/read], ",
            "require: 'claims.tier == \"pro\"', ",
            "require: 'size(claims.perms) > 1', ",
        ][..],
    );
    vec((vec(route, 1..3), ask), 1..5).prop_map(|rules| {
        let rules = rules.iter().map(|(routes, ask)| format!("{{ {ask}routes: {} }}", serde_json::json!(routes)));
        format!(
            "version: 1\nclaims:\n  tier: {{ from: /client/id, tokens: [access], type: string }}\n  perms: {{ value: [a], tokens: [access] }}\nauthorize: {{ token: access, rules: [{}] }}\n",
            rules.collect::<Vec<_>>().join(", ")
        )
    })
}

/// Claims of a token of somebody.
///
/// # Panics
///
/// Panics if what it made is no JSON.
pub fn callers() -> impl Strategy<Value = Object> {
    let groups = subsequence(vec!["admin", "staff"], 0..=2);
    let tier = proptest::option::of(select(&["pro", "free"][..]));
    (groups, tier, any::<bool>(), proptest::option::of(0usize..3)).prop_map(|(groups, tier, scope, perms)| {
        let mut claims = serde_json::json!({ "sub": "u-1", "token_use": "access", "cognito:groups": groups });
        if let Some(tier) = tier {
            claims["tier"] = tier.into();
        }
        if scope {
            claims["scope"] = "openid orders/read".into();
        }
        if let Some(count) = perms {
            claims["perms"] = vec!["x"; count].into();
        }
        json::read(&claims.to_string())
            .ok()
            .and_then(|claims| claims.as_object().cloned())
            .expect("an object")
    })
}

/// A call by somebody with these claims.
#[must_use]
pub fn call(claims: &Object, method: &str, path: &str) -> AccessRequest {
    AccessRequest {
        claims: claims.clone(),
        token: Token::Access,
        method: method.to_owned(),
        path: path.to_owned(),
        now: crate::generated::NOW,
    }
}
