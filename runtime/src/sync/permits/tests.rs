use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use super::{Acquire, Permits, TryAcquireError, Word};

#[derive(Default)]
struct Bell(AtomicUsize);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// A request, and the waker that it is polled with.
struct Request<'a> {
    acquire: Pin<Box<Acquire<'a>>>,
    bell: Arc<Bell>,
}

impl<'a> Request<'a> {
    /// Polls at once, so the request is in the queue.
    fn queued(permits: &'a Permits, n: usize) -> Self {
        let mut request = Request {
            acquire: Box::pin(permits.acquire(n)),
            bell: Arc::default(),
        };
        assert_eq!(request.poll(), None);
        request
    }

    fn poll(&mut self) -> Option<bool> {
        let waker = Waker::from(self.bell.clone());
        match self.acquire.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(result) => Some(result.is_ok()),
            Poll::Pending => None,
        }
    }

    fn rings(&self) -> usize {
        self.bell.0.load(Ordering::SeqCst)
    }
}

fn is_idle(permits: &Permits, free: usize) -> bool {
    permits.load() == Word::new(free)
}

#[test]
fn permits_go_to_the_front_until_it_has_all() {
    let permits = Permits::new(1);
    let mut many = Request::queued(&permits, 3);
    let mut one = Request::queued(&permits, 1);
    permits.release(1);
    assert_eq!((many.rings(), one.rings()), (0, 0));
    assert_eq!(permits.try_acquire(1), Err(TryAcquireError::NoPermits));
    permits.release(1);
    assert_eq!((many.rings(), one.rings()), (1, 0));
    assert_eq!((many.poll(), one.poll()), (Some(true), None));
    permits.release(3);
    assert_eq!((one.rings(), one.poll()), (1, Some(true)));
    assert!(is_idle(&permits, 2));
}

#[test]
fn a_dropped_waiter_passes_on_what_it_collected() {
    let permits = Permits::new(2);
    let many = Request::queued(&permits, 3);
    let mut two = Request::queued(&permits, 2);
    drop(many);
    assert_eq!((two.rings(), two.poll()), (1, Some(true)));
    assert!(is_idle(&permits, 0));
}

#[test]
fn a_dropped_waiter_that_was_served_passes_its_permits_on() {
    let permits = Permits::new(0);
    let first = Request::queued(&permits, 1);
    let mut second = Request::queued(&permits, 1);
    permits.release(1);
    drop(first);
    assert_eq!((second.rings(), second.poll()), (1, Some(true)));
    let third = Request::queued(&permits, 1);
    permits.release(1);
    drop(third);
    assert!(is_idle(&permits, 1));
}

#[test]
fn the_last_waiter_to_leave_opens_the_word() {
    let permits = Permits::new(1);
    let waiters = [Request::queued(&permits, 2), Request::queued(&permits, 1)];
    assert_eq!(permits.available(), 0);
    let [first, second] = waiters;
    drop(second);
    drop(first);
    assert!(is_idle(&permits, 1));
}

#[test]
fn closing_lets_all_fail_and_keeps_the_permits() {
    let permits = Permits::new(1);
    let mut collecting = Request::queued(&permits, 2);
    let mut waiting = Request::queued(&permits, 1);
    permits.close();
    assert_eq!((collecting.rings(), waiting.rings()), (1, 1));
    assert_eq!(
        (collecting.poll(), waiting.poll()),
        (Some(false), Some(false))
    );
    assert_eq!(permits.try_acquire(0), Err(TryAcquireError::Closed));
    assert_eq!((permits.available(), permits.is_closed()), (1, true));
}

#[test]
fn who_was_served_before_the_closing_but_did_not_notice_fails() {
    let permits = Permits::new(0);
    let mut served = Request::queued(&permits, 1);
    permits.release(1);
    permits.close();
    assert_eq!(served.poll(), Some(false));
    assert_eq!(permits.available(), 1);
}

#[test]
fn only_the_newest_waker_is_woken() {
    let permits = Permits::new(0);
    let mut request = Request::queued(&permits, 1);
    let old = std::mem::take(&mut request.bell);
    assert_eq!(request.poll(), None);
    permits.release(1);
    assert_eq!((old.0.load(Ordering::SeqCst), request.rings()), (0, 1));
}

#[test]
fn nothing_is_asked_for_and_nothing_waited_for() {
    let permits = Permits::new(0);
    let waiting = Request::queued(&permits, 1);
    assert_eq!(permits.try_acquire(0), Ok(()));
    permits.release(0);
    assert_eq!(waiting.rings(), 0);
}

#[test]
fn forgotten_permits_are_gone_and_a_closed_count_stays_closed() {
    let permits = Permits::new(3);
    assert_eq!((permits.forget(2), permits.forget(2)), (2, 1));
    permits.close();
    permits.release(1);
    assert_eq!(permits.forget(1), 1);
    assert!(permits.is_closed());
}

#[test]
fn an_addition_beyond_the_maximum_changes_nothing() {
    let permits = Permits::new(Permits::MAX - 1);
    permits.release(1);
    std::panic::catch_unwind(|| permits.release(Permits::MAX)).unwrap_err();
    assert!(is_idle(&permits, Permits::MAX));
}

#[test]
fn more_waiters_than_are_woken_at_once_are_served_in_order() {
    let permits = Permits::new(0);
    let mut waiters: Vec<_> = (0..100).map(|_| Request::queued(&permits, 1)).collect();
    permits.release(70);
    let rung: Vec<_> = waiters.iter().map(Request::rings).collect();
    assert!(rung[..70].iter().all(|&rings| rings == 1));
    assert!(rung[70..].iter().all(|&rings| rings == 0));
    permits.release(40);
    assert!(waiters.iter_mut().all(|waiter| waiter.poll() == Some(true)));
    assert!(is_idle(&permits, 10));
}

#[test]
fn threads_that_take_add_and_give_up_lose_no_permit() {
    const PERMITS: usize = 3;
    let permits = Permits::new(PERMITS);
    std::thread::scope(|scope| {
        for seed in 0..4 {
            let permits = &permits;
            scope.spawn(move || {
                for round in 0..20_000 {
                    let n = (seed + round) % PERMITS + 1;
                    let mut acquire = Box::pin(permits.acquire(n));
                    let mut cx = Context::from_waker(Waker::noop());
                    if acquire.as_mut().poll(&mut cx).is_ready() {
                        permits.release(n);
                    }
                }
            });
        }
    });
    assert!(is_idle(&permits, PERMITS));
}
