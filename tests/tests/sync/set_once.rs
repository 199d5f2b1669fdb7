//! The value that is set once.

use std::pin::pin;
use std::sync::Arc;

use futures_lite::future::block_on;
use runtime::sync::{SetOnce, SetOnceError};
use runtime_tests::cancel::in_every_order;
use runtime_tests::count::Counter;
use runtime_tests::flavor::on_every_flavor;

use super::{assert_spends_its_budget, is_ready};

#[test]
fn the_first_value_stays() {
    static CELL: SetOnce<u32> = SetOnce::const_new();
    assert!(!CELL.initialized());
    assert_eq!(CELL.get(), None);
    assert_eq!(CELL.set(1), Ok(()));
    assert_eq!(CELL.set(2), Err(SetOnceError(2)));
    assert_eq!((CELL.initialized(), CELL.get()), (true, Some(&1)));
    assert_eq!(*block_on(CELL.wait()), 1);
}

#[test]
fn a_cell_may_have_its_value_from_the_start() {
    static CELL: SetOnce<u32> = SetOnce::const_new_with(3);
    assert_eq!(CELL.get(), Some(&3));
    assert!(CELL.set(4).is_err());
    assert_eq!(SetOnce::from(5), SetOnce::new_with(Some(5)));
    assert_ne!(SetOnce::from(5), SetOnce::new());
    assert_eq!(SetOnce::<u8>::default(), SetOnce::new_with(None));
    assert_eq!(SetOnce::from(6).clone().into_inner(), Some(6));
    assert_eq!(SetOnce::<u8>::new().clone().into_inner(), None);
}

#[test]
fn a_value_is_dropped_once() {
    let drops = Counter::new();
    drop(SetOnce::from(drops.on_drop()));
    assert_eq!(drops.get(), 1);
    let value = SetOnce::from(drops.on_drop()).into_inner();
    assert_eq!(drops.get(), 1);
    drop(value);
    assert_eq!(drops.get(), 2);

    let cell = SetOnce::from(drops.on_drop());
    let refused = cell.set(drops.on_drop());
    assert_eq!(drops.get(), 2, "it comes back");
    drop((refused, cell));
    assert_eq!(drops.get(), 4);
}

#[test]
fn errors_and_cells_can_be_shown() {
    let error = SetOnce::from(1).set(2).unwrap_err();
    assert_eq!(error.to_string(), "the cell has a value already");
    assert!(format!("{:?}", SetOnce::from(7)).contains('7'));
}

#[test]
fn all_who_wait_see_the_value() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let cell = Arc::new(SetOnce::new());
        let waiting: Vec<_> = (0..100)
            .map(|_| {
                let cell = cell.clone();
                rt.spawn(async move { *cell.wait().await })
            })
            .collect();
        let setting: Vec<_> = (0..4)
            .map(|value| {
                let cell = cell.clone();
                rt.spawn(async move { cell.set(value).is_ok() })
            })
            .collect();
        let mut wins = 0;
        for setter in setting {
            wins += usize::from(rt.block_on(setter).unwrap());
        }
        assert_eq!(wins, 1);
        for waiter in waiting {
            assert_eq!(Some(&rt.block_on(waiter).unwrap()), cell.get());
        }
    });
}

#[test]
fn dropping_one_who_waits_takes_nothing_from_another() {
    in_every_order(|order| {
        let cell = SetOnce::new();
        let set = || cell.set(1).unwrap();
        let ended = order.run(cell.wait(), cell.wait(), &[&set]);
        assert_eq!(ended.rival, Some(&1));
    });
}

#[test]
fn a_dropped_future_leaves_the_cell_as_it_was() {
    let cell = SetOnce::new();
    {
        let mut waiting = pin!(cell.wait());
        assert!(!is_ready(waiting.as_mut()));
    }
    cell.set(String::from("x")).unwrap();
    assert_eq!(cell.into_inner().as_deref(), Some("x"));
}

#[test]
fn waiting_spends_the_budget() {
    assert_spends_its_budget(|| async {
        let cell = SetOnce::from(());
        loop {
            cell.wait().await;
        }
    });
}
