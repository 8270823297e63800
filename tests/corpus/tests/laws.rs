//! Laws that hold of every contract, event and record, tried on those that nobody thought of.

use claim_core::authorize::authorize;
use claim_core::backend;
use claim_core::cognito::{Token, Touch, event, guard, plain_tokens, touch};
use claim_core::contract::compile;
use claim_core::json::{self, Object, Value};
use claim_core::preview::Preview;
use claim_core::{Bundle, Refusal, TokenRequest, TokenShape, shape};
use corpus::callers::{CALLS, authorizes, call, callers};
use corpus::generated::{NOW, SignIn, runner, sign_ins};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;

/// How many cases each law is tried on.
const CASES: u32 = 600;

/// Tries a law on sign-ins that the contract does not refuse.
fn of_every_shape(law: impl Fn(&SignIn, &TokenRequest, &TokenShape) -> Result<(), TestCaseError>) {
    let shaped = std::cell::Cell::new(0);
    let tried = runner(CASES).run(&sign_ins(), |sign_in| {
        let request = sign_in.request();
        match shape(&sign_in.bundle, &request, &sign_in.facts) {
            Ok(shape) => {
                shaped.set(shaped.get() + 1);
                law(&sign_in, &request, &shape)
            }
            // `shape` asks the guard itself: where that refuses, our logic has answered what Cognito does not take.
            Err(Refusal::Rejected(code)) => Err(TestCaseError::fail(format!("rejected: {code}"))),
            Err(_) => Ok(()),
        }
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
    assert!(shaped.get() > CASES / 3, "only {} of {CASES} sign-ins had a shape", shaped.get());
}

#[test]
fn the_guard_takes_what_our_logic_answers() {
    of_every_shape(|_, request, shape| {
        prop_assert_eq!(guard(request, shape), Ok(()));
        Ok(())
    });
}

#[test]
fn no_shape_names_a_claim_of_cognitos() {
    // As AWS's documentation lists them, and not as our table does.
    const OF_BOTH: [&str; 12] = [
        "auth_time",
        "exp",
        "iat",
        "iss",
        "jti",
        "origin_jti",
        "sub",
        "token_use",
        "event_id",
        "cognito:username",
        "identities",
        "acr",
    ];
    of_every_shape(|_, _, shape| {
        for token in Token::ALL {
            let claims = shape.claims(token);
            for name in claims.add.keys() {
                prop_assert!(!OF_BOTH.contains(&name.as_str()), "{}", name);
                prop_assert!(matches!(touch(token, name), Touch::Free | Touch::ClientId), "{}", name);
            }
            for name in &claims.suppress {
                prop_assert!(!OF_BOTH.contains(&name.as_str()), "{}", name);
            }
        }
        Ok(())
    });
}

#[test]
fn the_answer_makes_the_tokens_that_a_preview_shows() {
    of_every_shape(|sign_in, request, shape| {
        let preview = Preview::of(&sign_in.bundle, request, &sign_in.facts).expect("it is shaped");
        prop_assert_eq!(sign_in.tokens(shape), preview.shaped);
        Ok(())
    });
}

#[test]
fn suppressing_beats_adding() {
    of_every_shape(|sign_in, request, shape| {
        let tokens = sign_in.tokens(shape);
        for (token, claims) in [(Token::Access, Some(&tokens.access)), (Token::Id, tokens.id.as_ref())] {
            let changed = claim_core::cognito::may_change(request, token);
            for name in sign_in.bundle.suppress.of(token).iter().filter(|_| changed) {
                prop_assert!(!shape.claims(token).add.contains_key(name), "{}", name);
                prop_assert!(!claims.is_some_and(|claims| claims.contains_key(name)), "{}", name);
            }
        }
        for scope in &shape.scopes.suppress {
            prop_assert!(!shape.scopes.add.contains(scope), "{}", scope);
            let scopes = tokens.access.get("scope").and_then(Value::as_str).unwrap_or_default();
            prop_assert!(!scopes.split(' ').any(|other| other == scope), "{}", scopes);
        }
        Ok(())
    });
}

#[test]
fn groups_are_as_they_were_unless_the_contract_speaks_of_them() {
    of_every_shape(|sign_in, request, shape| {
        let bundle = &sign_in.bundle;
        if bundle.groups.is_some() || bundle.roles.is_some() || bundle.preferred_role.is_some() {
            return Ok(());
        }
        prop_assert_eq!(&shape.groups, &None);
        let answer = event::read(&sign_in.event, NOW).expect("an event").answer(shape);
        prop_assert!(!answer.contains("groupOverrideDetails"), "{}", answer);
        let (plain, tokens) = (plain_tokens(request), sign_in.tokens(shape));
        for name in ["cognito:groups", "cognito:roles", "cognito:preferred_role"] {
            prop_assert_eq!(plain.access.get(name), tokens.access.get(name));
        }
        Ok(())
    });
}

/// The same JSON with the members of every object the other way round.
fn turned(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Object(members) => {
            let members = members
                .iter()
                .rev()
                .map(|(name, value)| format!("{}: {}", serde_json::json!(name), turned(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(" , "))
        }
        serde_json::Value::Array(elements) => {
            format!("[{}]", elements.iter().map(turned).collect::<Vec<_>>().join(","))
        }
        scalar => scalar.to_string(),
    }
}

#[test]
fn the_order_of_members_means_nothing() {
    of_every_shape(|sign_in, _, shaped| {
        let other = turned(&serde_json::from_str(&sign_in.event).expect("json"));
        let other = event::read(&other, NOW).expect("an event");
        prop_assert_eq!(&shape(&sign_in.bundle, &other.request, &sign_in.facts).expect("a shape"), shaped);
        let contract = turned(&serde_json::from_str(&sign_in.contract).expect("json"));
        let bundle = compile(&contract).bundle.expect("no mistakes");
        prop_assert_eq!(bundle.to_text(), sign_in.bundle.to_text());
        Ok(())
    });
}

#[test]
fn what_is_kept_for_a_token_is_what_a_fresh_decision_says() {
    let tried = runner(CASES).run(&(authorizes(), callers()), |(contract, claims)| {
        let bundle: Bundle = compile(&contract).bundle.expect("no mistakes");
        let kept =
            authorize(&bundle, &call(&claims, "GET", "/a")).grants.expect("no rule asks about the call");
        let compact = kept.clone().compact();
        for method in ["GET", "POST", "DELETE", "HEAD"] {
            for path in CALLS {
                let asked = call(&claims, method, path);
                let fresh = authorize(&bundle, &asked);
                prop_assert_eq!(
                    kept.allow(method, path),
                    fresh.is_allowed(),
                    "{} {} {}",
                    method,
                    path,
                    contract
                );
                prop_assert_eq!(
                    compact.allow(method, path),
                    fresh.is_allowed(),
                    "{} {} {}",
                    method,
                    path,
                    contract
                );
            }
        }
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
}

const CARRIED: &str = "version: 1
claims:
  word: { from: /client/id, tokens: [access], type: string }
  count: { value: 1, tokens: [access], type: integer }
  ratio: { value: 1, tokens: [access], type: number }
  flag: { value: true, tokens: [access], type: boolean }
  words: { value: [a], tokens: [access], type: array, items: string }
  counts: { value: [1], tokens: [access], type: array, items: integer }
authorize:
  token: access
  rules: [ { routes: ['* /*'] } ]
  context:
    word: /claims/word
    count: /claims/count
    ratio: /claims/ratio
    flag: /claims/flag
    words: { from: /claims/words, json: true }
    counts: { from: /claims/counts, json: true }
";

/// What stands between two blanks or commas, and is not taken for JSON.
fn element() -> impl Strategy<Value = String> {
    "[a-z:/_.-][a-zA-Z0-9:/_.-]{0,8}"
        .prop_filter("json", |text| serde_json::from_str::<serde_json::Value>(text).is_err())
}

fn carried() -> impl Strategy<Value = Object> {
    let text =
        prop_oneof![element(), select(&["true", "1", "[a]", "a,b", "", "é"][..]).prop_map(str::to_owned)];
    let number = prop_oneof![any::<i32>().prop_map(f64::from), -1e6..1e6];
    (text, any::<i32>(), number, any::<bool>(), vec(element(), 1..4), vec(any::<i32>(), 1..4)).prop_map(
        |(word, count, ratio, flag, words, counts)| {
            let claims = serde_json::json!({ "word": word, "count": count, "ratio": ratio, "flag": flag, "words": words, "counts": counts });
            json::read(&claims.to_string()).ok().and_then(|claims| claims.as_object().cloned()).expect("an object")
        },
    )
}

/// A value as a gateway writes it where it has texts only.
fn as_text(value: &Value, list: fn(&[String]) -> String) -> Value {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match value {
        Value::Array(elements) => list(&elements.iter().map(plain).collect::<Vec<_>>()).into(),
        other => plain(other).into(),
    }
}

#[test]
fn what_a_gateway_hands_on_is_read_back() {
    let bundle = compile(CARRIED).bundle.expect("no mistakes");
    let read = |authorizer: Value| {
        let event = Value::from([("requestContext", Value::from([("authorizer", authorizer)]))]);
        backend::read(&bundle, &event.to_string()).map(|received| received.values)
    };
    let tried = runner(CASES).run(&carried(), |claims| {
        let context = authorize(&bundle, &call(&claims, "GET", "/")).context;
        // A context of texts (REST), and one of values (HTTP, and AppSync in its own place).
        let texts = context.iter().map(|(name, value)| (name.clone(), as_text(value, |_| String::new())));
        prop_assert_eq!(read(Value::Object(texts.collect())), Some(claims.clone()));
        prop_assert_eq!(
            read(Value::from([("lambda", Value::Object(context.clone()))])),
            Some(claims.clone())
        );
        let identity =
            Value::from([("identity", Value::from([("resolverContext", Value::Object(context))]))]);
        let received = backend::read(&bundle, &identity.to_string()).map(|received| received.values);
        prop_assert_eq!(received.as_ref(), Some(&claims));
        // The gateways' own verifiers: texts, with lists in two spellings.
        let spelled = |list: fn(&[String]) -> String| {
            Value::Object(claims.iter().map(|(name, value)| (name.clone(), as_text(value, list))).collect())
        };
        let http = spelled(|elements| format!("[{}]", elements.join(" ")));
        let rest = spelled(|elements| elements.join(","));
        prop_assert_eq!(read(Value::from([("jwt", Value::from([("claims", http)]))])), Some(claims.clone()));
        prop_assert_eq!(read(Value::from([("claims", rest)])), Some(claims.clone()));
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn the_same_question_has_the_same_answer() {
    // A law about order is empty if the answer does not depend on what is asked.
    let (mut answers, mut asked) = (std::collections::BTreeSet::new(), 0);
    let seen = std::cell::RefCell::new((&mut answers, &mut asked));
    let tried =
        runner(CASES / 4).run(&(sign_ins(), btree_map("[a-z]{1,3}", any::<bool>(), 0..3)), |(sign_in, _)| {
            let event = event::read(&sign_in.event, NOW).expect("an event");
            let answer =
                || shape(&sign_in.bundle, &event.request, &sign_in.facts).map(|shape| event.answer(&shape));
            prop_assert_eq!(answer(), answer());
            let mut seen = seen.borrow_mut();
            *seen.1 += 1;
            if let Ok(text) = answer() {
                seen.0.insert(text);
            }
            Ok(())
        });
    tried.unwrap_or_else(|error| panic!("{error}"));
    assert!(answers.len() * 3 > asked, "{} different answers to {asked} questions", answers.len());
}
