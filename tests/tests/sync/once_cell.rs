//! The cell that is filled once.

use std::cell::RefCell;
use std::future::{Future, pending, ready};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Waker};

use futures_lite::future::block_on;
use runtime::sync::{OnceCell, SetError};
use runtime::task::yield_now;
use runtime_tests::cancel::in_every_order;
use runtime_tests::count::{Counter, CountsDrop};
use runtime_tests::event::Event;
use runtime_tests::flavor::on_every_flavor;

use super::assert_spends_its_budget;

#[test]
fn a_cell_is_empty_until_it_is_filled() {
    let mut cell = OnceCell::new();
    assert_eq!((cell.initialized(), cell.get()), (false, None));
    assert_eq!(cell.get_mut(), None);
    assert_eq!(cell.set(1), Ok(()));
    assert_eq!(cell.set(2), Err(SetError::AlreadyInitializedError(2)));
    assert_eq!((cell.initialized(), cell.get()), (true, Some(&1)));
    *cell.get_mut().unwrap() += 1;
    assert_eq!(block_on(cell.get_or_init(|| async { 9 })), &2);
    assert_eq!(cell.take(), Some(2));
    assert_eq!((cell.take(), cell.initialized()), (None, false));
    assert_eq!(block_on(cell.get_or_init(|| async { 9 })), &9);
    assert_eq!(cell.into_inner(), Some(9));
}

#[test]
fn a_cell_is_made_full() {
    static FULL: OnceCell<u8> = OnceCell::const_new_with(1);
    for cell in [
        &FULL,
        &OnceCell::from(1),
        &OnceCell::new_with(Some(1)),
        &FULL.clone(),
    ] {
        assert_eq!(cell.get(), Some(&1));
        assert_eq!(cell, &FULL);
        assert!(cell.set(2).unwrap_err().is_already_init_err());
    }
    for cell in [
        OnceCell::new_with(None),
        OnceCell::default(),
        OnceCell::<u8>::new().clone(),
    ] {
        assert_ne!(cell, FULL);
        assert_eq!(cell.into_inner(), None);
    }
    assert_eq!(format!("{FULL:?}"), "OnceCell { value: Some(1) }");
}

#[test]
fn who_sets_the_value_while_it_is_computed_gets_it_back() {
    let cell = OnceCell::new();
    let mut computing = pin!(cell.get_or_init(pending::<u8>));
    assert!(
        computing
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_pending()
    );
    let error = cell.set(1).unwrap_err();
    assert!(error.is_initializing_err() && !error.is_already_init_err());
    assert_eq!(error, SetError::InitializingError(1));
    assert!(error.to_string().contains("being filled"), "{error}");
    assert_eq!(cell.get(), None);
}

#[test]
fn one_of_many_computes_and_all_get_its_value() {
    on_every_flavor(|flavor| {
        let computed = Arc::new(AtomicUsize::new(0));
        flavor.build().block_on(async {
            let cell = Arc::new(OnceCell::new());
            let tasks: Vec<_> = (0..50)
                .map(|_| {
                    let (cell, computed) = (cell.clone(), computed.clone());
                    let compute = async move || {
                        yield_now().await;
                        computed.fetch_add(1, Ordering::SeqCst) + 7
                    };
                    runtime::spawn(async move { *cell.get_or_init(compute).await })
                })
                .collect();
            for task in tasks {
                assert_eq!(task.await.unwrap(), 7);
            }
        });
        assert_eq!(computed.load(Ordering::SeqCst), 1);
    });
}

#[test]
fn after_an_error_or_a_panic_the_next_computes() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let cell = Arc::new(OnceCell::new());
            let begun = Event::new();
            let fails = runtime::spawn({
                let (cell, begun) = (cell.clone(), begun.clone());
                async move {
                    let compute = || async {
                        begun.await;
                        Err("no")
                    };
                    cell.get_or_try_init(compute).await.copied()
                }
            });
            yield_now().await;
            let panics = runtime::spawn({
                let cell = cell.clone();
                async move {
                    let compute = || async { std::panic::resume_unwind(Box::new(())) };
                    *cell.get_or_init(compute).await
                }
            });
            yield_now().await;
            begun.set();
            assert_eq!(fails.await.unwrap(), Err("no"));
            assert!(panics.await.unwrap_err().is_panic());
            assert_eq!(cell.get_or_try_init(|| ready(Ok::<_, ()>(3))).await, Ok(&3));
            assert_eq!(cell.get_or_try_init(|| ready(Err("late"))).await, Ok(&3));
        });
    });
}

#[test]
fn one_that_is_dropped_while_it_computes_leaves_the_turn_to_the_next() {
    in_every_order(|order| {
        let cell = OnceCell::new();
        let event = Event::new();
        let victim = cell.get_or_init(|| async {
            event.clone().await;
            1
        });
        let rival = cell.get_or_try_init(|| async { Ok::<_, ()>(2) });
        let ended = order.run(victim, rival, &[&|| event.set()]);
        let value = *ended.rival.expect("the rival is not woken").unwrap();
        assert_eq!(cell.get(), Some(&value));
        assert!(ended.victim.is_none_or(|seen| *seen == value));
    });
}

#[test]
fn one_that_is_dropped_while_it_waits_loses_nothing() {
    in_every_order(|order| {
        let cell = OnceCell::new();
        let event = Event::new();
        let mut first = Box::pin(cell.get_or_init(|| async {
            event.clone().await;
            1
        }));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(first.as_mut().poll(&mut cx).is_pending());
        let first = RefCell::new(Some(first));
        let drop_first = || drop(first.take());
        let victim = cell.get_or_init(|| async { 2 });
        let rival = cell.get_or_init(|| async { 3 });
        let ended = order.run(victim, rival, &[&drop_first]);
        assert!(ended.rival.is_some(), "the rival is not woken");
    });
}

#[test]
fn the_value_is_dropped_once() {
    let drops = Counter::new();
    let dropped_since = |expected| assert_eq!(drops.get(), expected);
    drop(OnceCell::<CountsDrop>::new());
    drop(OnceCell::new_with(Some(drops.on_drop())));
    dropped_since(1);
    let mut cell = OnceCell::new();
    block_on(cell.get_or_init(|| async { drops.on_drop() }));
    drop(cell.set(drops.on_drop()));
    dropped_since(2);
    let taken = cell.take();
    dropped_since(2);
    drop((taken, cell));
    dropped_since(3);
    drop(OnceCell::from(drops.on_drop()).into_inner());
    dropped_since(4);
}

#[test]
fn a_full_cell_and_one_filled_again_and_again_spend_the_budget() {
    assert_spends_its_budget(|| async {
        let cell = OnceCell::const_new_with(1);
        loop {
            cell.get_or_init(|| async { 2 }).await;
        }
    });
    assert_spends_its_budget(|| async {
        let cell = OnceCell::<u8>::new();
        loop {
            let _ = cell.get_or_try_init(|| async { Err(()) }).await;
        }
    });
}
