//! A runtime for one thread: tasks that are not `Send` run on it, and never leave it.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod elsewhere;
mod refusals;
mod shutdown;

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::marker::PhantomData;
use std::panic::{RefUnwindSafe, UnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use runtime::runtime::{Builder, Handle, LocalOptions, LocalRuntime, RuntimeFlavor};
use runtime::task::{JoinHandle, spawn_local, yield_now};
use runtime_tests::count::Counter;
use runtime_tests::watchdog::Watchdog;

fn local() -> LocalRuntime {
    LocalRuntime::new().unwrap()
}

fn here() -> ThreadId {
    thread::current().id()
}

/// Where a future was polled and dropped, and its waker.
#[derive(Clone, Default)]
struct Record(Arc<Mutex<Notes>>);

#[derive(Default)]
struct Notes {
    polled_at: Vec<ThreadId>,
    dropped_at: Vec<ThreadId>,
    waker: Option<Waker>,
}

impl Record {
    fn polls(&self) -> usize {
        self.0.lock().unwrap().polled_at.len()
    }

    fn waker(&self) -> Waker {
        let notes = self.0.lock().unwrap();
        notes.waker.clone().expect("it was polled")
    }

    fn take_waker(&self) -> Option<Waker> {
        self.0.lock().unwrap().waker.take()
    }

    fn is_dropped(&self) -> bool {
        !self.0.lock().unwrap().dropped_at.is_empty()
    }

    /// Whether it was dropped, once, and nothing happened to it on any other thread than `home`.
    #[track_caller]
    fn assert_lived_at(&self, home: ThreadId) {
        let notes = self.0.lock().unwrap();
        assert!(notes.polled_at.iter().all(|thread| *thread == home));
        assert_eq!(notes.dropped_at, [home]);
    }
}

/// A future that is not `Send` and is never ready. It keeps a record of itself.
struct Resident {
    record: Record,
    _not_send: PhantomData<*const ()>,
}

impl Resident {
    fn new(record: &Record) -> Self {
        Resident {
            record: record.clone(),
            _not_send: PhantomData,
        }
    }
}

impl Future for Resident {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut notes = self.record.0.lock().unwrap();
        notes.polled_at.push(here());
        notes.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for Resident {
    fn drop(&mut self) {
        self.record.0.lock().unwrap().dropped_at.push(here());
    }
}

/// Spawns a resident and runs it until it waits.
fn settle(rt: &LocalRuntime, record: &Record) -> JoinHandle<()> {
    let task = rt.spawn_local(Resident::new(record));
    rt.block_on(until_polled(record, 1));
    task
}

async fn until_polled(record: &Record, times: usize) {
    while record.polls() < times {
        yield_now().await;
    }
}

mod tasks {
    use super::*;

    #[test]
    fn share_what_is_not_send() {
        let sum = Rc::new(Cell::new(0));
        let rt = local();
        let tasks: Vec<_> = (1..=10)
            .map(|n| {
                let sum = sum.clone();
                rt.spawn_local(async move {
                    yield_now().await;
                    sum.set(sum.get() + n);
                })
            })
            .collect();
        rt.block_on(async {
            for task in tasks {
                task.await.unwrap();
            }
        });
        assert_eq!((sum.get(), Rc::strong_count(&sum)), (55, 1));
    }

    #[test]
    fn give_outputs_that_are_not_send() {
        let rt = local();
        let task = rt.spawn_local(async { Rc::new(42) });
        assert_eq!(*rt.block_on(task).unwrap(), 42);
    }

    #[test]
    fn spawn_others_of_their_kind() {
        fn nested(depth: usize, ends: Rc<Cell<usize>>) -> Pin<Box<dyn Future<Output = ()>>> {
            Box::pin(async move {
                if depth > 0 {
                    let children = [(); 2].map(|()| spawn_local(nested(depth - 1, ends.clone())));
                    for child in children {
                        child.await.unwrap();
                    }
                }
                ends.set(ends.get() + 1);
            })
        }
        let ends = Rc::new(Cell::new(0));
        local().block_on(nested(5, ends.clone()));
        assert_eq!(ends.get(), 63);
    }

    #[test]
    fn spawned_under_a_guard_run_in_block_on() {
        let rt = local();
        let ran = Rc::new(Cell::new(false));
        let task = {
            let _guard = rt.enter();
            let ran = ran.clone();
            spawn_local(async move { ran.set(true) })
        };
        assert!(!ran.get());
        rt.block_on(task).unwrap();
        assert!(ran.get());
    }

    #[test]
    fn hand_a_panic_to_the_joiner() {
        let rt = local();
        let dropped = Counter::new();
        let in_task = dropped.on_drop();
        let task: JoinHandle<Rc<()>> = rt.spawn_local(async move {
            let _in_task = in_task;
            panic!("on purpose")
        });
        assert!(rt.block_on(task).unwrap_err().is_panic());
        assert_eq!(dropped.get(), 1);
    }

    #[test]
    fn that_are_send_run_among_them() {
        let rt = local();
        for task in [
            rt.spawn(async { here() }),
            rt.handle().spawn(async { here() }),
        ] {
            assert_eq!(rt.block_on(task).unwrap(), here());
        }
        let inside = rt.block_on(async { runtime::spawn(async { here() }).await });
        assert_eq!(inside.unwrap(), here());
    }

    #[test]
    fn of_two_runtimes_on_one_thread_stay_apart() {
        let (left, right) = (local(), local());
        let order = Rc::new(RefCell::new(Vec::new()));
        let note = |name: &'static str| {
            let order = order.clone();
            async move { order.borrow_mut().push(name) }
        };
        let of_right = right.spawn_local(note("right"));
        let of_left = left.spawn_local(note("left"));
        left.block_on(of_left).unwrap();
        assert_eq!(*order.borrow(), ["left"]);
        right.block_on(of_right).unwrap();
        assert_eq!(*order.borrow(), ["left", "right"]);
    }
}

mod services {
    use super::*;
    use futures_lite::{AsyncReadExt, AsyncWriteExt};
    use runtime::net::{TcpListener, TcpStream};

    #[test]
    fn timers_and_sockets_work() {
        let _watchdog = Watchdog::start("");
        local().block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let greeting = Rc::new(*b"hello");
            let server = spawn_local(async move {
                let (mut stream, _) = listener.accept().await.unwrap();
                runtime::time::sleep(Duration::from_millis(1)).await;
                stream.write_all(&*greeting).await.unwrap();
            });
            let mut stream = TcpStream::connect(address).await.unwrap();
            let mut text = String::new();
            stream.read_to_string(&mut text).await.unwrap();
            server.await.unwrap();
            assert_eq!(text, "hello");
        });
    }

    #[test]
    fn blocking_closures_run_on_other_threads() {
        let rt = local();
        let direct = rt.block_on(rt.spawn_blocking(here)).unwrap();
        let inside = rt.block_on(async { runtime::task::spawn_blocking(here).await.unwrap() });
        assert!(direct != here() && inside != here());
    }

    #[test]
    fn a_paused_clock_jumps() {
        let rt = Builder::new_current_thread()
            .start_paused(true)
            .build_local(LocalOptions::default())
            .unwrap();
        let started = Instant::now();
        let task = rt.spawn_local(async { runtime::time::sleep(Duration::from_secs(3600)).await });
        rt.block_on(task).unwrap();
        assert!(started.elapsed() < Duration::from_secs(60));
    }

    #[test]
    fn it_says_what_it_is() {
        let rt = Builder::new_current_thread()
            .name("home")
            .build_local(LocalOptions::default())
            .unwrap();
        drop(rt.spawn_local(pending::<()>()));
        assert_eq!(rt.metrics().num_workers(), 1);
        assert_eq!(rt.metrics().num_alive_tasks(), 1);
        assert_eq!(rt.handle().runtime_flavor(), RuntimeFlavor::CurrentThread);
        let of_task = rt.block_on(async { Handle::current() });
        assert_eq!(
            (of_task.name(), of_task.id()),
            (Some("home"), rt.handle().id())
        );
    }
}

