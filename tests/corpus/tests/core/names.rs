//! What Cognito's names mean, and which texts may be one.

use claim_core::cognito::{client_writable, is_role, is_standard_attribute};

#[test]
fn a_role_is_the_arn_of_one() {
    for good in [
        "arn:aws:iam::111122223333:role/x",
        "arn:aws-cn:iam::111122223333:role/x/y",
        "arn:aws-us-gov:iam::111122223333:role/service-role/a:b",
    ] {
        assert!(is_role(good), "{good}");
    }
    for bad in [
        "",
        "x",
        "ar:aws:iam::111122223333:role/x",
        "arn:gcp:iam::111122223333:role/x",
        "arn:aws:sts::111122223333:role/x",
        "arn:aws:iam:eu-west-1:111122223333:role/x",
        "arn:aws:iam::11112222333:role/x",
        "arn:aws:iam::1111222233334:role/x",
        "arn:aws:iam::11112222333a:role/x",
        "arn:aws:iam::111122223333:user/x",
        "arn:aws:iam::111122223333:role/",
        "arn:aws:iam::111122223333:role/x\n",
    ] {
        assert!(!is_role(bad), "{bad}");
    }
    assert!(is_role(&format!("arn:aws:iam::111122223333:role/{}", "x".repeat(512 - 31))));
}

#[test]
fn a_standard_attribute_is_openid_connects() {
    for name in ["email", "phone_number_verified", "updated_at", "given_name", "address"] {
        assert!(is_standard_attribute(name), "{name}");
    }
    for name in
        ["sub", "aud", "nonce", "at_hash", "identities", "cognito:username", "custom:x", "tier", "exp"]
    {
        assert!(!is_standard_attribute(name), "{name}");
    }
}

#[test]
fn users_write_what_a_pool_lets_them() {
    for name in ["email", "custom:tenant", "given_name"] {
        assert!(client_writable(name), "{name}");
    }
    for name in
        ["sub", "email_verified", "phone_number_verified", "identities", "cognito:user_status", "dev:x"]
    {
        assert!(!client_writable(name), "{name}");
    }
}
