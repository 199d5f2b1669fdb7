//! The channel for one value.

use std::cell::RefCell;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use futures_lite::future::{block_on, poll_once, zip};
use runtime::sync::oneshot::error::{RecvError, TryRecvError};
use runtime::sync::oneshot::{Receiver, Sender, channel};
use runtime::task::{block_in_place, spawn_blocking};
use runtime_tests::cancel::in_every_order;
use runtime_tests::count::{Counter, CountsDrop};
use runtime_tests::flavor::{on_every_flavor, on_multi_thread};
use runtime_tests::hostile::{Act, poll_with, waker};
use runtime_tests::reported::{PanicsOnDrop, panic_of};

use super::{assert_refused_to_block, assert_spends_its_budget};

fn closed() -> RecvError {
    let (sender, receiver) = channel::<()>();
    drop(sender);
    block_on(receiver).unwrap_err()
}

fn poll_with_bell<T>(receiver: &mut Receiver<T>) -> (Poll<Result<T, RecvError>>, Counter) {
    let bell = Counter::new();
    let waker = Waker::from(Arc::new(bell.clone()));
    let polled = Pin::new(receiver).poll(&mut Context::from_waker(&waker));
    (polled, bell)
}

#[test]
fn what_was_sent_before_is_received_at_once() {
    let (sender, mut receiver) = channel();
    sender.send("x").unwrap();
    let (polled, bell) = poll_with_bell(&mut receiver);
    assert_eq!((polled, bell.get()), (Poll::Ready(Ok("x")), 0));
    assert!(receiver.is_terminated());
}

#[test]
fn sending_wakes_the_receiver_once() {
    let (sender, mut receiver) = channel();
    let (polled, former) = poll_with_bell(&mut receiver);
    assert!(polled.is_pending());
    let (polled, bell) = poll_with_bell(&mut receiver);
    assert!(polled.is_pending());
    sender.send("x").unwrap();
    assert_eq!((former.get(), bell.get()), (0, 1), "only the last waker");
    assert_eq!(block_on(receiver), Ok("x"));
}

#[test]
fn dropping_the_sender_ends_the_receiver() {
    let (sender, mut receiver) = channel::<u8>();
    let (polled, bell) = poll_with_bell(&mut receiver);
    assert!(polled.is_pending());
    drop(sender);
    assert_eq!(bell.get(), 1);
    let error = block_on(receiver).unwrap_err();
    assert_eq!(error, closed());
    assert_eq!(error.to_string(), "channel closed");
}

#[test]
fn a_closed_or_dropped_receiver_gives_the_value_back() {
    let (sender, mut receiver) = channel();
    receiver.close();
    receiver.close();
    assert!(sender.is_closed());
    assert_eq!(sender.send("x"), Err("x"));
    assert_eq!(block_on(receiver), Err(closed()));

    let (sender, receiver) = channel();
    drop(receiver);
    assert_eq!(sender.send("x"), Err("x"));
}

#[test]
fn what_was_sent_before_closing_is_still_received() {
    let (sender, mut receiver) = channel();
    sender.send("x").unwrap();
    receiver.close();
    assert!(!receiver.is_empty());
    assert_eq!(block_on(receiver), Ok("x"));
}

#[test]
fn closing_wakes_the_sender() {
    type Way = fn(Receiver<u8>) -> Option<Receiver<u8>>;
    let ways: [Way; 2] = [
        |mut receiver| {
            receiver.close();
            Some(receiver)
        },
        |receiver| {
            drop(receiver);
            None
        },
    ];
    for way in ways {
        let (mut sender, receiver) = channel();
        let bells = [Counter::new(), Counter::new()];
        for bell in &bells {
            let waker = Waker::from(Arc::new(bell.clone()));
            assert!(
                sender
                    .poll_closed(&mut Context::from_waker(&waker))
                    .is_pending()
            );
        }
        assert!(!sender.is_closed());
        let _receiver = way(receiver);
        assert_eq!(bells.map(|bell| bell.get()), [0, 1]);
        block_on(sender.closed());
        assert_eq!(sender.send(1), Err(1));
    }
}

#[test]
fn try_recv_says_what_is_there() {
    let (sender, mut receiver) = channel();
    assert_eq!(receiver.try_recv(), Err(TryRecvError::Empty));
    assert!(receiver.is_empty() && !receiver.is_terminated());
    sender.send("x").unwrap();
    assert!(!receiver.is_empty() && !receiver.is_terminated());
    assert_eq!(receiver.try_recv(), Ok("x"));
    assert!(receiver.is_empty() && receiver.is_terminated());
    assert_eq!(receiver.try_recv(), Err(TryRecvError::Closed));

    let (sender, mut receiver) = channel::<u8>();
    drop(sender);
    assert!(receiver.is_empty() && !receiver.is_terminated());
    assert_eq!(receiver.try_recv(), Err(TryRecvError::Closed));
    assert!(receiver.is_terminated());

    let (_sender, mut receiver) = channel::<u8>();
    receiver.close();
    assert_eq!(receiver.try_recv(), Err(TryRecvError::Closed));
    assert_eq!(TryRecvError::Empty.to_string(), "channel empty");
    assert_eq!(TryRecvError::Closed.to_string(), "channel closed");
}

