//! User code that comes back to the primitive which has called it.

use std::fmt::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;

use futures_lite::future;
use runtime::sync::{Barrier, broadcast};
use runtime_tests::watchdog::Watchdog;

/// A sink for text that calls a function for each piece.
struct Sink<F>(F);

impl<F: FnMut(&str)> Write for Sink<F> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        (self.0)(text);
        Ok(())
    }
}

#[test]
fn a_sink_of_text_may_send_what_it_is_told_of_a_channel() {
    let _watchdog = Watchdog::start("as a channel is described");
    let (sender, mut receiver) = broadcast::channel(64);
    let mut log = Sink(|text: &str| drop(sender.send(text.to_owned())));
    write!(log, "{sender:?} {receiver:?}").unwrap();
    assert_eq!(receiver.try_recv().as_deref(), Ok("Sender"));
}

#[test]
fn a_sink_of_text_may_use_the_barrier_that_it_is_told_of() {
    let _watchdog = Watchdog::start("as a barrier is described");
    let barrier = Barrier::new(1);
    let mut log = Sink(|_: &str| assert!(future::block_on(barrier.wait()).is_leader()));
    write!(log, "{barrier:?}").unwrap();
}

/// Sends and looks around on its own channel as it is cloned, once.
struct Sociable {
    channel: Arc<OnceLock<broadcast::Sender<Sociable>>>,
    is_cloned: Arc<AtomicBool>,
    other_sends: Arc<AtomicBool>,
}

impl Clone for Sociable {
    fn clone(&self) -> Self {
        if !self.is_cloned.swap(true, Ordering::SeqCst) {
            let channel = self.channel.get().unwrap();
            while !self.other_sends.load(Ordering::SeqCst) {
                thread::yield_now();
            }
            // The other one comes to the slot that is held for this clone, and waits for it.
            for _ in 0..10_000 {
                drop(channel.subscribe());
                thread::yield_now();
            }
        }
        Sociable {
            channel: self.channel.clone(),
            is_cloned: self.is_cloned.clone(),
            other_sends: self.other_sends.clone(),
        }
    }
}

#[test]
fn a_value_may_use_its_channel_as_it_is_cloned_while_another_thread_sends() {
    let _watchdog = Watchdog::start("as a value is cloned");
    let (sender, mut receiver) = broadcast::channel(1);
    let _second = sender.subscribe();
    let value = Sociable {
        channel: Arc::default(),
        is_cloned: Arc::default(),
        other_sends: Arc::default(),
    };
    assert!(value.channel.set(sender.clone()).is_ok());
    let (is_cloned, other_sends) = (value.is_cloned.clone(), value.other_sends.clone());
    let next = Sociable {
        is_cloned: Arc::new(AtomicBool::new(true)),
        channel: value.channel.clone(),
        other_sends: other_sends.clone(),
    };
    assert!(sender.send(value).is_ok());
    let other = thread::spawn(move || {
        while !is_cloned.load(Ordering::SeqCst) {
            thread::yield_now();
        }
        other_sends.store(true, Ordering::SeqCst);
        sender.send(next).is_ok()
    });
    assert!(receiver.try_recv().is_ok());
    assert!(other.join().unwrap());
    assert!(receiver.try_recv().is_ok());
}
