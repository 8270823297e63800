//! What the tests of a contract may say.

use super::super::decode::words;
use super::words::{DecisionWord, FactWord, LogicWord, NamesWord, RefusalWord, Trigger, Version};
use super::{Form, Mapping, TEXTS, key, required};

pub(in crate::contract) static TEST: Mapping = Mapping {
    name: "test",
    about: "One of the contract's own tests: an event, facts and a call, and what must hold.",
    keys: &[
        required("name", Form::Text, "what it shows"),
        key("event", Form::Mapping(&EVENT), "the sign-in; all of it may be left out"),
        key(
            "facts",
            Form::Map(&Form::Either(&[Form::Object, Form::Words(words::<FactWord>)])),
            "a record for each fact, or `missing` (if it is left out), or `failed`",
        ),
        key(
            "logic",
            Form::Map(&Form::Either(&[Form::Object, Form::Words(words::<LogicWord>)])),
            "what each logic component says of the claims, or `failed`; one that is left out is asked by `claims test`",
        ),
        key("call", Form::Mapping(&CALL), "a call of an API with the token that results"),
        required("expect", Form::Mapping(&EXPECT), "what must hold; what is not named may be anything"),
    ],
    one_of: &[],
};

pub(in crate::contract) static EVENT: Mapping = Mapping {
    name: "event",
    about: "What Cognito says of a sign-in.",
    keys: &[
        key("version", Form::Numbers(words::<Version>), "the version of the trigger"),
        key("trigger", Form::Words(words::<Trigger>), "what made Cognito issue tokens"),
        key("client", Form::Text, "the app client's id"),
        key("scopes", TEXTS, "the scopes before the trigger"),
        key("metadata", Form::Map(&Form::Text), "what the caller sent along"),
        key("user", Form::Mapping(&USER), "the person"),
        key("groups", TEXTS, "the person's groups in the pool"),
        key("roles", TEXTS, "the IAM roles of those groups"),
        key("preferredRole", Form::Text, "the role among them that counts most"),
        key("now", Form::Integer(0), "the time, in seconds since 1970"),
    ],
    one_of: &[],
};

pub(in crate::contract) static USER: Mapping = Mapping {
    name: "user",
    about: "A person, as the pool knows them.",
    keys: &[
        key("name", Form::Text, "the name in the pool"),
        key("sub", Form::Text, "the unchanging id"),
        key("attributes", Form::Map(&Form::Text), "the attributes, as texts"),
    ],
    one_of: &[],
};

pub(in crate::contract) static CALL: Mapping = Mapping {
    name: "call",
    about: "A call of an API.",
    keys: &[
        required(
            "route",
            Form::Text,
            "a method and a path, for example `GET /orders/7`; or `$connect`, `$graphql`",
        ),
        key("claims", Form::Object, "claims that the token has beside those of the sign-in"),
    ],
    one_of: &[],
};

pub(in crate::contract) static EXPECT: Mapping = Mapping {
    name: "expect",
    about: "What must hold.",
    keys: &[
        key("id", Form::Object, "claims that the ID token gains; null for one that it must not"),
        key("access", Form::Object, "claims that the access token gains; null for one that it must not"),
        key("scopesAdded", TEXTS, "all the scopes that are added"),
        key("scopesSuppressed", TEXTS, "all the scopes that are left out"),
        key(
            "groups",
            Form::Either(&[TEXTS, Form::Words(words::<NamesWord>)]),
            "what becomes of the groups: `unchanged`, `cleared`, or the list",
        ),
        key(
            "roles",
            Form::Either(&[TEXTS, Form::Words(words::<NamesWord>)]),
            "what becomes of the IAM roles: the same words",
        ),
        key("refusal", Form::Words(words::<RefusalWord>), "the code of the refusal that must come"),
        key("message", Form::Text, "what the person reads who is refused"),
        key(
            "decision",
            Form::Words(words::<DecisionWord>),
            "what becomes of the call: `allowed`, or why it is denied",
        ),
        key("context", Form::Object, "values that the backend is told; null for one that it must not be"),
    ],
    one_of: &[],
};
