//! The comparison of two contracts from outside: by what readers of tokens, callers and backends can notice.

use std::collections::{BTreeMap, BTreeSet};

use claim_core::Bundle;
use claim_core::TriggerVersion;
use claim_core::cognito::{Token, issues};
use claim_core::contract::{Claim, Expected, Form, OnError, Source};
use claim_core::json::Value;

/// One change.
#[derive(Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Change {
    pub(super) effect: Effect,
    /// Who notices it, for example `readers of the access token`.
    pub(super) affected: String,
    pub(super) what: String,
}

/// Whether somebody who relied on the old contract may fail with the new one.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Effect {
    Breaking,
    Additive,
}

impl Effect {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Breaking => "breaking",
            Self::Additive => "additive",
        }
    }
}

/// Returns every change, those that break first.
pub(super) fn changes(old: &Bundle, new: &Bundle) -> Vec<Change> {
    let mut comparison = Comparison(Vec::new());
    for token in Token::ALL {
        comparison.token(old, new, token);
    }
    comparison.logic(old, new);
    comparison.scopes(old, new);
    comparison.groups(old, new);
    comparison.clients(old, new);
    comparison.sign_in(old, new);
    comparison.calls(old, new);
    comparison.pages(old, new);
    let mut changes = comparison.0;
    changes.sort();
    changes
}

struct Comparison(Vec<Change>);

impl Comparison {
    fn add(&mut self, effect: Effect, affected: &str, what: String) {
        self.0.push(Change { effect, affected: affected.to_owned(), what });
    }

    fn breaking(&mut self, affected: &str, what: String) {
        self.add(Effect::Breaking, affected, what);
    }

    fn additive(&mut self, affected: &str, what: String) {
        self.add(Effect::Additive, affected, what);
    }

    /// Another component behind a claim may say other values, and nobody sees which.
    fn logic(&mut self, old: &Bundle, new: &Bundle) {
        for (name, claim) in &new.claims {
            let Source::Logic(component) = &claim.source else { continue };
            let before = old.claims.get(name).map(|claim| &claim.source);
            if before == Some(&claim.source) && old.logic.get(component) != new.logic.get(component) {
                for token in &claim.tokens {
                    let readers = format!("readers of the {} token", token.as_str());
                    self.breaking(
                        &readers,
                        format!("the claim `{name}` comes from another build of the logic `{component}`"),
                    );
                }
            }
        }
    }

    fn token(&mut self, old: &Bundle, new: &Bundle, token: Token) {
        let readers = format!("readers of the {} token", token.as_str());
        let (before, after) =
            (old.expected(token, TriggerVersion::V2), new.expected(token, TriggerVersion::V2));
        self.values(&readers, "claim", &before, &after);
        for name in after.keys().filter(|name| !before.contains_key(*name) && issues(token, name)) {
            self.breaking(
                &readers,
                format!("the claim `{name}` is the contract's and no longer what cognito writes"),
            );
        }
        for name in before.keys().filter(|name| after.contains_key(*name)) {
            if let (Some(was), Some(is)) = (old.claims.get(*name), new.claims.get(*name)) {
                self.value_of_claim(&readers, name, was, is);
            }
        }
        let (before, after) = (old.suppress.of(token), new.suppress.of(token));
        for name in after.difference(before) {
            self.breaking(&readers, format!("the claim `{name}` is left out"));
        }
        for name in before.difference(after) {
            self.additive(&readers, format!("the claim `{name}` is no longer left out"));
        }
    }

    /// Compares what is expected of values with names.
    fn values(
        &mut self,
        readers: &str,
        what: &str,
        before: &BTreeMap<&str, Expected>,
        after: &BTreeMap<&str, Expected>,
    ) {
        for (name, was) in before {
            let Some(is) = after.get(name) else {
                self.breaking(readers, format!("the {what} `{name}` is gone"));
                continue;
            };
            if was.always && !is.always {
                self.breaking(readers, format!("the {what} `{name}` is no longer always there"));
            } else if !was.always && is.always {
                self.additive(readers, format!("the {what} `{name}` is always there now"));
            }
            if was.form != is.form {
                let change = format!(
                    "the {what} `{name}` was {} and is {}",
                    described(&was.form),
                    described(&is.form)
                );
                if narrows(&was.form, &is.form) {
                    self.additive(readers, change);
                } else {
                    self.breaking(readers, change);
                }
            }
        }
        for name in after.keys().filter(|name| !before.contains_key(*name)) {
            self.additive(readers, format!("the {what} `{name}` is new"));
        }
    }

