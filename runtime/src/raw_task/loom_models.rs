//! The races of a task's life, two or three operations at a time.

use std::collections::VecDeque;
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll, Waker};

use super::{JoinHandle, LiveTasks, Meta, Notified, Schedule, Task};
use crate::primitive::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use crate::primitive::sync::{Arc, Mutex};

/// A scheduler that is only a queue; whoever drives it calls [`Stage::run`].
struct Stage {
    queue: Mutex<VecDeque<Notified>>,
    live: LiveTasks,
    seen: Seen,
}

/// What has happened to the future.
struct Seen {
    polls: AtomicUsize,
    drops: AtomicUsize,
    output_drops: AtomicUsize,
}

impl Schedule for Arc<Stage> {
    unsafe fn schedule(this: NonNull<Self>, task: Notified) {
        // SAFETY: `task` has not been handed on.
        let stage = unsafe { this.as_ref() }.clone();
        stage.queue.lock().push_back(task);
    }

    unsafe fn reschedule(this: NonNull<Self>, task: Notified) {
        // SAFETY: as here.
        unsafe { Self::schedule(this, task) };
    }

    fn release(&self, task: &Task) -> bool {
        self.live.remove(task)
    }
}

impl Stage {
    fn new() -> Arc<Stage> {
        Arc::new(Stage {
            queue: Mutex::new(VecDeque::new()),
            live: LiveTasks::new(),
            seen: Seen {
                polls: AtomicUsize::new(0),
                drops: AtomicUsize::new(0),
                output_drops: AtomicUsize::new(0),
            },
        })
    }

    /// Runs what is queued; whether there was anything.
    fn run(&self) -> bool {
        let task = self.queue.lock().pop_front();
        match task {
            Some(task) => {
                task.run();
                true
            }
            None => false,
        }
    }

    /// Runs until the live list is empty.
    fn run_to_the_end(&self) {
        while self.live.len() > 0 {
            if !self.run() {
                loom::thread::yield_now();
            }
        }
        while self.run() {}
    }

    fn shut_down(&self) {
        self.live.close();
        while let Some(task) = self.live.pop() {
            task.shutdown();
        }
    }

    fn assert_over(&self) {
        assert_eq!(self.seen.drops.load(Ordering::SeqCst), 1, "future dropped");
    }
}

