//! `LocalSet`: tasks that are not `Send`, on every runtime and without one.

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread::{self, ThreadId};
use std::time::Duration;

use futures_lite::future::{block_on, poll_once};
use runtime::runtime::LocalRuntime;
use runtime::runtime::UnhandledPanic::{Ignore, ShutdownRuntime};
use runtime::task::{JoinHandle, LocalSet, spawn_local, yield_now};
use runtime_tests::count::{Counter, OnDrop};
use runtime_tests::event::Event;
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::reported::panic_of;
use runtime_tests::wait::until_true;
use runtime_tests::watchdog::Watchdog;

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
        self.0.lock().unwrap().waker.clone().expect("it was polled")
    }

    #[track_caller]
    fn assert_lived_at(&self, home: ThreadId) {
        let notes = self.0.lock().unwrap();
        assert!(notes.polled_at.iter().all(|thread| *thread == home));
        assert_eq!(notes.dropped_at, [home]);
    }
}

/// A future that is not `Send` and is never ready.
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

#[test]
fn tasks_share_what_is_not_send() {
    on_every_flavor(|flavor| {
        let (rt, tasks) = (flavor.build(), LocalSet::new());
        let sum = Rc::new(Cell::new(0));
        let output = tasks.block_on(&rt, async {
            let spawned: Vec<_> = (1..=100)
                .map(|n| {
                    let sum = sum.clone();
                    spawn_local(async move {
                        yield_now().await;
                        sum.set(sum.get() + n);
                        sum
                    })
                })
                .collect();
            for task in spawned {
                task.await.unwrap();
            }
            sum.get()
        });
        assert_eq!((output, Rc::strong_count(&sum)), (5050, 1));
    });
}

#[test]
fn tasks_of_tasks_belong_to_the_set_and_awaiting_it_waits_for_all() {
    on_every_flavor(|flavor| {
        fn nested(depth: usize, ends: Rc<Cell<usize>>) -> Pin<Box<dyn Future<Output = ()>>> {
            Box::pin(async move {
                if depth > 0 {
                    for _ in 0..2 {
                        drop(spawn_local(nested(depth - 1, ends.clone())));
                    }
                }
                yield_now().await;
                ends.set(ends.get() + 1);
            })
        }
        let tasks = LocalSet::new();
        let ends = Rc::new(Cell::new(0));
        drop(tasks.spawn_local(nested(6, ends.clone())));
        flavor.build().block_on(tasks);
        assert_eq!(ends.get(), 127);
    });
}

#[test]
fn it_works_without_a_runtime() {
    let _watchdog = Watchdog::start("");
    let tasks = LocalSet::new();
    let (event, set) = (Event::new(), Event::new());
    let waits = event.clone();
    let sets = set.clone();
    let task = tasks.spawn_local(async move {
        sets.set();
        waits.await;
        Rc::new(7)
    });
    let waker = thread::spawn(move || {
        block_on(set);
        event.set();
    });
    assert_eq!(*block_on(tasks.run_until(task)).unwrap(), 7);
    waker.join().unwrap();
}

#[test]
fn it_is_a_task_of_a_local_runtime_and_of_another_set() {
    let _watchdog = Watchdog::start("");
    let rt = LocalRuntime::new().unwrap();
    let inner = async {
        let tasks = LocalSet::new();
        let answer = tasks.run_until(async { spawn_local(async { Rc::new(42) }).await.unwrap() });
        let answer = *answer.await;
        drop(tasks.spawn_local(yield_now()));
        tasks.await;
        answer
    };
    assert_eq!(rt.block_on(async { spawn_local(inner).await.unwrap() }), 42);

    let outer = LocalSet::new();
    let nested = outer.run_until(async {
        let inner = spawn_local(async {
            let inner = LocalSet::new();
            let polls = inner.run_until(async { spawn_local(async { 1 }).await.unwrap() });
            polls.await
        });
        inner.await.unwrap() + spawn_local(async { 2 }).await.unwrap()
    });
    assert_eq!(block_on(nested), 3);
}

