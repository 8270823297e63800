//! From the text of an expression to its nodes.

use cel::IdedExpr;
use cel::common::ast::{CallExpr, EntryExpr, Expr, LiteralValue, SourceInfo, operators};

use super::{Expression, Function, Macro, Node, NodeId};
use crate::suggest::closest;

/// How long the text of an expression may be, in bytes.
pub const MAX_SOURCE: usize = 4096;

/// How deep the parser may recurse; what it yields is held to [`super::MAX_DEPTH`] afterwards.
const MAX_RECURSION: u16 = 64;

/// Why a text is no expression of the language.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SyntaxError {
    /// What was met and what is allowed, in one sentence.
    pub message: String,
    /// Where in the text, in characters.
    pub span: std::ops::Range<usize>,
}

/// Parses an expression that may read the named inputs.
///
/// # Errors
///
/// Returns the first [`SyntaxError`] of the text.
pub fn parse(source: &str, inputs: &[&str]) -> Result<Expression, SyntaxError> {
    parse_with_spans(source, inputs).map(|(expression, _)| expression)
}

/// Where each node of an expression stands in its text, in characters.
pub type Spans = Vec<std::ops::Range<usize>>;

/// Parses as [`parse()`] does, and says where each node stands.
///
/// # Errors
///
/// As [`parse()`].
pub fn parse_with_spans(source: &str, inputs: &[&str]) -> Result<(Expression, Spans), SyntaxError> {
    let end = source.chars().count();
    if source.len() > MAX_SOURCE {
        return Err(SyntaxError {
            message: format!(
                "an expression has at most {MAX_SOURCE} bytes and this one has {}",
                source.len()
            ),
            span: 0..end,
        });
    }
    if let Some(message) = too_complex(source) {
        return Err(SyntaxError { message, span: 0..end });
    }
    // Without macros the parser leaves `has`, `all` and the others as the calls they are written as.
    let parser = cel::Env::default().with_optional_support(false).parser();
    let (root, places) =
        parser.max_recursion_depth(MAX_RECURSION).parse_with_source_info(source).map_err(|errors| {
            let first = errors.errors.first();
            let at = first.map_or(0, |error| offset(source, error.pos)).min(end.saturating_sub(1));
            let what = first.map_or_else(String::new, |error| plain(&error.msg));
            SyntaxError {
                message: format!("the expression is not cel: {what}"),
                span: at..at.saturating_add(1),
            }
        })?;
    let mut builder =
        Builder { places: &places, nodes: Vec::new(), spans: Vec::new(), inputs, variables: Vec::new(), end };
    builder.node(&root)?;
    let expression = Expression::try_from(builder.nodes)
        .map_err(|error| SyntaxError { message: error.to_string(), span: 0..end })?;
    Ok((expression, builder.spans))
}

/// How deep brackets may stand in each other. The parser takes up to 15 kB of stack for each.
const MAX_BRACKETS: usize = 24;

/// How many operators, and how many brackets, an expression may have. Chains of them recurse in the parser too.
const MAX_TOKENS: usize = 96;

/// Refuses what would need more stack to parse than a small thread has.
///
/// Counts characters and not tokens, so that nothing can hide from it in a text; a text with a hundred brackets is
/// refused too.
fn too_complex(source: &str) -> Option<String> {
    let (mut open, mut brackets, mut operators) = (0usize, 0usize, 0usize);
    for character in source.chars() {
        match character {
            '(' | '[' | '{' => {
                open = open.saturating_add(1);
                brackets = brackets.saturating_add(1);
            }
            ')' | ']' | '}' => open = open.saturating_sub(1),
            '+' | '-' | '*' | '/' | '%' | '<' | '>' | '=' | '!' | '?' | '&' | '|' => {
                operators = operators.saturating_add(1);
            }
            _ => {}
        }
        if open > MAX_BRACKETS {
            return Some(format!(
                "an expression has brackets at most {MAX_BRACKETS} deep; split it into several claims"
            ));
        }
        if brackets > MAX_TOKENS || operators > MAX_TOKENS {
            return Some(format!(
                "an expression has at most {MAX_TOKENS} brackets and {MAX_TOKENS} operator characters; split it into \
                 several claims"
            ));
        }
    }
    None
}

