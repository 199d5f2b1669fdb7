//! Threads that have left the runtime, and are kept by the drop of a thread-local value.

use std::cell::RefCell;
use std::sync::mpsc::{Receiver, Sender, channel};

use runtime::runtime::Runtime;
use runtime::time::Duration;
use runtime_tests::alone;
use runtime_tests::count::Counter;
use runtime_tests::flavor::{Flavor, on_every_flavor};
use runtime_tests::wait;

/// Its drop waits for the end of the test.
struct Keeper {
    dropping: Counter,
    released: Receiver<()>,
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.dropping.raise();
        let _ = self.released.recv();
    }
}

const SHUTDOWNS: [fn(Runtime); 2] = [
    |rt| rt.shutdown_timeout(Duration::from_millis(10)),
    Runtime::shutdown_background,
];

thread_local! {
    static KEEPER: RefCell<Option<Keeper>> = const { RefCell::new(None) };
}

/// Has the thread of `run` kept at its end, until the sender is dropped.
fn keep(dropping: &Counter, run: impl FnOnce(Box<dyn FnOnce() + Send>)) -> Sender<()> {
    let (release, released) = channel();
    let keeper = Keeper {
        dropping: dropping.clone(),
        released,
    };
    run(Box::new(move || KEEPER.set(Some(keeper))));
    release
}

#[test]
fn a_bounded_shutdown_does_not_wait_for_the_drop_of_a_thread_local_value() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            for shut_down in SHUTDOWNS {
                let (rt, dropping) = (flavor.build(), Counter::new());
                let mut kept = vec![keep(&dropping, |set| {
                    rt.block_on(rt.spawn_blocking(set)).unwrap();
                })];
                if flavor != Flavor::CurrentThread {
                    kept.push(keep(&dropping, |set| {
                        rt.block_on(rt.spawn(async { set() })).unwrap();
                    }));
                }
                shut_down(rt);
                wait::until("the values are dropped", || dropping.get() == kept.len());
                drop(kept);
            }
        });
    });
}
