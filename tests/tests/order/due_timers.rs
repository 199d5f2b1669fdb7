//! A timer whose moment is past is ready when it is polled, whatever the runtime has noticed of that.

use std::future::{Future, pending};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use runtime::runtime::Builder;
use runtime::time::{
    DelayQueue, Duration, Instant, Sleep, interval, interval_at, sleep, sleep_until, timeout,
    timeout_at,
};
use runtime_tests::count::Counter;
use runtime_tests::flavor::on_every_flavor;

const MS: Duration = Duration::from_millis(1);

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// Runs `test` in a task and in `block_on`, on every flavour and on a paused clock. It is given what
/// lets the time pass within a poll.
fn on_every_clock<F: Future<Output = ()> + Send + 'static>(test: fn(fn(Duration)) -> F) {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        rt.block_on(test(pass_really));
        rt.block_on(rt.spawn(test(pass_really))).unwrap();
    });
    let mut paused = Builder::new_current_thread();
    let rt = paused.start_paused(true).build().unwrap();
    rt.block_on(test(pass_paused));
    rt.block_on(rt.spawn(test(pass_paused))).unwrap();
}

fn pass_really(duration: Duration) {
    let end = Instant::now() + duration;
    while Instant::now() < end {
        std::thread::yield_now();
    }
}

/// The clock moves at the first poll of `advance`, which fires what is armed by then and no more.
fn pass_paused(duration: Duration) {
    let _ = poll(pin!(runtime::time::advance(duration)));
}

#[test]
fn a_sleep_that_is_due_at_its_first_poll_is_ready() {
    on_every_clock(|pass| async move {
        let mut late = pin!(sleep(MS));
        let mut until = pin!(sleep_until(Instant::now() + MS));
        pass(2 * MS);
        assert!(poll(late.as_mut()).is_ready());
        assert!(poll(until.as_mut()).is_ready());
        assert!(late.is_elapsed());
        assert!(poll(pin!(sleep(Duration::ZERO))).is_ready());
        assert!(poll(pin!(sleep_until(Instant::now()))).is_ready());
    });
}

#[test]
fn a_sleep_that_is_not_due_is_pending() {
    on_every_clock(|_| async {
        let mut early = pin!(sleep(Duration::from_secs(3_600)));
        assert!(poll(early.as_mut()).is_pending());
        early
            .as_mut()
            .reset(Instant::now() + Duration::from_secs(7_200));
        assert!(poll(early.as_mut()).is_pending());
    });
}

fn armed() -> Pin<Box<Sleep>> {
    let mut armed = Box::pin(sleep(Duration::from_secs(3_600)));
    assert!(poll(armed.as_mut()).is_pending());
    armed
}

#[test]
fn a_sleep_that_is_reset_to_the_past_is_ready() {
    on_every_clock(|pass| async move {
        let moment = Instant::now();
        pass(2 * MS);
        for past in [moment, moment + MS, Instant::now()] {
            let mut armed = armed();
            armed.as_mut().reset(past);
            assert!(armed.is_elapsed());
            assert!(poll(armed.as_mut()).is_ready());
            let mut new = Box::pin(sleep(Duration::from_secs(3_600)));
            new.as_mut().reset(past);
            assert!(poll(new.as_mut()).is_ready());
        }
        let mut armed = armed();
        armed.as_mut().reset(Instant::now() + MS);
        armed.await;
    });
}

#[test]
fn who_waits_for_a_sleep_hears_that_another_has_reset_it_to_the_past() {
    on_every_clock(|_| async {
        let woken = std::sync::Arc::new(Counter::new());
        let waker = Waker::from(woken.clone());
        let mut sleep = Box::pin(sleep(Duration::from_secs(3_600)));
        assert!(
            sleep
                .as_mut()
                .poll(&mut Context::from_waker(&waker))
                .is_pending()
        );
        sleep.as_mut().reset(Instant::now());
        assert_eq!(woken.get(), 1);
        // It is in no wheel any more.
        assert!(poll(sleep.as_mut()).is_ready());
        sleep.as_mut().reset(Instant::now() + MS);
        sleep.await;
        assert_eq!(woken.get(), 1);
    });
}

#[test]
fn a_time_limit_that_is_due_at_its_first_poll_is_over() {
    on_every_clock(|pass| async move {
        let mut late = pin!(timeout(MS, pending::<()>()));
        let mut until = pin!(timeout_at(Instant::now() + MS, pending::<()>()));
        let mut with_value = pin!(timeout(MS, async { 7 }));
        pass(2 * MS);
        assert!(matches!(poll(late.as_mut()), Poll::Ready(Err(_))));
        assert!(matches!(poll(until.as_mut()), Poll::Ready(Err(_))));
        assert_eq!(poll(with_value.as_mut()), Poll::Ready(Ok(7)));
        let mut none = pin!(timeout(Duration::ZERO, pending::<()>()));
        assert!(matches!(poll(none.as_mut()), Poll::Ready(Err(_))));
        let mut none = pin!(timeout(Duration::ZERO, async { 7 }));
        assert_eq!(poll(none.as_mut()), Poll::Ready(Ok(7)));
    });
}

#[test]
fn ticks_that_are_due_are_ready() {
    on_every_clock(|pass| async move {
        let start = Instant::now();
        let mut ticks = interval(MS);
        let mut later = interval_at(start + MS, MS);
        pass(10 * MS);
        let mut cx = Context::from_waker(Waker::noop());
        for n in 0..5 {
            let tick = ticks.poll_tick(&mut cx);
            assert!(tick.is_ready(), "the tick {n}");
            assert_eq!(later.poll_tick(&mut cx), Poll::Ready(start + (n + 1) * MS));
        }
        let mut reset = interval_at(Instant::now() + Duration::from_secs(3_600), MS);
        assert!(reset.poll_tick(&mut cx).is_pending());
        reset.reset_immediately();
        assert!(reset.poll_tick(&mut cx).is_ready());
        reset.reset_at(start);
        assert_eq!(reset.poll_tick(&mut cx), Poll::Ready(start));
    });
}

#[test]
fn values_of_a_delay_queue_that_are_due_come_out() {
    on_every_clock(|pass| async move {
        let mut queue = DelayQueue::new();
        queue.insert("now", Duration::ZERO);
        assert!(poll(pin!(queue.next())).is_ready());
        queue.insert("late", MS);
        pass(2 * MS);
        assert!(poll(pin!(queue.next())).is_ready());
        let key = queue.insert("reset", Duration::from_secs(3_600));
        assert!(poll(pin!(queue.next())).is_pending());
        queue.reset(&key, Duration::ZERO);
        assert!(poll(pin!(queue.next())).is_ready());
        let key = queue.insert("reset", Duration::from_secs(3_600));
        assert!(poll(pin!(queue.next())).is_pending());
        queue.reset_at(&key, Instant::now());
        assert_eq!(queue.next().await.unwrap().into_inner(), "reset");
    });
}

/// Its clock stands still while that of this thread goes on.
#[test]
fn no_sleep_of_a_paused_runtime_is_early_elsewhere() {
    let mut paused = Builder::new_current_thread();
    let rt = paused.start_paused(true).build().unwrap();
    let entered = rt.enter();
    let mut asleep = Box::pin(sleep(MS));
    drop(entered);
    pass_really(2 * MS);
    assert!(poll(asleep.as_mut()).is_pending());
    rt.block_on(asleep);
}