    /// What programs cannot see in a type: the same form may hold another value.
    fn value_of_claim(&mut self, readers: &str, name: &str, was: &Claim, is: &Claim) {
        if was.source != is.source {
            let change = format!(
                "the claim `{name}` comes from {} and came from {}",
                origin(&is.source),
                origin(&was.source)
            );
            self.breaking(readers, change);
        }
        let shown = |value: &Option<Value>| {
            value.as_ref().map_or_else(|| "no default".to_owned(), |value| format!("the default {value}"))
        };
        if was.default != is.default {
            let change =
                format!("the claim `{name}` has {} and had {}", shown(&is.default), shown(&was.default));
            // Where there was no value at all, nobody relied on one.
            self.add(
                if was.default.is_none() { Effect::Additive } else { Effect::Breaking },
                readers,
                change,
            );
        }
        if was.value_type != is.value_type && is.on_error == OnError::Refuse {
            let people = "people who sign in";
            self.breaking(
                people,
                format!("the claim `{name}` has another type, and a value that is wrong refuses"),
            );
        } else if lengths(was) != lengths(is) {
            self.breaking(
                readers,
                format!("the claim `{name}` has other bounds for the length of its values"),
            );
        }
        if was.on_error != is.on_error {
            let affected = if is.on_error == OnError::Refuse { "people who sign in" } else { readers };
            self.breaking(affected, format!("a wrong value of the claim `{name}` has another consequence"));
        }
        if was.condition != is.condition {
            self.breaking(readers, format!("the claim `{name}` is there under another condition"));
        }
        if was.v1 != is.v1 {
            self.breaking(readers, format!("the claim `{name}` is carried in another way by v1 triggers"));
        }
    }

    fn scopes(&mut self, old: &Bundle, new: &Bundle) {
        let readers = "readers of the access token";
        let before: Vec<_> = old.scopes.add.iter().collect();
        let after: Vec<_> = new.scopes.add.iter().collect();
        for rule in before.iter().filter(|rule| !after.contains(rule)) {
            self.breaking(readers, format!("a rule no longer adds scopes ({})", origin(&rule.source)));
        }
        for rule in after.iter().filter(|rule| !before.contains(rule)) {
            self.additive(readers, format!("a rule adds scopes ({})", origin(&rule.source)));
        }
        for scope in new.scopes.suppress.difference(&old.scopes.suppress) {
            self.breaking(readers, format!("the scope `{scope}` is left out"));
        }
        for scope in old.scopes.suppress.difference(&new.scopes.suppress) {
            self.additive(readers, format!("the scope `{scope}` is no longer left out"));
        }
    }

    fn groups(&mut self, old: &Bundle, new: &Bundle) {
        let readers = "readers of both tokens";
        for (what, same) in [
            ("groups", old.groups == new.groups),
            ("iam roles", old.roles == new.roles),
            ("preferred role", old.preferred_role == new.preferred_role),
        ] {
            if !same {
                self.breaking(
                    readers,
                    format!("the {what} come from somewhere else, or under another condition"),
                );
            }
        }
    }

    fn clients(&mut self, old: &Bundle, new: &Bundle) {
        let ids: BTreeSet<&String> = old.clients.keys().chain(new.clients.keys()).collect();
        for id in ids {
            let without = |bundle: &Bundle| {
                let client = bundle.clients.get(id).or_else(|| bundle.clients.get("*"));
                client.map(|client| client.without.clone()).unwrap_or_default()
            };
            let (before, after) = (without(old), without(new));
            let affected = if id == "*" {
                "every other app client".to_owned()
            } else {
                format!("the app client `{id}`")
            };
            for claim in after.difference(&before) {
                self.breaking(&affected, format!("its tokens are without the claim `{claim}`"));
            }
            for claim in before.difference(&after).filter(|claim| new.claims.contains_key(*claim)) {
                self.additive(&affected, format!("its tokens are no longer without the claim `{claim}`"));
            }
        }
    }

    fn sign_in(&mut self, old: &Bundle, new: &Bundle) {
        let people = "people who sign in";
        let same_rules =
            new.refuse.len() == old.refuse.len() && new.refuse.iter().all(|rule| old.refuse.contains(rule));
        if same_rules && new.refuse != old.refuse {
            self.breaking(
                people,
                "the rules that refuse stand in another order, so that some read another message".to_owned(),
            );
        }
        for rule in new.refuse.iter().filter(|rule| !old.refuse.contains(rule)) {
            self.breaking(people, format!("a rule refuses some of them: {}", rule.message));
        }
        for rule in old.refuse.iter().filter(|rule| !new.refuse.contains(rule)) {
            self.additive(people, format!("a rule no longer refuses some of them: {}", rule.message));
        }
        let operators = "operators of the function";
        for (name, fact) in &new.facts {
            match old.facts.get(name) {
                None => self.breaking(
                    operators,
                    format!("the function must be able to read the table `{}`", fact.table),
                ),
                Some(before) if before.table != fact.table => {
                    self.breaking(
                        operators,
                        format!(
                            "the fact `{name}` is in the table `{}` and was in `{}`",
                            fact.table, before.table
                        ),
                    );
                }
                Some(before) if before.fields != fact.fields => {
                    self.breaking(people, format!("other fields of the fact `{name}` are read"));
                }
                Some(before) if before.key != fact.key => {
                    self.breaking(people, format!("the fact `{name}` is found by another key"));
                }
                Some(before) if (before.on_missing, before.on_error) != (fact.on_missing, fact.on_error) => {
                    self.breaking(
                        people,
                        format!(
                            "a sign-in goes on, or fails, in other cases when the fact `{name}` is not there"
                        ),
                    );
                }
                Some(_) => {}
            }
        }
        for name in old.facts.keys().filter(|name| !new.facts.contains_key(*name)) {
            self.additive(operators, format!("the fact `{name}` is no longer read"));
        }
    }

