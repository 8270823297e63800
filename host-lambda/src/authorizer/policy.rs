//! The IAM policy of an answer: all that the token may call, so that a gateway may keep it for every call.

use claim_core::authorize::Grants;
use claim_core::contract::Route;
use claim_core::json::Value;

use super::event::{Arn, Call, Kind};

/// The methods of REST and HTTP APIs. A `*` in their place of an ARN would match beyond the next `/`.
const METHODS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/// How long one resource of a policy may be, in characters.
/// Source: *Output from an API Gateway Lambda authorizer*.
const MAX_RESOURCE: usize = 512;

/// Returns the policy document of a decision: whether this call is allowed, and what else its token may call.
pub(super) fn document(call: &Call, arn: &Arn, allowed: bool, grants: Option<Grants>) -> Value {
    let (allow, deny) = match grants {
        // A WebSocket has one route, and its answer is not kept.
        Some(grants) if call.kind != Kind::WebSocket => resources(arn, &grants.compact()),
        _ => exactly(arn, allowed),
    };
    let mut statements = Vec::new();
    if !allow.is_empty() {
        statements.push(statement("Allow", allow));
    }
    // Without any resource to allow, nothing is: said aloud, because a policy without statements is none.
    let deny = if statements.is_empty() && deny.is_empty() { vec![format!("{}*", arn.prefix)] } else { deny };
    if !deny.is_empty() {
        statements.push(statement("Deny", deny));
    }
    Value::from([("Version", "2012-10-17".into()), ("Statement", Value::Array(statements))])
}

fn resources(arn: &Arn, grants: &Grants) -> (Vec<String>, Vec<String>) {
    let side = |routes: &std::collections::BTreeSet<Route>| -> Vec<String> {
        routes.iter().flat_map(|route| expand(&arn.prefix, route)).collect()
    };
    let (allow, deny) = (side(&grants.allow), side(&grants.deny));
    if allow.iter().chain(&deny).any(|resource| resource.len() > MAX_RESOURCE) {
        // What the gateway would refuse as a whole allows nothing.
        return (Vec::new(), Vec::new());
    }
    (allow, deny)
}

fn expand(prefix: &str, route: &Route) -> Vec<String> {
    let path = route.path().strip_prefix('/').unwrap_or_default();
    match route.method() {
        // Those of other kinds of APIs have no resource.
        method if method != "*" && !METHODS.contains(&method) => Vec::new(),
        "*" => METHODS.iter().map(|method| format!("{prefix}{method}/{path}")).collect(),
        method => vec![format!("{prefix}{method}/{path}")],
    }
}

/// A policy for this call alone.
fn exactly(arn: &Arn, allowed: bool) -> (Vec<String>, Vec<String>) {
    (if allowed && is_one_call(arn) { vec![arn.text.clone()] } else { Vec::new() }, Vec::new())
}

/// Whether a policy takes the ARN for what it is: a path with a wildcard in it would be a pattern.
pub(super) fn is_one_call(arn: &Arn) -> bool {
    let literal = |rest: &str| !rest.contains(['*', '?']) && !rest.contains("${");
    arn.text.strip_prefix(&arn.prefix).is_some_and(literal) && arn.text.len() <= MAX_RESOURCE
}

fn statement(effect: &str, resources: Vec<String>) -> Value {
    Value::from([
        ("Action", "execute-api:Invoke".into()),
        ("Effect", effect.into()),
        ("Resource", resources.into()),
    ])
}
