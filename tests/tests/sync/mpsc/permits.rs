//! Room that is reserved.

use std::pin::pin;

use futures_lite::future::{block_on, poll_once};
use runtime::sync::mpsc::channel;
use runtime::sync::mpsc::error::TrySendError;

use super::poll_with_bell;

#[test]
fn a_permit_keeps_its_room() {
    let (tx, mut rx) = channel(1);
    let permit = block_on(tx.reserve()).unwrap();
    assert_eq!(tx.try_send(1), Err(TrySendError::Full(1)));
    let mut waits = pin!(tx.send(2));
    let (polled, bell) = poll_with_bell(waits.as_mut());
    assert!(polled.is_pending());
    drop(permit);
    assert_eq!(bell.get(), 1);
    block_on(waits).unwrap();
    assert_eq!(rx.try_recv(), Ok(2));
}

#[test]
fn several_permits_come_at_once_or_not() {
    let (tx, mut rx) = channel(3);
    assert!(matches!(
        tx.try_reserve_many(4),
        Err(TrySendError::Full(()))
    ));
    assert!(block_on(tx.reserve_many(4)).is_err(), "they never come");
    assert_eq!(block_on(tx.reserve_many(0)).unwrap().len(), 0);
    let mut permits = block_on(tx.reserve_many(3)).unwrap();
    assert_eq!((permits.len(), permits.size_hint()), (3, (3, Some(3))));
    permits.next().unwrap().send(1);
    drop(permits.next());
    assert_eq!((permits.len(), tx.capacity()), (1, 1));
    drop(permits);
    assert_eq!(tx.capacity(), 2);

    let mut all = pin!(tx.reserve_many(3));
    let (polled, bell) = poll_with_bell(all.as_mut());
    assert!(polled.is_pending());
    assert!(tx.try_reserve().is_err(), "two are collected");
    assert_eq!(rx.try_recv(), Ok(1));
    assert_eq!(bell.get(), 1);
    let mut permits = block_on(all).unwrap();
    assert!(permits.by_ref().map(|permit| permit.send(2)).count() == 3);
    assert!(permits.next().is_none());
}

#[test]
fn an_owned_permit_gives_the_sender_back() {
    let (tx, mut rx) = channel(1);
    let permit = block_on(tx.clone().reserve_owned()).unwrap();
    let Err(TrySendError::Full(tx)) = tx.try_reserve_owned() else {
        panic!("there is no room");
    };
    assert_eq!(tx.strong_count(), 2);
    let other = permit.send(1);
    assert_eq!(rx.try_recv(), Ok(1));
    let permit = other.try_reserve_owned().unwrap();
    let (stranger, _rx) = channel(1);
    let strange = stranger.clone().try_reserve_owned().unwrap();
    assert!(permit.same_channel_as_sender(&tx) && !permit.same_channel_as_sender(&stranger));
    assert!(permit.same_channel(&permit) && !permit.same_channel(&strange));
    let other = permit.release();
    assert_eq!(tx.capacity(), 1);
    drop(other.try_reserve_owned().unwrap());
    assert_eq!((tx.capacity(), tx.strong_count()), (1, 1));
    drop(rx);
    assert!(matches!(
        tx.clone().try_reserve_owned(),
        Err(TrySendError::Closed(_))
    ));
    assert!(block_on(tx.reserve_owned()).is_err());
}

#[test]
fn who_waits_for_many_is_not_overtaken() {
    let (tx, mut rx) = channel(2);
    tx.try_send(0).unwrap();
    let mut many = pin!(tx.reserve_many(2));
    assert!(block_on(poll_once(many.as_mut())).is_none());
    let mut one = pin!(tx.send(1));
    let (polled, bell) = poll_with_bell(one.as_mut());
    assert!(polled.is_pending());
    rx.try_recv().unwrap();
    assert_eq!(bell.get(), 0);
    drop(block_on(many).unwrap());
    assert_eq!(bell.get(), 1);
    block_on(one).unwrap();
}
