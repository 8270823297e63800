//! What a page shows of a token, natively.

use corpus::presentations::{Case, wrong};

#[test]
fn tokens_are_shown_as_the_vectors_say() {
    let wrong = wrong(Case::answer, |_| true);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
