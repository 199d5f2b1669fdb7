//! Futures that are dropped before they are ready.

use std::cell::RefCell;
use std::future::poll_fn;

use futures_lite::future::block_on;
use runtime::sync::mpsc::{channel, unbounded_channel};
use runtime_tests::cancel::in_every_order;

#[test]
fn a_dropped_recv_loses_no_message() {
    in_every_order(|order| {
        let (tx, mut rx) = unbounded_channel();
        let (first, second) = (|| tx.send(1).unwrap(), || tx.send(2).unwrap());
        let ended = order.run(rx.recv(), async {}, &[&first, &second]);
        let mut got: Vec<i32> = ended.victim.flatten().into_iter().collect();
        got.extend(std::iter::from_fn(|| rx.try_recv().ok()));
        assert_eq!(got, [1, 2]);
    });
}

#[test]
fn a_dropped_recv_many_loses_no_message() {
    in_every_order(|order| {
        let (tx, mut rx) = channel(3);
        let send = || tx.try_send(1).unwrap();
        let mut got = Vec::new();
        order.run(rx.recv_many(&mut got, 2), async {}, &[&send, &send, &send]);
        got.extend(std::iter::from_fn(|| rx.try_recv().ok()));
        assert_eq!((got.len(), tx.capacity()), (3, 3));
    });
}

#[test]
fn a_dropped_send_gives_its_turn_to_the_next() {
    in_every_order(|order| {
        let (tx, rx) = channel(1);
        let rx = RefCell::new(rx);
        tx.try_send("first").unwrap();
        let receive = || assert!(rx.borrow_mut().try_recv().is_ok());
        let ended = order.run(tx.send("victim"), tx.send("rival"), &[&receive]);
        // One of the two has got the room; if the victim has, the rival gets the next.
        let sent = rx.borrow_mut().try_recv().ok();
        match (ended.victim.is_some(), ended.rival.is_some()) {
            (true, false) => assert_eq!(sent, Some("victim")),
            (false, true) => assert_eq!(sent, Some("rival")),
            other => panic!("{other:?}"),
        }
        assert_eq!(tx.capacity(), 1);
    });
}

#[test]
fn a_dropped_reserve_gives_its_permits_back() {
    in_every_order(|order| {
        let (tx, rx) = channel(2);
        let rx = RefCell::new(rx);
        tx.try_send(1).unwrap();
        tx.try_send(2).unwrap();
        let receive = || assert!(rx.borrow_mut().try_recv().is_ok());
        let ended = order.run(tx.reserve_many(2), tx.reserve(), &[&receive, &receive]);
        let victim = ended.victim.is_some();
        drop(ended.victim);
        assert!(victim || ended.rival.is_some(), "the rival is not woken");
        drop(ended.rival);
        assert_eq!(tx.capacity(), 2);
    });
}

#[test]
fn a_dropped_reserve_of_a_closed_channel_ends_the_receiver() {
    in_every_order(|order| {
        let (tx, rx) = channel::<u8>(2);
        let rx = RefCell::new(rx);
        let permit = RefCell::new(Some(tx.try_reserve().unwrap()));
        let close = || rx.borrow_mut().close();
        let give_up = || drop(permit.take());
        let victim = async { drop(tx.reserve_many(2).await) };
        let rival = poll_fn(|cx| rx.borrow_mut().poll_recv(cx));
        let ended = order.run(victim, rival, &[&close, &give_up]);
        assert_eq!(ended.rival, Some(None), "the receiver is not woken");
    });
}

#[test]
fn a_dropped_closed_disturbs_no_other() {
    in_every_order(|order| {
        let (tx, rx) = unbounded_channel::<u8>();
        let rx = RefCell::new(rx);
        let close = || rx.borrow_mut().close();
        let ended = order.run(tx.closed(), tx.closed(), &[&close]);
        assert!(ended.rival.is_some());
        block_on(tx.closed());
    });
}
