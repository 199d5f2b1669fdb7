//! Accepts connections, serves each on a task of its own, and drains them at the end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use runtime::hyper::{Executor, Timer};
use runtime::net::{TcpListener, TcpStream};
use runtime::task::JoinHandle;
use runtime::time::{sleep, timeout};

use crate::interrupt::Interrupt;
use crate::{Failure, listen, routes};

/// How long open connections have to finish once the server is told to end.
pub(crate) const GRACE: Duration = Duration::from_secs(10);

/// How long a failed `accept` (no descriptors left, most often) is left alone before the next.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves on `addr` until the first Ctrl-C, then lets open connections finish.
pub(crate) async fn until_interrupted(addr: SocketAddr) -> Result<(), Failure> {
    let interrupt = Interrupt::listen()?;
    let listener = listen::bind(addr).await?;
    println!(
        "listening on http://{}, Ctrl-C ends",
        listener.local_addr()?
    );
    let server = Server::start(listener);

    interrupt.received().await?;
    println!(
        "ending: {} s for the connections that are open ({}), Ctrl-C again ends at once",
        GRACE.as_secs(),
        server.open_connections()
    );
    match server.shutdown(GRACE).await {
        0 => println!("ended: every connection has finished"),
        left => println!("ended: cut off the connections that were still busy ({left})"),
    }
    Ok(())
}

/// A server that runs on tasks of its own until it is shut down.
#[derive(Debug)]
pub(crate) struct Server {
    accepting: JoinHandle<()>,
    connections: Connections,
}

impl Server {
    pub(crate) fn start(listener: TcpListener) -> Self {
        let connections = Connections::default();
        let accepting = runtime::spawn(accept(listener, connections.clone()));
        Self {
            accepting,
            connections,
        }
    }

    pub(crate) fn open_connections(&self) -> usize {
        self.connections.graceful.count()
    }

    /// Accepts no more and waits until each connection has answered what it was asked, but
    /// not longer than `grace`.
    ///
    /// Returns the number of connections that were still busy then.
    pub(crate) async fn shutdown(self, grace: Duration) -> usize {
        self.accepting.abort();
        // An error says that the task was aborted, which is what it was meant to be.
        let _ = self.accepting.await;
        let Connections { graceful, open } = self.connections;
        let graceful = Arc::into_inner(graceful).expect("the accepting task has dropped its clone");
        let drained = timeout(grace, graceful.shutdown()).await;
        if drained.is_ok() {
            0
        } else {
            Arc::strong_count(&open) - 1
        }
    }
}

/// What the accepting task and the server share about open connections.
#[derive(Clone, Debug, Default)]
struct Connections {
    graceful: Arc<GracefulShutdown>,
    /// Each connection holds a clone, so that they can be counted while they drain.
    open: Arc<()>,
}

async fn accept(listener: TcpListener, connections: Connections) {
    let protocol = protocol();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => serve(&protocol, stream, &connections),
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

fn serve(protocol: &auto::Builder<Executor>, stream: TcpStream, connections: &Connections) {
    // Without it the kernel holds small answers back; a stream that refuses is served all the same.
    let _ = stream.set_nodelay(true);
    let connection = protocol
        .serve_connection(stream, service_fn(routes::answer))
        .into_owned();
    let connection = connections.graceful.watch(connection);
    let open = Arc::clone(&connections.open);
    let served = async move {
        // A client that goes away or breaks the protocol ends its own connection and nothing else.
        let _ = connection.await;
        drop(open);
    };
    drop(runtime::spawn(served));
}
