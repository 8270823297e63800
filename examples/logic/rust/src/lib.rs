//! The risk tier of a sign-in as a logic component; the policy stands in `../README.md`.

mod bindings {
    wit_bindgen::generate!({ world: "claims", path: "../../../wit" });

    use super::Risk;
    export!(Risk);
}

use std::collections::{BTreeMap, BTreeSet};

use serde_json::value::RawValue;

use bindings::exports::claimwright::logic::logic::{
    AccessRequest, Block, Claim, ClaimChanges, Decision, Denial, DenialReason, Fact, FactOutcome, Guest,
    KeyAttribute, Lookup, Refusal, ScopeChanges, TokenRequest, TokenShape, TriggerVersion,
};

const DAY: u64 = 24 * 60 * 60;
const MAX_COUNT: f64 = 9_007_199_254_740_991.0; // 2^53 - 1

struct Risk;

impl Guest for Risk {
    fn plan(request: TokenRequest) -> Result<Vec<Lookup>, Refusal> {
        // A machine has no user, and a test event may have a user without a name.
        let name = request.user.and_then(|user| user.name).filter(|name| !name.is_empty());
        let Some(name) = name else {
            return Ok(Vec::new());
        };
        let lookup = |fact: &str, table: &str| Lookup {
            fact: fact.to_owned(),
            table: table.to_owned(),
            key: vec![KeyAttribute { name: "id".to_owned(), value: json(name.as_str()) }],
            fields: Vec::new(),
            consistent: false,
        };
        Ok(vec![lookup("account", "accounts"), lookup("signins", "signins")])
    }

    fn shape(request: TokenRequest, facts: Vec<Fact>) -> Result<TokenShape, Refusal> {
        if request.user.is_none() {
            return Ok(token_shape(Vec::new(), Vec::new(), Vec::new()));
        }
        if matches!(outcome(&facts, "account"), Some(FactOutcome::Failed)) {
            return Err(Refusal::FactFailed("account".to_owned()));
        }
        let account = Record::of(&facts, "account");
        if account.as_ref().and_then(|account| account.boolean("locked")) == Some(true) {
            return Err(Refusal::Blocked(Block {
                rule: "risk.locked".to_owned(),
                message: "this account is locked; write to support".to_owned(),
            }));
        }
        let signins = Record::of(&facts, "signins");
        let points = account_points(account.as_ref(), request.now) + signin_points(signins.as_ref());
        let tier = tier_of(points);
        let risk_tier = Claim { name: "risk_tier".to_owned(), value: json(tier) };
        if request.version == TriggerVersion::V1 {
            return Ok(token_shape(vec![risk_tier], Vec::new(), Vec::new()));
        }
        let risk_points = Claim { name: "risk_points".to_owned(), value: points.to_string() };
        let suppressed = if tier == "high" { vec!["orders/refund".to_owned()] } else { Vec::new() };
        Ok(token_shape(vec![risk_tier.clone()], vec![risk_tier, risk_points], suppressed))
    }

    fn authorize(_: AccessRequest) -> Result<Decision, Refusal> {
        Ok(Decision {
            denial: Some(Denial { reason: DenialReason::NoRules, rule: None, message: None }),
            context: Vec::new(),
            grants: None,
            denied_fields: Vec::new(),
        })
    }
}

fn account_points(account: Option<&Record<'_>>, now: u64) -> u64 {
    let Some(account) = account else {
        return 40;
    };
    let chargebacks = account.count("chargebacks").unwrap_or(0);
    age_points(account.count("created"), now) + chargebacks.min(3) * 20
}

fn age_points(created: Option<u64>, now: u64) -> u64 {
    match created.and_then(|created| now.checked_sub(created)) {
        None => 30,
        Some(age) if age < 7 * DAY => 30,
        Some(age) if age < 30 * DAY => 10,
        Some(_) => 0,
    }
}

fn signin_points(signins: Option<&Record<'_>>) -> u64 {
    let Some(signins) = signins else {
        return 0;
    };
    let failures = match signins.count("failures").unwrap_or(0) {
        0..3 => 0,
        3..10 => 20,
        10.. => 40,
    };
    let countries = if signins.texts("countries").len() > 2 { 20 } else { 0 };
    failures + countries
}

fn tier_of(points: u64) -> &'static str {
    match points {
        0..30 => "low",
        30..70 => "medium",
        70.. => "high",
    }
}

fn token_shape(
    id_claims: Vec<Claim>,
    access_claims: Vec<Claim>,
    suppressed_scopes: Vec<String>,
) -> TokenShape {
    TokenShape {
        id: ClaimChanges { add: id_claims, suppress: Vec::new() },
        access: ClaimChanges { add: access_claims, suppress: Vec::new() },
        scopes: ScopeChanges { add: Vec::new(), suppress: suppressed_scopes },
        groups: None,
    }
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn outcome<'a>(facts: &'a [Fact], name: &str) -> Option<&'a FactOutcome> {
    facts.iter().find(|fact| fact.name == name).map(|fact| &fact.outcome)
}

/// The members of a record, each unread until its type is asked for: what has another type is not there.
struct Record<'a>(BTreeMap<String, &'a RawValue>);

impl<'a> Record<'a> {
    /// Returns the record of a fact; none if there is none, or if it is no object.
    fn of(facts: &'a [Fact], name: &str) -> Option<Self> {
        match outcome(facts, name)? {
            FactOutcome::Found(text) => serde_json::from_str(text).ok().map(Self),
            FactOutcome::Missing | FactOutcome::Failed => None,
        }
    }

    fn text(&self, member: &str) -> Option<&'a str> {
        self.0.get(member).map(|value| value.get())
    }

    fn boolean(&self, member: &str) -> Option<bool> {
        serde_json::from_str(self.text(member)?).ok()
    }

    /// Returns a whole number from 0 to 2^53 - 1. Numbers are read as doubles: 3, 3.0 and 3e0 are the same.
    fn count(&self, member: &str) -> Option<u64> {
        let number: f64 = serde_json::from_str(self.text(member)?).ok()?;
        let is_count = number.fract() == 0.0 && (0.0..=MAX_COUNT).contains(&number);
        is_count.then_some(number as u64)
    }

    /// Returns the different texts of a list.
    fn texts(&self, member: &str) -> BTreeSet<String> {
        let elements: Option<Vec<&RawValue>> =
            self.text(member).and_then(|text| serde_json::from_str(text).ok());
        elements
            .into_iter()
            .flatten()
            .filter_map(|element| serde_json::from_str(element.get()).ok())
            .collect()
    }
}
