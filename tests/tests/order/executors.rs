//! Executors that block the thread inside a task: what they run goes on when the budget is spent.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use runtime::runtime::LocalRuntime;
use runtime::sync::{Semaphore, mpsc};
use runtime::task::{LocalSet, consume_budget, yield_now};
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::watchdog::Watchdog;

/// Parks the thread, as that of `futures` does.
fn block_by_park<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread, AtomicBool);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.1.store(true, Ordering::Release);
            self.0.unpark();
        }
    }
    let unpark = Arc::new(Unpark(thread::current(), AtomicBool::new(false)));
    let waker = Waker::from(unpark.clone());
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        while !unpark.1.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
}

/// Sleeps on a condition, as `pollster` does.
fn block_by_condition<F: Future>(future: F) -> F::Output {
    #[derive(Default)]
    struct Signal(Mutex<bool>, Condvar);
    impl Wake for Signal {
        fn wake(self: Arc<Self>) {
            *self.0.lock().unwrap() = true;
            self.1.notify_one();
        }
    }
    let signal = Arc::new(Signal::default());
    let waker = Waker::from(signal.clone());
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        let mut woken = signal.0.lock().unwrap();
        while !*woken {
            woken = signal.1.wait(woken).unwrap();
        }
        *woken = false;
    }
}

/// More operations than two budgets allow.
async fn operate() -> u32 {
    let (tx, mut rx) = mpsc::channel(1);
    let permits = Semaphore::new(1);
    let mut received = 0;
    for _ in 0..300 {
        consume_budget().await;
        tx.send(1).await.unwrap();
        received += rx.recv().await.unwrap();
        drop(permits.acquire().await.unwrap());
        yield_now().await;
    }
    received
}

fn block_in_every_way() {
    assert_eq!(block_by_park(operate()), 300);
    assert_eq!(block_by_condition(operate()), 300);
    assert_eq!(futures_lite::future::block_on(operate()), 300);
}

/// The task has yielded and spent its budget before, also by way of a waker of another kind.
async fn block_amid_other_work() {
    while runtime::task::coop::has_budget_remaining() {
        consume_budget().await;
    }
    block_in_every_way();
    let children = futures_lite::future::zip(operate(), async {
        yield_now().await;
        block_in_every_way();
    });
    children.await;
    let executor = futures_lite::future::or(operate(), async {
        block_in_every_way();
        operate().await
    });
    assert_eq!(executor.await, 300);
}

#[test]
fn an_executor_inside_a_task_goes_on_when_the_budget_is_spent() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        rt.block_on(async { block_in_every_way() });
        rt.block_on(rt.spawn(async { block_in_every_way() }))
            .unwrap();
        rt.block_on(block_amid_other_work());
        rt.block_on(rt.spawn(block_amid_other_work())).unwrap();
        rt.block_on(rt.spawn_blocking(block_in_every_way)).unwrap();
    });
}

#[test]
fn nor_does_it_hang_in_a_local_runtime_or_a_set() {
    let _watchdog = Watchdog::start("with an executor inside");
    let rt = LocalRuntime::new().unwrap();
    rt.block_on(block_amid_other_work());
    rt.block_on(rt.spawn_local(block_amid_other_work()))
        .unwrap();
    let set = LocalSet::new();
    rt.block_on(set.run_until(set.spawn_local(block_amid_other_work())))
        .unwrap();
}

#[test]
fn an_executor_in_block_in_place_goes_on_too() {
    runtime_tests::flavor::on_multi_thread(|flavor| {
        let rt = flavor.build();
        let task = rt.spawn(async { runtime::task::block_in_place(block_in_every_way) });
        rt.block_on(task).unwrap();
    });
}
