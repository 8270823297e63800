//! Declared types, and the values of a contract that must have them.

use super::super::decode::{Fields, elements};
use super::super::keys::ItemKind;
use super::super::rule::{Kind, Source, ValueType};
use super::super::yaml::Node;
use super::Contract;
use crate::expression::Type;
use crate::json::Value;

/// How many values an `enum` may have.
const MAX_ENUM: usize = 1_000;

impl Contract<'_, '_> {
    pub(super) fn value_type(&mut self, of: &Fields<'_>) -> Option<ValueType> {
        let what = &of.what;
        let kind: Option<Kind> = self.word(of, "type");
        let items: Option<ItemKind> = self.word(of, "items");
        let items = items.map(|items| items.0);
        let of_list = kind.is_none_or(|kind| kind == Kind::Array);
        for key in ["items", "maxItems"] {
            if let Some(node) = of.get(key).filter(|_| !of_list) {
                let message =
                    format!("`{key}` of {what} says what a list holds, and its `type` is not `array`");
                self.report.error("items-of-no-list", &node.span, message);
                self.report.help(format!("remove `{key}`, or write `type: array`"));
            }
        }
        let mut allowed = Vec::new();
        if let Some(node) = of.get("enum") {
            let list = elements(self.report, node, &of.place("enum"));
            if list.len() > MAX_ENUM {
                let message =
                    format!("`enum` has at most {MAX_ENUM} values and that of {what} has {}", list.len());
                self.report.error("too-many-values", &node.span, message);
            }
            for element in list.iter().take(MAX_ENUM) {
                let Some(value) = self.fixed(element, &format!("an element of `enum` of {what}")) else {
                    continue;
                };
                let wanted = if kind == Some(Kind::Array) { items } else { kind };
                if wanted.is_some_and(|kind| !kind.holds(&value)) {
                    self.report.error(
                        "wrong-type",
                        &element.span,
                        format!(
                            "an element of `enum` of {what} is {} and can never be met",
                            element.describe()
                        ),
                    );
                }
                allowed.push(value);
            }
            if node.is_empty_list() {
                let message = format!("`enum` of {what} is empty, so no value could ever be right");
                self.report.error("never-applies", &node.span, message);
                self.report.help("list the values, or leave the key out");
            }
        }
        let max_length = self.count(of, "maxLength");
        let max_items = self.count(of, "maxItems");
        let declared = ValueType { kind, items, allowed, max_length, max_items };
        (declared != ValueType::default()).then_some(declared)
    }

    pub(super) fn default(
        &mut self,
        of: &Fields<'_>,
        node: &Node,
        declared: Option<&ValueType>,
    ) -> Option<Value> {
        let what = of.place("default");
        let value = self.fixed(node, &what)?;
        self.declared(node, &what, &value, declared);
        Some(value)
    }

    /// Checks a value that is written in the contract against the declared type.
    pub(super) fn declared(&mut self, node: &Node, what: &str, value: &Value, declared: Option<&ValueType>) {
        let Some(declared) = declared else {
            return;
        };
        let (code, message) = if !declared.has_kind(value) {
            ("wrong-type", format!("{what} is {} and has not the declared type", node.describe()))
        } else if !declared.allows(value) {
            let allowed = declared.allowed.iter().map(Value::to_string).collect::<Vec<_>>().join(", ");
            ("not-in-enum", format!("{what} is {value}, and `enum` has {allowed}"))
        } else if !declared.fits(value) {
            ("too-long", format!("{what} is longer than the declared `maxLength` or `maxItems`"))
        } else {
            return;
        };
        self.report.error(code, &node.span, message);
    }

    /// Checks that what a source gives can be of the declared type at all.
    pub(super) fn possible(
        &mut self,
        node: &Node,
        what: &str,
        source: &Source,
        of: &Type,
        declared: &ValueType,
    ) {
        let given = Kind::of_type(of);
        if let (Some(kind), Some(given)) = (declared.kind, given)
            && !given.may_be(kind)
        {
            let message =
                format!("{what} gives {of} and `type` is `{}`; every sign-in would fail", kind.as_str());
            self.report.error("wrong-type", &node.span, message);
            self.report.help(match (kind, given) {
                (Kind::Integer, Kind::String) => "convert it: `expression: int(…)`".to_owned(),
                (Kind::Number, Kind::String) => "convert it: `expression: double(…)`".to_owned(),
                (Kind::Boolean, Kind::String) => "convert it: `expression: bool(…)`".to_owned(),
                (Kind::String, Kind::Integer | Kind::Number | Kind::Boolean) => {
                    "convert it: `expression: string(…)`".to_owned()
                }
                _ => format!("write `type: {}`", given.as_str()),
            });
            return;
        }
        if let (Some(items), Type::List(element)) = (declared.items, of)
            && let Some(given) = Kind::of_type(element)
            && !given.may_be(items)
        {
            let message =
                format!("{what} gives a list with {element} in it and `items` is `{}`", items.as_str());
            self.report.error("wrong-type", &node.span, message);
            if !matches!(given, Kind::Array | Kind::Object) {
                self.report.help(format!("write `items: {}`", given.as_str()));
            }
            return;
        }
        self.possible_in_enum(node, what, of, declared);
        if let Source::Expression(expression) = source {
            for constant in expression.constants() {
                if !declared.fits(&constant) {
                    let message = format!(
                        "a branch of {what} gives a value that is longer than `maxLength` or `maxItems`"
                    );
                    self.report.error("too-long", &node.span, message);
                }
                if !declared.allows(&constant) {
                    let message = format!("a branch of {what} gives {constant}, which is not in its `enum`");
                    self.report.error("not-in-enum", &node.span, message);
                    self.report.help("add it to `enum`, or give another value");
                }
            }
        }
    }

    /// Checks that what a source gives can be among the declared values at all.
    fn possible_in_enum(&mut self, node: &Node, what: &str, of: &Type, declared: &ValueType) {
        let Some(given) = Kind::of_type(of).filter(|given| *given != Kind::Object) else {
            return;
        };
        if declared.allowed.is_empty() || declared.is_of_a_list() {
            return;
        }
        if given == Kind::Array {
            let message = format!("{what} gives a list, and its `enum` has single values");
            self.report.error("wrong-type", &node.span, message);
            self.report.help("write `type: array` if each element is one of them");
        } else if !declared.allowed.iter().any(|value| given.holds(value)) {
            let message =
                format!("{what} gives {of}, and no value of its `enum` is one; every sign-in would fail");
            self.report.error("wrong-type", &node.span, message);
            self.report.help("write the values as what the source gives, for example in quotes");
        }
    }
}
