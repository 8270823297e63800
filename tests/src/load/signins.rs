//! People who sign in, and a table that has their records or fails, as their ids say.

use std::net::Ipv4Addr;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use claim_core::cognito::event;
use claim_core::json::{self, Value};
use claim_core::{Bundle, FactOutcome, FactRecord, plan, shape};
use corpus::dice::Dice;
use serde_json::json;
use tokio::net::TcpListener;

use super::Want;
use crate::store::to_attribute;

/// One sign-in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The event.
    pub event: String,
    /// What it must come to.
    pub want: Want,
    /// What is special about it, for the report.
    pub kind: &'static str,
}

/// How a table treats a person: the letter in the id, how often, and what the report calls it.
const TREATMENTS: [(char, usize, &str); 8] = [
    ('f', 8_300, "found"),
    ('m', 800, "no record"),
    ('w', 500, "a record of wrong types"),
    ('x', 200, "store refuses"),
    ('g', 100, "store answers garbage"),
    ('b', 60, "a record of 400 kB"),
    ('t', 4, "store throttles"),
    ('h', 2, "store hangs"),
];

/// Makes a sign-in of a contract, and what the native core makes of it.
///
/// # Panics
///
/// Panics if the core does not read its own events.
#[must_use]
pub fn sign_in(bundle: &Bundle, dice: &mut Dice) -> SignIn {
    if dice.roll(200) == 0 {
        let event =
            (*dice.pick(&[r#"{"version":"2","request":7}"#, r#"{"a":1,"a":2}"#, "[]", "7"])).to_owned();
        return SignIn { event, want: Want::Error("malformed-event".to_owned()), kind: "no event" };
    }
    let mut roll = dice.roll(TREATMENTS.iter().map(|(_, weight, _)| weight).sum());
    let (letter, _, kind) = TREATMENTS
        .into_iter()
        .find(|(_, weight, _)| {
            let here = roll < *weight;
            roll = roll.saturating_sub(*weight);
            here
        })
        .expect("a roll is below the sum");
    let id = format!("{letter}{}", dice.roll(50_000));
    let event = event_of(&id, dice);
    let read = event::read(&event, 0).expect("an event");
    let facts: Vec<FactRecord> = plan(bundle, &read.request)
        .expect("a plan")
        .into_iter()
        .map(|lookup| FactRecord { name: lookup.fact, outcome: outcome(&id) })
        .collect();
    let want = match shape(bundle, &read.request, &facts) {
        Ok(shape) => Want::Answer(read.answer(&shape)),
        Err(refusal) => Want::Error(refusal.code().to_owned()),
    };
    let kind = if read.request.is_machine() { "a machine" } else { kind };
    SignIn { event, want, kind }
}

fn event_of(id: &str, dice: &mut Dice) -> String {
    let version = *dice.pick(&["1", "2", "2", "2", "3"]);
    if version == "3" && dice.roll(3) == 0 {
        return json!({
            "version": "3", "triggerSource": "TokenGeneration_ClientCredentials", "region": "eu-west-1",
            "userPoolId": "eu-west-1_Ab12Cd34E", "userName": "ClientCredentials",
            "callerContext": { "awsSdkVersion": "x", "clientId": "4demo0machine0" },
            "request": { "userAttributes": {}, "groupConfiguration": null, "scopes": ["orders/read"] },
            "response": { "claimsAndScopeOverrideDetails": null },
        })
        .to_string();
    }
    let groups: Vec<&str> = ["staff", "admin", "x y"].into_iter().filter(|_| dice.roll(2) == 0).collect();
    let trigger = *dice.pick(&["Authentication", "HostedAuth", "RefreshTokens", "NewPasswordChallenge"]);
    json!({
        "version": version, "triggerSource": format!("TokenGeneration_{trigger}"), "region": "eu-west-1",
        "userPoolId": "eu-west-1_Ab12Cd34E", "userName": format!("user-{id}"),
        "callerContext": { "awsSdkVersion": "x", "clientId": "4demo0client0id" },
        "request": {
            "userAttributes": { "sub": id, "email": format!("{id}@example.org"), "name": "Zoë \u{1f600}" },
            "groupConfiguration": { "groupsToOverride": groups, "iamRolesToOverride": [], "preferredRole": null },
            "scopes": ["aws.cognito.signin.user.admin"],
        },
        "response": null,
    })
    .to_string()
}

/// What the table has of a person.
fn outcome(id: &str) -> FactOutcome {
    let number: usize = id[1..].parse().unwrap_or(0);
    let (plan, wrong_plan) = if number.is_multiple_of(2) { ("free", "gold") } else { ("pro", "free") };
    let record = match id.chars().next().unwrap_or('m') {
        'f' => {
            json!({ "first_name": format!("N{number}"), "plan": plan, "permissions": vec!["write:orders"; number % 3] })
        }
        'w' => {
            json!({ "first_name": number, "plan": wrong_plan, "permissions": ["x".repeat(41)] })
        }
        'b' => json!({ "first_name": "x".repeat(400_000), "plan": "free", "permissions": [] }),
        'm' => return FactOutcome::Missing,
        _ => return FactOutcome::Failed,
    };
    FactOutcome::Found(json::read(&record.to_string()).expect("json"))
}

/// The table.
#[derive(Debug)]
pub struct PeopleStore(String);

impl PeopleStore {
    /// Starts it on loopback. It ends with the runtime.
    ///
    /// # Panics
    ///
    /// Panics if there is no port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a local port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let router = Router::new().route("/", post(read));
        tokio::spawn(async move { drop(axum::serve(listener, router).await) });
        Self(endpoint)
    }

    /// Returns where it answers.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.0
    }
}

async fn read(body: String) -> (StatusCode, String) {
    let asked = json::read(&body).expect("a request is json");
    let key =
        asked.get("Key").and_then(|key| key.get("id")).and_then(|id| id.get("S")).and_then(Value::as_str);
    let id = key.and_then(|key| key.strip_prefix("USER#")).unwrap_or("m0");
    let error =
        |code: &str| (StatusCode::BAD_REQUEST, json!({ "__type": code, "message": "no" }).to_string());
    match id.chars().next() {
        Some('x') => error("AccessDeniedException"),
        Some('t') => error("ProvisionedThroughputExceededException"),
        Some('g') => (StatusCode::OK, "<html>no</html>".to_owned()),
        Some('h') => {
            tokio::time::sleep(Duration::from_secs(20)).await;
            error("InternalServerError")
        }
        _ => match outcome(id) {
            FactOutcome::Found(record) => {
                let item = to_attribute(&record);
                (
                    StatusCode::OK,
                    Value::from([("Item", item.get("M").cloned().unwrap_or_default())]).to_string(),
                )
            }
            _ => (StatusCode::OK, "{}".to_owned()),
        },
    }
}
