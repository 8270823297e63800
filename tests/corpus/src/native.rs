//! What the core answers, linked natively; and one check that judges every runtime's answer.

use claim_core::cognito::event::{self, TriggerEvent};
use claim_core::contract::{INPUTS, Source, compile};
use claim_core::expression::parse;
use claim_core::json::{self, Value};
use claim_core::{Bundle, FactOutcome, FactRecord, Refusal};

use crate::vectors::Case;

/// What a runtime answers, byte for byte comparable between runtimes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Answer {
    /// The lookups that are planned, as JSON text; none if the plan is refused.
    pub lookups: Option<String>,
    /// The answered event, or the refusal.
    pub shaped: Result<String, Error>,
}

/// A refusal in words that every runtime has.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Error {
    /// The code.
    pub code: String,
    /// What it names.
    pub subject: String,
    /// The fault of the rule that it names.
    pub fault: String,
}

/// Reads the event of a case.
///
/// # Errors
///
/// Returns the refusal that a host gives.
pub fn read_event(case: &Case) -> Result<TriggerEvent<'_>, Error> {
    event::read(&case.event, case.now)
        .map_err(|_| Error { code: "malformed-event".to_owned(), ..Error::default() })
}

/// Returns the facts of a case, as a host hands them over.
///
/// # Panics
///
/// Panics if one is no JSON.
#[must_use]
pub fn facts(case: &Case) -> Vec<FactRecord> {
    let record = |(name, text): (&String, &String)| {
        let outcome = match json::read(text) {
            Ok(Value::Null) => FactOutcome::Missing,
            Ok(value) => FactOutcome::Found(value),
            Err(error) => panic!("{}: the fact `{name}`: {error}", case.name),
        };
        FactRecord { name: name.clone(), outcome }
    };
    let failed =
        case.failed.iter().map(|name| FactRecord { name: name.clone(), outcome: FactOutcome::Failed });
    case.facts.iter().map(record).chain(failed).collect()
}

/// Returns lookups as every runtime writes them.
#[must_use]
pub fn lookups_text(lookups: &[claim_core::Lookup]) -> String {
    lookups.iter().map(Value::from).collect::<Value>().to_string()
}

/// What the core answers, linked natively.
///
/// # Panics
///
/// Panics if the text is no bundle.
#[must_use]
pub fn native_answer(case: &Case, bundle: &str) -> Answer {
    let bundle = Bundle::read(bundle).unwrap_or_else(|error| panic!("{}: {error}", case.name));
    let event = match read_event(case) {
        Ok(event) => event,
        Err(error) => return Answer { lookups: None, shaped: Err(error) },
    };
    Answer {
        lookups: claim_core::plan(&bundle, &event.request).ok().map(|lookups| lookups_text(&lookups)),
        shaped: claim_core::shape(&bundle, &event.request, &facts(case))
            .map(|shape| event.answer(&shape))
            .map_err(|refusal| native_error(&refusal)),
    }
}

fn native_error(refusal: &Refusal) -> Error {
    Error {
        code: refusal.code().to_owned(),
        subject: refusal.subject().to_owned(),
        fault: refusal.fault().to_owned(),
    }
}

/// Judges an answer by its vector, and byte for byte by the answer of the native core.
///
/// # Errors
///
/// Returns what differs.
pub fn check(case: &Case, bundle: &str, answer: &Answer) -> Result<(), String> {
    let native = native_answer(case, bundle);
    if *answer != native {
        return Err(format!("the native core answers\n {native:?}\nand this runtime\n {answer:?}"));
    }
    judge(case, answer)
}

/// Compiles the contract of a case, with the case's expression in it.
///
/// # Errors
///
/// Returns what is wrong with the contract or the expression.
pub fn bundle(case: &Case) -> Result<Bundle, String> {
    let compiled = compile(&case.contract);
    let Some(mut bundle) = compiled.bundle else {
        let diagnostics: Vec<String> = compiled.diagnostics.iter().map(ToString::to_string).collect();
        return Err(format!("the contract has mistakes: {}", diagnostics.join("; ")));
    };
    if let Some(text) = &case.expression {
        let expression = parse(text, &INPUTS).map_err(|error| error.message)?;
        let out = bundle.claims.get_mut("out").ok_or("the contract has no claim `out`")?;
        out.source = Source::Expression(expression);
    }
    Ok(bundle)
}

/// Judges an answer by its vector.
///
/// # Errors
///
/// Returns what differs.
pub fn judge(case: &Case, answer: &Answer) -> Result<(), String> {
    let want = &case.want;
    let parse =
        |text: &str| serde_json::from_str::<serde_json::Value>(text).map_err(|error| error.to_string());
    let same = |what: &str, want: &serde_json::Value, got: &serde_json::Value| {
        if want == got { Ok(()) } else { Err(format!("{what}: want {want}\n got {got}")) }
    };
    if let Some(want) = &want.lookups {
        same("lookups", want, &parse(answer.lookups.as_deref().unwrap_or("null"))?)?;
    }
    if let Some(code) = &want.refusal {
        let Err(error) = &answer.shaped else {
            return Err(format!("want the refusal {code}, got {answer:?}"));
        };
        let want_error = Error {
            code: code.clone(),
            subject: want.subject.clone().unwrap_or_else(|| error.subject.clone()),
            fault: want.fault.clone().unwrap_or_default(),
        };
        return if *error == want_error {
            Ok(())
        } else {
            Err(format!("want {want_error:?}\n got {error:?}"))
        };
    }
    let text = answer.shaped.as_ref().map_err(|error| format!("want an answer, got {error:?}"))?;
    echoed(&case.event, text)?;
    // Found by our own reader: what is echoed may hold numbers that serde_json does not read.
    let members = json::members(text).map_err(|error| error.to_string())?;
    let response =
        members.iter().find(|member| member.name == "response").map_or("null", |member| member.text);
    let response = parse(response)?;
    if let Some(want) = &want.response {
        same("response", want, &response)?;
    }
    if let Some(want) = &want.value {
        let claims =
            &response["claimsAndScopeOverrideDetails"]["accessTokenGeneration"]["claimsToAddOrOverride"];
        same("value", want, &claims[&case.claim])?;
    }
    if want.response.is_none() && want.value.is_none() && want.lookups.is_none() {
        return Err("the vector wants nothing".to_owned());
    }
    Ok(())
}

/// Every member of the event but `response` stands in the answer, byte for byte and in its order.
fn echoed(event: &str, answer: &str) -> Result<(), String> {
    let members = |text| json::members(text).map_err(|error| error.to_string());
    let others = |text| -> Result<Vec<(String, String)>, String> {
        let members = members(text)?.into_iter().filter(|member| member.name != "response");
        Ok(members.map(|member| (member.name.into_owned(), member.text.to_owned())).collect())
    };
    if others(event)? == others(answer)? { Ok(()) } else { Err(format!("the event is not echoed: {answer}")) }
}
