//! Receiving what was sent, as it was sent.

use std::pin::pin;

use futures_lite::future::block_on;
use runtime::sync::mpsc::error::{TryRecvError, TrySendError};
use runtime::sync::mpsc::{channel, unbounded_channel};
use runtime_tests::reported::panic_of;

use super::poll_with_bell;

/// More than fits in some blocks.
const MANY: usize = 1_000;

#[test]
fn messages_come_in_the_order_in_which_they_were_sent() {
    let (tx, mut rx) = unbounded_channel();
    for number in 0..MANY {
        tx.send(number).unwrap();
    }
    for number in 0..MANY {
        assert_eq!(block_on(rx.recv()), Some(number));
    }
    let (tx, mut rx) = channel(3);
    for number in 0..MANY {
        block_on(tx.send(number)).unwrap();
        if number >= 2 {
            assert_eq!(block_on(rx.recv()), Some(number - 2));
        }
    }
}

#[test]
fn a_full_channel_makes_senders_wait_in_turn() {
    let (tx, mut rx) = channel(1);
    block_on(tx.send(0)).unwrap();
    let (mut first, mut second) = (pin!(tx.send(1)), pin!(tx.send(2)));
    let (polled, first_bell) = poll_with_bell(first.as_mut());
    assert!(polled.is_pending());
    let (polled, second_bell) = poll_with_bell(second.as_mut());
    assert!(polled.is_pending());
    assert_eq!(rx.try_recv(), Ok(0));
    assert_eq!((first_bell.get(), second_bell.get()), (1, 0));
    assert_eq!(tx.try_send(3), Err(TrySendError::Full(3)), "it is promised");
    block_on(first).unwrap();
    assert_eq!(rx.try_recv(), Ok(1));
    assert_eq!(second_bell.get(), 1);
    block_on(second).unwrap();
    assert_eq!(rx.try_recv(), Ok(2));
}

#[test]
fn sending_wakes_the_receiver_once_and_through_its_last_waker() {
    let (tx, mut rx) = unbounded_channel();
    let bells = [(); 3].map(|()| {
        let (polled, bell) = poll_with_bell(pin!(rx.recv()));
        assert!(polled.is_pending());
        bell
    });
    tx.send(1).unwrap();
    tx.send(2).unwrap();
    assert_eq!(bells.map(|bell| bell.get()), [0, 0, 1]);
    assert_eq!((rx.try_recv(), rx.try_recv()), (Ok(1), Ok(2)));
    assert_eq!(rx.try_recv(), Err(TryRecvError::Empty));
}

#[test]
fn an_empty_channel_is_empty_at_each_position() {
    // Of #6602: a channel is not less empty at the end of a block.
    let (tx, mut rx) = channel(4);
    for number in 0..MANY {
        assert_eq!((rx.is_empty(), rx.len()), (true, 0));
        tx.try_send(number).unwrap();
        assert_eq!((rx.is_empty(), rx.len()), (false, 1));
        assert_eq!(rx.try_recv(), Ok(number));
        assert_eq!(rx.try_recv(), Err(TryRecvError::Empty));
    }
}

#[test]
fn many_are_received_at_once() {
    let (tx, mut rx) = channel(100);
    for number in 0..100 {
        tx.try_send(number).unwrap();
    }
    let mut got = vec![-1];
    assert_eq!(block_on(rx.recv_many(&mut got, 0)), 0);
    assert_eq!(block_on(rx.recv_many(&mut got, 70)), 70);
    assert_eq!(tx.capacity(), 70);
    assert_eq!(block_on(rx.recv_many(&mut got, usize::MAX)), 30);
    assert!(got.iter().copied().eq(-1..100));
    assert_eq!(tx.capacity(), 100);

    let (polled, bell) = poll_with_bell(pin!(rx.recv_many(&mut got, 5)));
    assert!(polled.is_pending());
    tx.try_send(100).unwrap();
    assert_eq!(bell.get(), 1);
    drop(tx);
    assert_eq!(block_on(rx.recv_many(&mut got, 5)), 1);
    assert_eq!(block_on(rx.recv_many(&mut got, 5)), 0);
}

#[test]
fn capacity_counts_what_is_there_and_what_is_reserved() {
    let (tx, mut rx) = channel(3);
    assert_eq!((tx.capacity(), rx.capacity()), (3, 3));
    tx.try_send(1).unwrap();
    let permit = tx.try_reserve().unwrap();
    assert_eq!((tx.capacity(), rx.capacity()), (1, 1));
    drop(permit);
    rx.try_recv().unwrap();
    assert_eq!((tx.capacity(), rx.capacity()), (3, 3));
    assert_eq!((tx.max_capacity(), rx.max_capacity()), (3, 3));
}

#[test]
fn a_capacity_that_cannot_be_is_refused_where_it_was_asked_for() {
    for capacity in [0, usize::MAX, (usize::MAX >> 3) + 1] {
        let line = line!() + 1;
        let report = panic_of(|| channel::<u8>(capacity));
        assert_eq!((report.file.as_str(), report.line), (file!(), line));
        assert!(!report.message.is_empty());
    }
    assert_eq!(channel::<u8>(usize::MAX >> 3).0.capacity(), usize::MAX >> 3);
}

#[test]
fn senders_of_one_channel_know_each_other() {
    let (one, _rx) = channel::<u8>(1);
    let (two, _rx2) = channel::<u8>(1);
    assert!(one.same_channel(&one.clone()) && !one.same_channel(&two));
    let (one, _rx) = unbounded_channel::<u8>();
    let (two, _rx2) = unbounded_channel::<u8>();
    assert!(one.same_channel(&one.clone()) && !one.same_channel(&two));
}
