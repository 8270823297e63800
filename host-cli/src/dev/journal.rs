//! What happens, line by line: in colour on the terminal, and for the page that looks on.

use std::time::{SystemTime, UNIX_EPOCH};

use claim_core::json::Value;
use tokio::sync::broadcast;

use crate::render::{Ink, say};

/// How many lines a page may be behind.
const BEHIND: usize = 256;

/// What a line is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    SignIn,
    Call,
    Keys,
    Contract,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::Call => "call",
            Self::Keys => "keys",
            Self::Contract => "contract",
        }
    }
}

/// How it went.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Level {
    Ok,
    Denied,
    Error,
}

impl Level {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Denied => "denied",
            Self::Error => "error",
        }
    }
}

/// Something for the page, as a server-sent event.
#[derive(Clone, Debug)]
pub(super) struct Notice {
    pub(super) event: &'static str,
    pub(super) data: String,
}

/// The journal.
#[derive(Debug)]
pub(super) struct Journal {
    notices: broadcast::Sender<Notice>,
    ink: Ink,
}

impl Journal {
    pub(super) fn new() -> Self {
        Self { notices: broadcast::channel(BEHIND).0, ink: Ink::stdout() }
    }

    /// Notes a line. It holds no token.
    pub(super) fn note(&self, kind: Kind, level: Level, line: &str) {
        let time = time_of_day();
        let word = format!("{:<8}", kind.as_str());
        let word = match level {
            Level::Ok => self.ink.added(&word),
            Level::Denied => self.ink.changed(&word),
            Level::Error => self.ink.removed(&word),
        };
        say(&format!("{} {word} {line}", self.ink.quiet(&time)));
        let data = Value::from([
            ("kind", kind.as_str().into()),
            ("level", level.as_str().into()),
            ("line", line.into()),
            ("time", time.as_str().into()),
        ]);
        self.tell("log", data.to_string());
    }

    /// Says that another contract is live.
    pub(super) fn revision(&self, revision: u64) {
        self.tell("revision", revision.to_string());
    }

    fn tell(&self, event: &'static str, data: String) {
        // Without a page nobody listens.
        drop(self.notices.send(Notice { event, data }));
    }

    /// Listens from now on.
    pub(super) fn listen(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }
}

/// The time of day in UTC, to the millisecond.
fn time_of_day() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = now.as_secs() % 86_400;
    format!("{:02}:{:02}:{:02}.{:03}", seconds / 3_600, seconds / 60 % 60, seconds % 60, now.subsec_millis())
}
