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
    let text = input::text(path)?;
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
            logic(path, bundle, &compiled)?;
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

/// Checks the pins of the logic components that are there. One that is not built yet can be checked all the same.
fn logic(contract: &Path, bundle: &Bundle, compiled: &Compiled) -> Result<(), Failure> {
    match ContractLogic::absent(contract, compiled) {
        None => ContractLogic::read(contract, bundle, compiled).map(drop),
        Some((name, path)) => {
            render::warn(&format!(
                "the logic `{name}` is not in `{}`; build it before the contract",
                path.display()
            ));
            Ok(())
        }
    }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
