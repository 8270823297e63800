//! `claims preview`: both tokens, what changed, and why.

mod request;

use std::fmt::Write as _;

use claim_core::cognito::{Token, encoded_size};
use claim_core::json::Value;
use claim_core::preview::{Change, Preview};
use claim_core::{FactOutcome, FactRecord, Outcome, Part, Refusal, TokenRequest, plan};

use crate::arguments::{Format, PreviewArguments};
use crate::logic::{ContractLogic, ask};
use crate::render::{Ink, say, warn};
use crate::{Failure, input};

pub(crate) fn run(arguments: &PreviewArguments) -> Result<(), Failure> {
    if arguments.event.is_some() && arguments.event == arguments.facts {
        return Err("`--event` and `--facts` name the same place, and each has one of its own; write one of them to a file".to_owned());
    }
    let (bundle, compiled) = input::compiled(&arguments.contract)?;
    let request = request::of(arguments)?;
    let facts = input::facts(&bundle, arguments.facts.as_deref(), &arguments.fail)?;
    let refused = |refusal: Refusal| {
        if arguments.format == Format::Json {
            say(&Value::from([("error", Value::from(&refusal))]).to_string());
        }
        format!("the contract refuses this sign-in: {refusal}")
    };
    let lookups = plan(&bundle, &request).map_err(refused)?;
    let asked = |record: &FactRecord| lookups.iter().any(|lookup| lookup.fact == record.name);
    for record in facts.iter().filter(|record| {
        !asked(record) && !record.is_of_logic() && matches!(record.outcome, FactOutcome::Found(_))
    }) {
        warn(&format!("the fact `{}` is not looked up for this event: its key cannot be made", record.name));
    }
    let (mut said, facts): (Vec<_>, Vec<_>) = facts.into_iter().partition(FactRecord::is_of_logic);
    let mut facts: Vec<FactRecord> = facts.into_iter().filter(asked).collect();
    // What is not given is asked.
    if bundle.logic.keys().any(|name| !said.iter().any(|record| record.is_of(name))) {
        let custom = ContractLogic::read(&arguments.contract, &bundle, &compiled)?.ready(&bundle)?;
        let asked = ask(&custom, &request, &facts);
        said.extend(
            asked
                .into_iter()
                .filter(|record| !said.iter().any(|given| given.name == record.name))
                .collect::<Vec<_>>(),
        );
    }
    facts.extend(said);
    let preview = Preview::of(&bundle, &request, &facts).map_err(refused)?;
    for (token, size, budget) in preview.over_budget() {
        let token = token.as_str();
        warn(&format!(
            "the {token} token has {size} bytes, and its budget is {budget}; carry fewer or shorter claims"
        ));
    }
    match arguments.format {
        Format::Text => say(text(&preview, &request, Ink::stdout()).trim_end()),
        Format::Json => say(&preview.to_json().to_string()),
    }
    Ok(())
}

fn text(preview: &Preview, request: &TokenRequest, ink: Ink) -> String {
    let mut out = String::new();
    let user = match &request.user {
        // As JSON, so that no control character of a name reaches the terminal.
        Some(user) => user
            .name
            .as_deref()
            .map_or_else(|| "a user without a name".to_owned(), |name| Value::from(name).to_string()),
        None => "a machine".to_owned(),
    };
    let head = format!(
        "{} of {user}, client {}, trigger V{}",
        request.trigger.name(),
        request.client_id,
        request.version.as_str()
    );
    // A preview is text in memory: writing it has no way to fail.
    let _ = writeln!(
        out,
        "{}\n{}\n",
        ink.strong(&head),
        ink.quiet(&format!("contract sha256 {}", preview.digest))
    );
    if preview.token(Token::Id).is_some() {
        out.push_str(&token(preview, Token::Id, ink));
    } else {
        let _ = writeln!(out, "{}  none: a machine gets no ID token\n", ink.strong("ID token"));
    }
    out.push_str(&token(preview, Token::Access, ink));
    out.push_str(&absences(preview, ink));
    out
}

fn token(preview: &Preview, token: Token, ink: Ink) -> String {
    let title = match token {
        Token::Id => "ID token",
        Token::Access => "Access token",
    };
    let sizes = preview.token(token).map(|(plain, shaped)| (encoded_size(plain), encoded_size(shaped)));
    let (before, after) = sizes.unwrap_or_default();
    let mut out = format!("{}  {after} bytes encoded, {before} without the contract\n", ink.strong(title));
    for change in preview.changes(token) {
        out.push_str(&line(&change, ink));
        if let Some(why) = change.why {
            out.push_str(&ink.quiet(&format!("   ← {why}")));
        }
        out.push('\n');
    }
    out.push('\n');
    out
}

/// The line of one claim: `+` added, `-` gone, `~` replaced.
pub(crate) fn line(change: &Change<'_>, ink: Ink) -> String {
    let value = match (change.before, change.after) {
        (Some(before), Some(after)) if before != after => format!("{before} → {after}"),
        (before, after) => after.or(before).map_or_else(String::new, Value::to_string),
    };
    let text = |sign: char| format!("  {sign} {} {value}", change.name);
    match change.kind() {
        "added" => ink.added(&text('+')),
        "removed" => ink.removed(&text('-')),
        "changed" => ink.changed(&text('~')),
        _ => ink.quiet(&text(' ')),
    }
}

fn absences(preview: &Preview, ink: Ink) -> String {
    let mut out = String::new();
    for explanation in preview.explanations.iter().filter(|explanation| !explanation.outcome.is_given()) {
        let reason = match &explanation.outcome {
            Outcome::Absent(absence) => absence.reason(),
            _ => "the contract suppresses it",
        };
        let place = match &explanation.part {
            Part::Claim(token, _) => format!("{} in the {} token", explanation.rule, token.as_str()),
            _ => explanation.rule.clone(),
        };
        let _ = writeln!(out, "  {place}: {reason} {}", ink.quiet(&format!("({})", explanation.source)));
    }
    if out.is_empty() { out } else { format!("{}\n{out}", ink.strong("Not there")) }
}