#[test]
fn timers_sockets_and_send_tasks_work_inside() {
    on_every_flavor(|flavor| {
        let (rt, tasks) = (flavor.build(), LocalSet::new());
        tasks.block_on(&rt, async {
            let naps = spawn_local(async {
                runtime::time::sleep(Duration::from_millis(2)).await;
                here()
            });
            let sent = runtime::spawn(async { runtime::task::id() });
            assert_eq!(naps.await.unwrap(), here());
            sent.await.unwrap();
            let blocking = runtime::task::spawn_blocking(here).await.unwrap();
            assert_ne!(blocking, here());
        });
    });
}

#[test]
fn what_wakes_a_task_from_elsewhere_wakes_the_set() {
    on_every_flavor(|flavor| {
        let (rt, tasks) = (flavor.build(), LocalSet::new());
        for _ in 0..50 {
            tasks.block_on(&rt, async {
                let event = Event::new();
                let task = spawn_local(event.clone());
                let setter = thread::spawn(move || event.set());
                task.await.unwrap();
                setter.join().unwrap();
            });
        }
    });
}

#[test]
fn an_abort_from_elsewhere_drops_the_future_at_home() {
    on_every_flavor(|flavor| {
        let (rt, tasks) = (flavor.build(), LocalSet::new());
        let record = Record::default();
        tasks.block_on(&rt, async {
            let task = spawn_local(Resident::new(&record));
            until_true(|| record.polls() == 1).await;
            let abort = task.abort_handle();
            thread::spawn(move || abort.abort()).join().unwrap();
            assert!(task.await.unwrap_err().is_cancelled());
        });
        record.assert_lived_at(here());
    });
}

#[test]
fn dropping_the_set_drops_its_futures_at_home() {
    on_every_flavor(|flavor| {
        let (rt, tasks) = (flavor.build(), LocalSet::new());
        let records = [0; 3].map(|_| Record::default());
        let join: Vec<JoinHandle<()>> = records
            .iter()
            .map(|record| tasks.spawn_local(Resident::new(record)))
            .collect();
        let polled = || records.iter().all(|record| record.polls() == 1);
        tasks.block_on(&rt, until_true(polled));
        records[1].waker().wake();
        let late = records[2].waker();
        drop(tasks);
        thread::spawn(move || late.wake()).join().unwrap();
        for (record, join) in records.iter().zip(join) {
            record.assert_lived_at(here());
            assert!(rt.block_on(join).unwrap_err().is_cancelled());
        }
    });
}

#[test]
fn futures_are_dropped_inside_the_set_and_spawn_nothing_any_more() {
    let tasks = LocalSet::new();
    let (send, receive) = channel();
    let record = Record::default();
    let late = record.clone();
    let on_drop = OnDrop(move || {
        let task = spawn_local(Resident::new(&late));
        send.send(task.is_finished()).unwrap();
    });
    drop(tasks.spawn_local(async move {
        let _on_drop = on_drop;
        pending::<()>().await;
    }));
    drop(tasks);
    assert_eq!(receive.recv(), Ok(true));
    record.assert_lived_at(here());
}

#[test]
fn a_runtime_may_end_before_the_set() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let tasks = LocalSet::new();
        let record = Record::default();
        let task = tasks.spawn_local(Resident::new(&record));
        tasks.block_on(&rt, until_true(|| record.polls() == 1));
        drop(rt);
        record.waker().wake();
        assert!(block_on(poll_once(tasks.run_until(pending::<()>()))).is_none());
        assert_eq!(record.polls(), 2);
        drop(tasks);
        record.assert_lived_at(here());
        assert!(task.is_finished());
    });
}

#[test]
fn tasks_spawned_under_a_guard_run_when_the_set_is_awaited() {
    on_every_flavor(|flavor| {
        let (rt, tasks) = (flavor.build(), LocalSet::new());
        let ran = Rc::new(Cell::new(false));
        {
            let _guard = tasks.enter();
            let ran = ran.clone();
            drop(spawn_local(async move { ran.set(true) }));
        }
        assert!(!ran.get());
        rt.block_on(tasks);
        assert!(ran.get());
    });
}

#[test]
fn a_task_belongs_to_the_set_that_runs_then_to_the_local_runtime_then_to_the_set_entered() {
    let _watchdog = Watchdog::start("");
    let (rt, tasks) = (LocalRuntime::new().unwrap(), LocalSet::new());
    let alive = || rt.metrics().num_alive_tasks();
    tasks.block_on_local(&rt, async {
        drop(spawn_local(pending::<()>()));
        assert_eq!(alive(), 0, "the set's");
    });
    let _entered = tasks.enter();
    rt.block_on(async { drop(spawn_local(pending::<()>())) });
    assert_eq!(alive(), 1, "the runtime's");
    drop(spawn_local(pending::<()>()));
    assert_eq!(alive(), 1, "the set's");
}

