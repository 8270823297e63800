//! What a page shows of a token: the vectors that every build of the package runs too.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use claim_core::present::{
    Expected, NotAContract, PresentError, Reading, Rows, drift, read, read_payload, rows,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::vectors::vector_cases;

/// A token, and what a page is to show of it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Case {
    name: String,
    /// The claims, or their text, in which `{repeat:N}` is so many letters.
    claims: Option<Value>,
    claims_text: Option<String>,
    header_text: Option<String>,
    /// The token, made of `{header}` and `{payload}`.
    token: Option<String>,
    /// Claims that somebody else decoded, in the place of a token.
    pub payload: Option<String>,
    /// Which token is expected: `id` if it is not said.
    pub expected: Option<String>,
    contract: Option<Value>,
    /// The language of the labels: `en` if it is not said.
    pub language: Option<String>,
    /// The time at which its life is asked about.
    pub now: Option<u32>,
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
    /// Returns the token's text.
    #[must_use]
    pub fn token(&self) -> String {
        let header = self.header_text.as_deref().unwrap_or(r#"{"alg":"RS256","kid":"k1"}"#);
        let claims = self.claims.as_ref().map(ToString::to_string).or_else(|| self.claims_text.clone());
        let claims = repeated(&claims.unwrap_or_default());
        let token = self.token.as_deref().unwrap_or("{header}.{payload}.c2ln");
        let token = token.replace("{header}", &URL_SAFE_NO_PAD.encode(header.as_bytes()));
        token.replace("{payload}", &URL_SAFE_NO_PAD.encode(claims.as_bytes()))
    }

    /// Returns the contract's text.
    #[must_use]
    pub fn contract(&self) -> String {
        self.contract.as_ref().map(ToString::to_string).unwrap_or_default()
    }

    fn read(&self) -> Result<Reading, PresentError> {
        let expected = match self.expected.as_deref() {
            None => Expected::Id,
            Some("access") => Expected::Access,
            Some("any") => Expected::Any,
            Some(other) => panic!("{}: no token is `{other}`", self.name),
        };
        match &self.payload {
            Some(payload) => read_payload(payload, expected),
            None => read(&self.token(), expected),
        }
    }

    /// Returns what a page is handed: the token as it was read, and its lines.
    #[must_use]
    pub fn presented(&self) -> Option<(Reading, Rows)> {
        let reading = self.read().ok()?;
        let language = self.language.as_deref().unwrap_or("en");
        let rows = rows(&reading.payload, &self.contract(), language).ok()?;
        Some((reading, rows))
    }

    /// Returns what the core answers.
    ///
    /// # Panics
    ///
    /// Panics if the vector names no token that there is.
    #[must_use]
    pub fn answer(&self) -> Value {
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
///
/// # Panics
///
/// Panics if a vector wants nothing, or there are too few.
pub fn wrong(answer: impl Fn(&Case) -> Value, of: impl Fn(&Case) -> bool) -> Vec<String> {
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
