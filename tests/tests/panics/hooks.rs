//! Hooks that panic: the runtime goes on as if they had returned.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use runtime::runtime::Builder;
use runtime::time::{Duration, sleep};
use runtime_tests::count::Counter;
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::reported::panic_counted;

use super::assert_all_workers_live;

type SetHook = fn(&mut Builder, Counter) -> &mut Builder;

const HOOKS: [(&str, SetHook); 4] = [
    ("start", |builder, called| {
        builder.on_thread_start(move || panic_counted(&called))
    }),
    ("stop", |builder, called| {
        builder.on_thread_stop(move || panic_counted(&called))
    }),
    ("park", |builder, called| {
        builder.on_thread_park(move || panic_counted(&called))
    }),
    ("unpark", |builder, called| {
        builder.on_thread_unpark(move || panic_counted(&called))
    }),
];

#[test]
fn a_hook_that_panics_stops_nothing() {
    on_every_flavor(|flavor| {
        for (name, set) in HOOKS {
            let called = Counter::new();
            let rt = set(&mut flavor.builder(), called.clone()).build().unwrap();
            rt.block_on(async {
                for _ in 0..3 {
                    sleep(Duration::from_millis(1)).await;
                }
                let blocking = runtime::task::spawn_blocking(|| 7);
                assert_eq!(blocking.await.unwrap(), 7);
            });
            assert_all_workers_live(&rt, flavor);
            drop(rt);
            assert!(called.get() > 0, "{name} was never called on {flavor}");
        }
    });
}

/// Threads that were started before the panic must not be left behind, nor descriptors.
#[test]
#[cfg(target_os = "linux")]
fn a_thread_name_that_panics_leaves_nothing_behind() {
    use runtime_tests::process::{assert_threads, descriptors, threads};

    runtime_tests::alone::run(|| {
        let (threads, descriptors_before) = (threads(), descriptors());
        on_every_flavor(|flavor| {
            let named = AtomicUsize::new(0);
            let mut builder = flavor.builder();
            builder.thread_name_fn(move || {
                assert_eq!(named.fetch_add(1, Ordering::Relaxed), 0, "no second name");
                "first".to_owned()
            });
            drop(catch_unwind(AssertUnwindSafe(|| builder.build())));
            assert_eq!(descriptors(), descriptors_before, "on {flavor}");
            assert_threads(threads);
        });
    });
}

/// std panics on such a name.
#[test]
fn a_thread_name_with_a_nul_is_no_reason_to_panic() {
    on_every_flavor(|flavor| {
        let rt = flavor.builder().thread_name("a\0b").build().unwrap();
        let closure = rt.spawn_blocking(|| 7);
        assert_eq!(rt.block_on(closure).unwrap(), 7);
    });
}
