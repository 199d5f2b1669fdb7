//! The channel that shows each value to every receiver.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Waker};
use std::time::Duration;

use futures_lite::future::{block_on, poll_once};
use runtime::sync::broadcast::error::{RecvError, SendError, TryRecvError};
use runtime::sync::broadcast::{Receiver, Sender, channel};
use runtime::task::{block_in_place, spawn_blocking};
use runtime_tests::cancel::in_every_order;
use runtime_tests::count::{Counter, CountsDrop};
use runtime_tests::flavor::{on_every_flavor, on_multi_thread};
use runtime_tests::hostile::{Act, poll_with, waker};
use runtime_tests::reported::panic_of;

use super::{assert_refused_to_block, assert_spends_its_budget};

fn drain<T: Clone>(receiver: &mut Receiver<T>) -> Vec<T> {
    std::iter::from_fn(|| receiver.try_recv().ok()).collect()
}

#[test]
fn every_receiver_gets_what_is_sent_after_it_came() {
    let (sender, mut first) = channel(8);
    assert_eq!(sender.send(1).unwrap(), 1);
    let mut second = sender.subscribe();
    assert_eq!(sender.send(2).unwrap(), 2);
    let mut third = first.resubscribe();
    assert_eq!(sender.send(3).unwrap(), 3);
    assert_eq!(drain(&mut first), [1, 2, 3]);
    assert_eq!(drain(&mut second), [2, 3]);
    assert_eq!(drain(&mut third), [3]);
    assert_eq!(first.try_recv(), Err(TryRecvError::Empty));
}

#[test]
fn a_receiver_that_lags_is_told_how_much_and_goes_on_with_the_oldest() {
    // Rounded up to four.
    let (sender, mut receiver) = channel(3);
    (0..4).for_each(|n| assert!(sender.send(n).is_ok()));
    assert_eq!((sender.len(), receiver.len()), (4, 4));
    (4..9).for_each(|n| assert!(sender.send(n).is_ok()));
    assert_eq!((sender.len(), receiver.len()), (4, 9));
    assert_eq!(block_on(receiver.recv()), Err(RecvError::Lagged(5)));
    assert_eq!(receiver.len(), 4);
    sender.send(9).unwrap();
    assert_eq!(receiver.try_recv(), Err(TryRecvError::Lagged(1)));
    assert_eq!(drain(&mut receiver), [6, 7, 8, 9]);
    let lagged = RecvError::Lagged(5).to_string();
    assert_eq!(lagged, "channel lagged by 5");
}

#[test]
fn the_last_sender_to_go_lets_the_rest_be_received() {
    let (sender, mut receiver) = channel(4);
    let other = sender.clone();
    sender.send(1).unwrap();
    drop(sender);
    assert!(!receiver.is_closed());
    drop(other);
    assert!(receiver.is_closed());
    assert_eq!(block_on(receiver.recv()), Ok(1));
    assert_eq!(block_on(receiver.recv()), Err(RecvError::Closed));
    assert_eq!(receiver.try_recv(), Err(TryRecvError::Closed));
    let mut late = receiver.resubscribe();
    assert_eq!(late.try_recv(), Err(TryRecvError::Closed));
}

#[test]
fn sending_to_nobody_gives_the_value_back_until_somebody_subscribes() {
    let sender = Sender::new(4);
    let SendError(back) = sender.send("x").unwrap_err();
    assert_eq!(back, "x");
    let mut receiver = sender.subscribe();
    sender.send("y").unwrap();
    assert_eq!(receiver.try_recv(), Ok("y"));
    drop(receiver);
    assert_eq!(sender.send("z").unwrap_err().to_string(), "channel closed");
}

#[test]
fn a_weak_sender_does_not_keep_the_channel_open() {
    let (sender, mut receiver) = channel(4);
    let weak = sender.downgrade();
    let weaker = weak.clone();
    assert_eq!((weak.strong_count(), weaker.weak_count()), (1, 2));
    let upgraded = weak.upgrade().unwrap();
    assert!(upgraded.same_channel(&sender));
    assert_eq!(
        (receiver.sender_strong_count(), receiver.sender_weak_count()),
        (2, 2)
    );
    upgraded.send(1).unwrap();
    drop((sender, upgraded, weaker));
    assert!(weak.upgrade().is_none());
    assert_eq!((weak.strong_count(), weak.weak_count()), (0, 1));
    assert_eq!(receiver.try_recv(), Ok(1));
    assert_eq!(receiver.try_recv(), Err(TryRecvError::Closed));
}

