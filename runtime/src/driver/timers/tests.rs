use super::probe::{Bell, Told, timers};
use super::{ShutDown, Timer, Timers};
use crate::primitive::sync::Arc;
use std::pin::{Pin, pin};
use std::task::{Poll, RawWaker, RawWakerVTable, Waker};

const PENDING: Poll<Result<(), ShutDown>> = Poll::Pending;
const FIRED: Poll<Result<(), ShutDown>> = Poll::Ready(Ok(()));

fn timer(home: &Arc<Timers>, deadline_ns: u64) -> Pin<Box<Timer>> {
    Box::pin(Timer::new(home.clone(), deadline_ns, 0))
}

/// Polls from a worker whose own timers are those given.
fn poll_on(
    own: &Arc<Timers>,
    timer: &mut Pin<Box<Timer>>,
    bell: &'static Bell,
) -> Poll<Result<(), ShutDown>> {
    let waker = bell.waker();
    timer
        .as_mut()
        .poll_fired(&waker, || 0, |_| Some(own.clone()))
}

/// Polls from a thread that is no worker.
fn poll_elsewhere(timer: &mut Pin<Box<Timer>>, bell: &'static Bell) -> Poll<Result<(), ShutDown>> {
    timer.as_mut().poll_fired(&bell.waker(), || 0, |_| None)
}

fn wake_due(timers: &Timers, now_ns: u64) -> usize {
    let mut woken = Vec::new();
    let fired = timers.fire_due(now_ns, &mut woken);
    assert_eq!(fired, woken.len());
    woken.into_iter().for_each(Waker::wake);
    fired
}

#[test]
fn a_timer_wakes_once_and_at_its_deadline() {
    let ((timers, _), bell) = (timers(), Bell::new());
    let mut timer = timer(&timers, 1_000);
    assert_eq!(poll_on(&timers, &mut timer, bell), PENDING);
    assert_eq!(wake_due(&timers, 999), 0);
    assert!(!timer.has_fired());
    assert_eq!(wake_due(&timers, 1_000), 1);
    assert_eq!(wake_due(&timers, u64::MAX), 0);
    assert!(timer.has_fired());
    assert_eq!(poll_on(&timers, &mut timer, bell), FIRED);
    assert_eq!(poll_on(&timers, &mut timer, bell), FIRED);
    assert_eq!((bell.rings(), bell.wakers()), (1, 0));
}

#[test]
fn a_deadline_that_is_past_has_fired_without_a_poll() {
    let (timers, _) = timers();
    assert!(Timer::new(timers.clone(), 5, 5).has_fired());
    assert!(!Timer::new(timers, 6, 5).has_fired());
}

#[test]
fn a_dropped_timer_wakes_nobody_and_frees_its_waker() {
    let ((timers, _), bell) = (timers(), Bell::new());
    let mut timer = timer(&timers, 1_000);
    assert_eq!(poll_on(&timers, &mut timer, bell), PENDING);
    assert_eq!(bell.wakers(), 1);
    drop(timer);
    assert_eq!(wake_due(&timers, 2_000), 0);
    assert_eq!((bell.rings(), bell.wakers()), (0, 0));
    assert_eq!(timers.next_due(), u64::MAX);
}

#[test]
fn the_waker_of_the_last_poll_is_woken() {
    let ((timers, _), first, last) = (timers(), Bell::new(), Bell::new());
    let mut timer = timer(&timers, 1_000);
    assert_eq!(poll_on(&timers, &mut timer, first), PENDING);
    assert_eq!(poll_on(&timers, &mut timer, last), PENDING);
    assert_eq!(first.wakers(), 0);
    assert_eq!(poll_on(&timers, &mut timer, last), PENDING);
    assert_eq!(last.wakers(), 1);
    wake_due(&timers, 1_000);
    assert_eq!((first.rings(), last.rings()), (0, 1));
}

#[test]
fn resetting_an_armed_timer_keeps_its_waker() {
    let ((timers, _), bell) = (timers(), Bell::new());
    let mut timer = timer(&timers, 1_000);
    assert_eq!(poll_on(&timers, &mut timer, bell), PENDING);
    let own = timers.clone();
    timer.as_mut().reset(3_000, || 0, |_| Some(own));
    assert_eq!(wake_due(&timers, 2_999), 0);
    assert_eq!(timers.next_due(), 3_000);
    assert_eq!(wake_due(&timers, 3_000), 1);
    assert_eq!(bell.rings(), 1);
}

