//! The signal without a value.

use std::collections::VecDeque;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll, Wake, Waker};

use futures_lite::future::block_on;
use runtime::sync::Notify;
use runtime::sync::futures::OwnedNotified;
use runtime_tests::cancel::in_every_order;
use runtime_tests::count::Counter;
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::hostile::{Act, poll_with, waker};
use runtime_tests::reported::panic_of;

use super::{assert_spends_its_budget, is_ready};

type Waiter = Pin<Box<OwnedNotified>>;

fn waiter(notify: &Arc<Notify>) -> Waiter {
    Box::pin(notify.clone().notified_owned())
}

fn queued<const N: usize>(notify: &Arc<Notify>) -> [Waiter; N] {
    std::array::from_fn(|_| {
        let mut waiter = waiter(notify);
        assert!(!is_ready(waiter.as_mut()));
        waiter
    })
}

fn ready(waiters: &mut [Waiter]) -> Vec<bool> {
    waiters
        .iter_mut()
        .map(|waiter| is_ready(waiter.as_mut()))
        .collect()
}

/// Takes the permit; whether there was one.
fn take_permit(notify: &Notify) -> bool {
    pin!(notify.notified()).enable()
}

#[test]
fn one_permit_is_stored_and_taken_once() {
    static NOTIFY: Notify = Notify::const_new();
    assert!(!take_permit(&NOTIFY));
    NOTIFY.notify_one();
    NOTIFY.notify_last();
    block_on(NOTIFY.notified());
    assert!(!take_permit(&NOTIFY));
}

#[test]
fn the_first_to_wait_is_the_first_to_be_notified() {
    let notify = Arc::default();
    let mut waiters = queued::<3>(&notify);
    notify.notify_one();
    notify.notify_one();
    assert_eq!(ready(&mut waiters), [true, true, false]);
    assert!(!take_permit(&notify));
}

#[test]
fn the_last_to_wait_is_notified_by_notify_last() {
    let notify = Arc::default();
    let mut waiters = queued::<3>(&notify);
    notify.notify_last();
    notify.notify_one();
    assert_eq!(ready(&mut waiters), [true, false, true]);
}

#[test]
fn a_call_reaches_whoever_was_made_before_it_and_stores_nothing() {
    let notify = Arc::default();
    let mut waiters = Vec::from(queued::<2>(&notify));
    waiters.push(waiter(&notify));
    notify.notify_waiters();
    waiters.push(waiter(&notify));
    assert_eq!(ready(&mut waiters), [true, true, true, false]);
    assert!(!take_permit(&notify));
}

#[test]
fn a_call_leaves_the_permit_to_others() {
    let notify = Arc::default();
    let mut old = waiter(&notify);
    notify.notify_one();
    notify.notify_waiters();
    assert!(is_ready(old.as_mut()));
    drop(old);
    assert!(take_permit(&notify));
}

#[test]
fn enabling_enters_the_queue_and_says_what_is_there() {
    let notify = Arc::default();
    let [mut first, mut second] = [waiter(&notify), waiter(&notify)];
    assert!(!first.as_mut().enable());
    assert!(!first.as_mut().enable());
    assert!(!is_ready(second.as_mut()));
    notify.notify_one();
    notify.notify_one();
    assert!(first.as_mut().enable());
    assert!(second.as_mut().enable());
    assert!(is_ready(first.as_mut()) && is_ready(second.as_mut()));
    drop([first, second]);
    assert!(!take_permit(&notify), "what was reported is not passed on");
}

#[test]
fn enabling_does_not_forget_the_waker() {
    let notify = Notify::new();
    let mut notified = pin!(notify.notified());
    let bell = Counter::new();
    let waker = Waker::from(Arc::new(bell.clone()));
    assert!(
        notified
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
    );
    assert!(!notified.as_mut().enable());
    notify.notify_one();
    assert_eq!(bell.get(), 1);
}

#[test]
fn a_notified_future_stays_ready() {
    let notify = Arc::default();
    let [mut waiter] = queued(&notify);
    notify.notify_one();
    for _ in 0..3 {
        assert!(is_ready(waiter.as_mut()));
    }
    drop(waiter);
    assert!(!take_permit(&notify));
}

