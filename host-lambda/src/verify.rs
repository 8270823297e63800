//! Whether a token is one of ours: signature first, then every claim that says whose it is and for how long.

#[cfg(feature = "jsonwebtokens-cognito")]
mod jsonwebtokens_cognito;

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use claim_core::cognito::Token;
use claim_core::json::{Object, Value};
use claim_core::token::{TokenError, Unverified, decode};

use crate::keys::{Ages, KeyError, KeySet, KeySource, KeyStore, Keys, loggable, may_be_fetched};
use crate::settings::IssuerSetting;

#[cfg(feature = "jsonwebtokens-cognito")]
pub use self::jsonwebtokens_cognito::JsonwebtokensCognito;

/// Verifies tokens.
pub trait TokenVerifier: Send + Sync + fmt::Debug {
    /// Gets ready ahead of the first token. What fails here is tried again with that token.
    fn prepare<'a>(&'a self, now: SystemTime) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

    /// Verifies one token at one time.
    ///
    /// The error is a [`VerifyError`]: a refusal of the token, or keys that nobody could get.
    fn verify<'a>(
        &'a self,
        token: &'a str,
        now: SystemTime,
    ) -> Pin<Box<dyn Future<Output = Result<Verified, VerifyError>> + Send + 'a>>;
}

/// A token that was verified.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    /// Its claims.
    pub claims: Object,
    /// Which token it is.
    pub token: Token,
    /// Its issuer, one of the configured ones.
    pub issuer: String,
    /// The app client it is for.
    pub client: String,
    /// When it ends, in seconds since 1970.
    pub expires: u64,
}

/// Why a token was not verified.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum VerifyError {
    /// It is not a token of ours, or not any more.
    Refused(TokenRefusal),
    /// Nobody knows, because the pool's keys could not be fetched. This is never a denial.
    KeysUnavailable,
}

/// Why a token is refused. It names nothing of the token.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum TokenRefusal {
    /// It has more bytes than a token may have.
    TooLarge,
    /// It is not a token: parts, base64url, UTF-8, JSON, header.
    Malformed,
    /// Its algorithm is not RS256.
    Algorithm,
    /// It asks for something that a verifier must understand.
    Critical,
    /// Its issuer is none of the configured ones.
    Issuer,
    /// Its issuer has no key of that name.
    UnknownKey,
    /// The key did not make the signature.
    Signature,
    /// It is neither an ID token nor an access token.
    TokenUse,
    /// It is for another app client.
    Client,
    /// It has ended, or does not say when it does.
    Expired,
    /// It has not begun, or was issued in the future.
    NotYetValid,
}

impl TokenRefusal {
    /// Returns the stable code of the refusal.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "token-too-large",
            Self::Malformed => "token-malformed",
            Self::Algorithm => "token-algorithm",
            Self::Critical => "token-critical",
            Self::Issuer => "token-issuer",
            Self::UnknownKey => "token-unknown-key",
            Self::Signature => "token-signature",
            Self::TokenUse => "token-use",
            Self::Client => "token-client",
            Self::Expired => "token-expired",
            Self::NotYetValid => "token-not-yet-valid",
        }
    }
}

/// An issuer whose tokens are taken.
#[derive(Debug)]
pub struct Issuer {
    /// The app clients whose tokens are taken.
    pub clients: Vec<String>,
    /// Its keys.
    pub keys: Arc<KeyStore>,
}

/// How far the clocks of the pool and of this machine may differ, in seconds.
#[derive(Clone, Copy, Debug)]
pub struct Leeway {
    /// For how long an ended token is still taken.
    pub expiry: u64,
    /// For how long before its beginning, or its issue, a token is already taken.
    pub start: u64,
}

impl Default for Leeway {
    fn default() -> Self {
        // A token that Cognito has just issued may be a second ahead of this machine's clock.
        Self { expiry: 0, start: 60 }
    }
}

/// Verifies Cognito's tokens: RS256, one of the configured issuers, exactly.
#[derive(Debug)]
pub struct Verifier {
    issuers: BTreeMap<String, Issuer>,
    /// The keys that are fetched ahead of the first token.
    ahead: Vec<Arc<KeyStore>>,
    leeway: Leeway,
}

