//! The token that asks tasks to stop.

use std::collections::HashSet;
use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use futures_lite::future::block_on;
use runtime::sync::CancellationToken;
use runtime_tests::cancel::in_every_order;
use runtime_tests::count::{Counter, OnDrop};
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::hostile::{Act, poll_with, waker};
use runtime_tests::reported::panic_of;
use rustix::time::{ClockId, clock_gettime};

use super::is_ready;

#[test]
fn clones_are_one_token() {
    let token = CancellationToken::default();
    let clone = token.clone();
    let child = token.child_token();
    assert_eq!(token, clone);
    assert_ne!(token, child);
    assert_eq!(
        HashSet::from([token.clone(), clone.clone(), child.clone()]).len(),
        2
    );
    assert_eq!(
        format!("{token:?}"),
        "CancellationToken { is_cancelled: false }"
    );
    clone.cancel();
    clone.cancel();
    assert!(token.is_cancelled() && child.is_cancelled());
}

#[test]
fn a_cancellation_goes_down_and_not_up() {
    let root = CancellationToken::new();
    let (child, sibling) = (root.child_token(), root.child_token());
    let grandchild = child.child_token();
    child.cancel();
    assert!(grandchild.is_cancelled());
    assert!(!root.is_cancelled() && !sibling.is_cancelled());
    assert!(child.child_token().is_cancelled());
    root.cancel();
    assert!(sibling.is_cancelled());
}

#[test]
fn a_descendant_hears_of_it_though_those_between_are_gone() {
    let root = CancellationToken::new();
    let middle = root.child_token();
    let (leaf, sibling) = (middle.child_token(), middle.child_token());
    drop(middle);
    let lower = leaf.child_token();
    drop(leaf);
    root.cancel();
    assert!(lower.is_cancelled() && sibling.is_cancelled());
}

#[test]
fn waiting_is_over_when_it_is_cancelled() {
    let token = CancellationToken::new();
    let child = token.child_token();
    let mut early = Box::pin(token.cancelled());
    let mut below = Box::pin(child.cancelled());
    let mut owned = Box::pin(child.clone().cancelled_owned());
    let mut unpolled = Box::pin(child.cancelled());
    assert!(!is_ready(early.as_mut()) && !is_ready(below.as_mut()));
    assert!(!is_ready(owned.as_mut()));
    token.cancel();
    for waiting in [&mut early, &mut below, &mut unpolled] {
        assert!(is_ready(waiting.as_mut()) && is_ready(waiting.as_mut()));
    }
    assert!(is_ready(owned.as_mut()) && is_ready(owned.as_mut()));
    block_on(child.cancelled());
    block_on(child.clone().cancelled_owned());
}

#[test]
fn an_owned_future_is_a_handle() {
    let root = CancellationToken::new();
    let mut waiting = Box::pin(root.child_token().cancelled_owned());
    assert!(!is_ready(waiting.as_mut()));
    root.cancel();
    assert!(is_ready(waiting.as_mut()));
}

#[test]
fn guards_cancel_unless_disarmed() {
    let token = CancellationToken::new();
    let guard = token.clone().drop_guard();
    assert_eq!(*guard.token(), token);
    assert_eq!(guard.disarm(), token);
    let guard = token.drop_guard_ref();
    assert_eq!(*guard.token(), token);
    assert_eq!(*guard.disarm(), token);
    assert!(!token.is_cancelled());

    let child = token.child_token();
    drop(child.drop_guard_ref());
    assert!(child.is_cancelled() && !token.is_cancelled());
    panic_of(|| {
        let _guard = token.clone().drop_guard();
        panic!("in between");
    });
    assert!(token.is_cancelled());
}

#[test]
fn a_future_runs_until_it_is_ready_or_cancelled() {
    let token = CancellationToken::new();
    let drops = Counter::new();
    assert_eq!(block_on(token.run_until_cancelled(async { 1 })), Some(1));

    let endless = {
        let dropped = drops.on_drop();
        async move {
            let _dropped = dropped;
            pending::<u8>().await
        }
    };
    let mut running = pin!(token.run_until_cancelled(endless));
    assert!(!is_ready(running.as_mut()));
    token.cancel();
    assert_eq!(block_on(running.as_mut()), None);
    assert_eq!(drops.get(), 1, "the future is dropped with it");
    let polled = async { panic!("it is polled") };
    assert_eq!(
        block_on(token.clone().run_until_cancelled_owned(polled)),
        None::<()>
    );
}

