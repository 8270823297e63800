//! The life of a pool's keys: rotation under load, and servers that are down, slow or lying.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use conformance::issuer::{Behaviour, KeyServer, NOW, SigningKey, access_claims, key_set};
use conformance::tokens::code;
use corpus::vector_cases;
use host_lambda::keys::{Ages, HttpsSource, KeySource};
use host_lambda::settings::IssuerSetting;
use host_lambda::verify::{Leeway, TokenRefusal, TokenVerifier as _, Verifier, VerifyError};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    steps: Vec<Step>,
}

/// A token comes, in this second; before it the pool may change what it answers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    at: u64,
    pool: Option<Pool>,
    signed: String,
    want: String,
    /// How many fetches the pool has seen by then.
    fetches: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Pool {
    Keys(Vec<String>),
    Status(u16),
    Text(String),
}

/// A time at which tests' tokens are good, so many seconds later.
fn after(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW + seconds)
}

fn verifier(server: &KeyServer, ages: Ages) -> Verifier {
    of_issuers(&[server], ages)
}

/// A verifier of one pool, whose issuer may have more than one form.
fn of_issuers(servers: &[&KeyServer], ages: Ages) -> Verifier {
    let setting = IssuerSetting {
        issuers: servers.iter().map(|server| server.issuer()).collect(),
        clients: vec!["c1".to_owned()],
        name: "pool".to_owned(),
        keys_at: None,
    };
    let source: Arc<dyn KeySource> = Arc::new(HttpsSource::default());
    Verifier::from_settings(&[setting], BTreeMap::new(), &source, ages, Leeway::default())
        .expect("the settings fit")
}

fn long_lived(server: &KeyServer, key: &SigningKey) -> String {
    let mut claims = access_claims(&server.issuer());
    claims["exp"] = (NOW + 1_000_000).into();
    key.token(&claims)
}

#[tokio::test]
async fn keys_live_as_the_vectors_say() {
    let keys = ["k1", "k2"].map(|name| (name, SigningKey::new(name)));
    let key_of = |name: &str| {
        let (_, key) = keys.iter().find(|(own, _)| *own == name).expect("a key of this name");
        key
    };
    let cases = vector_cases::<Case>("keys");
    assert!(cases.len() > 5);
    for (file, case) in cases {
        let server = KeyServer::start(Behaviour::Status(500)).await;
        let verifier = verifier(&server, Ages::default());
        for (number, step) in case.steps.iter().enumerate() {
            match &step.pool {
                None => {}
                Some(Pool::Status(status)) => server.behave(Behaviour::Status(*status)).await,
                Some(Pool::Text(text)) => server.behave(Behaviour::Keys(text.clone())).await,
                Some(Pool::Keys(names)) => {
                    let set: Vec<_> = names.iter().map(|name| key_of(name)).collect();
                    server.behave(Behaviour::Keys(key_set(&set))).await;
                }
            }
            let outcome = verifier.verify(&long_lived(&server, key_of(&step.signed)), after(step.at)).await;
            let got = (code(&outcome), server.requests());
            assert_eq!(got, (step.want.as_str(), step.fetches), "{file}::{} step {number}", case.name);
        }
    }
}

#[tokio::test]
async fn one_fetch_serves_all_who_wait() {
    let key = SigningKey::new("k1");
    let server = KeyServer::start(Behaviour::Slow(Duration::from_millis(200), key_set(&[&key]))).await;
    let verifier = Arc::new(verifier(&server, Ages::default()));
    let token = long_lived(&server, &key);
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let (verifier, token) = (Arc::clone(&verifier), token.clone());
            tokio::spawn(async move { verifier.verify(&token, after(0)).await.is_ok() })
        })
        .collect();
    for task in tasks {
        assert!(task.await.expect("a task ends"));
    }
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn keys_rotate_under_load_and_old_ones_are_trusted_no_more() {
    let (old, new) = (SigningKey::new("k1"), SigningKey::new("k2"));
    let server = KeyServer::start(Behaviour::Keys(key_set(&[&old]))).await;
    let verifier = verifier(&server, Ages::default());
    let (by_old, by_new) = (long_lived(&server, &old), long_lived(&server, &new));
    assert_eq!(code(&verifier.verify(&by_old, after(0)).await), "accepted");
    server.behave(Behaviour::Keys(key_set(&[&old, &new]))).await;
    // Within the cool-down nobody asks again, whatever the name.
    for _ in 0..20 {
        assert_eq!(code(&verifier.verify(&by_new, after(5)).await), "token-unknown-key");
    }
    assert_eq!(server.requests(), 1);
    assert_eq!(code(&verifier.verify(&by_new, after(10)).await), "accepted");
    assert_eq!(code(&verifier.verify(&by_old, after(10)).await), "accepted");
    assert_eq!(server.requests(), 2);
    // The pool takes the old key out: after the soft age its tokens are refused.
    server.behave(Behaviour::Keys(key_set(&[&new]))).await;
    assert_eq!(code(&verifier.verify(&by_old, after(3_000)).await), "accepted");
    assert_eq!(code(&verifier.verify(&by_old, after(3_700)).await), "token-unknown-key");
    assert_eq!(code(&verifier.verify(&by_new, after(3_700)).await), "accepted");
    assert_eq!(server.requests(), 3);
}

