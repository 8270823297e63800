//! Vectors by runtime, as the test run found them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

/// How many vectors hold, of how many.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    held: usize,
    all: usize,
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.all {
            0 => Ok(()),
            all if self.held == all => write!(f, "{all}"),
            all => write!(f, "**{} of {all}**", self.held),
        }
    }
}

/// What came of each vector in each runtime, by the vector's group.
#[derive(Debug, Default)]
pub struct Table(Mutex<BTreeMap<(String, &'static str), Count>>);

impl Table {
    /// Notes what came of one vector, whose name begins with its group.
    pub fn note(&self, runtime: &'static str, vector: &str, holds: bool) {
        let group = vector.split('/').next().unwrap_or_default().to_owned();
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry((group, runtime)).or_default();
        count.held += usize::from(holds);
        count.all += 1;
    }

    /// Writes the table in Markdown, and below it what was left out and why.
    #[must_use]
    pub fn text(
        &self,
        runtimes: &[&'static str],
        left_out: &BTreeMap<(&'static str, &'static str), usize>,
    ) -> String {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let groups: BTreeSet<&String> = counts.keys().map(|(group, _)| group).collect();
        let of = |group: &String, runtime| counts.get(&(group.clone(), runtime)).copied().unwrap_or_default();
        let row = |name: &str, cells: Vec<Count>| {
            let cells: Vec<String> = cells.iter().map(ToString::to_string).collect();
            format!("| {name} | {} |", cells.join(" | "))
        };
        let mut lines = vec![
            format!("| Vectors | {} |", runtimes.join(" | ")),
            format!("|---|{}", "---|".repeat(runtimes.len())),
        ];
        for group in &groups {
            lines.push(row(
                &format!("`{group}`"),
                runtimes.iter().map(|runtime| of(group, runtime)).collect(),
            ));
        }
        let sum = |runtime: &&'static str| {
            groups.iter().map(|group| of(group, runtime)).fold(Count::default(), |sum, count| Count {
                held: sum.held + count.held,
                all: sum.all + count.all,
            })
        };
        lines.push(row("all", runtimes.iter().map(sum).collect()));
        if !left_out.is_empty() {
            let mut reasons: BTreeMap<String, Vec<&str>> = BTreeMap::new();
            for ((runtime, reason), count) in left_out {
                reasons.entry(format!("{reason} ({count})")).or_default().push(runtime);
            }
            lines.push(String::new());
            lines.push("Left out:".to_owned());
            lines.extend(reasons.iter().map(|(reason, of)| format!("- `{}`: {reason}", of.join("`, `"))));
        }
        lines.push(String::new());
        lines.join("\n")
    }
}
