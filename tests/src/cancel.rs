//! Drops a future in every state that it can be dropped in, and shows what became of the rest.
//!
//! A test of cancel safety has a *victim*, a future that may be dropped at any moment; a *rival*, a
//! second future that waits for the same thing and is to get what the victim gives up; and *events* that
//! let them go on: a permit is released, a message is sent. [`in_every_order`] runs the test once for
//! each order of polls, events and the drop of the victim. The driver polls like a
//! strict runtime and like a nervous one: before a future was woken (spuriously, a few times) and after, but
//! when all orders are played, the rival is polled only if it was woken. So a lost wake-up shows as a
//! rival without an output.
//!
//! ```
//! use std::cell::RefCell;
//! use runtime::sync::oneshot;
//! use runtime_tests::cancel::in_every_order;
//!
//! in_every_order(|order| {
//!     let (sender, mut receiver) = oneshot::channel();
//!     let sender = RefCell::new(Some(sender));
//!     let send = || sender.take().unwrap().send(7).unwrap();
//!     let ended = order.run(&mut receiver, async {}, &[&send]);
//!     let received = ended.victim.or_else(|| receiver.try_recv().ok().map(Ok));
//!     assert_eq!(received, Some(Ok(7)), "the value is lost");
//! });
//! ```

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// How often a future is polled before the end, whether it was woken or not.
const POLLS: usize = 3;

/// A future that is woken more often than this without being ready wakes itself for ever.
const MOST_POLLS: usize = 100;

/// Calls `test` once for each order; it sets everything up anew and calls [`Order::run`] once.
///
/// # Panics
///
/// If `test` does; the order in which it failed is printed.
pub fn in_every_order(mut test: impl FnMut(&mut Order)) {
    let mut order = Order {
        choices: Vec::new(),
        next: 0,
        log: Vec::new(),
    };
    loop {
        order.next = 0;
        order.log.clear();
        test(&mut order);
        if !order.turn_to_next() {
            return;
        }
    }
}

/// One order of what happens in a test.
pub struct Order {
    choices: Vec<Choice>,
    /// The choice that comes next.
    next: usize,
    log: Vec<&'static str>,
}

/// A fork in the road, and which way is taken this time.
#[derive(Clone, Copy)]
struct Choice {
    taken: usize,
    of: usize,
}

/// What became of the two futures.
#[derive(Debug)]
pub struct Ended<V, R> {
    /// The output of the victim, if it was ready before it was dropped.
    pub victim: Option<V>,
    /// The output of the rival, if it was ready in the end.
    pub rival: Option<R>,
}

#[derive(Clone, Copy)]
enum Step {
    PollVictim,
    PollRival,
    Event,
    DropVictim,
}

impl Order {
    /// Plays `events` one after another, and meanwhile polls the futures and drops the victim as
    /// this order says. In the end all events have happened and both futures are dropped.
    ///
    /// # Panics
    ///
    /// If a future wakes itself for ever.
    pub fn run<V: Future, R: Future>(
        &mut self,
        victim: V,
        rival: R,
        events: &[&dyn Fn()],
    ) -> Ended<V::Output, R::Output> {
        let changing_wakers = self.choose(2) == 1;
        let mut victim = Waiter::new(victim, changing_wakers);
        let mut rival = Waiter::new(rival, changing_wakers);
        let mut events = events.iter();
        loop {
            let steps = [
                (victim.may_be_polled(), Step::PollVictim),
                (rival.may_be_polled(), Step::PollRival),
                (events.len() > 0, Step::Event),
                (victim.is_there(), Step::DropVictim),
            ];
            let steps: Vec<Step> = steps
                .into_iter()
                .filter_map(|(open, step)| open.then_some(step))
                .collect();
            if steps.is_empty() {
                break;
            }
            match steps[self.choose(steps.len())] {
                Step::PollVictim => self.note("poll the victim", || victim.poll()),
                Step::PollRival => self.note("poll the rival", || rival.poll()),
                Step::Event => self.note("event", || events.next().unwrap()()),
                Step::DropVictim => self.note("drop the victim", || victim.drop()),
            }
        }
        self.note("settle", || rival.settle());
        Ended {
            victim: victim.output,
            rival: rival.output.take(),
        }
    }

