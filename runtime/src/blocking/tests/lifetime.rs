//! Threads begin and end as told.

use std::cell::RefCell;
use std::thread;
use std::time::Duration;

use super::*;
use crate::util::callback::Callback;

fn counting_hooks(config: Config) -> (Config, Arc<AtomicUsize>, Arc<AtomicUsize>) {
    let (started, stopped) = (counter(), counter());
    let (on_start, on_stop) = (started.clone(), stopped.clone());
    let config = Config {
        on_start: Callback::new(move || bump(&on_start)),
        on_stop: Callback::new(move || bump(&on_stop)),
        ..config
    };
    (config, started, stopped)
}

#[test]
fn threads_leave_when_they_have_had_no_work_for_the_keep_alive_time() {
    let (config, started, stopped) = counting_hooks(Config {
        keep_alive: Duration::from_millis(1),
        ..config(8)
    });
    let pool = Pool::new(config);
    for round in 1..=3 {
        meet(&pool, 8);
        assert!(pool.wait(None), "nothing but the keep-alive time ends them");
        assert_eq!(read(&started), read(&stopped));
        assert!(read(&started) >= 8 * round);
    }
}

#[test]
fn threads_without_a_keep_alive_time_leave_at_once() {
    let pool = Pool::new(Config {
        keep_alive: Duration::ZERO,
        ..config(8)
    });
    meet(&pool, 8);
    assert!(pool.wait(None));
}

#[test]
fn an_endless_keep_alive_time_is_none_too_long() {
    let pool = Pool::new(Config {
        keep_alive: Duration::MAX,
        ..config(2)
    });
    meet(&pool, 2);
    meet(&pool, 2);
    close(&pool);
}

#[test]
fn idle_threads_are_used_again() {
    let (config, started, _) = counting_hooks(config(8));
    let pool = Pool::new(config);
    meet(&pool, 8);
    for _ in 0..100 {
        settle(&pool);
        meet(&pool, 8);
    }
    assert_eq!(read(&started), 8);
    close(&pool);
}

#[test]
fn hooks_run_on_each_thread() {
    let (config, started, stopped) = counting_hooks(config(4));
    let pool = Pool::new(config);
    meet(&pool, 4);
    assert_eq!((read(&started), read(&stopped)), (4, 0));
    close(&pool);
    assert_eq!((read(&started), read(&stopped)), (4, 4));
}

#[test]
fn threads_have_the_names_they_are_given() {
    let numbers = Gate::default();
    let pool = Pool::new(Config {
        thread_name: Arc::new(move || format!("rt-\0blocking-{}", numbers.count())),
        stack_size: Some(256 * 1024),
        ..config(1)
    });
    let done = Gate::default();
    let at_end = done.clone();
    submit(&pool, move || {
        assert_eq!(thread::current().name(), Some("rt-blocking-1"));
        at_end.count();
    });
    done.wait_for(1);
    close(&pool);
}

#[test]
fn a_thread_in_its_stop_hook_is_waited_for_and_keeps_no_job_waiting() {
    let (released, first) = (Gate::default(), counter());
    let hook_waits = released.clone();
    let pool = Pool::new(Config {
        keep_alive: Duration::ZERO,
        on_stop: Callback::new(move || {
            if first.fetch_add(1, Ordering::SeqCst) == 0 {
                hook_waits.wait_for(1);
            }
        }),
        ..config(1)
    });
    for _ in 0..2 {
        meet(&pool, 1);
        while pool.metrics().threads > 0 {
            thread::yield_now();
        }
    }
    assert!(!pool.wait(Some(Duration::from_millis(10))), "a hook runs");
    released.count();
    assert!(pool.wait(None));
}

/// A thread-local whose destructor is still busy when the threads that leave later have ended.
struct Slow {
    stopped: Arc<AtomicUsize>,
    destroyed: Arc<AtomicUsize>,
}

impl Drop for Slow {
    fn drop(&mut self) {
        while read(&self.stopped) < 8 {
            thread::yield_now();
        }
        // Whoever waits is to be caught not waiting: the longer, the surer.
        thread::sleep(Duration::from_millis(50));
        bump(&self.destroyed);
    }
}

thread_local!(static SLOW: RefCell<Option<Slow>> = const { RefCell::new(None) });

#[test]
fn a_join_of_the_last_thread_lasts_until_thread_locals_are_destroyed() {
    let (config, _, stopped) = counting_hooks(config(8));
    let (pool, destroyed) = (Pool::new(config), counter());
    let slow = Slow {
        stopped,
        destroyed: destroyed.clone(),
    };
    submit(&pool, || SLOW.set(Some(slow)));
    meet(&pool, 8);
    close(&pool);
    let last = pool.take_last_thread().expect("some have left");
    last.join().expect("it does not panic");
    assert_eq!(read(&destroyed), 1);
}

#[test]
fn metrics_tell_the_running_from_the_idle() {
    let (pool, gate, done) = (pool(2), Arc::new(Barrier::new(3)), Gate::default());
    let submit_waiting = || {
        let (gate, done) = (gate.clone(), done.clone());
        submit(&pool, move || {
            gate.wait();
            done.count();
        });
    };
    assert_eq!(pool.metrics().threads, 0);
    submit_waiting();
    submit_waiting();
    while pool.metrics().queued > 0 {
        thread::yield_now();
    }
    submit(&pool, || {});
    let metrics = pool.metrics();
    assert_eq!((metrics.threads, metrics.idle, metrics.queued), (2, 0, 1));
    gate.wait();
    done.wait_for(2);
    settle(&pool);
    let metrics = pool.metrics();
    assert_eq!((metrics.threads, metrics.idle, metrics.queued), (2, 2, 0));
    close(&pool);
}
