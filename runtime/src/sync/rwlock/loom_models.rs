//! Who reads meets no writer, and sees what the writers before did.

use loom::cell::UnsafeCell;
use loom::future::block_on;
use loom::thread;

use super::RwLock;
use crate::primitive::sync::Arc;

fn raise(value: &UnsafeCell<u32>) {
    // SAFETY: the caller has the write lock, and loom checks it.
    value.with_mut(|value| unsafe { *value += 1 });
}

fn read(value: &UnsafeCell<u32>) -> u32 {
    // SAFETY: the caller has a read lock, and loom checks it.
    value.with(|value| unsafe { *value })
}

fn shared() -> Arc<RwLock<UnsafeCell<u32>>> {
    Arc::new(RwLock::with_max_readers(UnsafeCell::new(0), 2))
}

#[test]
fn two_writers_and_a_reader_take_turns() {
    loom::model(|| {
        let lock = shared();
        let threads: Vec<_> = (0..2)
            .map(|_| {
                let lock = lock.clone();
                thread::spawn(move || raise(&block_on(lock.write())))
            })
            .collect();
        assert!(read(&block_on(lock.read())) <= 2);
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(read(&lock.try_read().expect("nobody writes")), 2);
    });
}

#[test]
fn two_readers_and_a_writer_take_turns() {
    loom::model(|| {
        let lock = shared();
        let threads: Vec<_> = (0..2)
            .map(|_| {
                let lock = lock.clone();
                thread::spawn(move || assert!(read(&block_on(lock.read())) <= 1))
            })
            .collect();
        raise(&block_on(lock.write()));
        for thread in threads {
            thread.join().unwrap();
        }
        assert!(lock.try_write().is_ok());
    });
}

#[test]
fn nobody_writes_between_writing_and_reading() {
    loom::model(|| {
        let lock = shared();
        let other = thread::spawn({
            let lock = lock.clone();
            move || raise(&block_on(lock.write()))
        });
        let writing = block_on(lock.write());
        raise(&writing);
        let before = read(&writing);
        assert_eq!(read(&writing.downgrade()), before);
        other.join().unwrap();
        assert!(lock.try_write().is_ok());
    });
}
