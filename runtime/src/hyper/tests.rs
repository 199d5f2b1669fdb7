//! What hyper may rely on, called as hyper calls it.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use ::hyper::rt::{Executor as _, Sleep, Timer as _};

use super::{Executor, Timer};
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicBool, Ordering};
use crate::runtime::{Builder, Runtime};
use crate::task::yield_now;
use crate::time::timeout;

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn address(sleep: &Pin<Box<dyn Sleep>>) -> *const () {
    std::ptr::from_ref::<dyn Sleep>(sleep.as_ref().get_ref()).cast()
}

fn poll_once(sleep: &mut Pin<Box<dyn Sleep>>) -> Poll<()> {
    sleep.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

/// Awaits the end; a sleep that has lost its deadline is a failure, not a hang.
async fn is_over(sleep: Pin<Box<dyn Sleep>>) {
    let waited = timeout(Duration::from_secs(10), sleep).await;
    waited.expect("the sleep ends long before");
}

#[test]
fn executor_runs_the_future_to_its_end() {
    current_thread().block_on(async {
        let ran = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&ran);
        Executor::new().execute(async move { ran.store(true, Ordering::Release) });
        for _ in 0..1000 {
            yield_now().await;
        }
        assert!(seen.load(Ordering::Acquire));
    });
}

#[test]
fn a_sleep_lasts_at_least_its_duration() {
    current_thread().block_on(async {
        let started = Instant::now();
        Timer::new().sleep(Duration::from_millis(5)).await;
        assert!(started.elapsed() >= Duration::from_millis(5));
    });
}

#[test]
fn a_deadline_in_the_past_is_over_at_once() {
    current_thread().block_on(async {
        let timer = Timer::new();
        is_over(timer.sleep_until(timer.now())).await;
    });
}

#[test]
fn reset_moves_the_deadline_in_place() {
    current_thread().block_on(async {
        let timer = Timer::new();
        let mut sleep = timer.sleep(Duration::from_secs(3600));
        assert!(poll_once(&mut sleep).is_pending());
        let before = address(&sleep);

        timer.reset(&mut sleep, timer.now() + Duration::from_millis(1));

        assert_eq!(address(&sleep), before);
        is_over(sleep).await;
    });
}

#[test]
fn reset_revives_a_sleep_that_is_over() {
    current_thread().block_on(async {
        let timer = Timer::new();
        let mut sleep = timer.sleep(Duration::ZERO);
        sleep.as_mut().await;

        timer.reset(&mut sleep, timer.now() + Duration::from_secs(3600));

        assert!(poll_once(&mut sleep).is_pending());
    });
}

#[test]
fn reset_replaces_a_sleep_of_another_timer() {
    struct Foreign;
    impl Future for Foreign {
        type Output = ();
        fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
            Poll::Pending
        }
    }
    impl Sleep for Foreign {}

    current_thread().block_on(async {
        let timer = Timer::new();
        let mut sleep: Pin<Box<dyn Sleep>> = Box::pin(Foreign);
        timer.reset(&mut sleep, timer.now());
        is_over(sleep).await;
    });
}
