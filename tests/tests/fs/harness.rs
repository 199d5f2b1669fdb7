//! A place for files, chance with a seed, and a runtime whose pool stands still.

use std::fs;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};

use futures_lite::future::poll_once;
use runtime::runtime::{Builder, Runtime};
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::wait;

/// Runs `test` on every flavor, each time in a directory of its own.
#[track_caller]
pub(crate) fn on_every(test: impl AsyncFn(&Directory)) {
    on_every_flavor(|flavor| {
        let directory = Directory::new();
        flavor.build().block_on(test(&directory));
    });
}

/// A directory for a test, removed with all that is in it when dropped.
pub(crate) struct Directory(PathBuf);

impl Directory {
    pub(crate) fn new() -> Directory {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("runtime-fs-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Directory(path)
    }

    pub(crate) fn root(&self) -> &Path {
        &self.0
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The path of a new file with these bytes.
    pub(crate) fn file(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, contents).unwrap();
        path
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Numbers by chance, the same for the same seed.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Chance {
        Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Any number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    pub(crate) fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len)
            .map(|_| u8::try_from(self.below(256)).unwrap())
            .collect()
    }
}

/// Bytes of which no two stretches nearby are the same.
pub(crate) fn pattern(len: usize) -> Vec<u8> {
    Chance::new(7).bytes(len)
}

/// A pool of one thread, which takes no job until it is let go.
pub(crate) struct StuckPool {
    /// Dropped first, which lets it go, too.
    release: Sender<()>,
    pub(crate) runtime: Runtime,
}

impl StuckPool {
    pub(crate) fn new() -> StuckPool {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(1)
            .build()
            .unwrap();
        let (release, released) = channel();
        let (running, runs) = channel();
        runtime.spawn_blocking(move || {
            running.send(()).unwrap();
            let _ = released.recv();
        });
        runs.recv().unwrap();
        StuckPool { release, runtime }
    }

    /// Lets the pool go, and waits until it has done all that was queued.
    pub(crate) fn release(&self) {
        let _ = self.release.send(());
        self.until_idle();
    }

    /// Ends the runtime while the pool stands still, and lets go only then.
    pub(crate) fn shut_down(self) {
        let StuckPool { release, runtime } = self;
        let handle = runtime.handle().clone();
        let ending = std::thread::spawn(move || drop(runtime));
        wait::until("the shutdown has begun", || {
            let _context = handle.enter();
            let refused = runtime::fs::try_exists("/");
            let answer = futures_lite::future::block_on(poll_once(pin!(refused)));
            answer.is_some_and(|answer| answer.is_err())
        });
        drop(release);
        ending.join().unwrap();
    }

    /// Waits until nothing is queued and nothing runs.
    pub(crate) fn until_idle(&self) {
        let metrics = self.runtime.metrics();
        wait::until("the pool is idle", || {
            metrics.blocking_queue_depth() == 0 && metrics.num_idle_blocking_threads() == 1
        });
    }
}

/// Polls a future so many times, whether it was woken or not, and drops it if it is not ready then.
pub(crate) async fn polled<F: Future>(times: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    for _ in 0..times {
        if let Some(output) = poll_once(future.as_mut()).await {
            return Some(output);
        }
        std::thread::yield_now();
    }
    None
}
