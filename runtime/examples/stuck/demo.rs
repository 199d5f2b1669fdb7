//! The server in trouble, and what its clients see of that.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::thread;
use std::time::{Duration, Instant};

use runtime::net::TcpListener;
use runtime::runtime::Runtime;

use crate::client::Client;
use crate::latency::Latencies;
use crate::ticker::Ticker;
use crate::trap::{Trap, Way};
use crate::{Failure, reporting_runtime, server};

/// Each of the two parts.
const DURATION: Duration = Duration::from_millis(2_500);

/// The loops end by then in any case.
const LONGEST_LOOP: Duration = Duration::from_secs(30);

/// Measures while nobody is stuck, then while every worker is; an error if any request failed or no
/// tick came.
pub(crate) fn run(way: Way) -> Result<(), Failure> {
    let runtime = reporting_runtime()?;
    let trap = Trap::new(way, LONGEST_LOOP)?;
    let shown = show(&runtime, &trap);
    // The end of the runtime waits for who is stuck.
    trap.open();
    shown
}

fn show(runtime: &Runtime, trap: &Trap) -> Result<(), Failure> {
    let workers = runtime.metrics().num_workers();
    let addr = start_server(runtime, trap)?;
    let ticker = Ticker::start(runtime);
    let mut client = Client::connect(addr)?;

    println!("{workers} workers; a request every few milliseconds, a tick every 10 ms");
    let before = measure(&mut client, &ticker)?;
    println!("\nevery worker is kept by GET /stuck:");
    let stuck = fill(trap, addr, workers)?;
    let during = measure(&mut client, &ticker)?;
    let spares = runtime.metrics().spares();
    trap.open();
    for mut request in stuck {
        request.expect("trap\n")?;
    }
    println!("\nbefore       {before}\nwhile stuck  {during}");
    print_metrics(runtime, spares);
    Ok(())
}

fn start_server(runtime: &Runtime, trap: &Trap) -> Result<SocketAddr, Failure> {
    let bind = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let listener = runtime.block_on(bind)?;
    let addr = listener.local_addr()?;
    drop(runtime.spawn(server::serve(listener, trap.clone())));
    Ok(addr)
}

/// Sends requests that loop until every worker has one; a spare may take some of them.
fn fill(trap: &Trap, addr: SocketAddr, workers: usize) -> Result<Vec<Client>, Failure> {
    let deadline = Instant::now() + LONGEST_LOOP / 2;
    let mut requests = Vec::new();
    while trap.stuck_workers() < workers {
        let before = trap.stuck_threads();
        let mut request = Client::connect(addr)?;
        request.send("/stuck")?;
        requests.push(request);
        while trap.stuck_threads() == before {
            if Instant::now() > deadline {
                return Err("the server takes no more requests".into());
            }
            thread::sleep(Duration::from_millis(1));
        }
    }
    Ok(requests)
}

fn measure(client: &mut Client, ticker: &Ticker) -> Result<Seen, Failure> {
    drop(ticker.take());
    let requests = client.probe(DURATION)?;
    let ticks = ticker.take();
    if ticks.is_empty() {
        return Err("the ticker has stopped".into());
    }
    Ok(Seen {
        requests: Latencies::new(requests),
        ticks: Latencies::new(ticks),
    })
}

/// What came of one part.
struct Seen {
    requests: Latencies,
    ticks: Latencies,
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { requests, ticks } = self;
        writeln!(f, "{:>5} answers:  {requests}", requests.count())?;
        write!(f, "             {:>5} ticks late: {ticks}", ticks.count())
    }
}

fn print_metrics(runtime: &Runtime, spares: usize) {
    let metrics = runtime.metrics();
    println!(
        "\nstuck polls: {}, the longest {:.1?} by its last report; spare workers: {spares}",
        metrics.stalls(),
        metrics.longest_stall()
    );
    println!("every request was answered in the end, those to /stuck included");
}
