//! Tasks that want the same lock.

use std::sync::Arc;
use std::time::Duration;

use super::race::Race;
use crate::UnderTest;
use crate::under_test::{Lock, TaskHandle};

pub(super) const LOCKINGS: u32 = TASKS * LOCKINGS_OF_TASK;

const TASKS: u32 = 8;
const LOCKINGS_OF_TASK: u32 = 10_000;

/// From the spawn of the tasks until the last is done.
pub(super) fn contended<R: UnderTest>(runtime: &R) -> Duration {
    let race = Race::of(TASKS);
    let runners = race.clone();
    let spawner = async move {
        runners.start();
        let sum = Arc::new(R::Lock::default());
        for _ in 0..TASKS {
            let (sum, runner) = (sum.clone(), runners.clone());
            let task = async move {
                for _ in 0..LOCKINGS_OF_TASK {
                    std::hint::black_box(sum.add_one().await);
                }
                runner.arrive();
            };
            R::spawn(task).detach();
        }
    };
    runtime.spawn_from_outside(spawner).detach();
    race.wait()
}
