//! The channel that keeps the last value.

use std::cell::{Cell, RefCell};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};

use futures_lite::future::block_on;
use runtime::sync::watch::{self, Receiver, Sender, channel};
use runtime_tests::cancel::in_every_order;
use runtime_tests::count::{Counter, OnDrop};
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::hostile::{Act, poll_with, waker};
use runtime_tests::reported::panic_of;

use super::{assert_spends_its_budget, is_ready};

fn has_changed<T>(receiver: &mut Receiver<T>) -> bool {
    is_ready(pin!(receiver.changed()))
}

#[test]
fn a_receiver_sees_the_last_value_once() {
    let (sender, mut receiver) = channel(0);
    assert!(!has_changed(&mut receiver), "the first value is seen");
    sender.send(1).unwrap();
    sender.send(2).unwrap();
    assert!(receiver.has_changed().unwrap());
    assert!(receiver.borrow().has_changed());
    assert!(has_changed(&mut receiver));
    assert!(!receiver.borrow().has_changed());
    assert_eq!(*receiver.borrow(), 2);
    assert!(!has_changed(&mut receiver));
}

#[test]
fn borrowing_marks_as_seen_only_with_update() {
    let (sender, mut receiver) = channel(0);
    sender.send(1).unwrap();
    assert_eq!(*receiver.borrow(), 1);
    assert!(receiver.has_changed().unwrap());
    let value = receiver.borrow_and_update();
    assert_eq!((*value, value.has_changed()), (1, true));
    drop(value);
    assert!(!receiver.borrow_and_update().has_changed());
    assert!(!sender.borrow().has_changed());
    assert!(!has_changed(&mut receiver));
}

#[test]
fn a_receiver_may_change_what_counts_as_seen() {
    let (sender, mut receiver) = channel(0);
    receiver.mark_changed();
    assert!(receiver.has_changed().unwrap());
    assert!(has_changed(&mut receiver));
    sender.send(1).unwrap();
    receiver.mark_unchanged();
    assert!(!has_changed(&mut receiver));
    receiver.mark_changed();
    sender.send(2).unwrap();
    assert!(has_changed(&mut receiver));
}

#[test]
fn clones_and_subscribers_begin_where_they_are_made() {
    let (sender, mut receiver) = channel(0);
    sender.send(1).unwrap();
    let mut subscriber = sender.subscribe();
    let mut clone = receiver.clone();
    assert!(!has_changed(&mut subscriber));
    assert!(has_changed(&mut clone) && has_changed(&mut receiver));
    assert!(!has_changed(&mut receiver.clone()));
}

#[test]
fn the_last_value_comes_before_the_end() {
    let (sender, mut receiver) = channel(0);
    let other = sender.clone();
    sender.send(1).unwrap();
    drop(sender);
    assert!(!receiver.is_closed());
    drop(other);
    assert!(receiver.is_closed());
    assert!(receiver.has_changed().is_err());
    assert!(block_on(receiver.changed()).is_ok());
    let error = block_on(receiver.changed()).unwrap_err();
    assert_eq!(error.to_string(), "channel closed");
    assert_eq!(*receiver.borrow(), 1);
}

#[test]
fn sending_needs_a_receiver_and_changing_does_not() {
    let (sender, receiver) = channel(0);
    drop(receiver);
    assert!(sender.is_closed());
    let error = sender.send(1).unwrap_err();
    assert_eq!((error.0, error.to_string().as_str()), (1, "channel closed"));
    assert_eq!(*sender.borrow(), 0);
    assert_eq!(sender.send_replace(2), 0);
    sender.send_modify(|value| *value += 1);
    assert!(sender.send_if_modified(|value| std::mem::replace(value, 4) == 3));
    let receiver = sender.subscribe();
    assert_eq!(*receiver.borrow(), 4);
    assert!(sender.send(5).is_ok());
}

#[test]
fn a_silent_modification_wakes_nobody() {
    let (sender, mut receiver) = channel(0);
    let bell = Counter::new();
    let mut changed = pin!(receiver.changed());
    let waker = Waker::from(Arc::new(bell.clone()));
    let mut cx = Context::from_waker(&waker);
    assert!(changed.as_mut().poll(&mut cx).is_pending());
    let modified = sender.send_if_modified(|value| {
        *value = 1;
        false
    });
    assert!(!modified);
    assert!(changed.as_mut().poll(&mut cx).is_pending());
    assert_eq!((*sender.borrow(), bell.get()), (1, 0));
    sender.send_modify(|_| {});
    assert_eq!(bell.get(), 1);
    assert!(changed.as_mut().poll(&mut cx).is_ready());
}

