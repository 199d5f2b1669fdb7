//! The server in trouble on both runtimes, and what its clients see of that.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

use runtime::runtime::StallReport;

use crate::client::Client;
use crate::latency::Latencies;
use crate::reports::Shown;
use crate::ticks::Ticks;
use crate::trap::{Trap, Way};
use crate::{Failure, LONGEST_LOOP, WORKERS, on_runtime, on_tokio};

/// Each of the four parts.
const DURATION: Duration = Duration::from_millis(2_500);

/// A request that has got no thread by then gets none.
const TIME_TO_BE_SERVED: Duration = Duration::from_secs(2);

/// Measures while nobody is stuck, then while every worker is. It is an error if on `runtime` a request
/// was not answered, or no tick came.
pub(crate) fn run(way: Way) -> Result<(), Failure> {
    println!("{WORKERS} workers on each of two runtimes, ten seconds in all ...\n");
    let (reports, told) = channel();
    let ours = show(way, |listener, trap, ticks| {
        on_runtime::start(listener, trap, ticks, reports)
    })?;
    let told: Vec<StallReport> = told.iter().collect();
    let tokios = show(way, on_tokio::start)?;

    println!("Each worker {way}, in a request to /stuck. Meanwhile:\n");
    println!("runtime  {}", ours.stuck);
    println!("tokio    {}\n", tokios.stuck);
    println!("Before that:\n\nruntime  {}", ours.before);
    println!("tokio    {}\n", tokios.before);
    if let Some(first) = told.first() {
        println!(
            "What `runtime` told meanwhile, of {} the first:\n",
            told.len()
        );
        println!("  {}", Shown(first));
    }
    match ours.stuck.is_served() && ours.stuck_workers == WORKERS {
        true => Ok(()),
        false => Err("the server was not served while its workers were stuck".into()),
    }
}

/// Both parts on one runtime, which is kept by what `start` returns.
fn show<R>(
    way: Way,
    start: impl FnOnce(TcpListener, &Trap, &Ticks) -> Result<R, Failure>,
) -> Result<Outcome, Failure> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let addr = listener.local_addr()?;
    let (trap, ticks) = (Trap::new(way, LONGEST_LOOP)?, Ticks::default());
    let runtime = start(listener, &trap, &ticks)?;
    let shown = measure_both(addr, &trap, &ticks);
    // The end of the runtime waits for who is stuck.
    trap.open();
    drop(runtime);
    shown
}

fn measure_both(addr: SocketAddr, trap: &Trap, ticks: &Ticks) -> Result<Outcome, Failure> {
    let mut client = Client::connect(addr)?;
    let before = measure(&mut client, ticks)?;
    let kept = fill(trap, addr)?;
    let stuck_workers = trap.stuck_workers();
    let stuck = measure(&mut client, ticks)?;
    trap.open();
    for mut request in kept {
        request.expect("trap\n")?;
    }
    Ok(Outcome {
        before,
        stuck,
        stuck_workers,
    })
}

/// Sends requests that get stuck until every worker has one, or nobody takes them any more. A spare
/// may take some.
fn fill(trap: &Trap, addr: SocketAddr) -> Result<Vec<Client>, Failure> {
    let mut requests = Vec::new();
    while trap.stuck_workers() < WORKERS {
        let before = trap.stuck_threads();
        let mut request = Client::connect(addr)?;
        request.send("/stuck")?;
        requests.push(request);
        let deadline = Instant::now() + TIME_TO_BE_SERVED;
        while trap.stuck_threads() == before {
            if Instant::now() > deadline {
                return Ok(requests);
            }
            thread::sleep(Duration::from_millis(1));
        }
    }
    Ok(requests)
}

fn measure(client: &mut Client, ticks: &Ticks) -> Result<Seen, Failure> {
    drop(ticks.take());
    let requests = client.probe(DURATION)?;
    Ok(Seen {
        requests: Latencies::new(requests),
        ticks: Latencies::new(ticks.take()),
    })
}

/// What came of both parts.
struct Outcome {
    before: Seen,
    stuck: Seen,
    stuck_workers: usize,
}

/// What came of one part.
struct Seen {
    requests: Latencies,
    ticks: Latencies,
}

impl Seen {
    fn is_served(&self) -> bool {
        self.requests.count() > 0 && self.ticks.count() > 0
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { requests, ticks } = self;
        match requests.count() {
            0 => write!(f, "    no answer to GET / in {DURATION:?}")?,
            count => write!(f, "{count:>6} answers to GET /: {requests}")?,
        }
        match ticks.count() {
            0 => write!(f, "\n             no tick of those due every 10 ms"),
            count => write!(f, "\n         {count:>6} ticks late by:    {ticks}"),
        }
    }
}
