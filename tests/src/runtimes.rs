//! Every runtime that the core runs in, and what it answers to each case.

mod baked;
mod bootstrap;
mod javascript;

use std::collections::BTreeMap;

use corpus::{Answer, Case};

pub use self::baked::baked;
pub use self::bootstrap::{bootstrap, unaskable};
pub use self::javascript::{Place, bindgen, transpiled};

/// What a runtime answers to one question: the case as it was asked, the bundle, and the answer.
#[derive(Debug)]
pub struct Answered {
    /// The case, which may have a claim of another name.
    pub case: Case,
    /// The bundle's text.
    pub bundle: String,
    /// The answer, or why there is none.
    pub answer: Result<Answer, String>,
}

/// Answers by the name of the case.
pub type Answers = BTreeMap<String, Answered>;

/// Does something with each element in two threads, and gathers what comes of it.
fn in_two_threads<T: Sync>(all: &[T], each: impl Fn(&T) -> Vec<Answered> + Sync) -> Answers {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let mut answered = Vec::new();
        while let Some(one) = all.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
            answered.extend(each(one));
        }
        answered
    };
    let both = std::thread::scope(|scope| {
        let other = scope.spawn(work);
        let mut answered = work();
        answered.extend(other.join().expect("no thread breaks"));
        answered
    });
    both.into_iter().map(|answered| (answered.case.name.clone(), answered)).collect()
}
