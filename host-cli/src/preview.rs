//! `claims preview`: both tokens, what changed, and why.

mod changes;
mod request;

use std::fmt::Write as _;

use claim_core::cognito::{Token, Tokens, apply, encoded_size, plain_tokens};
use claim_core::contract::TokenBudget;
use claim_core::json::{Object, Value};
use claim_core::{
    Bundle, Explanation, FactOutcome, FactRecord, Outcome, Part, Refusal, TokenRequest, TokenShape, explain,
    plan,
};

pub(crate) use self::changes::changes;
use crate::arguments::{Format, PreviewArguments};
use crate::render::{Ink, say, warn};
use crate::{Failure, input};

pub(crate) fn run(arguments: &PreviewArguments) -> Result<(), Failure> {
    if arguments.event.is_some() && arguments.event == arguments.facts {
        return Err("the event and the facts cannot both come from one place".to_owned());
    }
    let bundle = input::contract(&arguments.contract)?;
    let request = request::of(arguments)?;
    let facts = input::facts(&bundle, arguments.facts.as_deref(), &arguments.fail)?;
    let refused = |refusal: Refusal| format!("the contract refuses this sign-in: {refusal}");
    let lookups = plan(&bundle, &request).map_err(refused)?;
    let asked = |record: &FactRecord| lookups.iter().any(|lookup| lookup.fact == record.name);
    for record in
        facts.iter().filter(|record| !asked(record) && matches!(record.outcome, FactOutcome::Found(_)))
    {
        warn(&format!("the fact `{}` is not looked up for this event: its key cannot be made", record.name));
    }
    let facts: Vec<FactRecord> = facts.into_iter().filter(asked).collect();
    let (shape, explanations) = explain(&bundle, &request, &facts).map_err(refused)?;
    let preview = Preview::new(&bundle, &request, shape, explanations);
    for (token, size, budget) in preview.over_budget() {
        let token = token.as_str();
        warn(&format!(
            "the {token} token has {size} bytes, and its budget is {budget}; carry fewer or shorter claims"
        ));
    }
    match arguments.format {
        Format::Text => say(preview.text(Ink::stdout()).trim_end()),
        Format::Json => say(&preview.json().to_string()),
    }
    Ok(())
}

struct Preview<'a> {
    digest: String,
    budget: TokenBudget,
    request: &'a TokenRequest,
    shape: TokenShape,
    plain: Tokens,
    shaped: Tokens,
    explanations: Vec<Explanation>,
}

impl<'a> Preview<'a> {
    fn new(
        bundle: &Bundle,
        request: &'a TokenRequest,
        shape: TokenShape,
        explanations: Vec<Explanation>,
    ) -> Self {
        let plain = plain_tokens(request);
        let shaped = apply(request.version, &plain, &shape);
        Self { digest: bundle.digest(), budget: bundle.budget, request, shape, plain, shaped, explanations }
    }

    /// The tokens that are larger than the contract wants, with their sizes and budgets.
    fn over_budget(&self) -> Vec<(Token, u64, u64)> {
        let tokens =
            self.shaped.id.iter().map(|id| (Token::Id, id)).chain([(Token::Access, &self.shaped.access)]);
        let sized = tokens.map(|(token, claims)| (token, size(claims), self.budget.of(token)));
        sized.filter(|(_, size, budget)| size > budget).collect()
    }

