//! What the reader takes and refuses.

use super::{MAX_DEPTH, ReadErrorKind, members, read};

#[test]
fn what_is_written_is_read_back() {
    for text in [
        r#"{"a":[1,2.5,"x",true,false,null],"b":{}}"#,
        r#""\u0000\u001f\"\\/é😀""#,
        "[]",
        "-9223372036854775808",
    ] {
        let value = read(text).unwrap();
        assert_eq!(read(&value.to_string()).unwrap(), value, "{text}");
    }
    assert_eq!(read(r#""\ud83d\ude00""#).unwrap().as_str(), Some("😀"));
}

#[test]
fn what_is_not_json_is_refused_with_its_reason() {
    use ReadErrorKind::{DuplicateMember, InexactNumber, LoneSurrogate, Syntax, Truncated};
    for (text, kind) in [
        ("", Truncated),
        ("{", Truncated),
        ("[1,]", Syntax),
        ("{\"a\":1,}", Syntax),
        ("01", Syntax),
        ("1.", Truncated),
        ("+1", Syntax),
        ("nul", Syntax),
        ("'a'", Syntax),
        ("\"a\nb\"", Syntax),
        ("\"\\x\"", Syntax),
        ("[1] 2", Syntax),
        ("{\"a\":1,\"\\u0061\":2}", DuplicateMember),
        ("1e999", InexactNumber),
        ("\"\\ud800\"", LoneSurrogate),
        ("\"\\udc00\\ud800\"", LoneSurrogate),
    ] {
        assert_eq!(read(text).map_err(|error| error.kind), Err(kind), "{text}");
    }
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(&nested(MAX_DEPTH)).is_ok());
    assert_eq!(read(&nested(MAX_DEPTH + 1)).map_err(|e| e.kind), Err(ReadErrorKind::TooDeep));
    assert_eq!(read(&nested(3_000_000)).map_err(|e| e.kind), Err(ReadErrorKind::TooDeep));
}

#[test]
fn members_keep_their_text() {
    let text = r#" {"n": 123456789012345678901234567890 , "o":{ "a" : 1.0 }}"#;
    let found = members(text).unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].text, "123456789012345678901234567890");
    assert_eq!(found[1].text, r#"{ "a" : 1.0 }"#);
    assert_eq!(text.find(found[1].text), Some(found[1].offset));
    assert!(members("[]").is_err());
    assert!(members(r#"{"a":1,"a":1}"#).is_err());
}