/// What the parser means, in words of ours: its own speak of tokens and grammars.
fn plain(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    let line = line.strip_prefix("Syntax error: ").unwrap_or(line);
    // The parser lists every token that it could have taken, which helps nobody.
    let line = line.split(" expecting ").next().unwrap_or(line);
    let unexpected = ["token recognition error at: '", "mismatched input '", "extraneous input '"];
    let mut unexpected = unexpected.iter().chain(&["no viable alternative at input '"]);
    let met = unexpected.find_map(|prefix| line.strip_prefix(prefix));
    match met.map(|met| met.strip_suffix('\'').unwrap_or(met).trim()) {
        Some("<EOF>") => "it ends too early".to_owned(),
        Some("") => "an invisible character cannot stand here".to_owned(),
        Some(met) => {
            let meant = match met {
                "=" => "; `==` compares",
                "&" | "and" | "AND" => "; write `&&`",
                "|" | "or" | "OR" => "; write `||`",
                "not" | "NOT" => "; write `!`",
                met if met.starts_with(['\'', '"']) => {
                    "; look for a missing quote or a wrong escape before it"
                }
                _ => "",
            };
            format!("`{met}` cannot stand here{meant}")
        }
        None if line.starts_with("Incomplete") => {
            "`?` is not followed by a value, `:` and a value".to_owned()
        }
        None if line.starts_with("invalid string literal") => {
            "an escape in a text is no character".to_owned()
        }
        None if line.starts_with("missing ')'") => "a `)` is missing".to_owned(),
        None => match line.split_once("reserved identifier: ") {
            Some((_, word)) => format!("`{word}` is a reserved word"),
            None => line.replace("'<EOF>'", "the end").to_lowercase(),
        },
    }
}

/// From the parser's line (from 1) and column (from 0 or 1) to characters from the beginning.
fn offset(source: &str, (line, column): (isize, isize)) -> usize {
    let lines_before = usize::try_from(line.saturating_sub(1)).unwrap_or(0);
    let before: usize =
        source.split_inclusive('\n').take(lines_before).map(|line| line.chars().count()).sum();
    before.saturating_add(usize::try_from(column.saturating_sub(1)).unwrap_or(0))
}

struct Builder<'a> {
    places: &'a SourceInfo,
    nodes: Vec<Node>,
    spans: Spans,
    inputs: &'a [&'a str],
    variables: Vec<String>,
    end: usize,
}

