//! Senders that are counted, and those that do not count.

use futures_lite::future::block_on;
use runtime::sync::mpsc::{channel, unbounded_channel};

/// The same for both channels.
macro_rules! counts {
    ($name:ident, $channel:expr) => {
        #[test]
        fn $name() {
            let (tx, mut rx) = $channel;
            let other = tx.clone();
            let weak = tx.downgrade();
            let twin = weak.clone();
            assert_eq!((tx.strong_count(), tx.weak_count()), (2, 2));
            assert_eq!((weak.strong_count(), weak.weak_count()), (2, 2));
            assert_eq!((rx.sender_strong_count(), rx.sender_weak_count()), (2, 2));
            drop((other, twin));
            assert_eq!((tx.strong_count(), tx.weak_count()), (1, 1));
            let upgraded = weak.upgrade().unwrap();
            assert!(upgraded.same_channel(&tx));
            drop(tx);
            assert_eq!(weak.strong_count(), 1);
            drop(upgraded);
            assert_eq!(block_on(rx.recv()), None::<u8>);
            assert!(weak.upgrade().is_none());
            assert_eq!((rx.sender_strong_count(), rx.sender_weak_count()), (0, 1));
            drop(rx);
            assert!(weak.upgrade().is_none());
        }
    };
}

counts!(a_weak_sender_keeps_no_channel_open, channel(1));
counts!(nor_one_without_a_limit, unbounded_channel());
