//! What the builder's options change.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use runtime::runtime::{Builder, Runtime};
use runtime::task::JoinHandle;
use runtime_tests::alone;
use runtime_tests::count::Counter;
use runtime_tests::flavor::{EVERY_FLAVOR, Flavor};
use runtime_tests::process::voluntary_switches;
use runtime_tests::wait;
use runtime_tests::watchdog::Watchdog;

const THRESHOLD: Duration = Duration::from_millis(20);

/// A runtime, and how many reports it has made so far: a clock that runs while tasks are stuck.
fn counting(mut builder: Builder) -> (Runtime, Arc<AtomicUsize>) {
    let reports = Arc::new(AtomicUsize::new(0));
    let count = reports.clone();
    builder.stall_threshold(THRESHOLD).on_stall(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
    });
    (builder.build().unwrap(), reports)
}

/// Spawns a task that is stuck until the sender is dropped, and waits until it is.
fn get_stuck(rt: &Runtime) -> (Sender<()>, JoinHandle<()>) {
    let (release, released) = channel();
    let (start, started) = channel();
    let task = rt.spawn(async move {
        start.send(()).unwrap();
        let _ = released.recv();
    });
    started.recv().unwrap();
    (release, task)
}

fn spawn_counted(rt: &Runtime, ran: &Counter) {
    let ran = ran.clone();
    drop(rt.spawn(async move { ran.raise() }));
}

/// Waits until a stuck task has been reported for the third time since.
fn wait_for_reports(reports: &AtomicUsize) {
    let before = reports.load(Ordering::SeqCst);
    wait::until("three reports", || {
        reports.load(Ordering::SeqCst) >= before + 3
    });
}

#[test]
fn there_are_never_more_spares_than_allowed() {
    for workers in [1, 2] {
        for allowed in [0, 1, 3] {
            let what = format!("{allowed} spares for {workers} workers");
            let _watchdog = Watchdog::start(&what);
            let mut builder = Flavor::MultiThread(workers).builder();
            builder.max_spares(allowed);
            let (rt, reports) = counting(builder);
            // As many as there can be threads.
            let stuck: Vec<_> = (0..workers + allowed).map(|_| get_stuck(&rt)).collect();
            let ran = Counter::new();
            spawn_counted(&rt, &ran);
            wait_for_reports(&reports);
            assert_eq!(rt.metrics().spares(), allowed, "{what}");
            assert_eq!(ran.get(), 0, "{what}");
            for (release, task) in stuck {
                drop(release);
                rt.block_on(task).unwrap();
            }
            wait::until("the task runs in the end", || ran.get() == 1);
            wait::until("the spares have gone", || rt.metrics().spares() == 0);
        }
    }
}

#[test]
fn a_second_worker_takes_what_a_stuck_one_holds_if_no_spare_is_allowed() {
    let _watchdog = Watchdog::start("");
    let mut builder = Flavor::MultiThread(2).builder();
    let rt = builder.max_spares(0).build().unwrap();
    let task = rt.spawn(async {
        let (ran, has_run) = channel();
        // It lies in the slot, from which nobody steals.
        drop(runtime::spawn(async move { ran.send(()).unwrap() }));
        has_run.recv().unwrap();
    });
    rt.block_on(task).unwrap();
    assert_eq!(rt.metrics().spares(), 0);
    assert!(rt.metrics().rescues() >= 1);
}

#[test]
fn without_rescue_there_is_the_report_only() {
    let _watchdog = Watchdog::start("");
    let mut builder = Flavor::MultiThread(1).builder();
    builder.disable_rescue();
    let (rt, reports) = counting(builder);
    let stuck = get_stuck(&rt);
    let ran = Counter::new();
    spawn_counted(&rt, &ran);
    wait_for_reports(&reports);
    assert_eq!(ran.get(), 0);
    let metrics = rt.metrics();
    assert_eq!((metrics.spares(), metrics.rescues()), (0, 0));
    assert!(metrics.stalls() >= 1);
    drop(stuck.0);
    rt.block_on(stuck.1).unwrap();
    wait::until("the task runs in the end", || ran.get() == 1);
}

/// Before a worker counts as stuck nobody is called for those behind it.
#[test]
fn the_threshold_of_a_rescue_is_kept() {
    let _watchdog = Watchdog::start("");
    let mut builder = Flavor::MultiThread(1).builder();
    builder.rescue_threshold(Duration::from_secs(3600));
    let (rt, reports) = counting(builder);
    let stuck = get_stuck(&rt);
    let ran = Counter::new();
    spawn_counted(&rt, &ran);
    wait_for_reports(&reports);
    let metrics = rt.metrics();
    assert_eq!((ran.get(), metrics.spares(), metrics.rescues()), (0, 0, 0));
    drop(stuck.0);
    rt.block_on(stuck.1).unwrap();
    wait::until("the task runs in the end", || ran.get() == 1);
}

/// Names of the user's are for threads that run what is the user's.
#[test]
#[cfg(target_os = "linux")]
fn the_monitor_is_called_after_the_runtime() {
    alone::run(|| {
        for flavor in [Flavor::MultiThread(1), Flavor::CurrentThread] {
            for (name, monitor) in [(None, "rt-monitor"), (Some("api"), "api-monitor")] {
                let mut builder = flavor.builder();
                name.map(|name| builder.name(name));
                builder.thread_name("mine").stall_threshold(THRESHOLD);
                let _rt = builder.build().unwrap();
                wait::until("the monitor has its name", || {
                    voluntary_switches().iter().any(|(name, _)| name == monitor)
                });
            }
        }
    });
}

/// Nobody samples for hours then, and a shutdown does not wait for the next time.
#[test]
fn thresholds_of_hours_can_be_shut_down() {
    let _watchdog = Watchdog::start("");
    for flavor in EVERY_FLAVOR {
        let mut builder = flavor.builder();
        builder
            .rescue_threshold(Duration::MAX)
            .stall_threshold(Duration::MAX);
        let rt = builder.build().unwrap();
        rt.block_on(rt.spawn(async {})).unwrap();
    }
}
