//! Contracts, events and facts that nobody thought of.

use claim_core::cognito::{Tokens, apply, event, plain_tokens, read_response};
use claim_core::contract::compile;
use claim_core::json;
use claim_core::{Bundle, FactOutcome, FactRecord, TokenRequest, TokenShape};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Map, Value, json};

/// A sign-in under a contract.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The compiled contract.
    pub bundle: Bundle,
    /// The text of the contract, to read.
    pub contract: String,
    /// The event's text.
    pub event: String,
    /// What came of each lookup.
    pub facts: Vec<FactRecord>,
}

impl SignIn {
    /// Returns what the event asks for.
    ///
    /// # Panics
    ///
    /// Panics if it is no event.
    #[must_use]
    pub fn request(&self) -> TokenRequest {
        event::read(&self.event, NOW).expect("an event").request
    }

    /// Returns the tokens that Cognito makes of the answer that a function gives it.
    ///
    /// # Panics
    ///
    /// Panics if the answer cannot be read back.
    #[must_use]
    pub fn tokens(&self, shape: &TokenShape) -> Tokens {
        let event = event::read(&self.event, NOW).expect("an event");
        let answer = event.answer(shape);
        let members = json::members(&answer).expect("an answer is json");
        let response = members.iter().find(|member| member.name == "response").expect("it has a response");
        let response = json::read(response.text).expect("json");
        let read = read_response(event.request.version, &response).expect("the response has its form");
        apply(event.request.version, &plain_tokens(&event.request), &read)
    }
}

/// The time of every generated request.
pub const NOW: u64 = 1_700_000_000;

const TEXTS: [&str; 14] = [
    "",
    "a",
    "pro",
    "admin",
    "staff",
    "é",
    "x y",
    "a\"b",
    "[admin]",
    "1",
    "true",
    "\u{feff}b",
    "\u{1f600}",
    "a,admin",
];
const MEMBERS: [&str; 8] = ["a", "b", "tier", "n", "perms", "groups", "role", "é"];