#[test]
fn channels_are_told_apart() {
    let (sender, receiver) = channel::<u8>(4);
    let (other_sender, other_receiver) = channel::<u8>(4);
    assert!(sender.same_channel(&sender.clone()));
    assert!(!sender.same_channel(&other_sender));
    assert!(receiver.same_channel(&receiver.resubscribe()));
    assert!(!receiver.same_channel(&other_receiver));
}

#[test]
fn a_capacity_that_makes_no_sense_blames_the_caller() {
    for (capacity, says) in [(0, "above zero"), (usize::MAX / 2 + 1, "usize::MAX / 2")] {
        let first = panic_of(|| channel::<u8>(capacity));
        let second = panic_of(|| Sender::<u8>::new(capacity));
        let line = line!();
        for (report, line) in [(first, line - 2), (second, line - 1)] {
            assert_eq!((report.file.as_str(), report.line), (file!(), line));
            assert!(report.message.contains(says), "{report:?}");
        }
    }
}

#[derive(Clone, Debug)]
struct Shared(#[allow(dead_code, reason = "it counts when it is dropped")] Arc<CountsDrop>);

fn shared(drops: &Counter) -> Shared {
    Shared(Arc::new(drops.on_drop()))
}

#[test]
fn a_value_is_dropped_when_all_have_seen_it() {
    let drops = Counter::new();
    let (sender, mut first) = channel(4);
    let mut second = sender.subscribe();
    sender.send(shared(&drops)).unwrap();
    drop(first.try_recv().unwrap());
    assert_eq!((drops.get(), sender.is_empty()), (0, false));
    drop(second.try_recv().unwrap());
    assert_eq!((drops.get(), sender.is_empty()), (1, true));
}

#[test]
fn a_receiver_that_goes_has_seen_everything() {
    let drops = Counter::new();
    let (sender, lags) = channel(4);
    for _ in 0..6 {
        sender.send(shared(&drops)).unwrap();
    }
    let mut other = sender.subscribe();
    sender.send(shared(&drops)).unwrap();
    assert_eq!(drops.get(), 3, "overwritten");
    drop(lags);
    assert_eq!((drops.get(), sender.len()), (6, 1));
    drop(other.try_recv().unwrap());
    assert_eq!(drops.get(), 7);
}

#[test]
fn what_nobody_has_received_is_dropped_with_the_channel() {
    let drops = Counter::new();
    let (sender, receiver) = channel(4);
    let weak = sender.downgrade();
    for _ in 0..4 {
        sender.send(shared(&drops)).unwrap();
    }
    drop(sender);
    drop(receiver);
    assert_eq!(drops.get(), 4);
    drop(weak);
}

fn bell() -> (Counter, Waker) {
    let bell = Counter::new();
    (bell.clone(), Waker::from(Arc::new(bell)))
}

#[test]
fn each_value_wakes_all_who_wait_once() {
    const MANY: usize = 100;
    let (sender, receiver) = channel(4);
    let mut receivers: Vec<_> = (0..MANY).map(|_| receiver.resubscribe()).collect();
    let (woken, waker) = bell();
    let mut cx = Context::from_waker(&waker);
    let mut futures: Vec<_> = receivers.iter_mut().map(|it| Box::pin(it.recv())).collect();
    for future in &mut futures {
        assert!(future.as_mut().poll(&mut cx).is_pending());
        assert!(future.as_mut().poll(&mut cx).is_pending());
    }
    sender.send(1).unwrap();
    sender.send(2).unwrap();
    assert_eq!(woken.get(), MANY);
    for future in futures {
        assert_eq!(block_on(future), Ok(1));
    }
}

#[test]
fn the_last_receiver_to_go_wakes_who_awaits_it() {
    let (sender, first) = channel::<u8>(4);
    let second = sender.subscribe();
    let (woken, waker) = bell();
    let mut closed = pin!(sender.closed());
    assert!(
        closed
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
    );
    drop(first);
    assert_eq!(woken.get(), 0);
    drop(second);
    assert_eq!(woken.get(), 1);
    // Somebody came before the sender looked.
    let third = sender.subscribe();
    assert!(
        closed
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
    );
    drop(third);
    assert_eq!(woken.get(), 2);
    block_on(closed);
    block_on(Sender::<u8>::new(1).closed());
}

#[test]
fn a_recv_dropped_at_any_time_loses_no_value() {
    in_every_order(|order| {
        let (sender, mut first) = channel(4);
        let mut second = sender.subscribe();
        let sender = RefCell::new(Some(sender));
        let send = |n| assert!(sender.borrow().as_ref().unwrap().send(n).is_ok());
        let ended = order.run(first.recv(), second.recv(), &[&|| send(1), &|| send(2)]);
        let mut received: Vec<i32> = ended.victim.into_iter().map(Result::unwrap).collect();
        received.extend(drain(&mut first));
        assert_eq!(received, [1, 2], "of the victim");
        assert_eq!(ended.rival, Some(Ok(1)));
        assert_eq!(drain(&mut second), [2]);
        assert!(sender.borrow().as_ref().unwrap().is_empty());
    });
}

#[test]
fn a_recv_dropped_at_any_time_leaves_the_end_to_others() {
    in_every_order(|order| {
        let (sender, mut first) = channel::<u8>(4);
        let mut second = sender.subscribe();
        let sender = RefCell::new(Some(sender));
        let close = || drop(sender.take());
        let ended = order.run(first.recv(), second.recv(), &[&close]);
        assert_eq!(ended.rival, Some(Err(RecvError::Closed)));
        assert_eq!(first.try_recv(), Err(TryRecvError::Closed));
    });
}

#[test]
fn a_recv_that_lags_and_is_dropped_tells_it_once() {
    in_every_order(|order| {
        let (sender, mut first) = channel(2);
        let mut second = sender.subscribe();
        let send = |n| assert!(sender.send(n).is_ok());
        let events: [&dyn Fn(); 3] = [&|| send(1), &|| send(2), &|| send(3)];
        let ended = order.run(first.recv(), second.recv(), &events);
        let missed = match ended.victim {
            Some(Ok(n)) => vec![n],
            Some(Err(RecvError::Lagged(1))) => vec![1],
            Some(Err(error)) => panic!("{error}"),
            None => {
                assert_eq!(first.try_recv(), Err(TryRecvError::Lagged(1)));
                vec![1]
            }
        };
        assert_eq!([missed, drain(&mut first)].concat(), [1, 2, 3]);
        assert!(ended.rival.is_some());
    });
}

#[test]
fn a_closed_dropped_at_any_time_leaves_the_news_to_others() {
    in_every_order(|order| {
        let (sender, receiver) = channel::<u8>(4);
        let receiver = RefCell::new(Some(receiver));
        let ended = order.run(
            sender.closed(),
            sender.closed(),
            &[&|| drop(receiver.take())],
        );
        assert_eq!(ended.rival, Some(()));
    });
}

#[test]
fn a_waker_that_panics_spoils_no_other_receiver() {
    for panics in [Act::Clone, Act::Wake, Act::Drop] {
        let (sender, mut first) = channel(4);
        let (mut second, mut third) = (sender.subscribe(), sender.subscribe());
        let (used, (woken, good)) = (Counter::new(), bell());
        let mut bad = Box::pin(second.recv());
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            poll_with(bad.as_mut(), waker(panics, &used)).is_pending()
        }));
        assert_eq!(outcome.is_err(), panics == Act::Clone);
        let mut waits = pin!(third.recv());
        assert!(poll_with(waits.as_mut(), good).is_pending());
        sender.send(1).unwrap();
        assert_eq!(woken.get(), 1, "{panics:?}");
        assert_eq!(block_on(waits), Ok(1));
        let _ = catch_unwind(AssertUnwindSafe(|| drop(bad)));
        assert_eq!(second.try_recv(), Ok(1), "{panics:?}");
        assert_eq!(first.try_recv(), Ok(1), "{panics:?}");
    }
}