/// What the future waits for.
struct Gate {
    open: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Gate {
    fn new() -> Arc<Gate> {
        Arc::new(Gate {
            open: AtomicBool::new(false),
            waker: Mutex::new(None),
        })
    }

    fn open(&self) {
        self.open.store(true, Ordering::Release);
        let waker = self.waker.lock().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

struct Waits {
    gate: Arc<Gate>,
    stage: Arc<Stage>,
}

struct Output(Arc<Stage>);

impl Drop for Output {
    fn drop(&mut self) {
        self.0.seen.output_drops.fetch_add(1, Ordering::SeqCst);
    }
}

impl Future for Waits {
    type Output = Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Output> {
        self.stage.seen.polls.fetch_add(1, Ordering::SeqCst);
        *self.gate.waker.lock() = Some(cx.waker().clone());
        match self.gate.open.load(Ordering::Acquire) {
            true => Poll::Ready(Output(self.stage.clone())),
            false => Poll::Pending,
        }
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        self.stage.seen.drops.fetch_add(1, Ordering::SeqCst);
    }
}

fn spawn(stage: &Arc<Stage>, gate: &Arc<Gate>) -> JoinHandle<Output> {
    let future = Waits {
        gate: gate.clone(),
        stage: stage.clone(),
    };
    let (task, notified, join) = super::new(future, stage.clone(), Meta::here(None));
    assert!(stage.live.insert(task).is_ok());
    stage.queue.lock().push_back(notified);
    join
}

fn spawn_thread(f: impl FnOnce() + 'static) -> loom::thread::JoinHandle<()> {
    loom::thread::spawn(f)
}

#[test]
fn loom_a_wake_races_the_poll_and_is_not_lost() {
    loom::model(|| {
        let (stage, gate) = (Stage::new(), Gate::new());
        let join = spawn(&stage, &gate);
        let waker = {
            let gate = gate.clone();
            spawn_thread(move || gate.open())
        };
        stage.run_to_the_end();
        waker.join().expect("the waker ends");
        assert!(join.is_finished());
        drop(join);
        assert_eq!(stage.seen.output_drops.load(Ordering::SeqCst), 1);
        stage.assert_over();
    });
}

#[test]
fn loom_two_wakes_queue_the_task_once() {
    loom::model(|| {
        let (stage, gate) = (Stage::new(), Gate::new());
        let join = spawn(&stage, &gate);
        stage.run();
        let waker = gate
            .waker
            .lock()
            .clone()
            .expect("the future has stored a waker");
        let other = {
            let gate = gate.clone();
            spawn_thread(move || gate.open())
        };
        waker.wake_by_ref();
        drop(waker);
        other.join().expect("the waker ends");
        let queued = stage.queue.lock().len();
        assert_eq!(queued, 1);
        stage.run_to_the_end();
        assert!(join.is_finished());
    });
}

#[test]
fn loom_an_abort_races_wake_and_poll() {
    loom::model(|| {
        let (stage, gate) = (Stage::new(), Gate::new());
        let join = spawn(&stage, &gate);
        let abort = join.abort_handle();
        let aborter = spawn_thread(move || abort.abort());
        let waker = {
            let gate = gate.clone();
            spawn_thread(move || gate.open())
        };
        stage.run_to_the_end();
        aborter.join().expect("the aborter ends");
        waker.join().expect("the waker ends");
        while stage.run() {}
        assert!(join.is_finished());
        stage.assert_over();
    });
}

#[test]
fn loom_joining_races_completion() {
    loom::model(|| {
        let (stage, gate) = (Stage::new(), Gate::new());
        let join = spawn(&stage, &gate);
        gate.open();
        let runner = {
            let stage = stage.clone();
            spawn_thread(move || stage.run_to_the_end())
        };
        let output = loom::future::block_on(join);
        assert!(output.is_ok());
        runner.join().expect("the runner ends");
        stage.assert_over();
    });
}

#[test]
fn loom_dropping_the_join_handle_races_completion() {
    loom::model(|| {
        let (stage, gate) = (Stage::new(), Gate::new());
        let mut join = spawn(&stage, &gate);
        gate.open();
        let runner = {
            let stage = stage.clone();
            spawn_thread(move || stage.run_to_the_end())
        };
        let mut cx = Context::from_waker(Waker::noop());
        let polled = Pin::new(&mut join).poll(&mut cx);
        drop(polled);
        drop(join);
        runner.join().expect("the runner ends");
        assert_eq!(stage.seen.output_drops.load(Ordering::SeqCst), 1);
        stage.assert_over();
    });
}

#[test]
fn loom_a_shutdown_races_a_wake_and_leaves_nothing() {
    loom::model(|| {
        let (stage, gate) = (Stage::new(), Gate::new());
        let join = spawn(&stage, &gate);
        stage.run();
        let waker = {
            let gate = gate.clone();
            spawn_thread(move || gate.open())
        };
        stage.shut_down();
        waker.join().expect("the waker ends");
        stage.assert_over();
        while stage.run() {}
        assert!(join.is_finished());
        let polls = stage.seen.polls.load(Ordering::SeqCst);
        assert_eq!(polls, 1, "polled after its shutdown");
    });
}

#[test]
fn loom_a_shutdown_races_the_poll() {
    loom::model(|| {
        let (stage, gate) = (Stage::new(), Gate::new());
        let join = spawn(&stage, &gate);
        gate.open();
        let runner = {
            let stage = stage.clone();
            spawn_thread(move || while stage.run() {})
        };
        stage.shut_down();
        runner.join().expect("the runner ends");
        assert!(join.is_finished());
        stage.assert_over();
    });
}