#[test]
fn both_sides_are_counted_and_known() {
    let sender = Sender::<u8>::default();
    assert_eq!((sender.sender_count(), sender.receiver_count()), (1, 0));
    let (clone, receiver) = (sender.clone(), sender.subscribe());
    let another = receiver.clone();
    assert_eq!((sender.sender_count(), sender.receiver_count()), (2, 2));
    assert!(sender.same_channel(&clone) && receiver.same_channel(&another));
    let (stranger, strange) = channel(0);
    assert!(!sender.same_channel(&stranger) && !receiver.same_channel(&strange));
    drop((clone, another));
    assert_eq!((sender.sender_count(), sender.receiver_count()), (1, 1));
    assert!(format!("{sender:?} {receiver:?}").contains("value"));
}

#[test]
fn wait_for_looks_at_the_present_and_then_at_changes() {
    let (sender, mut receiver) = channel(1);
    let first = block_on(receiver.wait_for(|&value| value == 1)).map(|value| *value);
    assert_eq!(first.unwrap(), 1);

    let seen = RefCell::new(Vec::new());
    let mut waiting = pin!(receiver.wait_for(|&value| {
        seen.borrow_mut().push(value);
        value >= 3
    }));
    assert!(!is_ready(waiting.as_mut()));
    sender.send(2).unwrap();
    assert!(!is_ready(waiting.as_mut()));
    sender.send(3).unwrap();
    let value = block_on(waiting).unwrap();
    assert_eq!((*value, value.has_changed()), (3, true));
    assert_eq!(*seen.borrow(), [1, 2, 3]);
}

#[test]
fn wait_for_examines_the_last_value_before_it_reports_the_end() {
    let (sender, mut receiver) = channel(1);
    sender.send(2).unwrap();
    drop(sender);
    assert_eq!(
        *block_on(receiver.wait_for(|&value| value == 2)).unwrap(),
        2
    );
    let calls = Cell::new(0);
    let refuse = |_: &i32| {
        calls.set(calls.get() + 1);
        false
    };
    assert!(block_on(receiver.wait_for(refuse)).is_err());
    assert_eq!(calls.get(), 1);
}

#[test]
fn closed_waits_for_the_last_receiver() {
    let (sender, receiver) = channel(());
    let other = receiver.clone();
    let mut closed = pin!(sender.closed());
    assert!(!is_ready(closed.as_mut()));
    drop(receiver);
    assert!(!is_ready(closed.as_mut()));
    drop(other);
    assert!(is_ready(closed.as_mut()));

    let reopened = sender.subscribe();
    assert!(!is_ready(pin!(sender.closed())));
    drop(reopened);
    block_on(sender.closed());
}

#[test]
fn a_panicking_closure_poisons_nothing_and_wakes_nobody() {
    let (sender, mut receiver) = channel(0);
    let report = panic_of(|| {
        sender.send_modify(|value| {
            *value = 1;
            panic!("in modify");
        });
    });
    assert_eq!(report.message, "in modify");
    assert_eq!(*receiver.borrow(), 1, "what it did is there");
    assert!(!has_changed(&mut receiver));
    panic_of(|| drop(block_on(receiver.wait_for(|_| panic!("in wait_for")))));
    sender.send(2).unwrap();
    assert!(has_changed(&mut receiver));
}

#[test]
fn an_old_value_that_panics_when_dropped_loses_no_notice() {
    let value = |panics: bool| OnDrop(move || assert!(!panics, "dropped"));
    let (sender, mut receiver) = channel(value(true));
    panic_of(|| sender.send(value(false)));
    assert!(has_changed(&mut receiver));
    assert!(sender.send(value(false)).is_ok());
}

#[test]
fn the_value_is_dropped_with_the_last_of_both_sides() {
    let drops = Counter::new();
    let (sender, receiver) = channel(drops.on_drop());
    assert!(sender.send(drops.on_drop()).is_ok());
    assert_eq!(drops.get(), 1);
    drop(sender);
    assert_eq!(drops.get(), 1);
    drop(receiver);
    assert_eq!(drops.get(), 2);
}

