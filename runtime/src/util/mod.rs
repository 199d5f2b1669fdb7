//! Small tools without an opinion: a latch, an intrusive list, seeded random numbers, contained
//! panics, named threads.

pub(crate) mod callback;
#[cfg(not(runtime_loom))]
pub(crate) mod latch;
pub(crate) mod list;
pub(crate) mod panic;
pub(crate) mod random;
pub(crate) mod thread_builder;