    fn text(&self, ink: Ink) -> String {
        let mut out = String::new();
        let request = self.request;
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
            ink.quiet(&format!("contract sha256 {}", self.digest))
        );
        if let (Some(plain), Some(shaped)) = (&self.plain.id, &self.shaped.id) {
            out.push_str(&self.token(Token::Id, plain, shaped, ink));
        } else {
            let _ = writeln!(out, "{}  none: a machine gets no ID token\n", ink.strong("ID token"));
        }
        out.push_str(&self.token(Token::Access, &self.plain.access, &self.shaped.access, ink));
        out.push_str(&self.absences(ink));
        out
    }

    fn token(&self, token: Token, plain: &Object, shaped: &Object, ink: Ink) -> String {
        let title = match token {
            Token::Id => "ID token",
            Token::Access => "Access token",
        };
        let (before, after) = (encoded_size(plain), encoded_size(shaped));
        let mut out =
            format!("{}  {after} bytes encoded, {before} without the contract\n", ink.strong(title));
        for line in changes(plain, shaped) {
            let why = self.why(token, line.name);
            let text = format!("  {} {} {}", line.sign, line.name, line.shown());
            let painted = match line.sign {
                '+' => ink.added(&text),
                '-' => ink.removed(&text),
                '~' => ink.changed(&text),
                _ => ink.quiet(&text),
            };
            out.push_str(&painted);
            if let Some(why) = why.filter(|_| line.sign != ' ') {
                out.push_str(&ink.quiet(&format!("   ← {why}")));
            }
            out.push('\n');
        }
        out.push('\n');
        out
    }

    /// Says which rules are behind a change of a claim.
    fn why(&self, token: Token, name: &str) -> Option<String> {
        let suppressed = &self.shape.claims(token).suppress;
        let of_groups = matches!(name, "cognito:roles" | "cognito:preferred_role");
        let gone_with = of_groups && suppressed.contains("cognito:groups");
        if suppressed.contains(name) || gone_with {
            return Some(format!("suppress.{}", token.as_str()));
        }
        let cleared = self.shape.groups.as_ref().is_some_and(|made| made.groups.is_empty());
        let about = |explanation: &&Explanation| match &explanation.part {
            Part::Claim(of, claim) => *of == token && claim == name,
            Part::Scopes => token == Token::Access && name == "scope",
            Part::Groups => name == "cognito:groups" || (of_groups && cleared),
            Part::Roles => of_groups && !cleared,
            Part::PreferredRole => name == "cognito:preferred_role" && !cleared,
        };
        let acted = self.explanations.iter().filter(about).filter(|explanation| given(&explanation.outcome));
        let mut rules: Vec<String> = acted.map(rule).collect();
        if name == "scope" && token == Token::Access && !self.shape.scopes.suppress.is_empty() {
            rules.push("scopes.suppress".to_owned());
        }
        (!rules.is_empty()).then(|| rules.join(", "))
    }

    fn absences(&self, ink: Ink) -> String {
        let mut out = String::new();
        for explanation in self.explanations.iter().filter(|explanation| !given(&explanation.outcome)) {
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

    fn json(&self) -> Value {
        let token = |token: Token, plain: &Object, shaped: &Object| {
            Value::Object(Object::from([
                ("plain".to_owned(), plain.clone().into()),
                ("shaped".to_owned(), shaped.clone().into()),
                ("encodedBytes".to_owned(), size(shaped).into()),
                ("plainEncodedBytes".to_owned(), size(plain).into()),
                ("budgetBytes".to_owned(), self.budget.of(token).into()),
            ]))
        };
        let mut members = Object::from([
            ("bundle".to_owned(), self.digest.as_str().into()),
            ("access".to_owned(), token(Token::Access, &self.plain.access, &self.shaped.access)),
            ("rules".to_owned(), self.explanations.iter().map(rule_json).collect()),
        ]);
        if let (Some(plain), Some(shaped)) = (&self.plain.id, &self.shaped.id) {
            members.insert("id".to_owned(), token(Token::Id, plain, shaped));
        }
        members.into()
    }
}

fn size(claims: &Object) -> u64 {
    u64::try_from(encoded_size(claims)).unwrap_or(u64::MAX)
}

const fn given(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Given(_) | Outcome::Default(_))
}

fn rule(explanation: &Explanation) -> String {
    let source = match explanation.outcome {
        Outcome::Default(_) => "its default",
        _ => &explanation.source,
    };
    format!("{}: {source}", explanation.rule)
}

fn rule_json(explanation: &Explanation) -> Value {
    let (outcome, detail) = match &explanation.outcome {
        Outcome::Given(value) => ("given", Some(("value", value.clone()))),
        Outcome::Default(value) => ("default", Some(("value", value.clone()))),
        Outcome::Suppressed => ("suppressed", None),
        Outcome::Absent(absence) => ("absent", Some(("reason", absence.reason().into()))),
    };
    let mut members = Object::from([
        ("rule".to_owned(), explanation.rule.as_str().into()),
        ("source".to_owned(), explanation.source.as_str().into()),
        ("outcome".to_owned(), outcome.into()),
    ]);
    if let Part::Claim(token, _) = &explanation.part {
        members.insert("token".to_owned(), token.as_str().into());
    }
    members.extend(detail.map(|(name, value)| (name.to_owned(), value)));
    members.into()
}
