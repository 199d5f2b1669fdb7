//! Runs a test on both schedulers, and fails it if it hangs.

use std::fmt;
use std::fs;
use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use futures_lite::future;

use runtime::net::{TcpListener, TcpStream};
use runtime::runtime::{Builder, Runtime};
use runtime_tests::flavor::on_every_flavor;

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

/// Runs `test` on each scheduler, with more and with fewer workers than there are cores.
#[track_caller]
pub(crate) fn on_every<F: Future<Output = ()>>(test: fn() -> F) {
    on_every_flavor(|flavor| flavor.build().block_on(test()));
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

/// Whether an operation said that it would have to wait.
pub(crate) fn would_block<T: fmt::Debug>(result: &io::Result<T>) -> bool {
    matches!(result, Err(error) if error.kind() == io::ErrorKind::WouldBlock)
}

/// Polls a future once, sees that it waits, and drops it.
pub(crate) async fn waits<F: Future<Output: fmt::Debug>>(future: F) {
    let answer = future::poll_once(pin!(future)).await;
    assert!(answer.is_none(), "it should wait, but answers {answer:?}");
}

/// A directory for sockets, removed with all that is in it when dropped.
pub(crate) struct Directory(PathBuf);

impl Directory {
    pub(crate) fn new() -> Directory {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("runtime-net-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Directory(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A name in the abstract namespace that nobody else has.
pub(crate) fn abstract_name(test: &str) -> PathBuf {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let name = format!("\0runtime-{test}-{}-{number}", std::process::id());
    Path::new(&name).to_owned()
}
