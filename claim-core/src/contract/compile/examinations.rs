//! The contract's own tests.

use std::collections::BTreeSet;

use super::super::decode::{Fields, elements, entries, fields, name, names, text, value, word};
use super::super::examination::{Examination, Expectation, ExpectedCall, ExpectedNames};
use super::super::keys::{
    CALL, DecisionWord, EVENT, EXPECT, FactWord, LogicWord, NamesWord, RefusalWord, TEST, Trigger, USER,
    Version,
};
use super::super::yaml::{Kind, Node};
use super::Contract;
use crate::json::{Object, Value};
use crate::request::{FactOutcome, FactRecord, TokenRequest, TriggerSource, TriggerVersion, User};

/// How many tests a contract may have.
const MAX_TESTS: usize = 1_000;

/// The id of a user whom a test gives none.
const SUB: &str = "00000000-0000-4000-8000-000000000000";

/// The time of a test that names none.
const NOW: u64 = 1_700_000_000;

/// Returns the request of a test that says nothing of it.
pub(super) fn example() -> TokenRequest {
    let mut user = User { name: Some("example".to_owned()), ..User::default() };
    user.attributes.insert("sub".to_owned(), SUB.into());
    TokenRequest {
        version: TriggerVersion::V2,
        trigger: TriggerSource::Authentication,
        pool_id: "eu-west-1_Example00".to_owned(),
        region: "eu-west-1".to_owned(),
        client_id: "exampleclient".to_owned(),
        user: Some(user),
        scopes: Vec::new(),
        client_metadata: Object::new(),
        now: NOW,
    }
}

impl Contract<'_, '_> {
    pub(super) fn examinations(&mut self, node: &Node) -> Vec<Examination> {
        let mut examinations: Vec<Examination> = Vec::new();
        let list = elements(self.report, node, "`tests`");
        if list.len() > MAX_TESTS {
            let message = format!("a contract has at most {MAX_TESTS} tests and this one has {}", list.len());
            self.report.error("too-many-tests", &node.span, message);
        }
        for (index, node) in list.iter().take(MAX_TESTS).enumerate() {
            let of = fields(self.report, node, format!("`tests[{index}]`"), &TEST);
            let Some(title) = self.required(
                &of,
                "name",
                "say what it shows, for example `name: a member without a profile`",
            ) else {
                continue;
            };
            let title = name(self.report, title, &format!("`name` of {}", of.what)).unwrap_or_default();
            if examinations.iter().any(|other| other.name == title) {
                self.report.error("duplicate-name", &of.span, format!("two tests are named `{title}`"));
            }
            let request = self.request(&of);
            let mut facts = self.records(&of);
            facts.extend(self.answers(&of));
            let call = self.call(&of);
            let expect = self.required(
                &of,
                "expect",
                "say what must hold, for example `expect: { id: { tier: pro } }`",
            );
            let expect = expect.map_or_else(Expectation::default, |node| self.expectation(&of, node));
            if (expect.decision.is_some() || !expect.context.is_empty()) && of.get("call").is_none() {
                self.missing(
                    &of,
                    "call",
                    "say which call is decided, for example `call: { route: GET /orders/7 }`",
                );
            }
            if call.is_some() && !self.has_authorize {
                let message = format!("{} makes a call, and the contract has no `authorize`", of.what);
                self.report.error("missing-key", &of.span, message);
                self.report.help("say who may call what under `authorize`");
            }
            if call.is_some() && expect.decision.is_none() {
                let message = format!("{} makes a call and expects no `decision`", of.what);
                self.report.error("expects-nothing", &of.span, message);
                self.report.help("add `decision: allowed`, or why it is denied");
            }
            let line = self
                .report
                .text()
                .get(..of.span.start)
                .unwrap_or_default()
                .matches('\n')
                .count()
                .saturating_add(1);
            examinations.push(Examination { name: title.to_owned(), line, request, facts, call, expect });
        }
        examinations
    }

