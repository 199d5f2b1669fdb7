//! Races of cancelling, making, waiting and dropping in one tree.

use std::pin::pin;
use std::task::{Context, Waker};

use loom::future::block_on;
use loom::thread;

use super::CancellationToken;

#[test]
fn a_child_made_during_the_cancellation_is_cancelled() {
    loom::model(|| {
        let parent = CancellationToken::new();
        let making = thread::spawn({
            let parent = parent.clone();
            move || parent.child_token()
        });
        parent.cancel();
        assert!(making.join().unwrap().is_cancelled());
    });
}

#[test]
fn a_token_that_loses_its_parent_during_the_cancellation_is_cancelled() {
    loom::model(|| {
        let root = CancellationToken::new();
        let middle = root.child_token();
        let leaf = middle.child_token();
        let leaving = thread::spawn(move || drop(middle));
        let waiting = thread::spawn({
            let leaf = leaf.clone();
            move || block_on(leaf.cancelled())
        });
        root.cancel();
        assert!(leaf.is_cancelled());
        leaving.join().unwrap();
        waiting.join().unwrap();
        assert_eq!(leaf.links(), (false, 0));
    });
}

#[test]
fn dropped_generations_leave_the_rest_connected() {
    loom::model(|| {
        let root = CancellationToken::new();
        let middle = root.child_token();
        let (leaf, sibling) = (middle.child_token(), middle.child_token());
        let threads = [sibling, middle].map(|token| thread::spawn(move || drop(token)));
        threads.map(|thread| thread.join().unwrap());
        assert_eq!((root.links(), leaf.links()), ((false, 1), (true, 0)));
        root.cancel();
        assert!(leaf.is_cancelled());
    });
}

#[test]
fn an_only_child_is_cancelled_while_its_parent_leaves() {
    loom::model(|| {
        let root = CancellationToken::new();
        let middle = root.child_token();
        let leaf = middle.child_token();
        let leaving = thread::spawn(move || drop(middle));
        let cancelling = thread::spawn(move || leaf.cancel());
        leaving.join().unwrap();
        cancelling.join().unwrap();
        assert!(!root.is_cancelled());
        assert_eq!(root.links(), (false, 0));
    });
}

#[test]
fn one_who_stops_waiting_meets_the_cancellation() {
    loom::model(|| {
        let token = CancellationToken::new();
        let waiting = thread::spawn({
            let token = token.clone();
            move || {
                {
                    let mut cancelled = pin!(token.cancelled());
                    let mut cx = Context::from_waker(Waker::noop());
                    let _ = cancelled.as_mut().poll(&mut cx);
                }
                block_on(token.cancelled_owned());
            }
        });
        token.cancel();
        waiting.join().unwrap();
    });
}

#[test]
fn of_two_who_cancel_each_finds_all_below_cancelled() {
    loom::model(|| {
        let root = CancellationToken::new();
        let leaf = root.child_token().child_token();
        let cancelling = thread::spawn({
            let root = root.clone();
            move || root.cancel()
        });
        if root.is_cancelled() {
            assert!(leaf.is_cancelled());
        }
        root.cancel();
        assert!(leaf.is_cancelled());
        cancelling.join().unwrap();
    });
}