trait BlockOnLocal {
    fn block_on_local<F: Future>(&self, rt: &LocalRuntime, future: F) -> F::Output;
}

impl BlockOnLocal for LocalSet {
    fn block_on_local<F: Future>(&self, rt: &LocalRuntime, future: F) -> F::Output {
        rt.block_on(self.run_until(future))
    }
}

#[test]
fn the_set_lets_what_it_shares_a_task_with_have_its_turn() {
    on_every_flavor(|flavor| {
        let (rt, tasks) = (flavor.build(), LocalSet::new());
        for _ in 0..3 {
            drop(tasks.spawn_local(async {
                loop {
                    yield_now().await;
                }
            }));
        }
        let polls = Cell::new(0);
        rt.block_on(tasks.run_until(poll_fn(|cx| {
            polls.set(polls.get() + 1);
            cx.waker().wake_by_ref();
            match polls.get() < 100 {
                true => Poll::Pending,
                false => Poll::Ready(()),
            }
        })));
    });
}

/// The second future has its own waker, and is dropped while the set waits for its wake.
#[test]
fn of_two_futures_that_run_a_set_either_may_go_first() {
    let _watchdog = Watchdog::start("");
    let tasks = LocalSet::new();
    let event = Event::new();
    let task = tasks.spawn_local(event.clone());
    let (stays_waker, goes_waker) = (Counter::new(), Counter::new());
    let mut stays = Box::pin(tasks.run_until(task));
    let mut goes = Box::pin(tasks.run_until(pending::<()>()));
    let poll = |future: Pin<&mut dyn Future<Output = ()>>, counter: &Counter| {
        let waker = Waker::from(Arc::new(counter.clone()));
        future.poll(&mut Context::from_waker(&waker)).is_ready()
    };
    let mut stays = Box::pin(async { stays.as_mut().await.unwrap() });
    assert!(!poll(stays.as_mut(), &stays_waker));
    assert!(!poll(goes.as_mut(), &goes_waker));
    drop(goes);
    event.set();
    assert_eq!((stays_waker.get(), goes_waker.get()), (1, 0));
    while !poll(stays.as_mut(), &stays_waker) {}
}

#[test]
fn a_waker_that_nobody_polls_for_keeps_no_wake_to_itself() {
    let _watchdog = Watchdog::start("");
    let tasks = LocalSet::new();
    let event = Event::new();
    let task = tasks.spawn_local(event.clone());
    let (first, second) = (Counter::new(), Counter::new());
    let mut futures = [0, 1].map(|_| Box::pin(tasks.run_until(pending::<()>())));
    for (future, counter) in futures.iter_mut().zip([&first, &second]) {
        let waker = Waker::from(Arc::new(counter.clone()));
        let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
        assert!(polled.is_pending());
    }
    event.set();
    assert_eq!((first.get(), second.get()), (1, 1));
    drop(futures);
    block_on(tasks.run_until(task)).unwrap();
}

#[test]
fn a_panic_goes_to_the_joiner_and_stops_no_other_task() {
    on_every_flavor(|flavor| {
        let (rt, tasks) = (flavor.build(), LocalSet::new());
        let panics = tasks.spawn_local(async { panic!("boom") });
        let other = tasks.spawn_local(async { 1 });
        let (panics, other): (Result<(), _>, _) =
            tasks.block_on(&rt, async { (panics.await, other.await) });
        assert!(panics.unwrap_err().is_panic());
        assert_eq!(other.unwrap(), 1);
    });
}

