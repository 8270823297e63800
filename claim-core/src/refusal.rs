//! Why a request gets no answer.

use std::fmt;

use crate::expression::EvaluationError;
use crate::json::Value;

/// Why a token request gets no shape. A refusal is final: the same input is refused again.
///
/// It names rules and facts of the contract and never a value, because values are personal.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Refusal {
    /// The component has not been given its bundle.
    NotConfigured,
    /// A part of the request has not the form that it must have; the text names the part.
    MalformedRequest(String),
    /// A fact is not there and the contract says `onMissing: refuse`; the text is its name.
    FactMissing(String),
    /// A fact could not be read and the contract says `onError: refuse`; the text is its name.
    FactFailed(String),
    /// A rule gives no proper value and the contract does not say `onError: omit` or `default`.
    RuleFailed {
        /// The rule's place in the contract, for example `claims.permissions`.
        rule: String,
        /// What is wrong with its value.
        fault: RuleFault,
    },
    /// A `refuse` rule of the contract holds.
    Blocked {
        /// The rule's place in the contract, for example `refuse[0]`.
        rule: String,
        /// What the person may read: the author of the contract wrote it, and it is the same for everybody.
        message: String,
    },
    /// The rules together give what Cognito does not take; the text is the code of the broken rule, for example
    /// `too-large`.
    Rejected(&'static str),
}

/// What is wrong with a rule's value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RuleFault {
    /// Its expression has no value.
    Evaluation(EvaluationError),
    /// The value has not the declared type, or not one that the place takes.
    WrongType,
    /// The value is not one of the declared ones.
    NotInEnum,
    /// A token of this version cannot carry the value.
    NotCarried,
    /// There is no value, and the rule must have one.
    NoValue,
    /// The text is not a scope: empty, with a blank, a quote, a backslash, or a character that is not ASCII.
    BadScope,
    /// The text is not the name of a group: empty, too long, or with a control character.
    BadName,
    /// The text is not the ARN of an IAM role.
    BadRole,
    /// The logic component that says the value gave no answer.
    NoAnswer,
    /// The text is longer, or the list has more elements, than declared.
    TooLong,
}

impl RuleFault {
    /// Returns the stable code of the fault.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Evaluation(error) => error.code(),
            Self::WrongType => "wrong-type",
            Self::NotInEnum => "not-in-enum",
            Self::NotCarried => "not-carried",
            Self::NoValue => "no-value",
            Self::BadScope => "bad-scope",
            Self::BadName => "bad-name",
            Self::BadRole => "bad-role",
            Self::NoAnswer => "no-answer",
            Self::TooLong => "too-long",
        }
    }
}

impl fmt::Display for RuleFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Evaluation(error) => return error.fmt(f),
            Self::WrongType => "the value has another type than this place takes",
            Self::NotInEnum => "the value is not one of the declared `enum`",
            Self::NotCarried => {
                "a token of this trigger version cannot carry the value: v1 holds texts (see `v1:`), and no version \
                 holds a list of lists or of objects"
            }
            Self::NoValue => "it has no value, and this place must have one",
            Self::BadScope => "the text is not a scope: it is empty or has a blank, a quote, a backslash or a letter beyond ascii",
            Self::BadName => "the text is not a name: it is empty, too long or has a control character",
            Self::BadRole => "the text is not the arn of an iam role, `arn:aws:iam::111122223333:role/name`",
            Self::NoAnswer => "the logic component refused, broke or took too long, as the log of the function says, or was not asked",
            Self::TooLong => "the text or list is longer than `maxLength` or `maxItems`",
        })
    }
}

impl Refusal {
    /// Returns the stable code of the refusal, spelled as in the WIT.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotConfigured => "not-configured",
            Self::MalformedRequest(_) => "malformed-request",
            Self::FactMissing(_) => "fact-missing",
            Self::FactFailed(_) => "fact-failed",
            Self::RuleFailed { .. } => "rule-failed",
            Self::Blocked { .. } => "blocked",
            Self::Rejected(_) => "rejected",
        }
    }
}

impl Refusal {
    /// Returns the fact, rule, part or code that the refusal names; empty where it names none.
    #[must_use]
    pub fn subject(&self) -> &str {
        match self {
            Self::NotConfigured => "",
            Self::MalformedRequest(subject) | Self::FactMissing(subject) | Self::FactFailed(subject) => {
                subject
            }
            Self::RuleFailed { rule, .. } | Self::Blocked { rule, .. } => rule,
            Self::Rejected(code) => code,
        }
    }

    /// Returns the code of the fault of the rule that the refusal names; empty where it names none.
    #[must_use]
    pub const fn fault(&self) -> &'static str {
        match self {
            Self::RuleFailed { fault, .. } => fault.code(),
            _ => "",
        }
    }
}

/// The refusal for programs: its `code`, `subject`, `fault` and `message`, as far as it has them.
impl From<&Refusal> for Value {
    fn from(refusal: &Refusal) -> Self {
        let message = refusal.to_string();
        let members = [
            ("code", refusal.code()),
            ("subject", refusal.subject()),
            ("fault", refusal.fault()),
            ("message", &message),
        ];
        let members = members.into_iter().filter(|(_, text)| !text.is_empty());
        Self::Object(members.map(|(name, text)| (name.to_owned(), text.into())).collect())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotConfigured => f.write_str("the component has no bundle; configure it first"),
            Self::MalformedRequest(part) => {
                write!(f, "`{part}` of the request has not the form it must have")
            }
            Self::FactMissing(name) => {
                write!(f, "there is no record for the fact `{name}`, and its `onMissing` is `refuse`")
            }
            Self::FactFailed(name) => {
                write!(f, "the fact `{name}` could not be read, and its `onError` is `refuse`")
            }
            Self::Blocked { rule, message } => write!(f, "`{rule}` holds: {message}"),
            Self::Rejected(code) => write!(f, "the rules together give what cognito does not take: {code}"),
            Self::RuleFailed { rule, fault } => write!(f, "`{rule}` fails ({}): {fault}", fault.code()),
        }
    }
}

impl std::error::Error for Refusal {}
