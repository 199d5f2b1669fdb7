//! Programs in which nobody is stuck.

use std::time::{Duration, Instant};

use runtime::runtime::Runtime;
use runtime::task::yield_now;
use runtime_tests::flavor::{Flavor, on_multi_thread};

/// Far more than a loaded machine takes from a thread at once; with the usual threshold a poll that
/// the machine has interrupted looks stuck, and rightly so.
const THRESHOLD: Duration = Duration::from_secs(1);
const DURATION: Duration = Duration::from_millis(2_500);

async fn work(deadline: Instant) {
    while Instant::now() < deadline {
        let children: Vec<_> = (0..50)
            .map(|_| {
                runtime::spawn(async {
                    for _ in 0..50 {
                        yield_now().await;
                    }
                })
            })
            .collect();
        for child in children {
            child.await.unwrap();
        }
        runtime::time::sleep(Duration::from_millis(1)).await;
    }
}

fn assert_calm(rt: &Runtime, flavor: Flavor) {
    let metrics = rt.metrics();
    let seen = (metrics.spares(), metrics.rescues(), metrics.stalls());
    assert_eq!(seen, (0, 0, 0), "spares, rescues, stalls on {flavor}");
}

#[test]
fn no_spare_comes_for_tasks_that_never_block() {
    on_multi_thread(|flavor| {
        let mut builder = flavor.builder();
        builder.rescue_threshold(THRESHOLD);
        let rt = builder.stall_threshold(THRESHOLD).build().unwrap();
        let deadline = Instant::now() + DURATION;
        let tasks: Vec<_> = (0..4).map(|_| rt.spawn(work(deadline))).collect();
        while Instant::now() < deadline {
            assert_calm(&rt, flavor);
            std::thread::sleep(Duration::from_millis(1));
        }
        for task in tasks {
            rt.block_on(task).unwrap();
        }
        assert_calm(&rt, flavor);
    });
}
