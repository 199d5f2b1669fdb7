//! The stack in a report: it is that of the stuck task, and getting it disturbs nobody.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use std::backtrace::Backtrace;
use std::hint::{black_box, spin_loop};
use std::io::{Read, Write};
use std::mem;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use runtime::runtime::{Builder, Runtime, StallReport};
use runtime::task;
use runtime_tests::alone;
use runtime_tests::flavor::{Flavor, on_every_flavor};

const THRESHOLD: Duration = Duration::from_millis(20);

/// A runtime and its reports, as they are printed with and without the stack.
fn reporting(mut builder: Builder) -> (Runtime, Receiver<(StallReport, String)>) {
    let (send, reports) = channel();
    builder
        .stall_threshold(THRESHOLD)
        .on_stall(move |report: &StallReport| {
            let text = format!("{report:#}");
            // Whoever has heard enough hangs up.
            drop(send.send((report.clone(), text)));
        });
    (builder.build().unwrap(), reports)
}

fn reporting_stacks(flavor: Flavor) -> (Runtime, Receiver<(StallReport, String)>) {
    let mut builder = flavor.builder();
    builder.stall_backtrace();
    reporting(builder)
}

#[inline(never)]
fn computes_until(done: impl Fn() -> bool) {
    while !done() {
        spin_loop();
    }
    black_box(());
}

#[inline(never)]
fn sleeps_until(done: impl Fn() -> bool) {
    while !done() {
        thread::sleep(Duration::from_millis(200));
    }
    black_box(());
}

/// Whether a report has come whose stack has this function in it.
fn is_told(reports: &Receiver<(StallReport, String)>, function: &str) -> bool {
    let has_it = |(report, text): &(StallReport, String)| {
        report.backtrace().is_some() && text.contains(function)
    };
    reports.try_iter().any(|report| has_it(&report))
}

#[test]
fn a_report_names_the_function_that_computes() {
    on_every_flavor(|flavor| {
        let (rt, reports) = reporting_stacks(flavor);
        let task = rt.spawn(async move { computes_until(|| is_told(&reports, "computes_until")) });
        rt.block_on(task).unwrap();
    });
}

#[test]
fn a_report_names_the_function_that_sleeps() {
    on_every_flavor(|flavor| {
        let (rt, reports) = reporting_stacks(flavor);
        let task = rt.spawn(async move { sleeps_until(|| is_told(&reports, "sleeps_until")) });
        rt.block_on(task).unwrap();
    });
}

#[test]
fn the_stack_ends_at_the_poll_and_is_not_in_the_single_line() {
    on_every_flavor(|flavor| {
        let (rt, reports) = reporting_stacks(flavor);
        let task = rt.spawn(async move {
            let with_stack = |(report, _): &(StallReport, String)| report.backtrace().is_some();
            reports.iter().find(with_stack).unwrap()
        });
        let (report, text) = rt.block_on(task).unwrap();
        assert_eq!(report.to_string().lines().count(), 1);
        assert!(text.starts_with(&report.to_string()), "{text}");
        assert!(text.contains("backtraces.rs"), "{text}");
        for below in ["runtime::raw_task", "runtime::scheduler", "block_on"] {
            assert!(!text.contains(below), "{below} in {text}");
        }
    });
}

#[test]
fn there_is_no_stack_if_nobody_asks_for_it() {
    on_every_flavor(|flavor| {
        let (rt, reports) = reporting(flavor.builder());
        let task = rt.spawn(async move { reports.iter().take(3).collect::<Vec<_>>() });
        for (report, text) in rt.block_on(task).unwrap() {
            assert!(report.backtrace().is_none(), "on {flavor}: {text}");
        }
    });
}

/// Names each poll's task after the function that it is in.
async fn polls_of_one_kind(name: &'static str, rounds: impl Iterator<Item = u64>) {
    let work = move |length| match name {
        "computes" => {
            let started = Instant::now();
            computes_until(move || started.elapsed() >= length);
        }
        _ => {
            let started = Instant::now();
            sleeps_briefly_until(move || started.elapsed() >= length);
        }
    };
    for round in rounds {
        work(Duration::from_micros(1_000 + round * 337 % 4_000));
        task::yield_now().await;
    }
}

#[inline(never)]
fn sleeps_briefly_until(done: impl Fn() -> bool) {
    while !done() {
        thread::sleep(Duration::from_micros(100));
    }
    black_box(());
}

