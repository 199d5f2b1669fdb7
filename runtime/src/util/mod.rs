//! Small tools without an opinion: a latch, an intrusive list, seeded random numbers,
//! callbacks, contained panics, named threads and joins of them, a word on standard error, a yield, a batch of wakers, a hint to the cache, calls of the system, a count for many threads.

pub(crate) mod callback;
#[cfg(not(runtime_loom))]
pub(crate) mod join;
#[cfg(not(runtime_loom))]
pub(crate) mod large;
#[cfg(not(runtime_loom))]
pub(crate) mod latch;
pub(crate) mod list;
pub(crate) mod panic;
pub(crate) mod prefetch;
pub(crate) mod random;
pub(crate) mod say;
pub(crate) mod slots;
pub(crate) mod spread_count;
pub(crate) mod system;
pub(crate) mod thread_builder;
pub(crate) mod wake_list;
