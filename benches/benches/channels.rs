//! Channels of several crates under Criterion, all on this workspace's runtime.
//!
//! `cargo bench -p runtime-benches --bench channels -- mpsc_1p1c/2` measures one workload at two
//! workers.

use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use runtime_benches::UnderTest;
use runtime_benches::under_test::{AsyncChannel, Mpsc, Ours, Tokio};
use runtime_benches::workload;

const WORKERS: [usize; 3] = [1, 2, 4];

enum Flume {}

impl Mpsc for Flume {
    const NAME: &'static str = "flume";
    type Sender = flume::Sender<u32>;
    type Receiver = flume::Receiver<u32>;

    fn channel(capacity: usize) -> (Self::Sender, Self::Receiver) {
        flume::bounded(capacity)
    }

    async fn send(sender: &Self::Sender, number: u32) {
        let sent = sender.send_async(number).await;
        sent.expect("the receiver is there");
    }

    async fn recv(receiver: &mut Self::Receiver) -> Option<u32> {
        receiver.recv_async().await.ok()
    }
}

enum Kanal {}

impl Mpsc for Kanal {
    const NAME: &'static str = "kanal";
    type Sender = kanal::AsyncSender<u32>;
    type Receiver = kanal::AsyncReceiver<u32>;

    fn channel(capacity: usize) -> (Self::Sender, Self::Receiver) {
        kanal::bounded_async(capacity)
    }

    async fn send(sender: &Self::Sender, number: u32) {
        sender.send(number).await.expect("the receiver is there");
    }

    async fn recv(receiver: &mut Self::Receiver) -> Option<u32> {
        receiver.recv().await.ok()
    }
}

fn channels(criterion: &mut Criterion) {
    for index in 0..workload::of_mpsc::<Ours, Kanal>().len() {
        for workers in WORKERS {
            bench::<<Ours as UnderTest>::Mpsc>(criterion, index, workers);
            bench::<<Tokio as UnderTest>::Mpsc>(criterion, index, workers);
            bench::<AsyncChannel>(criterion, index, workers);
            bench::<Flume>(criterion, index, workers);
            bench::<Kanal>(criterion, index, workers);
        }
    }
}

fn bench<C: Mpsc>(criterion: &mut Criterion, index: usize, workers: usize) {
    let workload = workload::of_mpsc::<Ours, C>().swap_remove(index);
    let mut group = criterion.benchmark_group(format!("{}/{workers}", workload.name));
    group.throughput(Throughput::Elements(workload.operations.into()));
    group.bench_function(BenchmarkId::from_parameter(C::NAME), |bencher| {
        let runtime = Ours::build(workers).expect("the machine can start a runtime");
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
    targets = channels
}
criterion_main!(benches);