    fn calls(&mut self, old: &Bundle, new: &Bundle) {
        let callers = "callers of the api";
        match (&old.authorize, &new.authorize) {
            (None, None) => {}
            (None, Some(_)) => self.additive(callers, "calls can be authorized".to_owned()),
            (Some(_), None) => self.breaking(callers, "no call can be authorized".to_owned()),
            (Some(before), Some(after)) => {
                if before.token != after.token {
                    self.breaking(callers, format!("they must bring the {} token", after.token.as_str()));
                }
                let routes = |rule: &claim_core::contract::AuthorizeRule| {
                    let routes = rule.routes.iter().map(ToString::to_string);
                    routes.chain(rule.fields.iter().cloned()).collect::<Vec<_>>().join(", ")
                };
                for rule in before.rules.iter().filter(|rule| !after.rules.contains(rule)) {
                    self.breaking(callers, format!("a rule about {} is gone or changed", routes(rule)));
                }
                for rule in after.rules.iter().filter(|rule| !before.rules.contains(rule)) {
                    // A rule about routes that another rule speaks of narrows what that one allows.
                    self.breaking(callers, format!("a rule about {} is new or changed", routes(rule)));
                }
            }
        }
        self.values("the backend", "context value", &old.expected_context(), &new.expected_context());
        if let (Some(before), Some(after)) = (&old.authorize, &new.authorize) {
            for (name, rule) in &after.context {
                if before.context.get(name).is_some_and(|other| other != rule) {
                    self.breaking(
                        "the backend",
                        format!(
                            "the context value `{name}` comes from somewhere else, or has another default"
                        ),
                    );
                }
            }
        }
    }

    fn pages(&mut self, old: &Bundle, new: &Bundle) {
        let same = old.sections == new.sections
            && old.display == new.display
            && old
                .claims
                .iter()
                .all(|(name, claim)| new.claims.get(name).is_none_or(|other| other.display == claim.display));
        if !same {
            self.additive("pages that show claims", "labels, sections or kinds change".to_owned());
        }
    }
}

fn lengths(claim: &Claim) -> (Option<u64>, Option<u64>) {
    claim.value_type.as_ref().map_or((None, None), |declared| (declared.max_length, declared.max_items))
}

fn origin(source: &Source) -> String {
    match source {
        Source::From(pointer) => pointer.to_string(),
        Source::Value(value) => value.to_string(),
        Source::Expression(_) => "an expression".to_owned(),
        Source::Logic(name) => format!("the logic `{name}`"),
    }
}

fn described(form: &Form) -> String {
    match form {
        Form::Any => "anything".to_owned(),
        Form::Text => "a text".to_owned(),
        Form::Integer => "a whole number".to_owned(),
        Form::Number => "a number".to_owned(),
        Form::Boolean => "a boolean".to_owned(),
        Form::Object => "an object".to_owned(),
        Form::List(element) => format!("a list ({})", described(element)),
        Form::OneOf(values) => {
            format!("one of {}", values.iter().map(Value::to_string).collect::<Vec<_>>().join(", "))
        }
    }
}

/// Whether everything of the new form also has the old form, so that a reader of the old one can go on.
fn narrows(old: &Form, new: &Form) -> bool {
    match (old, new) {
        (Form::Any, _) | (Form::Number, Form::Integer) => true,
        (Form::List(old), Form::List(new)) => narrows(old, new),
        (Form::OneOf(old), Form::OneOf(new)) => new.iter().all(|value| old.contains(value)),
        (Form::Text, Form::OneOf(values)) => values.iter().all(|value| matches!(value, Value::String(_))),
        (Form::Integer, Form::OneOf(values)) => {
            values.iter().all(|value| matches!(value, Value::Number(number) if number.is_integer()))
        }
        (Form::Number, Form::OneOf(values)) => values.iter().all(|value| matches!(value, Value::Number(_))),
        (Form::Boolean, Form::OneOf(values)) => values.iter().all(|value| matches!(value, Value::Bool(_))),
        (old, new) => old == new,
    }
}
