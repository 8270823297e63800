//! Whose certificates the function takes for DynamoDB's.
//!
//! The roots of a system are some hundred and fifty, and reading them costs milliseconds of every start. DynamoDB's endpoints
//! have a certificate under one of five, unless somebody stands between them and the function.

use aws_sdk_dynamodb::config::SharedHttpClient;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, HttpClientError};

/// Five certificates, each with its digest.
pub(super) const AMAZON: &str = include_str!("amazon-roots.pem");

/// Makes a client for HTTPS that trusts Amazon's own roots and no others.
///
/// # Errors
///
/// As [`TlsContext`]'s builder, which has nothing to object.
pub(super) fn amazon() -> Result<SharedHttpClient, HttpClientError> {
    let roots = TrustStore::empty().with_pem_certificate(AMAZON);
    let context = TlsContext::builder().with_trust_store(roots).build()?;
    Ok(Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc)).tls_context(context).build_https())
}

#[cfg(test)]
mod tests {
    use claim_core::contract::digest;
    use claim_core::token::base64url;

    use super::AMAZON;

    /// What Amazon publishes of its roots, and of Starfield's.
    const PUBLISHED: [&str; 5] = [
        "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",
        "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",
        "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",
        "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",
        "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",
    ];

    #[test]
    fn the_roots_are_those_that_amazon_publishes() {
        let texts = AMAZON.split("-----BEGIN CERTIFICATE-----").skip(1);
        let digests = texts.map(|part| {
            let text: String = part.split("-----END").next().unwrap().split_whitespace().collect();
            digest(base64url(&text.trim_end_matches('=').replace('+', "-").replace('/', "_")).unwrap())
        });
        assert_eq!(digests.collect::<Vec<_>>(), PUBLISHED);
    }
}
