//! One line of JSON for each invocation: names, codes and times, never a personal value and never a token.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use claim_core::json::Value;

/// A line of the log, written as it grows: each name is added once.
#[derive(Clone, Debug)]
pub struct Line {
    level: &'static str,
    message: &'static str,
    /// The other members, each after a comma.
    members: String,
}

impl Line {
    /// Begins a line of a level: `info`, `error`.
    #[must_use]
    pub fn new(level: &'static str, message: &'static str) -> Self {
        Self { level, message, members: String::with_capacity(1024) }
    }

    /// Returns the line with one member more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.add(name, value);
        self
    }

    /// Adds a member, whose name is letters only.
    pub fn add(&mut self, name: &'static str, value: impl Into<Value>) {
        debug_assert!(!self.members.contains(&format!(",\"{name}\":")), "`{name}` is there already");
        // A text takes every text.
        write!(self.members, ",\"{name}\":{}", value.into()).unwrap_or_default();
    }

    /// Makes it a line about an error.
    pub fn fail(&mut self, message: &'static str) {
        (self.level, self.message) = ("error", message);
    }

    /// Adds what makes metrics of members of the line.
    pub fn measure(&mut self, metrics: &Metrics, now: SystemTime) {
        let at = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        let Metrics(directive) = metrics;
        write!(self.members, ",\"_aws\":{{\"Timestamp\":{at},\"CloudWatchMetrics\":[{directive}]}}")
            .unwrap_or_default();
    }

    /// Returns the text of the line.
    #[must_use]
    pub fn text(&self) -> String {
        let Self { level, message, members } = self;
        format!("{{\"level\":\"{level}\",\"message\":\"{message}\"{members}}}")
    }

    /// Writes the line to standard output, where Lambda collects it.
    pub fn write(&self) {
        let mut out = std::io::stdout().lock();
        // A log that cannot be written is no reason to refuse a sign-in.
        writeln!(out, "{}", self.text()).unwrap_or_default();
    }
}

/// A duration in whole microseconds.
#[must_use]
pub fn micros(duration: Duration) -> Value {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX).into()
}

/// Which members of a line are metrics: a directive of `CloudWatch`'s embedded metric format, as text.
#[derive(Clone, Debug)]
pub struct Metrics(String);

impl Metrics {
    /// Names the sets of dimensions, and each metric with its unit.
    #[must_use]
    pub fn new(dimensions: &[&[&str]], measured: &[(&str, &str)]) -> Self {
        let metric =
            |&(name, unit): &(&str, &str)| Value::from([("Name", name.into()), ("Unit", unit.into())]);
        let dimensions = dimensions.iter().map(|names| names.to_vec()).collect::<Vec<_>>();
        let directive = Value::from([
            ("Namespace", "Claimwright".into()),
            ("Dimensions", dimensions.into()),
            ("Metrics", measured.iter().map(metric).collect::<Vec<_>>().into()),
        ]);
        Self(directive.to_string())
    }
}
