//! One line of JSON for each invocation: names, codes and times, never a personal value and never a token.

use std::io::Write as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use claim_core::json::{Object, Value};

/// A line of the log.
#[derive(Clone, Debug, Default)]
pub struct Line(Object);

impl Line {
    /// Begins a line of a level: `info`, `error`.
    #[must_use]
    pub fn new(level: &str, message: &str) -> Self {
        Self::default().with("level", level).with("message", message)
    }

    /// Returns the line with one member more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.add(name, value);
        self
    }

    /// Adds a member.
    pub fn add(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// Returns the text of the line.
    #[must_use]
    pub fn text(&self) -> String {
        Value::Object(self.0.clone()).to_string()
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

/// What makes metrics of members of a line: the member `_aws` of `CloudWatch`'s embedded metric format.
#[must_use]
pub fn metrics(dimensions: &[&[&str]], measured: &[(&str, &str)], now: SystemTime) -> Value {
    let metric = |&(name, unit): &(&str, &str)| Value::from([("Name", name.into()), ("Unit", unit.into())]);
    let dimensions = dimensions.iter().map(|names| names.to_vec()).collect::<Vec<_>>();
    let directive = Value::from([
        ("Namespace", "Claimwright".into()),
        ("Dimensions", dimensions.into()),
        ("Metrics", measured.iter().map(metric).collect::<Vec<_>>().into()),
    ]);
    let milliseconds = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    let milliseconds = u64::try_from(milliseconds).unwrap_or(u64::MAX);
    Value::from([("Timestamp", milliseconds.into()), ("CloudWatchMetrics", vec![directive].into())])
}