    fn note(&mut self, what: &'static str, act: impl FnOnce()) {
        self.log.push(what);
        act();
    }

    fn choose(&mut self, of: usize) -> usize {
        if self.next == self.choices.len() {
            self.choices.push(Choice { taken: 0, of });
        }
        let choice = self.choices[self.next];
        assert_eq!(choice.of, of, "the test does not do the same each time");
        self.next += 1;
        choice.taken
    }

    /// Turns to the next order; `false` if this was the last.
    fn turn_to_next(&mut self) -> bool {
        while let Some(last) = self.choices.last_mut() {
            if last.taken + 1 < last.of {
                last.taken += 1;
                return true;
            }
            self.choices.pop();
        }
        false
    }
}

impl Drop for Order {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("it fails in the order {:?}", self.log);
        }
    }
}

impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Order").field(&self.log).finish()
    }
}

/// A future, its waker, and in the end its output.
struct Waiter<F: Future> {
    future: Option<Pin<Box<F>>>,
    output: Option<F::Output>,
    woken: Arc<Woken>,
    polls: usize,
    changing_wakers: bool,
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl<F: Future> Waiter<F> {
    fn new(future: F, changing_wakers: bool) -> Self {
        Waiter {
            future: Some(Box::pin(future)),
            output: None,
            woken: Arc::new(Woken(AtomicBool::new(true))),
            polls: 0,
            changing_wakers,
        }
    }

    fn is_there(&self) -> bool {
        self.future.is_some()
    }

    fn may_be_polled(&self) -> bool {
        self.is_there() && self.polls < POLLS
    }

    fn poll(&mut self) {
        let future = self.future.as_mut().unwrap();
        if self.changing_wakers {
            // Only the last one counts: whoever wakes another wakes nobody.
            self.woken = Arc::default();
        }
        self.woken.0.store(false, Ordering::SeqCst);
        self.polls += 1;
        let waker = Waker::from(self.woken.clone());
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            self.output = Some(output);
            self.drop();
        }
    }

    /// Polls as often as it is woken.
    fn settle(&mut self) {
        while self.is_there() && self.woken.0.load(Ordering::SeqCst) {
            assert!(self.polls < MOST_POLLS, "it wakes itself for ever");
            self.poll();
        }
    }

    fn drop(&mut self) {
        self.future = None;
    }
}

#[cfg(test)]
mod tests {
    use super::{POLLS, in_every_order};
    use crate::event::Event;
    use std::cell::Cell;
    use std::collections::HashSet;

    #[test]
    fn every_order_is_played_once() {
        let mut seen = HashSet::new();
        in_every_order(|order| {
            order.run(std::future::pending::<()>(), async {}, &[&|| {}]);
            assert!(seen.insert((order.choices[0].taken, order.log.clone())));
        });
        // The rival's poll and the event each stand at any place among the victim's polls
        // and its drop, which comes last of these.
        let places = |others: usize| (others + 1) * (others + 2);
        let orders: usize = (0..=POLLS).map(|polls| places(polls + 1)).sum();
        assert_eq!(seen.len(), 2 * orders);
    }

    #[test]
    fn a_lost_wake_up_shows() {
        let lost = Cell::new(false);
        in_every_order(|order| {
            let (event, happened) = (Event::new(), Cell::new(false));
            let rival = std::future::poll_fn(|_| match happened.get() {
                true => std::task::Poll::Ready(()),
                false => std::task::Poll::Pending,
            });
            let ended = order.run(event.clone(), rival, &[&|| happened.set(true)]);
            assert!(ended.victim.is_none());
            lost.set(lost.get() || ended.rival.is_none());
        });
        assert!(lost.get());
    }
}
