//! What must hold of any text that a stranger wrote, by what reads it.
//!
//! `cargo xtask fuzz` runs each target under a fuzzer; CI runs it on the seeds, and on mutations that are the same each time.

mod answers;
mod authoring;
mod callers;
mod signins;

/// What reads a stranger's text.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name.
    pub name: &'static str,
    /// How long a text is tried, in bytes.
    pub longest: usize,
    /// Reads a text, and panics if something does not hold.
    pub read: fn(&str),
}

/// Every target.
pub const TARGETS: [Target; 9] = [
    Target { name: "answer", longest: 8_192, read: answers::answer },
    Target { name: "bundle", longest: 16_384, read: signins::bundle },
    Target { name: "call", longest: 8_192, read: callers::call },
    Target { name: "contract", longest: 4_096, read: authoring::contract },
    Target { name: "event", longest: 8_192, read: signins::event },
    Target { name: "expression", longest: 2_048, read: authoring::expression },
    Target { name: "keys", longest: 8_192, read: callers::keys },
    Target { name: "presentation", longest: 8_192, read: callers::presentation },
    Target { name: "token", longest: 8_192, read: callers::token },
];

/// Returns the target of a name.
#[must_use]
pub fn target(name: &str) -> Option<Target> {
    TARGETS.into_iter().find(|target| target.name == name)
}
