//! The contract's own tests.

use std::collections::BTreeSet;

use super::super::decode::{Fields, elements, entries, fields, name, names, text, value, word};
use super::super::examination::{Examination, Expectation, ExpectedGroups};
use super::super::yaml::{Kind, Node};
use super::Contract;
use crate::json::{Object, Value};
use crate::request::{FactOutcome, FactRecord, TokenRequest, TriggerSource, TriggerVersion, User};

const TRIGGERS: [(&str, &str); 6] = [
    ("Authentication", "TokenGeneration_Authentication"),
    ("HostedAuth", "TokenGeneration_HostedAuth"),
    ("RefreshTokens", "TokenGeneration_RefreshTokens"),
    ("NewPasswordChallenge", "TokenGeneration_NewPasswordChallenge"),
    ("AuthenticateDevice", "TokenGeneration_AuthenticateDevice"),
    ("ClientCredentials", "TokenGeneration_ClientCredentials"),
];

const VERSIONS: [(&str, TriggerVersion); 3] =
    [("1", TriggerVersion::V1), ("2", TriggerVersion::V2), ("3", TriggerVersion::V3)];

/// How many tests a contract may have.
const MAX_TESTS: usize = 1_000;

/// The id of a user whom a test gives none.
const SUB: &str = "00000000-0000-4000-8000-000000000000";

/// The time of a test that names none.
const NOW: u64 = 1_700_000_000;

impl Contract<'_, '_> {
    pub(super) fn examinations(&mut self, node: &Node) -> Vec<Examination> {
        let mut examinations: Vec<Examination> = Vec::new();
        let list = elements(self.report, node, "`tests`");
        if list.len() > MAX_TESTS {
            let message = format!("a contract has at most {MAX_TESTS} tests and this one has {}", list.len());
            self.report.error("too-many-tests", &node.span, message);
        }
        for (index, node) in list.iter().take(MAX_TESTS).enumerate() {
            let of =
                fields(self.report, node, format!("`tests[{index}]`"), &["name", "event", "facts", "expect"]);
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
            let facts = self.records(&of);
            let expect = self.required(
                &of,
                "expect",
                "say what must hold, for example `expect: { id: { tier: pro } }`",
            );
            let expect = expect.map_or_else(Expectation::default, |node| self.expectation(&of, node));
            let line = self
                .report
                .text()
                .get(..of.span.start)
                .unwrap_or_default()
                .matches('\n')
                .count()
                .saturating_add(1);
            examinations.push(Examination { name: title.to_owned(), line, request, facts, expect });
        }
        examinations
    }