#[test]
fn a_timer_that_is_due_at_its_first_poll_has_fired_unless_the_clock_may_be_another() {
    let ((timers, _), bell) = (timers(), Bell::new());
    let mut due = timer(&timers, 1_000);
    let own = timers.clone();
    let answer = due
        .as_mut()
        .poll_fired(&bell.waker(), || 1_000, |_| Some(own));
    assert_eq!(answer, FIRED);
    let mut elsewhere = timer(&timers, 1_000);
    let answer = elsewhere
        .as_mut()
        .poll_fired(&bell.waker(), || 1_000, |_| None);
    assert_eq!(answer, PENDING);
    assert_eq!(wake_due(&timers, 1_000), 1);
    assert_eq!((bell.rings(), bell.wakers()), (1, 0));
}

#[test]
fn resetting_an_armed_timer_to_the_past_wakes_its_waker() {
    let ((timers, _), bell) = (timers(), Bell::new());
    let mut timer = timer(&timers, 5_000);
    assert_eq!(poll_on(&timers, &mut timer, bell), PENDING);
    let own = timers.clone();
    timer.as_mut().reset(1_000, || 2_000, |_| Some(own));
    assert!(timer.has_fired());
    assert_eq!(wake_due(&timers, 9_000), 0);
    assert_eq!((bell.rings(), bell.wakers()), (1, 0));
}

#[test]
fn a_fired_timer_can_be_reset_and_fires_again() {
    let ((timers, _), bell) = (timers(), Bell::new());
    let mut timer = timer(&timers, 1_000);
    assert_eq!(poll_on(&timers, &mut timer, bell), PENDING);
    wake_due(&timers, 1_000);
    timer.as_mut().reset(2_000, || 1_000, |_| None);
    assert!(!timer.has_fired());
    assert_eq!(poll_on(&timers, &mut timer, bell), PENDING);
    wake_due(&timers, 2_000);
    assert_eq!(bell.rings(), 2);
    timer.as_mut().reset(1_500, || 2_000, |_| None);
    assert!(timer.has_fired());
}

#[test]
fn only_a_timer_set_from_elsewhere_that_became_the_earliest_is_announced() {
    let ((timers, told), bell) = (timers(), Bell::new());
    let mut own = timer(&timers, 5_000);
    assert_eq!(poll_on(&timers, &mut own, bell), PENDING);
    assert_eq!(told.take(), 0);
    let mut later = timer(&timers, 6_000);
    assert_eq!(poll_elsewhere(&mut later, bell), PENDING);
    assert_eq!(told.take(), 0);
    let mut earlier = timer(&timers, 4_000);
    assert_eq!(poll_elsewhere(&mut earlier, bell), PENDING);
    assert_eq!(told.take(), 4_000);
    later.as_mut().reset(3_000, || 0, |_| None);
    assert_eq!(told.take(), 3_000);
    let home = timers.clone();
    later.as_mut().reset(2_000, || 0, |_| Some(home));
    assert_eq!(told.take(), 0);
    assert_eq!(timers.next_due(), 2_000);
}

#[test]
fn where_anyone_sets_timers_as_his_own_each_earliest_is_announced() {
    let (told, bell) = (Told::new(), Bell::new());
    let timers = Arc::new(Timers::new(told.clone()));
    let mut timer = timer(&timers, 5_000);
    assert_eq!(poll_on(&timers, &mut timer, bell), PENDING);
    assert_eq!(told.take(), 5_000);
}

#[test]
fn an_unarmed_timer_moves_to_the_worker_that_polls_it() {
    let ((creator, _), (worker, _), bell) = (timers(), timers(), Bell::new());
    let mut timer = timer(&creator, 1_000);
    assert_eq!(poll_on(&worker, &mut timer, bell), PENDING);
    assert_eq!((creator.next_due(), worker.next_due()), (u64::MAX, 1_000));
    // Armed it stays, and a reset on yet another worker is announced at home.
    let (other, _) = timers();
    assert_eq!(poll_on(&other, &mut timer, Bell::new()), PENDING);
    assert_eq!(other.next_due(), u64::MAX);
    assert_eq!(wake_due(&worker, 1_000), 1);
}

