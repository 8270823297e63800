//! Contenders that take turns, so that whatever else the machine does falls on all of them.

use std::fmt;
use std::time::Instant;

use figures::Measured;

/// One way to do the work.
pub struct Contender<'a> {
    name: String,
    ours: bool,
    work: Box<dyn FnMut() + 'a>,
}

impl fmt::Debug for Contender<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contender").field("name", &self.name).finish_non_exhaustive()
    }
}

impl<'a> Contender<'a> {
    /// Names what is done. What the work makes must be dropped in it: that is part of its price.
    pub fn new(name: impl Into<String>, work: impl FnMut() + 'a) -> Self {
        Self { name: name.into(), ours: false, work: Box::new(work) }
    }

    /// Names what is done as the functions of this project do it.
    pub fn ours(name: impl Into<String>, work: impl FnMut() + 'a) -> Self {
        Self { ours: true, ..Self::new(name, work) }
    }
}

/// Lets each contender do its work so many times in each of so many rounds, and returns for each the microseconds of one
/// call, round by round. The first tenth of the rounds warms up and is not told.
#[must_use]
pub fn in_turns(rounds: usize, calls: u32, contenders: Vec<Contender<'_>>) -> Vec<Measured> {
    let mut contenders = contenders;
    let mut times = vec![Vec::with_capacity(rounds); contenders.len()];
    for round in 0..rounds + rounds / 10 {
        for (contender, times) in contenders.iter_mut().zip(&mut times) {
            let started = Instant::now();
            (0..calls).for_each(|_| (contender.work)());
            if round >= rounds / 10 {
                times.push(started.elapsed().as_secs_f64() * 1e6 / f64::from(calls));
            }
        }
    }
    let measured = contenders.into_iter().zip(times);
    measured.map(|(Contender { name, ours, .. }, times)| Measured { name, ours, times }).collect()
}
