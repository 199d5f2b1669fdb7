//! Models of the pool itself: submitting against falling asleep, timing out, ending and failing.
//!
//! A keep-alive time of zero times out at once, an endless one never: loom needs no clock.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::pool_threads::refusal::refuse_next;
use super::{Config, Job, Pool, SubmitError};
use crate::park::Parker;
use crate::primitive::sync::Arc;
use crate::primitive::thread;

/// Counts the jobs that are over, however they ended; plain std, for it only observes.
struct Tally {
    expected: usize,
    over: AtomicUsize,
    all_over: Parker,
}

impl Tally {
    /// The calling thread waits for them.
    fn of(expected: usize) -> Arc<Self> {
        let all_over = Parker::new();
        all_over.bind();
        Arc::new(Tally {
            expected,
            over: AtomicUsize::new(0),
            all_over,
        })
    }

    fn count(&self) {
        if self.over.fetch_add(1, Ordering::SeqCst) + 1 == self.expected {
            self.all_over.unpark();
        }
    }

    fn assert_complete(&self) {
        assert_eq!(self.over.load(Ordering::SeqCst), self.expected);
    }
}

struct Counted(Arc<Tally>);

impl Job for Counted {
    fn run(self) {
        self.0.count();
    }

    fn cancel(self) {
        self.0.count();
    }
}

fn pool(max_threads: usize, keep_alive: Duration) -> Pool<Counted> {
    let name = std::sync::Arc::new(|| String::new());
    let name: std::sync::Arc<dyn Fn() -> String + Send + Sync> = name;
    Pool::new(Config {
        max_threads,
        keep_alive,
        ..Config::new(Arc::from_std(name))
    })
}

fn submit(pool: &Pool<Counted>, tally: &Arc<Tally>) {
    match pool.submit(Counted(tally.clone())) {
        Ok(()) => {}
        Err(SubmitError::ShutDown(job) | SubmitError::NoThread(job, _)) => job.cancel(),
    }
}

fn close(pool: &Pool<Counted>) {
    pool.shutdown();
    pool.await_end();
}

fn submit_twice(max_threads: usize, keep_alive: Duration) {
    loom::model(move || {
        let (pool, tally) = (pool(max_threads, keep_alive), Tally::of(2));
        submit(&pool, &tally);
        submit(&pool, &tally);
        tally.all_over.park();
        close(&pool);
    });
}

#[test]
fn loom_a_job_submitted_while_the_thread_falls_asleep_is_run() {
    submit_twice(1, Duration::MAX);
}

#[test]
fn loom_a_job_submitted_while_one_of_two_threads_falls_asleep_is_run() {
    submit_twice(2, Duration::MAX);
}

#[test]
fn loom_a_job_submitted_while_the_thread_times_out_is_run() {
    submit_twice(1, Duration::ZERO);
}

#[test]
fn loom_jobs_of_two_submitters_are_run_while_threads_time_out() {
    loom::model(|| {
        let (pool, tally) = (pool(1, Duration::ZERO), Tally::of(2));
        let other = {
            let (pool, tally) = (pool.clone(), tally.clone());
            thread::Builder::new().spawn(move || submit(&pool, &tally))
        };
        submit(&pool, &tally);
        tally.all_over.park();
        other.expect("loom spawns").join().expect("it ends");
        close(&pool);
    });
}

fn shut_down_while_another_submits(keep_alive: Duration) {
    loom::model(move || {
        let (pool, tally) = (pool(1, keep_alive), Tally::of(2));
        submit(&pool, &tally);
        let other = {
            let (pool, tally) = (pool.clone(), tally.clone());
            thread::Builder::new().spawn(move || submit(&pool, &tally))
        };
        close(&pool);
        other.expect("loom spawns").join().expect("it ends");
        tally.assert_complete();
    });
}

#[test]
fn loom_a_job_submitted_during_a_shutdown_ends_once() {
    shut_down_while_another_submits(Duration::MAX);
}

#[test]
fn loom_a_job_submitted_during_a_shutdown_and_a_time_out_ends_once() {
    shut_down_while_another_submits(Duration::ZERO);
}

fn submit_from_two_while_a_thread_is_refused(max_threads: usize) {
    loom::model(move || {
        let (pool, tally) = (pool(max_threads, Duration::MAX), Tally::of(2));
        // loom's threads are one to std's thread-locals: whoever comes first is refused.
        refuse_next(1);
        let other = {
            let (pool, tally) = (pool.clone(), tally.clone());
            thread::Builder::new().spawn(move || submit(&pool, &tally))
        };
        submit(&pool, &tally);
        tally.all_over.park();
        other.expect("loom spawns").join().expect("it ends");
        close(&pool);
    });
}

#[test]
fn loom_no_job_is_left_behind_when_the_only_thread_is_refused() {
    submit_from_two_while_a_thread_is_refused(1);
}

#[test]
fn loom_no_job_is_left_behind_when_one_of_two_threads_is_refused() {
    submit_from_two_while_a_thread_is_refused(2);
}