#[test]
fn a_waker_that_panics_spoils_no_other() {
    let (sender, receiver) = channel(0);
    let mut receivers: Vec<_> = (0..20).map(|_| receiver.clone()).collect();
    let (used, bell) = (Counter::new(), Counter::new());
    let mut waiting: Vec<_> = receivers
        .iter_mut()
        .map(|receiver| Box::pin(receiver.changed()))
        .collect();
    for (index, changed) in waiting.iter_mut().enumerate() {
        let waker = match index % 2 {
            0 => waker(Act::Wake, &used),
            _ => Arc::new(bell.clone()).into(),
        };
        assert!(poll_with(changed.as_mut(), waker).is_pending());
    }
    sender.send(1).unwrap();
    assert_eq!((used.get(), bell.get()), (10, 10));
    assert!(waiting.iter_mut().all(|changed| is_ready(changed.as_mut())));
}

#[test]
fn dropping_one_who_waits_marks_nothing_as_seen() {
    in_every_order(|order| {
        let (sender, mut victim) = channel(0);
        let mut rival = victim.clone();
        let send = || sender.send(1).unwrap();
        let ended = order.run(victim.changed(), rival.changed(), &[&send]);
        assert!(ended.rival.is_some_and(|result| result.is_ok()));
        assert_eq!(ended.victim.is_some(), !victim.has_changed().unwrap());
    });
}

#[test]
fn dropping_wait_for_marks_only_what_it_refused_as_seen() {
    in_every_order(|order| {
        let (sender, mut victim) = channel(0);
        let mut rival = victim.clone();
        let events: [&dyn Fn(); 2] = [&|| sender.send(1).unwrap(), &|| sender.send(2).unwrap()];
        let is_two = |value: &i32| *value == 2;
        let found = |receiver: Result<watch::Ref<'_, i32>, _>| receiver.map(|value| *value);
        let waiting = async { found(victim.wait_for(is_two).await) };
        let competing = async { found(rival.wait_for(is_two).await) };
        let ended = order.run(waiting, competing, &events);
        assert_eq!(ended.rival.unwrap().unwrap(), 2);
        assert_eq!(ended.victim.is_some(), !victim.has_changed().unwrap());
    });
}

#[test]
fn dropping_closed_takes_nothing_from_another() {
    in_every_order(|order| {
        let (sender, receiver) = channel(());
        let receiver = RefCell::new(Some(receiver));
        let leave = || drop(receiver.take());
        let ended = order.run(sender.closed(), sender.closed(), &[&leave]);
        assert!(ended.rival.is_some());
    });
}

#[test]
fn many_receivers_see_the_last_of_many_values() {
    const VALUES: usize = 200;
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let (sender, receiver) = channel(0);
        let watching: Vec<_> = (0..30)
            .map(|_| {
                let mut receiver = receiver.clone();
                rt.spawn(async move {
                    let mut last = *receiver.borrow_and_update();
                    while receiver.changed().await.is_ok() {
                        let value = *receiver.borrow_and_update();
                        assert!(value > last, "no value comes twice or late");
                        last = value;
                    }
                    last
                })
            })
            .collect();
        let sending: Vec<_> = (0..2)
            .map(|_| {
                let sender = sender.clone();
                rt.spawn(async move {
                    for _ in 0..VALUES {
                        sender.send_modify(|value| *value += 1);
                        runtime::task::yield_now().await;
                    }
                })
            })
            .collect();
        drop(sender);
        for task in sending {
            rt.block_on(task).unwrap();
        }
        for task in watching {
            assert_eq!(rt.block_on(task).unwrap(), 2 * VALUES);
        }
    });
}

#[test]
fn watching_spends_the_budget() {
    assert_spends_its_budget(|| async {
        let (sender, mut receiver) = channel(0);
        loop {
            sender.send_modify(|_| {});
            receiver.changed().await.unwrap();
        }
    });
    assert_spends_its_budget(|| async {
        let (_sender, mut receiver) = channel(0);
        loop {
            drop(receiver.wait_for(|_| true).await);
        }
    });
    assert_spends_its_budget(|| async {
        let sender = Sender::new(0);
        loop {
            sender.closed().await;
        }
    });
}
