//! The reader-writer lock and its guards.

use std::cell::RefCell;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Waker};
use std::thread;

use futures_lite::future::block_on;
use runtime::sync::{
    OwnedRwLockMappedWriteGuard, OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock,
    RwLockMappedWriteGuard, RwLockReadGuard, RwLockWriteGuard,
};
use runtime::task::{spawn_blocking, yield_now};
use runtime_tests::cancel::in_every_order;
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::reported::panic_of;

use super::{assert_refused_to_block, assert_spends_its_budget};

fn is_ready<F: Future>(future: Pin<&mut F>) -> bool {
    future
        .poll(&mut Context::from_waker(Waker::noop()))
        .is_ready()
}

#[test]
fn many_read_or_one_writes() {
    let mut lock = RwLock::from(1);
    {
        let (one, two) = (block_on(lock.read()), lock.try_read().unwrap());
        assert_eq!((*one, *two), (1, 1));
        assert!(lock.try_write().is_err());
    }
    {
        let mut writing = block_on(lock.write());
        *writing += 1;
        assert!(lock.try_read().is_err() && lock.try_write().is_err());
    }
    *lock.try_write().unwrap() += 1;
    *lock.get_mut() += 1;
    assert_eq!(lock.into_inner(), 4);
    assert_eq!(RwLock::<u8>::default().into_inner(), 0);
}

#[test]
fn owned_guards_keep_the_lock_alive() {
    let lock = Arc::new(RwLock::new(1));
    let weak = Arc::downgrade(&lock);
    let reading = block_on(lock.clone().read_owned());
    let more = lock.clone().try_read_owned().unwrap();
    assert!(Arc::ptr_eq(OwnedRwLockReadGuard::rwlock(&more), &lock));
    assert!(lock.clone().try_write_owned().is_err());
    drop((reading, more));
    let mut writing = block_on(lock.clone().write_owned());
    assert!(Arc::ptr_eq(OwnedRwLockWriteGuard::rwlock(&writing), &lock));
    assert!(lock.clone().try_read_owned().is_err());
    drop(lock);
    *writing += 1;
    let mapped = OwnedRwLockWriteGuard::into_mapped(writing);
    assert!(
        OwnedRwLockMappedWriteGuard::rwlock(&mapped)
            .try_read()
            .is_err()
    );
    drop(mapped);
    assert!(weak.upgrade().is_none());
}

#[test]
fn no_more_read_than_may() {
    let lock = RwLock::with_max_readers(1, 2);
    let one = lock.try_read().unwrap();
    let two = lock.try_read().unwrap();
    assert!(lock.try_read().is_err());
    drop(one);
    drop(lock.try_read().unwrap());
    assert!(lock.try_write().is_err());
    drop(two);
    assert!(lock.try_write().is_ok());
}

#[test]
fn senseless_numbers_of_readers_are_refused_where_they_are_given() {
    for (number, complaint) in [(0, "nobody"), (u32::MAX >> 2, "too many")] {
        let here = line!() + 1;
        let report = panic_of(|| RwLock::with_max_readers((), number));
        assert_eq!((report.file.as_str(), report.line), (file!(), here));
        assert!(report.message.contains(complaint), "{report:?}");
        let here = line!() + 1;
        let report = panic_of(|| RwLock::const_with_max_readers((), number));
        assert_eq!((report.file.as_str(), report.line), (file!(), here));
    }
    let most = RwLock::with_max_readers(1, u32::MAX >> 3);
    assert_eq!(*block_on(most.write()), 1);
}

#[test]
fn readers_and_writers_stand_in_one_queue() {
    let lock = RwLock::new(0);
    let reading = lock.try_read().unwrap();
    let mut writer = pin!(lock.write());
    let mut reader = pin!(lock.read());
    assert!(!is_ready(writer.as_mut()));
    assert!(!is_ready(reader.as_mut()), "a reader overtakes a writer");
    assert!(lock.try_read().is_err(), "one that does not wait overtakes");
    drop(reading);
    assert!(!is_ready(reader.as_mut()), "the writer is first");
    assert!(is_ready(writer), "the writer has it, and lets go");
    assert!(is_ready(reader));
}

#[test]
fn a_writer_that_gives_up_lets_the_readers_behind_it_in() {
    let lock = RwLock::new(0);
    let _reading = lock.try_read().unwrap();
    let mut writer = Box::pin(lock.write());
    let mut reader = pin!(lock.read());
    assert!(!is_ready(writer.as_mut()) && !is_ready(reader.as_mut()));
    drop(writer);
    assert!(is_ready(reader));
}

