//! How long keys live: fetched again when they are old or one is not known, and never more often than is good.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::Mutex as AsyncMutex;
use tokio::time::timeout;

use super::{FetchError, KeySet, KeySource};

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
    /// How long a fetch may take while old keys could serve.
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

/// The keys of one issuer.
pub struct KeyStore {
    /// Where they are.
    url: String,
    /// Where they come from; none for keys that were given and never change.
    source: Option<Arc<dyn KeySource>>,
    ages: Ages,
    state: Mutex<State>,
    /// Held while fetching, so that one fetch serves all who wait.
    fetching: AsyncMutex<()>,
}

#[derive(Clone, Debug, Default)]
struct State {
    keys: Option<Arc<KeySet>>,
    fetched: Option<SystemTime>,
    attempted: Option<SystemTime>,
    /// Why the newest attempt failed, if it did.
    failure: Option<FetchError>,
    attempts: u64,
}

impl fmt::Debug for KeyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyStore").field("url", &self.url).finish_non_exhaustive()
    }
}

impl KeyStore {
    /// Makes a store that fetches.
    #[must_use]
    pub fn new(url: String, source: Arc<dyn KeySource>, ages: Ages) -> Self {
        Self { url, source: Some(source), ages, state: Mutex::default(), fetching: AsyncMutex::default() }
    }

    /// Makes a store of given keys, which never fetches.
    #[must_use]
    pub fn given(keys: KeySet) -> Self {
        let state = State { keys: Some(Arc::new(keys)), ..State::default() };
        Self {
            url: String::new(),
            source: None,
            ages: Ages::default(),
            state: Mutex::new(state),
            fetching: AsyncMutex::default(),
        }
    }

    /// Fetches ahead of the first token; a failure is kept for the log and is no reason not to start.
    pub async fn prefetch(&self, now: SystemTime) {
        if self.source.is_some() {
            self.refresh(now, self.state().attempts, self.ages.limit).await;
        }
    }

    /// Returns the keys among which the named one is.
    ///
    /// # Errors
    ///
    /// Returns [`KeyError`] if the key is not known.
    pub async fn keys_with(&self, kid: &str, now: SystemTime) -> Result<Arc<KeySet>, KeyError> {
        let state = self.state();
        let known = self.alive(&state, now);
        if self.source.is_none() {
            return known.filter(|keys| keys.has(kid)).ok_or(KeyError::Unknown);
        }
        // Where the clock was set back, asking again is the safe side of not knowing.
        let old = state.fetched.and_then(|fetched| age(fetched, now)).is_none_or(|age| age > self.ages.soft);
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
            let limit = if serves { self.ages.patience } else { self.ages.limit };
            self.refresh(now, state.attempts, limit).await;
        }
        let state = self.state();
        match self.alive(&state, now) {
            Some(keys) if keys.has(kid) => Ok(keys),
            // The newest answer of the pool does not have it.
            Some(_) if state.failure.is_none() => Err(KeyError::Unknown),
            _ => Err(KeyError::Unavailable),
        }
    }

    /// How many fetches were tried, and why the newest failed, for metrics.
    pub fn attempts(&self) -> (u64, Option<FetchError>) {
        let state = self.state();
        (state.attempts, state.failure)
    }

    fn state(&self) -> State {
        // A panic while it was held has left nothing half done: each field is written in one step.
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn alive(&self, state: &State, now: SystemTime) -> Option<Arc<KeySet>> {
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
        let fetched = timeout(limit, self.fetch(&**source)).await.unwrap_or(Err(FetchError::NoAnswer));
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.attempts = state.attempts.saturating_add(1);
        state.attempted = Some(now);
        match fetched {
            Ok(keys) => {
                // The whole set is replaced: a key that the pool has taken out is trusted no more.
                state.keys = Some(Arc::new(keys));
                state.fetched = Some(now);
                state.failure = None;
            }
            Err(failure) => state.failure = Some(failure),
        }
        drop(state);
        drop(guard);
    }

    async fn fetch(&self, source: &dyn KeySource) -> Result<KeySet, FetchError> {
        KeySet::read(&source.fetch(&self.url).await?).ok_or(FetchError::NoKeys)
    }
}

/// How long ago something was; none if the clock was set back since, so that nobody can say.
fn age(then: SystemTime, now: SystemTime) -> Option<Duration> {
    now.duration_since(then).ok()
}
