//! From `claims.yaml` to a bundle, every mistake reported with its place.

mod authorize;
mod claims;
mod display;
mod examinations;
mod facts;
mod groups;
mod inputs;
mod logic;
mod parts;
mod refuse;
mod scopes;
mod size;
mod source;
mod types;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

pub use self::inputs::INPUTS;
pub(super) use self::inputs::type_at;
use self::inputs::{KnownClaim, Taint};
use super::decode::{self, Fields, entries, fields};
use super::diagnostic::{Diagnostic, Report};
use super::examination::Examination;
use super::keys::{CLIENT, CONTRACT};
use super::yaml::{self, Node};
use super::{Bundle, Client, FORMAT, MAX_BUNDLE, Scopes, Suppress, TokenBudget, Without};
use crate::cognito::{Token, client_writable};
use crate::json::Value;
use crate::suggest::closest;

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
    /// The attributes of which the contract says that no app client may write them. They are not part of the bundle either.
    pub trusted_attributes: BTreeSet<String>,
    /// The file of each logic component. Not part of the bundle either.
    pub logic_files: BTreeMap<String, LogicFile>,
    /// Everything that was found, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Where a contract names the file of a logic component.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LogicFile {
    /// The file, from the contract's folder.
    pub path: String,
    /// Where the contract says so, in bytes from the beginning.
    pub span: Range<usize>,
    /// Where it pins the file.
    pub pin: Range<usize>,
}

/// Compiles the text of a contract.
#[must_use]
pub fn compile(text: &str) -> Compiled {
    let mut report = Report::new(text);
    let root = yaml::parse(&mut report);
    let read = root.map(|root| Contract::compile(&mut report, &root)).unwrap_or_default();
    let Read { bundle, tests, trusted_attributes, logic_files } = read;
    if bundle.is_none() && !report.has_errors() {
        report.error("empty", &(0..0), "the contract is empty");
        report.help("write `version: 1` and at least one of `claims`, `scopes`, `groups`, `suppress`");
    }
    let bundle = bundle.filter(|_| !report.has_errors());
    let written = bundle.as_ref().map(Bundle::to_text).unwrap_or_default();
    if written.len() > MAX_BUNDLE {
        report.error("too-large", &(0..0), format!("the compiled contract has more than {MAX_BUNDLE} bytes"));
        report.help("split the contract, or shorten its expressions");
    } else if let Some(Err(error)) = bundle.as_ref().map(|_| Bundle::read(&written)) {
        // What a function would refuse at its start is refused here.
        report.error("not-a-bundle", &(0..0), format!("the compiled contract is not read back: {error}"));
    }
    let bundle = bundle.filter(|_| !report.has_errors());
    Compiled { bundle, tests, trusted_attributes, logic_files, diagnostics: report.finish() }
}

/// What is read of a contract, with mistakes or without.
#[derive(Default)]
struct Read {
    bundle: Option<Bundle>,
    tests: Vec<Examination>,
    trusted_attributes: BTreeSet<String>,
    logic_files: BTreeMap<String, LogicFile>,
}

/// A contract while it is compiled.
struct Contract<'r, 'a> {
    report: &'r mut Report<'a>,
    /// The fields of each fact; none where every field is read.
    facts: BTreeMap<String, Option<BTreeSet<String>>>,
    /// The facts that some rule reads.
    used_facts: BTreeSet<String>,
    /// Where each logic component is named, and where its file is.
    logic: BTreeMap<String, Range<usize>>,
    logic_files: BTreeMap<String, LogicFile>,
    /// The logic components that some claim names.
    used_logic: BTreeSet<String>,
    /// The attributes that no app client may write.
    trusted: BTreeSet<String>,
    /// What is known of the claims.
    claims: BTreeMap<String, KnownClaim>,
    /// The sections beside those that every contract has.
    sections: BTreeSet<String>,
    /// The token that callers of an API bring.
    token: Option<Token>,
    /// The claims that this token does not have.
    suppressed: BTreeSet<String>,
    /// Whether calls are decided at all.
    has_authorize: bool,
    /// Who else decides about the groups, and about the scopes.
    group_taint: Option<Taint>,
    scope_taint: Option<Taint>,
}