#[test]
fn downgrading_lets_readers_in_but_no_writer() {
    let lock = RwLock::with_max_readers((1, 2), 3);
    let mut writer = pin!(lock.write());
    let writing = lock.try_write().unwrap();
    let mut reader = pin!(lock.read());
    assert!(!is_ready(reader.as_mut()));
    let reading = writing.downgrade();
    assert!(is_ready(reader), "a reader may come in");
    assert!(!is_ready(writer.as_mut()), "a writer comes in");
    assert_eq!(reading.0, 1);
    drop(reading);
    assert!(is_ready(writer));
}

#[test]
fn guards_of_parts_hold_the_lock() {
    let lock = Arc::new(RwLock::new((1, 2)));
    {
        let guard = RwLockReadGuard::try_map(lock.try_read().unwrap(), |_| None::<&u8>);
        let guard = RwLockReadGuard::try_map(guard.unwrap_err(), |pair| Some(pair)).unwrap();
        assert_eq!(*RwLockReadGuard::map(guard, |pair| &pair.1), 2);
    }
    {
        let guard = lock.clone().try_read_owned().unwrap();
        let guard = OwnedRwLockReadGuard::try_map(guard, |_| None::<&u8>);
        let guard = OwnedRwLockReadGuard::try_map(guard.unwrap_err(), |pair| Some(pair)).unwrap();
        let half = OwnedRwLockReadGuard::map(guard, |pair| &pair.1);
        assert_eq!(*half, 2);
        assert!(Arc::ptr_eq(OwnedRwLockReadGuard::rwlock(&half), &lock));
        assert!(lock.try_write().is_err());
    }
    {
        let guard = RwLockWriteGuard::try_map(lock.try_write().unwrap(), |_| None::<&mut u8>);
        let guard = RwLockWriteGuard::try_map(guard.unwrap_err(), |pair| Some(pair)).unwrap();
        let guard = RwLockMappedWriteGuard::try_map(guard, |_| None::<&mut u8>).unwrap_err();
        let guard = RwLockMappedWriteGuard::try_map(guard, |pair| Some(pair)).unwrap();
        *RwLockMappedWriteGuard::map(guard, |pair| &mut pair.1) += 1;
    }
    {
        let guard = lock.clone().try_write_owned().unwrap();
        let guard = OwnedRwLockWriteGuard::try_map(guard, |_| None::<&mut u8>).unwrap_err();
        let guard = OwnedRwLockWriteGuard::try_map(guard, |pair| Some(pair)).unwrap();
        let guard = OwnedRwLockMappedWriteGuard::try_map(guard, |_| None::<&mut u8>).unwrap_err();
        let guard = OwnedRwLockMappedWriteGuard::try_map(guard, |pair| Some(pair)).unwrap();
        let mut half = OwnedRwLockMappedWriteGuard::map(guard, |pair| &mut pair.1);
        *half += 1;
        assert!(lock.try_read().is_err());
    }
    assert_eq!(*lock.try_write().unwrap(), (1, 4));
}

#[test]
fn a_part_is_downgraded_with_its_value() {
    let lock = Arc::new(RwLock::new((1, 2)));
    let writing = lock.try_write().unwrap();
    let writing = RwLockWriteGuard::try_downgrade_map(writing, |_| None::<&u8>).unwrap_err();
    assert!(lock.try_read().is_err(), "the guard is unchanged");
    let half = RwLockWriteGuard::try_downgrade_map(writing, |pair| Some(&pair.1)).unwrap();
    assert_eq!((*half, lock.try_read().unwrap().0), (2, 1));
    drop(half);
    let half = RwLockWriteGuard::downgrade_map(lock.try_write().unwrap(), |pair| {
        assert!(
            lock.try_read().is_err(),
            "others wait until the part is found"
        );
        &pair.1
    });
    assert!(lock.try_read().is_ok() && lock.try_write().is_err());
    drop(half);

    let writing = lock.clone().try_write_owned().unwrap();
    let writing = OwnedRwLockWriteGuard::try_downgrade_map(writing, |_| None::<&u8>).unwrap_err();
    assert!(lock.try_read().is_err(), "the guard is unchanged");
    let half = OwnedRwLockWriteGuard::try_downgrade_map(writing, |pair| Some(&pair.1)).unwrap();
    assert_eq!((*half, lock.try_read().unwrap().0), (2, 1));
    drop(half);
    let writing = lock.clone().try_write_owned().unwrap();
    let half = OwnedRwLockWriteGuard::downgrade_map(writing, |pair| &pair.0);
    assert!(lock.try_read().is_ok() && lock.try_write().is_err());
    drop(half);
    let reading = lock.clone().try_write_owned().unwrap().downgrade();
    assert!(lock.try_read().is_ok() && lock.try_write().is_err());
    drop(reading);
    assert_eq!(Arc::strong_count(&lock), 1);
}

#[test]
fn a_lock_of_an_unsized_value_is_locked_like_any_other() {
    let lock: Arc<RwLock<[u8]>> = Arc::new(RwLock::new([1, 2]));
    block_on(lock.write())[0] = 7;
    let reading = block_on(lock.clone().read_owned());
    assert_eq!(*reading, [7, 2]);
    drop(reading);
    let downgraded = block_on(lock.clone().write_owned()).downgrade();
    assert_eq!(downgraded.len(), 2);
}

