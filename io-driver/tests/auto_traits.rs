//! Auto traits are promises: each is written down once.
#![cfg(not(runtime_loom))]

use std::panic::{RefUnwindSafe, UnwindSafe};

use io_driver::{Closed, Direction, Driver, Evented, FdSource, Handle, Interest, Metrics};
use io_driver::{Readiness, Ready, ReadyEvent, Registration, Turn};

fn for_any_thread<T: Send + Sync + UnwindSafe + RefUnwindSafe + Unpin>() {}

#[test]
fn every_type_may_go_to_any_thread_and_survive_a_panic() {
    for_any_thread::<Closed>();
    for_any_thread::<Direction>();
    for_any_thread::<Driver>();
    for_any_thread::<Evented<FdSource<std::net::TcpStream>>>();
    for_any_thread::<Handle>();
    for_any_thread::<Interest>();
    for_any_thread::<Metrics>();
    for_any_thread::<Readiness<'static>>();
    for_any_thread::<Ready>();
    for_any_thread::<ReadyEvent>();
    for_any_thread::<Registration>();
    for_any_thread::<Turn>();
}
