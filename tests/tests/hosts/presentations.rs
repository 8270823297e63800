//! What a page shows of a token, in the component.

use std::cell::RefCell;

use conformance::{Presenter, component};
use corpus::presentations::{Case, wrong};

#[test]
fn the_component_shows_the_same() {
    let presenter = RefCell::new(Presenter::new(&component()));
    let answer = |case: &Case| {
        let (expected, language) = (case.expected.as_deref(), case.language.as_deref());
        presenter.borrow_mut().answer(
            &case.token(),
            expected.unwrap_or("id"),
            &case.contract(),
            language.unwrap_or("en"),
        )
    };
    // It takes tokens only, and has no clock to ask about.
    let wrong = wrong(answer, |case| case.payload.is_none() && case.now.is_none());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