#[test]
fn polling_a_finished_receiver_panics() {
    let (sender, mut receiver) = channel();
    sender.send(1).unwrap();
    assert_eq!(block_on(&mut receiver), Ok(1));
    let report = panic_of(|| block_on(&mut receiver));
    assert!(report.message.contains("after it was ready"), "{report:?}");
}

/// Two ends on which things are done in some order.
struct Ends {
    sender: Option<Sender<CountsDrop>>,
    receiver: Option<Receiver<CountsDrop>>,
    made: usize,
    drops: Counter,
    bell: Arc<Counter>,
}

impl Ends {
    fn new() -> Self {
        let (sender, receiver) = channel();
        Ends {
            sender: Some(sender),
            receiver: Some(receiver),
            made: 0,
            drops: Counter::new(),
            bell: Arc::default(),
        }
    }

    fn send(&mut self) {
        if let Some(sender) = self.sender.take() {
            self.made += 1;
            drop(sender.send(self.drops.on_drop()));
        }
    }

    fn poll_closed(&mut self) {
        let waker = Waker::from(self.bell.clone());
        if let Some(sender) = &mut self.sender {
            let _ = sender.poll_closed(&mut Context::from_waker(&waker));
        }
    }

    fn poll(&mut self) {
        let waker = Waker::from(self.bell.clone());
        if let Some(receiver) = self.receiver.as_mut().filter(|it| !it.is_terminated()) {
            let _ = Pin::new(receiver).poll(&mut Context::from_waker(&waker));
        }
    }
}

/// Whatever is done with the two ends, in whichever order, values and wakers are dropped once.
#[test]
fn values_and_wakers_are_dropped_once_in_every_order() {
    const LENGTH: u32 = 5;
    let acts: [fn(&mut Ends); 7] = [
        Ends::send,
        Ends::poll_closed,
        Ends::poll,
        |ends| ends.sender = None,
        |ends| ends.receiver = None,
        |ends| ends.receiver.iter_mut().for_each(Receiver::close),
        |ends| drop(ends.receiver.as_mut().map(Receiver::try_recv)),
    ];
    for order in 0..acts.len().pow(LENGTH) {
        let mut ends = Ends::new();
        for place in 0..LENGTH {
            acts[order / acts.len().pow(place) % acts.len()](&mut ends);
        }
        (ends.sender, ends.receiver) = (None, None);
        assert_eq!(ends.drops.get(), ends.made, "order {order}");
        assert_eq!(Arc::strong_count(&ends.bell), 1, "order {order}");
    }
}

/// An end that gives up holds no task alive.
#[test]
fn an_end_that_is_dropped_lets_go_of_its_waker() {
    let bell = Arc::new(Counter::new());
    let waker = Waker::from(bell.clone());
    let (mut sender, mut receiver) = channel::<u8>();
    for _ in 0..2 {
        assert!(
            sender
                .poll_closed(&mut Context::from_waker(&waker))
                .is_pending()
        );
        let polled = Pin::new(&mut receiver).poll(&mut Context::from_waker(&waker));
        assert!(polled.is_pending());
    }
    assert_eq!(Arc::strong_count(&bell), 4);
    drop(receiver);
    assert_eq!(Arc::strong_count(&bell), 2, "both slots are empty");
    assert_eq!(bell.get(), 1);
    drop(sender);

    let (mut sender, receiver) = channel();
    assert!(
        sender
            .poll_closed(&mut Context::from_waker(&waker))
            .is_pending()
    );
    sender.send(1).unwrap();
    assert_eq!(Arc::strong_count(&bell), 2);
    drop(receiver);
    assert_eq!(bell.get(), 1, "the sender that is gone is not woken");
}

#[test]
fn a_receiver_dropped_while_it_is_polled_loses_no_value() {
    in_every_order(|order| {
        let (sender, mut receiver) = channel();
        let sender = RefCell::new(Some(sender));
        let send = || sender.take().unwrap().send(7).unwrap();
        let ended = order.run(&mut receiver, async {}, &[&send]);
        match ended.victim {
            Some(received) => assert_eq!(received, Ok(7)),
            None => assert_eq!(receiver.try_recv(), Ok(7)),
        }
    });
}

#[test]
fn whoever_awaits_the_end_of_the_receiver_may_stop_and_begin_again() {
    in_every_order(|order| {
        let (mut sender, receiver) = channel::<u8>();
        let receiver = RefCell::new(Some(receiver));
        order.run(sender.closed(), async {}, &[&|| drop(receiver.take())]);
        assert_eq!(block_on(poll_once(sender.closed())), Some(()));
        assert_eq!(sender.send(1), Err(1));
    });
}