    fn required<'n>(&mut self, of: &Fields<'n>, key: &str, help: &str) -> Option<&'n Node> {
        let node = of.get(key);
        if node.is_none() {
            self.missing(of, key, help);
        }
        node
    }

    fn request(&mut self, of: &Fields<'_>) -> TokenRequest {
        let mut request = TokenRequest {
            version: TriggerVersion::V2,
            trigger: TriggerSource::Authentication,
            pool_id: "eu-west-1_Example00".to_owned(),
            region: "eu-west-1".to_owned(),
            client_id: "exampleclient".to_owned(),
            user: None,
            scopes: Vec::new(),
            client_metadata: Object::new(),
            now: NOW,
        };
        let mut user = User { name: Some("example".to_owned()), ..User::default() };
        if let Some(node) = of.get("event") {
            let what = format!("`event` of {}", of.what);
            let keys =
                ["version", "trigger", "client", "scopes", "metadata", "user", "groups", "roles", "now"];
            let event = fields(self.report, node, what.as_str(), &keys);
            let place = |key: &str| format!("`{key}` of {what}");
            if let Some(trigger) =
                event.get("trigger").and_then(|node| word(self.report, node, &place("trigger"), &TRIGGERS))
            {
                request.trigger = TriggerSource::from_event(trigger);
            }
            if request.trigger == TriggerSource::ClientCredentials {
                request.version = TriggerVersion::V3;
            }
            if let Some(version) =
                event.get("version").and_then(|node| word(self.report, node, &place("version"), &VERSIONS))
            {
                request.version = version;
            }
            if let Some(client) =
                event.get("client").and_then(|node| text(self.report, node, &place("client")))
            {
                client.clone_into(&mut request.client_id);
            }
            if let Some(node) = event.get("scopes") {
                request.scopes = self.list(node, &place("scopes"));
            }
            if let Some(node) = event.get("metadata") {
                request.client_metadata = self.object(node, &place("metadata"));
            }
            if let Some(node) = event.get("groups") {
                user.groups = self.list(node, &place("groups"));
            }
            if let Some(node) = event.get("roles") {
                user.roles = self.list(node, &place("roles"));
            }
            if let Some(node) = event.get("now") {
                match node.scalar() {
                    Some(Value::Number(number)) if number.as_u64().is_some() => {
                        request.now = number.as_u64().unwrap_or(NOW);
                    }
                    _ => self.report.error(
                        "wrong-kind",
                        &node.span,
                        format!("{} must be seconds since 1970 and is {}", place("now"), node.describe()),
                    ),
                }
            }
            if let Some(node) = event.get("user") {
                self.user(&place("user"), node, &mut user);
            }
        }
        // Every real user has one.
        user.attributes.entry("sub".to_owned()).or_insert_with(|| SUB.into());
        request.user = (request.trigger != TriggerSource::ClientCredentials).then_some(user);
        request
    }

    fn user(&mut self, what: &str, node: &Node, user: &mut User) {
        let of = fields(self.report, node, what, &["name", "sub", "attributes"]);
        if let Some(name) =
            of.get("name").and_then(|node| text(self.report, node, &format!("`name` of {what}")))
        {
            user.name = Some(name.to_owned());
        }
        if let Some(node) = of.get("attributes") {
            user.attributes = self.object(node, &format!("`attributes` of {what}"));
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
                _ => {
                    let words = [("missing", FactWord::Missing), ("failed", FactWord::Failed)];
                    match word(self.report, node, &format!("{place}, where it is no record,"), &words) {
                        Some(FactWord::Failed) => FactOutcome::Failed,
                        _ => FactOutcome::Missing,
                    }
                }
            };
        }
        records
    }

    fn expectation(&mut self, of: &Fields<'_>, node: &Node) -> Expectation {
        let what = format!("`expect` of {}", of.what);
        let keys = ["id", "access", "scopesAdded", "scopesSuppressed", "groups", "refusal"];
        let expect = fields(self.report, node, what.as_str(), &keys);
        if keys.iter().all(|key| expect.get(key).is_none()) {
            self.report.error(
                "expects-nothing",
                &expect.span,
                format!("{what} says nothing, so the test cannot fail"),
            );
        }
        let place = |key: &str| format!("`{key}` of {what}");
        let groups = expect.get("groups").map(|node| match &node.kind {
            Kind::Sequence(_) => ExpectedGroups::Names(self.list(node, &place("groups"))),
            _ => {
                let words = [("unchanged", ExpectedWord::Unchanged), ("cleared", ExpectedWord::Cleared)];
                match word(self.report, node, &format!("{}, where it is no list,", place("groups")), &words) {
                    Some(ExpectedWord::Cleared) => ExpectedGroups::Cleared,
                    _ => ExpectedGroups::Unchanged,
                }
            }
        });
        let refusals = ["fact-missing", "fact-failed", "rule-failed", "rejected"].map(|code| (code, code));
        let refusal =
            expect.get("refusal").and_then(|node| word(self.report, node, &place("refusal"), &refusals));
        let mut set = |key: &str| -> Option<BTreeSet<String>> {
            expect.get(key).map(|node| names(self.report, node, &place(key)))
        };
        let (scopes_added, scopes_suppressed) = (set("scopesAdded"), set("scopesSuppressed"));
        let mut claims =
            |key: &str| expect.get(key).map_or_else(Object::new, |node| self.object(node, &place(key)));
        Expectation {
            id: claims("id"),
            access: claims("access"),
            scopes_added,
            scopes_suppressed,
            groups,
            refusal: refusal.map(str::to_owned),
        }
    }

    fn list(&mut self, node: &Node, what: &str) -> Vec<String> {
        let each = elements(self.report, node, what).iter();
        each.filter_map(|node| text(self.report, node, &format!("an element of {what}")))
            .map(str::to_owned)
            .collect()
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

#[derive(Clone, Copy)]
enum FactWord {
    Missing,
    Failed,
}

#[derive(Clone, Copy)]
enum ExpectedWord {
    Unchanged,
    Cleared,
}
