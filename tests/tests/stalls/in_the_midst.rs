//! The runtime ends while its tasks are stuck, block in place, come and go.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;

use runtime::runtime::Runtime;
use runtime::task::{block_in_place, yield_now};
use runtime::time::sleep;
use runtime_tests::alone;
use runtime_tests::count::Counter;
use runtime_tests::flavor::Flavor;
use runtime_tests::process::assert_threads;
use runtime_tests::wait;

const KEEP_ALIVE: Duration = Duration::from_millis(100);
const MOMENT: Duration = Duration::from_millis(5);
const SIZES: [usize; 4] = [1, 2, 9, 16];

/// Tasks of many kinds, each of which must be dropped once.
struct Turmoil {
    dropped: Counter,
    spawned: usize,
    gates: Vec<Sender<()>>,
    over: Arc<AtomicBool>,
}

impl Turmoil {
    /// Starts some of each kind, and waits until a few of them block.
    fn start(rt: &Runtime, each: usize) -> Self {
        let mut turmoil = Turmoil {
            dropped: Counter::new(),
            spawned: 0,
            gates: Vec::new(),
            over: Arc::default(),
        };
        let begun = Counter::new();
        for _ in 0..each {
            turmoil.spawn_blocked(rt, begun.clone(), |block| block());
            turmoil.spawn_blocked(rt, begun.clone(), |block| block_in_place(block));
            turmoil.spawn_restless(rt, || thread::sleep(MOMENT));
            turmoil.spawn_restless(rt, || block_in_place(|| thread::sleep(MOMENT)));
            turmoil.spawn_restless(rt, || {
                drop(runtime::spawn(async {
                    block_in_place(|| thread::sleep(MOMENT))
                }));
            });
        }
        wait::until("some block", || begun.get() >= each);
        turmoil
    }

    fn spawn_blocked(
        &mut self,
        rt: &Runtime,
        begun: Counter,
        how: impl FnOnce(&mut dyn FnMut()) + Send + 'static,
    ) {
        let on_drop = self.dropped.on_drop();
        let (gate, opens) = channel::<()>();
        self.gates.push(gate);
        self.spawned += 1;
        drop(rt.spawn(async move {
            let _on_drop = on_drop;
            how(&mut || {
                begun.raise();
                let _ = opens.recv();
            });
            // Awaits for ever: the end of the runtime drops it.
            sleep(Duration::from_secs(3_600)).await;
        }));
    }

    fn spawn_restless(&mut self, rt: &Runtime, act: impl Fn() + Send + 'static) {
        let (on_drop, over) = (self.dropped.on_drop(), self.over.clone());
        self.spawned += 1;
        drop(rt.spawn(async move {
            let _on_drop = on_drop;
            while !over.load(Ordering::SeqCst) {
                act();
                yield_now().await;
                sleep(Duration::from_millis(1)).await;
            }
        }));
    }

    fn release(&mut self) {
        self.gates.clear();
    }

    /// Waits until all are dropped.
    fn end(self) {
        wait::until("each task is dropped", || {
            self.dropped.get() == self.spawned
        });
        self.over.store(true, Ordering::SeqCst);
    }
}

/// `end` gets the runtime, and the release for another thread or for afterwards.
fn ends_amid_it(end: fn(Runtime, &mut Turmoil)) {
    for workers in SIZES {
        eprintln!("with {workers} workers");
        let before = runtime_tests::process::threads();
        let mut builder = Flavor::MultiThread(workers).builder();
        let rt = builder.thread_keep_alive(KEEP_ALIVE).build().unwrap();
        let mut turmoil = Turmoil::start(&rt, 2 * workers);
        end(rt, &mut turmoil);
        turmoil.end();
        assert_threads(before);
    }
}

#[test]
fn its_drop_waits_for_those_that_block() {
    alone::run(|| {
        ends_amid_it(|rt, turmoil| {
            thread::scope(|scope| {
                let gates = std::mem::take(&mut turmoil.gates);
                let ends = scope.spawn(|| drop(rt));
                scope.spawn(|| drop(gates));
                ends.join().unwrap();
            });
        });
    });
}

#[test]
fn a_bounded_shutdown_leaves_those_that_block_behind() {
    alone::run(|| {
        ends_amid_it(|rt, turmoil| {
            rt.shutdown_timeout(MOMENT);
            turmoil.release();
        });
    });
}

#[test]
fn a_shutdown_in_the_background_waits_for_nobody() {
    alone::run(|| {
        ends_amid_it(|rt, turmoil| {
            rt.shutdown_background();
            turmoil.release();
        });
    });
}
