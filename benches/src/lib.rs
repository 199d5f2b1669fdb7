//! Benchmarks of `runtime` against tokio and smol.
//!
//! Each workload is written once, over the trait [`UnderTest`], and run on every runtime
//! with the same allocator and the same release profile. What is here to run:
//!
//! - `cargo bench -p runtime-benches`: the same workloads under Criterion.

pub mod under_test;
pub mod workload;

pub use under_test::UnderTest;
