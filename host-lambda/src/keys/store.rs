//! How long keys live: fetched again when they are old or one is not known, and never more often than is good.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::Mutex as AsyncMutex;
use tokio::time::{Instant, timeout};

use super::{FetchError, KeySet, KeySource};
use crate::log::{Line, Metrics, micros};

/// The ages of key sets, and how long a fetch may take.
#[derive(Clone, Copy, Debug)]
pub struct Ages {
    /// From here on the next token fetches again, and the old keys serve if that fails.
    pub soft: Duration,
    /// From here on the old keys do not serve any more.
    pub hard: Duration,
    /// The shortest time between two attempts, failed ones too.
    pub cool_down: Duration,
    /// How long a fetch may take that a token cannot do without.
    pub limit: Duration,
    /// How long a fetch may take while old keys could serve. Keys that are twice as old as `soft` give it the whole limit:
    /// the pool may be far away and well.
    pub patience: Duration,
}

impl Default for Ages {
    fn default() -> Self {
        Self {
            soft: Duration::from_hours(1),
            hard: Duration::from_hours(24),
            cool_down: Duration::from_secs(10),
            limit: Duration::from_secs(3),
            patience: Duration::from_millis(500),
        }
    }
}

/// Why there is no key of a name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeyError {
    /// The pool has no such key: the token is refused.
    Unknown,
    /// Nobody knows: the keys could not be fetched. That says nothing of the token.
    Unavailable,
}

/// A set of keys, as a store sees it.
pub trait Keys: Send + Sync {
    /// Whether the set has a key of this name.
    fn has(&self, kid: &str) -> bool;
}

impl Keys for KeySet {
    fn has(&self, kid: &str) -> bool {
        self.has(kid)
    }
}

/// Fetches the keys of one issuer. The store bounds the time.
pub trait KeyFetch<K>: Send + Sync {
    /// Fetches them once.
    fn fetch(&self) -> Pin<Box<dyn Future<Output = Result<K, FetchError>> + Send + '_>>;
}

/// Reads the text at one address.
struct Address {
    url: String,
    source: Arc<dyn KeySource>,
}

impl KeyFetch<KeySet> for Address {
    fn fetch(&self) -> Pin<Box<dyn Future<Output = Result<KeySet, FetchError>> + Send + '_>> {
        Box::pin(async move { KeySet::read(&self.source.fetch(&self.url).await?).ok_or(FetchError::NoKeys) })
    }
}

/// The keys of one issuer.
pub struct KeyStore<K = KeySet> {
    /// Whose keys they are.
    issuer: String,
    /// Where they come from; none for keys that were given and never change.
    source: Option<Box<dyn KeyFetch<K>>>,
    /// Whether there may be no such issuer, which its address then says.
    may_be_absent: bool,
    ages: Ages,
    state: Mutex<State<K>>,
    /// Held while fetching, so that one fetch serves all who wait.
    fetching: AsyncMutex<()>,
}

struct State<K> {
    keys: Option<Arc<K>>,
    fetched: Option<SystemTime>,
    attempted: Option<SystemTime>,
    /// Whether the newest attempt failed.
    failed: bool,
    /// Whether the newest attempt says that there is no such issuer.
    absent: bool,
    attempts: u64,
}

/// Not derived, which would ask the keys themselves to be clonable.
impl<K> Clone for State<K> {
    fn clone(&self) -> Self {
        Self { keys: self.keys.clone(), ..*self }
    }
}

impl<K> fmt::Debug for KeyStore<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyStore").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl KeyStore {
    /// Makes a store of the keys that are published for an issuer below an address, which is its own unless the settings
    /// say another.
    #[must_use]
    pub fn published(issuer: &str, address: &str, source: Arc<dyn KeySource>, ages: Ages) -> Self {
        let url = format!("{address}/.well-known/jwks.json");
        Self::fetched(issuer.to_owned(), Box::new(Address { url, source }), ages)
    }

    /// Makes a store of the keys of an issuer that may not be there: a pool's other form, before the pool is switched to it.
    #[must_use]
    pub fn perhaps_published(issuer: &str, source: Arc<dyn KeySource>, ages: Ages) -> Self {
        Self { may_be_absent: true, ..Self::published(issuer, issuer, source, ages) }
    }

    /// Makes a store of given keys, which never fetches.
    #[must_use]
    pub fn given(keys: KeySet) -> Self {
        Self::new(String::new(), None, Ages::default(), Some(Arc::new(keys)))
    }
}

impl<K: Keys> KeyStore<K> {
    /// Makes a store of keys that are fetched in a way of their own.
    #[must_use]
    pub fn fetched(issuer: String, source: Box<dyn KeyFetch<K>>, ages: Ages) -> Self {
        Self::new(issuer, Some(source), ages, None)
    }

    fn new(issuer: String, source: Option<Box<dyn KeyFetch<K>>>, ages: Ages, keys: Option<Arc<K>>) -> Self {
        let state = State { keys, fetched: None, attempted: None, failed: false, absent: false, attempts: 0 };
        let (state, fetching) = (Mutex::new(state), AsyncMutex::default());
        Self { issuer, source, may_be_absent: false, ages, state, fetching }
    }

