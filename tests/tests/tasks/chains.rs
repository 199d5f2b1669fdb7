//! Long chains of tasks, each holding the one before: nothing that walks such a chain may recurse.
//!
//! A frame of a recursion takes a hundred bytes at least. On the stacks used here, it would die
//! after some two thousand tasks: a hundred times that shows what a million shows on usual stacks.

use std::future::pending;

use runtime::runtime::Runtime;
use runtime::task::JoinHandle;
use runtime_tests::count::Counter;
use runtime_tests::flavor::Flavor;
use runtime_tests::wait::until_true;
use runtime_tests::watchdog::Watchdog;

const LENGTH: usize = 200_000;
const SMALL_STACK: usize = 256 * 1024;

/// Runs on a small stack: what recurses dies early.
fn on_small_stacks(test: fn(&Runtime)) {
    for flavor in [Flavor::CurrentThread, Flavor::MultiThread(2)] {
        let _watchdog = Watchdog::start(format!("on {flavor}"));
        let thread = std::thread::Builder::new().stack_size(SMALL_STACK);
        let run = move || {
            let rt = flavor.builder().thread_stack_size(SMALL_STACK).build();
            test(&rt.unwrap());
        };
        thread.spawn(run).unwrap().join().unwrap();
    }
}

struct AbortsOnDrop(Option<JoinHandle<()>>);

impl Drop for AbortsOnDrop {
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}

fn spawn_pending(rt: &Runtime, before: Option<JoinHandle<()>>, ended: &Counter) -> JoinHandle<()> {
    let (before, ended) = (AbortsOnDrop(before), ended.on_drop());
    rt.spawn(async move {
        let _held = (before, ended);
        pending().await
    })
}

fn chain_of_aborts(rt: &Runtime, ended: &Counter) -> JoinHandle<()> {
    let mut last = spawn_pending(rt, None, ended);
    for _ in 1..LENGTH {
        last = spawn_pending(rt, Some(last), ended);
    }
    last
}

#[test]
fn a_chain_of_tasks_that_abort_each_other_on_drop_ends() {
    on_small_stacks(|rt| {
        let ended = Counter::new();
        chain_of_aborts(rt, &ended).abort();
        rt.block_on(until_true(|| ended.get() == LENGTH));
    });
}

#[test]
fn a_runtime_is_shut_down_with_a_chain_of_tasks_that_abort_each_other_on_drop() {
    let ended = Counter::new();
    for flavor in [Flavor::CurrentThread, Flavor::MultiThread(2)] {
        let _watchdog = Watchdog::start(format!("on {flavor}"));
        let before = ended.get();
        let rt = flavor.builder().thread_stack_size(SMALL_STACK).build();
        let rt = rt.unwrap();
        drop(chain_of_aborts(&rt, &ended));
        drop(rt);
        assert_eq!(ended.get() - before, LENGTH, "on {flavor}");
    }
}

#[test]
fn a_chain_of_tasks_that_await_each_other_ends() {
    on_small_stacks(|rt| {
        let gate = rt.spawn(pending::<()>());
        let first = gate.abort_handle();
        let mut last = rt.spawn(async move { assert!(gate.await.unwrap_err().is_cancelled()) });
        for _ in 1..LENGTH {
            last = rt.spawn(async move { last.await.unwrap() });
        }
        first.abort();
        rt.block_on(last).unwrap();
    });
}

/// An output that holds the join handle of a task with such an output.
struct Link(#[allow(dead_code, reason = "held to be dropped")] Option<JoinHandle<Link>>);

#[test]
fn a_chain_of_outputs_that_nobody_reads_is_dropped() {
    on_small_stacks(|rt| {
        let mut last = rt.spawn(async { Link(None) });
        for _ in 1..LENGTH {
            last = rt.spawn(async move { Link(Some(last)) });
        }
        rt.block_on(until_true(|| rt.metrics().num_alive_tasks() == 0));
        drop(last);
    });
}
