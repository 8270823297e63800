//! The crate `jsonwebtokens-cognito` in the place of our own check of signature and claims.
//!
//! The crate alone has no time limit, fetches once for each caller, never forgets a key, takes a token without an end
//! and refuses one that was issued a second ago. So it checks what it is good at, the signature and the three claims,
//! with keys that it fetches itself but [`KeyStore`] keeps; bounds, times and the reading of claims stay the core's.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use claim_core::json::Value;
use jsonwebtokens::error::Error;
use jsonwebtokens_cognito::KeySet;

use super::{Leeway, TokenRefusal, TokenVerifier, Verified, VerifyError, prefetch, taken_apart};
use crate::keys::{Ages, FetchError, KeyError, KeyFetch, KeyStore, Keys, loggable};
use crate::settings::IssuerSetting;

/// Verifies with the crate `jsonwebtokens-cognito`. It knows only the classic issuer of pools in the partition `aws`
/// and of `aws-us-gov`.
#[derive(Debug)]
pub struct JsonwebtokensCognito {
    pools: BTreeMap<String, UserPool>,
    leeway: Leeway,
}

struct UserPool {
    clients: Vec<String>,
    keys: Arc<KeyStore<KeySet>>,
    id: jsonwebtokens::Verifier,
    access: jsonwebtokens::Verifier,
}

impl fmt::Debug for UserPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserPool")
            .field("clients", &self.clients)
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}

impl Keys for KeySet {
    fn has(&self, kid: &str) -> bool {
        self.try_cache_lookup_algorithm(kid).is_ok()
    }
}

/// Makes a new set for each fetch: the crate only ever adds to one.
struct NewSet {
    region: String,
    pool: String,
}

impl KeyFetch<KeySet> for NewSet {
    fn fetch(&self) -> Pin<Box<dyn Future<Output = Result<KeySet, FetchError>> + Send + '_>> {
        Box::pin(async move {
            let set =
                KeySet::new(self.region.as_str(), self.pool.as_str()).map_err(|_| FetchError::BadAddress)?;
            // The crate does not say which of its steps failed.
            set.prefetch_jwks().await.map_err(|_| FetchError::NoAnswer)?;
            Ok(set)
        })
    }
}

impl JsonwebtokensCognito {
    /// Makes a verifier of what the settings say.
    ///
    /// # Errors
    ///
    /// Returns a sentence if a setting names something other than a pool that the crate knows the address of.
    pub fn from_settings(settings: &[IssuerSetting], ages: Ages, leeway: Leeway) -> Result<Self, String> {
        let pool = |setting: &IssuerSetting| {
            if setting.keys_at.is_some() {
                return Err("jsonwebtokens-cognito fetches keys from a pool's own address only; leave \
                    `CLAIMWRIGHT_KEYS_URL` out, or use the verifier `claimwright`"
                    .to_owned());
            }
            let region = setting.name.split_once('_').map(|(region, _)| region);
            let known = |region: &&str| !region.contains(':') && !region.starts_with("cn-");
            let region = region.filter(known).ok_or_else(|| {
                format!(
                    "the issuer `{}` is none that jsonwebtokens-cognito can verify for; name a pool by its id, outside of \
                     china, or use the verifier `claimwright`",
                    loggable(&setting.name)
                )
            })?;
            let wrong = |error: &dyn fmt::Display| format!("jsonwebtokens-cognito does not start: {error}");
            let set = KeySet::new(region, setting.name.as_str()).map_err(|error| wrong(&error))?;
            let clients: Vec<&str> = setting.clients.iter().map(String::as_str).collect();
            // Its one leeway is for all times, and its check of `iat` refuses a fresh token; `Leeway` checks exactly.
            let most = u32::try_from(leeway.expiry.max(leeway.start)).unwrap_or(u32::MAX);
            let build = |mut builder: jsonwebtokens::VerifierBuilder| {
                builder.leeway(most).ignore_iat().build().map_err(|error| wrong(&error))
            };
            let fetch = NewSet { region: region.to_owned(), pool: setting.name.clone() };
            let issuer = format!("https://cognito-idp.{region}.amazonaws.com/{}", setting.name);
            let pool = UserPool {
                clients: setting.clients.clone(),
                keys: Arc::new(KeyStore::fetched(issuer.clone(), Box::new(fetch), ages)),
                id: build(set.new_id_token_verifier(&clients))?,
                access: build(set.new_access_token_verifier(&clients))?,
            };
            Ok((issuer, pool))
        };
        let pools = settings.iter().map(pool).collect::<Result<_, String>>()?;
        Ok(Self { pools, leeway })
    }

    async fn check(&self, text: &str, now: SystemTime) -> Result<Verified, VerifyError> {
        let refused = |refusal| Err(VerifyError::Refused(refusal));
        let token = match taken_apart(text) {
            Ok(token) => token,
            Err(refusal) => return refused(refusal),
        };
        let text_of = |name: &str| token.claims.get(name).and_then(Value::as_str);
        let Some((issuer, pool)) = text_of("iss").and_then(|iss| self.pools.get_key_value(iss)) else {
            return refused(TokenRefusal::Issuer);
        };
        let verifier = match text_of("token_use") {
            Some("id") => &pool.id,
            Some("access") => &pool.access,
            _ => return refused(TokenRefusal::TokenUse),
        };
        let keys = match pool.keys.keys_with(&token.header.kid, now).await {
            Ok(keys) => keys,
            Err(KeyError::Unknown) => return refused(TokenRefusal::UnknownKey),
            Err(KeyError::Unavailable) => return Err(VerifyError::KeysUnavailable),
        };
        // Looked up by hand, because the crate's own way to verify would fetch.
        let Ok(algorithm) = keys.try_cache_lookup_algorithm(&token.header.kid) else {
            return refused(TokenRefusal::UnknownKey);
        };
        // The crate subtracts its leeway without looking.
        let seconds = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let seconds = seconds.max(self.leeway.expiry.max(self.leeway.start));
        let opinion = verifier.verify_for_time(text, &algorithm, seconds).map(drop);
        // Its texts hold values of claims, so only its kinds are read; which claim it minds, our own check says.
        let own = self.leeway.claims_of(token.claims, issuer, &pool.clients, now);
        match opinion {
            Ok(()) => own.map_err(VerifyError::Refused),
            Err(Error::InvalidSignature()) => refused(TokenRefusal::Signature),
            Err(Error::AlgorithmMismatch()) => refused(TokenRefusal::Algorithm),
            Err(Error::TokenExpiredAt(_)) => refused(TokenRefusal::Expired),
            Err(_) => refused(own.err().unwrap_or(TokenRefusal::Malformed)),
        }
    }
}

impl TokenVerifier for JsonwebtokensCognito {
    fn prepare<'a>(&'a self, now: SystemTime) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(prefetch(self.pools.values().map(|pool| &pool.keys), now))
    }

    fn verify<'a>(
        &'a self,
        token: &'a str,
        now: SystemTime,
    ) -> Pin<Box<dyn Future<Output = Result<Verified, VerifyError>> + Send + 'a>> {
        Box::pin(self.check(token, now))
    }
}