#[test]
fn a_set_may_end_by_the_panic_of_a_task() {
    on_every_flavor(|flavor| {
        let (rt, dropped) = (flavor.build(), Counter::new());
        let mut tasks = LocalSet::new();
        let boom = tasks.unhandled_panic(ShutdownRuntime).spawn_local(async {
            panic!("boom");
        });
        let counted = dropped.on_drop();
        let idle = tasks.spawn_local(async {
            let _counted = counted;
            pending::<()>().await;
        });
        for _ in 0..2 {
            let report = panic_of(|| rt.block_on(tasks.run_until(pending::<()>())));
            assert!(report.message.starts_with("a task has panicked"));
            assert_eq!(dropped.get(), 1);
        }
        assert!(block_on(boom).unwrap_err().is_panic());
        assert!(block_on(idle).unwrap_err().is_cancelled());
        let late = tasks.spawn_local(async {});
        assert!(block_on(late).unwrap_err().is_cancelled());
    });
}

#[test]
fn a_set_that_ignores_panics_again_goes_on() {
    let mut tasks = LocalSet::new();
    tasks
        .unhandled_panic(ShutdownRuntime)
        .unhandled_panic(Ignore);
    tasks.spawn_local(async { panic!("boom") });
    assert_eq!(
        block_on(tasks.run_until(async { spawn_local(async { 1 }).await.unwrap() })),
        1
    );
    block_on(tasks);
}

#[test]
fn blocking_in_place_is_refused() {
    on_every_flavor(|flavor| {
        let (rt, tasks) = (flavor.build(), LocalSet::new());
        tasks.block_on(&rt, async {
            let refused = spawn_local(async { panic_of(|| runtime::task::block_in_place(|| ())) });
            for report in [
                panic_of(|| runtime::task::block_in_place(|| ())),
                refused.await.unwrap(),
            ] {
                assert!(report.message.contains("`LocalSet`"), "{report:?}");
                assert_eq!(report.file, file!());
            }
        });
    });
}

#[test]
fn ids_of_sets_and_tasks_differ() {
    let sets = [LocalSet::new(), LocalSet::new()];
    assert_ne!(sets[0].id(), sets[1].id());
    let ids = sets[0].run_until(async {
        let task = spawn_local(async { runtime::task::id() });
        (task.id(), task.await.unwrap())
    });
    let (told, own) = block_on(ids);
    assert_eq!(told, own);
}

#[test]
fn a_set_in_a_thread_local_ends_with_its_thread() {
    thread_local! {
        static TASKS: RefCell<Option<LocalSet>> = const { RefCell::new(None) };
    }
    let record = Record::default();
    let in_thread = record.clone();
    let thread = thread::spawn(move || {
        TASKS.with_borrow_mut(|tasks| {
            let tasks = tasks.insert(LocalSet::new());
            drop(tasks.spawn_local(Resident::new(&in_thread)));
            block_on(poll_once(tasks.run_until(pending::<()>())));
        });
        here()
    });
    record.assert_lived_at(thread.join().unwrap());
}

#[test]
fn nobody_inherits_the_tasks_of_a_set_that_was_leaked() {
    let record = Record::default();
    let in_thread = record.clone();
    let leaking = thread::spawn(move || {
        let tasks = LocalSet::new();
        let task = tasks.spawn_local(Resident::new(&in_thread));
        block_on(poll_once(tasks.run_until(pending::<()>())));
        std::mem::forget(tasks);
        task
    });
    let task = leaking.join().unwrap();
    record.waker().wake();
    task.abort();
    drop(task);
    let notes = record.0.lock().unwrap();
    assert_eq!((notes.polled_at.len(), notes.dropped_at.len()), (1, 0));
}

/// Wakes and aborts from other threads meet the drop of the set.
#[test]
fn wakes_and_aborts_meet_the_end_of_the_set() {
    let _watchdog = Watchdog::start("");
    for _ in 0..300 {
        let tasks = LocalSet::new();
        let records = [0; 4].map(|_| Record::default());
        let aborts: Vec<_> = records
            .iter()
            .map(|record| tasks.spawn_local(Resident::new(record)).abort_handle())
            .collect();
        block_on(poll_once(tasks.run_until(pending::<()>())));
        let wakers: Vec<_> = records.iter().map(Record::waker).collect();
        let others = [
            thread::spawn(move || wakers.into_iter().for_each(Waker::wake)),
            thread::spawn(move || aborts.iter().for_each(|abort| abort.abort())),
        ];
        block_on(poll_once(tasks.run_until(pending::<()>())));
        drop(tasks);
        for other in others {
            other.join().unwrap();
        }
        for record in &records {
            record.assert_lived_at(here());
        }
    }
}
