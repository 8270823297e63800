//! Sign-ins and calls without end, each with the answer that the native core gives it.

mod calls;
mod signins;

pub use self::calls::{Calls, Question};
pub use self::signins::{PeopleStore, SignIn, sign_in};

/// What an invocation must come to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Want {
    /// This answer, byte for byte.
    Answer(String),
    /// An error of this code.
    Error(String),
    /// A call that is allowed or not, with this context.
    Decision(bool, serde_json::Value),
    /// Nobody gets in: an error, whichever.
    NobodyIn,
}