    /// Fetches ahead of the first token; a failure is logged and is no reason not to start, nor for the first token not to
    /// ask again.
    pub async fn prefetch(&self, now: SystemTime) {
        if self.source.is_some() {
            self.refresh(now, self.state().attempts, self.ages.limit).await;
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            if state.failed {
                state.attempted = None;
            }
        }
    }

    /// Returns the keys among which the named one is.
    ///
    /// # Errors
    ///
    /// Returns [`KeyError`] if the key is not known.
    pub async fn keys_with(&self, kid: &str, now: SystemTime) -> Result<Arc<K>, KeyError> {
        let state = self.state();
        let known = self.alive(&state, now);
        if self.source.is_none() {
            return known.filter(|keys| keys.has(kid)).ok_or(KeyError::Unknown);
        }
        // Where the clock was set back, asking again is the safe side of not knowing.
        let older = |than| state.fetched.and_then(|fetched| age(fetched, now)).is_none_or(|age| age > than);
        let old = older(self.ages.soft);
        match &known {
            Some(keys) if keys.has(kid) && !old => return Ok(Arc::clone(keys)),
            _ => {}
        }
        let cool = state
            .attempted
            .and_then(|attempted| age(attempted, now))
            .is_none_or(|age| age >= self.ages.cool_down);
        if cool {
            let serves = known.as_ref().is_some_and(|keys| keys.has(kid));
            let hurries = serves && !older(self.ages.soft.saturating_mul(2));
            let limit = if hurries { self.ages.patience } else { self.ages.limit };
            self.refresh(now, state.attempts, limit).await;
        }
        let state = self.state();
        match self.alive(&state, now) {
            Some(keys) if keys.has(kid) => Ok(keys),
            // The newest answer of the pool does not have it.
            Some(_) if !state.failed => Err(KeyError::Unknown),
            // Nobody has signed for an issuer that is not there.
            _ if state.absent => Err(KeyError::Unknown),
            _ => Err(KeyError::Unavailable),
        }
    }

    fn state(&self) -> State<K> {
        // A panic while it was held has left nothing half done: each field is written in one step.
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn alive(&self, state: &State<K>, now: SystemTime) -> Option<Arc<K>> {
        let keys = state.keys.clone()?;
        let dead = self.source.is_some()
            && state.fetched.is_none_or(|fetched| age(fetched, now).is_some_and(|age| age > self.ages.hard));
        (!dead).then_some(keys)
    }

    /// Fetches once, however many ask: who waited for another's fetch takes its outcome.
    async fn refresh(&self, now: SystemTime, seen: u64, limit: Duration) {
        let Some(source) = &self.source else {
            return;
        };
        let Ok(guard) = timeout(limit, self.fetching.lock()).await else {
            return;
        };
        if self.state().attempts != seen {
            return;
        }
        let started = Instant::now();
        let fetched = timeout(limit, source.fetch()).await.unwrap_or(Err(FetchError::NoAnswer));
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.attempts = state.attempts.saturating_add(1);
        state.attempted = Some(now);
        let failure = fetched.as_ref().err().copied();
        // Keys that were there once say that the issuer is.
        state.absent = self.may_be_absent
            && state.fetched.is_none()
            && matches!(failure, Some(FetchError::Status(403 | 404)));
        state.failed = failure.is_some() && !state.absent;
        let absent = state.absent;
        if let Ok(keys) = fetched {
            // The whole set is replaced: a key that the pool has taken out is trusted no more.
            state.keys = Some(Arc::new(keys));
            state.fetched = Some(now);
        }
        let serving = state.fetched.and_then(|fetched| age(fetched, now));
        drop(state);
        drop(guard);
        self.log(failure, absent, serving, started.elapsed(), now);
    }

    /// Writes what became of a fetch, and how old the keys are that serve after it.
    fn log(
        &self,
        failure: Option<FetchError>,
        absent: bool,
        serving: Option<Duration>,
        took: Duration,
        now: SystemTime,
    ) {
        let mut line = match failure {
            None => Line::new("info", "keys fetched").with("outcome", "fetched"),
            Some(_) if absent => Line::new("info", "no such issuer").with("outcome", "absent"),
            Some(failure) => Line::new("error", "keys could not be fetched")
                .with("outcome", "failed")
                .with("reason", failure.to_string()),
        };
        line.add("issuer", self.issuer.as_str());
        line.add("fetchMicros", micros(took));
        let mut measured = vec![("KeyFetches", "Count"), ("fetchMicros", "Microseconds")];
        if let Some(serving) = serving {
            line.add("keysAgeSeconds", serving.as_secs());
            measured.push(("keysAgeSeconds", "Seconds"));
        }
        line.add("KeyFetches", 1u64);
        line.measure(&Metrics::new(&[&["outcome"], &["issuer", "outcome"]], &measured), now);
        line.write();
    }
}

/// How long ago something was; none if the clock was set back since, so that nobody can say.
fn age(then: SystemTime, now: SystemTime) -> Option<Duration> {
    now.duration_since(then).ok()
}
