//! `claims check`: every mistake explained, for people, programs and code scanning.

mod sarif;

use claim_core::contract::{Severity, compile};
use claim_core::json::Value;

use crate::arguments::{CheckArguments, Deny, ReportFormat};
use crate::{Failure, input, logic, pretty, render};

pub(crate) fn run(arguments: &CheckArguments) -> Result<(), Failure> {
    let path = &arguments.contract;
    let text = input::contract_text(path)?;
    let compiled = compile(&text);
    let mut diagnostics = compiled.diagnostics.clone();
    if let Some(bundle) = &compiled.bundle {
        diagnostics.extend(logic::check(path, &text, bundle, &compiled));
        diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
    }
    match arguments.format {
        ReportFormat::Text => {
            for diagnostic in &diagnostics {
                render::diagnostic(path, &text, diagnostic);
            }
        }
        ReportFormat::Json => {
            render::say(&diagnostics.iter().map(Value::from).collect::<Value>().to_string());
        }
        ReportFormat::Sarif => render::say(&pretty::json(&sarif::log(path, &text, &diagnostics))?),
    }
    let count = |severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match &compiled.bundle {
        Some(_) if errors == 0 && arguments.deny == Some(Deny::Warnings) && warnings > 0 => {
            Err(format!("`{}` has {}, and warnings are denied", path.display(), counted(warnings, "warning")))
        }
        Some(bundle) if errors == 0 => {
            if arguments.format == ReportFormat::Text {
                let claims = counted(bundle.claims.len(), "claim");
                let facts = counted(bundle.facts.len(), "fact");
                render::say(&format!(
                    "{}: {claims}, {facts}, no mistakes; sha256 {}",
                    path.display(),
                    bundle.digest()
                ));
            }
            Ok(())
        }
        _ => Err(format!("`{}` has {}", path.display(), counted(errors, "mistake"))),
    }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