/// Panics once when it is cloned, if it is told to.
#[derive(Debug)]
struct PanicsOnClone(Arc<AtomicBool>);

impl Clone for PanicsOnClone {
    fn clone(&self) -> Self {
        assert!(!self.0.swap(false, Ordering::SeqCst), "the clone panics");
        PanicsOnClone(self.0.clone())
    }
}

#[test]
fn a_clone_that_panics_counts_as_received() {
    let (sender, mut first) = channel(4);
    let (mut second, mut third) = (sender.subscribe(), sender.subscribe());
    sender.send(PanicsOnClone(Arc::new(true.into()))).unwrap();
    sender.send(PanicsOnClone(Arc::new(false.into()))).unwrap();
    let outcome = catch_unwind(AssertUnwindSafe(|| drop(first.try_recv())));
    assert!(outcome.is_err());
    for receiver in [&mut second, &mut third] {
        assert_eq!(drain(receiver).len(), 2);
    }
    assert_eq!((first.len(), sender.len()), (1, 1));
    assert_eq!(drain(&mut first).len(), 1);
    assert!(sender.is_empty());
}

#[derive(Clone, Debug)]
struct PanicsOnDrop(Counter);

impl Drop for PanicsOnDrop {
    fn drop(&mut self) {
        self.0.raise();
        assert!(std::thread::panicking(), "the drop panics");
    }
}