    fn request(&mut self, of: &Fields<'_>) -> TokenRequest {
        let mut request = example();
        let mut user = request.user.take().unwrap_or_default();
        if let Some(node) = of.get("event") {
            let event = fields(self.report, node, of.place("event"), &EVENT);
            let trigger: Option<Trigger> = self.word(&event, "trigger");
            if let Some(Trigger(trigger)) = trigger {
                request.trigger = TriggerSource::from_event(&format!("TokenGeneration_{trigger}"));
            }
            if request.trigger == TriggerSource::ClientCredentials {
                request.version = TriggerVersion::V3;
            }
            let version: Option<Version> = self.word(&event, "version");
            if let Some(Version(version)) = version {
                request.version = version;
            }
            let machine = request.trigger == TriggerSource::ClientCredentials;
            if let (true, Some(node)) =
                (machine && request.version != TriggerVersion::V3, event.get("version"))
            {
                let message = format!(
                    "{} is not 3, and only a v3 trigger is asked about machines",
                    event.place("version")
                );
                self.report.error("unknown-version", &node.span, message);
            }
            if let Some(client) =
                event.get("client").and_then(|node| text(self.report, node, &event.place("client")))
            {
                client.clone_into(&mut request.client_id);
            }
            if let Some(node) = event.get("scopes") {
                request.scopes = self.list(node, &event.place("scopes"));
            }
            if let Some(node) = event.get("metadata") {
                request.client_metadata = self.texts(node, &event.place("metadata"));
            }
            if let Some(node) = event.get("groups") {
                user.groups = self.list(node, &event.place("groups"));
            }
            if let Some(node) = event.get("roles") {
                user.roles = self.list(node, &event.place("roles"));
            }
            if let Some(node) = event.get("preferredRole") {
                let role = text(self.report, node, &event.place("preferredRole"));
                user.preferred_role = role.map(str::to_owned);
            }
            if let Some(now) = self.integer(&event, "now", 0).and_then(|now| u64::try_from(now).ok()) {
                request.now = now;
            }
            if let Some(node) = event.get("user") {
                self.user(&event.place("user"), node, &mut user);
            }
        }
        // Every real user has one.
        user.attributes.entry("sub".to_owned()).or_insert_with(|| SUB.into());
        request.user = (request.trigger != TriggerSource::ClientCredentials).then_some(user);
        request
    }

    fn user(&mut self, what: &str, node: &Node, user: &mut User) {
        let of = fields(self.report, node, what, &USER);
        if let Some(name) =
            of.get("name").and_then(|node| text(self.report, node, &format!("`name` of {what}")))
        {
            user.name = Some(name.to_owned());
        }
        if let Some(node) = of.get("attributes") {
            user.attributes = self.texts(node, &format!("`attributes` of {what}"));
        }
        if let Some(sub) = of.get("sub").and_then(|node| text(self.report, node, &format!("`sub` of {what}")))
        {
            user.attributes.insert("sub".to_owned(), sub.into());
        }
    }

    /// Reads a record for each fact, or one of the words `missing` and `failed`.
    fn records(&mut self, of: &Fields<'_>) -> Vec<FactRecord> {
        let what = format!("`facts` of {}", of.what);
        let known = self.facts.clone();
        let mut records: Vec<FactRecord> = known
            .keys()
            .map(|name| FactRecord { name: name.clone(), outcome: FactOutcome::Missing })
            .collect();
        let Some(node) = of.get("facts") else {
            return records;
        };
        for (name, key, node) in entries(self.report, node, &what) {
            let Some(record) = records.iter_mut().find(|record| record.name == name) else {
                self.unknown("unknown-fact", &key.span, "fact", name, known.keys().map(String::as_str));
                continue;
            };
            let place = format!("`{name}` of {what}");
            record.outcome = match &node.kind {
                Kind::Mapping(_) => FactOutcome::Found(self.object(node, &place).into()),
                _ => match word::<FactWord>(self.report, node, &format!("{place}, where it is no record,")) {
                    Some(FactWord::Failed) => FactOutcome::Failed,
                    _ => FactOutcome::Missing,
                },
            };
        }
        records
    }

    /// Reads what logic components say, or the word `failed`.
    fn answers(&mut self, of: &Fields<'_>) -> Vec<FactRecord> {
        let what = format!("`logic` of {}", of.what);
        let named = of.get("logic").map(|node| entries(self.report, node, &what)).unwrap_or_default();
        let mut answers = Vec::new();
        for (name, key, node) in named {
            if !self.logic.contains_key(name) {
                let known: Vec<String> = self.logic.keys().cloned().collect();
                self.unknown("unknown-logic", &key.span, "logic", name, known.iter().map(String::as_str));
                continue;
            }
            let place = format!("`{name}` of {what}");
            answers.push(match &node.kind {
                Kind::Mapping(_) => FactRecord::of_logic(name, Some(self.object(node, &place))),
                _ => {
                    word::<LogicWord>(self.report, node, &format!("{place}, where it is no claims,"));
                    FactRecord::of_logic(name, None)
                }
            });
        }
        answers
    }

