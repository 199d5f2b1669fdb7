//! Pairs of tasks that answer each other.

use std::time::Duration;

use super::race::Race;
use crate::UnderTest;
use crate::under_test::TaskHandle;

pub(super) const PINGS: u32 = ROUNDS * PAIRS;

const PAIRS: u32 = 1_000;
const ROUNDS: u32 = 5;

/// Many tasks, each with a child that it sends to and hears from through two oneshots.
pub(super) fn ping_pong<R: UnderTest>(runtime: &R) -> Duration {
    (0..ROUNDS).map(|_| one_round(runtime)).sum()
}

fn one_round<R: UnderTest>(runtime: &R) -> Duration {
    let race = Race::of(PAIRS);
    let runners = race.clone();
    let spawner = async move {
        runners.start();
        for _ in 0..PAIRS {
            let runner = runners.clone();
            let pair = async move {
                ping_child::<R>().await;
                runner.arrive();
            };
            R::spawn(pair).detach();
        }
    };
    runtime.spawn_from_outside(spawner).detach();
    race.wait()
}

async fn ping_child<R: UnderTest>() {
    let (ping, pinged) = R::oneshot();
    let (pong, ponged) = R::oneshot();
    let child = async move {
        R::receive_one(pinged).await;
        R::send_one(pong, ());
    };
    R::spawn(child).detach();
    R::send_one(ping, ());
    R::receive_one(ponged).await;
}