#[tokio::test]
async fn names_of_keys_that_nobody_has_cost_one_fetch_in_ten_seconds() {
    let (key, foreign) = (SigningKey::new("k1"), SigningKey::new("x1"));
    let server = KeyServer::start(Behaviour::Keys(key_set(&[&key]))).await;
    let verifier = verifier(&server, Ages::default());
    let forged = long_lived(&server, &foreign);
    for second in 0..60 {
        assert_eq!(code(&verifier.verify(&forged, after(second)).await), "token-unknown-key");
    }
    assert!(server.requests() <= 6, "{} requests", server.requests());
}

#[tokio::test]
async fn a_server_that_never_answered_rightly_is_an_error_and_never_a_denial() {
    let key = SigningKey::new("k1");
    let elsewhere = KeyServer::start(Behaviour::Keys(key_set(&[&key]))).await;
    let behaviours = [
        Behaviour::Status(500),
        Behaviour::Status(403),
        Behaviour::Status(204),
        Behaviour::Redirect(format!("{}/.well-known/jwks.json", elsewhere.issuer())),
        Behaviour::Huge,
        Behaviour::Keys("<html>".to_owned()),
        Behaviour::Keys("{\"keys\":[]}".to_owned()),
        Behaviour::Keys(String::new()),
    ];
    for behaviour in behaviours {
        let server = KeyServer::start(behaviour.clone()).await;
        let verifier = verifier(&server, Ages::default());
        let token = long_lived(&server, &key);
        for _ in 0..25 {
            assert_eq!(code(&verifier.verify(&token, after(0)).await), "keys-unavailable", "{behaviour:?}");
        }
        assert_eq!(server.requests(), 1, "{behaviour:?}: failed attempts count too");
        // What can be said without keys is said.
        let mut claims = access_claims("https://elsewhere.example/pool");
        claims["exp"] = (NOW + 1_000_000).into();
        assert_eq!(code(&verifier.verify(&key.token(&claims), after(0)).await), "token-issuer");
        // It comes back, and so do the callers.
        server.behave(Behaviour::Keys(key_set(&[&key]))).await;
        assert_eq!(code(&verifier.verify(&token, after(10)).await), "accepted", "{behaviour:?}");
    }
    assert_eq!(elsewhere.requests(), 0, "a redirect was followed");
}

