//! A paused clock jumps when its runtime has nothing else to do, not before; and threads outside
//! still reach the runtime.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};
use std::thread;

use runtime::runtime::Runtime;
use runtime::task::{JoinError, spawn_blocking};
use runtime::time::{self, Duration, Instant, sleep};
use runtime_tests::count::Counter;
use runtime_tests::event::Event;
use runtime_tests::flavor::Flavor;
use runtime_tests::reported::panic_of;
use runtime_tests::wait;
use runtime_tests::watchdog::Watchdog;

const HOUR: Duration = Duration::from_secs(3600);

/// A runtime whose clock stands, and how often its thread has gone to sleep.
fn paused() -> (Runtime, Counter) {
    let parks = Counter::new();
    let counts = parks.clone();
    let mut builder = Flavor::CurrentThread.builder();
    builder
        .start_paused(true)
        .on_thread_park(move || counts.raise());
    (builder.build().unwrap(), parks)
}

#[test]
fn pausing_a_clock_that_cannot_stand_is_blamed_on_the_caller() {
    let rt = Flavor::MultiThread(1).build();
    let report = panic_of(|| rt.block_on(async { time::pause() }));
    assert_eq!(report.file, file!(), "{report:?}");
    let rt = Flavor::CurrentThread.build();
    let report = panic_of(|| rt.block_on(async { time::resume() }));
    assert_eq!(report.file, file!(), "{report:?}");
}

/// Blocks until the driver sleeps, as far as one can tell: it goes to sleep no more.
fn settle(parks: &Counter) {
    let mut before = 0;
    wait::until("the driver rests", || {
        thread::sleep(Duration::from_millis(2));
        let now = parks.get();
        now > 0 && std::mem::replace(&mut before, now) == now
    });
}

/// Other threads push while the driver looks whether it may sleep. A push that is lost ends in a
/// hang: nothing else wakes the driver.
#[test]
fn no_push_by_another_thread_is_lost() {
    const ROUNDS: u32 = 60_000;
    let _watchdog = Watchdog::start("in paused time");
    let (rt, _) = paused();
    let (give, given) = channel::<Event>();
    let pusher = thread::spawn(move || {
        let mut random = 88_172_645_463_325_252_u64;
        for event in given {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            for _ in 0..random % 300 {
                std::hint::spin_loop();
            }
            event.set();
        }
    });
    rt.block_on(async {
        for _ in 0..ROUNDS {
            let event = Event::new();
            give.send(event.clone()).unwrap();
            event.await;
        }
    });
    drop(give);
    pusher.join().unwrap();
}

#[test]
fn a_timer_set_by_another_thread_ends_an_endless_sleep_of_the_driver() {
    let _watchdog = Watchdog::start("in paused time");
    let (rt, parks) = paused();
    let (handle, event) = (rt.handle().clone(), Event::new());
    let ends = event.clone();
    let other = thread::spawn(move || {
        for _ in 0..20 {
            settle(&parks);
            handle.block_on(async { sleep(HOUR).await });
        }
        ends.set();
    });
    rt.block_on(async {
        let start = Instant::now();
        event.await;
        assert_eq!(start.elapsed(), 20 * HOUR);
    });
    other.join().unwrap();
}

/// Between the end of some work and the wake-up that it causes, lets the driver go to sleep so
/// often that it would have jumped.
struct SlowWaker {
    root: Waker,
    parks: Counter,
    has_jumped: Counter,
}

impl Wake for SlowWaker {
    fn wake(self: Arc<Self>) {
        let before = self.parks.get();
        wait::until("the driver sleeps some times or jumps", || {
            self.parks.get() > before + 3 || self.has_jumped.get() > 0
        });
        self.root.wake_by_ref();
    }
}

/// Awaits a blocking closure by a slow waker, for an hour of paused time at most. The closure waits
/// for its argument to be closed.
async fn await_slowly<T: Send + 'static>(
    closure: impl FnOnce(Receiver<()>) -> T + Send + 'static,
    parks: &Counter,
) -> Result<T, JoinError> {
    let (release, released) = channel();
    let mut release = Some(release);
    let mut task = spawn_blocking(|| closure(released));
    let mut hour = pin!(sleep(HOUR));
    let has_jumped = Counter::new();
    poll_fn(|cx| {
        if hour.as_mut().poll(cx).is_ready() {
            has_jumped.raise();
            panic!("the clock has jumped past work that was under way");
        }
        let slow = Waker::from(Arc::new(SlowWaker {
            root: cx.waker().clone(),
            parks: parks.clone(),
            has_jumped: has_jumped.clone(),
        }));
        let polled = pin!(&mut task).poll(&mut Context::from_waker(&slow));
        release = None;
        polled
    })
    .await
}

#[test]
fn the_clock_stands_until_a_blocking_closure_has_woken_its_joiner() {
    let _watchdog = Watchdog::start("in paused time");
    let (rt, parks) = paused();
    rt.block_on(async {
        let start = Instant::now();
        let returns = await_slowly(|released| released.recv().is_err(), &parks);
        assert!(returns.await.unwrap());
        let panics = await_slowly(
            |released| {
                let _ = released.recv();
                panic!("of the closure");
            },
            &parks,
        );
        let outcome: Result<(), JoinError> = panics.await;
        assert!(outcome.unwrap_err().is_panic());
        assert_eq!(start.elapsed(), Duration::ZERO);
    });
}

/// Nobody is told of the end of the work, and the clock must not stand for ever.
#[test]
fn the_clock_jumps_once_a_blocking_closure_that_nobody_awaits_has_ended() {
    let _watchdog = Watchdog::start("in paused time");
    let (rt, _) = paused();
    rt.block_on(async {
        for _ in 0..50 {
            let ran = Arc::new(Mutex::new(false));
            let runs = ran.clone();
            drop(spawn_blocking(move || {
                thread::sleep(Duration::from_micros(100));
                *runs.lock().unwrap() = true;
            }));
            sleep(HOUR).await;
            assert!(*ran.lock().unwrap(), "the clock has jumped before");
        }
    });
}
