//! What the program is told of a stuck task, while it is stuck.

use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use runtime::runtime::{Builder, Runtime, StallReport};
use runtime::task::{self, block_in_place};
use runtime_tests::flavor::{EVERY_FLAVOR, Flavor, MULTI_THREAD};
use runtime_tests::wait;
use runtime_tests::watchdog::Watchdog;

use crate::blockage::{sleep_while, spin_while};

const THRESHOLD: Duration = Duration::from_millis(20);

/// Samples come at half the threshold of a rescue, which is 10 ms; one counts as double at most.
const GRAIN: Duration = Duration::from_millis(10);

/// A runtime and what it reports.
fn reporting(flavor: Flavor) -> (Runtime, Receiver<StallReport>) {
    build_reporting(flavor.builder())
}

fn build_reporting(mut builder: Builder) -> (Runtime, Receiver<StallReport>) {
    let (send, reports) = channel();
    builder.stall_threshold(THRESHOLD);
    // Whoever has heard enough hangs up.
    builder.on_stall(move |report| drop(send.send(report.clone())));
    (builder.build().unwrap(), reports)
}

/// Runs `test` with reports of each flavor; one that hangs ends the process.
fn on_each(flavors: &[Flavor], test: impl Fn(&Runtime, Receiver<StallReport>)) {
    for &flavor in flavors {
        let _watchdog = Watchdog::start(format!("on {flavor}"));
        let (rt, reports) = reporting(flavor);
        test(&rt, reports);
    }
}

#[test]
fn a_report_says_which_task_it_is() {
    on_each(&EVERY_FLAVOR, |rt, reports| {
        let parent = rt.spawn(async {
            let line = line!() + 1;
            let child = task::Builder::new().name("reader").spawn(async move {
                // The poll ends when the report on it has come.
                let of_this = |report: &StallReport| report.task_id() == task::id();
                reports.iter().find(of_this).unwrap()
            });
            (task::id(), line, child.unwrap())
        });
        let (parent, line, child) = rt.block_on(parent).unwrap();
        let id = child.id();
        let report = rt.block_on(child).unwrap();
        assert_eq!(report.task_id(), id);
        assert_eq!(report.name(), Some("reader"));
        assert_eq!(report.parent(), Some(parent));
        assert_eq!(report.location().file(), file!());
        assert_eq!(report.location().line(), line);
        assert!(report.elapsed() >= THRESHOLD, "{report}");
        let text = report.to_string();
        for part in [&id.to_string(), &parent.to_string(), "\"reader\"", file!()] {
            assert!(text.contains(part), "{part} is not in: {text}");
        }
    });
}

#[test]
fn a_task_without_a_name_and_without_a_parent_has_none_in_its_report() {
    on_each(&EVERY_FLAVOR, |rt, reports| {
        let task = rt.spawn(async move { reports.recv().unwrap() });
        let report = rt.block_on(task).unwrap();
        assert_eq!((report.name(), report.parent()), (None, None));
    });
}

#[test]
fn reports_on_one_poll_come_at_doubling_intervals() {
    on_each(&EVERY_FLAVOR, |rt, reports| {
        let task = rt.spawn(async move { reports.iter().take(5).collect() });
        let got: Vec<StallReport> = rt.block_on(task).unwrap();
        let mut at = THRESHOLD;
        for report in &got {
            let in_time = at..at + 2 * GRAIN;
            assert!(in_time.contains(&report.elapsed()), "{report} after {at:?}");
            at *= 2;
        }
        let metrics = rt.metrics();
        assert!(metrics.longest_stall() >= got[4].elapsed());
    });
}

#[test]
fn a_poll_counts_as_one_stall_however_often_it_is_reported() {
    on_each(&EVERY_FLAVOR, |rt, reports| {
        assert_eq!(rt.metrics().longest_stall(), Duration::ZERO);
        let task = rt.spawn(async move { reports.iter().take(3).count() });
        assert_eq!(rt.block_on(task).unwrap(), 3);
        assert_eq!(rt.metrics().stalls(), 1);
        assert!(rt.metrics().longest_stall() >= 4 * THRESHOLD);
    });
}

