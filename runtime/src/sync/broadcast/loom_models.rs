//! The races of senders and receivers, each as a model.

use loom::future::block_on;
use loom::thread;

use super::error::{RecvError, TryRecvError};
use super::{Receiver, channel};
use crate::primitive::cell::UnsafeCell;
use crate::primitive::sync::Arc;

/// `Send` but not `Sync`: loom complains if two threads clone it at the same time, and of one
/// that is never dropped.
struct Value {
    number: Arc<u32>,
    clones: UnsafeCell<u32>,
}

// SAFETY: the cell is touched by `clone` alone, which a type that is not `Sync` may do.
unsafe impl Send for Value {}

impl Value {
    fn new(number: u32) -> Self {
        Value {
            number: Arc::new(number),
            clones: UnsafeCell::new(0),
        }
    }
}

impl Clone for Value {
    fn clone(&self) -> Self {
        // SAFETY: a type that is not `Sync` is cloned by one thread at a time.
        self.clones.with_mut(|clones| unsafe { *clones += 1 });
        Value {
            number: self.number.clone(),
            clones: UnsafeCell::new(0),
        }
    }
}

fn number(received: Result<Value, RecvError>) -> Result<u32, RecvError> {
    received.map(|value| *value.number)
}

fn try_number(receiver: &mut Receiver<Value>) -> Result<u32, TryRecvError> {
    receiver.try_recv().map(|value| *value.number)
}

#[test]
fn loom_send_meets_recv() {
    loom::model(|| {
        let (sender, mut receiver) = channel(2);
        let sends = thread::spawn(move || {
            assert!(sender.send(Value::new(1)).is_ok());
        });
        assert_eq!(number(block_on(receiver.recv())), Ok(1));
        assert_eq!(number(block_on(receiver.recv())), Err(RecvError::Closed));
        sends.join().expect("the sender ends");
    });
}

#[test]
fn loom_one_send_wakes_two_receivers() {
    loom::model(|| {
        let (sender, mut first) = channel(2);
        let mut second = sender.subscribe();
        let receives = thread::spawn(move || number(block_on(first.recv())));
        let sends = thread::spawn(move || {
            assert!(sender.send(Value::new(1)).is_ok());
        });
        assert_eq!(number(block_on(second.recv())), Ok(1));
        assert_eq!(receives.join().expect("the receiver ends"), Ok(1));
        sends.join().expect("the sender ends");
    });
}

#[test]
fn loom_two_receivers_clone_one_after_the_other() {
    loom::model(|| {
        let (sender, mut first) = channel(2);
        let mut second = sender.subscribe();
        let _third = sender.subscribe();
        assert!(sender.send(Value::new(1)).is_ok());
        let receives = thread::spawn(move || try_number(&mut first));
        assert_eq!(try_number(&mut second), Ok(1));
        assert_eq!(receives.join().expect("the receiver ends"), Ok(1));
        assert_eq!(sender.len(), 1);
    });
}

/// A ring that is full is not one that was overwritten.
#[test]
fn loom_filling_the_ring_meets_receiving() {
    loom::model(|| {
        let (sender, mut receiver) = channel(1);
        let sends = thread::spawn(move || {
            assert!(sender.send(Value::new(1)).is_ok());
            sender
        });
        let early = try_number(&mut receiver);
        let _sender = sends.join().expect("the sender ends");
        if early != Ok(1) {
            assert_eq!(early, Err(TryRecvError::Empty));
            assert_eq!(try_number(&mut receiver), Ok(1));
        }
    });
}

#[test]
fn loom_overwriting_meets_receiving() {
    loom::model(|| {
        let (sender, mut receiver) = channel(1);
        assert!(sender.send(Value::new(1)).is_ok());
        let sends = thread::spawn(move || {
            assert!(sender.send(Value::new(2)).is_ok());
            sender
        });
        match try_number(&mut receiver) {
            Ok(received) => assert_eq!(received, 1),
            Err(error) => assert_eq!(error, TryRecvError::Lagged(1)),
        }
        let sender = sends.join().expect("the sender ends");
        assert_eq!(try_number(&mut receiver), Ok(2));
        assert!(sender.is_empty());
    });
}

#[test]
fn loom_overwriting_meets_the_drop_of_a_receiver() {
    loom::model(|| {
        let (sender, first) = channel(1);
        let mut second = sender.subscribe();
        assert!(sender.send(Value::new(1)).is_ok());
        let drops = thread::spawn(move || drop(first));
        assert!(sender.send(Value::new(2)).is_ok());
        drops.join().expect("the receiver ends");
        assert_eq!(try_number(&mut second), Err(TryRecvError::Lagged(1)));
        assert_eq!(try_number(&mut second), Ok(2));
        assert!(sender.is_empty(), "a receiver that is gone counts no more");
    });
}

#[test]
fn loom_receiving_meets_the_drop_of_the_other_receiver() {
    loom::model(|| {
        let (sender, first) = channel(2);
        let mut second = sender.subscribe();
        assert!(sender.send(Value::new(1)).is_ok());
        let drops = thread::spawn(move || drop(first));
        assert_eq!(try_number(&mut second), Ok(1));
        drops.join().expect("the receiver ends");
        assert!(sender.is_empty());
    });
}

#[test]
fn loom_the_last_sender_goes_while_a_receiver_waits() {
    loom::model(|| {
        let (sender, mut receiver) = channel::<Value>(2);
        let other = sender.clone();
        let drops = thread::spawn(move || drop(other));
        drop(sender);
        assert_eq!(number(block_on(receiver.recv())), Err(RecvError::Closed));
        drops.join().expect("the sender ends");
    });
}

#[test]
fn loom_upgrading_meets_the_drop_of_the_last_sender() {
    loom::model(|| {
        let (sender, mut receiver) = channel(2);
        let weak = sender.downgrade();
        let drops = thread::spawn(move || drop(sender));
        let sent = weak.upgrade().map(|sender| sender.send(Value::new(1)));
        drops.join().expect("the sender ends");
        if sent.is_some() {
            assert_eq!(try_number(&mut receiver), Ok(1));
        }
        assert_eq!(try_number(&mut receiver), Err(TryRecvError::Closed));
    });
}

#[test]
fn loom_the_last_receiver_goes_while_a_sender_awaits_it() {
    loom::model(|| {
        let (sender, receiver) = channel::<Value>(2);
        let drops = thread::spawn(move || drop(receiver));
        block_on(sender.closed());
        assert_eq!(sender.receiver_count(), 0);
        drops.join().expect("the receiver ends");
    });
}

#[test]
fn loom_a_cancelled_recv_meets_send() {
    loom::model(|| {
        let (sender, mut receiver) = channel(2);
        let sends = thread::spawn(move || {
            assert!(sender.send(Value::new(1)).is_ok());
        });
        let polled = {
            let mut recv = std::pin::pin!(receiver.recv());
            let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
            recv.as_mut().poll(&mut cx).is_ready()
        };
        sends.join().expect("the sender ends");
        let expected = if polled {
            Err(TryRecvError::Closed)
        } else {
            Ok(1)
        };
        assert_eq!(try_number(&mut receiver), expected);
    });
}