    fn call(&mut self, of: &Fields<'_>) -> Option<ExpectedCall> {
        let call = fields(self.report, of.get("call")?, of.place("call"), &CALL);
        let node = self.required(&call, "route", "say what is called, for example `route: GET /orders/7`")?;
        let written = text(self.report, node, &call.place("route"))?;
        let (method, path) = match written.split_once(' ') {
            Some((method, path)) if path.starts_with('/') => (method, path),
            None if written.starts_with('$') => (written, ""),
            _ => {
                let message = format!("{} is not a method and a path", call.place("route"));
                self.report.error("bad-route", &node.span, message);
                self.report.help("write for example `GET /orders/7`, `$connect` or `$graphql`");
                return None;
            }
        };
        let claims =
            call.get("claims").map_or_else(Object::new, |node| self.object(node, &call.place("claims")));
        Some(ExpectedCall { method: method.to_owned(), path: path.to_owned(), claims })
    }

    fn expectation(&mut self, of: &Fields<'_>, node: &Node) -> Expectation {
        let expect = fields(self.report, node, of.place("expect"), &EXPECT);
        let empty = |node: &Node| matches!(&node.kind, Kind::Mapping(members) if members.is_empty());
        if EXPECT.names().all(|key| expect.get(key).is_none_or(empty)) {
            self.report.error(
                "expects-nothing",
                &expect.span,
                format!("{} says nothing, so the test cannot fail", expect.what),
            );
        }
        let beside =
            EXPECT.names().find(|key| !matches!(*key, "refusal" | "message") && expect.get(key).is_some());
        if let (Some(key), Some(node)) = (beside, expect.get("refusal")) {
            let message =
                format!("{} has a `refusal` and `{key}`, and who is refused gets no token", expect.what);
            self.report.error("expects-nothing", &node.span, message);
            self.report.help("make two tests of it");
        }
        let groups = self.expected_names(&expect, "groups");
        let roles = self.expected_names(&expect, "roles");
        let refusal: Option<RefusalWord> = self.word(&expect, "refusal");
        let decision: Option<DecisionWord> = self.word(&expect, "decision");
        let message =
            expect.get("message").and_then(|node| text(self.report, node, &expect.place("message")));
        let mut set = |key: &str| -> Option<BTreeSet<String>> {
            expect.get(key).map(|node| names(self.report, node, &expect.place(key)).into_keys().collect())
        };
        let (scopes_added, scopes_suppressed) = (set("scopesAdded"), set("scopesSuppressed"));
        let mut object = |key: &str| {
            expect.get(key).map_or_else(Object::new, |node| self.object(node, &expect.place(key)))
        };
        Expectation {
            id: object("id"),
            access: object("access"),
            scopes_added,
            scopes_suppressed,
            groups,
            roles,
            refusal: refusal.map(|word| word.0.to_owned()),
            message: message.map(str::to_owned),
            decision: decision.map(|word| word.0.to_owned()),
            context: object("context"),
        }
    }

    fn expected_names(&mut self, expect: &Fields<'_>, key: &str) -> Option<ExpectedNames> {
        let node = expect.get(key)?;
        let place = expect.place(key);
        Some(match &node.kind {
            Kind::Sequence(_) => ExpectedNames::Names(self.list(node, &place)),
            _ => match word::<NamesWord>(self.report, node, &format!("{place}, where it is no list,")) {
                Some(NamesWord::Cleared) => ExpectedNames::Cleared,
                _ => ExpectedNames::Unchanged,
            },
        })
    }

    fn list(&mut self, node: &Node, what: &str) -> Vec<String> {
        let each = elements(self.report, node, what).iter();
        each.filter_map(|node| text(self.report, node, &format!("an element of {what}")))
            .map(str::to_owned)
            .collect()
    }

    /// Reads members that are texts, as Cognito sends attributes and metadata.
    fn texts(&mut self, node: &Node, what: &str) -> Object {
        let members = self.object(node, what);
        if let Kind::Mapping(pairs) = &node.kind {
            for (key, value) in pairs {
                let name = key.key().unwrap_or_default();
                if members.get(name).is_some_and(|value| value.as_str().is_none()) {
                    text(self.report, value, &format!("`{name}` of {what}"));
                }
            }
        }
        members
    }

    fn object(&mut self, node: &Node, what: &str) -> Object {
        match (&node.kind, value(self.report, node, what)) {
            (Kind::Mapping(_), Some(Value::Object(members))) => members,
            (Kind::Mapping(_), _) => Object::new(),
            _ => {
                self.report.error(
                    "wrong-kind",
                    &node.span,
                    format!("{what} must be a mapping and is {}", node.describe()),
                );
                Object::new()
            }
        }
    }
}