impl Contract<'_, '_> {
    fn compile(report: &mut Report<'_>, root: &Node) -> Read {
        let top = fields(report, root, "the contract", &CONTRACT);
        let mut contract = Contract {
            report,
            facts: BTreeMap::new(),
            used_facts: BTreeSet::new(),
            logic: BTreeMap::new(),
            logic_files: BTreeMap::new(),
            used_logic: BTreeSet::new(),
            trusted: BTreeSet::new(),
            claims: BTreeMap::new(),
            sections: BTreeSet::new(),
            token: None,
            suppressed: BTreeSet::new(),
            has_authorize: top.get("authorize").is_some(),
            group_taint: None,
            scope_taint: None,
        };
        if matches!(root.kind, yaml::Kind::Mapping(_)) {
            contract.version(&top);
        }
        let mut fact_names = Vec::new();
        let mut bundle = contract.rules(&top, &mut fact_names);
        bundle.budget =
            top.get("budget").map_or_else(TokenBudget::default, |node| contract.budget(node, &bundle));
        let tests = top.get("tests").map_or_else(Vec::new, |node| contract.examinations(node));
        // Where a rule could not be read, nobody knows which facts it reads.
        let all_read = !contract.report.has_errors();
        for (name, span) in fact_names {
            // A record that must be there is read by its absence.
            let gate = bundle.facts.get(name).is_some_and(|fact| fact.on_missing == Without::Refuse);
            if all_read && !gate && !contract.used_facts.contains(name) {
                let message = format!("the fact `{name}` is fetched and no rule reads it");
                contract.report.warning("unused-fact", &span, message);
                contract.report.help("remove it: it costs a read at each sign-in");
            }
        }
        if all_read {
            contract.unused_logic();
        }
        Read {
            bundle: Some(bundle),
            tests,
            trusted_attributes: contract.trusted,
            logic_files: contract.logic_files,
        }
    }

    /// Compiles the parts in the order in which they need each other.
    fn rules<'n>(&mut self, top: &Fields<'n>, fact_names: &mut Vec<(&'n str, Range<usize>)>) -> Bundle {
        self.trusted = self.trusted_attributes(top);
        let sections = top.get("sections").map(|node| self.sections(node)).unwrap_or_default();
        let facts = top.get("facts").map(|node| self.facts(node, fact_names)).unwrap_or_default();
        let logic = top.get("logic").map(|node| self.logic(node)).unwrap_or_default();
        let refuse = top.get("refuse").map(|node| self.refuse(node)).unwrap_or_default();
        let suppress = top.get("suppress").map_or_else(Suppress::default, |node| self.suppress(node));
        let claims = top.get("claims").map(|node| self.claims(node, &suppress)).unwrap_or_default();
        let scopes = top.get("scopes").map_or_else(Scopes::default, |node| self.scopes(node));
        let groups = top.get("groups").and_then(|node| self.groups("groups", node));
        let roles = top.get("roles").and_then(|node| self.groups("roles", node));
        let preferred_role = top.get("preferredRole").and_then(|node| self.preferred_role(node));
        let names = claims.keys().map(String::as_str).collect();
        let clients = top.get("clients").map(|node| self.clients(node, &names)).unwrap_or_default();
        for claim in clients.values().flat_map(|client| &client.without) {
            if let Some(known) = self.claims.get_mut(claim) {
                known.always = false;
            }
        }
        let display = top.get("display").map(|node| self.displays(node)).unwrap_or_default();
        let authorize = top.get("authorize").and_then(|node| self.authorize(node, &suppress));
        Bundle {
            format: FORMAT,
            facts,
            logic,
            refuse,
            claims,
            scopes,
            groups,
            roles,
            preferred_role,
            suppress,
            clients,
            budget: TokenBudget::default(),
            authorize,
            sections,
            display,
        }
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
                if node.scalar() == Some(Value::from("1")) {
                    self.report.help("write it without quotes");
                }
            }
        }
    }

    fn trusted_attributes(&mut self, top: &Fields<'_>) -> BTreeSet<String> {
        let names = self.placed_names(top, "trustedAttributes");
        for (name, span) in names.iter().filter(|(name, _)| !client_writable(name)) {
            let message =
                format!("no app client may write `{name}`, so it need not be in `trustedAttributes`");
            self.report.warning("always-trusted", span, message);
            self.report.help("remove it");
        }
        names.into_keys().collect()
    }

    fn clients(&mut self, node: &Node, claims: &BTreeSet<&str>) -> BTreeMap<String, Client> {
        let mut clients = BTreeMap::new();
        for (id, _, node) in entries(self.report, node, "`clients`") {
            let what = format!("the client `{id}`");
            let client = fields(self.report, node, what.as_str(), &CLIENT);
            let without = client.get("without").map(|node| {
                let names = decode::names(self.report, node, &format!("`without` of {what}"));
                for (name, span) in &names {
                    if !claims.contains(name.as_str()) {
                        self.unknown(
                            "unknown-claim",
                            span,
                            "claim of this contract",
                            name,
                            claims.iter().copied(),
                        );
                    }
                }
                names.into_keys().collect()
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

    /// Returns a key that must be there, or reports it.
    fn required<'n>(&mut self, of: &Fields<'n>, key: &str, help: &str) -> Option<&'n Node> {
        let node = of.get(key);
        if node.is_none() {
            self.missing(of, key, help);
        }
        node
    }

    /// Reports a key that must be there.
    fn missing(&mut self, of: &Fields<'_>, key: &str, help: &str) {
        self.report.error("missing-key", &of.span, format!("{} does not say `{key}`", of.what));
        self.report.help(help);
    }
}
