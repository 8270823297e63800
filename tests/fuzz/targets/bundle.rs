//! Any text as a bundle: refused, or safe to run for any request.

#![no_main]

use claim_core::cognito::{event, guard};
use claim_core::{Bundle, FactOutcome, FactRecord, json, plan, shape};
use libfuzzer_sys::fuzz_target;

const EVENTS: [&str; 3] = [
    r#"{"version":"2","triggerSource":"TokenGeneration_Authentication","region":"eu-west-1","userPoolId":"eu-west-1_A","userName":"kim","callerContext":{"clientId":"c1"},"request":{"userAttributes":{"sub":"u-1","custom:plan":"pro"},"groupConfiguration":{"groupsToOverride":["a","b"],"iamRolesToOverride":[],"preferredRole":null},"scopes":["openid"],"clientMetadata":{"t":"x"}},"response":{}}"#,
    r#"{"version":"1","userName":"kim","request":{"userAttributes":{"sub":"u-1"}},"response":{}}"#,
    r#"{"version":"3","triggerSource":"TokenGeneration_ClientCredentials","userName":"ClientCredentials","callerContext":{"clientId":"c1"},"request":{"userAttributes":{},"groupConfiguration":null,"scopes":["a/b"]},"response":{}}"#,
];

fuzz_target!(|text: &str| {
    let Ok(bundle) = Bundle::read(text) else {
        return;
    };
    for event in EVENTS {
        let event = event::read(event, 1_700_000_000).expect("the event is one");
        let Ok(lookups) = plan(&bundle, &event.request) else {
            continue;
        };
        let record = json::read(r#"{"tier":"pro","groups":["x"],"permissions":["a","b"],"n":7,"o":{"p":[1,2]}}"#);
        let facts: Vec<FactRecord> = lookups
            .iter()
            .map(|lookup| FactRecord {
                name: lookup.fact.clone(),
                outcome: FactOutcome::Found(record.clone().expect("a record is json")),
            })
            .collect();
        if let Ok(shape) = shape(&bundle, &event.request, &facts) {
            guard(&event.request, &shape).expect("a shape of ours is what Cognito takes");
            let answer = event.answer(&shape);
            assert!(answer.len() < 6 * 1024 * 1024);
        }
    }
});
