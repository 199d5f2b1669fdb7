//! Panics of user code cost the pool nothing: no thread, no count, no other job.

use std::panic::panic_any;

use super::*;
use crate::util::callback::Callback;

/// Panics when dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("dropped");
    }
}

#[test]
fn a_panic_in_a_job_its_drop_or_its_payload_leaves_the_thread_in_place() {
    let pool = pool(1);
    submit(&pool, || panic!("in the job"));
    submit(&pool, || drop(Bomb));
    submit(&pool, || panic_any(Bomb));
    meet(&pool, 1);
    settle(&pool);
    let metrics = pool.metrics();
    assert_eq!((metrics.threads, metrics.idle), (1, 1));
    close(&pool);
}

#[test]
fn a_panic_in_a_cancelled_job_spares_the_others() {
    let (pool, held, cancelled) = (pool(1), Arc::new(Barrier::new(2)), counter());
    let holder = held.clone();
    submit(&pool, move || {
        holder.wait();
    });
    for _ in 0..3 {
        let cancelled = cancelled.clone();
        let job = Call {
            run: Box::new(|| {}),
            cancel: Box::new(move || {
                bump(&cancelled);
                panic_any(Bomb);
            }),
        };
        assert!(pool.submit(job).is_ok());
    }
    while pool.metrics().queued > 3 {
        std::thread::yield_now();
    }
    pool.shutdown();
    assert_eq!(read(&cancelled), 3);
    held.wait();
    assert!(pool.wait(None));
}

#[test]
fn a_panic_in_a_hook_or_in_the_name_stops_no_thread() {
    let pool = Pool::new(Config {
        thread_name: Arc::new(|| panic!("in the name")),
        on_start: Callback::new(|| panic!("at the start")),
        on_stop: Callback::new(|| panic!("at the end")),
        ..config(4)
    });
    let name = Gate::default();
    let seen = name.clone();
    submit(&pool, move || {
        assert_eq!(std::thread::current().name(), Some("rt-blocking"));
        seen.count();
    });
    name.wait_for(1);
    meet(&pool, 4);
    close(&pool);
}
