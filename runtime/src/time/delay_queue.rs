//! A queue that gives each value back when its time has come.

use std::collections::BTreeMap;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use futures_core::Stream;
use slab::Slab;

use super::{Duration, Instant, Sleep, sleep_until};
use crate::coop;

/// A queue that gives each value back when its time has come.
///
/// One timer serves all of it, so a value costs less than a task with a sleep. Inserting, moving and
/// removing one take logarithmic time. What never came out is dropped with the queue.
///
/// # Examples
///
/// Sessions that end when nothing has been heard of them for a while:
///
/// ```
/// use runtime::time::{DelayQueue, Duration};
///
/// #[runtime::main]
/// async fn main() {
///     let mut sessions = DelayQueue::new();
///     let ann = sessions.insert("ann", Duration::from_millis(5));
///     sessions.insert("bob", Duration::from_millis(10));
///
///     // Ann was heard of.
///     sessions.reset(&ann, Duration::from_millis(20));
///
///     assert_eq!(sessions.next().await.unwrap().into_inner(), "bob");
///     assert_eq!(sessions.next().await.unwrap().into_inner(), "ann");
///     assert!(sessions.next().await.is_none());
/// }
/// ```
pub struct DelayQueue<T> {
    entries: Slab<Entry<T>>,
    /// The place of each entry, in the order in which they come out.
    order: BTreeMap<Turn, usize>,
    /// Ends when the first is due; there while the queue is not empty.
    sleep: Option<Pin<Box<Sleep>>>,
    /// Whoever waits for the first, to be told if there is none any more.
    waker: Option<Waker>,
    turns: u64,
}

/// When an entry comes out. Of those with the same deadline the one that was set first comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Turn {
    deadline: Instant,
    number: u64,
}

#[derive(Debug)]
struct Entry<T> {
    value: T,
    turn: Turn,
    /// The number of its first turn, by which its key knows it from others in the same place.
    id: u64,
}

/// Names a value in a [`DelayQueue`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    index: usize,
    id: u64,
}

/// A value whose time has come, or that was [removed](DelayQueue::remove).
#[derive(Debug)]
pub struct Expired<T> {
    value: T,
    deadline: Instant,
    key: Key,
}

impl<T> DelayQueue<T> {
    /// Makes an empty queue, which allocates nothing.
    pub fn new() -> Self {
        DelayQueue::with_capacity(0)
    }

    /// Makes an empty queue with room for so many values.
    pub fn with_capacity(capacity: usize) -> Self {
        DelayQueue {
            entries: Slab::with_capacity(capacity),
            order: BTreeMap::new(),
            sleep: None,
            waker: None,
            turns: 0,
        }
    }

    /// Inserts a value that comes out after `delay`, counted from now.
    ///
    /// # Panics
    ///
    /// If no runtime is running.
    #[track_caller]
    pub fn insert(&mut self, value: T, delay: Duration) -> Key {
        self.insert_at(value, after(delay))
    }

    /// Inserts a value that comes out at `deadline`; at the next call of [`next`](Self::next) if that is past.
    ///
    /// # Panics
    ///
    /// If no runtime is running.
    #[track_caller]
    pub fn insert_at(&mut self, value: T, deadline: Instant) -> Key {
        let turn = self.turn_at(deadline);
        let id = turn.number;
        let index = self.entries.insert(Entry { value, turn, id });
        self.order.insert(turn, index);
        self.set_timer();
        Key { index, id }
    }

    /// Waits for the next value whose time has come; `None` if the queue is empty.
    ///
    /// Values come out in the order of their deadlines, none early.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: no value has come out.
    pub async fn next(&mut self) -> Option<Expired<T>> {
        poll_fn(|cx| self.poll_expired(cx)).await
    }

    /// Polls for the next value whose time has come; see [`next`](Self::next).
    ///
    /// Of several wakers the last one polled with is woken: when a value is due, or when the queue
    /// has been emptied.
    pub fn poll_expired(&mut self, cx: &mut Context<'_>) -> Poll<Option<Expired<T>>> {
        let coop = ready!(coop::poll_proceed(cx));
        loop {
            let first = match self.order.first_key_value() {
                Some((turn, _)) if turn.deadline > Instant::now() => turn.deadline,
                _ => {
                    coop.made_progress();
                    return Poll::Ready(self.pop_first());
                }
            };
            let sleep = self.sleep.as_mut().expect("the queue is not empty");
            if sleep.as_mut().poll_elapsed(cx).is_pending() {
                self.waker = Some(cx.waker().clone());
                return Poll::Pending;
            }
            sleep.as_mut().reset(first);
        }
    }

    /// Takes a value out before its time.
    ///
    /// # Panics
    ///
    /// If the value has come out already; [`try_remove`](Self::try_remove) does not.
    #[track_caller]
    pub fn remove(&mut self, key: &Key) -> Expired<T> {
        self.try_remove(key).unwrap_or_else(|| panic!("{GONE}"))
    }

