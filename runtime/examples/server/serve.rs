//! Accepts connections, serves each on a task of its own, and lets them finish at the end.

use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::server::conn::auto;
use runtime::hyper::{Executor, Timer};
use runtime::net::{TcpListener, TcpStream};
use runtime::serve::{Outcome, Shutdown};
use runtime::signal::shutdown_requested;
use runtime::time::sleep;

use crate::{Failure, listen, routes};

/// How long open connections have to finish once the server is told to end.
pub(crate) const GRACE: Duration = Duration::from_secs(10);

/// How long a failed `accept` (no descriptors left, most often) is left alone before the next.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves on `addr` until the first Ctrl-C or `SIGTERM`, then lets open connections finish.
pub(crate) async fn until_interrupted(addr: SocketAddr) -> Result<(), Failure> {
    let listener = TcpListener::bind(addr)
        .await
        .map_err(|error| listen::fault(addr, &error))?;
    println!(
        "listening on http://{}, Ctrl-C ends",
        listener.local_addr()?
    );
    let shutdown = Shutdown::new();
    let accepting = runtime::spawn(accept(listener, shutdown.clone()));

    shutdown_requested().await?;
    println!(
        "ending: {} s for the connections that are open ({}), Ctrl-C again ends at once",
        GRACE.as_secs(),
        shutdown.under_way()
    );
    let outcome = runtime::select! {
        outcome = shutdown.finish(GRACE) => outcome,
        _ = shutdown_requested() => shutdown.finish(Duration::ZERO).await,
    };
    accepting.await?;
    tell(&outcome);
    Ok(())
}

fn tell(outcome: &Outcome) {
    match outcome.cancelled {
        0 => println!("ended: every connection has finished"),
        left => println!("ended: cut off the connections that were still busy ({left})"),
    }
}

/// Accepts until the end is asked for.
pub(crate) async fn accept(listener: TcpListener, shutdown: Shutdown) {
    let protocol = protocol();
    while let Some(accepted) = shutdown.unless_started(listener.accept()).await {
        match accepted {
            Ok((stream, peer)) => serve(&protocol, stream, peer, &shutdown),
            Err(error) => {
                eprintln!("server: cannot accept a connection: {error}");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// HTTP/1.1 or HTTP/2, whichever the client's first bytes speak.
fn protocol() -> auto::Builder<Executor> {
    let mut protocol = auto::Builder::new(Executor::new());
    protocol.http1().timer(Timer::new());
    protocol.http2().timer(Timer::new());
    protocol
}

fn serve(
    protocol: &auto::Builder<Executor>,
    stream: TcpStream,
    peer: SocketAddr,
    shutdown: &Shutdown,
) {
    // Without it the kernel holds small answers back; a stream that refuses is served all the same.
    let _ = stream.set_nodelay(true);
    let connection = protocol
        .serve_connection(stream, service_fn(routes::answer))
        .into_owned();
    let ending = shutdown.clone();
    let served = async move {
        let mut connection = pin!(connection);
        // A client that goes away or breaks the protocol ends its own connection and nothing else.
        if ending.unless_started(connection.as_mut()).await.is_none() {
            // It answers what it was asked, and ends.
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    };
    drop(shutdown.spawn(format!("connection of {peer}"), served));
}