impl Verifier {
    /// Makes a verifier of some issuers, by the text of their `iss`.
    #[must_use]
    pub fn new(issuers: BTreeMap<String, Issuer>, leeway: Leeway) -> Self {
        let ahead = issuers.values().map(|issuer| Arc::clone(&issuer.keys)).collect();
        Self { issuers, ahead, leeway }
    }

    /// Makes a verifier of what the settings say. Keys that were given are never fetched.
    ///
    /// # Errors
    ///
    /// Returns a sentence if two settings speak of one issuer, or keys were given for none.
    pub fn from_settings(
        settings: &[IssuerSetting],
        mut given: BTreeMap<String, KeySet>,
        source: &Arc<dyn KeySource>,
        ages: Ages,
        leeway: Leeway,
    ) -> Result<Self, String> {
        let mut issuers = BTreeMap::new();
        let mut ahead = Vec::new();
        for setting in settings {
            let published = |issuer: &str, address: &str| {
                if !may_be_fetched(address) {
                    return Err(format!(
                        "keys of the issuer `{}` cannot be fetched from there; it takes an address with `https://`, or one of this machine with `http://`, or given keys",
                        loggable(issuer)
                    ));
                }
                Ok(Arc::new(KeyStore::published(issuer, address, Arc::clone(source), ages)))
            };
            let one = match given.remove(&setting.name) {
                Some(keys) => Some(Arc::new(KeyStore::given(keys))),
                None => {
                    let named = setting.issuers.first().zip(setting.keys_at.as_deref());
                    named.map(|(issuer, address)| published(issuer, address)).transpose()?
                }
            };
            for issuer in &setting.issuers {
                // Each form of a pool's issuer has keys of its own address: one may answer while the other does not.
                let is_first = setting.issuers.first() == Some(issuer);
                let keys = match &one {
                    Some(one) => Arc::clone(one),
                    None if is_first => published(issuer, issuer.trim_end_matches('/'))?,
                    // A pool answers at its second form only once it was switched to it, so that one waits for a token of
                    // its, which may be a stranger's.
                    None => Arc::new(KeyStore::perhaps_published(issuer, Arc::clone(source), ages)),
                };
                if is_first {
                    ahead.push(Arc::clone(&keys));
                }
                let clients = setting.clients.clone();
                if issuers.insert(issuer.clone(), Issuer { clients, keys }).is_some() {
                    return Err(format!("two settings speak of the issuer `{}`; keep one", loggable(issuer)));
                }
            }
        }
        match given.keys().next() {
            Some(name) => Err(format!(
                "keys were given for `{}`, which is none of the issuers in the settings",
                loggable(name)
            )),
            None => Ok(Self { issuers, ahead, leeway }),
        }
    }

    async fn check(&self, text: &str, now: SystemTime) -> Result<Verified, VerifyError> {
        let refused = |refusal| Err(VerifyError::Refused(refusal));
        let token = match taken_apart(text) {
            Ok(token) => token,
            Err(refusal) => return refused(refusal),
        };
        if token.header.alg != "RS256" {
            return refused(TokenRefusal::Algorithm);
        }
        let text_of = |name: &str| token.claims.get(name).and_then(Value::as_str);
        let Some((name, issuer)) = text_of("iss").and_then(|iss| self.issuers.get_key_value(iss)) else {
            return refused(TokenRefusal::Issuer);
        };
        let keys = match issuer.keys.keys_with(&token.header.kid, now).await {
            Ok(keys) => keys,
            Err(KeyError::Unknown) => return refused(TokenRefusal::UnknownKey),
            Err(KeyError::Unavailable) => return Err(VerifyError::KeysUnavailable),
        };
        if !keys.verifies(&token.header.kid, token.signed.as_bytes(), &token.signature) {
            return refused(TokenRefusal::Signature);
        }
        match self.leeway.claims_of(token.claims, name, &issuer.clients, now) {
            Ok(verified) => Ok(verified),
            Err(refusal) => refused(refusal),
        }
    }
}

