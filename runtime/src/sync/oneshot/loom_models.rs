//! The races of two ends, each as a model.

use std::pin::Pin;
use std::task::{Context, Poll, Wake, Waker};

use loom::future::block_on;
use loom::thread;

use super::{Receiver, Sender, channel};
use crate::primitive::StdArc;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicBool, Ordering};

/// loom complains of a model that ends while one of these lives.
type Value = Arc<u32>;

#[derive(Debug)]
struct Bell(AtomicBool);

impl Wake for Bell {
    fn wake(self: StdArc<Self>) {
        // Release: what was done before the wake is seen by who hears of it.
        self.0.store(true, Ordering::Release);
    }
}

fn bell() -> (StdArc<Bell>, Waker) {
    let bell = StdArc::new(Bell(AtomicBool::new(false)));
    (bell.clone(), Waker::from(bell))
}

/// That a bell is held by none but the two of the caller shows that no waker
/// is leaked and none is dropped twice.
fn assert_let_go(bell: &StdArc<Bell>, waker: Waker) {
    assert_eq!(StdArc::strong_count(bell), 2);
    drop(waker);
}

fn poll(receiver: &mut Receiver<Value>, waker: &Waker) -> Poll<Option<Value>> {
    let polled = Pin::new(receiver).poll(&mut Context::from_waker(waker));
    polled.map(Result::ok)
}

fn poll_closed(sender: &mut Sender<Value>, waker: &Waker) -> Poll<()> {
    sender.poll_closed(&mut Context::from_waker(waker))
}

#[test]
fn loom_send_meets_receive() {
    loom::model(|| {
        let (sender, receiver) = channel();
        let sends = thread::spawn(move || sender.send(Value::new(7)).expect("it is received"));
        assert_eq!(*block_on(receiver).expect("it was sent"), 7);
        sends.join().expect("the sender ends");
    });
}

#[test]
fn loom_dropped_sender_meets_receive() {
    loom::model(|| {
        let (sender, receiver) = channel::<Value>();
        let drops = thread::spawn(move || drop(sender));
        assert!(block_on(receiver).is_err());
        drops.join().expect("the sender ends");
    });
}

#[test]
fn loom_send_meets_a_receiver_that_changes_its_waker() {
    loom::model(|| {
        let (sender, mut receiver) = channel();
        let ((first_bell, first), (bell, waker)) = (bell(), bell());
        assert!(poll(&mut receiver, &first).is_pending());
        let sends = thread::spawn(move || sender.send(Value::new(7)).expect("it is received"));
        let polled = poll(&mut receiver, &waker);
        sends.join().expect("the sender ends");
        if polled.is_pending() {
            assert!(bell.0.load(Ordering::Acquire), "nobody was woken");
            assert!(poll(&mut receiver, &waker).is_ready());
        }
        drop(receiver);
        assert_let_go(&first_bell, first);
        assert_let_go(&bell, waker);
    });
}

#[test]
fn loom_send_meets_close_and_the_value_has_one_owner() {
    loom::model(|| {
        let (sender, mut receiver) = channel();
        let (bell, waker) = bell();
        assert!(poll(&mut receiver, &waker).is_pending());
        let sends = thread::spawn(move || sender.send(Value::new(7)).is_ok());
        receiver.close();
        let Poll::Ready(received) = poll(&mut receiver, &waker) else {
            panic!("a closed receiver is ready");
        };
        let sent = sends.join().expect("the sender ends");
        assert_eq!(sent, received.is_some());
        assert_let_go(&bell, waker);
    });
}

#[test]
fn loom_send_meets_the_drop_of_a_waiting_receiver() {
    loom::model(|| {
        let (sender, mut receiver) = channel();
        let (bell, waker) = bell();
        assert!(poll(&mut receiver, &waker).is_pending());
        let drops = thread::spawn(move || drop(receiver));
        drop(sender.send(Value::new(7)));
        drops.join().expect("the receiver ends");
        assert_let_go(&bell, waker);
    });
}

#[test]
fn loom_close_meets_a_sender_that_awaits_it() {
    loom::model(|| {
        let (mut sender, receiver) = channel::<Value>();
        let drops = thread::spawn(move || drop(receiver));
        block_on(sender.closed());
        assert!(sender.is_closed());
        drop(sender);
        drops.join().expect("the receiver ends");
    });
}

#[test]
fn loom_close_meets_a_sender_that_changes_its_waker() {
    loom::model(|| {
        let (mut sender, mut receiver) = channel::<Value>();
        let ((first_bell, first), (bell, waker)) = (bell(), bell());
        assert!(poll_closed(&mut sender, &first).is_pending());
        let closes = thread::spawn(move || receiver.close());
        let polled = poll_closed(&mut sender, &waker);
        closes.join().expect("the receiver ends");
        if polled.is_pending() {
            assert!(bell.0.load(Ordering::Acquire), "nobody was woken");
        }
        drop(sender);
        assert_let_go(&first_bell, first);
        assert_let_go(&bell, waker);
    });
}

#[test]
fn loom_send_of_a_sender_that_awaited_the_end_meets_close() {
    loom::model(|| {
        let (mut sender, receiver) = channel();
        let (bell, waker) = bell();
        assert!(poll_closed(&mut sender, &waker).is_pending());
        let drops = thread::spawn(move || drop(receiver));
        drop(sender.send(Value::new(7)));
        drops.join().expect("the receiver ends");
        assert_let_go(&bell, waker);
    });
}
