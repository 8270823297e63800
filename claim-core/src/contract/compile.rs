//! From `claims.yaml` to a bundle, every mistake reported with its place.

mod claims;
mod examinations;
mod facts;
mod groups;
mod scopes;
mod source;
mod types;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::decode::{self, Fields, entries, fields};
use super::diagnostic::{Diagnostic, Report};
use super::examination::Examination;
use super::yaml::{self, Node};
use super::{Bundle, Client, FORMAT, MAX_BUNDLE, Scopes, Suppress};
use crate::json::Value;
use crate::suggest::closest;

/// What rules may read.
pub const INPUTS: [&str; 8] = ["user", "groups", "roles", "client", "event", "metadata", "facts", "now"];

/// What the key of a fact may read: everything but facts, because all facts are fetched at once.
const KEY_INPUTS: [&str; 7] = ["user", "groups", "roles", "client", "event", "metadata", "now"];

/// How many facts a contract may have: they are fetched together, and each costs a read.
const MAX_FACTS: usize = 16;

/// How many known names a message lists.
const MAX_LISTED: usize = 12;

/// How many claims a contract may have. Cognito takes 5,000 changes; a token of 4 kB holds about a hundred.
const MAX_CLAIMS: usize = 1_000;

/// What came of compiling a contract.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The bundle; none if there is an error among the diagnostics.
    pub bundle: Option<Bundle>,
    /// The contract's own tests. They are not part of the bundle.
    pub tests: Vec<Examination>,
    /// Everything that was found, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Compiles the text of a contract.
#[must_use]
pub fn compile(text: &str) -> Compiled {
    let mut report = Report::new(text);
    let root = yaml::parse(&mut report);
    let (bundle, tests) = match root.map(|root| Contract::compile(&mut report, &root)) {
        Some((bundle, tests)) => (Some(bundle), tests),
        None => (None, Vec::new()),
    };
    if bundle.is_none() && !report.has_errors() {
        report.error("empty", &(0..0), "the contract is empty");
        report.help("write `version: 1` and at least one of `claims`, `scopes`, `groups`, `suppress`");
    }
    if let Some(bundle) = &bundle
        && bundle.to_text().len() > MAX_BUNDLE
    {
        report.error("too-large", &(0..0), format!("the compiled contract has more than {MAX_BUNDLE} bytes"));
        report.help("split the contract, or shorten its expressions");
    }
    let bundle = bundle.filter(|_| !report.has_errors());
    // What a function would refuse at its start is refused here.
    if let Some(Err(error)) = bundle.as_ref().map(|bundle| Bundle::read(&bundle.to_text())) {
        report.error("not-a-bundle", &(0..0), format!("the compiled contract is not read back: {error}"));
    }
    let bundle = bundle.filter(|_| !report.has_errors());
    Compiled { bundle, tests, diagnostics: report.finish() }
}

/// A contract while it is compiled.
struct Contract<'r, 'a> {
    report: &'r mut Report<'a>,
    /// The fields of each fact; none where every field is read.
    facts: BTreeMap<String, Option<BTreeSet<String>>>,
    /// The facts that some rule reads.
    used_facts: BTreeSet<String>,
}

impl Contract<'_, '_> {
    fn compile(report: &mut Report<'_>, root: &Node) -> (Bundle, Vec<Examination>) {
        let keys = ["version", "facts", "claims", "scopes", "groups", "suppress", "clients", "tests"];
        let top = fields(report, root, "the contract", &keys);
        let mut contract = Contract { report, facts: BTreeMap::new(), used_facts: BTreeSet::new() };
        if matches!(root.kind, yaml::Kind::Mapping(_)) {
            contract.version(&top);
        }

        let mut bundle = Bundle {
            format: FORMAT,
            facts: BTreeMap::new(),
            claims: BTreeMap::new(),
            scopes: Scopes::default(),
            groups: None,
            suppress: Suppress::default(),
            clients: BTreeMap::new(),
        };
        let mut fact_names = Vec::new();
        if let Some(node) = top.get("facts") {
            bundle.facts = contract.facts(node, &mut fact_names);
        }
        if let Some(node) = top.get("suppress") {
            bundle.suppress = contract.suppress(node);
        }
        if let Some(node) = top.get("claims") {
            bundle.claims = contract.claims(node, &bundle.suppress);
        }
        if let Some(node) = top.get("scopes") {
            bundle.scopes = contract.scopes(node);
        }
        if let Some(node) = top.get("groups") {
            bundle.groups = contract.groups(node);
        }
        if let Some(node) = top.get("clients") {
            bundle.clients = contract.clients(node, &bundle.claims.keys().map(String::as_str).collect());
        }
        let tests = top.get("tests").map_or_else(Vec::new, |node| contract.examinations(node));
        for (name, span) in fact_names {
            if !contract.used_facts.contains(name) {
                let message = format!("the fact `{name}` is fetched and no rule reads it");
                contract.report.warning("unused-fact", &span, message);
                contract.report.help("remove it: it costs a read at each sign-in");
            }
        }
        (bundle, tests)
    }

    fn version(&mut self, top: &Fields<'_>) {
        match top.get("version") {
            None => {
                self.report.error(
                    "missing-key",
                    &(top.span.start..top.span.start),
                    "the contract does not say its `version`",
                );
                self.report.help("write `version: 1` in the first line");
            }
            Some(node) if node.scalar() == Some(Value::from(1i64)) => {}
            Some(node) => {
                self.report.error(
                    "unknown-version",
                    &node.span,
                    "the contract's `version` is not one that this tool reads, which is `1`",
                );
            }
        }
    }

    fn clients(&mut self, node: &Node, claims: &BTreeSet<&str>) -> BTreeMap<String, Client> {
        let mut clients = BTreeMap::new();
        for (id, _, node) in entries(self.report, node, "`clients`") {
            let what = format!("the client `{id}`");
            let client = fields(self.report, node, what.as_str(), &["without"]);
            let without = client.get("without").map(|node| {
                let names = decode::names(self.report, node, &format!("`without` of {what}"));
                for name in &names {
                    if !claims.contains(name.as_str()) {
                        self.unknown(
                            "unknown-claim",
                            &node.span,
                            "claim of this contract",
                            name,
                            claims.iter().copied(),
                        );
                    }
                }
                names
            });
            clients.insert(id.to_owned(), Client { without: without.unwrap_or_default() });
        }
        clients
    }

    /// Reports a name that is not known, with those that are.
    fn unknown<'k>(
        &mut self,
        code: &'static str,
        span: &Range<usize>,
        what: &str,
        name: &str,
        known: impl IntoIterator<Item = &'k str> + Clone,
    ) {
        if self.report.is_full() {
            self.report.error(code, span, format!("there is no {what} `{name}`"));
            return;
        }
        let mut all: Vec<String> =
            known.clone().into_iter().take(MAX_LISTED).map(|known| format!("`{known}`")).collect();
        if known.clone().into_iter().nth(MAX_LISTED).is_some() {
            all.push("…".to_owned());
        }
        let all = if all.is_empty() { "none".to_owned() } else { all.join(", ") };
        self.report.error(code, span, format!("there is no {what} `{name}`; there is {all}"));
        if let Some(meant) = closest(name, known) {
            self.report.help(format!("did you mean `{meant}`?"));
        }
    }

    /// Reports a key that must be there.
    fn missing(&mut self, of: &Fields<'_>, key: &str, help: &str) {
        self.report.error("missing-key", &of.span, format!("{} does not say `{key}`", of.what));
        self.report.help(help);
    }
}
