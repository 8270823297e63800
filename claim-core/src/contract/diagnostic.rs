//! What is wrong with a contract, and where.

use std::fmt;
use std::ops::Range;

use crate::json::{Object, Value};

/// A mistake in a contract, or something that looks like one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Diagnostic {
    /// Whether the contract can be used all the same.
    pub severity: Severity,
    /// The stable code of the check, for example `reserved-claim`.
    pub code: &'static str,
    /// What was met and what is allowed, in one sentence.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Where, in bytes from the beginning.
    pub span: Range<usize>,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
}

/// Whether a contract can be used in spite of a diagnostic.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Severity {
    /// It cannot.
    Error,
    /// It can, and should be mended.
    Warning,
    /// It can: something that its author should know.
    Note,
}

impl Severity {
    /// Returns the word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl Diagnostic {
    /// Finds the line and the column of what it speaks of.
    #[must_use]
    pub fn new(
        text: &str,
        severity: Severity,
        code: &'static str,
        span: &Range<usize>,
        message: String,
    ) -> Self {
        let span = whole_characters(text, span);
        let before = text.get(..span.start).unwrap_or(text);
        let line = before.matches('\n').count().saturating_add(1);
        let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()).saturating_add(1);
        Self { severity, code, message, help: None, span, line, column }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { severity, code, message, line, column, .. } = self;
        write!(f, "{line}:{column}: {}[{code}]: {message}", severity.as_str())?;
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "; {help}"))
    }
}

/// The diagnostic for machines: `severity`, `code`, `message`, `line`, `column`, `start`, `end`, and `help` if there is any.
impl From<&Diagnostic> for Value {
    fn from(diagnostic: &Diagnostic) -> Self {
        let number = |number: usize| Self::from(u64::try_from(number).unwrap_or(u64::MAX));
        let mut members = Object::from([
            ("severity".to_owned(), diagnostic.severity.as_str().into()),
            ("code".to_owned(), diagnostic.code.into()),
            ("message".to_owned(), diagnostic.message.as_str().into()),
            ("line".to_owned(), number(diagnostic.line)),
            ("column".to_owned(), number(diagnostic.column)),
            ("start".to_owned(), number(diagnostic.span.start)),
            ("end".to_owned(), number(diagnostic.span.end)),
        ]);
        members.extend(diagnostic.help.as_deref().map(|help| ("help".to_owned(), help.into())));
        members.into()
    }
}

/// Collects diagnostics and knows the text that they speak of.
#[derive(Debug)]
pub(super) struct Report<'a> {
    text: &'a str,
    diagnostics: Vec<Diagnostic>,
    /// Whether there was an error, also among those that are not kept.
    failed: bool,
    /// Whether the newest diagnostic was not kept, so that its help is not kept either.
    dropped: bool,
}

/// How many diagnostics are kept: nobody reads more, and a hostile contract could have millions.
const MAX_DIAGNOSTICS: usize = 100;

impl<'a> Report<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, diagnostics: Vec::new(), failed: false, dropped: false }
    }

    pub(super) fn error(&mut self, code: &'static str, span: &Range<usize>, message: impl Into<String>) {
        self.push(Severity::Error, code, span, message.into());
    }

    pub(super) fn warning(&mut self, code: &'static str, span: &Range<usize>, message: impl Into<String>) {
        self.push(Severity::Warning, code, span, message.into());
    }

    pub(super) fn note(&mut self, code: &'static str, span: &Range<usize>, message: impl Into<String>) {
        self.push(Severity::Note, code, span, message.into());
    }

    /// Adds to the newest diagnostic what to do about it.
    pub(super) fn help(&mut self, help: impl Into<String>) {
        if let Some(newest) = self.diagnostics.last_mut().filter(|_| !self.dropped) {
            newest.help = Some(help.into());
        }
    }

    fn push(&mut self, severity: Severity, code: &'static str, span: &Range<usize>, message: String) {
        self.failed |= severity == Severity::Error;
        self.dropped = self.is_full();
        if self.dropped {
            // An error takes the place of a warning: a contract with an error always shows one.
            let warning = self.diagnostics.iter().position(|other| other.severity != Severity::Error);
            let Some(warning) = warning.filter(|_| severity == Severity::Error) else {
                return;
            };
            self.diagnostics.remove(warning);
            self.dropped = false;
        }
        self.diagnostics.push(Diagnostic::new(self.text, severity, code, span, message));
    }

    pub(super) const fn text(&self) -> &'a str {
        self.text
    }

    pub(super) fn has_errors(&self) -> bool {
        self.failed
    }

    /// Whether no more diagnostics are kept, so that looking for suggestions is in vain.
    pub(super) fn is_full(&self) -> bool {
        self.diagnostics.len() >= MAX_DIAGNOSTICS
    }

    /// Returns the diagnostics in the order of the text.
    pub(super) fn finish(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
        self.diagnostics
    }
}

/// The span of whole characters of a text that a span means.
fn whole_characters(text: &str, span: &Range<usize>) -> Range<usize> {
    let mut start = span.start.min(text.len());
    while !text.is_char_boundary(start) {
        start = start.saturating_sub(1);
    }
    let mut end = span.end.clamp(start, text.len());
    while !text.is_char_boundary(end) {
        end = end.saturating_add(1);
    }
    start..end
}