#[test]
fn an_output_counts_more_than_a_cancellation() {
    let token = CancellationToken::new();
    let mut polls = 0;
    let second = std::future::poll_fn(|_| {
        polls += 1;
        if polls == 2 {
            Poll::Ready(7)
        } else {
            Poll::Pending
        }
    });
    let mut running = pin!(token.clone().run_until_cancelled_owned(second));
    assert!(!is_ready(running.as_mut()));
    token.cancel();
    assert_eq!(block_on(running), Some(7));
}

#[test]
fn a_busy_future_hears_of_the_cancellation() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let token = CancellationToken::new();
        let busy = async {
            loop {
                runtime::task::consume_budget().await;
            }
        };
        let running = rt.spawn(token.clone().run_until_cancelled_owned::<_>(busy));
        let cancelling = rt.spawn(async move { token.cancel() });
        rt.block_on(cancelling).unwrap();
        assert_eq!(rt.block_on(running).unwrap(), None::<()>);
    });
}

#[test]
fn dropping_one_who_waits_takes_nothing_from_another() {
    in_every_order(|order| {
        let root = CancellationToken::new();
        let token = root.child_token();
        let cancel = || root.cancel();
        let ended = order.run(
            token.cancelled(),
            token.clone().cancelled_owned(),
            &[&cancel],
        );
        assert!(ended.rival.is_some());
    });
}

#[test]
fn a_waker_that_panics_spoils_no_other() {
    let root = CancellationToken::new();
    let tokens: Vec<_> = (0..10).map(|_| root.child_token()).collect();
    let (used, bell) = (Counter::new(), Counter::new());
    let mut waiting: Vec<_> = tokens
        .iter()
        .map(|token| Box::pin(token.cancelled()))
        .collect();
    for (index, cancelled) in waiting.iter_mut().enumerate() {
        let waker = match index % 2 {
            0 => waker(Act::Wake, &used),
            _ => Arc::new(bell.clone()).into(),
        };
        assert!(poll_with(cancelled.as_mut(), waker).is_pending());
    }
    root.cancel();
    assert_eq!((used.get(), bell.get()), (5, 5));
    assert!(tokens.iter().all(CancellationToken::is_cancelled));
}

#[test]
fn a_waker_may_use_the_tree() {
    struct Uses(CancellationToken);
    impl std::task::Wake for Uses {
        fn wake(self: Arc<Self>) {
            self.0.cancel();
            assert!(self.0.child_token().is_cancelled());
        }
    }
    let root = CancellationToken::new();
    let mut waiting = pin!(root.cancelled());
    let waker = Arc::new(Uses(root.clone())).into();
    let mut cx = Context::from_waker(&waker);
    assert!(waiting.as_mut().poll(&mut cx).is_pending());
    root.cancel();
}

#[test]
fn who_is_woken_finds_all_below_cancelled() {
    struct Looks {
        below: [CancellationToken; 3],
        cancelled: Counter,
    }
    impl std::task::Wake for Looks {
        fn wake(self: Arc<Self>) {
            let cancelled = self.below.iter().filter(|token| token.is_cancelled());
            cancelled.for_each(|_| self.cancelled.raise());
        }
    }
    let root = CancellationToken::new();
    let child = root.child_token();
    let below = [child.child_token(), root.child_token(), child];
    let cancelled = Counter::new();
    let waker = Arc::new(Looks {
        below,
        cancelled: cancelled.clone(),
    })
    .into();
    let mut waiting = pin!(root.cancelled());
    let mut cx = Context::from_waker(&waker);
    assert!(waiting.as_mut().poll(&mut cx).is_pending());
    root.cancel();
    assert_eq!(cancelled.get(), 3);
}

const MANY: usize = 100_000;

