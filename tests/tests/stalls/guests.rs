//! What a runtime with stuck workers must go on with: sockets, timers, tasks from outside.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_lite::{AsyncReadExt, AsyncWriteExt};
use runtime::net::{TcpListener, TcpStream as RuntimeStream};
use runtime::runtime::{Handle, Runtime};
use runtime::time::interval;
use runtime_tests::wait;

use crate::ledger::Ledger;

const ROUND_TRIPS: u32 = 30;
const TICKS: u64 = 10;
const TASKS: usize = 50;

/// Longer than an answer takes on any machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// An echo with a client outside the runtime, a ticker, and books on tasks.
#[derive(Debug)]
pub(crate) struct Guests {
    handle: Handle,
    echo: SocketAddr,
    client: TcpStream,
    ticks: Arc<AtomicU64>,
    pub(crate) ledger: Ledger,
}

impl Guests {
    pub(crate) fn start(rt: &Runtime) -> Self {
        let listener = rt.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let echo = listener.local_addr().unwrap();
        drop(rt.spawn(accept(listener)));
        let ticks = Arc::new(AtomicU64::new(0));
        drop(rt.spawn(tick(ticks.clone())));
        Guests {
            handle: rt.handle().clone(),
            echo,
            client: connect(echo),
            ticks,
            ledger: Ledger::new(),
        }
    }

    /// Returns when a socket has been answered.
    pub(crate) fn one_round_trip(&mut self) {
        round_trip(&mut self.client, 1);
    }

    /// Returns when each kind of work has got on.
    pub(crate) fn get_on(&mut self) {
        let ticks = self.ticks.load(Ordering::SeqCst);
        for number in 0..ROUND_TRIPS {
            round_trip(&mut self.client, number);
        }
        round_trip(&mut connect(self.echo), ROUND_TRIPS);
        wait::until("the ticker ticks", || {
            self.ticks.load(Ordering::SeqCst) >= ticks + TICKS
        });
        for _ in 0..TASKS {
            drop(self.handle.spawn(self.ledger.entry()));
        }
        self.ledger.balance();
    }
}

/// A client that does not wait for ever.
pub(crate) fn connect(server: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(server).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

pub(crate) fn round_trip(stream: &mut TcpStream, number: u32) {
    let sent = number.to_be_bytes();
    stream.write_all(&sent).unwrap();
    let mut got = [0; 4];
    stream.read_exact(&mut got).unwrap();
    assert_eq!(got, sent);
}

async fn accept(listener: TcpListener) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        drop(runtime::spawn(echo(stream)));
    }
}

pub(crate) async fn echo(mut stream: RuntimeStream) {
    let mut bytes = [0; 4];
    while stream.read_exact(&mut bytes).await.is_ok() {
        stream.write_all(&bytes).await.unwrap();
    }
}

async fn tick(ticks: Arc<AtomicU64>) {
    let mut interval = interval(Duration::from_millis(10));
    loop {
        interval.tick().await;
        ticks.fetch_add(1, Ordering::SeqCst);
    }
}