#[test]
fn a_waker_that_panics_spoils_neither_end() {
    for panics in [Act::Clone, Act::Wake, Act::Drop] {
        let used = Counter::new();
        let (mut sender, mut receiver) = channel();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            poll_with(Pin::new(&mut receiver), waker(panics, &used)).is_pending()
        }));
        assert_eq!(outcome.is_err(), panics == Act::Clone);
        let closed = catch_unwind(AssertUnwindSafe(|| {
            let mut closed = pin!(poll_fn(|cx| sender.poll_closed(cx)));
            poll_with(closed.as_mut(), waker(panics, &used)).is_pending()
        }));
        assert_eq!(closed.is_err(), panics == Act::Clone);
        assert_eq!(sender.send(7), Ok(()), "{panics:?}");
        assert_eq!(receiver.try_recv(), Ok(7), "{panics:?}");
    }
}

#[test]
fn a_waker_that_panics_keeps_no_end_from_being_dropped() {
    for panics in [Act::Wake, Act::Drop] {
        for sender_first in [true, false] {
            let used = Counter::new();
            let (mut sender, mut receiver) = channel::<CountsDrop>();
            assert!(poll_with(Pin::new(&mut receiver), waker(panics, &used)).is_pending());
            let mut closed = pin!(poll_fn(|cx| sender.poll_closed(cx)));
            assert!(poll_with(closed.as_mut(), waker(panics, &used)).is_pending());
            if sender_first {
                drop(sender);
                drop(receiver);
            } else {
                drop(receiver);
                drop(sender);
            }
        }
    }
}

#[test]
fn a_value_whose_drop_panics_does_so_where_it_is_dropped() {
    let (sender, receiver) = channel();
    sender.send(PanicsOnDrop(1)).unwrap();
    let outcome = catch_unwind(AssertUnwindSafe(|| drop(receiver)));
    assert!(outcome.is_err());
}

#[test]
fn it_works_between_threads_outside_a_runtime() {
    for n in 0..500 {
        let (sender, receiver) = channel();
        let thread = std::thread::spawn(move || receiver.blocking_recv());
        sender.send(n).unwrap();
        assert_eq!(thread.join().unwrap(), Ok(n));
    }
}

#[test]
fn it_works_between_tasks() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        rt.block_on(async {
            for n in 0..300 {
                let ((ping, pinged), (pong, ponged)) = (channel(), channel());
                let child = runtime::spawn(async move {
                    let n: i32 = pinged.await.unwrap();
                    pong.send(n + 1).unwrap();
                });
                ping.send(n).unwrap();
                assert_eq!(ponged.await, Ok(n + 1));
                child.await.unwrap();
            }
        });
    });
}

/// Both ends let go at the same moment, on two threads, in many ways.
#[test]
fn ends_that_meet_drop_the_value_once() {
    on_multi_thread(|flavor| {
        let rt = flavor.build();
        let (made, drops) = (2_000, Counter::new());
        rt.block_on(async {
            for n in 0..made {
                let (sender, mut receiver) = channel();
                let value = drops.on_drop();
                let sends = runtime::spawn(async move { drop(sender.send(value)) });
                let receives = runtime::spawn(async move {
                    match n % 4 {
                        0 => drop(receiver.await),
                        1 => drop(receiver),
                        2 => receiver.close(),
                        _ => drop(poll_once(&mut receiver).await),
                    }
                });
                let (sends, receives) = zip(sends, receives).await;
                sends.and(receives).unwrap();
            }
        });
        assert_eq!(drops.get(), made);
    });
}

#[test]
fn a_receiver_that_is_always_ready_spends_the_budget() {
    assert_spends_its_budget(|| async {
        loop {
            let (sender, receiver) = channel();
            sender.send(()).unwrap();
            receiver.await.unwrap();
        }
    });
    assert_spends_its_budget(|| async {
        let (mut sender, receiver) = channel::<u8>();
        drop(receiver);
        loop {
            sender.closed().await;
        }
    });
}

#[test]
fn blocking_async_code_is_refused() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let (_sender, receiver) = channel::<u8>();
            let line = line!() + 1;
            let report = panic_of(|| receiver.blocking_recv());
            assert_refused_to_block(&report, file!(), line, ".await");
        });
    });
}

#[test]
fn code_that_may_block_may_wait() {
    on_multi_thread(|flavor| {
        let rt = flavor.build();
        rt.block_on(async {
            let (sender, receiver) = channel();
            let waits = spawn_blocking(move || receiver.blocking_recv());
            sender.send(1).unwrap();
            assert_eq!(waits.await.unwrap(), Ok(1));
            let (sender, receiver) = channel();
            runtime::spawn(async move { sender.send(2) });
            assert_eq!(block_in_place(|| receiver.blocking_recv()), Ok(2));
        });
    });
}