/// Makes a runner whose cases are the same each time, unless `LAWS` says another seed: `LAWS=7 cargo test -p corpus --test laws`.
///
/// # Panics
///
/// Panics if `LAWS` is no number.
#[must_use]
pub fn runner(cases: u32) -> TestRunner {
    let seed = std::env::var("LAWS").map_or(0, |seed| seed.parse::<u64>().expect("`LAWS` is a number"));
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    // The corpus keeps what was found, in its own form.
    let config =
        Config { cases, failure_persistence: None, max_global_rejects: cases * 20, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![4 => select(&TEXTS[..]).prop_map(str::to_owned), 1 => "\\PC{0,12}"]
}

fn scalars() -> impl Strategy<Value = Value> {
    prop_oneof![
        texts().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        (-5i64..20).prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        select(&[0.5, -0.0, 1e21, 1.5e-7, 1e300, 2.0][..]).prop_map(Value::from),
    ]
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![6 => scalars(), 1 => Just(Value::Null)];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(select(&MEMBERS[..]).prop_map(str::to_owned), inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// What a claim may be that is written in a contract, which cannot say null.
fn written() -> impl Strategy<Value = Value> {
    prop_oneof![3 => scalars(), 1 => vec(texts(), 0..3).prop_map(Value::from), 1 => Just(json!({ "k": [1, "x"] }))]
}

fn words(all: &'static [&'static str], least: usize) -> impl Strategy<Value = Value> {
    subsequence(all.to_vec(), least..=all.len()).prop_map(Value::from)
}

const FROM: [&str; 14] = [
    "/facts/p",
    "/facts/p/tier",
    "/facts/p/a",
    "/facts/p/n",
    "/facts/p/perms",
    "/facts/q/b",
    "/user/name",
    "/user/sub",
    "/user/attributes/custom:x",
    "/client/id",
    "/groups",
    "/roles",
    "/now",
    "/event/trigger",
];
const EXPRESSIONS: [&str; 12] = [
    "size(groups)",
    "user.attributes[\"custom:x\"]",
    "facts.p.n + 1",
    "facts.p.tier == \"pro\" ? \"a\" : \"b\"",
    "groups.filter(g, g != \"staff\")",
    "has(facts.p.a) ? facts.p.a : \"none\"",
    "string(now)",
    "\"staff\" in groups",
    "facts.p.perms.map(x, x)",
    "facts.q.b.size() > 2",
    "user.name + \"@\" + client.id",
    "{\"a\": groups, \"b\": now}",
];
const CONDITIONS: [&str; 5] =
    ["true", "\"staff\" in groups", "facts.p.n > 3", "user.status == \"CONFIRMED\"", "has(facts.q.b)"];
const CLAIMS: [&str; 8] = ["tier", "n", "perms", "obj", "email", "given_name", "acme:x", "é"];
const TRIGGERS: [&str; 3] = ["Authentication", "RefreshTokens", "ClientCredentials"];
const CLIENTS: [&str; 2] = ["c1", "c2"];

fn source() -> impl Strategy<Value = (&'static str, Value)> {
    prop_oneof![
        3 => select(&FROM[..]).prop_map(|from| ("from", Value::from(from))),
        2 => select(&EXPRESSIONS[..]).prop_map(|text| ("expression", Value::from(text))),
        1 => written().prop_map(|value| ("value", value)),
        1 => Just(("logic", Value::from("r"))),
    ]
}

/// Adds what is there to a mapping.
fn with<const N: usize>(mut map: Map<String, Value>, more: [(&str, Option<Value>); N]) -> Value {
    map.extend(more.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    Value::Object(map)
}

fn conditions() -> impl Strategy<Value = [(&'static str, Option<Value>); 3]> {
    let when = option::weighted(0.2, select(&CONDITIONS[..]).prop_map(Value::from));
    let triggers = option::weighted(0.1, words(&TRIGGERS, 1));
    let clients = option::weighted(0.1, words(&CLIENTS, 1));
    (when, triggers, clients)
        .prop_map(|(when, triggers, clients)| [("when", when), ("triggers", triggers), ("clients", clients)])
}

fn claim() -> impl Strategy<Value = Value> {
    let on_error = option::weighted(0.6, select(&["omit", "refuse", "default"][..]).prop_map(Value::from));
    let kind =
        option::weighted(0.2, select(&["string", "integer", "array", "boolean"][..]).prop_map(Value::from));
    let v1 = option::weighted(0.3, select(&["json", "omit"][..]).prop_map(Value::from));
    let default = option::weighted(0.4, scalars());
    (source(), words(&["access", "id"], 1), default, on_error, kind, v1, conditions()).prop_map(
        |((key, value), tokens, default, on_error, kind, v1, [when, triggers, clients])| {
            let on_error = on_error.filter(|word| *word != "default" || default.is_some());
            let map = Map::from_iter([(key.to_owned(), value), ("tokens".to_owned(), tokens)]);
            with(
                map,
                [
                    ("default", default),
                    ("onError", on_error),
                    ("type", kind),
                    ("v1", v1),
                    when,
                    triggers,
                    clients,
                ],
            )
        },
    )
}

fn names_rule(pointers: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let word = || option::of(select(&["keep", "clear", "refuse"][..]).prop_map(Value::from));
    (select(pointers), word(), word(), conditions()).prop_map(
        |(from, missing, empty, [when, triggers, clients])| {
            let map = Map::from_iter([("from".to_owned(), Value::from(from))]);
            with(map, [("onMissing", missing), ("onEmpty", empty), when, triggers, clients])
        },
    )
}

fn scope() -> impl Strategy<Value = Value> {
    prop_oneof![
        select(&["orders/read", "orders/write", "openid"][..]).prop_map(Value::from),
        select(&FROM[..]).prop_map(|from| json!({ "from": from, "onError": "omit" })),
    ]
}

fn fact() -> impl Strategy<Value = Value> {
    let word = || select(&["empty", "refuse"][..]);
    let key = select(&["user.name", "user.sub", "client.id", "\"k#\" + user.name"][..]);
    let fields = option::weighted(0.2, Just(json!(["a", "b", "tier", "n", "perms", "groups", "role"])));
    (key, word(), word(), fields, any::<bool>()).prop_map(|(key, missing, error, fields, consistent)| {
        let map = Map::from_iter([
            ("table".to_owned(), json!("t")),
            ("key".to_owned(), json!({ "id": key })),
            ("onMissing".to_owned(), json!(missing)),
            ("onError".to_owned(), json!(error)),
            ("consistent".to_owned(), json!(consistent)),
        ]);
        with(map, [("fields", fields)])
    })
}

fn contracts() -> impl Strategy<Value = Value> {
    let claims = btree_map(select(&CLAIMS[..]).prop_map(str::to_owned), claim(), 0..5);
    let groups = option::weighted(0.3, names_rule(&["/facts/p/groups", "/facts/q/b", "/groups"]));
    let roles = option::weighted(0.1, names_rule(&["/facts/p/role", "/roles"]));
    let scopes = option::weighted(
        0.4,
        (vec(scope(), 0..3), words(&["openid", "orders/read"], 0))
            .prop_map(|(add, suppress)| json!({ "add": add, "suppress": suppress })),
    );
    let suppress = option::weighted(
        0.3,
        (words(&["email", "phone_number", "tier"], 0), words(&["tier", "obj"], 0))
            .prop_map(|(id, access)| json!({ "id": id, "access": access })),
    );
    let clients = option::weighted(0.1, Just(json!({ "c1": { "without": ["tier"] } })));
    ((fact(), fact()), claims, groups, roles, scopes, suppress, clients).prop_map(
        |((p, q), claims, groups, roles, scopes, suppress, clients)| {
            let asks = claims.values().any(|claim| claim.get("logic").is_some());
            let logic = asks.then(|| json!({ "r": { "file": "r.wasm", "sha256": "0".repeat(64) } }));
            let map = Map::from_iter([
                ("version".to_owned(), json!(1)),
                ("facts".to_owned(), json!({ "p": p, "q": q })),
                ("claims".to_owned(), Value::Object(claims.into_iter().collect())),
            ]);
            with(
                map,
                [
                    ("logic", logic),
                    ("groups", groups),
                    ("roles", roles),
                    ("scopes", scopes),
                    ("suppress", suppress),
                    ("clients", clients),
                ],
            )
        },
    )
}

fn events() -> impl Strategy<Value = Value> {
    let user = (
        option::weighted(0.9, texts()),
        option::of(texts()),
        words(&["staff", "admin", "x y"], 0),
        any::<bool>(),
    );
    let person = (select(&["1", "2", "3"][..]), select(&TRIGGERS[..2]), user, select(&CLIENTS[..]), option::of(texts())).prop_map(
        |(version, trigger, (name, attribute, groups, roles), client, metadata)| {
            let role = "arn:aws:iam::111122223333:role/staff";
            let mut attributes = json!({ "sub": "u-1", "email": "kim@example.org", "cognito:user_status": "CONFIRMED" });
            if let Some(text) = attribute {
                attributes["custom:x"] = text.into();
            }
            let mut event = json!({
                "version": version, "triggerSource": format!("TokenGeneration_{trigger}"), "region": "eu-west-1",
                "userPoolId": "eu-west-1_Ab12Cd34E", "callerContext": { "awsSdkVersion": "x", "clientId": client },
                "request": {
                    "userAttributes": attributes,
                    "groupConfiguration": {
                        "groupsToOverride": groups, "iamRolesToOverride": if roles { vec![role] } else { vec![] },
                        "preferredRole": roles.then_some(role),
                    },
                    "clientMetadata": metadata.map(|text| json!({ "campaign": text })), "scopes": ["openid", "orders/read"],
                },
                "response": null,
            });
            if let Some(name) = name {
                event["userName"] = name.into();
            }
            event
        },
    );
    let machine = select(&CLIENTS[..]).prop_map(|client| {
        json!({
            "version": "3", "triggerSource": "TokenGeneration_ClientCredentials", "region": "eu-west-1",
            "userPoolId": "eu-west-1_Ab12Cd34E", "callerContext": { "clientId": client },
            "request": { "scopes": ["orders/read"] }, "response": null,
        })
    });
    prop_oneof![6 => person, 1 => machine]
}

fn outcomes() -> impl Strategy<Value = FactOutcome> {
    let record = btree_map(select(&MEMBERS[..]).prop_map(str::to_owned), values(), 0..6);
    prop_oneof![
        8 => record.prop_map(|members| {
            let text = Value::Object(members.into_iter().collect()).to_string();
            FactOutcome::Found(claim_core::json::read(&text).expect("serde writes json"))
        }),
        1 => Just(FactOutcome::Missing),
        1 => Just(FactOutcome::Failed),
    ]
}

/// What a logic component says of its claims; nothing if it breaks.
fn said() -> impl Strategy<Value = FactRecord> {
    let claims = btree_map(select(&CLAIMS[..]).prop_map(str::to_owned), values(), 0..5);
    option::weighted(0.8, claims).prop_map(|claims| {
        let claims = claims.map(|claims| {
            let text = Value::Object(claims.into_iter().collect()).to_string();
            let claims = json::read(&text).expect("serde writes json");
            claims.as_object().cloned().expect("an object")
        });
        FactRecord::of_logic("r", claims)
    })
}

/// Sign-ins under contracts without mistakes.
pub fn sign_ins() -> impl Strategy<Value = SignIn> {
    let compiled = contracts().prop_filter_map("a contract with mistakes", |contract| {
        let contract = contract.to_string();
        Some((compile(&contract).bundle?, contract))
    });
    (compiled, events(), outcomes(), outcomes(), said()).prop_map(|((bundle, contract), event, p, q, r)| {
        let mut facts: Vec<FactRecord> = [("p", p), ("q", q)]
            .into_iter()
            .map(|(name, outcome)| FactRecord { name: name.to_owned(), outcome })
            .collect();
        // As a host does: it asks nobody whom the contract does not name.
        facts.extend(Some(r).filter(|_| !bundle.logic.is_empty()));
        SignIn { bundle, contract, event: event.to_string(), facts }
    })
}
