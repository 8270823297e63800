//! How large the tokens can become, as far as the contract bounds its values.

use super::super::decode::fields;
use super::super::keys::BUDGET;
use super::super::rule::{Kind, Source};
use super::super::yaml::Node;
use super::super::{Bundle, Claim, TokenBudget};
use super::Contract;
use super::examinations::example;
use crate::cognito::{Token, Tokens, encoded_size, plain_tokens};
use crate::json::{Object, Value};

/// How long the value of a user attribute can be, in bytes.
/// Source: *Quotas in Amazon Cognito*, <https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html>.
const ATTRIBUTE: usize = 2_048;

/// How many bytes a character can have in JSON: a control character is written as six.
const CHARACTER: usize = 6;

impl Contract<'_, '_> {
    pub(super) fn budget(&mut self, node: &Node, bundle: &Bundle) -> TokenBudget {
        let of = fields(self.report, node, "`budget`", &BUDGET);
        let mut budget = TokenBudget::default();
        for token in Token::ALL {
            let key = token.as_str();
            let (Some(bytes), Some(node)) = (self.count(&of, key), of.get(key)) else {
                continue;
            };
            match token {
                Token::Id => budget.id = bytes,
                Token::Access => budget.access = bytes,
            }
            let (size, unbounded) = worst_case(bundle, token);
            if u64::try_from(size).unwrap_or(u64::MAX) > bytes {
                let message = format!("the {key} token can have {size} bytes, and its budget is {bytes}");
                self.report.warning("over-budget", &node.span, message);
                self.report
                    .help("bound its values with `enum`, `maxLength` or `maxItems`, or carry fewer claims");
            }
            if !unbounded.is_empty() {
                let names = unbounded.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                let message = format!(
                    "nothing bounds {names} of the {key} token, so it can become larger than its budget"
                );
                self.report.note("unbounded", &node.span, message);
                self.report.help("add `enum`, or `maxLength` and `maxItems`");
            }
        }
        budget
    }
}

/// Returns how large a token can become, and the parts that are not counted because nothing bounds them.
fn worst_case(bundle: &Bundle, token: Token) -> (usize, Vec<String>) {
    let Tokens { id, access } = plain_tokens(&example());
    let mut payload = match token {
        Token::Id => id.unwrap_or_default(),
        Token::Access => access,
    };
    let mut unbounded = Vec::new();
    for (name, claim) in bundle.claims.iter().filter(|(_, claim)| claim.tokens.contains(&token)) {
        match bound(claim) {
            Some(bytes) => add(&mut payload, name, bytes),
            None => unbounded.push(name.clone()),
        }
    }
    if token == Token::Access {
        let mut bytes = 0usize;
        for rule in &bundle.scopes.add {
            match &rule.source {
                Source::Value(value) => bytes = bytes.saturating_add(value.text_len()),
                _ => unbounded.push("scope".to_owned()),
            }
        }
        add(&mut payload, "scope", bytes);
    }
    for (name, names) in [("cognito:groups", &bundle.groups), ("cognito:roles", &bundle.roles)] {
        match names.as_ref().map(|rule| &rule.source) {
            Some(Source::Value(value)) => add(&mut payload, name, value.text_len()),
            Some(_) => unbounded.push(name.to_owned()),
            None => {}
        }
    }
    unbounded.dedup();
    (encoded_size(&payload), unbounded)
}

/// Adds a member whose value has so many bytes of text.
fn add(payload: &mut Object, name: &str, bytes: usize) {
    payload.insert(name.to_owned(), "x".repeat(bytes.min(1 << 20).saturating_sub(2)).into());
}

/// Returns how many bytes the text of a claim's value can have; none if nothing bounds it.
fn bound(claim: &Claim) -> Option<usize> {
    let value = match &claim.source {
        Source::Value(value) => value.text_len(),
        source => declared(claim).or_else(|| of_source(source))?,
    };
    Some(value.max(claim.default.as_ref().map_or(0, Value::text_len)))
}

fn declared(claim: &Claim) -> Option<usize> {
    let of = claim.value_type.as_ref()?;
    let longest = of.allowed.iter().map(Value::text_len).max();
    let count = |most: Option<u64>| most.and_then(|most| usize::try_from(most).ok());
    let text = count(of.max_length).map(|most| most.saturating_mul(CHARACTER).saturating_add(2));
    let element = |kind: Option<Kind>| match kind {
        Some(Kind::Boolean) => Some(5),
        Some(Kind::Integer) => Some(20),
        Some(Kind::Number) => Some(25),
        _ => text,
    };
    match of.kind {
        Some(Kind::Array) => {
            let each = longest.or_else(|| element(of.items))?.saturating_add(1);
            Some(each.saturating_mul(count(of.max_items)?).saturating_add(2))
        }
        Some(Kind::Object) => None,
        // Without a kind a text may be a list in disguise, unless it is one of some values.
        None => longest.filter(|_| of.items.is_none() && of.max_items.is_none()),
        kind => longest.or_else(|| element(kind)),
    }
}

fn of_source(source: &Source) -> Option<usize> {
    match source {
        Source::From(pointer) => {
            match pointer.segments().iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
                ["user", "attributes", _] => Some(ATTRIBUTE),
                ["user", "sub" | "status"]
                | ["now"]
                | ["event", "version" | "trigger" | "poolId" | "region"] => Some(64),
                ["user", "name"] | ["client", "id"] => Some(128 * CHARACTER + 2),
                _ => None,
            }
        }
        Source::Expression(expression) if expression.has_constant_branches() => {
            expression.constants().iter().map(Value::text_len).max()
        }
        _ => None,
    }
}