#[test]
fn guards_print_as_their_values() {
    let lock = RwLock::new("x");
    assert_eq!(format!("{lock:?}"), "RwLock { data: \"x\" }");
    let writing = lock.try_write().unwrap();
    assert_eq!(format!("{lock:?}"), "RwLock { data: <locked> }");
    assert_eq!(format!("{writing:?} {writing}"), "\"x\" x");
    let writing = RwLockWriteGuard::into_mapped(writing);
    assert_eq!(format!("{writing:?} {writing}"), "\"x\" x");
    drop(writing);
    let reading = lock.try_read().unwrap();
    assert_eq!(format!("{reading:?} {reading}"), "\"x\" x");
}

#[test]
fn a_panic_unlocks_and_poisons_nothing() {
    let lock = RwLock::new(1);
    let writing = lock.try_write().unwrap();
    panic_of(|| RwLockWriteGuard::downgrade_map(writing, |_| -> &u8 { panic!("in map") }));
    assert_eq!(*lock.try_write().unwrap(), 1);
}

#[test]
fn readers_of_a_static_see_what_writers_did_as_a_whole() {
    static PAIR: RwLock<(u64, u64)> = RwLock::const_new((0, 0));
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let tasks: Vec<_> = (0..12)
                .map(|n| {
                    runtime::spawn(async move {
                        for _ in 0..100 {
                            if n % 4 == 0 {
                                let mut pair = PAIR.write().await;
                                pair.0 += 1;
                                yield_now().await;
                                pair.1 += 1;
                                let pair = pair.downgrade();
                                yield_now().await;
                                assert_eq!(pair.0, pair.1);
                            } else {
                                let pair = PAIR.read().await;
                                let seen = *pair;
                                yield_now().await;
                                assert_eq!((seen.0, *pair), (seen.1, seen));
                            }
                        }
                    })
                })
                .collect();
            for task in tasks {
                task.await.unwrap();
            }
        });
        assert!(PAIR.try_write().is_ok());
    });
}

#[test]
fn a_dropped_request_loses_no_lock() {
    for first_reads in [true, false] {
        for victim_writes in [true, false] {
            for rival_writes in [true, false] {
                in_every_order(|order| {
                    check_cancelling(first_reads, victim_writes, rival_writes, order)
                });
            }
        }
    }
}

fn check_cancelling(
    first_reads: bool,
    victim_writes: bool,
    rival_writes: bool,
    order: &mut runtime_tests::cancel::Order,
) {
    let lock = Arc::new(RwLock::with_max_readers(0, 3));
    let reading = RefCell::new(first_reads.then(|| lock.try_read().unwrap()));
    let writing = RefCell::new((!first_reads).then(|| lock.try_write().unwrap()));
    let unlock = || {
        drop(reading.take());
        drop(writing.take());
    };
    let victim = async {
        match victim_writes {
            true => drop(lock.write().await),
            false => drop(lock.clone().read_owned().await),
        }
    };
    let rival = async {
        match rival_writes {
            true => drop(lock.clone().write_owned().await),
            false => drop(lock.read().await),
        }
    };
    let ended = order.run(victim, rival, &[&unlock]);
    assert!(ended.rival.is_some(), "the rival is not woken");
    assert!(lock.try_write().is_ok(), "a permit is lost");
}

#[test]
fn threads_lock_it_too() {
    let lock = Arc::new(RwLock::new(0));
    let threads: Vec<_> = (0..3)
        .map(|_| {
            let lock = lock.clone();
            thread::spawn(move || {
                for _ in 0..1_000 {
                    *lock.blocking_write() += 1;
                    assert!(*lock.blocking_read() > 0);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(*lock.blocking_read(), 3_000);
}

#[test]
fn async_code_is_not_blocked() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let lock = Arc::new(RwLock::new(1));
            let here = line!() + 1;
            let report = panic_of(|| lock.blocking_read());
            assert_refused_to_block(&report, file!(), here, "read().await");
            let here = line!() + 1;
            let report = panic_of(|| lock.blocking_write());
            assert_refused_to_block(&report, file!(), here, "write().await");
            let there = lock.clone();
            spawn_blocking(move || *there.blocking_write() += 1)
                .await
                .unwrap();
            assert_eq!(*lock.read().await, 2);
        });
    });
}

#[test]
fn one_that_always_gets_the_lock_spends_the_budget() {
    assert_spends_its_budget(|| async {
        let lock = RwLock::new(());
        loop {
            drop(lock.read().await);
        }
    });
    assert_spends_its_budget(|| async {
        let lock = RwLock::new(());
        loop {
            drop(lock.write().await);
        }
    });
}
