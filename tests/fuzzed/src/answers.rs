//! What a component of any make answers.

use claim_core::GroupOverride;
use claim_core::cognito::{apply, event, guard, plain_tokens, read_response, response};
use claim_core::json::{self, Value};

const EVENTS: [&str; 3] = [
    r#"{"version":"1","userName":"kim","request":{"userAttributes":{"sub":"u-1"}},"response":{}}"#,
    r#"{"version":"2","userName":"kim","callerContext":{"clientId":"c1"},"request":{"userAttributes":{"sub":"u-1"},"groupConfiguration":{"groupsToOverride":["a"]},"scopes":["openid"]},"response":{}}"#,
    r#"{"version":"3","triggerSource":"TokenGeneration_ClientCredentials","callerContext":{"clientId":"c1"},"request":{"scopes":["a/b"]},"response":{}}"#,
];

/// Any text as the values of an answer: no JSON, refused by the guard, or read back as it was written.
pub(crate) fn answer(text: &str) {
    let Ok(value) = json::read(text) else {
        return;
    };
    let again = value.to_string();
    assert_eq!(json::read(&again).as_ref(), Ok(&value), "what is written is not read back");
    for event in EVENTS {
        let event = event::read(event, 0).expect("the event is one");
        let version = event.request.version;
        let Some(mut shape) = read_response(version, &value) else {
            continue;
        };
        if guard(&event.request, &shape).is_err() {
            continue;
        }
        let tokens = apply(version, &plain_tokens(&event.request), &shape);
        assert_eq!(tokens.access.get("sub"), plain_tokens(&event.request).access.get("sub"));
        // A user without groups has no roles, as the WIT says.
        if let Some(groups) = shape.groups.as_mut().filter(|groups| groups.groups.is_empty()) {
            *groups = GroupOverride::default();
        }
        let written = Value::Object(response(version, &shape));
        assert_eq!(
            read_response(version, &written),
            Some(shape),
            "what Cognito gets is not what was guarded"
        );
    }
}