/// Takes a token apart, within the bounds of every token and without anything that a verifier does not understand.
fn taken_apart(text: &str) -> Result<Unverified<'_>, TokenRefusal> {
    let token = decode(text).map_err(|error| match error {
        TokenError::TooLarge => TokenRefusal::TooLarge,
        _ => TokenRefusal::Malformed,
    })?;
    if token.header.critical { Err(TokenRefusal::Critical) } else { Ok(token) }
}

impl Leeway {
    /// Checks the claims whose signature holds: whose they are, and for how long.
    fn claims_of(
        self,
        claims: Object,
        issuer: &str,
        clients: &[String],
        now: SystemTime,
    ) -> Result<Verified, TokenRefusal> {
        let text_of = |name: &str| claims.get(name).and_then(Value::as_str);
        let (token, client) = match text_of("token_use") {
            Some("id") => (Token::Id, text_of("aud")),
            Some("access") => (Token::Access, text_of("client_id")),
            _ => return Err(TokenRefusal::TokenUse),
        };
        let client = client.filter(|client| clients.iter().any(|known| known == client));
        let client = client.ok_or(TokenRefusal::Client)?.to_owned();
        let expires = self.time(&claims, now)?;
        Ok(Verified { token, issuer: issuer.to_owned(), client, expires, claims })
    }

    /// Checks the times of a token and returns its end.
    fn time(self, claims: &Object, now: SystemTime) -> Result<u64, TokenRefusal> {
        let now = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        // A time may have a fraction (RFC 7519); only its whole seconds count.
        let seconds = |name: &str| match claims.get(name) {
            None => Ok(None),
            Some(Value::Number(number)) => {
                let whole = number.as_u64().or_else(|| whole(number.as_f64()));
                whole.map(Some).ok_or(TokenRefusal::Malformed)
            }
            Some(_) => Err(TokenRefusal::Malformed),
        };
        let expires = seconds("exp")?.ok_or(TokenRefusal::Expired)?;
        if expires.saturating_add(self.expiry) <= now {
            return Err(TokenRefusal::Expired);
        }
        for name in ["nbf", "iat"] {
            if seconds(name)?.is_some_and(|start| start > now.saturating_add(self.start)) {
                return Err(TokenRefusal::NotYetValid);
            }
        }
        Ok(expires)
    }
}

/// Fetches the keys of every issuer at once.
async fn prefetch<K: Keys + 'static>(
    stores: impl Iterator<Item = &Arc<KeyStore<K>>> + Send,
    now: SystemTime,
) {
    let mut tasks = tokio::task::JoinSet::new();
    for store in stores {
        let store = Arc::clone(store);
        tasks.spawn(async move { store.prefetch(now).await });
    }
    tasks.join_all().await;
}

/// The whole seconds of a time that is not negative and fits.
fn whole(seconds: f64) -> Option<u64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the condition bounds it")]
    (0.0..9.0e15).contains(&seconds).then_some(seconds as u64)
}

/// Reads the keys that were given at deployment: a key set for each pool's id, or address, of the settings.
///
/// # Errors
///
/// Returns a sentence if the text is not that.
pub fn given_keys(text: &str) -> Result<BTreeMap<String, KeySet>, String> {
    let Ok(Value::Object(sets)) = claim_core::json::read(text) else {
        return Err("the given keys are not one json object with a key set for each pool".to_owned());
    };
    let set = |(name, set): (String, Value)| {
        let keys = KeySet::read(&set.to_string()).ok_or_else(|| {
            format!("the given keys of `{}` are no key set with an rsa key for signatures", loggable(&name))
        })?;
        Ok((name, keys))
    };
    sets.into_iter().map(set).collect()
}

impl TokenVerifier for Verifier {
    fn prepare<'a>(&'a self, now: SystemTime) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(prefetch(self.ahead.iter(), now))
    }

    fn verify<'a>(
        &'a self,
        token: &'a str,
        now: SystemTime,
    ) -> Pin<Box<dyn Future<Output = Result<Verified, VerifyError>> + Send + 'a>> {
        Box::pin(self.check(token, now))
    }
}