#[test]
fn nothing_is_lost_whenever_a_waiter_is_dropped() {
    type Ring = fn(&Notify);
    let rings: [Ring; 2] = [Notify::notify_one, Notify::notify_last];
    for (first, second) in [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(a, b)| (rings[a], rings[b])) {
        in_every_order(|order| {
            let notify = Notify::new();
            let ended = order.run(notify.notified(), notify.notified(), &[&|| first(&notify)]);
            let got = [ended.victim.is_some(), ended.rival.is_some()];
            let got = got.map(usize::from).iter().sum::<usize>();
            assert_eq!(got + usize::from(take_permit(&notify)), 1);

            // With two notifications nobody goes without.
            second(&notify);
            assert!(take_permit(&notify) && !take_permit(&notify));
        });
        in_every_order(|order| {
            let notify = Notify::new();
            let [victim, rival] = [(); 2].map(|()| {
                let mut notified = Box::pin(notify.notified());
                assert!(!notified.as_mut().enable());
                notified
            });
            let events: [&dyn Fn(); 2] = [&|| first(&notify), &|| second(&notify)];
            let ended = order.run(victim, rival, &events);
            assert!(ended.rival.is_some());
            assert_eq!(ended.victim.is_none(), take_permit(&notify));
            assert!(!take_permit(&notify));
        });
    }
}

#[test]
fn a_call_and_a_notification_serve_two_whenever_one_is_dropped() {
    in_every_order(|order| {
        let notify = Notify::new();
        let events: [&dyn Fn(); 2] = [&|| notify.notify_one(), &|| notify.notify_waiters()];
        let ended = order.run(notify.notified(), notify.notified(), &events);
        assert!(ended.rival.is_some());
        // The word and the queue agree: the next notification is stored.
        let _ = take_permit(&notify);
        notify.notify_one();
        assert!(take_permit(&notify));
    });
}

#[test]
fn what_the_last_was_given_goes_to_the_last_again() {
    let notify = Arc::default();
    let mut waiters = Vec::from(queued::<4>(&notify));
    notify.notify_last();
    waiters.pop();
    assert_eq!(ready(&mut waiters), [false, false, true]);
    notify.notify_one();
    drop(waiters.remove(0));
    assert_eq!(ready(&mut waiters), [true, true]);
}

/// More than are woken in one go.
const MANY: usize = 100;

/// Does something when it is woken, with a lock of ours held nowhere.
struct Meanwhile<F>(F);

impl<F: Fn() + Send + Sync + 'static> Wake for Meanwhile<F> {
    fn wake(self: Arc<Self>) {
        (self.0)();
    }
}

fn poll_to_do(waiter: &mut Waiter, act: impl Fn() + Send + Sync + 'static) {
    let waker = Waker::from(Arc::new(Meanwhile(act)));
    let polled = waiter.as_mut().poll(&mut Context::from_waker(&waker));
    assert!(polled.is_pending());
}

#[test]
fn a_notification_during_a_call_goes_to_nobody_who_was_called() {
    for ring in [Notify::notify_one, Notify::notify_last] {
        let notify = Arc::new(Notify::new());
        let mut waiters: Vec<_> = (0..MANY).map(|_| waiter(&notify)).collect();
        for waiter in &mut waiters {
            let notify = notify.clone();
            poll_to_do(waiter, move || ring(&notify));
        }
        notify.notify_waiters();
        assert!(take_permit(&notify), "it is stored");
        assert!(ready(&mut waiters).iter().all(|&ready| ready));
        assert!(!take_permit(&notify));
    }
}

#[test]
fn who_comes_during_a_call_waits_for_the_next() {
    for ring in [Notify::notify_one, Notify::notify_last] {
        let notify = Arc::new(Notify::new());
        let late = Arc::new(Mutex::new(Vec::new()));
        let mut waiters: Vec<_> = (0..MANY).map(|_| waiter(&notify)).collect();
        for waiter in &mut waiters {
            let (notify, late) = (notify.clone(), late.clone());
            poll_to_do(waiter, move || {
                late.lock().unwrap().extend(queued::<1>(&notify))
            });
        }
        notify.notify_waiters();
        let mut late = std::mem::take(&mut *late.lock().unwrap());
        assert_eq!(late.len(), MANY);
        assert!(!ready(&mut late).contains(&true));
        ring(&notify);
        assert_eq!(ready(&mut late).iter().filter(|&&ready| ready).count(), 1);
    }
}

#[test]
fn one_who_was_called_may_leave_before_it_is_woken() {
    let notify = Arc::new(Notify::new());
    let waiters: Arc<Mutex<Vec<_>>> = Arc::default();
    let leave = {
        let (notify, waiters) = (notify.clone(), Arc::downgrade(&waiters));
        move || {
            let waiters: Option<Arc<Mutex<Vec<Waiter>>>> = Weak::upgrade(&waiters);
            let last = waiters.and_then(|waiters| waiters.lock().unwrap().pop());
            drop(last);
            notify.notify_one();
        }
    };
    let mut all: Vec<_> = (0..MANY).map(|_| waiter(&notify)).collect();
    for waiter in &mut all {
        poll_to_do(waiter, leave.clone());
    }
    waiters.lock().unwrap().extend(all);
    notify.notify_waiters();
    assert!(take_permit(&notify) && !take_permit(&notify));
}

