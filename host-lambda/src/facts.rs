//! Where facts come from.

mod dynamodb;
mod item;
mod trust;

use std::fmt;

use std::pin::Pin;
use std::time::{Duration, Instant};

use claim_core::{FactOutcome, FactRecord, Lookup};

pub use self::dynamodb::DynamoFacts;

/// A store of facts.
pub trait FactSource: Send + Sync {
    /// Fetches one record. The caller bounds the time.
    fn fetch<'a>(&'a self, lookup: &'a Lookup) -> Pin<Box<dyn Future<Output = Fetched> + Send + 'a>>;

    /// Whether whoever runs the function has named a table, so that also a component may which the contract does not know.
    fn names(&self, _table: &str) -> bool {
        false
    }
}

/// What came of one fetch.
#[derive(Debug)]
pub struct Fetched {
    /// What the component is told.
    pub outcome: FactOutcome,
    /// Why it failed, for the log: the store's error code, never the record or its key.
    pub reason: Option<String>,
}

impl Fetched {
    /// A fetch that failed, for a reason.
    #[must_use]
    pub fn failed(reason: impl Into<String>) -> Self {
        Self { outcome: FactOutcome::Failed, reason: Some(reason.into()) }
    }
}

/// What the log says of a fetch.
#[derive(Clone, Debug)]
pub struct FetchReport {
    /// The fact's name in the contract.
    pub fact: String,
    /// `found`, `missing` or `failed`.
    pub outcome: &'static str,
    /// Why it failed.
    pub reason: Option<String>,
    /// How long it took.
    pub took: Duration,
}

/// Fetches all lookups at once. Those that take longer than the limit have failed.
pub async fn fetch_all(
    source: &dyn FactSource,
    lookups: &[Lookup],
    limit: Duration,
) -> (Vec<FactRecord>, Vec<FetchReport>) {
    let one = |lookup| async move {
        let started = Instant::now();
        let fetched = tokio::time::timeout(limit, source.fetch(lookup))
            .await
            .unwrap_or_else(|_| Fetched::failed("time-limit"));
        (fetched, started.elapsed())
    };
    let fetched = futures_util::future::join_all(lookups.iter().map(one)).await;

    let mut records = Vec::with_capacity(lookups.len());
    let mut reports = Vec::with_capacity(lookups.len());
    for (lookup, (fetched, took)) in lookups.iter().zip(fetched) {
        let outcome = match fetched.outcome {
            FactOutcome::Found(_) => "found",
            FactOutcome::Missing => "missing",
            FactOutcome::Failed => "failed",
        };
        records.push(FactRecord { name: lookup.fact.clone(), outcome: fetched.outcome });
        reports.push(FetchReport { fact: lookup.fact.clone(), outcome, reason: fetched.reason, took });
    }
    (records, reports)
}

impl fmt::Debug for dyn FactSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FactSource")
    }
}
