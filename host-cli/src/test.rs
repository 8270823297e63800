//! `claims test`: the contract's own tests.

use std::cell::LazyCell;
use std::fmt::Write as _;
use std::path::Path;

use claim_core::contract::{Difference, Examination};

use crate::arguments::TestArguments;
use crate::logic::{ContractLogic, ask};
use crate::render::{Ink, say};
use crate::{Failure, input, output};

pub(crate) fn run(arguments: &TestArguments) -> Result<(), Failure> {
    let path = &arguments.contract;
    let (bundle, compiled) = input::compiled(path)?;
    let tests = &compiled.tests;
    if tests.is_empty() {
        return Err(format!(
            "`{}` has no tests; add them under `tests:`, see docs/contract.md",
            path.display()
        ));
    }
    // Compiled only if a test leaves a component's answer open.
    let custom = LazyCell::new(|| ContractLogic::read(path, &bundle, &compiled)?.ready(&bundle));
    let mut results: Vec<(&Examination, Vec<Difference>)> = Vec::new();
    for test in tests {
        if !test.says_all(&bundle)
            && let Err(failure) = &*custom
        {
            return Err(failure.clone());
        }
        let differences = test.run(&bundle, |request, facts| {
            custom.as_ref().map_or_else(|_| Vec::new(), |custom| ask(custom, request, facts))
        });
        results.push((test, differences));
    }
    let ink = Ink::stdout();
    for (test, differences) in &results {
        if differences.is_empty() {
            say(&format!("{}      {}", ink.added("ok"), test.name));
            continue;
        }
        say(&format!("{}  {} ({}:{})", ink.removed("failed"), test.name, path.display(), test.line));
        for Difference { place, want, got } in differences {
            say(&format!(
                "        {place}\n          {}\n          {}",
                ink.added(&format!("expected {want}")),
                ink.removed(&format!("got      {got}"))
            ));
        }
    }
    if let Some(report) = &arguments.junit {
        output::write(report, junit(path, &results))?;
    }
    let failed = results.iter().filter(|(_, differences)| !differences.is_empty()).count();
    let passed = results.len().saturating_sub(failed);
    say(&format!("{passed} passed, {failed} failed"));
    if failed == 0 {
        Ok(())
    } else {
        Err(format!("{failed} of {} tests of `{}` failed", results.len(), path.display()))
    }
}

fn junit(path: &Path, results: &[(&Examination, Vec<Difference>)]) -> String {
    let failed = results.iter().filter(|(_, differences)| !differences.is_empty()).count();
    let suite = escaped(&path.display().to_string());
    let mut report = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"{suite}\" tests=\"{}\" failures=\"{failed}\">\n",
        results.len()
    );
    for (test, differences) in results {
        // Writing into a text has no way to fail.
        let _ = write!(
            report,
            "  <testcase name=\"{}\" classname=\"{suite}\" line=\"{}\"",
            escaped(&test.name),
            test.line
        );
        if differences.is_empty() {
            report.push_str("/>\n");
        } else {
            let text = differences.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            let _ = write!(report, ">\n    <failure message=\"{}\"/>\n  </testcase>\n", escaped(&text));
        }
    }
    report.push_str("</testsuite>\n");
    report
}

/// Text for an XML attribute. Characters that XML cannot say at all become a question mark.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push_str("&#9;"),
            control if control.is_control() || matches!(control, '\u{fffe}' | '\u{ffff}') => {
                escaped.push('?');
            }
            other => escaped.push(other),
        }
    }
    escaped
}