/// Polls that end at about the time that the signal comes.
#[test]
fn no_report_has_the_stack_of_another_task() {
    on_every_flavor(|flavor| {
        let mut builder = flavor.builder();
        builder.rescue_threshold(Duration::from_millis(2));
        builder.stall_threshold(Duration::from_millis(2));
        let (send, reports) = channel();
        let seen = Arc::new(AtomicUsize::new(0));
        let count = seen.clone();
        builder
            .stall_backtrace()
            .on_stall(move |report: &StallReport| {
                count.fetch_add(usize::from(report.backtrace().is_some()), Ordering::SeqCst);
                drop(send.send(report.clone()));
            });
        let rt = builder.build().unwrap();
        let spawn = |name| {
            let task = task::Builder::new().name(name);
            let seen = seen.clone();
            let goes_on = move |&round: &u64| round < 150 || seen.load(Ordering::SeqCst) == 0;
            let polls = polls_of_one_kind(name, (0..).take_while(goes_on));
            task.spawn_on(polls, rt.handle()).unwrap()
        };
        let tasks = ["computes", "sleeps", "computes", "sleeps"].map(spawn);
        for task in tasks {
            rt.block_on(task).unwrap();
        }
        // They send reports.
        drop((rt, builder));
        for report in reports {
            let Some(backtrace) = report.backtrace() else {
                continue;
            };
            let (name, stack) = (report.name().unwrap(), backtrace.to_string());
            let other = match name {
                "computes" => "sleeps_briefly_until",
                _ => "computes_until",
            };
            assert!(!stack.contains(other), "{report:#}");
        }
    });
}

/// The interrupted code holds the locks of the allocator and of the dynamic loader as often as not.
#[test]
fn tasks_that_allocate_and_walk_their_stacks_go_on() {
    alone::run(|| {
        static STACKS: AtomicUsize = AtomicUsize::new(0);
        let runtimes = [1, 2].map(|workers| {
            let mut builder = Flavor::MultiThread(workers).builder();
            builder.stall_threshold(THRESHOLD).stall_backtrace();
            builder.on_stall(|report| {
                STACKS.fetch_add(report.backtrace().into_iter().count(), Ordering::SeqCst);
            });
            builder.build().unwrap()
        });
        let allocate = || async { allocates_until(|| STACKS.load(Ordering::SeqCst) >= 12) };
        let spawn = |rt: &Runtime| [rt.spawn(allocate()), rt.spawn(allocate())];
        let tasks = runtimes.each_ref().map(spawn);
        for (rt, tasks) in runtimes.iter().zip(tasks) {
            for task in tasks {
                rt.block_on(task).unwrap();
            }
        }
    });
}

fn allocates_until(done: impl Fn() -> bool) {
    while !done() {
        drop(black_box(Backtrace::force_capture()));
        drop(black_box(vec![0_u8; 1 << 20]));
        drop(black_box(vec![String::from("a string"); 100]));
    }
}

/// Threads that begin and end with each block_on, and with that the worker they are.
#[test]
fn threads_may_end_while_they_are_asked() {
    alone::run(|| {
        let mut builder = Flavor::CurrentThread.builder();
        builder.rescue_threshold(Duration::from_millis(2));
        builder
            .stall_threshold(Duration::from_millis(2))
            .stall_backtrace();
        let rt = Arc::new(builder.build().unwrap());
        let goes_on = |&round: &u64| round < 200 || rt.metrics().stalls() == 0;
        for round in (0..).take_while(goes_on) {
            let rt = rt.clone();
            let drive = move || {
                let rounds = round..=round + round % 3;
                let polls = rt.spawn(polls_of_one_kind("computes", rounds));
                rt.block_on(polls).unwrap();
            };
            thread::spawn(drive).join().unwrap();
        }
    });
}

#[test]
fn a_blocking_read_goes_on_after_the_signal() {
    on_every_flavor(|flavor| {
        let (rt, reports) = reporting_stacks(flavor);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut peer = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (mut stream, _) = listener.accept().unwrap();
        let writer = thread::spawn(move || {
            let with_stack = |(report, _): &(StallReport, String)| report.backtrace().is_some();
            assert!(reports.iter().any(|report| with_stack(&report)));
            peer.write_all(&[7]).unwrap();
        });
        // One call, which nobody repeats.
        let task = rt.spawn(async move { stream.read(&mut [0]) });
        assert_eq!(rt.block_on(task).unwrap().unwrap(), 1, "on {flavor}");
        writer.join().unwrap();
    });
}

/// What the program's own handlers were called for.
static CALLS: AtomicUsize = AtomicUsize::new(0);

