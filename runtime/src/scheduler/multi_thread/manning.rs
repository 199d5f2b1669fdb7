//! Whether somebody sleeps in the poll of a duty, and who sees that nobody will.
//!
//! Whoever is awake turns to the duties in passing. Once all seats sleep, each duty needs somebody in its
//! poll. The race is two seats that lie down, or are given up, at the same time, each of which takes the
//! other to be awake. So each
//!
//! 1. says that it no longer sleeps in a poll, if it did; announces its sleep and fences ([`Idle::start_sleeping`]);
//! 2. then looks for duties that are [deserted](Manning::is_deserted), and calls somebody to them.
//!
//! Whichever fence comes second, its side sees both asleep, and that the other is in no poll. Who has not yet said
//! that it is in the poll is called for nothing.

use super::idle::Idle;
use crate::primitive::sync::atomic::{AtomicBool, Ordering};

#[derive(Debug)]
pub(super) struct Manning {
    in_poll: AtomicBool,
}

impl Manning {
    pub(super) fn nobody() -> Self {
        Manning {
            in_poll: AtomicBool::new(false),
        }
    }

    /// Whether somebody sleeps in the poll, at one moment.
    pub(super) fn is_manned(&self) -> bool {
        self.in_poll.load(Ordering::Relaxed)
    }

    /// Whether nobody sleeps in the poll, and nobody is awake to turn to it. The caller has announced its own
    /// sleep, and fenced.
    pub(super) fn is_deserted(&self, idle: &Idle) -> bool {
        !self.is_manned() && idle.all_sleep()
    }

    /// For the holder of the reactor, before it sleeps.
    pub(super) fn start(&self) {
        // Relaxed, as in end(): the fence of an announcement orders it.
        self.in_poll.store(true, Ordering::Relaxed);
    }

    /// For the holder of the reactor, after its sleep.
    pub(super) fn end(&self) {
        self.in_poll.store(false, Ordering::Relaxed);
    }
}

#[cfg(all(test, runtime_loom))]
mod loom_models {
    use super::super::idle::{Awoken, Idle};
    use super::Manning;
    use crate::primitive::sync::Arc;
    use crate::primitive::sync::atomic::{AtomicUsize, Ordering};

    /// In words of their own: the order of changes of one word would decide the race by itself.
    const SEATS: [usize; 2] = [0, 32];

    /// Two seats, and duties to which somebody may be called.
    struct World<const DUTIES: usize> {
        idle: Idle,
        duties: [Manning; DUTIES],
        calls: [AtomicUsize; DUTIES],
    }

    impl<const DUTIES: usize> World<DUTIES> {
        fn new() -> Arc<Self> {
            let idle = Idle::new(SEATS[1] + 1, 1);
            idle.seat_taken(SEATS[1]);
            Arc::new(World {
                idle,
                duties: std::array::from_fn(|_| Manning::nobody()),
                calls: std::array::from_fn(|_| AtomicUsize::new(0)),
            })
        }

        fn man_duties(&self) {
            for (duty, calls) in self.duties.iter().zip(&self.calls) {
                if duty.is_deserted(&self.idle) {
                    calls.fetch_add(1, Ordering::Relaxed);
                }
            }
        }

        fn give_up(&self, seat: usize) {
            self.idle.start_sleeping(SEATS[seat], false);
            self.man_duties();
        }

        fn sleep_in_poll(&self, seat: usize, duty: usize) {
            self.idle.start_sleeping(SEATS[seat], false);
            self.duties[duty].start();
            self.man_duties();
        }

        fn leave_poll(&self, seat: usize, duty: usize) {
            self.duties[duty].end();
            assert_eq!(self.idle.stop_sleeping(SEATS[seat]), Awoken::Itself);
        }

        fn calls_for(&self, duty: usize) -> usize {
            self.calls[duty].load(Ordering::Relaxed)
        }
    }

    fn beside<const DUTIES: usize>(
        world: &Arc<World<DUTIES>>,
        other: impl FnOnce(&World<DUTIES>) + 'static,
        this: impl FnOnce(&World<DUTIES>),
    ) {
        let theirs = world.clone();
        let other = loom::thread::spawn(move || other(&theirs));
        this(world);
        other.join().expect("it ends");
    }

    #[test]
    fn loom_of_two_that_block_in_place_one_calls_somebody() {
        loom::model(|| {
            let world = World::<1>::new();
            beside(&world, |world| world.give_up(0), |world| world.give_up(1));
            assert!(world.calls_for(0) > 0);
        });
    }

    #[test]
    fn loom_a_poller_that_leaves_to_block_is_not_counted_on() {
        loom::model(|| {
            let world = World::<1>::new();
            world.idle.start_sleeping(0, false);
            world.duties[0].start();
            let leave_and_block = |world: &World<1>| {
                world.leave_poll(0, 0);
                world.give_up(0);
            };
            beside(&world, leave_and_block, |world| world.give_up(1));
            assert!(world.calls_for(0) > 0);
        });
    }

    #[test]
    fn loom_somebody_is_called_to_the_duty_that_the_only_poller_does_not_see_to() {
        loom::model(|| {
            let world = World::<2>::new();
            let poll = |world: &World<2>| world.sleep_in_poll(0, 0);
            beside(&world, poll, |world| world.give_up(1));
            assert!(world.calls_for(1) > 0);
        });
    }
}