#[test]
fn an_overwritten_value_whose_drop_panics_keeps_nothing_from_being_sent() {
    let drops = Counter::new();
    let (sender, mut receiver) = channel(1);
    sender.send(PanicsOnDrop(drops.clone())).unwrap();
    let (woken, good) = bell();
    let mut late = sender.subscribe();
    let mut waits = Box::pin(late.recv());
    assert!(poll_with(waits.as_mut(), good).is_pending());
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        sender.send(PanicsOnDrop(drops.clone()))
    }));
    assert!(outcome.is_err());
    assert_eq!((drops.get(), woken.get(), sender.len()), (1, 1, 1));
    drop(waits);
    assert_eq!(receiver.try_recv().err(), Some(TryRecvError::Lagged(1)));
    let values = (receiver.try_recv().unwrap(), late.try_recv().unwrap());
    std::mem::forget(values);
    sender.send(PanicsOnDrop(drops.clone())).unwrap();
    assert_eq!(drops.get(), 1);
}

#[test]
fn a_receiver_that_goes_drops_all_though_each_drop_panics() {
    let drops = Counter::new();
    let (sender, receiver) = channel(4);
    for _ in 0..4 {
        sender.send(PanicsOnDrop(drops.clone())).unwrap();
    }
    drop(receiver);
    assert_eq!((drops.get(), sender.len()), (4, 0));
    block_on(sender.closed());
}

/// Notices when two threads clone it at the same time.
#[derive(Debug)]
struct NotSync {
    number: usize,
    cloned: AtomicBool,
    takes: Duration,
}

impl NotSync {
    fn new(number: usize, takes: Duration) -> Self {
        NotSync {
            number,
            cloned: AtomicBool::new(false),
            takes,
        }
    }
}

impl Clone for NotSync {
    fn clone(&self) -> Self {
        assert!(!self.cloned.swap(true, Ordering::SeqCst), "two at once");
        if !self.takes.is_zero() {
            std::thread::sleep(self.takes);
        }
        self.cloned.store(false, Ordering::SeqCst);
        NotSync::new(self.number, self.takes)
    }
}

fn threads_receive_in_order(threads: usize, values: usize, takes: Duration) {
    let (sender, receiver) = channel::<NotSync>(values);
    let receivers: Vec<_> = (0..threads).map(|_| receiver.resubscribe()).collect();
    drop(receiver);
    std::thread::scope(|scope| {
        for mut receiver in receivers {
            scope.spawn(move || {
                for expected in 0..values {
                    assert_eq!(receiver.blocking_recv().unwrap().number, expected);
                }
                assert_eq!(receiver.blocking_recv().err(), Some(RecvError::Closed));
            });
        }
        for number in 0..values {
            assert_eq!(sender.send(NotSync::new(number, takes)).unwrap(), threads);
        }
        drop(sender);
    });
}

#[test]
fn threads_receive_every_value_in_order_and_never_clone_one_at_once() {
    threads_receive_in_order(4, 5_000, Duration::ZERO);
}

/// Longer than who waits for the slot spins and yields.
#[test]
fn a_slow_clone_holds_others_up_no_longer_than_it_takes() {
    threads_receive_in_order(4, 5, Duration::from_millis(2));
}