#[test]
fn nothing_is_reported_before_the_threshold() {
    let _watchdog = Watchdog::start("");
    for flavor in EVERY_FLAVOR {
        let mut builder = flavor.builder();
        builder.on_stall(|report| panic!("{report}"));
        builder.stall_threshold(Duration::from_secs(3600));
        let rt = builder.build().unwrap();
        let task = rt.spawn(async { thread::sleep(Duration::from_millis(100)) });
        rt.block_on(task).unwrap();
        assert_eq!(rt.metrics().stalls(), 0, "on {flavor}");
    }
}

/// On a loaded machine a computing task may get too little of a CPU to be told from a blocked one, and one that is
/// woken by each report wait for a CPU as if it computed; but not for ever.
#[test]
#[cfg(target_os = "linux")]
fn a_report_tells_computing_from_blocking() {
    on_each(&EVERY_FLAVOR, |rt, reports| {
        let computing = rt.spawn(async move {
            spin_while(|| reports.try_recv().map(|report| report.on_cpu()) != Ok(Some(true)));
            reports
        });
        let reports = rt.block_on(computing).unwrap();
        let blocked = rt.spawn(async move {
            let of_this = |report: &StallReport| report.task_id() == task::id();
            let mut of_this = reports.iter().filter(of_this);
            of_this.any(|report| report.on_cpu() == Some(false))
        });
        assert!(rt.block_on(blocked).unwrap());
    });
}

#[test]
fn a_report_names_the_worker() {
    on_each(&MULTI_THREAD, |rt, reports| {
        let stuck = rt.spawn(async move {
            let of_this = |report: &StallReport| report.task_id() == task::id();
            let report = reports.iter().find(of_this).unwrap();
            (thread::current().name().unwrap().to_owned(), report)
        });
        let (thread, report) = rt.block_on(stuck).unwrap();
        match thread.strip_prefix("rt-worker-") {
            Some(number) => assert_eq!(number, report.worker().to_string()),
            None => assert!(report.worker() >= rt.metrics().num_workers()),
        }
    });
}

#[test]
fn a_hook_that_panics_stops_nobody() {
    for flavor in EVERY_FLAVOR {
        let _watchdog = Watchdog::start(format!("on {flavor}"));
        let (send, calls) = channel();
        let mut builder = flavor.builder();
        builder.stall_threshold(THRESHOLD).on_stall(move |_| {
            let _ = send.send(());
            std::panic::resume_unwind(Box::new("the hook"));
        });
        let rt = builder.build().unwrap();
        let task = rt.spawn(async move { calls.iter().take(3).count() });
        assert_eq!(rt.block_on(task).unwrap(), 3, "on {flavor}");
    }
}

/// A hook may use the runtime that it tells of.
#[test]
fn a_hook_may_spawn_and_ask_for_metrics() {
    for flavor in MULTI_THREAD {
        let _watchdog = Watchdog::start(format!("on {flavor}"));
        let (send, ran) = channel();
        let (tell, handle) = channel::<runtime::runtime::Handle>();
        let handle = std::sync::Mutex::new((handle, None));
        let mut builder = flavor.builder();
        builder.stall_threshold(THRESHOLD).on_stall(move |_| {
            let (told, handle) = &mut *handle.lock().unwrap();
            let handle = handle.get_or_insert_with(|| told.recv().unwrap());
            let stalls = handle.metrics().stalls();
            let send = send.clone();
            drop(handle.spawn(async move { send.send(stalls) }));
        });
        let rt = builder.build().unwrap();
        tell.send(rt.handle().clone()).unwrap();
        let task = rt.spawn(async move { ran.recv().unwrap() });
        assert!(rt.block_on(task).unwrap() >= 1, "on {flavor}");
        rt.shutdown_background();
    }
}

