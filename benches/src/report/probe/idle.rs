//! What a runtime does while there is nothing to do.

use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use super::{Findings, WORKERS};
use crate::UnderTest;
use crate::report::process_status::Threads;

pub(super) const NAME: &str = "idle";

/// Time to fall asleep after the last work.
const SETTLING: Duration = Duration::from_millis(500);

/// Counts the wake-ups of all threads of the runtime while it has nothing to do.
///
/// It has worked before, and holds a connected socket.
pub(super) fn run<R: UnderTest>(seconds: u32) -> io::Result<Findings> {
    let not_the_runtimes = Threads::now()?;
    let runtime = R::build(WORKERS)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let stream = TcpStream::connect(listener.local_addr()?)?;
    stream.set_nonblocking(true)?;
    let registered = runtime.block_on(async { R::register(stream) })?;
    runtime.block_on(runtime.spawn_from_outside(some_work::<R>()));
    thread::sleep(SETTLING);
    let before = not_the_runtimes.sleeps_of_others()?;
    thread::sleep(Duration::from_secs(seconds.into()));
    let wakeups = not_the_runtimes.sleeps_of_others()? - before;
    drop(registered);
    Ok(vec![("wakeups", wakeups as f64)])
}

async fn some_work<R: UnderTest>() {
    let tasks: Vec<_> = (0..1_000).map(|_| R::spawn(R::yield_now())).collect();
    for task in tasks {
        task.await;
    }
    R::sleep(Duration::from_millis(1)).await;
}
