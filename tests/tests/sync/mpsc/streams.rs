//! Receivers are streams.

use std::pin::pin;

use futures_lite::future::block_on;
use futures_lite::{Stream, StreamExt};
use runtime::sync::mpsc::{channel, unbounded_channel};

use super::poll_with_bell;

#[test]
fn a_receiver_is_a_stream() {
    block_on(async {
        let (tx, mut rx) = channel(8);
        (0..5).for_each(|number| tx.try_send(number).unwrap());
        assert_eq!(rx.next().await, Some(0));
        assert_eq!(rx.size_hint(), (4, None));
        drop(tx);
        assert_eq!(rx.size_hint(), (4, Some(4)));
        let doubled: Vec<_> = rx.map(|number| 2 * number).collect().await;
        assert_eq!(doubled, [2, 4, 6, 8]);
    });
    let (tx, mut rx) = unbounded_channel();
    let (polled, bell) = poll_with_bell(pin!(rx.next()));
    assert!(polled.is_pending());
    tx.send(1).unwrap();
    assert_eq!((bell.get(), block_on(rx.next())), (1, Some(1)));
    assert_eq!(rx.size_hint(), (0, None));
    drop(tx);
    assert_eq!((rx.size_hint(), block_on(rx.next())), ((0, Some(0)), None));
}

#[test]
fn the_receivers_own_methods_remain_the_ones_that_are_called() {
    let (tx, mut rx) = channel(8);
    tx.try_send(1).unwrap();
    assert_eq!((rx.len(), rx.is_empty(), rx.is_closed()), (1, false, false));
    assert_eq!(block_on(rx.recv()), Some(1));
    rx.close();
    assert!(tx.is_closed());
}
