//! Our JSON reader against `serde_json`, on texts and on their mutations.

use claim_core::json;
use corpus::dice::Dice;

const SEEDS: [&str; 12] = [
    r#"{"a":[1,2.5,-3e2,true,false,null,"x\n\u00e9\ud83d\ude00"],"b":{"c":{}}}"#,
    r#"[[],{},"",0,-0,0.0,1E5,1e-5,9007199254740993,18446744073709551615]"#,
    r#"{"version":"2","userName":"kim","request":{"userAttributes":{"sub":"u"}},"response":null}"#,
    "  \t\r\n[ 1 , 2 ]  ",
    r#""\"\\\/\b\f\n\r\t""#,
    "123456789",
    "-0.5e+10",
    "true",
    "\"\u{7f}é\u{2028}\u{10ffff}\"",
    r#"{"a":1,"b":2,"c":[{"d":[{"e":[]}]}]}"#,
    r#"{"":""}"#,
    "[1.7976931348623157e308,5e-324,0.1,100000000000000000000.5]",
];

/// What separates the two on purpose: bounds, repeated members, numbers that a double would change.
fn stricter(kind: json::ReadErrorKind) -> bool {
    use json::ReadErrorKind::{DuplicateMember, InexactNumber, TooDeep};
    matches!(kind, DuplicateMember | InexactNumber | TooDeep)
}

fn compare(text: &str) {
    let theirs = serde_json::from_str::<serde_json::Value>(text);
    match json::read(text) {
        Ok(value) => {
            let theirs = theirs.unwrap_or_else(|error| panic!("only ours takes {text:?}: {error}"));
            let again: serde_json::Value = serde_json::from_str(&value.to_string()).expect("we write json");
            assert!(same(&theirs, &again), "{text:?}\n ours {again}\n theirs {theirs}");
            assert_eq!(json::read(&value.to_string()).as_ref(), Ok(&value), "{text:?} is not read back");
            assert_eq!(value.text_len(), value.to_string().len());
        }
        Err(error) if stricter(error.kind) => {}
        Err(error) => assert!(theirs.is_err(), "only ours refuses {text:?}: {error}"),
    }
    compare_passing_over(text);
}

/// Passing over values, as pages do, takes what reading takes; numbers may have any size there.
fn compare_passing_over(text: &str) {
    use json::ReadErrorKind::{DuplicateMember, InexactNumber};
    let read = json::read(text);
    let kind = read.as_ref().err().map(|error| error.kind);
    let is_json = matches!(kind, None | Some(InexactNumber | DuplicateMember));
    // A reader stops at the first thing that it minds: a number or a name may stand before what is no JSON.
    if kind.is_none() || !is_json {
        assert_eq!(json::is_json(text), is_json, "{text:?}");
    }
    if !text.trim_start().starts_with('{') {
        return;
    }
    match (json::unique_members(text), read) {
        (Ok(members), Ok(value)) => {
            let members: Vec<(String, json::Value)> = members
                .into_iter()
                .map(|member| (member.name.into_owned(), json::read(member.text).expect("a value is json")))
                .collect();
            let all = value.as_object().expect("it begins as an object");
            assert_eq!(members.len(), all.len(), "{text:?}");
            assert!(members.iter().all(|(name, value)| all.get(name) == Some(value)), "{text:?}");
            assert!(json::members(text).is_ok(), "{text:?}");
        }
        (Ok(_), Err(error)) => assert_eq!(error.kind, InexactNumber, "{text:?}"),
        (Err(error), Ok(_)) => panic!("{text:?} is read, and not passed over: {error}"),
        (Err(_), Err(_)) => {}
    }
}

fn same(a: &serde_json::Value, b: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Number, Object};
    match (a, b) {
        (Number(a), Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Array(a), Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Object(a), Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

/// What a page shows of claims: whatever the text, an answer, and one line for each claim at most.
fn show(text: &str) {
    if let Ok(reading) = claim_core::present::read_payload(text, claim_core::present::Expected::Any) {
        let rows = claim_core::present::rows(text, "", "en").expect("no contract is none");
        let keys = rows.rows.iter().map(|row| row.keys.len()).sum::<usize>();
        let claims: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(text).unwrap_or_else(|error| panic!("only ours takes {text:?}: {error}"));
        assert_eq!(keys, claims.len(), "{text:?}");
        let answer = rows.to_text();
        assert!(json::read(&answer).is_ok(), "{answer}");
        let meta = reading.to_text();
        assert!(meta.split_once('\n').is_some_and(|(meta, _)| json::read(meta).is_ok()), "{meta}");
    }
}

#[test]
fn both_readers_agree_on_the_seeds() {
    SEEDS.into_iter().for_each(compare);
}

#[test]
fn both_readers_agree_on_mutations() {
    const ALPHABET: &[u8] = br#"{}[]":,\/ntu0123456789eE+-.truefalsn "#;
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for _ in 0..60_000 {
        let mut text = SEEDS[dice.roll(SEEDS.len())].as_bytes().to_vec();
        for _ in 0..=dice.roll(3) {
            let at = dice.roll(text.len().max(1));
            let byte = ALPHABET[dice.roll(ALPHABET.len())];
            match dice.roll(4) {
                0 if at < text.len() => drop(text.remove(at)),
                1 => text.insert(at.min(text.len()), byte),
                2 if at < text.len() => text[at] = byte,
                _ => text.truncate(at),
            }
        }
        if let Ok(text) = String::from_utf8(text) {
            compare(&text);
            show(&text);
        }
    }
}

#[test]
fn every_value_has_a_kind() {
    let kinds = [
        ("null", "null"),
        ("true", "boolean"),
        ("-7", "integer"),
        ("1.5", "number"),
        ("\"\"", "string"),
        ("[]", "array"),
        ("{}", "object"),
    ];
    for (text, kind) in kinds {
        assert_eq!(json::read(text).expect("json").kind(), kind);
    }
}

#[test]
fn a_text_is_written_as_serde_json_writes_it() {
    for character in '\0'..='\u{ff}' {
        let text = format!("a{character}b");
        let written = json::Value::from(text.as_str()).to_string();
        assert_eq!(written, serde_json::to_string(&text).expect("a text is written"));
        assert_eq!(json::Value::from(text.as_str()).to_text(), written);
        let members = json::Object::from([("a".to_owned(), text.as_str().into())]);
        assert_eq!(json::text(&members), format!("{{\"a\":{written}}}"));
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let said = |text: &str| json::read(text).map_err(|error| error.to_string());
    assert_eq!(said("[1,"), Err("the json text ends too early, at byte 3".to_owned()));
    assert_eq!(
        said(r#"{"a":1,"a":2}"#),
        Err("a json object has two members of one name, at byte 7".to_owned())
    );
}
