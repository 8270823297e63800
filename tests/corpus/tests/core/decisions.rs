//! Who may call what.

use claim_core::authorize::authorize;
use corpus::decisions::wrong;

#[test]
fn every_call_is_decided_as_the_vectors_say() {
    let wrong = wrong(authorize);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
