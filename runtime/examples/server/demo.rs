//! The server under load from its own process, and what came of it.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use runtime::net::TcpListener;
use runtime::serve::Shutdown;
use runtime::task::JoinHandle;
use runtime::time::sleep_until;

use crate::Failure;
use crate::client::{Client, Tally};
use crate::latency::Latencies;
use crate::serve::{self, GRACE};

const CONNECTIONS: usize = 200;
const SECONDS: u32 = 5;

/// Serves on a free port, loads it, reports; an error if any request failed.
pub(crate) async fn run() -> Result<(), Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let addr = listener.local_addr()?;
    let shutdown = Shutdown::new();
    drop(runtime::spawn(serve::accept(listener, shutdown.clone())));
    println!("{CONNECTIONS} keep-alive connections load http://{addr}/ for {SECONDS} s");
    println!("(server and clients share this process and its workers)");

    let clients = connect_all(addr).await?;
    let report = load(clients).await;
    let cut_off = shutdown.finish(GRACE).await.cancelled;
    report.print();
    match (report.errors.len(), cut_off) {
        (0, 0) => Ok(()),
        (0, left) => Err(format!("connections that did not end: {left}").into()),
        (errors, _) => Err(format!(
            "requests that failed: {errors}, the first: {}",
            report.errors[0]
        )
        .into()),
    }
}

async fn connect_all(addr: SocketAddr) -> Result<Vec<Client>, Failure> {
    let mut clients = Vec::with_capacity(CONNECTIONS);
    for number in 1..=CONNECTIONS {
        let client = Client::connect(addr).await.map_err(|error| {
            format!(
                "connection {number} of {CONNECTIONS} failed: {error}; if too many files are open, \
                 raise the limit with `ulimit -n 4096`"
            )
        })?;
        clients.push(client);
    }
    Ok(clients)
}

async fn load(clients: Vec<Client>) -> Report {
    let started = Instant::now();
    let deadline = started + Duration::from_secs(SECONDS.into());
    let answered = Arc::new(AtomicU64::new(0));
    let loads: Vec<_> = clients
        .into_iter()
        .map(|client| {
            let answered = Arc::clone(&answered);
            runtime::spawn(async move { client.load_until(deadline, &answered).await })
        })
        .collect();
    show_progress(started, &answered).await;
    let tally = gather(loads).await;
    Report {
        took: started.elapsed(),
        latencies: Latencies::new(tally.latencies),
        errors: tally.errors,
    }
}

async fn show_progress(started: Instant, answered: &AtomicU64) {
    let mut before = 0;
    for second in 1..=SECONDS {
        sleep_until((started + Duration::from_secs(second.into())).into()).await;
        let now = answered.load(Ordering::Relaxed);
        println!("{second:>4} s {:>10} requests", now - before);
        before = now;
    }
}

/// Adds up what the connections saw; one whose task panicked counts as an error.
async fn gather(loads: Vec<JoinHandle<Tally>>) -> Tally {
    let mut total = Tally::default();
    for load in loads {
        match load.await {
            Ok(tally) => {
                total.latencies.extend(tally.latencies);
                total.errors.extend(tally.errors);
            }
            Err(panic) => total.errors.push(panic.into()),
        }
    }
    total
}

/// What the load came to.
#[derive(Debug)]
struct Report {
    took: Duration,
    latencies: Latencies,
    errors: Vec<Failure>,
}

impl Report {
    fn print(&self) {
        let requests = self.latencies.count();
        let per_second = requests as f64 / self.took.as_secs_f64();
        println!(
            "requests  {requests} in {:.2?}, {per_second:.0} per second",
            self.took
        );
        println!("latency   {}", self.latencies);
        println!("errors    {}", self.errors.len());
    }
}
