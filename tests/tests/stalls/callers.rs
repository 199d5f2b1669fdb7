//! Sockets that were registered in different places, and so perhaps with different reactors.

use std::net::{SocketAddr, TcpListener as StdListener, TcpStream as StdStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use futures_lite::{AsyncReadExt, AsyncWriteExt};
use runtime::net::{TcpListener, TcpStream};
use runtime::runtime::Handle;
use runtime::time::sleep;
use runtime_tests::count::Counter;
use runtime_tests::wait;

use crate::guests::{connect, echo, round_trip};

/// Of each kind.
const CALLERS: usize = 8;
const ROUND_TRIPS: u32 = 3;

/// An accept loop in the main task, which is on no worker; sockets that it has accepted, that tasks have
/// connected, that threads outside have registered.
#[derive(Debug)]
pub(crate) struct Callers {
    server: SocketAddr,
    closing: Arc<AtomicBool>,
    main: JoinHandle<()>,
    /// The other ends of sockets in the runtime.
    streams: Vec<StdStream>,
    /// How often each task has been answered that has connected a socket.
    answers: Vec<Counter>,
}

impl Callers {
    pub(crate) fn start(handle: &Handle) -> Self {
        let listener = StdListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let server = listener.local_addr().unwrap();
        let closing = Arc::new(AtomicBool::new(false));
        let (main, is_closing) = (handle.clone(), closing.clone());
        let main = thread::spawn(move || main.block_on(accept_until(listener, &is_closing)));
        let accepted = (0..CALLERS).map(|_| connect(server));
        let outside = (0..CALLERS).map(|_| register_outside(handle));
        let answers: Vec<_> = (0..CALLERS).map(|_| Counter::new()).collect();
        let streams = accepted.chain(outside).collect();
        for count in &answers {
            drop(handle.spawn(call(server, count.clone())));
        }
        Callers {
            server,
            closing,
            main,
            streams,
            answers,
        }
    }

    /// Returns when every socket has been answered, and one that is new.
    pub(crate) fn get_on(&mut self) {
        let before: Vec<_> = self.answers.iter().map(Counter::get).collect();
        self.streams.push(connect(self.server));
        for number in 0..ROUND_TRIPS {
            for stream in &mut self.streams {
                round_trip(stream, number);
            }
        }
        for (count, before) in self.answers.iter().zip(before) {
            wait::until("the tasks are answered", || count.get() >= before + 2);
        }
    }

    /// Ends the main task.
    pub(crate) fn stop(self) {
        self.closing.store(true, Ordering::SeqCst);
        drop(connect(self.server));
        self.main.join().unwrap();
    }
}

async fn accept_until(listener: StdListener, is_closing: &AtomicBool) {
    let listener = TcpListener::from_std(listener).unwrap();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        if is_closing.load(Ordering::SeqCst) {
            return;
        }
        drop(runtime::spawn(echo(stream)));
    }
}

/// Registers a socket on a thread of its own; answers with the other end.
fn register_outside(handle: &Handle) -> StdStream {
    let (far, near) = connected();
    let outside = || {
        let _entered = handle.enter();
        drop(handle.spawn(echo(TcpStream::from_std(near).unwrap())));
    };
    thread::scope(|scope| scope.spawn(outside).join().unwrap());
    far
}

/// A client's end that blocks, and a server's end that is ready to be registered.
pub(crate) fn connected() -> (StdStream, StdStream) {
    let listener = StdListener::bind("127.0.0.1:0").unwrap();
    let client = connect(listener.local_addr().unwrap());
    let (server, _) = listener.accept().unwrap();
    server.set_nonblocking(true).unwrap();
    (client, server)
}

/// Both ends of this connection are in the runtime.
async fn call(server: SocketAddr, answers: Counter) {
    let mut stream = TcpStream::connect(server).await.unwrap();
    let mut bytes = [1; 4];
    while stream.write_all(&bytes).await.is_ok() {
        if stream.read_exact(&mut bytes).await.is_err() {
            return;
        }
        answers.raise();
        sleep(Duration::from_millis(5)).await;
    }
}
