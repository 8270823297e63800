//! `claims check`: every mistake explained, for people, programs and code scanning.

mod sarif;

use claim_core::contract::{Compiled, Diagnostic, Severity, compile};
use claim_core::json::{Object, Value};

use crate::arguments::{CheckArguments, Deny, ReportFormat};
use crate::{Failure, input, pretty, render};

pub(crate) fn run(arguments: &CheckArguments) -> Result<(), Failure> {
    let path = &arguments.contract;
    let text = input::text(path)?;
    let Compiled { bundle, diagnostics, .. } = compile(&text);
    match arguments.format {
        ReportFormat::Text => {
            for diagnostic in &diagnostics {
                render::diagnostic(path, &text, diagnostic);
            }
        }
        ReportFormat::Json => {
            render::say(&diagnostics.iter().map(machine_readable).collect::<Value>().to_string());
        }
        ReportFormat::Sarif => render::say(&pretty::json(&sarif::log(path, &text, &diagnostics))?),
    }
    let count = |severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match bundle {
        None => Err(format!("`{}` has {}", path.display(), counted(errors, "mistake"))),
        Some(_) if arguments.deny == Some(Deny::Warnings) && warnings > 0 => {
            Err(format!("`{}` has {}, and warnings are denied", path.display(), counted(warnings, "warning")))
        }
        Some(bundle) => {
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

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn machine_readable(diagnostic: &Diagnostic) -> Value {
    let number = |number: usize| Value::from(u64::try_from(number).unwrap_or(u64::MAX));
    let mut members = Object::from([
        ("severity".to_owned(), diagnostic.severity.as_str().into()),
        ("code".to_owned(), diagnostic.code.into()),
        ("message".to_owned(), diagnostic.message.as_str().into()),
        ("line".to_owned(), number(diagnostic.line)),
        ("column".to_owned(), number(diagnostic.column)),
        ("start".to_owned(), number(diagnostic.span.start)),
        ("end".to_owned(), number(diagnostic.span.end)),
    ]);
    if let Some(help) = &diagnostic.help {
        members.insert("help".to_owned(), help.as_str().into());
    }
    members.into()
}
