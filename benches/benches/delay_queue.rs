//! A million values in our `DelayQueue` and in that of tokio-util, under Criterion.

use std::future::poll_fn;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use runtime_benches::UnderTest;
use runtime_benches::under_test::{Ours, Tokio};

const VALUES: u64 = 1_000_000;

/// The workloads of a queue; both queues have the same methods, but share no trait.
macro_rules! of_queue {
    ($name:ident, $runtime:ty, $($queue:tt)+) => {
        mod $name {
            use super::*;

            pub(super) fn add_to(criterion: &mut Criterion) {
                let runtime = <$runtime>::build(1).expect("the machine can start a runtime");
                let mut add = |workload: &str, run: fn(&$runtime) -> Duration| {
                    criterion.bench_function(&format!("{workload}/{}", stringify!($name)), |it| {
                        it.iter_custom(|runs| (0..runs).map(|_| run(&runtime)).sum());
                    });
                };
                add("insert_expire", |runtime| runtime.block_on(insert_expire()));
                add("insert_remove", |runtime| runtime.block_on(insert_remove()));
                add("reset", |runtime| runtime.block_on(reset()));
            }

            async fn insert_expire() -> Duration {
                let started = Instant::now();
                let mut queue = $($queue)+::new();
                for value in 0..VALUES {
                    queue.insert(value, scattered(value, Duration::from_millis(50)));
                }
                while poll_fn(|cx| queue.poll_expired(cx)).await.is_some() {}
                started.elapsed()
            }

            async fn insert_remove() -> Duration {
                let started = Instant::now();
                let mut queue = $($queue)+::new();
                let far = |value| queue.insert(value, scattered(value, HOUR));
                let keys: Vec<_> = (0..VALUES).map(far).collect();
                for key in keys {
                    queue.remove(&key);
                }
                started.elapsed()
            }

            async fn reset() -> Duration {
                let mut queue = $($queue)+::new();
                let far = |value| queue.insert(value, scattered(value, HOUR));
                let mut keys: Vec<_> = (0..VALUES).map(far).collect();
                for from in 0..VALUES {
                    keys.swap(from as usize, (scatter(from) % VALUES) as usize);
                }
                let started = Instant::now();
                for (number, key) in keys.iter().enumerate() {
                    queue.reset(key, scattered(number as u64 + 7, HOUR));
                }
                started.elapsed()
            }
        }
    };
}

of_queue!(runtime, Ours, ::runtime::time::DelayQueue);
of_queue!(tokio_util, Tokio, ::tokio_util::time::DelayQueue);

const HOUR: Duration = Duration::from_secs(3600);

/// A duration below `bound`, as good as random.
fn scattered(number: u64, bound: Duration) -> Duration {
    Duration::from_nanos(scatter(number) % bound.as_nanos() as u64)
}

fn scatter(number: u64) -> u64 {
    number.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(32)
}

fn delay_queues(criterion: &mut Criterion) {
    runtime::add_to(criterion);
    tokio_util::add_to(criterion);
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(3));
    targets = delay_queues
}
criterion_main!(benches);
