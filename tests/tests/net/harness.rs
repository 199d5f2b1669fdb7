//! Runs a test on both schedulers, and fails it if it hangs.

use std::future::Future;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use runtime::net::{TcpListener, TcpStream};
use runtime::runtime::{Builder, Runtime};

/// Far longer than any test takes: a lost wake-up must not hang the run.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn multi_thread() -> Runtime {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().unwrap()
}

pub(crate) fn current_thread() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.enable_all().build().unwrap()
}

/// Runs `test` on each scheduler in turn.
pub(crate) fn on_both<F>(test: fn() -> F)
where
    F: Future<Output = ()> + 'static,
{
    for make in [multi_thread, current_thread] {
        within_patience(move || make().block_on(test()));
    }
}

/// Runs `test` on a thread of its own and waits for it.
pub(crate) fn within_patience(test: impl FnOnce() + Send + 'static) {
    let (done, finished) = channel();
    let thread = thread::spawn(move || {
        test();
        let _ = done.send(());
    });
    if let Err(RecvTimeoutError::Timeout) = finished.recv_timeout(PATIENCE) {
        panic!("the test hangs");
    }
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

/// Two ends of one connection.
pub(crate) async fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let ours = TcpStream::connect(listener.local_addr().unwrap())
        .await
        .unwrap();
    let (theirs, peer) = listener.accept().await.unwrap();
    assert_eq!(peer, ours.local_addr().unwrap());
    (ours, theirs)
}

/// A stream of ours, and its peer as a blocking socket of the standard library.
pub(crate) async fn pair_with_std() -> (TcpStream, std::net::TcpStream) {
    let (ours, theirs) = pair().await;
    let theirs = theirs.into_std().unwrap();
    theirs.set_nonblocking(false).unwrap();
    (ours, theirs)
}
