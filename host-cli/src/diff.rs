//! `claims diff`: what changes between two contracts, for whom, and whether it breaks them.

mod compare;

use claim_core::json::{Object, Value};

use self::compare::{Change, Effect};
use crate::arguments::{DenyChange, DiffArguments, Format};
use crate::render::{Ink, say};
use crate::{Failure, input};

pub(crate) fn run(arguments: &DiffArguments) -> Result<(), Failure> {
    let old = input::contract(&arguments.old)?;
    let new = input::contract(&arguments.new)?;
    let changes = compare::changes(&old, &new);
    match arguments.format {
        Format::Json => say(&changes.iter().map(machine_readable).collect::<Value>().to_string()),
        Format::Text => text(&changes, Ink::stdout()),
    }
    let breaking = changes.iter().filter(|change| change.effect == Effect::Breaking).count();
    if arguments.deny == Some(DenyChange::Breaking) && breaking > 0 {
        return Err(format!(
            "{breaking} of {} changes are breaking, and breaking changes are denied",
            changes.len()
        ));
    }
    Ok(())
}

fn text(changes: &[Change], ink: Ink) {
    if changes.is_empty() {
        say("nothing changes for anybody");
    }
    for change in changes {
        let word = match change.effect {
            Effect::Breaking => ink.removed("breaking"),
            Effect::Additive => ink.added("additive"),
        };
        say(&format!("{word}  {}: {}", ink.strong(&change.affected), change.what));
    }
}

fn machine_readable(change: &Change) -> Value {
    Value::Object(Object::from([
        ("effect".to_owned(), change.effect.as_str().into()),
        ("affected".to_owned(), change.affected.as_str().into()),
        ("what".to_owned(), change.what.as_str().into()),
    ]))
}
