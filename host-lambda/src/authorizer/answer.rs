//! The one decision in the form that each gateway reads.

use claim_core::authorize::Decision;
use claim_core::json::{Object, Value};

use super::event::{Call, Kind};
use super::policy::document;
use crate::verify::Verified;

/// How large the answer to a WebSocket's connection may be, in bytes.
/// Source: *Amazon API Gateway quotas for WebSocket APIs*.
const MAX_WEBSOCKET: usize = 8 * 1024;

/// What a caller without a right token is told, letter for letter: API Gateway makes a 401 of it.
pub(super) const UNAUTHORIZED: &str = "Unauthorized";

/// The answer to a caller whose token is not right, where the gateway takes one; else the function must fail with
/// [`UNAUTHORIZED`].
pub(super) fn unauthenticated(kind: Kind) -> Option<Value> {
    // Kept by nobody: the next token may be right.
    matches!(kind, Kind::AppSync | Kind::AppSyncEvents)
        .then(|| Value::from([("isAuthorized", false.into()), ("ttlOverride", 0u64.into())]))
}

/// What the answer needs besides the decision.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    /// Whether HTTP APIs with format 2.0 take simple answers.
    pub(super) simple: bool,
    /// For how many seconds AppSync may keep an answer.
    pub(super) appsync_ttl: u64,
    /// The time, in seconds since 1970.
    pub(super) now: u64,
}

/// Who calls: what the answer says of the token itself.
#[derive(Debug)]
pub(super) struct Caller {
    subject: String,
    /// When the token ends, in seconds since 1970.
    expires: u64,
}

impl Caller {
    pub(super) fn of(verified: &Verified) -> Self {
        let subject = verified.claims.get("sub").and_then(Value::as_str).unwrap_or(&verified.client);
        Self { subject: subject.to_owned(), expires: verified.expires }
    }
}

/// Renders a decision; none if the gateway would not take the answer because of its size.
pub(super) fn render(call: &Call, caller: Caller, decision: Decision, form: Form) -> Option<Value> {
    let allowed = decision.is_allowed();
    let authorized = Value::from(allowed);
    // An answer must not outlive the token, and one that is right for one call only is kept for none.
    let life = caller.expires.saturating_sub(form.now);
    let ttl = Value::from(if decision.grants.is_some() { form.appsync_ttl.min(life) } else { 0 });
    let answer = match call.kind {
        Kind::Http2 if form.simple => {
            Value::from([("isAuthorized", authorized), ("context", decision.context.into())])
        }
        Kind::AppSync => Value::from([
            ("isAuthorized", authorized),
            ("resolverContext", decision.context.into()),
            ("deniedFields", decision.denied_fields.into_iter().collect::<Vec<_>>().into()),
            ("ttlOverride", ttl),
        ]),
        Kind::AppSyncEvents => Value::from([
            ("isAuthorized", authorized),
            ("handlerContext", texts(decision.context)),
            // It speaks of one operation on one channel, and nothing says that answers are kept by those.
            ("ttlOverride", 0u64.into()),
        ]),
        _ => {
            let arn = call.arn.as_ref()?;
            // Nobody keeps the answer to a connection, so a denied one needs no context.
            let nothing = call.kind == Kind::WebSocket && !allowed;
            let context = if nothing { Object::new() } else { decision.context };
            Value::from([
                ("principalId", caller.subject.into()),
                ("policyDocument", document(call, arn, allowed, decision.grants)),
                ("context", context.into()),
            ])
        }
    };
    let too_large = call.kind == Kind::WebSocket && answer.text_len() > MAX_WEBSOCKET;
    (!too_large).then_some(answer)
}

/// AppSync Events hands on texts only.
fn texts(context: Object) -> Value {
    let text = |value: Value| match value {
        text @ Value::String(_) => text,
        other => other.to_string().into(),
    };
    Value::Object(context.into_iter().map(|(name, value)| (name, text(value))).collect())
}