#[test]
fn a_local_runtime_can_be_carried_past_a_panic() {
    fn holds<T: UnwindSafe + RefUnwindSafe>() {}
    holds::<LocalRuntime>();

    let rt = local();
    let task = rt.spawn_local(async { Rc::new(1) });
    let panicked = catch_unwind(|| rt.block_on(async { panic!("on purpose") }));
    assert!(panicked.is_err());
    assert_eq!(*rt.block_on(task).unwrap(), 1);
}

mod attributes {
    use super::*;

    #[runtime::main(flavor = "local")]
    async fn as_main() -> Rc<i32> {
        spawn_local(async { Rc::new(7) }).await.unwrap()
    }

    #[test]
    fn main_runs_on_a_local_runtime() {
        assert_eq!(*as_main(), 7);
    }

    #[runtime::test(flavor = "local")]
    async fn a_test_runs_on_a_local_runtime() {
        let shared = Rc::new(Cell::new(0));
        let in_task = shared.clone();
        spawn_local(async move { in_task.set(1) }).await.unwrap();
        assert_eq!(shared.get(), 1);
    }

    #[runtime::test(flavor = "local", start_paused = true, name = "api")]
    async fn a_local_runtime_takes_the_other_arguments() {
        runtime::time::sleep(Duration::from_secs(3600)).await;
        assert_eq!(Handle::current().name(), Some("api"));
    }

    #[runtime::test(flavor = "local", unhandled_panic = "shutdown_runtime")]
    #[should_panic(expected = "this runtime shuts down")]
    async fn a_panic_that_nobody_joins_ends_the_runtime() {
        drop(spawn_local(async { panic!("unhandled") }));
        pending().await
    }
}
