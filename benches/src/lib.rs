//! Benchmarks of `runtime` against tokio and smol.
//!
//! Each workload is written once, over the trait [`UnderTest`], and run on every runtime
//! with the same allocator and the same release profile. What is here to run:
//!
//! - `cargo run --release -p runtime-benches --bin report`: the table of ratios to tokio,
//!   with our ceilings beside them;
//! - `cargo run --release -p runtime-benches --bin http`: HTTP servers under `wrk`;
//! - `cargo run --release -p runtime-benches --bin blocked`: what others notice of blocked
//!   tasks, for each number of workers;
//! - `cargo bench -p runtime-benches`: the same workloads under Criterion.

pub mod blocked;
mod exit;
pub mod http;
mod quantile;
pub mod report;
mod table;
pub mod under_test;
pub mod workload;

pub use exit::exit_code;
pub use under_test::UnderTest;
