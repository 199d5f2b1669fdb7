//! Two hundred runtimes, one after the other: threads, descriptors and memory are back each time.

use std::sync::{Arc, Weak};

use runtime::net::TcpListener;
use runtime::runtime::Runtime;
use runtime::time::{Duration, sleep};
use runtime_tests::alone;
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::process::{assert_threads, descriptors, threads};

/// Uses everything that a runtime has, and leaves tasks behind that hold `captured`.
fn use_it(rt: &Runtime, captured: &Arc<()>) {
    let held = captured.clone();
    rt.block_on(async move {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let kept = held.clone();
        runtime::spawn(async move {
            let _kept = kept;
            let _ = listener.accept().await;
        });
        let kept = held.clone();
        runtime::spawn(async move {
            let _kept = kept;
            sleep(Duration::from_secs(3600)).await;
        });
        let used = runtime::task::spawn_blocking(move || drop(held));
        used.await.unwrap();
        sleep(Duration::from_micros(100)).await;
    });
}

#[test]
fn a_runtime_leaves_nothing_behind() {
    alone::run(|| {
        let (threads, descriptors_before) = (threads(), descriptors());
        let mut captured: Vec<Weak<()>> = Vec::new();
        for _ in 0..40 {
            on_every_flavor(|flavor| {
                let rt = flavor.build();
                let held = Arc::new(());
                captured.push(Arc::downgrade(&held));
                use_it(&rt, &held);
                drop(held);
                drop(rt);
                assert_eq!(descriptors(), descriptors_before, "on {flavor}");
            });
        }
        assert_eq!(captured.len(), 200);
        assert!(captured.iter().all(|weak| weak.strong_count() == 0));
        assert_threads(threads);
    });
}

#[test]
fn a_runtime_that_was_not_waited_for_leaves_nothing_behind() {
    alone::run(|| {
        let (threads, descriptors_before) = (threads(), descriptors());
        for _ in 0..40 {
            on_every_flavor(|flavor| {
                let rt = flavor.build();
                use_it(&rt, &Arc::new(()));
                rt.shutdown_background();
            });
        }
        assert_threads(threads);
        assert_eq!(descriptors(), descriptors_before);
    });
}
