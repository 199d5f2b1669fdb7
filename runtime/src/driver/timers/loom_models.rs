//! The races of a timer, explored by loom.

use std::pin::Pin;
use std::task::{Poll, Waker};

use super::probe::{Bell, timers};
use super::{Timer, Timers, Unpark};
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicBool, AtomicU64, Ordering, fence};

const DEADLINE: u64 = 1_000;

fn armed(home: &Arc<Timers>, bell: &'static Bell) -> Pin<Box<Timer>> {
    let mut timer = Box::pin(Timer::new(home.clone(), DEADLINE, 0));
    assert!(poll(&mut timer, bell).is_pending());
    timer
}

fn poll(timer: &mut Pin<Box<Timer>>, bell: &'static Bell) -> Poll<()> {
    timer
        .as_mut()
        .poll_fired(&bell.waker(), || 0, |_| None)
        .map(|answer| answer.expect("the timers are not shut down"))
}

fn wake_due(timers: &Timers, now_ns: u64) {
    let mut woken = Vec::new();
    timers.fire_due(now_ns, &mut woken);
    woken.into_iter().for_each(Waker::wake);
}

fn fire_on_a_thread(timers: &Arc<Timers>) -> loom::thread::JoinHandle<()> {
    let timers = timers.clone();
    loom::thread::spawn(move || wake_due(&timers, DEADLINE))
}

#[test]
fn fire_against_a_poll_with_another_waker() {
    loom::model(|| {
        let ((timers, _), first, second) = (timers(), Bell::new(), Bell::new());
        let mut timer = armed(&timers, first);
        let firing = fire_on_a_thread(&timers);
        let answer = poll(&mut timer, second);
        firing.join().unwrap();
        assert!(timer.has_fired());
        let rings = (first.rings(), second.rings());
        assert_eq!(rings, if answer.is_pending() { (0, 1) } else { (1, 0) });
        assert_eq!((first.wakers(), second.wakers()), (0, 0));
    });
}

#[test]
fn fire_against_a_poll_with_the_same_waker_and_a_drop() {
    loom::model(|| {
        let ((timers, _), bell) = (timers(), Bell::new());
        let mut timer = armed(&timers, bell);
        let firing = fire_on_a_thread(&timers);
        let has_fired = poll(&mut timer, bell).is_ready();
        drop(timer);
        firing.join().unwrap();
        assert!(bell.rings() <= 1);
        assert!(bell.rings() == 1 || !has_fired);
        assert_eq!(bell.wakers(), 0);
    });
}

#[test]
fn fire_against_drop_of_a_neighbour() {
    loom::model(|| {
        let ((timers, _), dropped, kept) = (timers(), Bell::new(), Bell::new());
        let lose = armed(&timers, dropped);
        let keep = armed(&timers, kept);
        let firing = fire_on_a_thread(&timers);
        drop(lose);
        firing.join().unwrap();
        assert!(keep.has_fired());
        assert_eq!(kept.rings(), 1);
        assert_eq!((dropped.wakers(), kept.wakers()), (0, 0));
    });
}

#[test]
fn fire_against_reset() {
    loom::model(|| {
        let ((timers, _), bell) = (timers(), Bell::new());
        let mut timer = armed(&timers, bell);
        let firing = fire_on_a_thread(&timers);
        timer.as_mut().reset(2 * DEADLINE, || DEADLINE, |_| None);
        assert!(!timer.has_fired());
        // Unless the first deadline came first, the timer is still armed.
        let answer = poll(&mut timer, bell);
        assert!(answer.is_pending());
        firing.join().unwrap();
        let early = bell.rings();
        assert!(early <= 1);
        wake_due(&timers, 2 * DEADLINE);
        assert!(timer.has_fired());
        assert_eq!((bell.rings(), bell.wakers()), (early + 1, 0));
    });
}

#[test]
fn fire_against_reset_to_the_past() {
    loom::model(|| {
        let ((timers, _), bell) = (timers(), Bell::new());
        let mut timer = armed(&timers, bell);
        let firing = fire_on_a_thread(&timers);
        let own = timers.clone();
        timer.as_mut().reset(DEADLINE, || DEADLINE, |_| Some(own));
        assert!(timer.has_fired());
        firing.join().unwrap();
        assert_eq!((bell.rings(), bell.wakers()), (1, 0));
    });
}

#[test]
fn fire_against_fire() {
    loom::model(|| {
        let ((timers, _), bell) = (timers(), Bell::new());
        let timer = armed(&timers, bell);
        let firing = fire_on_a_thread(&timers);
        wake_due(&timers, DEADLINE);
        firing.join().unwrap();
        assert!(timer.has_fired());
        assert_eq!((bell.rings(), bell.wakers()), (1, 0));
    });
}

/// A runtime with one thread that publishes until when it sleeps.
struct Sleeper {
    sleeps_until: AtomicU64,
    was_woken: AtomicBool,
}

struct WakeSleeper(Arc<Sleeper>);

impl Unpark for WakeSleeper {
    fn timer_became_earliest(&self, deadline_ns: u64) {
        if deadline_ns < self.0.sleeps_until.load(Ordering::Relaxed) {
            self.0.was_woken.store(true, Ordering::Relaxed);
        }
    }
}

#[test]
fn a_timer_set_from_elsewhere_against_a_thread_about_to_sleep() {
    loom::model(|| {
        let sleeper = Arc::new(Sleeper {
            sleeps_until: AtomicU64::new(0),
            was_woken: AtomicBool::new(false),
        });
        let timers = Arc::new(Timers::new(WakeSleeper(sleeper.clone())));
        let setting = {
            let timers = timers.clone();
            loom::thread::spawn(move || armed(&timers, Bell::new()))
        };
        sleeper.sleeps_until.store(u64::MAX, Ordering::Relaxed);
        // SeqCst: pairs with the fence in `announce`.
        fence(Ordering::SeqCst);
        let sees_the_timer = timers.next_due() == DEADLINE;
        let timer = setting.join().unwrap();
        assert!(sees_the_timer || sleeper.was_woken.load(Ordering::Relaxed));
        drop(timer);
    });
}
