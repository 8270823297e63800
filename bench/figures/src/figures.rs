//! Figures: medians, their spread, and ratios, as a table and as JSON.

use std::fmt::{self, Write as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

/// What one contender took, round by round.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The contender's name.
    pub name: String,
    /// Whether it is what this project does.
    pub ours: bool,
    /// Microseconds of one call.
    pub times: Vec<f64>,
}

/// What one bench found.
#[derive(Debug, Deserialize, Serialize)]
pub struct Figures {
    /// The bench's name, as its command has it.
    pub bench: String,
    /// Its comparisons.
    pub groups: Vec<Group>,
}

/// Contenders that were measured in turns.
#[derive(Debug, Deserialize, Serialize)]
pub struct Group {
    /// What all of them do.
    pub title: String,
    /// The unit of median, p10 and p90.
    pub unit: String,
    /// The contenders; ratios are to the first.
    pub rows: Vec<Row>,
}

/// One contender.
#[derive(Debug, Deserialize, Serialize)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Whether it is what this project does.
    #[serde(default)]
    pub ours: bool,
    /// The median.
    pub median: f64,
    /// A tenth of the rounds took less.
    pub p10: f64,
    /// A tenth of the rounds took more.
    pub p90: f64,
    /// How many times the first contender of the group: the median of what each round says.
    pub ratio: f64,
}

impl Group {
    /// Makes figures of what was measured round by round.
    ///
    /// # Panics
    ///
    /// Panics if nothing was measured.
    #[must_use]
    pub fn new(title: impl Into<String>, unit: &str, measured: Vec<Measured>) -> Self {
        let base = measured.first().expect("a contender").times.clone();
        let row = |Measured { name, ours, times }: Measured| {
            let ratios: Vec<f64> = times.iter().zip(&base).map(|(time, base)| time / base).collect();
            Row {
                name,
                ours,
                median: quantile(&times, 0.5),
                p10: quantile(&times, 0.1),
                p90: quantile(&times, 0.9),
                ratio: quantile(&ratios, 0.5),
            }
        };
        Self { title: title.into(), unit: unit.to_owned(), rows: measured.into_iter().map(row).collect() }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.iter().map(|row| row.name.chars().count()).max().unwrap_or(0);
        let width = width.max(self.title.chars().count()).max(40);
        let unit = format!("{} median", self.unit);
        writeln!(f, "{:<width$}  {unit:>10} {:>9} {:>9} {:>8}", self.title, "p10", "p90", "ratio")?;
        for Row { name, median, p10, p90, ratio, .. } in &self.rows {
            writeln!(f, "{name:<width$}  {median:>10.1} {p10:>9.1} {p90:>9.1} {ratio:>8.2}")?;
        }
        Ok(())
    }
}

impl Figures {
    /// Prints the tables, and writes them as JSON and as a chart where readers of the README find them, if told to.
    ///
    /// # Panics
    ///
    /// Panics if a file cannot be written.
    #[expect(clippy::print_stdout, reason = "this is what a bench is for")]
    pub fn publish(&self, folder: &Path) {
        let mut tables = String::new();
        for group in &self.groups {
            writeln!(tables, "{group}").expect("text");
        }
        print!("{tables}");
        let write = |name: String, text: String| {
            let path = folder.join(name);
            std::fs::create_dir_all(folder).expect("a folder for figures");
            std::fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        };
        let json = serde_json::to_string_pretty(self).expect("figures are json");
        write(format!("{}.json", self.bench), format!("{json}\n"));
        write(format!("{}.svg", self.bench), crate::svg(self));
    }
}

/// The value that a part of them does not exceed.
fn quantile(times: &[f64], at: f64) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "an index"
    )]
    let index = ((sorted.len() - 1) as f64 * at).round() as usize;
    sorted[index]
}

#[cfg(test)]
mod tests {
    use crate::{Figures, Group, Measured, svg};

    fn measured(name: &str, times: &[f64]) -> Measured {
        Measured { name: name.to_owned(), ours: false, times: times.to_vec() }
    }

    #[test]
    fn a_ratio_is_of_rounds_and_not_of_medians() {
        // The machine was busy in the last round, for both.
        let rows = vec![measured("base", &[1.0, 2.0, 40.0]), measured("other", &[2.0, 4.0, 80.0])];
        let group = Group::new("t", "µs", rows);
        assert_eq!((group.rows[1].median, group.rows[1].ratio), (4.0, 2.0));
        assert_eq!((group.rows[0].p10, group.rows[0].p90), (1.0, 40.0));
    }

    #[test]
    fn a_chart_says_names_as_they_are() {
        let groups = vec![Group::new("a < b", "µs", vec![measured("\"x\" & y", &[3.0])])];
        let chart = svg(&Figures { bench: "core".to_owned(), groups });
        assert!(
            chart.contains("&quot;x&quot; &amp; y")
                && chart.contains("a &lt; b, µs")
                && chart.contains("3.0 · 1.00×")
        );
    }
}