#[test]
fn a_cancelled_timer_is_forgotten_on_request() {
    let ((timers, _), bell) = (timers(), Bell::new());
    let mut timer = timer(&timers, 1_000);
    assert_eq!(poll_on(&timers, &mut timer, bell), PENDING);
    drop(timer);
    assert_eq!(timers.refresh_next_due(), u64::MAX);
    assert_eq!(timers.next_due(), u64::MAX);
}

#[test]
fn shutting_down_wakes_every_timer_with_an_error() {
    let ((timers, _), bell) = (timers(), Bell::new());
    let mut waiting = timer(&timers, u64::MAX);
    let mut unpolled = timer(&timers, 1_000);
    assert_eq!(poll_on(&timers, &mut waiting, bell), PENDING);
    let mut woken = Vec::new();
    timers.shut_down(&mut woken);
    assert_eq!(woken.len(), 1);
    drop(woken);
    for timer in [&mut waiting, &mut unpolled] {
        assert_eq!(poll_on(&timers, timer, bell), Poll::Ready(Err(ShutDown)));
        assert!(!timer.has_fired());
    }
    assert_eq!(bell.wakers(), 0);
    assert_eq!(timers.next_due(), u64::MAX);
}

#[test]
fn a_waker_may_use_the_timers_whenever_it_is_cloned_or_dropped() {
    // A lock held over any of these would be taken twice by one thread.
    static VTABLE: RawWakerVTable = RawWakerVTable::new(
        |data| {
            touch(data);
            RawWaker::new(data, &VTABLE)
        },
        touch,
        touch,
        touch,
    );
    fn touch(timers: *const ()) {
        // SAFETY: the test keeps its timers alive as long as the wakers.
        let timers = unsafe { &*timers.cast::<Timers>() };
        drop(timers.waiting.try_lock().expect("user code runs unlocked"));
    }
    let (timers, _) = timers();
    // SAFETY: the functions above keep no count; the data outlives the wakers.
    let waker = || unsafe { Waker::new(Arc::as_ptr(&timers).cast(), &VTABLE) };
    let mut cancelled = pin!(Timer::new(timers.clone(), 1_000, 0));
    assert_eq!(
        cancelled.as_mut().poll_fired(&waker(), || 0, |_| None),
        PENDING
    );
    let other = Bell::new().waker();
    assert_eq!(
        cancelled.as_mut().poll_fired(&other, || 0, |_| None),
        PENDING
    );
    let mut fired = timer(&timers, 1_000);
    assert_eq!(fired.as_mut().poll_fired(&waker(), || 0, |_| None), PENDING);
    assert_eq!(wake_due(&timers, 1_000), 2);
    let mut dropped = timer(&timers, 5_000);
    assert_eq!(
        dropped.as_mut().poll_fired(&waker(), || 0, |_| None),
        PENDING
    );
    drop(dropped);
    timers.shut_down(&mut Vec::new());
    let mut late = timer(&timers, 5_000);
    let answer = late.as_mut().poll_fired(&waker(), || 0, |_| None);
    assert_eq!(answer, Poll::Ready(Err(ShutDown)));
}

#[test]
fn firing_against_drops_and_polls_on_other_threads_wakes_each_waiter_once() {
    let (timers, _) = timers();
    let turns = if cfg!(miri) { 20 } else { 5_000 };
    for turn in 0..turns {
        let (kept, dropped) = (Bell::new(), Bell::new());
        let mut keep = timer(&timers, turn + 1);
        let mut lose = timer(&timers, turn + 1);
        assert_eq!(poll_elsewhere(&mut keep, Bell::new()), PENDING);
        assert_eq!(poll_elsewhere(&mut lose, dropped), PENDING);
        std::thread::scope(|scope| {
            scope.spawn(|| wake_due(&timers, turn + 1));
            scope.spawn(|| drop(lose));
            match poll_elsewhere(&mut keep, kept) {
                Poll::Pending => {}
                answer => assert_eq!(answer, FIRED),
            }
        });
        assert!(keep.has_fired());
        assert!(kept.rings() <= 1 && dropped.rings() <= 1);
        assert_eq!((kept.wakers(), dropped.wakers()), (0, 0));
    }
}

#[test]
fn a_timer_takes_one_cache_line() {
    assert!(size_of::<Timer>() <= 64);
}
