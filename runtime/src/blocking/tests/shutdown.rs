//! Submitting during and after a shutdown, and waiting for its end.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::*;

/// Occupies the only thread of a pool until the sender is dropped.
fn occupy(pool: &Pool<Call>) -> mpsc::Sender<()> {
    let (release, released) = mpsc::channel::<()>();
    let started = Gate::default();
    let at_start = started.clone();
    submit(pool, move || {
        at_start.count();
        let _ = released.recv();
    });
    started.wait_for(1);
    release
}

#[test]
fn a_job_comes_back_from_a_pool_that_is_shut_down() {
    for threads in [0, 3] {
        let pool = pool(4);
        (0..threads).for_each(|_| submit(&pool, || {}));
        close(&pool);
        let ran = counter();
        let counted = ran.clone();
        match pool.submit(call(move || bump(&counted))) {
            Err(SubmitError::ShutDown(job)) => job.run(),
            _ => panic!("the job was accepted"),
        }
        assert_eq!(read(&ran), 1);
        assert_eq!(pool.metrics().threads, 0);
    }
}

#[test]
fn shutdown_cancels_what_is_queued_and_lets_what_runs_finish() {
    let pool = pool(1);
    let release = occupy(&pool);
    let (ran, cancelled) = (counter(), counter());
    for _ in 0..10 {
        let (ran, cancelled) = (ran.clone(), cancelled.clone());
        let job = Call {
            run: Box::new(move || bump(&ran)),
            cancel: Box::new(move || bump(&cancelled)),
        };
        assert!(pool.submit(job).is_ok());
    }
    pool.shutdown();
    assert_eq!((read(&ran), read(&cancelled)), (0, 10));
    assert!(!pool.wait(Some(Duration::from_millis(10))), "a job runs");
    assert!(!pool.wait(Some(Duration::ZERO)), "a job runs");
    drop(release);
    assert!(pool.wait(Some(Duration::from_secs(60))));
    assert_eq!((read(&ran), read(&cancelled)), (0, 10));
}

#[test]
fn each_job_submitted_during_a_shutdown_is_run_cancelled_or_handed_back() {
    const SUBMITTERS: usize = 3;
    const JOBS: usize = 200;
    for _ in 0..20 {
        let pool = pool(8);
        let (settled, ready) = (counter(), Barrier::new(SUBMITTERS + 1));
        let job = || {
            let (ran, cancelled) = (settled.clone(), settled.clone());
            Call {
                run: Box::new(move || bump(&ran)),
                cancel: Box::new(move || bump(&cancelled)),
            }
        };
        thread::scope(|scope| {
            for _ in 0..SUBMITTERS {
                scope.spawn(|| {
                    ready.wait();
                    for _ in 0..JOBS {
                        if let Err(SubmitError::ShutDown(job)) = pool.submit(job()) {
                            job.cancel();
                        }
                    }
                });
            }
            ready.wait();
            thread::yield_now();
            close(&pool);
        });
        assert_eq!(read(&settled), SUBMITTERS * JOBS);
    }
}

#[test]
fn a_second_shutdown_changes_nothing() {
    let pool = pool(2);
    meet(&pool, 2);
    close(&pool);
    close(&pool);
}

#[test]
fn a_job_may_shut_its_pool_down_and_is_not_kept_waiting() {
    let (pool, done) = (pool(2), Gate::default());
    let (inside, at_end) = (pool.clone(), done.clone());
    submit(&pool, move || {
        inside.shutdown();
        assert!(!inside.wait(None), "this thread has not ended");
        at_end.count();
    });
    done.wait_for(1);
    assert!(pool.wait(None));
}

#[test]
fn several_may_wait() {
    let pool = pool(1);
    let release = occupy(&pool);
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| assert!(pool.wait(None)));
        }
        pool.shutdown();
        drop(release);
    });
}

#[test]
fn a_cancelled_job_may_submit() {
    let pool = pool(1);
    let release = occupy(&pool);
    let (again, refused) = (pool.clone(), counter());
    let counted = refused.clone();
    let job = Call {
        run: Box::new(|| {}),
        cancel: Box::new(move || {
            if again.submit(call(|| {})).is_err() {
                bump(&counted);
            }
        }),
    };
    assert!(pool.submit(job).is_ok());
    pool.shutdown();
    assert_eq!(read(&refused), 1);
    drop(release);
    assert!(pool.wait(None));
}
