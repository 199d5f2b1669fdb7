//! One task that many listen to.

use std::time::Duration;

use super::race::Race;
use crate::UnderTest;
use crate::under_test::TaskHandle;

/// One is a receipt.
pub(super) const RECEIPTS: u32 = MESSAGES * RECEIVERS;

const MESSAGES: u32 = 10_000;
const RECEIVERS: u32 = 10;
/// No receiver lags: each receives each message.
const CAPACITY: usize = 16_384;

/// A task sends many messages, and ten receive each of them.
pub(super) fn broadcast<R: UnderTest>(runtime: &R) -> Duration {
    let race = Race::of(RECEIVERS);
    let runners = race.clone();
    let spawner = async move {
        let (sender, receivers) = R::broadcast(CAPACITY, RECEIVERS as usize);
        runners.start();
        for mut receiver in receivers {
            let runner = runners.clone();
            let receives = async move {
                let mut received = 0;
                while R::receive_next::<u32>(&mut receiver).await.is_some() {
                    received += 1;
                }
                assert_eq!(received, MESSAGES, "nothing is lost");
                runner.arrive();
            };
            R::spawn(receives).detach();
        }
        for message in 0..MESSAGES {
            R::send_all(&sender, message);
        }
    };
    runtime.spawn_from_outside(spawner).detach();
    race.wait()
}
