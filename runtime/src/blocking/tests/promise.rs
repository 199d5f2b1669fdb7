//! A queued job never waits for a running one while another thread may be added.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use super::*;

#[test]
fn jobs_that_wait_for_each_other_all_run() {
    let pool = pool(64);
    for number in [1, 2, 64, 7, 64] {
        meet(&pool, number);
    }
    assert!(pool.metrics().threads <= 64);
    close(&pool);
}

#[test]
fn jobs_of_several_submitters_that_wait_for_each_other_all_run() {
    const SUBMITTERS: usize = 4;
    for _ in 0..20 {
        let pool = pool(8 * SUBMITTERS);
        let (meeting, done) = (Arc::new(Barrier::new(8 * SUBMITTERS)), Gate::default());
        thread::scope(|scope| {
            for _ in 0..SUBMITTERS {
                scope.spawn(|| {
                    for _ in 0..8 {
                        let (meeting, done) = (meeting.clone(), done.clone());
                        submit(&pool, move || {
                            meeting.wait();
                            done.count();
                        });
                    }
                });
            }
        });
        done.wait_for(8 * SUBMITTERS);
        close(&pool);
    }
}

#[test]
fn jobs_that_wait_for_each_other_run_behind_a_burst_of_short_ones() {
    let pool = pool(32);
    for _ in 0..50 {
        for _ in 0..100 {
            submit(&pool, || {});
        }
        meet(&pool, 32);
    }
    close(&pool);
}

#[test]
fn a_job_waits_for_the_jobs_that_it_submits() {
    fn tree(pool: &Pool<Call>, depth: usize, leaves: Arc<AtomicUsize>) {
        if depth == 0 {
            bump(&leaves);
            return;
        }
        let done = Gate::default();
        for _ in 0..2 {
            let (pool_, done, leaves) = (pool.clone(), done.clone(), leaves.clone());
            submit(pool, move || {
                tree(&pool_, depth - 1, leaves);
                done.count();
            });
        }
        done.wait_for(2);
    }
    let (pool, leaves) = (pool(256), counter());
    tree(&pool, 6, leaves.clone());
    assert_eq!(read(&leaves), 64);
    close(&pool);
}

#[test]
fn one_thread_runs_all_jobs_in_order() {
    let (pool, done) = (pool(1), Gate::default());
    for number in 1..=1000 {
        let done = done.clone();
        submit(&pool, move || assert_eq!(done.count(), number));
    }
    done.wait_for(1000);
    assert_eq!(pool.metrics().threads, 1);
    close(&pool);
}

#[test]
fn there_are_never_more_threads_than_the_limit() {
    const LIMIT: usize = 5;
    let (pool, done, running) = (pool(LIMIT), Gate::default(), counter());
    for _ in 0..2000 {
        let (done, running) = (done.clone(), running.clone());
        submit(&pool, move || {
            assert!(running.fetch_add(1, Ordering::SeqCst) < LIMIT);
            thread::yield_now();
            running.fetch_sub(1, Ordering::SeqCst);
            done.count();
        });
    }
    done.wait_for(2000);
    assert!(pool.metrics().threads <= LIMIT);
    close(&pool);
}

#[test]
fn no_job_is_lost_while_threads_time_out() {
    let pool = Pool::new(Config {
        keep_alive: Duration::from_micros(20),
        ..config(4)
    });
    let done = Gate::default();
    for round in 1..=3000 {
        let mine = done.clone();
        submit(&pool, move || {
            mine.count();
        });
        // Now the thread falls asleep and times out while the next job arrives.
        if round % 3 == 0 {
            done.wait_for(round);
        }
    }
    done.wait_for(3000);
    close(&pool);
}

#[test]
fn a_pool_without_threads_is_refused() {
    let made = std::panic::catch_unwind(|| pool(0));
    assert!(made.is_err());
}
