//! Spawning, joining and yielding among tasks.

use std::sync::Arc;
use std::time::Duration;

use super::race::Race;
use super::timed_in_task;
use crate::UnderTest;
use crate::under_test::TaskHandle;

pub(super) const SPAWNS: u32 = 10_000;
pub(super) const JOINS: u32 = 10_000;
pub(super) const YIELDS: u32 = YIELDING_TASKS * YIELDS_EACH;
pub(super) const CHAINED: u32 = CHAINS * CHAIN_DEPTH;

const YIELDING_TASKS: u32 = 200;
const YIELDS_EACH: u32 = 1_000;
const CHAIN_DEPTH: u32 = 1_000;
/// One chain alone is over too soon to be timed well.
const CHAINS: u32 = 10;

/// One task spawns many that each decrement a counter.
pub(super) fn spawn_many<R: UnderTest>(runtime: &R) -> Duration {
    let race = Race::of(SPAWNS);
    let runners = race.clone();
    let spawner = async move {
        runners.start();
        for _ in 0..SPAWNS {
            let runner = runners.clone();
            R::spawn(async move { runner.arrive() }).detach();
        }
    };
    runtime.spawn_from_outside(spawner).detach();
    race.wait()
}

/// A task spawns and awaits one task at a time.
pub(super) fn spawn_join<R: UnderTest>(runtime: &R) -> Duration {
    timed_in_task(runtime, async || {
        for _ in 0..JOINS {
            R::spawn(async {}).await;
        }
    })
}

/// Many tasks yield in turn.
pub(super) fn yield_many<R: UnderTest>(runtime: &R) -> Duration {
    let race = Race::of(YIELDING_TASKS);
    let runners = race.clone();
    let spawner = async move {
        runners.start();
        for _ in 0..YIELDING_TASKS {
            let runner = runners.clone();
            let yielding = async move {
                for _ in 0..YIELDS_EACH {
                    R::yield_now().await;
                }
                runner.arrive();
            };
            R::spawn(yielding).detach();
        }
    };
    runtime.spawn_from_outside(spawner).detach();
    race.wait()
}

/// Each task spawns the next and ends.
pub(super) fn chained_spawn<R: UnderTest>(runtime: &R) -> Duration {
    (0..CHAINS).map(|_| one_chain(runtime)).sum()
}

fn one_chain<R: UnderTest>(runtime: &R) -> Duration {
    let race = Race::of(1);
    let runner = race.clone();
    let first = async move {
        runner.start();
        spawn_chain::<R>(runner, CHAIN_DEPTH);
    };
    runtime.spawn_from_outside(first).detach();
    race.wait()
}

fn spawn_chain<R: UnderTest>(runner: Arc<Race>, depth: u32) {
    match depth {
        0 => runner.arrive(),
        _ => R::spawn(async move { spawn_chain::<R>(runner, depth - 1) }).detach(),
    }
}
