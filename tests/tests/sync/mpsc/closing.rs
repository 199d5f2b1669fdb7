//! The rules of closing.

use std::pin::pin;

use futures_lite::future::{block_on, poll_once};
use runtime::sync::mpsc::error::{SendError, TryRecvError, TrySendError};
use runtime::sync::mpsc::{channel, unbounded_channel};
use runtime_tests::count::Counter;

use super::poll_with_bell;

#[test]
fn without_senders_the_receiver_gets_what_is_left_and_then_none() {
    let (tx, mut rx) = channel(2);
    tx.try_send(1).unwrap();
    let other = tx.clone();
    drop(tx);
    assert!(!rx.is_closed());
    drop(other);
    assert!(rx.is_closed());
    assert_eq!(block_on(rx.recv()), Some(1));
    for _ in 0..2 {
        assert_eq!(block_on(rx.recv()), None);
        assert_eq!(rx.try_recv(), Err(TryRecvError::Disconnected));
        assert_eq!(rx.len(), 0);
    }
}

#[test]
fn the_drop_of_the_last_sender_wakes_the_receiver() {
    // At each place of a block.
    for sent in 0..70 {
        let (tx, mut rx) = unbounded_channel();
        for number in 0..sent {
            tx.send(number).unwrap();
            rx.try_recv().unwrap();
        }
        let other = tx.clone();
        let (polled, bell) = poll_with_bell(pin!(rx.recv()));
        assert!(polled.is_pending());
        drop(tx);
        assert_eq!(bell.get(), 0);
        drop(other);
        assert_eq!(bell.get(), 1);
        assert_eq!(block_on(rx.recv()), None);
    }
}

#[test]
fn a_closed_channel_refuses_and_is_received_to_its_end() {
    let (tx, mut rx) = channel(2);
    tx.try_send(1).unwrap();
    rx.close();
    rx.close();
    assert!(tx.is_closed() && rx.is_closed());
    assert_eq!(tx.try_send(2), Err(TrySendError::Closed(2)));
    assert_eq!(block_on(tx.send(2)), Err(SendError(2)));
    assert!(block_on(tx.reserve()).is_err() && tx.try_reserve().is_err());
    assert_eq!(block_on(rx.recv()), Some(1));
    assert_eq!(block_on(rx.recv()), None);
    assert_eq!(rx.try_recv(), Err(TryRecvError::Disconnected));

    let (tx, mut rx) = unbounded_channel();
    tx.send(1).unwrap();
    rx.close();
    for _ in 0..100 {
        assert_eq!(tx.send(2), Err(SendError(2)));
    }
    assert!(tx.is_closed() && rx.is_closed());
    assert_eq!(rx.len(), 1, "what was refused does not count");
    assert_eq!(block_on(rx.recv()), Some(1));
    assert_eq!((block_on(rx.recv()), rx.len()), (None, 0));
    drop(tx);
    assert_eq!(rx.try_recv(), Err(TryRecvError::Disconnected));
}

#[test]
fn closing_wakes_senders_that_wait() {
    let (tx, mut rx) = channel(1);
    tx.try_send(0).unwrap();
    let mut send = pin!(tx.send(1));
    let (polled, bell) = poll_with_bell(send.as_mut());
    assert!(polled.is_pending());
    rx.close();
    assert_eq!(bell.get(), 1);
    assert_eq!(block_on(send), Err(SendError(1)));
    assert_eq!(block_on(rx.recv()), Some(0));
    assert_eq!(block_on(rx.recv()), None);
}

#[test]
fn a_permit_from_before_the_close_still_sends() {
    let (tx, mut rx) = channel(2);
    let (used, dropped) = (tx.try_reserve().unwrap(), tx.try_reserve().unwrap());
    rx.close();
    // Of #8074: not over while somebody may send.
    assert_eq!(rx.try_recv(), Err(TryRecvError::Empty));
    let (polled, bell) = poll_with_bell(pin!(rx.recv()));
    assert!(polled.is_pending());
    used.send(7);
    assert_eq!(bell.get(), 1);
    assert_eq!(block_on(rx.recv()), Some(7));
    let (polled, bell) = poll_with_bell(pin!(rx.recv()));
    assert!(polled.is_pending());
    drop(dropped);
    assert_eq!(bell.get(), 1, "that was the last permit");
    assert_eq!(block_on(rx.recv()), None);
}

#[test]
fn a_request_that_the_close_ends_lets_the_receiver_end() {
    let (tx, mut rx) = channel::<u8>(2);
    let permit = tx.try_reserve().unwrap();
    let mut both = Box::pin(tx.reserve_many(2));
    assert!(block_on(poll_once(both.as_mut())).is_none());
    rx.close();
    drop(permit);
    // The request has collected one permit, and not heard of the close.
    let (polled, bell) = poll_with_bell(pin!(rx.recv()));
    assert!(polled.is_pending());
    drop(both);
    assert_eq!(bell.get(), 1);
    assert_eq!(block_on(rx.recv()), None);
}

#[test]
fn closed_waits_for_the_close_or_the_drop() {
    let (tx, mut rx) = channel::<u8>(1);
    let mut closed = [pin!(tx.closed()), pin!(tx.closed())];
    let bells = closed.each_mut().map(|closed| {
        assert!(poll_with_bell(closed.as_mut()).0.is_pending());
        let (polled, bell) = poll_with_bell(closed.as_mut());
        assert!(polled.is_pending());
        bell
    });
    rx.close();
    assert_eq!(bells.map(|bell| bell.get()), [1, 1]);
    for closed in closed {
        block_on(closed);
    }
    block_on(tx.closed());

    let (tx, rx) = unbounded_channel::<u8>();
    let mut closed = pin!(tx.closed());
    let (polled, bell) = poll_with_bell(closed.as_mut());
    assert!(polled.is_pending());
    drop(rx);
    assert_eq!(bell.get(), 1);
    block_on(closed);
}

#[test]
fn dropping_the_receiver_drops_what_is_left() {
    for left in [0, 1, 32, 33, 100] {
        let (tx, rx) = unbounded_channel();
        let drops = Counter::new();
        for _ in 0..left {
            tx.send(drops.on_drop()).unwrap();
        }
        drop(rx);
        assert_eq!(drops.get(), left);
        drop(tx.send(drops.on_drop()).unwrap_err());
        assert_eq!(drops.get(), left + 1);
    }
}

#[test]
fn what_a_permit_sends_to_nobody_is_dropped_with_the_last_sender() {
    let (tx, rx) = channel(1);
    let drops = Counter::new();
    let permit = tx.clone().try_reserve_owned().unwrap();
    drop(rx);
    let other = permit.send(drops.on_drop());
    drop((tx, other));
    assert_eq!(drops.get(), 1);
}
