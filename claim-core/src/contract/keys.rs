//! What a contract may say: the keys of every mapping, in one table that the compiler and the JSON Schema read.

mod test;
mod words;

pub(super) use self::test::{CALL, EVENT, EXPECT, TEST, USER};
pub(super) use self::words::{
    DecisionWord, FactWord, ItemKind, LogicWord, NamesWord, RefusalWord, ScopeOnError, Trigger, Version,
};
use super::decode::words;
use super::rule::{Kind, OnError, V1Encoding};
use super::{DisplayKind, Without, WithoutGroups};
use crate::cognito::Token;

/// A mapping of the contract, and its keys.
#[derive(Debug)]
pub(super) struct Mapping {
    /// Its name in the schema.
    pub(super) name: &'static str,
    /// What it is, in one sentence.
    pub(super) about: &'static str,
    pub(super) keys: &'static [Key],
    /// Keys of which it has exactly one.
    pub(super) one_of: &'static [&'static str],
}

/// A key of a mapping.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) form: Form,
    pub(super) required: bool,
}

/// What may stand after a key.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// The contract's version.
    Version,
    Text,
    /// A text of CEL.
    Expression,
    /// A JSON Pointer into the inputs.
    Pointer,
    Boolean,
    /// A whole number, and the least that it may be.
    Integer(i64),
    /// Any value but null.
    Value,
    /// Any mapping.
    Object,
    /// One of some words.
    Words(fn() -> Vec<&'static str>),
    /// One of some words that are numbers, with or without quotes.
    Numbers(fn() -> Vec<&'static str>),
    List(&'static Self),
    /// A mapping from free names.
    Map(&'static Self),
    Mapping(&'static Mapping),
    Either(&'static [Self]),
}

const fn key(name: &'static str, form: Form, about: &'static str) -> Key {
    Key { name, about, form, required: false }
}

const fn required(name: &'static str, form: Form, about: &'static str) -> Key {
    Key { name, about, form, required: true }
}

impl Mapping {
    /// Returns the names of the keys.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.keys.iter().map(|key| key.name)
    }
}

const TEXTS: Form = Form::List(&Form::Text);
const LABEL: Form = Form::Either(&[Form::Text, Form::Map(&Form::Text)]);
const TRIGGERS: Form = Form::List(&Form::Words(words::<Trigger>));
const SOURCE: &[&str] = &["from", "value", "expression"];
const SOURCE_OF_CLAIM: &[&str] = &["from", "value", "expression", "logic"];

const FROM: Key =
    key("from", Form::Pointer, "a JSON Pointer into the inputs, for example `/facts/profile/tier`");
const UNTRUSTED: Key = key("untrusted", Form::Boolean, "says that callers choose the value");
const VALUE: Key = key("value", Form::Value, "the value itself");
const EXPRESSION: Key = key("expression", Form::Expression, "a CEL expression that gives the value");
const WHEN: Key = key("when", Form::Expression, "a CEL expression that must hold for the rule to apply");
const FOR_TRIGGERS: Key =
    key("triggers", TRIGGERS, "the triggers that the rule is for; all, if it is left out");
const FOR_CLIENTS: Key =
    key("clients", TEXTS, "the ids of the app clients that the rule is for; all, if it is left out");
const LABELS: Key =
    key("label", LABEL, "what a person calls it: a text, or one for each language (`{ en: …, de: … }`)");
const SECTION: Key = key("section", Form::Text, "the section of the page that shows it");
const KIND: Key =
    key("kind", Form::Words(words::<DisplayKind>), "what kind of thing the value is to a person");
const ORDER: Key = key("order", Form::Integer(i64::MIN), "its place in the section: smaller comes first");
const HIDDEN: Key = key("hidden", Form::Boolean, "whether a page leaves it out");
const PERSONAL: Key = key("personal", Form::Boolean, "whether the value tells something about a person");

pub(super) static CONTRACT: Mapping = Mapping {
    name: "contract",
    about: "Which claims the tokens of an Amazon Cognito user pool carry, and what an API makes of them.",
    keys: &[
        required("version", Form::Version, "the version of the contract's language"),
        key("facts", Form::Map(&Form::Mapping(&FACT)), "the records that are fetched for a sign-in, by name"),
        key(
            "logic",
            Form::Map(&Form::Mapping(&LOGIC)),
            "logic components that claims take their values from, by name",
        ),
        key("refuse", Form::List(&Form::Mapping(&REFUSE)), "the sign-ins that are refused"),
        key("claims", Form::Map(&Form::Mapping(&CLAIM)), "the claims, by name"),
        key("scopes", Form::Mapping(&SCOPES), "what happens to the access token's scopes"),
        key("groups", Form::Mapping(&GROUPS), "where the groups come from, if not from the pool"),
        key("roles", Form::Mapping(&GROUPS), "where the IAM roles come from, if not from the pool"),
        key("preferredRole", Form::Mapping(&PREFERRED_ROLE), "where the role that counts most comes from"),
        key("suppress", Form::Mapping(&SUPPRESS), "the claims to leave out, for each token"),
        key(
            "clients",
            Form::Map(&Form::Mapping(&CLIENT)),
            "what holds for one app client, by its id; `*` is every other",
        ),
        key(
            "trustedAttributes",
            TEXTS,
            "the user attributes that no app client may write, so that rules may rely on them",
        ),
        key("budget", Form::Mapping(&BUDGET), "how long each token may become"),
        key("authorize", Form::Mapping(&AUTHORIZE), "who may call which route of an API"),
        key(
            "sections",
            Form::Map(&Form::Mapping(&SECTION_MAPPING)),
            "the sections in which a page shows claims, by name",
        ),
        key(
            "display",
            Form::Map(&Form::Mapping(&DISPLAY)),
            "how claims of the ID token are shown that this contract does not set",
        ),
        key("tests", Form::List(&Form::Mapping(&TEST)), "the contract's own tests, run by `claims test`"),
    ],
    one_of: &[],
};

pub(super) static FACT: Mapping = Mapping {
    name: "fact",
    about: "One record of a DynamoDB table, by its whole key.",
    keys: &[
        required("table", Form::Text, "the table; the function's settings map it to the real name"),
        required(
            "key",
            Form::Map(&Form::Expression),
            "one or two key attributes, each a CEL expression that gives a text or a number",
        ),
        key("fields", TEXTS, "the fields to read; all, if it is left out"),
        required(
            "onMissing",
            Form::Words(words::<Without>),
            "no record: `empty` goes on without fields, `refuse` fails the sign-in",
        ),
        required(
            "onError",
            Form::Words(words::<Without>),
            "the table does not answer: `empty` goes on without fields, `refuse` fails the sign-in",
        ),
        key(
            "consistent",
            Form::Boolean,
            "whether the read sees every write before it; it costs twice as much",
        ),
    ],
    one_of: &[],
};

pub(super) static LOGIC: Mapping = Mapping {
    name: "logic",
    about: "A WebAssembly component that implements the world `claims`, for claims that data cannot say.",
    keys: &[
        required("file", Form::Text, "where the component is, from the contract's folder"),
        required("sha256", Form::Text, "the SHA-256 of that file: no other component is run"),
    ],
    one_of: &[],
};

pub(super) static REFUSE: Mapping = Mapping {
    name: "refuse",
    about: "Sign-ins that are refused.",
    keys: &[
        key(
            "when",
            Form::Expression,
            "a CEL expression that refuses where it holds; what it reads must be there",
        ),
        FOR_TRIGGERS,
        FOR_CLIENTS,
        required("message", Form::Text, "what the person reads; the same for everybody"),
    ],
    one_of: &[],
};

pub(super) static CLAIM: Mapping = Mapping {
    name: "claim",
    about: "A claim of one or both tokens.",
    keys: &[
        FROM,
        VALUE,
        EXPRESSION,
        key("logic", Form::Text, "the logic component that says the value"),
        required("tokens", Form::List(&Form::Words(words::<Token>)), "which tokens carry it"),
        WHEN,
        FOR_TRIGGERS,
        FOR_CLIENTS,
        key("default", Form::Value, "the value where the source has none"),
        key("type", Form::Words(words::<Kind>), "the kind that the value must have"),
        key("items", Form::Words(words::<ItemKind>), "the kind of a list's elements"),
        key("enum", Form::List(&Form::Value), "the values it may have; for a list, its elements"),
        key("maxLength", Form::Integer(1), "how many characters a text, or each text of a list, may have"),
        key("maxItems", Form::Integer(1), "how many elements a list may have"),
        key(
            "onError",
            Form::Words(words::<OnError>),
            "a wrong value: `refuse` fails the sign-in, `omit` leaves the claim out, `default` takes the default",
        ),
        key(
            "v1",
            Form::Words(words::<V1Encoding>),
            "how a V1 token, which holds only texts, carries a list or an object",
        ),
        key(
            "untrusted",
            Form::Boolean,
            "says that callers choose the value, so that no rule of `authorize` may read it; `false` of a `logic`, that they do not",
        ),
        LABELS,
        SECTION,
        KIND,
        ORDER,
        HIDDEN,
        PERSONAL,
    ],
    one_of: SOURCE_OF_CLAIM,
};

pub(super) static SCOPES: Mapping = Mapping {
    name: "scopes",
    about: "What happens to the access token's scopes.",
    keys: &[
        key("add", Form::List(&Form::Either(&[Form::Text, Form::Mapping(&SCOPE)])), "scopes to add"),
        key("suppress", TEXTS, "scopes to leave out"),
    ],
    one_of: &[],
};

pub(super) static SCOPE: Mapping = Mapping {
    name: "scope",
    about: "A scope to add, or a list of them.",
    keys: &[
        FROM,
        key("value", Form::Text, "the scope"),
        EXPRESSION,
        WHEN,
        FOR_TRIGGERS,
        FOR_CLIENTS,
        key(
            "onError",
            Form::Words(words::<ScopeOnError>),
            "a value that is no scope: `refuse` fails the sign-in, `omit` adds nothing",
        ),
        UNTRUSTED,
    ],
    one_of: SOURCE,
};

pub(super) static GROUPS: Mapping = Mapping {
    name: "groups",
    about: "Where a list of names comes from that stands in place of the pool's.",
    keys: &[
        FROM,
        VALUE,
        EXPRESSION,
        WHEN,
        FOR_TRIGGERS,
        FOR_CLIENTS,
        key(
            "onMissing",
            Form::Words(words::<WithoutGroups>),
            "the source has no list: `keep` what the pool has, `clear`, or `refuse`",
        ),
        key("onEmpty", Form::Words(words::<WithoutGroups>), "the list is empty: the same words"),
        UNTRUSTED,
    ],
    one_of: SOURCE,
};

pub(super) static PREFERRED_ROLE: Mapping = Mapping {
    name: "preferredRole",
    about: "Where the ARN of the role comes from that counts most.",
    keys: &[
        FROM,
        VALUE,
        EXPRESSION,
        WHEN,
        FOR_TRIGGERS,
        FOR_CLIENTS,
        key(
            "onMissing",
            Form::Words(words::<WithoutGroups>),
            "the source has no text: `keep` what the pool has, `clear`, or `refuse`",
        ),
        UNTRUSTED,
    ],
    one_of: SOURCE,
};

pub(super) static SUPPRESS: Mapping = Mapping {
    name: "suppress",
    about: "The claims to leave out.",
    keys: &[key("id", TEXTS, "of the ID token"), key("access", TEXTS, "of the access token")],
    one_of: &[],
};

pub(super) static CLIENT: Mapping = Mapping {
    name: "client",
    about: "What holds for one app client.",
    keys: &[key("without", TEXTS, "the claims of this contract that its tokens do not carry")],
    one_of: &[],
};

pub(super) static BUDGET: Mapping = Mapping {
    name: "budget",
    about: "How many bytes each token may have as it is sent; 4096, if it is left out. More is a warning.",
    keys: &[
        key("id", Form::Integer(1), "of the ID token"),
        key("access", Form::Integer(1), "of the access token"),
    ],
    one_of: &[],
};

pub(super) static AUTHORIZE: Mapping = Mapping {
    name: "authorize",
    about: "Who may call which route. A call is allowed if a rule speaks of its route and every rule that does holds.",
    keys: &[
        required("token", Form::Words(words::<Token>), "the token that callers bring"),
        required("rules", Form::List(&Form::Mapping(&AUTHORIZE_RULE)), "what each route asks of its callers"),
        key(
            "context",
            Form::Map(&Form::Either(&[Form::Pointer, Form::Mapping(&CONTEXT)])),
            "what the backend is told, by name",
        ),
    ],
    one_of: &[],
};

pub(super) static AUTHORIZE_RULE: Mapping = Mapping {
    name: "authorizeRule",
    about: "What some routes ask of a caller. Everything that it asks must hold.",
    keys: &[
        key(
            "routes",
            TEXTS,
            "a method and a path each, for example `GET /orders/*`; or `$connect`, `$graphql`",
        ),
        key("fields", TEXTS, "fields of an AppSync API, each as `Type.field`"),
        key("anyScope", TEXTS, "the token must have one of these scopes"),
        key("anyGroup", TEXTS, "the token must name one of these groups"),
        key("require", Form::Expression, "a CEL expression that must hold"),
        key("message", Form::Text, "what a denied caller lacks"),
    ],
    one_of: &[],
};

pub(super) static CONTEXT: Mapping = Mapping {
    name: "context",
    about: "One value that the backend is told: a text, a number or a boolean.",
    keys: &[
        FROM,
        VALUE,
        EXPRESSION,
        key("default", Form::Value, "the value where the source has none"),
        key("json", Form::Boolean, "hands a list or an object on as JSON text"),
    ],
    one_of: SOURCE,
};

pub(super) static SECTION_MAPPING: Mapping = Mapping {
    name: "section",
    about: "A section in which a page shows claims.",
    keys: &[LABELS, ORDER],
    one_of: &[],
};

pub(super) static DISPLAY: Mapping = Mapping {
    name: "display",
    about: "How a claim is shown.",
    keys: &[LABELS, SECTION, KIND, ORDER, HIDDEN, PERSONAL],
    one_of: &[],
};
