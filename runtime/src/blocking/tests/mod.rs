//! Tests of the pool with real threads. Nothing here sleeps to win a race: jobs wait for gates.

mod lifetime;
mod panics;
mod promise;
mod refused_threads;
mod shutdown;
mod state;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Condvar, Mutex};
use std::time::Duration;

use super::{Config, Job, Pool, SubmitError};

/// A closure as a job, and what is to happen if it is cancelled.
struct Call {
    run: Box<dyn FnOnce() + Send>,
    cancel: Box<dyn FnOnce() + Send>,
}

impl Job for Call {
    fn run(self) {
        (self.run)();
    }

    fn cancel(self) {
        (self.cancel)();
    }
}

fn call(run: impl FnOnce() + Send + 'static) -> Call {
    Call {
        run: Box::new(run),
        cancel: Box::new(|| {}),
    }
}

fn config(max_threads: usize) -> Config {
    Config {
        max_threads,
        ..Config::new(Arc::new(|| "rt-blocking".to_owned()))
    }
}

fn pool(max_threads: usize) -> Pool<Call> {
    Pool::new(config(max_threads))
}

fn submit(pool: &Pool<Call>, run: impl FnOnce() + Send + 'static) {
    if let Err(error) = pool.submit(call(run)) {
        panic!("the pool took no job: {}", reason(&error));
    }
}

fn reason(error: &SubmitError<Call>) -> &'static str {
    match error {
        SubmitError::ShutDown(_) => "it is shut down",
        SubmitError::NoThread(..) => "no thread can be had",
    }
}

fn close(pool: &Pool<Call>) {
    pool.shutdown();
    assert!(pool.wait(None));
    assert_eq!(pool.metrics().threads, 0);
    assert_eq!(pool.metrics().queued, 0);
}

/// Counts to a number; others wait until it is reached.
#[derive(Clone, Default)]
struct Gate(Arc<(Mutex<usize>, Condvar)>);

impl Gate {
    /// Counts one; says how many have been counted.
    fn count(&self) -> usize {
        let mut counted = self.0.0.lock().expect("no holder panics");
        *counted += 1;
        self.0.1.notify_all();
        *counted
    }

    /// Waits until `number` have been counted; panics after a minute, when a job must be lost.
    #[track_caller]
    fn wait_for(&self, number: usize) {
        let counted = self.0.0.lock().expect("no holder panics");
        let patience = Duration::from_secs(60);
        let (counted, _) = self
            .0
            .1
            .wait_timeout_while(counted, patience, |counted| *counted < number)
            .expect("no holder panics");
        assert!(*counted >= number, "{counted} of {number} after a minute");
    }
}

/// Runs jobs that go on only when all `number` of them run at once.
#[track_caller]
fn meet(pool: &Pool<Call>, number: usize) {
    let (meeting, done) = (Arc::new(Barrier::new(number)), Gate::default());
    for _ in 0..number {
        let (meeting, done) = (meeting.clone(), done.clone());
        submit(pool, move || {
            meeting.wait();
            done.count();
        });
    }
    done.wait_for(number);
}

/// Waits until no thread runs a job. It takes a moment from a job's last line.
fn settle(pool: &Pool<Call>) {
    loop {
        let metrics = pool.metrics();
        if metrics.idle == metrics.threads && metrics.queued == 0 {
            return;
        }
        std::thread::yield_now();
    }
}

fn counter() -> Arc<AtomicUsize> {
    Arc::default()
}

fn bump(counter: &AtomicUsize) {
    counter.fetch_add(1, Ordering::SeqCst);
}

fn read(counter: &AtomicUsize) -> usize {
    counter.load(Ordering::SeqCst)
}
