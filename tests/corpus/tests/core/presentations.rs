//! What a page shows of a token, natively.

use corpus::presentations::{Case, wrong};
use corpus::vector_cases;
use serde_json::{Value, json};

#[test]
fn tokens_are_shown_as_the_vectors_say() {
    let wrong = wrong(Case::answer, |_| true);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A time as it crosses: null for none.
fn time(of: f64) -> Value {
    if of.is_nan() {
        return Value::Null;
    }
    // Times are whole seconds within 2^53.
    serde_json::from_str(&format!("{of:.0}")).expect("a whole number")
}

#[test]
fn a_page_is_handed_the_same_as_text() {
    let mut count = 0;
    for (file, case) in vector_cases::<Case>("presentations") {
        let Some((reading, rows)) = case.presented() else {
            continue;
        };
        count += 1;
        let text = reading.to_text();
        let (head, payload) = text.split_once('\n').expect("two lines");
        assert_eq!(payload, reading.payload);
        let head: Value = serde_json::from_str(head).expect("json");
        let times = [reading.times.exp, reading.times.nbf, reading.iat].map(time);
        let want =
            json!({ "alg": reading.alg, "kid": reading.kid, "times": times, "inexact": reading.inexact });
        assert_eq!(head, want, "{file}: {text}");

        let sections: Vec<&String> = rows.sections.iter().flat_map(|(name, label)| [name, label]).collect();
        let flat = rows.rows.iter().flat_map(|row| {
            let keys = if let [key] = row.keys.as_slice() { json!(key) } else { json!(row.keys) };
            let flags = u8::from(row.custom) + 2 * u8::from(row.personal) + 4 * u8::from(row.missing);
            [
                keys,
                json!(row.label),
                json!(row.section),
                json!(row.kind.as_str()),
                json!(flags),
                json!(row.exact),
            ]
        });
        let want = json!({ "sections": sections, "rows": flat.collect::<Vec<_>>() });
        let text = rows.to_text();
        assert_eq!(serde_json::from_str::<Value>(&text).expect("json"), want, "{file}: {text}");
    }
    assert!(count > 50, "{count}");
}
