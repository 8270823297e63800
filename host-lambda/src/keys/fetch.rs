//! One fetch of a key set: bounded in time and size, without redirects.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use http_body_util::{BodyExt as _, Empty, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// How large a key set may be, in bytes. Cognito's have about a thousand.
pub const MAX_KEY_SET: usize = 64 * 1024;

/// How long a connection may take to be made: as long as a fetch, because each address of a name has its part of it only.
const CONNECT: Duration = Duration::from_secs(3);

/// Where key sets come from.
pub trait KeySource: Send + Sync + fmt::Debug {
    /// Fetches the text at an address. The caller bounds the time.
    fn fetch<'a>(
        &'a self,
        url: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<String, FetchError>> + Send + 'a>>;
}

/// Why a key set could not be fetched. It says nothing of the content.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FetchError {
    /// The address is none that this source fetches from.
    BadAddress,
    /// There is no answer, or none in time.
    NoAnswer,
    /// The answer is not 200; a redirect is not followed.
    Status(u16),
    /// The answer is larger than [`MAX_KEY_SET`].
    TooLarge,
    /// The answer is no key set, or has no usable key.
    NoKeys,
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadAddress => f.write_str("bad-address"),
            Self::NoAnswer => f.write_str("no-answer"),
            Self::Status(status) => write!(f, "status-{status}"),
            Self::TooLarge => f.write_str("too-large"),
            Self::NoKeys => f.write_str("no-keys"),
        }
    }
}

impl std::error::Error for FetchError {}

/// Fetches over HTTPS with the roots of Mozilla, which are in the binary; over HTTP only from this machine.
pub struct HttpsSource(Client<HttpsConnector<HttpConnector>, Empty<&'static [u8]>>);

impl fmt::Debug for HttpsSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpsSource")
    }
}

impl Default for HttpsSource {
    fn default() -> Self {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_connect_timeout(Some(CONNECT));
        let connector = HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_http1()
            .wrap_connector(http);
        // A connection that is kept would have to outlive the time between two calls, in which Lambda stops everything.
        Self(Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector))
    }
}

impl KeySource for HttpsSource {
    fn fetch<'a>(
        &'a self,
        url: &'a str,
    ) -> Pin<Box<dyn Future<Output = Result<String, FetchError>> + Send + 'a>> {
        Box::pin(async move {
            if !may_be_fetched(url) {
                return Err(FetchError::BadAddress);
            }
            let address = url.parse().map_err(|_| FetchError::BadAddress)?;
            // A redirect is an answer like any other: keys come from where the settings say.
            let answer = self.0.get(address).await.map_err(|_| FetchError::NoAnswer)?;
            if answer.status().as_u16() != 200 {
                return Err(FetchError::Status(answer.status().as_u16()));
            }
            let body = Limited::new(answer.into_body(), MAX_KEY_SET).collect().await;
            let body = body.map_err(|error| {
                if error.is::<http_body_util::LengthLimitError>() {
                    FetchError::TooLarge
                } else {
                    FetchError::NoAnswer
                }
            })?;
            String::from_utf8(body.to_bytes().to_vec()).map_err(|_| FetchError::NoKeys)
        })
    }
}

/// What a log may say of an address: before an `@` may stand a password.
pub(crate) fn loggable(url: &str) -> &str {
    if url.contains('@') { "…@…" } else { url }
}

/// Whether keys may come from an address: over HTTPS from anywhere, over HTTP from this machine.
pub(crate) fn may_be_fetched(url: &str) -> bool {
    let local = |rest: &str| {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
        matches!(host, "127.0.0.1" | "localhost" | "[::1]")
    };
    let from = |rest: &str| !rest.is_empty();
    // What stands before an `@` looks like a host and is none.
    !url.contains('@')
        && (url.strip_prefix("https://").is_some_and(from) || url.strip_prefix("http://").is_some_and(local))
}

#[cfg(test)]
mod tests {
    use super::may_be_fetched;

    #[test]
    fn plain_http_is_for_this_machine() {
        for good in [
            "https://cognito-idp.eu-west-1.amazonaws.com/p",
            "http://127.0.0.1:9000/p",
            "http://localhost/p",
            "http://[::1]:1/",
        ] {
            assert!(may_be_fetched(good), "{good}");
        }
        for bad in [
            "http://example.org/p",
            "http://127.0.0.1.example.org/",
            "http://localhost@example.org/",
            "http://127.0.0.1:1@example.org/",
            "https://a@example.org/",
            "ftp://x",
            "",
            "https://",
        ] {
            assert!(!may_be_fetched(bad), "{bad}");
        }
    }
}
