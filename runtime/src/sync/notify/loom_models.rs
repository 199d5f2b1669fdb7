//! Races of notifying, waiting and giving up, two or three operations at a time.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use loom::future::block_on;
use loom::thread;

use super::{Notify, OwnedNotified};

type Waiter = Pin<Box<OwnedNotified>>;

fn waiter(notify: &Arc<Notify>) -> Waiter {
    Box::pin(notify.clone().notified_owned())
}

fn queued(notify: &Arc<Notify>) -> Waiter {
    let mut waiter = waiter(notify);
    assert_eq!(poll(&mut waiter), Poll::Pending);
    waiter
}

fn poll(waiter: &mut Waiter) -> Poll<()> {
    waiter
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
}

fn has_permit(notify: &Arc<Notify>) -> bool {
    waiter(notify).as_mut().enable()
}

fn spawn(notify: &Arc<Notify>, f: impl FnOnce(&Notify) + 'static) -> thread::JoinHandle<()> {
    let notify = notify.clone();
    thread::spawn(move || f(&notify))
}

#[test]
fn a_permit_and_a_waiter_meet() {
    loom::model(|| {
        let notify = Arc::new(Notify::new());
        let notifier = spawn(&notify, Notify::notify_one);
        block_on(waiter(&notify));
        notifier.join().unwrap();
        assert!(!has_permit(&notify), "it was taken");
    });
}

#[test]
fn two_notifications_serve_two_who_wait() {
    loom::model(|| {
        let notify = Arc::new(Notify::new());
        let (first, second) = (queued(&notify), queued(&notify));
        let notifiers = [
            spawn(&notify, Notify::notify_one),
            spawn(&notify, Notify::notify_last),
        ];
        block_on(first);
        block_on(second);
        notifiers.map(|notifier| notifier.join().unwrap());
        assert!(!has_permit(&notify));
    });
}

#[test]
fn what_a_dropped_waiter_was_given_goes_on() {
    loom::model(|| {
        let notify = Arc::new(Notify::new());
        let first = queued(&notify);
        let second = waiter(&notify);
        let notifier = spawn(&notify, Notify::notify_one);
        let second = thread::spawn(move || block_on(second));
        drop(first);
        second.join().unwrap();
        notifier.join().unwrap();
        assert!(!has_permit(&notify));
    });
}

#[test]
fn one_notification_a_call_and_a_drop() {
    loom::model(|| {
        let notify = Arc::new(Notify::new());
        let first = queued(&notify);
        let mut second = queued(&notify);
        let notifier = spawn(&notify, Notify::notify_one);
        let caller = spawn(&notify, Notify::notify_waiters);
        drop(first);
        notifier.join().unwrap();
        caller.join().unwrap();
        assert_eq!(poll(&mut second), Poll::Ready(()));
        // Nobody is in the queue: a permit is stored, not given to a ghost.
        notify.notify_one();
        assert!(has_permit(&notify));
    });
}

#[test]
fn a_call_reaches_who_came_before_it_and_leaves_the_permit() {
    loom::model(|| {
        let notify = Arc::new(Notify::new());
        let old = waiter(&notify);
        let caller = spawn(&notify, Notify::notify_waiters);
        notify.notify_one();
        let mut young = waiter(&notify);
        assert_eq!(poll(&mut young), Poll::Ready(()), "by permit or call");
        block_on(old);
        caller.join().unwrap();
    });
}

#[test]
fn a_call_meets_one_who_enters_the_queue() {
    loom::model(|| {
        let notify = Arc::new(Notify::new());
        let (first, second) = (waiter(&notify), waiter(&notify));
        let caller = spawn(&notify, Notify::notify_waiters);
        let first = thread::spawn(move || block_on(first));
        block_on(second);
        first.join().unwrap();
        caller.join().unwrap();
        assert!(!has_permit(&notify));
    });
}
