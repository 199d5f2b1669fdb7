//! The system gives no more threads.

use std::io;

use super::*;
use crate::blocking::pool_threads::refusal::refuse_next;

#[test]
fn a_job_comes_back_if_there_is_no_thread_at_all() {
    let pool = pool(4);
    refuse_next(1);
    let ran = counter();
    let counted = ran.clone();
    match pool.submit(call(move || bump(&counted))) {
        Err(SubmitError::NoThread(job, error)) => {
            assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
            job.run();
        }
        _ => panic!("the job was accepted"),
    }
    assert_eq!(read(&ran), 1);
    let metrics = pool.metrics();
    assert_eq!((metrics.threads, metrics.idle, metrics.queued), (0, 0, 0));
    meet(&pool, 4);
    close(&pool);
}

#[test]
fn a_job_waits_for_a_running_one_if_no_other_thread_can_be_had() {
    let (pool, held, done) = (pool(4), Arc::new(Barrier::new(2)), Gate::default());
    let holder = held.clone();
    submit(&pool, move || {
        holder.wait();
    });
    while pool.metrics().queued > 0 {
        std::thread::yield_now();
    }
    for _ in 0..3 {
        let done = done.clone();
        refuse_next(1);
        submit(&pool, move || {
            done.count();
        });
    }
    assert_eq!((pool.metrics().threads, pool.metrics().queued), (1, 3));
    held.wait();
    done.wait_for(3);
    close(&pool);
}

#[test]
fn the_next_submission_makes_up_for_threads_that_were_refused() {
    let (pool, meeting, done) = (pool(8), Arc::new(Barrier::new(8)), Gate::default());
    for number in 0..8 {
        if (1..7).contains(&number) {
            refuse_next(1);
        }
        let (meeting, done) = (meeting.clone(), done.clone());
        submit(&pool, move || {
            meeting.wait();
            done.count();
        });
        refuse_next(0);
    }
    done.wait_for(8);
    close(&pool);
}

#[test]
fn no_job_is_left_behind_when_threads_are_refused_at_random() {
    for seed in 1..64 {
        let (pool, settled) = (pool(3), Gate::default());
        std::thread::scope(|scope| {
            for submitter in 0..3 {
                let (pool, settled) = (&pool, &settled);
                scope.spawn(move || {
                    for number in 0..4 {
                        refuse_next((seed >> (submitter * 2 + number % 2)) & 1);
                        let (ran, cancelled) = (settled.clone(), settled.clone());
                        let job = Call {
                            run: Box::new(move || _ = ran.count()),
                            cancel: Box::new(move || _ = cancelled.count()),
                        };
                        if let Err(SubmitError::NoThread(job, _)) = pool.submit(job) {
                            job.cancel();
                        }
                    }
                });
            }
        });
        settled.wait_for(12);
        close(&pool);
    }
}
