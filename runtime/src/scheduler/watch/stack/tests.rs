//! The races of question and answer, brought about by a thread that is its own monitor: it blocks the signal
//! and lets it come when it likes.

use std::mem::MaybeUninit;
use std::time::Duration;

use super::{Stack, signal};
use crate::primitive::sync::{Arc, Mutex};
use crate::raw_task::Meta;
use crate::scheduler::Vigilance;
use crate::scheduler::watch::{Observer, StallReport, Watched};

const SAMPLE: Duration = Duration::from_millis(5);

/// Holds the signal back from this thread until it is dropped.
struct SignalBlocked;

impl SignalBlocked {
    fn new() -> Self {
        mask(libc::SIG_BLOCK);
        SignalBlocked
    }
}

impl Drop for SignalBlocked {
    fn drop(&mut self) {
        mask(libc::SIG_UNBLOCK);
    }
}

fn mask(how: libc::c_int) {
    let signal = signal::ours().expect("a signal is free").number();
    let mut set = MaybeUninit::uninit();
    // SAFETY: the set is made empty before it is used.
    unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        libc::sigaddset(set.as_mut_ptr(), signal);
        libc::pthread_sigmask(how, set.as_ptr(), std::ptr::null_mut());
    }
}

#[test]
fn the_answer_comes_from_the_function_that_was_interrupted() {
    let stack = Stack::new();
    stack.bind();
    stack.ask(1);
    let backtrace = stack.take(1).expect("the signal has come").to_string();
    assert!(backtrace.contains("the_answer_comes_from"), "{backtrace}");
    assert!(stack.take(1).is_none(), "it is taken once");
    stack.unbind();
}

#[test]
fn an_answer_about_another_poll_does_not_count() {
    let stack = Stack::new();
    stack.bind();
    stack.ask(1);
    assert!(stack.take(3).is_none());
    stack.unbind();
}

#[test]
fn a_late_signal_answers_the_last_question() {
    let stack = Stack::new();
    stack.bind();
    let blocked = SignalBlocked::new();
    stack.ask(1);
    stack.ask(3);
    assert!(stack.take(3).is_none());
    drop(blocked);
    assert!(stack.take(3).is_some());
    stack.unbind();
}

#[test]
fn a_thread_that_has_left_is_not_asked_and_does_not_answer() {
    let stack = Stack::new();
    stack.ask(1);
    stack.bind();
    let blocked = SignalBlocked::new();
    stack.ask(3);
    stack.unbind();
    stack.ask(5);
    drop(blocked);
    assert!(stack.take(3).is_none());
    assert!(stack.take(5).is_none());
}

#[test]
fn the_next_thread_does_not_answer_what_the_last_one_was_asked() {
    let stack = Stack::new();
    stack.bind();
    let blocked = SignalBlocked::new();
    stack.ask(1);
    stack.unbind();
    stack.bind();
    drop(blocked);
    assert!(stack.take(1).is_none());
    stack.unbind();
}

#[test]
fn of_two_workers_on_one_thread_the_inner_one_answers() {
    let (outer, inner) = (Stack::new(), Stack::new());
    outer.bind();
    inner.bind();
    outer.ask(1);
    inner.ask(1);
    assert!(outer.take(1).is_none());
    assert!(inner.take(1).is_some());
    inner.unbind();
    outer.ask(3);
    assert!(outer.take(3).is_some());
    outer.unbind();
}

/// What is reported of a poll that is looked at until a report is due, after `meanwhile`.
fn report_after(meanwhile: impl FnOnce(&Watched, SignalBlocked)) -> StallReport {
    let reports = Arc::new(Mutex::new(Vec::new()));
    let told = reports.clone();
    let vigilance = Vigilance {
        rescue: false,
        rescue_threshold: 2 * SAMPLE,
        stall_threshold: 4 * SAMPLE,
        on_stall: Some(Arc::new(move |report: &StallReport| {
            told.lock().push(report.clone());
        })),
        backtrace: true,
    };
    let (watched, mut observer) = (Watched::new(), Observer::default());
    watched.bind();
    watched.epoch.start_poll(1);
    let blocked = SignalBlocked::new();
    while !observer.look(&watched, SAMPLE, SAMPLE, &vigilance).report {}
    meanwhile(&watched, blocked);
    let meta_of = |_| Some(Meta::here(None));
    let stall = observer.describe(&watched, 0);
    stall.expect("it is in a poll").tell(&vigilance, meta_of);
    watched.unbind();
    let reports = reports.lock();
    reports[0].clone()
}

#[test]
fn a_stack_is_asked_for_before_the_report_is_due() {
    let report = report_after(|_, blocked| drop(blocked));
    assert!(report.backtrace().is_some());
}

#[test]
fn a_stack_of_the_next_poll_is_not_that_of_the_one_reported() {
    let report = report_after(|watched, blocked| {
        watched.epoch.end_poll();
        watched.epoch.start_poll(2);
        drop(blocked);
    });
    assert!(report.backtrace().is_none());
}
