//! The races of the queue, with blocks of two slots.

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use loom::future::block_on;
use loom::thread::{self, JoinHandle};

use super::error::{TryRecvError, TrySendError};
use super::{UnboundedSender, channel, unbounded_channel};
use crate::primitive::sync::Arc;

/// Sends `numbers` from a thread of its own; what could not be sent is not counted.
fn send(tx: UnboundedSender<u32>, numbers: std::ops::Range<u32>) -> JoinHandle<usize> {
    thread::spawn(move || numbers.filter(|number| tx.send(*number).is_ok()).count())
}

#[test]
fn loom_a_sender_crosses_blocks_while_the_receiver_waits() {
    loom::model(|| {
        let (tx, mut rx) = unbounded_channel();
        let sender = send(tx, 0..5);
        for number in 0..5 {
            assert_eq!(block_on(rx.recv()), Some(number));
        }
        assert_eq!(block_on(rx.recv()), None);
        assert_eq!(sender.join().unwrap(), 5);
    });
}

#[test]
fn loom_two_senders_fill_blocks_that_the_receiver_reuses() {
    loom::model(|| {
        let (tx, mut rx) = unbounded_channel();
        // The first block is about to be left.
        tx.send(0).unwrap();
        assert_eq!(rx.try_recv(), Ok(0));
        let senders = [send(tx.clone(), 1..3), send(tx, 11..12)];
        let mut received: Vec<_> = (0..2).map(|_| block_on(rx.recv()).unwrap()).collect();
        senders.map(|sender| sender.join().unwrap());
        received.push(rx.try_recv().unwrap());
        assert_eq!(rx.try_recv(), Err(TryRecvError::Disconnected));
        let of_one = |tens: u32| received.iter().filter(move |number| **number / 10 == tens);
        assert!(of_one(0).eq(&[1, 2]), "{received:?}");
        assert!(of_one(1).eq(&[11]), "{received:?}");
    });
}

#[test]
fn loom_a_block_is_not_reused_while_a_sender_looks_for_its_own() {
    loom::model(|| {
        let (tx, mut rx) = unbounded_channel();
        for number in 0..2 {
            tx.send(number).unwrap();
            rx.try_recv().unwrap();
        }
        // The hint is in the first block, where nobody's position is.
        let senders = [3, 4].map(|number| send(tx.clone(), number..number + 1));
        tx.send(2).unwrap();
        let received: u32 = (0..3).map(|_| block_on(rx.recv()).unwrap()).sum();
        assert_eq!(received, 2 + 3 + 4);
        senders.map(|sender| sender.join().unwrap());
    });
}

#[test]
fn loom_what_was_sent_before_the_close_is_received() {
    loom::model(|| {
        let (tx, mut rx) = unbounded_channel();
        let senders = [send(tx.clone(), 0..2), send(tx, 2..3)];
        let first = rx.try_recv();
        rx.close();
        let mut received = usize::from(first.is_ok());
        while block_on(rx.recv()).is_some() {
            received += 1;
        }
        let sent: usize = senders.map(|sender| sender.join().unwrap()).iter().sum();
        assert_eq!(received, sent);
        assert_eq!(rx.try_recv(), Err(TryRecvError::Disconnected));
    });
}

#[test]
fn loom_a_message_races_the_receivers_drop_and_is_dropped_once() {
    loom::model(|| {
        let (tx, rx) = unbounded_channel();
        let sender = thread::spawn(move || {
            // loom reports what is dropped twice or never.
            let _ = tx.send(Arc::new(()));
            let _ = tx.send(Arc::new(()));
        });
        drop(rx);
        sender.join().unwrap();
    });
}

#[test]
fn loom_the_last_sender_is_dropped_while_the_receiver_waits() {
    loom::model(|| {
        let (tx, mut rx) = channel::<u32>(1);
        let other = tx.clone();
        let droppers = [
            thread::spawn(move || drop(tx)),
            thread::spawn(move || drop(other)),
        ];
        assert_eq!(block_on(rx.recv()), None);
        droppers.map(|dropper| dropper.join().unwrap());
    });
}

