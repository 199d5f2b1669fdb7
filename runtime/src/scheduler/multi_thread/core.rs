//! What belongs to a seat and is used by its holder alone.

use std::cell::{Cell, RefCell};
use std::task::Waker;

use super::pace::Pace;
use crate::raw_task::Notified;
use crate::scheduler::Config;
use crate::scheduler::queue::Deque;
use crate::util::random::{Purpose, Random};

#[derive(Debug)]
pub(super) struct Core {
    pub(super) deque: Deque<Notified>,
    pub(super) random: Random,
    pub(super) pace: Pace,
    /// Whether [`Idle`](super::idle::Idle) counts this seat as a searcher.
    pub(super) searching: Cell<bool>,
    /// Set while a batch of events is woken: its tasks queue up in order and wake nobody.
    pub(super) batching: Cell<bool>,
    pub(super) slot_streak: Cell<u32>,
    /// Tasks that the holder has queued here since its counters were brought up to date.
    pub(super) scheduled: Cell<u32>,
    /// The monitor's beat when the holder last turned to events.
    pub(super) beat: Cell<u32>,
    pub(super) polls_until_events: Cell<u32>,
    pub(super) polls_until_inject: Cell<u32>,
    pub(super) woken: RefCell<Vec<Waker>>,
    /// The duty that the holder turns to: its seat's, or the one in whose poll it slept last.
    pub(super) duty: Cell<usize>,
    /// The next of the other duties that it looks at, and how often each had been turned to then.
    pub(super) next_other: Cell<usize>,
    pub(super) seen_turns: Box<[Cell<u32>]>,
    /// How often the seat has passed from one thread to another.
    pub(super) sittings: Cell<u64>,
}

impl Core {
    pub(super) fn new(seat: usize, duty: usize, duties: usize, config: &Config) -> Self {
        Core {
            deque: Deque::new_fifo(),
            random: Random::new(config.seeds.of_worker(seat, Purpose::Stealing)),
            pace: Pace::new(),
            searching: Cell::new(false),
            batching: Cell::new(false),
            slot_streak: Cell::new(0),
            scheduled: Cell::new(0),
            beat: Cell::new(0),
            polls_until_events: Cell::new(config.event_interval),
            polls_until_inject: Cell::new(0),
            woken: RefCell::new(Vec::new()),
            duty: Cell::new(duty),
            next_other: Cell::new(duty),
            seen_turns: (0..duties).map(|_| Cell::new(0)).collect(),
            sittings: Cell::new(0),
        }
    }
}
