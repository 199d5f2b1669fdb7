//! Panics on the threads for blocking calls.

use std::panic::panic_any;
use std::sync::{Arc, Barrier};

use runtime_tests::flavor::on_every_flavor;
use runtime_tests::reported::{PanicsOnDrop, text};
use runtime_tests::wait;

#[test]
fn a_panic_in_a_closure_goes_to_whoever_awaits_it() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let task = rt.spawn_blocking(|| panic!("the closure panics"));
        let error = rt.block_on(task).unwrap_err();
        assert_eq!(text(&*error.into_panic()), "the closure panics");
    });
}

#[test]
fn whatever_a_closure_panics_with_its_thread_serves_on() {
    const THREADS: usize = 3;
    on_every_flavor(|flavor| {
        let rt = flavor
            .builder()
            .max_blocking_threads(THREADS)
            .build()
            .unwrap();
        for _ in 0..20 {
            drop(rt.spawn_blocking(|| panic!("nobody awaits this")));
            drop(rt.spawn_blocking(|| panic_any(PanicsOnDrop(3))));
            drop(rt.spawn_blocking(|| PanicsOnDrop(3)));
            let captured = PanicsOnDrop(3);
            drop(rt.spawn_blocking(move || drop(captured)));
        }
        let meeting = Arc::new(Barrier::new(THREADS));
        let meet = |_| {
            let meeting = meeting.clone();
            rt.spawn_blocking(move || meeting.wait().is_leader())
        };
        let tasks: Vec<_> = (0..THREADS).map(meet).collect();
        for task in tasks {
            rt.block_on(task).unwrap();
        }
        wait::until("all threads are idle", || {
            rt.metrics().num_idle_blocking_threads() == THREADS
        });
        assert_eq!(rt.metrics().num_blocking_threads(), THREADS);
    });
}
