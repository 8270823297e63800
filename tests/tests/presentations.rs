//! What a page shows of a token: the vectors that every build of the package runs too, here in native code.

use claim_core::present::{Expected, NotAContract, PresentError, Reading, drift, read, read_payload, rows};
use conformance::issuer::base64url;
use conformance::vector_cases;
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
    fn read(&self) -> Result<Reading, PresentError> {
        if let Some(payload) = &self.payload {
            return read_payload(payload);
        }
        let header = self.header_text.as_deref().unwrap_or(r#"{"alg":"RS256","kid":"k1"}"#);
        let claims = self.claims.as_ref().map(ToString::to_string).or_else(|| self.claims_text.clone());
        let claims = repeated(&claims.unwrap_or_default());
        let token = self.token.as_deref().unwrap_or("{header}.{payload}.c2ln");
        let token = token.replace("{header}", &base64url(header.as_bytes()));
        let token = token.replace("{payload}", &base64url(claims.as_bytes()));
        let expected = match self.expected.as_deref() {
            None => Expected::Id,
            Some("access") => Expected::Access,
            Some("any") => Expected::Any,
            Some(other) => panic!("{}: no token is `{other}`", self.name),
        };
        read(&token, expected)
    }

    fn answer(&self) -> Value {
        let reading = match self.read() {
            Ok(reading) => reading,
            Err(error) => return json!({ "error": error.code() }),
        };
        let contract = self.contract.as_ref().map(ToString::to_string).unwrap_or_default();
        let Ok(rows) = rows(&reading.payload, &contract, self.language.as_deref().unwrap_or("en")) else {
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

#[test]
fn tokens_are_shown_as_the_vectors_say() {
    let mut wrong = Vec::new();
    let cases = vector_cases::<Case>("presentations");
    for (file, case) in &cases {
        let answer = case.answer();
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
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases.len() > 100, "only {} presentations", cases.len());
}
