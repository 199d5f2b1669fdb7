//! Messages from tasks to a task.

use std::time::Duration;

use super::race::Race;
use crate::UnderTest;
use crate::under_test::{Mpsc, TaskHandle};

pub(super) const ONE_TO_ONE: u32 = 100_000;
pub(super) const FIVE_TO_ONE: u32 = 5 * 20_000;

/// One sender, with room for 128 messages.
pub(super) fn one_to_one<R: UnderTest, C: Mpsc>(runtime: &R) -> Duration {
    run::<R, C>(runtime, 1, ONE_TO_ONE, 128)
}

/// Five senders, with room for 100 messages.
pub(super) fn five_to_one<R: UnderTest, C: Mpsc>(runtime: &R) -> Duration {
    run::<R, C>(runtime, 5, FIVE_TO_ONE / 5, 100)
}

/// From the spawn of the tasks until the receiver has got everything.
fn run<R: UnderTest, C: Mpsc>(
    runtime: &R,
    senders: u32,
    messages: u32,
    capacity: usize,
) -> Duration {
    let race = Race::of(1);
    let receiver = race.clone();
    let task = async move {
        receiver.start();
        let (tx, mut rx) = C::channel(capacity);
        for _ in 0..senders {
            R::spawn(send::<C>(tx.clone(), messages)).detach();
        }
        drop(tx);
        let mut received = 0;
        while C::recv(&mut rx).await.is_some() {
            received += 1;
        }
        assert_eq!(received, senders * messages);
        receiver.arrive();
    };
    runtime.spawn_from_outside(task).detach();
    race.wait()
}

async fn send<C: Mpsc>(tx: C::Sender, messages: u32) {
    for number in 0..messages {
        C::send(&tx, number).await;
    }
}
