//! What a sign-in is made of.

use claim_core::cognito::{apply, event as events, guard, plain_tokens};
use claim_core::contract::compile;
use claim_core::{Bundle, FactOutcome, FactRecord, TokenRequest, json, plan, shape};

const EVENTS: [&str; 3] = [
    r#"{"version":"2","triggerSource":"TokenGeneration_Authentication","region":"eu-west-1","userPoolId":"eu-west-1_A","userName":"kim","callerContext":{"clientId":"c1"},"request":{"userAttributes":{"sub":"u-1","custom:plan":"pro"},"groupConfiguration":{"groupsToOverride":["a","b"],"iamRolesToOverride":[],"preferredRole":null},"scopes":["openid"],"clientMetadata":{"t":"x"}},"response":{}}"#,
    r#"{"version":"1","userName":"kim","request":{"userAttributes":{"sub":"u-1"}},"response":{}}"#,
    r#"{"version":"3","triggerSource":"TokenGeneration_ClientCredentials","userName":"ClientCredentials","callerContext":{"clientId":"c1"},"request":{"userAttributes":{},"groupConfiguration":null,"scopes":["a/b"]},"response":{}}"#,
];

const RECORD: &str = r#"{"tier":"pro","groups":["x"],"permissions":["a","b"],"n":7,"o":{"p":[1,2]}}"#;

fn facts(bundle: &Bundle, request: &TokenRequest) -> Option<Vec<FactRecord>> {
    let record = json::read(RECORD).expect("a record is json");
    let found =
        |name: &str| FactRecord { name: name.to_owned(), outcome: FactOutcome::Found(record.clone()) };
    Some(plan(bundle, request).ok()?.iter().map(|lookup| found(&lookup.fact)).collect())
}

/// Any text as a bundle: refused, or safe to run for any request.
pub(crate) fn bundle(text: &str) {
    let Ok(bundle) = Bundle::read(text) else {
        return;
    };
    for event in EVENTS {
        let event = events::read(event, 1_700_000_000).expect("the event is one");
        let Some(facts) = facts(&bundle, &event.request) else {
            continue;
        };
        if let Ok(shape) = shape(&bundle, &event.request, &facts) {
            guard(&event.request, &shape).expect("a shape of ours is what Cognito takes");
            let answer = event.answer(&shape);
            assert!(answer.len() < 6 * 1024 * 1024);
        }
    }
}

const CONTRACT: &str = "version: 1
facts: { p: { table: t, key: { id: user.name }, onMissing: empty, onError: empty } }
claims:
  tier: { from: /facts/p/tier, tokens: [id, access], default: free }
  mail: { from: /user/attributes/email, tokens: [access], onError: omit }
  all: { expression: 'groups + roles', tokens: [id], v1: json, onError: omit }
scopes: { add: [ { from: /user/attributes/custom:scopes, onError: omit } ], suppress: [openid] }
groups: { from: /groups }
suppress: { id: [email] }
";

/// Any text as Cognito's event: refused in one short sentence, or answered with everything else as it came.
pub(crate) fn event(text: &str) {
    let event = match events::read(text, 1_700_000_000) {
        Ok(event) => event,
        Err(error) => {
            let said = error.to_string();
            assert!(said.len() < 400 && !said.contains('\n'), "{said}");
            return;
        }
    };
    let bundle = compile(CONTRACT).bundle.expect("the contract has no mistakes");
    let Some(facts) = facts(&bundle, &event.request) else {
        return;
    };
    let Ok(shape) = shape(&bundle, &event.request, &facts) else {
        return;
    };
    guard(&event.request, &shape).expect("a shape of ours is what Cognito takes");
    let _ = apply(event.request.version, &plain_tokens(&event.request), &shape);
    let answer = event.answer(&shape);
    let members = |text: &str| -> Vec<(String, String)> {
        let members =
            json::members(text).expect("json").into_iter().filter(|member| member.name != "response");
        members.map(|member| (member.name.into_owned(), member.text.to_owned())).collect()
    };
    assert_eq!(members(text), members(&answer), "the event is not echoed");
}
