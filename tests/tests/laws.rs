//! Laws that hold of every contract, event and record, tried on those that nobody thought of.

use claim_core::authorize::{AccessRequest, authorize};
use claim_core::backend;
use claim_core::cognito::{Token, Tokens, Touch, apply, event, guard, plain_tokens, read_response, touch};
use claim_core::contract::compile;
use claim_core::json::{self, Object, Value};
use claim_core::preview::Preview;
use claim_core::{Bundle, Refusal, TokenRequest, TokenShape, plan, shape};
use conformance::generated::{NOW, SignIn, runner, sign_ins};
use conformance::{Compiled, claims, component, scratch, text};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// How many cases each law is tried on.
const CASES: u32 = 600;

fn request(sign_in: &SignIn) -> TokenRequest {
    event::read(&sign_in.event, NOW).expect("an event").request
}

/// Tries a law on sign-ins that the contract does not refuse.
fn of_every_shape(law: impl Fn(&SignIn, &TokenRequest, &TokenShape) -> Result<(), TestCaseError>) {
    let shaped = std::cell::Cell::new(0);
    let tried = runner(CASES).run(&sign_ins(), |sign_in| {
        let request = request(&sign_in);
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
fn the_component_answers_as_the_core_byte_for_byte() {
    let compiled = Compiled::new(&component());
    let tried = runner(CASES).run(&sign_ins(), |sign_in| {
        let event = event::read(&sign_in.event, NOW).expect("an event");
        let logic = compiled.logic(&sign_in.bundle.to_text());
        let mut session = logic.session().expect("an instance");
        let planned = session.plan(&event.request).map_err(|error| error.code());
        prop_assert_eq!(planned, plan(&sign_in.bundle, &event.request).map_err(|refusal| refusal.code()));
        let answered = session.shape(&event.request, &sign_in.facts).map(|shape| event.answer(&shape));
        let native = shape(&sign_in.bundle, &event.request, &sign_in.facts).map(|shape| event.answer(&shape));
        prop_assert_eq!(answered.map_err(|error| error.code()), native.map_err(|refusal| refusal.code()));
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
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

/// What Cognito makes of the answer that a function gives it.
fn answered(sign_in: &SignIn, request: &TokenRequest, shape: &TokenShape) -> Tokens {
    let event = event::read(&sign_in.event, NOW).expect("an event");
    let answer = event.answer(shape);
    let members = json::members(&answer).expect("an answer is json");
    let response = members.iter().find(|member| member.name == "response").expect("it has a response");
    let response = json::read(response.text).expect("json");
    let read = read_response(request.version, &response).expect("the response has its form");
    apply(request.version, &plain_tokens(request), &read)
}

#[test]
fn the_answer_makes_the_tokens_that_a_preview_shows() {
    of_every_shape(|sign_in, request, shape| {
        let preview = Preview::of(&sign_in.bundle, request, &sign_in.facts).expect("it is shaped");
        prop_assert_eq!(answered(sign_in, request, shape), preview.shaped);
        Ok(())
    });
}

#[test]
fn the_command_prints_the_tokens_that_the_answer_makes() {
    let folder = scratch("laws");
    let file = |name: &str| folder.join(name);
    let tried = runner(25).run(&sign_ins(), |mut sign_in| {
        let request = request(&sign_in);
        // As in a function: a record whose key cannot be made is not there.
        let lookups = plan(&sign_in.bundle, &request).unwrap_or_default();
        sign_in.facts.retain(|record| lookups.iter().any(|lookup| lookup.fact == record.name));
        let Ok(shape) = shape(&sign_in.bundle, &request, &sign_in.facts) else {
            return Ok(());
        };
        let (mut facts, mut arguments) = (Object::new(), Vec::new());
        for record in &sign_in.facts {
            match &record.outcome {
                claim_core::FactOutcome::Found(value) => {
                    drop(facts.insert(record.name.clone(), value.clone()));
                }
                claim_core::FactOutcome::Missing => {}
                claim_core::FactOutcome::Failed => {
                    arguments.extend(["--fail".to_owned(), record.name.clone()]);
                }
            }
        }
        std::fs::write(file("claims.yaml"), &sign_in.contract).expect("written");
        std::fs::write(file("event.json"), &sign_in.event).expect("written");
        std::fs::write(file("facts.json"), Value::Object(facts).to_string()).expect("written");
        for (option, name) in [("--event", "event.json"), ("--facts", "facts.json")] {
            arguments.extend([option.to_owned(), file(name).display().to_string()]);
        }
        let contract = file("claims.yaml").display().to_string();
        let mut words = vec!["preview", &contract, "--format", "json"];
        words.extend(arguments.iter().map(String::as_str));
        let output = claims(&words);
        prop_assert!(output.status.success(), "{}", text(&output.stderr));
        let printed = json::read(text(&output.stdout).trim()).expect("the preview is json");
        let tokens = answered(&sign_in, &request, &shape);
        let shaped = |token: &str| printed.get(token).and_then(|token| token.get("shaped")).cloned();
        prop_assert_eq!(shaped("access"), Some(Value::Object(tokens.access)));
        prop_assert_eq!(shaped("id"), tokens.id.map(Value::Object));
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn suppressing_beats_adding() {
    of_every_shape(|sign_in, request, shape| {
        let tokens = answered(sign_in, request, shape);
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
        let (plain, tokens) = (plain_tokens(request), answered(sign_in, request, shape));
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

const PATHS: [&str; 9] = ["/*", "/a", "/a/*", "/a/b", "/*/b", "/a*", "/", "/b/*/c", "/a/*/c*"];
const CALLS: [&str; 11] =
    ["/", "/a", "/a/", "/a/b", "/a/b/c", "/b", "/b/x/c", "/b/x/y/c", "/ab", "/a/x/cd", "//a"];
const METHODS: [&str; 4] = ["GET", "POST", "DELETE", "*"];

/// A contract that says who may call what, of callers who may have some scopes and groups.
fn authorizes() -> impl Strategy<Value = String> {
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

fn callers() -> impl Strategy<Value = Object> {
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

fn call(claims: &Object, method: &str, path: &str) -> AccessRequest {
    AccessRequest {
        claims: claims.clone(),
        token: Token::Access,
        method: method.to_owned(),
        path: path.to_owned(),
        now: NOW,
    }
}

#[test]
fn what_is_kept_for_a_token_is_what_a_fresh_decision_says() {
    let compiled = Compiled::new(&component());
    let tried = runner(CASES / 4).run(&(authorizes(), callers()), |(contract, claims)| {
        let bundle: Bundle = compile(&contract).bundle.expect("no mistakes");
        let kept =
            authorize(&bundle, &call(&claims, "GET", "/a")).grants.expect("no rule asks about the call");
        let compact = kept.clone().compact();
        let logic = compiled.logic(&bundle.to_text());
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
                if path == "/a/b" {
                    let answered = logic.session().and_then(|mut session| session.authorize(&asked));
                    prop_assert_eq!(answered.map_err(|error| error.code()), Ok(fresh));
                }
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
