//! Rust structs for serde.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use claim_core::contract::Form;

use super::{Group, Named, comment, texts};

/// Words that no field can be named by, except as a raw identifier.
const KEYWORDS: [&str; 46] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where",
];

pub(super) fn text(head: &str, groups: &[Group<'_>]) -> String {
    let mut out = format!("// {head}\n");
    for group in groups {
        let mut enums = String::new();
        let mut fields = String::new();
        let (mut field_names, mut enum_names) = (BTreeSet::new(), BTreeSet::new());
        for Named { name, label, expected } in &group.values {
            let what = label.map_or_else(|| format!("`{name}`"), str::to_owned);
            let field = unique(&mut field_names, &snake(name));
            let of = form(&expected.form, &mut |values| {
                let type_name = unique(&mut enum_names, &format!("{}{}", group.name, camel(name)));
                enums.push_str(&declared(&type_name, name, values));
                type_name
            });
            let of = if expected.always { of } else { format!("Option<{of}>") };
            // Writing into a text has no way to fail.
            let _ = writeln!(fields, "    /// {}", comment(&what));
            let rename = if field == *name { String::new() } else { format!("rename = {name:?}") };
            let skip =
                if expected.always { "" } else { "default, skip_serializing_if = \"Option::is_none\"" };
            let attributes =
                [rename.as_str(), skip].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
            if !attributes.is_empty() {
                let _ = writeln!(fields, "    #[serde({})]", attributes.join(", "));
            }
            let field = if KEYWORDS.contains(&field.as_str()) { format!("r#{field}") } else { field };
            let _ = writeln!(fields, "    pub {field}: {of},");
        }
        let _ = write!(
            out,
            "\n/// {}\n#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]\npub struct {} {{\n{fields}}}\n{enums}",
            group.about, group.name
        );
    }
    out
}

fn form(form: &Form, declare: &mut impl FnMut(&[&str]) -> String) -> String {
    match form {
        Form::Any | Form::Object => "serde_json::Value".to_owned(),
        Form::Text => "String".to_owned(),
        Form::Integer => "i64".to_owned(),
        Form::Number => "f64".to_owned(),
        Form::Boolean => "bool".to_owned(),
        Form::List(element) => format!("Vec<{}>", self::form(element, declare)),
        one_of @ Form::OneOf(_) => {
            texts(one_of).map_or_else(|| "serde_json::Value".to_owned(), |values| declare(&values))
        }
    }
}

fn declared(type_name: &str, claim: &str, values: &[&str]) -> String {
    let mut out = format!(
        "\n/// A value of `{claim}`.\n#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize, serde::Deserialize)]\npub enum {type_name} {{\n"
    );
    let mut names = BTreeSet::new();
    for value in values {
        let name = unique(&mut names, &camel(value));
        let _ = write!(out, "    /// `{}`\n    #[serde(rename = {value:?})]\n    {name},\n", comment(value));
    }
    out.push_str("}\n");
    out
}

/// A name that is not among the others yet.
fn unique(names: &mut BTreeSet<String>, name: &str) -> String {
    let mut candidate = name.to_owned();
    let mut count: usize = 1;
    while !names.insert(candidate.clone()) {
        count = count.saturating_add(1);
        candidate = format!("{name}{count}");
    }
    candidate
}

/// The words of a name: `demo:membershipLevel` is demo, membership, Level.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut previous = ' ';
    for c in name.chars() {
        if !c.is_ascii_alphanumeric() {
            previous = ' ';
            continue;
        }
        let begins = previous == ' ' || (c.is_ascii_uppercase() && !previous.is_ascii_uppercase());
        match words.last_mut() {
            Some(word) if !begins => word.push(c),
            _ => words.push(c.to_string()),
        }
        previous = c;
    }
    words
}

fn snake(name: &str) -> String {
    let joined = words(name).join("_").to_ascii_lowercase();
    if joined.starts_with(|c: char| c.is_ascii_alphabetic())
        && !matches!(joined.as_str(), "self" | "super" | "crate")
    {
        joined
    } else {
        format!("claim_{joined}")
    }
}

fn camel(name: &str) -> String {
    let joined: String = words(name)
        .iter()
        .map(|word| {
            let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
            first.to_ascii_uppercase() + rest
        })
        .collect();
    if joined.starts_with(|c: char| c.is_ascii_alphabetic()) && joined != "Self" {
        joined
    } else {
        format!("Value{joined}")
    }
}
