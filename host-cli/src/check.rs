//! `claims check`: every mistake explained, for people, programs and code scanning.

mod sarif;

use std::path::Path;

use claim_core::Bundle;
use claim_core::contract::{Compiled, Severity, compile};
use claim_core::json::Value;

use crate::arguments::{CheckArguments, Deny, ReportFormat};
use crate::logic::ContractLogic;
use crate::{Failure, input, pretty, render};

pub(crate) fn run(arguments: &CheckArguments) -> Result<(), Failure> {
    let path = &arguments.contract;
    let text = input::contract_text(path)?;
    let compiled = compile(&text);
    let Compiled { bundle, diagnostics, .. } = &compiled;
    match arguments.format {
        ReportFormat::Text => {
            for diagnostic in diagnostics {
                render::diagnostic(path, &text, diagnostic);
            }
        }
        ReportFormat::Json => {
            render::say(&diagnostics.iter().map(Value::from).collect::<Value>().to_string());
        }
        ReportFormat::Sarif => render::say(&pretty::json(&sarif::log(path, &text, diagnostics))?),
    }
    let count = |severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match bundle {
        None => Err(format!("`{}` has {}", path.display(), counted(errors, "mistake"))),
        Some(_) if arguments.deny == Some(Deny::Warnings) && warnings > 0 => {
            Err(format!("`{}` has {}, and warnings are denied", path.display(), counted(warnings, "warning")))
        }
        Some(bundle) => {
            let absent = logic(path, bundle, &compiled)?;
            if absent && arguments.deny == Some(Deny::Warnings) {
                return Err(format!(
                    "`{}` names logic that is not there, and warnings are denied",
                    path.display()
                ));
            }
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
    }
}

/// Checks the pins of the logic components that are there, and says whether one is not: it may be built later.
fn logic(contract: &Path, bundle: &Bundle, compiled: &Compiled) -> Result<bool, Failure> {
    let absent = ContractLogic::check(contract, bundle, compiled)?;
    for (name, path) in &absent {
        render::warn(&format!(
            "the logic `{name}` is not in `{}`; build it, or correct its `file`, before the contract is built",
            path.display()
        ));
    }
    Ok(!absent.is_empty())
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