    /// Takes a value out before its time; `None` if it has come out already.
    pub fn try_remove(&mut self, key: &Key) -> Option<Expired<T>> {
        let turn = self.entry(key)?.turn;
        let removed = self.take(turn);
        self.set_timer();
        removed
    }

    /// Lets a value come out after `delay`, counted from now, instead.
    ///
    /// # Panics
    ///
    /// If the value has come out already.
    #[track_caller]
    pub fn reset(&mut self, key: &Key, delay: Duration) {
        self.reset_at(key, after(delay));
    }

    /// Lets a value come out at `deadline` instead.
    ///
    /// # Panics
    ///
    /// If the value has come out already.
    #[track_caller]
    pub fn reset_at(&mut self, key: &Key, deadline: Instant) {
        let next = self.turn_at(deadline);
        let Some(entry) = self.entries.get_mut(key.index).filter(|it| it.id == key.id) else {
            panic!("{GONE}");
        };
        let before = std::mem::replace(&mut entry.turn, next);
        self.order.remove(&before);
        self.order.insert(next, key.index);
        self.set_timer();
    }

    /// Returns when a value comes out.
    ///
    /// # Panics
    ///
    /// If it has come out already.
    #[track_caller]
    pub fn deadline(&self, key: &Key) -> Instant {
        match self.entry(key) {
            Some(entry) => entry.turn.deadline,
            None => panic!("{GONE}"),
        }
    }

    /// Returns the key of the value that comes out next.
    pub fn peek(&self) -> Option<Key> {
        let (_, &index) = self.order.first_key_value()?;
        let id = self.entries[index].id;
        Some(Key { index, id })
    }

    /// Drops all values. Their keys name nothing any more.
    pub fn clear(&mut self) {
        let values = std::mem::take(&mut self.entries);
        self.order.clear();
        self.set_timer();
        drop(values);
    }

    /// Returns how many values the queue holds.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether the queue holds no value.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns how many values the queue has room for.
    pub fn capacity(&self) -> usize {
        self.entries.capacity()
    }

    /// Makes room for so many values more.
    pub fn reserve(&mut self, additional: usize) {
        self.entries.reserve(additional);
    }

    /// Gives back what room it can without moving a value.
    pub fn shrink_to_fit(&mut self) {
        self.entries.shrink_to_fit();
    }

    fn turn_at(&mut self, deadline: Instant) -> Turn {
        let number = self.turns;
        self.turns += 1;
        Turn { deadline, number }
    }

    fn entry(&self, key: &Key) -> Option<&Entry<T>> {
        self.entries.get(key.index).filter(|it| it.id == key.id)
    }

    fn pop_first(&mut self) -> Option<Expired<T>> {
        let (&turn, _) = self.order.first_key_value()?;
        let first = self.take(turn);
        self.set_timer();
        first
    }

    fn take(&mut self, turn: Turn) -> Option<Expired<T>> {
        let index = self.order.remove(&turn)?;
        let Entry { value, id, .. } = self.entries.remove(index);
        Some(Expired {
            value,
            deadline: turn.deadline,
            key: Key { index, id },
        })
    }

    /// Lets the timer end when the first is due. Who waits already is woken then, or now if nothing
    /// is left to wait for.
    #[track_caller]
    fn set_timer(&mut self) {
        let Some((&Turn { deadline, .. }, _)) = self.order.first_key_value() else {
            self.sleep = None;
            return self.waker.take().into_iter().for_each(Waker::wake);
        };
        match &mut self.sleep {
            None => self.sleep = Some(Box::pin(sleep_until(deadline))),
            Some(sleep) if sleep.deadline() != deadline => sleep.as_mut().reset(deadline),
            Some(_) => {}
        }
    }
}

const GONE: &str = "this value has come out of the queue: drop a key when its value comes out";

#[track_caller]
fn after(delay: Duration) -> Instant {
    Instant::now().saturating_add(delay)
}

impl<T> Unpin for DelayQueue<T> {}

/// The values in the order of their deadlines, up to the moment when there is none left.
impl<T> Stream for DelayQueue<T> {
    type Item = Expired<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Expired<T>>> {
        self.poll_expired(cx)
    }
}

impl<T> Default for DelayQueue<T> {
    fn default() -> Self {
        DelayQueue::new()
    }
}

impl<T> fmt::Debug for DelayQueue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DelayQueue")
            .field("len", &self.len())
            .field("next", &self.peek().map(|key| self.deadline(&key)))
            .finish_non_exhaustive()
    }
}

impl<T> Expired<T> {
    /// Returns a reference to the value.
    pub fn get_ref(&self) -> &T {
        &self.value
    }

    /// Returns a mutable reference to the value.
    pub fn get_mut(&mut self) -> &mut T {
        &mut self.value
    }

    /// Returns the value.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// Returns when the value was due.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Returns the key that named the value.
    pub fn key(&self) -> Key {
        self.key
    }
}
