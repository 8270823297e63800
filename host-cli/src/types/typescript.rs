//! TypeScript declarations, and how the claims are shown.

use std::fmt::Write as _;

use claim_core::Bundle;
use claim_core::contract::Form;
use claim_core::json::Value;

use super::{Group, Named, comment};
use crate::{Failure, pretty};

pub(super) fn text(head: &str, bundle: &Bundle, groups: &[Group<'_>]) -> Result<String, Failure> {
    let mut out = format!("// {head}\n");
    for group in groups {
        // Writing into a text has no way to fail.
        let _ = write!(out, "\n/** {} */\nexport interface {} {{\n", group.about, group.name);
        for Named { name, label, expected } in &group.values {
            if let Some(label) = label {
                let _ = writeln!(out, "  /** {} */", comment(label).replace("*/", "* /"));
            }
            let optional = if expected.always { "" } else { "?" };
            let _ = writeln!(out, "  readonly {}{optional}: {};", property(name), form(&expected.form));
        }
        out.push_str("}\n");
    }
    let _ = write!(
        out,
        "\nconst shown = {} as const;\n\
         \n/** How the claims of the ID token are shown; its type carries theirs. */\n\
         export const contract: typeof shown & {{ readonly __claims?: {} }} = shown;\n",
        // In a literal this name would set the prototype.
        pretty::json(&bundle.shown())?.replace("\"__proto__\":", "[\"__proto__\"]:"),
        groups.first().map_or("unknown", |group| group.name)
    );
    Ok(out)
}

/// A name as it stands before `:`.
fn property(name: &str) -> String {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    if name.starts_with(|c: char| word(c) && !c.is_ascii_digit()) && name.chars().all(word) {
        name.to_owned()
    } else {
        Value::from(name).to_string()
    }
}

fn form(form: &Form) -> String {
    match form {
        Form::Any => "unknown".to_owned(),
        Form::Text => "string".to_owned(),
        Form::Integer | Form::Number => "number".to_owned(),
        Form::Boolean => "boolean".to_owned(),
        Form::Object => "{ readonly [name: string]: unknown }".to_owned(),
        Form::OneOf(values) => values.iter().map(literal).collect::<Vec<_>>().join(" | "),
        Form::List(element) => match &**element {
            Form::OneOf(_) | Form::List(_) => format!("readonly ({})[]", self::form(element)),
            element => format!("readonly {}[]", self::form(element)),
        },
    }
}

/// A value as a type of its own; lists and objects have none.
fn literal(value: &Value) -> String {
    match value {
        Value::Array(_) | Value::Object(_) | Value::Null => "unknown".to_owned(),
        scalar => scalar.to_string(),
    }
}
