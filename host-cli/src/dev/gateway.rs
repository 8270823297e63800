//! A sample API behind the authorizer, which answers as a REST API of API Gateway's does.

use std::time::Instant;

use axum::http::StatusCode;
use claim_core::json::{self, Value};

use super::Answer;
use super::journal::{Journal, Kind, Level};
use super::live::Live;
use crate::wildcard;

/// Where the sample API says that it is.
const STAGE: &str = "arn:aws:execute-api:eu-west-1:111122223333:local/dev";

/// Answers a call as the gateway and a backend behind it do: the backend says what it was told of the caller.
pub(super) async fn call(
    live: &Live,
    journal: &Journal,
    method: &str,
    path: &str,
    authorization: Option<&str>,
) -> (StatusCode, Value) {
    let started = Instant::now();
    let route = format!("{method} {path}");
    let (status, body, reason) = match authorization {
        // The identity source is missing: the authorizer is not asked.
        None => (StatusCode::UNAUTHORIZED, message("Unauthorized"), "no token".to_owned()),
        Some(authorization) => decided(live, &route, method, path, authorization).await,
    };
    let level = match status {
        StatusCode::OK => Level::Ok,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Level::Denied,
        _ => Level::Error,
    };
    let took = started.elapsed().as_secs_f64() * 1e3;
    journal.note(Kind::Call, level, &format!("{route} {} {reason} {took:.1} ms", status.as_u16()));
    (status, body)
}

async fn decided(
    live: &Live,
    route: &str,
    method: &str,
    path: &str,
    authorization: &str,
) -> (StatusCode, Value, String) {
    let arn = format!("{STAGE}/{method}{path}");
    let event = Value::from([
        ("authorizationToken", authorization.into()),
        ("methodArn", arn.as_str().into()),
        ("type", "TOKEN".into()),
    ]);
    let (answer, logged) = match live.authorizer.invoke(&event.to_string()).await {
        Ok(answered) => answered,
        Err(failure) => {
            return (StatusCode::INTERNAL_SERVER_ERROR, message("Internal Server Error"), failure);
        }
    };
    let of_log = |name: &str| logged.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let reason = [of_log("reason"), of_log("ruleMessage")].join(" ").trim().to_owned();
    match answer {
        Answer::Response(answer) => {
            let answer = json::read(&answer).unwrap_or_default();
            if is_allowed(&answer, &arn) {
                let context = answer.get("context").cloned().unwrap_or_default();
                (StatusCode::OK, Value::from([("context", context), ("route", route.into())]), reason)
            } else {
                let denied = "User is not authorized to access this resource";
                (StatusCode::FORBIDDEN, message(denied), reason)
            }
        }
        // The one word that makes a gateway say 401.
        Answer::Error(error) if says(&error, "Unauthorized") => {
            (StatusCode::UNAUTHORIZED, message("Unauthorized"), reason)
        }
        Answer::Error(_) => (StatusCode::INTERNAL_SERVER_ERROR, message("Internal Server Error"), reason),
    }
}

fn message(text: &str) -> Value {
    Value::from([("message", text.into())])
}

fn says(error: &str, word: &str) -> bool {
    let error = json::read(error).unwrap_or_default();
    error.get("errorMessage").and_then(Value::as_str) == Some(word)
}

/// Whether a policy allows a call: one statement does, and none denies it.
fn is_allowed(answer: &Value, arn: &str) -> bool {
    let statements = answer.get("policyDocument").and_then(|policy| policy.get("Statement"));
    let statements = statements.and_then(Value::as_array).unwrap_or_default();
    let some = |effect: &str| {
        statements.iter().any(|statement| {
            let resources = statement.get("Resource");
            let one = resources.and_then(Value::as_str);
            let many =
                resources.and_then(Value::as_array).unwrap_or_default().iter().filter_map(Value::as_str);
            statement.get("Effect").and_then(Value::as_str) == Some(effect)
                && one.into_iter().chain(many).any(|pattern| wildcard::matches(pattern, arn))
        })
    };
    some("Allow") && !some("Deny")
}

#[cfg(test)]
mod tests {
    use super::is_allowed;
    use claim_core::json;

    #[test]
    fn a_denial_wins_and_silence_is_one() {
        let policy = |statements: &str| {
            json::read(&format!(r#"{{ "policyDocument": {{ "Statement": [{statements}] }} }}"#)).unwrap()
        };
        let allow = r#"{ "Effect": "Allow", "Resource": ["arn:x/GET/*"] }"#;
        let deny = r#"{ "Effect": "Deny", "Resource": "arn:x/GET/admin*" }"#;
        assert!(is_allowed(&policy(allow), "arn:x/GET/orders"));
        assert!(!is_allowed(&policy(allow), "arn:x/POST/orders"));
        assert!(!is_allowed(&policy(&format!("{allow}, {deny}")), "arn:x/GET/admin/users"));
        assert!(!is_allowed(&policy(""), "arn:x/GET/orders"));
        assert!(!is_allowed(&json::read("{}").unwrap(), "arn:x/GET/orders"));
    }
}