/// A shutdown elsewhere waits for the thread that calls the hook.
#[test]
fn a_hook_may_drop_the_runtime() {
    for flavor in MULTI_THREAD {
        let _watchdog = Watchdog::start(format!("on {flavor}"));
        let (give, given) = channel::<Runtime>();
        let given = std::sync::Mutex::new(given);
        let (send, dropped) = channel();
        let mut builder = flavor.builder();
        builder.stall_threshold(THRESHOLD).on_stall(move |_| {
            drop(given.lock().unwrap().recv().unwrap());
            send.send(()).unwrap();
        });
        let rt = builder.build().unwrap();
        let (end, ended) = channel();
        // This poll outlasts the runtime.
        drop(rt.spawn(async move { end.send(dropped.recv()).unwrap() }));
        give.send(rt).unwrap();
        assert_eq!(ended.recv().unwrap(), Ok(()), "on {flavor}");
    }
}

/// Nothing can be said of it any more, but that is said.
#[test]
fn a_report_on_a_task_that_has_ended_meanwhile_is_counted_as_dropped() {
    for flavor in MULTI_THREAD {
        let _watchdog = Watchdog::start(format!("on {flavor}"));
        let (told, is_told) = channel();
        let (go_on, goes_on) = channel::<()>();
        let goes_on = std::sync::Mutex::new(goes_on);
        let mut builder = flavor.builder();
        builder.stall_threshold(THRESHOLD).on_stall(move |report| {
            told.send(report.task_id()).unwrap();
            let _ = goes_on.lock().unwrap().recv();
        });
        let rt = builder.build().unwrap();
        // The first keeps the reporter busy; the second is stuck, and ends before its turn has come.
        let (release, released) = channel::<()>();
        let first = rt.spawn(async move { released.recv() });
        assert_eq!(is_told.recv().unwrap(), first.id());
        let metrics = rt.metrics();
        let second = rt.spawn(async move { sleep_while(|| metrics.stalls() < 2) });
        rt.block_on(second).unwrap();
        drop(release);
        rt.block_on(first).unwrap().unwrap_err();
        drop(go_on);
        let metrics = rt.metrics();
        wait::until("it is counted", || metrics.stall_reports_dropped() > 0);
    }
}

#[test]
fn blocking_in_place_is_no_stall() {
    on_each(&MULTI_THREAD, |rt, reports| {
        let task = rt.spawn(async move {
            block_in_place(|| {
                let stuck = runtime::spawn(async move {
                    let got: Vec<_> = reports.iter().take(3).collect();
                    got.iter().map(StallReport::task_id).collect::<Vec<_>>()
                });
                sleep_while(|| !stuck.is_finished());
                stuck
            })
            .await
        });
        let id = task.id();
        let reported = rt.block_on(task).unwrap().unwrap();
        assert!(!reported.contains(&id), "{id} is in {reported:?}");
    });
}

#[test]
fn tasks_that_are_stuck_at_once_are_all_reported() {
    for workers in [1, 4] {
        let _watchdog = Watchdog::start(format!("with {workers} workers"));
        let (rt, reports) = reporting(Flavor::MultiThread(workers));
        let (release, released) = channel::<()>();
        let released = std::sync::Arc::new(std::sync::Mutex::new(released));
        let spawn = |_| {
            let released = released.clone();
            rt.spawn(async move { released.lock().unwrap().recv().unwrap_err() })
        };
        let tasks: Vec<_> = (0..8).map(spawn).collect();
        let mut missing: Vec<_> = tasks.iter().map(|task| task.id()).collect();
        while !missing.is_empty() {
            let report = reports.recv().unwrap();
            missing.retain(|id| *id != report.task_id());
        }
        assert!(rt.metrics().stalls() >= 8);
        wait::until("each has a worker", || rt.metrics().spares() >= 8 - workers);
        drop(release);
        for task in tasks {
            rt.block_on(task).unwrap();
        }
    }
}
