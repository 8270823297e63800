//! What a page shows of a token: the vectors that every build of the package runs too, here in native code and in the
//! component.

use std::cell::RefCell;

use claim_core::present::{Expected, NotAContract, PresentError, Reading, drift, read, read_payload, rows};
use conformance::issuer::base64url;
use conformance::{Presenter, component, vector_cases};
use serde::Deserialize;
use serde_json::{Map, Value, json};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    #[expect(dead_code, reason = "for readers of the vectors")]
    why: Option<String>,
    /// The claims, or their text, in which `{repeat:N}` is so many letters.
    claims: Option<Value>,
    claims_text: Option<String>,
    header_text: Option<String>,
    /// The token, made of `{header}` and `{payload}`.
    token: Option<String>,
    /// Claims that somebody else decoded, in the place of a token.
    payload: Option<String>,
    expected: Option<String>,
    contract: Option<Value>,
    language: Option<String>,
    now: Option<u32>,
    within: Option<u32>,
    received_at: Option<u32>,
    /// Some members of the answer: `error`, `header`, `inexact`, `rows`, `status`.
    want: Map<String, Value>,
}

/// Writes `{repeat:N}` out.
fn repeated(text: &str) -> String {
    let Some((before, rest)) = text.split_once("{repeat:") else {
        return text.to_owned();
    };
    let (count, after) = rest.split_once('}').expect("a count ends");
    format!("{before}{}{after}", "a".repeat(count.parse().expect("a count is a number")))
}

impl Case {
    fn token(&self) -> String {
        let header = self.header_text.as_deref().unwrap_or(r#"{"alg":"RS256","kid":"k1"}"#);
        let claims = self.claims.as_ref().map(ToString::to_string).or_else(|| self.claims_text.clone());
        let claims = repeated(&claims.unwrap_or_default());
        let token = self.token.as_deref().unwrap_or("{header}.{payload}.c2ln");
        let token = token.replace("{header}", &base64url(header.as_bytes()));
        token.replace("{payload}", &base64url(claims.as_bytes()))
    }

    fn contract(&self) -> String {
        self.contract.as_ref().map(ToString::to_string).unwrap_or_default()
    }

    fn read(&self) -> Result<Reading, PresentError> {
        if let Some(payload) = &self.payload {
            return read_payload(payload);
        }
        let expected = match self.expected.as_deref() {
            None => Expected::Id,
            Some("access") => Expected::Access,
            Some("any") => Expected::Any,
            Some(other) => panic!("{}: no token is `{other}`", self.name),
        };
        read(&self.token(), expected)
    }

    fn answer(&self) -> Value {
        let reading = match self.read() {
            Ok(reading) => reading,
            Err(error) => return json!({ "error": error.code() }),
        };
        let Ok(rows) = rows(&reading.payload, &self.contract(), self.language.as_deref().unwrap_or("en"))
        else {
            let NotAContract = NotAContract;
            return json!({ "error": "bad-contract" });
        };
        let shown = rows.rows.iter().map(|row| {
            let (section, label) = &rows.sections[row.section];
            let mut shown = json!({
                "keys": row.keys, "label": row.label, "section": section, "sectionLabel": label,
                "kind": row.kind.as_str(), "custom": row.custom, "personal": row.personal, "missing": row.missing,
            });
            if let Some(exact) = &row.exact {
                shown["exact"] = exact.as_str().into();
            }
            shown
        });
        let mut answer = json!({
            "header": header(&reading), "inexact": reading.inexact, "rows": shown.collect::<Vec<_>>(),
        });
        if let Some(now) = self.now {
            let ahead = self.received_at.map_or(0.0, |received| drift(reading.iat, received.into()));
            let within = self.within.unwrap_or(300);
            answer["status"] = reading.times.at(f64::from(now) + ahead, within.into()).code().into();
        }
        answer
    }
}

fn header(reading: &Reading) -> Value {
    let members = [("alg", &reading.alg), ("kid", &reading.kid)];
    members.into_iter().filter_map(|(name, text)| Some((name.to_owned(), json!(text.as_ref()?)))).collect()
}

/// What differs between answers and what the vectors want of them.
fn wrong(answer: impl Fn(&Case) -> Value, of: impl Fn(&Case) -> bool) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (file, case) in vector_cases::<Case>("presentations").iter().filter(|(_, case)| of(case)) {
        count += 1;
        let answer = answer(case);
        assert!(!case.want.is_empty(), "{file}::{} wants nothing", case.name);
        for (name, want) in &case.want {
            if answer.get(name) != Some(want) {
                wrong.push(format!("{file}::{} {name}\n  {}", case.name, answer[name]));
            }
        }
        if case.want.contains_key("error") != answer.get("error").is_some() {
            wrong.push(format!("{file}::{}: {answer}", case.name));
        }
    }
    assert!(count >= 90, "only {count} presentations");
    wrong
}

#[test]
fn tokens_are_shown_as_the_vectors_say() {
    let wrong = wrong(Case::answer, |_| true);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_component_shows_the_same() {
    let presenter = RefCell::new(Presenter::new(&component()));
    let answer = |case: &Case| {
        let (expected, language) = (case.expected.as_deref(), case.language.as_deref());
        presenter.borrow_mut().answer(
            &case.token(),
            expected.unwrap_or("id"),
            &case.contract(),
            language.unwrap_or("en"),
        )
    };
    // It takes tokens only, and has no clock to ask about.
    let wrong = wrong(answer, |case| case.payload.is_none() && case.now.is_none());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