/// The time that this thread computes for `f`; what else the machine does is not in it.
fn time_of(f: impl FnOnce()) -> Duration {
    let now = || Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap();
    let start = now();
    f();
    now() - start
}

/// Runs `f` on a stack on which nothing can recurse for long.
fn on_a_small_stack(f: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().stack_size(128 * 1024);
    thread.spawn(f).unwrap().join().unwrap();
}

fn chain() -> Vec<CancellationToken> {
    let root = CancellationToken::new();
    let tokens = std::iter::successors(Some(root), |last| Some(last.child_token()));
    tokens.take(MANY).collect()
}

#[test]
fn a_chain_of_tokens_is_cancelled_without_recursion() {
    on_a_small_stack(|| {
        let tokens = chain();
        tokens[0].cancel();
        assert!(tokens.iter().all(CancellationToken::is_cancelled));
    });
    on_a_small_stack(|| {
        let mut tokens = chain();
        let root = tokens.swap_remove(0);
        let last = tokens.swap_remove(0);
        drop(tokens);
        root.cancel();
        assert!(last.is_cancelled());
    });
}

#[test]
fn a_chain_of_tokens_is_dropped_without_recursion_from_either_end() {
    on_a_small_stack(|| chain().into_iter().for_each(drop));
    on_a_small_stack(|| chain().into_iter().rev().for_each(drop));
    on_a_small_stack(|| {
        let mut tokens = chain();
        // The odd ones first.
        let mut index = 0;
        tokens.retain(|_| {
            index += 1;
            index % 2 == 0
        });
    });
}

/// Asserts that `end`, which is given a root and its children, does not take longer for each child if there
/// are more of them.
#[track_caller]
fn assert_linear(end: fn(CancellationToken, Vec<CancellationToken>)) {
    let time_for = |count: usize| {
        let root = CancellationToken::new();
        let children: Vec<_> = (0..count).map(|_| root.child_token()).collect();
        time_of(|| end(root, children))
    };
    // Quadratic time would be a thousand times as much for 32 times as many.
    let few = (0..4).map(|_| time_for(MANY / 32)).max();
    let many = (0..2).map(|_| time_for(MANY)).min();
    assert!(many < few.map(|few| few * 300), "{many:?} against {few:?}");
}

#[test]
fn a_hundred_thousand_children_end_in_linear_time() {
    assert_linear(|root, children| {
        root.cancel();
        assert!(children.iter().all(CancellationToken::is_cancelled));
    });
    assert_linear(|_root, children| children.into_iter().for_each(drop));
    assert_linear(|_root, children| children.into_iter().rev().for_each(drop));
    assert_linear(|_root, children| children.iter().for_each(CancellationToken::cancel));
    assert_linear(|root, children| {
        drop(root);
        drop(children);
    });
}

#[test]
fn no_child_is_missed_whatever_goes_on_in_the_tree() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        for _ in 0..20 {
            let root = CancellationToken::new();
            let tasks: Vec<_> = (0..8)
                .map(|_| {
                    let root = root.clone();
                    rt.spawn(async move {
                        let mut token = root.child_token();
                        for round in 0..20 {
                            let brothers = [token.child_token(), token.child_token()];
                            token = brothers[round % 2].child_token();
                            runtime::task::yield_now().await;
                        }
                        token.cancelled().await;
                    })
                })
                .collect();
            let cancelling = rt.spawn(async move {
                for _ in 0..10 {
                    runtime::task::yield_now().await;
                }
                root.cancel();
            });
            rt.block_on(cancelling).unwrap();
            for task in tasks {
                rt.block_on(task).unwrap();
            }
        }
    });
}

#[test]
fn guards_may_be_dropped_by_what_they_guard() {
    let token = CancellationToken::new();
    let guarded = OnDrop({
        let mut guard = Some(token.clone().drop_guard());
        move || drop(guard.take())
    });
    let running = async {
        let _guarded = guarded;
        pending::<()>().await
    };
    let mut running = Box::pin(token.run_until_cancelled(running));
    assert!(!is_ready(running.as_mut()));
    drop(running);
    assert!(token.is_cancelled());
}
