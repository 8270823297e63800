//! What people see.

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use claim_core::contract::{Diagnostic, Severity};

/// Prints a line of a result.
pub(crate) fn say(text: &str) {
    // Whoever reads may have read enough: a closed pipe is no mistake.
    writeln!(std::io::stdout(), "{text}").unwrap_or_default();
}

/// Prints something that a person should know, beside the result.
pub(crate) fn warn(text: &str) {
    writeln!(std::io::stderr(), "claims: warning: {text}").unwrap_or_default();
}

/// Prints why a command fails.
pub(crate) fn complain(text: &str) {
    writeln!(std::io::stderr(), "claims: {text}").unwrap_or_default();
}

/// Says on a terminal what takes a while; elsewhere nobody watches.
pub(crate) fn progress(text: &str) {
    if std::io::stderr().is_terminal() {
        writeln!(std::io::stderr(), "{text}").unwrap_or_default();
    }
}

/// Draws a diagnostic under the line that it speaks of.
pub(crate) fn diagnostic(path: &Path, text: &str, diagnostic: &Diagnostic) {
    let renderer = if std::io::stderr().is_terminal() { Renderer::styled() } else { Renderer::plain() };
    let drawn = drawn(&renderer, path, text, diagnostic);
    writeln!(std::io::stderr(), "{drawn}\n").unwrap_or_default();
}

/// Draws a diagnostic without colours, for a page.
pub(crate) fn plain(path: &Path, text: &str, diagnostic: &Diagnostic) -> String {
    drawn(&Renderer::plain(), path, text, diagnostic)
}

/// Nobody reads a longer line on a terminal, and drawing it takes its length again for each diagnostic.
const MAX_LINE: usize = 2_000;

fn drawn(renderer: &Renderer, path: &Path, text: &str, diagnostic: &Diagnostic) -> String {
    let before = text.get(..diagnostic.span.start).unwrap_or_default();
    let line = before.rsplit('\n').next().map_or(0, str::len);
    let rest = text.get(diagnostic.span.start..).unwrap_or_default();
    if line.saturating_add(rest.split('\n').next().map_or(0, str::len)) > MAX_LINE {
        return format!("{}:{diagnostic}", path.display());
    }
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let path = path.display().to_string();
    let end = diagnostic.span.end.min(text.len());
    let span = diagnostic.span.start.min(end)..end;
    let snippet = Snippet::source(text).path(path).annotation(AnnotationKind::Primary.span(span));
    let group = level.primary_title(&*diagnostic.message).id(diagnostic.code).element(snippet);
    let group = match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(&**help)),
        None => group,
    };
    renderer.render(&[group])
}

/// Colours for a terminal, nothing elsewhere.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ink(bool);

impl Ink {
    /// Ink for standard output.
    pub(crate) fn stdout() -> Self {
        Self(std::io::stdout().is_terminal())
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    pub(crate) fn strong(self, text: &str) -> String {
        self.paint("1", text)
    }

    pub(crate) fn quiet(self, text: &str) -> String {
        self.paint("2", text)
    }

    pub(crate) fn added(self, text: &str) -> String {
        self.paint("32", text)
    }

    pub(crate) fn removed(self, text: &str) -> String {
        self.paint("31", text)
    }

    pub(crate) fn changed(self, text: &str) -> String {
        self.paint("33", text)
    }
}