#[test]
fn loom_the_second_of_two_polls_is_the_one_that_is_woken() {
    loom::model(|| {
        let (tx, mut rx) = unbounded_channel();
        let sender = send(tx, 7..8);
        {
            let recv = pin!(rx.recv());
            if let Poll::Ready(number) = recv.poll(&mut Context::from_waker(Waker::noop())) {
                assert_eq!(number, Some(7));
                sender.join().unwrap();
                return;
            }
        }
        assert_eq!(block_on(rx.recv()), Some(7));
        sender.join().unwrap();
    });
}

#[test]
fn loom_try_recv_finds_what_was_sent_behind_a_sender_at_work() {
    loom::model(|| {
        let (tx, mut rx) = unbounded_channel();
        let at_work = send(tx.clone(), 0..1);
        tx.send(1).unwrap();
        assert!(rx.try_recv().is_ok());
        at_work.join().unwrap();
    });
}

#[test]
fn loom_a_sender_waits_until_a_message_is_received() {
    loom::model(|| {
        let (tx, mut rx) = channel(1);
        let sender = thread::spawn(move || {
            for number in 0..2 {
                block_on(tx.send(number)).unwrap();
            }
        });
        for number in 0..2 {
            assert_eq!(block_on(rx.recv()), Some(number));
        }
        sender.join().unwrap();
    });
}

#[test]
fn loom_a_dropped_permit_lets_a_sender_go_on() {
    loom::model(|| {
        let (tx, mut rx) = channel(1);
        let permit = tx.clone().try_reserve_owned().unwrap();
        let sender = thread::spawn(move || block_on(tx.send(1)).unwrap());
        drop(permit);
        assert_eq!(block_on(rx.recv()), Some(1));
        sender.join().unwrap();
    });
}

#[test]
fn loom_the_last_permit_of_a_closed_channel_wakes_the_receiver() {
    loom::model(|| {
        let (tx, mut rx) = channel(2);
        let permits = [tx.clone(), tx.clone()].map(|tx| tx.try_reserve_owned().unwrap());
        let [used, dropped] = permits;
        let threads = [
            thread::spawn(move || drop(used.send(1))),
            thread::spawn(move || drop(dropped)),
        ];
        rx.close();
        assert_eq!(block_on(rx.recv()), Some(1));
        assert_eq!(block_on(rx.recv()), None);
        threads.map(|thread| thread.join().unwrap());
        drop(tx);
    });
}

#[test]
fn loom_a_request_that_the_close_ends_wakes_the_receiver() {
    loom::model(|| {
        let (tx, mut rx) = channel::<u32>(2);
        let other = tx.clone();
        let one = tx.clone().try_reserve_owned().unwrap();
        let waits = thread::spawn(move || drop(block_on(other.reserve_many(2))));
        let drops = thread::spawn(move || drop(one));
        rx.close();
        assert_eq!(block_on(rx.recv()), None);
        waits.join().unwrap();
        drops.join().unwrap();
        drop(tx);
    });
}

#[test]
fn loom_a_message_is_sent_or_refused_while_the_channel_closes() {
    loom::model(|| {
        let (tx, mut rx) = channel(1);
        let sender = thread::spawn(move || match tx.try_send(1) {
            Ok(()) => true,
            Err(TrySendError::Closed(1)) => false,
            Err(other) => unreachable!("{other:?}"),
        });
        rx.close();
        let received = block_on(rx.recv()).is_some();
        assert_eq!(received, sender.join().unwrap());
        assert!(block_on(rx.recv()).is_none());
    });
}

#[test]
fn loom_closed_is_heard() {
    loom::model(|| {
        let (tx, rx) = channel::<u32>(1);
        let sender = thread::spawn(move || block_on(tx.closed()));
        drop(rx);
        sender.join().unwrap();
    });
}

#[test]
fn loom_a_weak_sender_is_upgraded_or_too_late() {
    loom::model(|| {
        let (tx, mut rx) = channel(1);
        let weak = tx.downgrade();
        let upgrader = thread::spawn(move || {
            let upgraded = weak.upgrade();
            upgraded.map(|tx| tx.try_send(1).unwrap()).is_some()
        });
        drop(tx);
        let received = block_on(poll_fn(|cx| rx.poll_recv(cx)));
        assert_eq!(received.is_some(), upgrader.join().unwrap());
    });
}