#[test]
fn a_waker_that_panics_spoils_nothing() {
    for act in [Act::Wake, Act::Drop] {
        let notify = Arc::new(Notify::new());
        let used = Counter::new();
        let mut broken: Vec<_> = (0..2).map(|_| waiter(&notify)).collect();
        for waiter in &mut broken {
            assert!(poll_with(waiter.as_mut(), waker(act, &used)).is_pending());
        }
        let mut good = queued::<1>(&notify);
        notify.notify_one();
        notify.notify_waiters();
        assert_eq!(used.get(), 2, "each was woken");
        assert_eq!(ready(&mut good), [true]);
        drop(broken);
        assert!(take_permit(&notify), "the first was not asked");
    }
    let notify = Arc::new(Notify::new());
    let used = Counter::new();
    let mut broken = waiter(&notify);
    panic_of(|| poll_with(broken.as_mut(), waker(Act::Clone, &used)));
    notify.notify_one();
    assert!(is_ready(broken.as_mut()), "it found the permit");
}

#[test]
fn waiting_spends_the_budget() {
    assert_spends_its_budget(|| async {
        let notify = Notify::new();
        loop {
            notify.notify_one();
            notify.notified().await;
        }
    });
    assert_spends_its_budget(|| async {
        let notify = Notify::new();
        loop {
            let notified = notify.notified();
            notify.notify_waiters();
            notified.await;
        }
    });
}

#[test]
fn polling_without_budget_enters_the_queue() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let task = async {
                while runtime::task::coop::has_budget_remaining() {
                    runtime::task::consume_budget().await;
                }
                let notify = Arc::default();
                let mut waiters = queued::<2>(&notify);
                notify.notify_one();
                notify.notify_one();
                // Both have theirs. The first may not say so before the task has yielded; the second is
                // polled by hand again, which counts as another executor's, and gets a budget.
                assert_eq!(ready(&mut waiters), [false, true]);
                drop(waiters);
                assert!(take_permit(&notify));
            };
            runtime::spawn(task).await.unwrap();
        });
    });
}

/// A channel with several consumers, which rests on `enable` and on what dropped waiters pass on.
#[derive(Default)]
struct Channel {
    messages: Mutex<VecDeque<usize>>,
    sent: Notify,
}

impl Channel {
    fn send(&self, message: usize) {
        self.messages.lock().unwrap().push_back(message);
        self.sent.notify_one();
    }

    async fn receive(&self) -> usize {
        loop {
            let mut notified = pin!(self.sent.notified());
            notified.as_mut().enable();
            if let Some(message) = self.messages.lock().unwrap().pop_front() {
                return message;
            }
            notified.await;
        }
    }
}

#[test]
fn many_producers_and_consumers_lose_no_message() {
    const EACH: usize = 300;
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let channel = Arc::new(Channel::default());
        let consumers: Vec<_> = (0..4)
            .map(|_| {
                let channel = channel.clone();
                rt.spawn(async move {
                    let mut sum = 0;
                    for _ in 0..EACH {
                        // A receive that is given up takes nothing along.
                        let mut given_up = pin!(channel.receive());
                        let first = std::future::poll_fn(|cx| {
                            Poll::Ready(match given_up.as_mut().poll(cx) {
                                Poll::Ready(message) => Some(message),
                                Poll::Pending => None,
                            })
                        });
                        sum += match first.await {
                            Some(message) => message,
                            None => channel.receive().await,
                        };
                    }
                    sum
                })
            })
            .collect();
        for producer in 0..4 {
            let channel = channel.clone();
            rt.spawn(async move {
                for message in 0..EACH {
                    channel.send(producer * EACH + message);
                    if message % 7 == 0 {
                        runtime::task::yield_now().await;
                    }
                }
            });
        }
        let mut sum = 0;
        for consumer in consumers {
            sum += rt.block_on(consumer).unwrap();
        }
        assert_eq!(sum, (0..4 * EACH).sum());
    });
}

#[test]
fn threads_without_a_runtime_can_wait() {
    let notify = Arc::new(Notify::new());
    let waiting = std::thread::spawn({
        let notify = notify.clone();
        move || block_on(notify.notified())
    });
    notify.notify_one();
    waiting.join().unwrap();
}
