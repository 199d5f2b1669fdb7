//! The cell is filled once, whoever races, and who sees it full sees the value.

use std::pin::pin;
use std::task::{Context, Waker};

use loom::future::block_on;
use loom::thread;

use super::OnceCell;
use crate::primitive::sync::Arc;

#[test]
fn of_two_who_compute_one_fills_the_cell() {
    loom::model(|| {
        let cell = Arc::new(OnceCell::new());
        let other = thread::spawn({
            let cell = cell.clone();
            move || *block_on(cell.get_or_init(|| async { 1 }))
        });
        let mine = *block_on(cell.get_or_init(|| async { 2 }));
        assert_eq!(other.join().unwrap(), mine);
        assert_eq!(cell.get(), Some(&mine));
    });
}

#[test]
fn setting_meets_one_who_computes_and_one_who_looks() {
    loom::model(|| {
        let cell = Arc::new(OnceCell::new());
        let setting = thread::spawn({
            let cell = cell.clone();
            move || cell.set(1).is_ok()
        });
        let looking = thread::spawn({
            let cell = cell.clone();
            move || cell.get().copied()
        });
        let value = *block_on(cell.get_or_init(|| async { 2 }));
        assert_eq!(setting.join().unwrap(), value == 1);
        assert!(looking.join().unwrap().is_none_or(|seen| seen == value));
    });
}

#[test]
fn one_who_gives_up_leaves_the_turn_to_the_next() {
    loom::model(|| {
        let cell = Arc::new(OnceCell::new());
        let giving_up = thread::spawn({
            let cell = cell.clone();
            move || {
                let never = pin!(cell.get_or_init(|| std::future::pending::<u32>()));
                let _ = never.poll(&mut Context::from_waker(Waker::noop()));
            }
        });
        assert_eq!(*block_on(cell.get_or_init(|| async { 2 })), 2);
        giving_up.join().unwrap();
    });
}
