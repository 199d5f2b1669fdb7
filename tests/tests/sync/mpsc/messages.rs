//! Messages and wakers are user code.

use std::pin::pin;
use std::sync::Arc;

use futures_lite::future::block_on;
use runtime::sync::mpsc::{UnboundedSender, channel, unbounded_channel};
use runtime_tests::count::{Counter, OnDrop};
use runtime_tests::hostile::{Act, poll_with, waker};
use runtime_tests::reported::{PanicsOnDrop, panic_of};

#[test]
fn a_message_that_panics_when_dropped_spoils_no_other() {
    let (tx, rx) = unbounded_channel();
    let drops = Counter::new();
    for depth in [0, 3, 0, 3] {
        tx.send((PanicsOnDrop(depth), drops.on_drop())).unwrap();
    }
    panic_of(|| {
        drop(rx);
        panic!("the receiver is gone, and the drop did not unwind");
    });
    assert_eq!(drops.get(), 4);
    assert!(tx.send((PanicsOnDrop(0), drops.on_drop())).is_err());
}

#[test]
fn a_dropped_message_may_use_the_channel() {
    struct Reply(Option<UnboundedSender<Reply>>, Counter);
    impl Drop for Reply {
        fn drop(&mut self) {
            if let Some(tx) = self.0.take() {
                assert!(tx.is_closed());
                assert!(tx.send(Reply(None, self.1.clone())).is_err());
            }
            self.1.raise();
        }
    }
    let (tx, rx) = unbounded_channel();
    let drops = Counter::new();
    for _ in 0..40 {
        tx.send(Reply(Some(tx.clone()), drops.clone())).unwrap();
    }
    drop(rx);
    assert_eq!(drops.get(), 80);
    assert_eq!(tx.strong_count(), 1);
}

#[test]
fn a_channel_that_is_sent_through_itself_is_freed() {
    let alive = Arc::new(());
    let (tx, mut rx) = channel(2);
    let kept = alive.clone();
    let message = (
        tx.clone(),
        OnDrop(Box::new(move || drop(kept.clone())) as Box<dyn FnMut()>),
    );
    // The channel's own sender lies in it.
    let erased: Box<dyn std::any::Any> = Box::new(message);
    tx.try_send(erased).unwrap();
    drop(tx);
    rx.close();
    drop(rx);
    assert_eq!(Arc::strong_count(&alive), 1);
}

#[test]
fn a_waker_that_panics_when_woken_disturbs_no_sender() {
    let (tx, mut rx) = unbounded_channel();
    let wakes = Counter::new();
    assert!(poll_with(pin!(rx.recv()), waker(Act::Wake, &wakes)).is_pending());
    tx.send(1).unwrap();
    tx.send(2).unwrap();
    assert_eq!(wakes.get(), 1);
    assert_eq!((rx.try_recv(), rx.try_recv()), (Ok(1), Ok(2)));

    assert!(poll_with(pin!(rx.recv()), waker(Act::Wake, &wakes)).is_pending());
    drop(tx);
    assert_eq!(wakes.get(), 2);
    assert_eq!(block_on(rx.recv()), None);
}

#[test]
fn a_waker_that_panics_when_cloned_or_dropped_loses_nothing() {
    for act in [Act::Clone, Act::Drop] {
        let (tx, mut rx) = unbounded_channel();
        for number in 0..3 {
            let used = Counter::new();
            let hostile = waker(act, &used);
            let poll = std::panic::AssertUnwindSafe(|| poll_with(pin!(rx.recv()), hostile));
            let _ = std::panic::catch_unwind(poll);
            tx.send(number).unwrap();
            assert_eq!(block_on(rx.recv()), Some(number));
        }
        let used = Counter::new();
        let poll = std::panic::AssertUnwindSafe(|| poll_with(pin!(rx.recv()), waker(act, &used)));
        let _ = std::panic::catch_unwind(poll);
        drop(rx);
        assert!(tx.is_closed());
    }
}

#[test]
fn messages_without_size_and_big_ones_are_carried() {
    let (tx, mut rx) = unbounded_channel();
    (0..100).for_each(|_| tx.send(()).unwrap());
    assert_eq!((0..100).filter(|_| rx.try_recv().is_ok()).count(), 100);
    // Blocks of 32 do not fit on this thread's stack.
    let small_stack = std::thread::Builder::new().stack_size(128 << 10);
    let carries = || {
        let (tx, mut rx) = channel::<[u64; 512]>(40);
        for number in 0..100 {
            tx.try_send([number; 512]).unwrap();
            assert_eq!(rx.try_recv().unwrap()[400], number);
        }
    };
    small_stack.spawn(carries).unwrap().join().unwrap();
}
