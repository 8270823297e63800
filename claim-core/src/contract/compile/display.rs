//! How claims are shown: labels, sections and their kin.

use std::collections::BTreeMap;

use super::super::decode::{Fields, entries, fields, name};
use super::super::display::{Display, Label, Section};
use super::super::keys::{DISPLAY, SECTION_MAPPING};
use super::super::yaml::{Kind, Node};
use super::Contract;
use crate::cognito::{Token, issues};

/// How many sections a contract may have.
const MAX_SECTIONS: usize = 50;

impl Contract<'_, '_> {
    /// Reads the keys of a mapping that say how a claim is shown.
    pub(super) fn display(&mut self, of: &Fields<'_>) -> Display {
        let section = of.get("section").and_then(|node| {
            let section = name(self.report, node, &of.place("section"))?;
            let known = Section::USUAL.iter().copied().chain(self.sections.iter().map(String::as_str));
            let known: Vec<String> = known.map(str::to_owned).collect();
            if !known.iter().any(|other| other == section) {
                let known = known.iter().map(String::as_str);
                self.unknown("unknown-section", &node.span, "section", section, known);
                return None;
            }
            Some(section.to_owned())
        });
        Display {
            label: self.label(of),
            section,
            kind: self.word(of, "kind"),
            order: self.integer(of, "order", i64::MIN),
            hidden: self.flag(of, "hidden"),
            personal: self.flag(of, "personal"),
        }
    }

    fn label(&mut self, of: &Fields<'_>) -> Label {
        let mut label = Label::new();
        match of.get("label") {
            None => {}
            Some(node) if matches!(node.kind, Kind::Mapping(_)) => {
                let what = of.place("label");
                for (language, key, node) in entries(self.report, node, &what) {
                    if language != "*" && !is_language(language) {
                        let message = format!("{what} has the key `{language}`, which is not a language tag");
                        self.report.error("bad-language", &key.span, message);
                        self.report
                            .help("write a tag such as `en` or `pt-BR`, or `*` for every other language");
                    }
                    let text = name(self.report, node, &format!("`{language}` of {what}"));
                    label.extend(text.map(|text| (language.to_owned(), text.to_owned())));
                }
            }
            Some(node) => {
                let text = name(self.report, node, &of.place("label"));
                label.extend(text.map(|text| ("*".to_owned(), text.to_owned())));
            }
        }
        label
    }

    /// Reads the sections. Claims name them, so they are read first.
    pub(super) fn sections(&mut self, node: &Node) -> BTreeMap<String, Section> {
        let mut sections = BTreeMap::new();
        let entries = entries(self.report, node, "`sections`");
        if entries.len() > MAX_SECTIONS {
            let message =
                format!("a contract has at most {MAX_SECTIONS} sections and this one has {}", entries.len());
            self.report.error("too-many-sections", &node.span, message);
        }
        for (section, _, node) in entries.into_iter().take(MAX_SECTIONS) {
            let of = fields(self.report, node, format!("the section `{section}`"), &SECTION_MAPPING);
            let made = Section { label: self.label(&of), order: self.integer(&of, "order", i64::MIN) };
            sections.insert(section.to_owned(), made);
        }
        self.sections = sections.keys().cloned().collect();
        sections
    }

    /// Reads how claims of the ID token are shown that the contract does not set.
    pub(super) fn displays(&mut self, node: &Node) -> BTreeMap<String, Display> {
        let mut displays = BTreeMap::new();
        for (claim, key, node) in entries(self.report, node, "`display`") {
            let of = fields(self.report, node, format!("`{claim}` of `display`"), &DISPLAY);
            if self.claims.contains_key(claim) {
                let message =
                    format!("the claim `{claim}` is in `claims`, where its label and section are said");
                self.report.error("displayed-twice", &key.span, message);
                self.report.help(format!("move the keys to the claim `{claim}`"));
            } else if !issues(Token::Id, claim) {
                let message = format!(
                    "the claim `{claim}` is neither in `claims` nor written into the id token by cognito"
                );
                self.report.error("unknown-claim", &key.span, message);
                self.report.help("add the claim, or remove this");
            }
            displays.insert(claim.to_owned(), self.display(&of));
        }
        displays
    }
}

/// The shape of a language tag (BCP 47): a language and further parts.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let alphabetic = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let language = parts.next().is_some_and(|part| (2..=3).contains(&part.len()) && alphabetic(part));
    language
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}
