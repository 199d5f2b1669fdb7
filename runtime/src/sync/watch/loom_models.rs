//! Races of sending, watching and leaving.

use loom::future::block_on;
use loom::thread;

use super::channel;

#[test]
fn the_last_value_is_seen_before_the_end() {
    loom::model(|| {
        let (sender, mut receiver) = channel(0);
        let sending = thread::spawn(move || {
            sender.send(1).unwrap();
            sender.send(2).unwrap();
        });
        let mut last = 0;
        while block_on(receiver.changed()).is_ok() {
            let value = *receiver.borrow_and_update();
            assert!(value > last, "each value is seen at most once");
            last = value;
        }
        assert_eq!(last, 2);
        sending.join().unwrap();
    });
}

#[test]
fn a_change_is_seen_though_no_other_follows() {
    loom::model(|| {
        let (sender, mut receiver) = channel(0);
        let sending = thread::spawn(move || {
            sender.send(1).unwrap();
            sender
        });
        assert!(block_on(receiver.changed()).is_ok());
        assert_eq!(*receiver.borrow(), 1);
        let _sender = sending.join().unwrap();
    });
}

#[test]
fn the_channel_ends_with_the_second_of_two_senders() {
    loom::model(|| {
        let (sender, mut receiver) = channel(0);
        let other = sender.clone();
        let threads = [
            thread::spawn(move || drop(sender.send_replace(1))),
            thread::spawn(move || drop(other)),
        ];
        assert!(block_on(receiver.changed()).is_ok());
        assert_eq!(*receiver.borrow(), 1);
        assert!(block_on(receiver.changed()).is_err());
        threads.map(|thread| thread.join().unwrap());
    });
}

#[test]
fn a_change_wakes_two_who_wait_for_different_values() {
    loom::model(|| {
        let (sender, mut first) = channel(0);
        let mut second = first.clone();
        let waiting = thread::spawn(move || block_on(first.wait_for(|&value| value >= 1)).is_ok());
        let sending = thread::spawn(move || {
            sender.send_replace(1);
            sender.send_replace(2);
            sender
        });
        assert_eq!(*block_on(second.wait_for(|&value| value == 2)).unwrap(), 2);
        assert!(waiting.join().unwrap());
        sending.join().unwrap();
    });
}

#[test]
fn the_sender_hears_that_the_last_receiver_has_gone() {
    loom::model(|| {
        let (sender, receiver) = channel(());
        let other = receiver.clone();
        let threads = [receiver, other].map(|receiver| thread::spawn(move || drop(receiver)));
        block_on(sender.closed());
        assert!(sender.send(()).is_err());
        threads.map(|thread| thread.join().unwrap());
    });
}
