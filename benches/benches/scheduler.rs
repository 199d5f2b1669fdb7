//! The scheduler's workloads under Criterion, each on every runtime.
//!
//! `cargo bench -p runtime-benches -- spawn_join/2` measures one workload at two workers.
//! Criterion takes the runtimes one after another; for ratios that a drifting machine does
//! not bend, use the `report`.

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use runtime_benches::UnderTest;
use runtime_benches::under_test::{Ours, Smol, Tokio};
use runtime_benches::workload;

const WORKERS: [usize; 3] = [1, 2, 4];

fn scheduler(criterion: &mut Criterion) {
    for index in 0..workload::names().len() {
        for workers in WORKERS {
            bench::<Ours>(criterion, index, workers);
            bench::<Tokio>(criterion, index, workers);
            bench::<Smol>(criterion, index, workers);
        }
    }
}

fn bench<R: UnderTest>(criterion: &mut Criterion, index: usize, workers: usize) {
    let workload = workload::all::<R>().swap_remove(index);
    let mut group = criterion.benchmark_group(format!("{}/{workers}", workload.name));
    group.throughput(Throughput::Elements(workload.operations.into()));
    group.bench_function(BenchmarkId::from_parameter(R::NAME), |bencher| {
        let runtime = R::build(workers).expect("the machine can start a runtime");
        bencher
            .iter_custom(|runs| -> Duration { (0..runs).map(|_| (workload.run)(&runtime)).sum() });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1));
    targets = scheduler
}
criterion_main!(benches);