impl Builder<'_> {
    fn error<T>(&self, at: &IdedExpr, message: String) -> Result<T, SyntaxError> {
        Err(SyntaxError { message, span: self.span(at) })
    }

    fn span(&self, at: &IdedExpr) -> std::ops::Range<usize> {
        let (start, stop) = self.places.offset_for(at.id).unwrap_or((0, u32::MAX));
        let start = usize::try_from(start).unwrap_or(0).min(self.end.saturating_sub(1));
        let stop = usize::try_from(stop).unwrap_or(self.end).saturating_add(1).min(self.end);
        start..stop.max(start.saturating_add(1))
    }

    fn push(&mut self, at: &IdedExpr, node: Node) -> NodeId {
        self.nodes.push(node);
        self.spans.push(self.span(at));
        NodeId::try_from(self.nodes.len().saturating_sub(1)).unwrap_or(NodeId::MAX)
    }

    fn each<'e>(
        &mut self,
        nodes: impl IntoIterator<Item = &'e IdedExpr>,
    ) -> Result<Vec<NodeId>, SyntaxError> {
        nodes.into_iter().map(|node| self.node(node)).collect()
    }

    fn node(&mut self, at: &IdedExpr) -> Result<NodeId, SyntaxError> {
        let node = match &at.expr {
            Expr::Literal(literal) => match literal {
                LiteralValue::Null => Node::Null,
                LiteralValue::Boolean(value) => Node::Bool(value.into_inner()),
                LiteralValue::Int(value) => Node::Int(value.into_inner()),
                LiteralValue::UInt(value) => Node::Uint(value.into_inner()),
                LiteralValue::Double(value) => Node::Double(value.into_inner()),
                LiteralValue::String(value) => Node::Text(value.inner().to_owned()),
                LiteralValue::Bytes(_) => {
                    return self.error(at, "bytes are not part of this language; write a text".to_owned());
                }
            },
            Expr::Ident(name) => self.name(at, name)?,
            Expr::Select(select) => Node::Field(self.node(&select.operand)?, select.field.clone()),
            Expr::List(list) => Node::List(self.each(&list.elements)?),
            Expr::Map(map) => {
                let mut entries = Vec::new();
                for entry in &map.entries {
                    if let EntryExpr::MapEntry(entry) = &entry.expr {
                        entries.push((self.node(&entry.key)?, self.node(&entry.value)?));
                    }
                }
                Node::Map(entries)
            }
            Expr::Call(call) => return self.call(at, call),
            Expr::Struct(_) => {
                return self.error(
                    at,
                    "messages are not part of this language; write a map, `{\"a\": 1}`".to_owned(),
                );
            }
            Expr::Comprehension(_) | Expr::Unspecified => {
                return self.error(at, "this is not part of the language".to_owned());
            }
        };
        Ok(self.push(at, node))
    }

    fn name(&self, at: &IdedExpr, name: &str) -> Result<Node, SyntaxError> {
        let bare = name.strip_prefix('.').unwrap_or(name);
        let variable = self.variables.iter().any(|variable| variable == name);
        if variable || self.inputs.contains(&bare) {
            return Ok(Node::Name(bare.to_owned()));
        }
        let meant = closest(name, self.inputs.iter().copied())
            .map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"));
        let allowed = self.inputs.join("`, `");
        self.error(at, format!("there is no input `{name}` here; the inputs are `{allowed}`{meant}"))
    }

    fn call(&mut self, at: &IdedExpr, call: &CallExpr) -> Result<NodeId, SyntaxError> {
        let name = call.func_name.as_str();
        match (name, call.target.as_deref(), call.args.as_slice()) {
            (operators::LOGICAL_AND | operators::LOGICAL_OR, None, _) => {
                let mut terms = Vec::new();
                flatten(name, &call.args, &mut terms);
                let terms = self.each(terms)?;
                let node = if name == operators::LOGICAL_AND { Node::And(terms) } else { Node::Or(terms) };
                Ok(self.push(at, node))
            }
            (operators::CONDITIONAL, None, [condition, then, otherwise]) => {
                let node = Node::Choose(self.node(condition)?, self.node(then)?, self.node(otherwise)?);
                Ok(self.push(at, node))
            }
            (operators::INDEX, None, [of, index]) => {
                let node = Node::Index(self.node(of)?, self.node(index)?);
                Ok(self.push(at, node))
            }
            (operators::HAS, None, [IdedExpr { expr: Expr::Select(select), .. }]) => {
                let node = Node::Has(self.node(&select.operand)?, select.field.clone());
                Ok(self.push(at, node))
            }
            (operators::HAS, None, _) => self.error(
                at,
                "`has` takes one field, for example `has(facts.profile.tier)`; for a name in brackets use `in`: \
                 `\"custom:plan\" in user.attributes`"
                    .to_owned(),
            ),
            ("dyn", None, [inner]) => self.node(inner),
            (_, Some(range), [IdedExpr { expr: Expr::Ident(variable), .. }, rest @ ..])
                if macro_named(name, rest.len()).is_some() =>
            {
                self.expand(at, name, range, variable, rest)
            }
            (_, target, arguments) => {
                let Some(function) = Function::named(name, target.is_some()) else {
                    return self.unknown_function(at, name, target.is_some());
                };
                let nodes = self.each(target.into_iter().chain(arguments))?;
                if !function.takes(nodes.len()) {
                    let given = arguments.len();
                    return self.error(at, format!("`{name}` does not take {given} arguments"));
                }
                Ok(self.push(at, Node::Call(function, nodes)))
            }
        }
    }

    fn unknown_function<T>(&self, at: &IdedExpr, name: &str, method: bool) -> Result<T, SyntaxError> {
        if ["all", "exists", "exists_one", "filter", "map"].contains(&name) {
            let takes = format!(
                "`{name}` stands after a list or a map and takes a variable and an expression, for example `groups.{name}(g, g != \"\")`"
            );
            return self.error(at, takes);
        }
        let written = if Function::named(name, !method).is_some() {
            if method {
                format!("; write `{name}(…)`")
            } else {
                format!("; write it after a dot, `x.{name}(…)`")
            }
        } else {
            let known = Function::names().chain(["has", "all", "exists", "exists_one", "filter", "map"]);
            closest(name, known).map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"))
        };
        self.error(
            at,
            format!("there is no {} `{name}`{written}", if method { "method" } else { "function" }),
        )
    }

    fn expand(
        &mut self,
        at: &IdedExpr,
        name: &str,
        range: &IdedExpr,
        variable: &str,
        rest: &[IdedExpr],
    ) -> Result<NodeId, SyntaxError> {
        // A hidden input would make "what does this expression read" a question of scopes.
        if self.inputs.contains(&variable) || self.variables.iter().any(|other| other == variable) {
            return self.error(
                at,
                format!("`{variable}` is already the name of an input or of an outer variable; choose another name"),
            );
        }
        let range = self.node(range)?;
        self.variables.push(variable.to_owned());
        let rest = self.each(rest);
        self.variables.pop();
        let (filter, body) = match rest?.as_slice() {
            [filter, body] => (Some(*filter), *body),
            [body] => (None, *body),
            _ => return self.error(at, format!("`{name}` does not take so many arguments")),
        };
        let Some(kind) = macro_named(name, 1) else {
            return self.unknown_function(at, name, true);
        };
        Ok(self.push(at, Node::Macro { kind, range, variable: variable.to_owned(), filter, body }))
    }
}

/// Finds a macro by its name and the number of its arguments after the variable.
fn macro_named(name: &str, arguments: usize) -> Option<Macro> {
    Some(match (name, arguments) {
        (operators::ALL, 1) => Macro::All,
        (operators::EXISTS, 1) => Macro::Exists,
        (operators::EXISTS_ONE | "existsOne", 1) => Macro::ExistsOne,
        (operators::FILTER, 1) => Macro::Filter,
        (operators::MAP, 1 | 2) => Macro::Map,
        _ => return None,
    })
}

/// The parser balances chains of `&&` and `||` into trees; here they are lists again.
fn flatten<'e>(operator: &str, arguments: &'e [IdedExpr], terms: &mut Vec<&'e IdedExpr>) {
    for argument in arguments {
        match &argument.expr {
            Expr::Call(call) if call.func_name == operator && call.target.is_none() => {
                flatten(operator, &call.args, terms);
            }
            _ => terms.push(argument),
        }
    }
}