extern "C" fn count(_: libc::c_int) {
    CALLS.fetch_add(1, Ordering::SeqCst);
}

/// Installs [`count`] as a program would.
fn occupy(signal: libc::c_int) {
    // SAFETY: all zeros is an action without flags, and the handler does what a handler may do.
    unsafe {
        let mut action: libc::sigaction = mem::zeroed();
        action.sa_sigaction = count as extern "C" fn(libc::c_int) as libc::sighandler_t;
        assert_eq!(libc::sigaction(signal, &action, std::ptr::null_mut()), 0);
    }
}

fn is_counted(signal: libc::c_int) -> bool {
    // SAFETY: it only asks.
    unsafe {
        let mut action: libc::sigaction = mem::zeroed();
        assert_eq!(libc::sigaction(signal, std::ptr::null(), &mut action), 0);
        action.sa_sigaction == count as extern "C" fn(libc::c_int) as libc::sighandler_t
    }
}

fn first_stack(rt: &Runtime, reports: Receiver<(StallReport, String)>, tries: usize) -> bool {
    let with_stack = |(report, _): (StallReport, String)| report.backtrace().is_some();
    let task = rt.spawn(async move { reports.iter().take(tries).any(with_stack) });
    rt.block_on(task).unwrap()
}

#[test]
fn the_handlers_of_the_program_are_left_alone() {
    alone::run(|| {
        let (first, last) = (libc::SIGRTMIN(), libc::SIGRTMAX());
        let (taken, free) = (first..first + 2, first + 2..=last);
        taken.clone().for_each(occupy);
        let (rt, reports) = reporting_stacks(Flavor::MultiThread(1));
        assert!(first_stack(&rt, reports, usize::MAX));
        assert!(taken.into_iter().all(is_counted));
        assert_eq!(CALLS.load(Ordering::SeqCst), 0);

        // The program may take the signal later; then it gets none of ours.
        free.for_each(occupy);
        let (rt, reports) = reporting_stacks(Flavor::MultiThread(1));
        assert!(!first_stack(&rt, reports, 4));
        assert_eq!(CALLS.load(Ordering::SeqCst), 0);
    });
}

#[test]
fn a_program_that_has_taken_all_signals_has_reports_without_stacks() {
    alone::run(|| {
        (libc::SIGRTMIN()..=libc::SIGRTMAX()).for_each(occupy);
        let (rt, reports) = reporting_stacks(Flavor::MultiThread(1));
        assert!(!first_stack(&rt, reports, 4));
        assert_eq!(CALLS.load(Ordering::SeqCst), 0);
    });
}

#[test]
fn a_thread_that_blocks_the_signal_is_reported_without_a_stack() {
    alone::run(|| {
        // SAFETY: it fills a set, and blocks what is in it for this thread and those it starts.
        unsafe {
            let mut all: libc::sigset_t = mem::zeroed();
            libc::sigfillset(&mut all);
            libc::pthread_sigmask(libc::SIG_BLOCK, &all, std::ptr::null_mut());
        }
        let (rt, reports) = reporting_stacks(Flavor::MultiThread(1));
        assert!(!first_stack(&rt, reports, 4));
    });
}

/// The signal is sent from outside, at any time, to threads of any kind.
#[test]
fn a_signal_from_others_does_nothing() {
    alone::run(|| {
        let (rt, reports) = reporting_stacks(Flavor::MultiThread(2));
        assert!(first_stack(&rt, reports, usize::MAX));
        for _ in 0..100 {
            // SAFETY: it sends a signal that has a handler.
            let sent = unsafe { libc::kill(libc::getpid(), libc::SIGRTMIN()) };
            assert_eq!(sent, 0);
            rt.block_on(rt.spawn(async {})).unwrap();
        }
    });
}

#[test]
fn a_child_of_a_stuck_task_is_not_asked() {
    alone::run(|| {
        let (rt, reports) = reporting_stacks(Flavor::MultiThread(1));
        let task = rt.spawn(async move {
            for report in reports.iter().take(3) {
                assert_eq!(status_of_forked_child(), 0, "{}", report.1);
            }
        });
        rt.block_on(task).unwrap();
    });
}

/// The child sleeps for longer than it takes to ask.
fn status_of_forked_child() -> libc::c_int {
    // SAFETY: the child only sleeps and ends, which it may do in a process of many threads.
    unsafe {
        match libc::fork() {
            0 => {
                libc::usleep(30_000);
                libc::_exit(0)
            }
            child => {
                let mut status = 0;
                while libc::waitpid(child, &mut status, 0) < 0 {}
                status
            }
        }
    }
}
