//! What one instance of a component may use: memory, tables, instances, time, and what it hands over.

use std::time::{Duration, Instant};

use wasmtime::{Enabled, PoolingAllocationConfig, ResourceLimiter, Result, Store, Trap};

use super::LogicError;

/// How much all memories of an instance may have together. Ours needs about 1.5 MB for a large contract, one with an
/// interpreter of JavaScript or Python in it some 10 to 30.
pub const MEMORY: usize = 64 * 1024 * 1024;

/// How many elements all tables may have together. An interpreter has some ten thousand functions.
const TABLES: usize = 256 * 1024;

/// How many core instances and tables a component may be made of. One of Python's has about fifty.
const PARTS: usize = 512;

/// How many memories a component may be made of. Most have one, and each takes gigabytes of a process's addresses.
const MEMORIES: usize = 6;

/// How many bytes one answer, or one call of the stand-in for WASI, may hand to the host. The guard takes 1 MB of values. A
/// list may name the same bytes again and again, so the memory of the component is no bound for it.
const ANSWER: usize = 2 * 1024 * 1024;

/// How many things of the host's a component may hold at once. All there is, is closed.
const HANDLES: usize = 1_024;

/// How often the clock that ends endless components ticks.
pub(super) const TICK: Duration = Duration::from_millis(10);

/// How long one call may take, where ours takes well under a millisecond.
pub const CALL: Duration = Duration::from_millis(500);

/// How long the calls of an instance may take.
#[derive(Clone, Copy, Debug)]
pub(super) enum Time {
    /// Each [`CALL`].
    Each,
    /// Until then.
    Until(Instant),
}

impl Time {
    /// Gives a call its time.
    pub(super) fn begin(self, store: &mut Store<Bounds>) {
        let now = Instant::now();
        let left = match self {
            Self::Each => CALL,
            Self::Until(end) => end.saturating_duration_since(now),
        };
        let ticks = left.as_millis().checked_div(TICK.as_millis()).unwrap_or_default();
        store.set_epoch_deadline(u64::try_from(ticks).unwrap_or_default());
        store.data_mut().end = now.checked_add(left).unwrap_or(now);
    }
}

/// What an instance uses.
#[derive(Debug)]
pub(super) struct Bounds {
    memory: usize,
    tables: usize,
    /// When its call is over. Its own code meets the epoch; what it calls of the host asks here.
    end: Instant,
}

impl Bounds {
    pub(super) fn is_over(&self) -> bool {
        Instant::now() >= self.end
    }
}

/// A component asked for more memory, or for more tables, than it may have.
#[derive(Debug)]
struct TooLarge;

impl std::fmt::Display for TooLarge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the component asks for more than it may have")
    }
}

impl std::error::Error for TooLarge {}

impl ResourceLimiter for Bounds {
    fn memory_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> Result<bool> {
        grow(&mut self.memory, current, desired, MEMORY)
    }

    fn table_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> Result<bool> {
        grow(&mut self.tables, current, desired, TABLES)
    }

    fn instances(&self) -> usize {
        PARTS
    }

    fn tables(&self) -> usize {
        PARTS
    }

    fn memories(&self) -> usize {
        MEMORIES
    }
}

/// Counts what is asked for. More than there may be ends the component: one that goes on without its memory has paths
/// that nobody tried.
fn grow(used: &mut usize, current: usize, desired: usize, most: usize) -> Result<bool> {
    let more = used.saturating_add(desired.saturating_sub(current));
    if more > most {
        return Err(TooLarge.into());
    }
    *used = more;
    Ok(true)
}

/// Makes the store of one instance.
pub(super) fn store(engine: &wasmtime::Engine, time: Time) -> Store<Bounds> {
    let mut store = Store::new(engine, Bounds { memory: 0, tables: 0, end: Instant::now() });
    store.limiter(|bounds| bounds);
    time.begin(&mut store);
    store.set_hostcall_fuel(ANSWER);
    store.set_max_component_handles(HANDLES);
    store
}

/// How much of a memory is written anew after an invocation; what lies beyond is unmapped. Ours has all of it in there
/// with a contract of two hundred claims, so that the next invocation meets no page fault: `cargo xtask bench core` compares.
const RESIDENT: usize = 1024 * 1024;

/// How much the engine may keep about one instance: a bound, and no memory.
const ABOUT_ONE: usize = 16 * 1024 * 1024;

/// What the instances of a function may have together. They come one after the other, ours beside those that a contract
/// names, and all of this is address space until somebody touches it.
///
/// Which pages were touched, a newer kernel could say. It says so of those that are present, and what it leaves out would
/// stay: all is set back, for three microseconds more.
pub(super) fn pool() -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    let twice = |parts: usize| u32::try_from(parts.saturating_mul(2)).unwrap_or(u32::MAX);
    pool.total_component_instances(8).total_memories(twice(MEMORIES));
    pool.total_core_instances(twice(PARTS)).total_tables(twice(PARTS));
    pool.max_memories_per_module(twice(MEMORIES)).max_tables_per_module(twice(PARTS));
    pool.max_core_instance_size(ABOUT_ONE).max_component_instance_size(ABOUT_ONE);
    pool.max_memory_size(MEMORY).table_elements(TABLES);
    pool.linear_memory_keep_resident(RESIDENT).table_keep_resident(RESIDENT);
    pool.pagemap_scan(Enabled::No);
    pool
}

/// What the engine says of answers, and of numbers of memories, tables and instances, that are above their bounds. It has no
/// name for them that others can match.
const TOO_LARGE: [&str; 2] = ["fuel allocated for hostcalls", "count too high"];

/// Names how a component broke. Its own words are not passed on: they may hold what it was given.
pub(super) fn broken(error: &wasmtime::Error) -> LogicError {
    LogicError::Broken(match error.downcast_ref::<Trap>() {
        Some(Trap::Interrupt) => "component-too-slow",
        Some(Trap::StackOverflow) => "component-stack-overflow",
        Some(_) => "component-trapped",
        None if error.is::<TooLarge>() => "component-too-large",
        None if TOO_LARGE.iter().any(|words| error.to_string().contains(words)) => "component-too-large",
        None if error.is::<super::closed::Refused>() => "component-reached-out",
        None => "component-malformed-answer",
    })
}