#[tokio::test]
async fn a_silent_server_is_waited_for_three_seconds_and_once() {
    let key = SigningKey::new("k1");
    let server = KeyServer::start(Behaviour::Silent).await;
    let verifier = verifier(&server, Ages::default());
    let token = long_lived(&server, &key);
    let started = Instant::now();
    assert_eq!(code(&verifier.verify(&token, after(0)).await), "keys-unavailable");
    let waited = started.elapsed();
    assert!((Duration::from_millis(2_900)..Duration::from_millis(4_500)).contains(&waited), "{waited:?}");
    let started = Instant::now();
    assert_eq!(code(&verifier.verify(&token, after(1)).await), "keys-unavailable");
    assert!(started.elapsed() < Duration::from_millis(500));
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn stale_keys_serve_for_a_bounded_time() {
    let key = SigningKey::new("k1");
    let server = KeyServer::start(Behaviour::Keys(key_set(&[&key]))).await;
    let verifier = verifier(&server, Ages::default());
    let token = long_lived(&server, &key);
    assert_eq!(code(&verifier.verify(&token, after(0)).await), "accepted");
    let mut second = 4_000;
    for behaviour in [Behaviour::Status(500), Behaviour::Huge, Behaviour::Keys("{}".to_owned())] {
        server.behave(behaviour).await;
        assert_eq!(code(&verifier.verify(&token, after(second)).await), "accepted");
        second += 10;
    }
    assert_eq!(server.requests(), 4);
    // A silent server holds nobody up who has keys.
    server.behave(Behaviour::Silent).await;
    let started = Instant::now();
    assert_eq!(code(&verifier.verify(&token, after(7_000)).await), "accepted");
    assert!(started.elapsed() < Duration::from_millis(1_500), "{:?}", started.elapsed());
    // One that is only far away is waited for when the keys are two hours old, so that they do not grow older.
    let far = Behaviour::Slow(Duration::from_millis(900), key_set(&[&key]));
    server.behave(far).await;
    let before = server.requests();
    for second in [7_150, 7_300, 7_320] {
        assert_eq!(code(&verifier.verify(&token, after(second)).await), "accepted");
    }
    assert_eq!(server.requests(), before + 2, "cut at 7,150, whole at 7,300, and fresh at 7,320");
    // After a day nobody knows any more.
    server.behave(Behaviour::Status(500)).await;
    assert_eq!(code(&verifier.verify(&token, after(94_000)).await), "keys-unavailable");
    server.behave(Behaviour::Keys(key_set(&[&key]))).await;
    assert_eq!(code(&verifier.verify(&token, after(94_010)).await), "accepted");
}

#[tokio::test]
async fn a_key_of_one_issuer_is_none_of_another() {
    let (ours, theirs) = (SigningKey::new("same"), SigningKey::new("same"));
    let (server, other) = (
        KeyServer::start(Behaviour::Keys(key_set(&[&ours]))).await,
        KeyServer::start(Behaviour::Keys(key_set(&[&theirs]))).await,
    );
    let setting = |server: &KeyServer, client: &str| IssuerSetting {
        issuers: vec![server.issuer()],
        clients: vec![client.to_owned()],
        name: server.issuer(),
        keys_at: None,
    };
    let settings = [setting(&server, "c1"), setting(&other, "c9")];
    let source: Arc<dyn KeySource> = Arc::new(HttpsSource::default());
    let verifier =
        Verifier::from_settings(&settings, BTreeMap::new(), &source, Ages::default(), Leeway::default())
            .expect("the settings fit");
    verifier.prepare(after(0)).await;
    assert_eq!((server.requests(), other.requests()), (1, 1));
    assert_eq!(code(&verifier.verify(&long_lived(&server, &ours), after(1)).await), "accepted");
    assert_eq!(code(&verifier.verify(&long_lived(&server, &theirs), after(1)).await), "token-signature");
    // The client of one pool is none of the other.
    assert_eq!(
        verifier.verify(&long_lived(&other, &theirs), after(1)).await,
        Err(VerifyError::Refused(TokenRefusal::Client))
    );
    assert_eq!((server.requests(), other.requests()), (1, 1));
}

#[tokio::test]
async fn only_the_first_form_of_an_issuer_is_asked_before_a_token_of_the_other() {
    let key = SigningKey::new("k1");
    let (first, second) = (
        KeyServer::start(Behaviour::Keys(key_set(&[&key]))).await,
        KeyServer::start(Behaviour::Keys(key_set(&[&key]))).await,
    );
    let verifier = of_issuers(&[&first, &second], Ages::default());
    verifier.prepare(after(0)).await;
    assert_eq!((first.requests(), second.requests()), (1, 0));
    assert_eq!(code(&verifier.verify(&long_lived(&second, &key), after(1)).await), "accepted");
    assert_eq!((first.requests(), second.requests()), (1, 1));
}

#[tokio::test]
async fn a_token_of_a_form_that_the_pool_does_not_have_is_denied() {
    let (key, stranger) = (SigningKey::new("k1"), SigningKey::new("x1"));
    for status in [403, 404] {
        let (first, second) = (
            KeyServer::start(Behaviour::Keys(key_set(&[&key]))).await,
            KeyServer::start(Behaviour::Status(status)).await,
        );
        let verifier = of_issuers(&[&first, &second], Ages::default());
        // Anybody can write the other form of the issuer into a token.
        let forged = long_lived(&second, &stranger);
        for second in 0..10 {
            assert_eq!(code(&verifier.verify(&forged, after(second)).await), "token-unknown-key");
        }
        assert_eq!(second.requests(), 1);
        // Whatever else is wrong there is an error: nobody knows.
        second.behave(Behaviour::Status(500)).await;
        assert_eq!(code(&verifier.verify(&forged, after(10)).await), "keys-unavailable");
        // The pool is switched, and its tokens are right. From then on 403 is an outage.
        second.behave(Behaviour::Keys(key_set(&[&key]))).await;
        assert_eq!(code(&verifier.verify(&long_lived(&second, &key), after(20)).await), "accepted");
        second.behave(Behaviour::Status(status)).await;
        assert_eq!(code(&verifier.verify(&forged, after(30)).await), "keys-unavailable");
        // The first form is there, or nobody knows.
        first.behave(Behaviour::Status(status)).await;
        assert_eq!(code(&verifier.verify(&long_lived(&first, &key), after(30)).await), "keys-unavailable");
    }
}

#[tokio::test]
async fn a_fetch_that_fails_ahead_is_tried_again_by_the_first_token() {
    let key = SigningKey::new("k1");
    let server = KeyServer::start(Behaviour::Status(500)).await;
    let verifier = verifier(&server, Ages::default());
    verifier.prepare(after(0)).await;
    server.behave(Behaviour::Keys(key_set(&[&key]))).await;
    assert_eq!(code(&verifier.verify(&long_lived(&server, &key), after(0)).await), "accepted");
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn keys_from_another_address_are_fetched_once_for_all_forms_of_an_issuer() {
    let key = SigningKey::new("k1");
    let (issuer, proxy) = (
        KeyServer::start(Behaviour::Status(500)).await,
        KeyServer::start(Behaviour::Keys(key_set(&[&key]))).await,
    );
    let setting = IssuerSetting {
        issuers: vec![issuer.issuer(), "https://issuer.example.org/pool".to_owned()],
        clients: vec!["c1".to_owned()],
        name: "pool".to_owned(),
        keys_at: Some(proxy.issuer()),
    };
    let source: Arc<dyn KeySource> = Arc::new(HttpsSource::default());
    let verifier =
        Verifier::from_settings(&[setting], BTreeMap::new(), &source, Ages::default(), Leeway::default())
            .expect("the settings fit");
    verifier.prepare(after(0)).await;
    assert_eq!(code(&verifier.verify(&long_lived(&issuer, &key), after(1)).await), "accepted");
    // Where the keys come from is no issuer.
    assert_eq!(code(&verifier.verify(&long_lived(&proxy, &key), after(1)).await), "token-issuer");
    assert_eq!((issuer.requests(), proxy.requests()), (0, 1));
}

#[tokio::test]
async fn a_clock_that_is_set_back_stops_nothing() {
    let (old, new) = (SigningKey::new("k1"), SigningKey::new("k2"));
    let server = KeyServer::start(Behaviour::Keys(key_set(&[&old]))).await;
    let verifier = verifier(&server, Ages::default());
    assert_eq!(code(&verifier.verify(&long_lived(&server, &old), after(5_000)).await), "accepted");
    server.behave(Behaviour::Keys(key_set(&[&new]))).await;
    assert_eq!(code(&verifier.verify(&long_lived(&server, &new), after(100)).await), "accepted");
    assert_eq!(code(&verifier.verify(&long_lived(&server, &old), after(101)).await), "token-unknown-key");
}

#[test]
fn settings_that_speak_of_one_issuer_twice_do_not_start() {
    let key = SigningKey::new("k1");
    let set = || host_lambda::keys::KeySet::read(&key_set(&[&key])).expect("a key set");
    let setting = |issuers: &[&str], name: &str| IssuerSetting {
        issuers: issuers.iter().map(|issuer| (*issuer).to_owned()).collect(),
        clients: vec!["c1".to_owned()],
        name: name.to_owned(),
        keys_at: None,
    };
    let source: Arc<dyn KeySource> = Arc::new(HttpsSource::default());
    let make = |settings: &[IssuerSetting], given| {
        Verifier::from_settings(settings, given, &source, Ages::default(), Leeway::default()).is_ok()
    };
    let (one, both) = (setting(&["https://a"], "https://a"), setting(&["https://a", "https://b"], "pool"));
    assert!(!make(&[one, both], BTreeMap::new()));
    let one = [setting(&["https://a"], "pool")];
    assert!(make(&one, BTreeMap::from([("pool".to_owned(), set())])));
    assert!(!make(&one, BTreeMap::from([("poll".to_owned(), set())])));
    // What can never be fetched is said at the start, and given keys need no address.
    for address in ["http://idp.example.org/p", "https://user:password@idp.example.org/p", "ftp://a"] {
        let one = [setting(&[address], "pool")];
        assert!(!make(&one, BTreeMap::new()), "{address}");
        assert!(make(&one, BTreeMap::from([("pool".to_owned(), set())])), "{address}");
        let said =
            Verifier::from_settings(&one, BTreeMap::new(), &source, Ages::default(), Leeway::default());
        assert!(!said.expect_err(address).contains("password"), "{address}");
    }
}