#[test]
fn tasks_that_lag_miss_as_much_as_they_are_told() {
    const VALUES: u64 = 3_000;
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        rt.block_on(async {
            let sender = Sender::new(8);
            let receive = |mut receiver: Receiver<u64>| async move {
                let (mut next, mut received) = (0, 0);
                loop {
                    match receiver.recv().await {
                        Ok(value) => {
                            assert_eq!(value, next);
                            (next, received) = (next + 1, received + 1);
                        }
                        Err(RecvError::Lagged(missed)) => next += missed,
                        Err(RecvError::Closed) => return (next, received),
                    }
                }
            };
            let tasks: Vec<_> = (0..4)
                .map(|_| runtime::spawn(receive(sender.subscribe())))
                .collect();
            for value in 0..VALUES {
                sender.send(value).unwrap();
                if value % 5 == 0 {
                    runtime::task::yield_now().await;
                }
            }
            drop(sender);
            for task in tasks {
                let (next, received) = task.await.unwrap();
                assert_eq!(next, VALUES);
                assert!(received > 0);
            }
        });
    });
}

/// Receivers come and go while several senders send: each value is dropped in the end.
#[test]
fn nothing_is_left_when_all_come_and_go() {
    on_multi_thread(|flavor| {
        let (rt, drops, made) = (flavor.build(), Counter::new(), Counter::new());
        let sender = Sender::new(4);
        let senders = (0..3).map(|_| {
            let (sender, drops, made) = (sender.clone(), drops.clone(), made.clone());
            rt.spawn(async move {
                for _ in 0..500 {
                    made.raise();
                    drop(sender.send(shared(&drops)));
                    runtime::task::yield_now().await;
                }
            })
        });
        let receivers = (0..4).map(|_| {
            let sender = sender.downgrade();
            rt.spawn(async move {
                while let Some(mut receiver) = sender.upgrade().map(|sender| sender.subscribe()) {
                    for _ in 0..7 {
                        let _ = receiver.recv().await;
                    }
                    let _ = poll_once(receiver.recv()).await;
                }
            })
        });
        let (senders, receivers): (Vec<_>, Vec<_>) = (senders.collect(), receivers.collect());
        rt.block_on(async {
            for task in senders {
                task.await.unwrap();
            }
            let weak = sender.downgrade();
            drop(sender);
            for task in receivers {
                task.await.unwrap();
            }
            drop(weak);
        });
        assert_eq!(drops.get(), made.get());
    });
}

#[test]
fn a_receiver_that_is_always_ready_spends_the_budget() {
    assert_spends_its_budget(|| async {
        let (sender, mut receiver) = channel(4);
        loop {
            sender.send(()).unwrap();
            receiver.recv().await.unwrap();
        }
    });
    assert_spends_its_budget(|| async {
        let sender = Sender::<u8>::new(4);
        loop {
            sender.closed().await;
        }
    });
}

#[test]
fn blocking_async_code_is_refused() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let (_sender, mut receiver) = channel::<u8>(4);
            let line = line!() + 1;
            let report = panic_of(|| receiver.blocking_recv());
            assert_refused_to_block(&report, file!(), line, "recv().await");
        });
    });
}

#[test]
fn code_that_may_block_may_wait() {
    on_multi_thread(|flavor| {
        let rt = flavor.build();
        rt.block_on(async {
            let (sender, mut receiver) = channel(4);
            let mut other = sender.subscribe();
            let waits = spawn_blocking(move || receiver.blocking_recv());
            sender.send(1).unwrap();
            assert_eq!(waits.await.unwrap(), Ok(1));
            runtime::spawn(async move { sender.send(2).unwrap() });
            let both = block_in_place(|| [other.blocking_recv(), other.blocking_recv()]);
            assert_eq!(both, [Ok(1), Ok(2)]);
        });
    });
}

#[test]
fn a_pinned_recv_may_be_polled_by_changing_tasks() {
    let (sender, mut receiver) = channel(4);
    let mut recv = pin!(receiver.recv());
    let bells: Vec<_> = (0..3).map(|_| bell()).collect();
    for (_, waker) in &bells {
        let polled = Pin::new(&mut recv).poll(&mut Context::from_waker(waker));
        assert!(polled.is_pending());
    }
    sender.send(1).unwrap();
    let woken: Vec<usize> = bells.iter().map(|(bell, _)| bell.get()).collect();
    assert_eq!(woken, [0, 0, 1], "only the last");
}
