//! Who may call what.

use claim_core::authorize::{Grants, authorize};
use claim_core::contract::Route;
use corpus::decisions::wrong;

#[test]
fn every_call_is_decided_as_the_vectors_say() {
    let wrong = wrong(authorize);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_route_that_another_one_covers_need_not_be_said() {
    let compact = |routes: &[&str]| {
        let allow = routes.iter().map(|route| Route::parse(route).expect("a route")).collect();
        let grants = Grants { allow, ..Grants::default() };
        grants
            .compact()
            .allow
            .iter()
            .map(|route| format!("{} {}", route.method(), route.path()))
            .collect::<Vec<_>>()
    };
    assert_eq!(compact(&["GET /a*", "GET /ab", "GET /b"]), ["GET /a*", "GET /b"]);
    // In the order of texts a star stands behind a percent sign.
    assert_eq!(compact(&["GET /*", "GET /%7e"]), ["GET /*"]);
    // What would take too long to compare stays, and means the same.
    let hostile: Vec<String> =
        (0..1_000).map(|index| format!("GET /*{}{index:03}", "a".repeat(240))).collect();
    let started = std::time::Instant::now();
    assert_eq!(compact(&hostile.iter().map(String::as_str).collect::<Vec<_>>()).len(), 1_000);
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
    let many: Vec<String> =
        (0..400).map(|index| format!("GET /{index}*")).chain(["GET /*".to_owned()]).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!((compact(&many).len(), compact(&many[101..]).len()), (401, 1));
    // Two that mean the same are one.
    assert_eq!(compact(&["GET /a*", "GET /a**"]).len(), 1);
    // A method covers its own, `*` those of HTTP.
    assert_eq!(compact(&["GET /a*", "POST /ab"]).len(), 2);
    assert_eq!(compact(&["* /a*", "POST /ab", "GET /a*"]), ["* /a*"]);
    assert_eq!(compact(&["* /a", "GET /a", "GET /b"]), ["* /a", "GET /b"]);
    assert_eq!(compact(&["* /*", "$connect", "EVENT_SUBSCRIBE /x"]), ["$connect ", "* /*"]);
    // A star that is covered needs a star that covers it.
    assert_eq!(compact(&["GET /a", "GET /*a", "GET /a/*/b", "GET /a/x/b"]), ["GET /*a", "GET /a/*/b"]);
}
