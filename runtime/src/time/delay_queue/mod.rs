//! A queue that gives each value back when its time has come.
//!
//! The values lie in places that never move, linked into a wheel of the queue's
//! own. One sleep, set to the first of them, wakes whoever waits. It is made and set by a poll that
//! has to wait, so that a queue which nobody polls costs the runtime nothing.

mod places;

#[cfg(all(test, not(runtime_loom)))]
mod tests;

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll, Waker, ready};

use futures_core::Stream;

use super::{Duration, Instant, Sleep, sleep_until};
use crate::clock;
use crate::coop;
use crate::timer::{Entry, Wheel};

use places::{Node, Places};

/// A queue that gives each value back when its time has come.
///
/// One timer serves all of it, so a value costs less than a task with a sleep. Inserting, moving and
/// removing one cost the same however many there are. What never came out is dropped with the queue.
///
/// Values come out in the order of their deadlines, to the nanosecond, and none early. Of those with
/// the same deadline the one that was set first comes first. A deadline that was past when the queue
/// was last polled counts as the moment of that poll.
///
/// A queue can be filled, changed and emptied outside a runtime. Only waiting needs one.
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
    places: Places<T>,
    /// Links the nodes of all values; there once a value has been inserted.
    wheel: Option<Wheel>,
    /// The latest moment at which the wheel was asked for what is due; 0 before the first. No deadline is set before it,
    /// or the value would come after later ones that were found due then.
    polled_at: u64,
    /// Ends when the first is due, or earlier; there since a poll has waited.
    sleep: Option<Pin<Box<Sleep>>>,
    /// Whoever waits for the first, to be told if there is none any more.
    waker: Option<Waker>,
}

// SAFETY: a shared queue only looks: into its places, and at deadlines and links that change by `&mut
// self` alone.
unsafe impl<T: Sync> Sync for DelayQueue<T> {}

/// Names a value in a [`DelayQueue`].
///
/// # Examples
///
/// Sessions that are found by name as long as they last:
///
/// ```
///
/// use std::collections::HashMap;
/// use runtime::time::{DelayQueue, Duration};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// let mut ends = DelayQueue::new();
/// let mut sessions = HashMap::new();
/// sessions.insert("ann", ends.insert("ann", Duration::from_millis(2)));
/// sessions.insert("bob", ends.insert("bob", Duration::from_millis(4)));
///
/// while let Some(ended) = ends.next().await {
///     assert_eq!(sessions.remove(ended.get_ref()), Some(ended.key()));
/// }
/// assert!(sessions.is_empty());
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The place that the value was put into.
    index: u32,
    /// Tells the value from all others that the queue ever held.
    id: u64,
}

/// A value whose time has come, or that was [removed](DelayQueue::remove).
///
/// # Examples
///
/// ```
/// use runtime::time::{DelayQueue, Duration, Instant};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// let mut queue = DelayQueue::new();
/// let deadline = Instant::now() + Duration::from_millis(2);
/// let key = queue.insert_at("letter", deadline);
///
/// let expired = queue.next().await.unwrap();
/// assert_eq!(expired.key(), key);
/// assert_eq!(expired.deadline(), deadline);
/// assert_eq!(expired.into_inner(), "letter");
/// # }
/// ```
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
            places: Places::with_capacity(capacity),
            wheel: None,
            polled_at: 0,
            sleep: None,
            waker: None,
        }
    }

    /// Inserts a value that comes out after `delay`, counted from now.
    ///
    /// A delay that no clock can show, [`Duration::MAX`] for one, ends in the far future.
    ///
    /// # Panics
    ///
    /// If the queue would outgrow 2^32 values.
    #[track_caller]
    pub fn insert(&mut self, value: T, delay: Duration) -> Key {
        self.insert_at(value, after(delay))
    }

    /// Inserts a value that comes out at `deadline`; at the next call of [`next`](Self::next) if that is past.
    ///
    /// # Panics
    ///
    /// If the queue would outgrow 2^32 values.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::time::{DelayQueue, Duration, Instant};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let mut queue = DelayQueue::new();
    /// let now = Instant::now();
    /// queue.insert_at("second", now + Duration::from_millis(2));
    /// queue.insert_at("first", now);
    /// assert_eq!(queue.next().await.unwrap().into_inner(), "first");
    /// assert_eq!(queue.next().await.unwrap().into_inner(), "second");
    /// # }
    /// ```
    #[track_caller]
    pub fn insert_at(&mut self, value: T, deadline: Instant) -> Key {
        let (node, key) = self.places.insert(value, self.counted(deadline));
        self.link(node);
        key
    }

    /// Waits for the next value whose time has come; `None` if the queue is empty.
    ///
    /// # Panics
    ///
    /// If it has to wait and no runtime is running, or if the one on which it waited before has shut
    /// down.
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
    ///
    /// # Panics
    ///
    /// As [`next`](Self::next).
    ///
    /// # Examples
    ///
    /// All that is due by now, without a wait:
    ///
    /// ```
    ///
    /// use std::future::poll_fn;
    /// use std::task::Poll;
    /// use runtime::time::{DelayQueue, Duration};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let mut queue = DelayQueue::new();
    /// queue.insert("now", Duration::ZERO);
    /// queue.insert("later", Duration::from_secs(60));
    /// poll_fn(|cx| {
    ///     while let Poll::Ready(Some(expired)) = queue.poll_expired(cx) {
    ///         assert_eq!(expired.into_inner(), "now");
    ///     }
    ///     Poll::Ready(())
    /// }).await;
    /// # }
    /// ```
    pub fn poll_expired(&mut self, cx: &mut Context<'_>) -> Poll<Option<Expired<T>>> {
        let coop = ready!(coop::poll_proceed(cx));
        while !self.is_empty() {
            if let Some(expired) = self.pop_due() {
                coop.made_progress();
                return Poll::Ready(Some(expired));
            }
            ready!(self.poll_first_due(cx));
        }
        (self.sleep, self.waker) = (None, None);
        coop.made_progress();
        Poll::Ready(None)
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
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::time::{DelayQueue, Duration};
    ///
    /// let mut queue = DelayQueue::new();
    /// let key = queue.insert("letter", Duration::from_secs(60));
    /// assert_eq!(queue.remove(&key).into_inner(), "letter");
    /// assert!(queue.try_remove(&key).is_none()); // it has come out already
    /// ```
    pub fn try_remove(&mut self, key: &Key) -> Option<Expired<T>> {
        let node = self.places.find(key)?;
        self.unlink(node);
        let removed = self.take(node);
        if self.is_empty() {
            self.tell_of_emptiness();
        }
        Some(removed)
    }

    /// Lets a value come out after `delay`, counted from now, instead.
    ///
    /// # Panics
    ///
    /// If the value has come out already.
    #[track_caller]
    pub fn reset(&mut self, key: &Key, delay: Duration) {
        self.places.prefetch(key);
        self.reset_at(key, after(delay));
    }

    /// Lets a value come out at `deadline` instead.
    ///
    /// # Panics
    ///
    /// If the value has come out already.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::time::{DelayQueue, Duration, Instant};
    ///
    /// let mut queue = DelayQueue::new();
    /// let key = queue.insert("letter", Duration::from_secs(60));
    /// let deadline = Instant::now() + Duration::from_secs(5);
    /// queue.reset_at(&key, deadline);
    /// assert_eq!(queue.deadline(&key), deadline);
    /// ```
    #[track_caller]
    pub fn reset_at(&mut self, key: &Key, deadline: Instant) {
        let Some(node) = self.places.find(key) else {
            panic!("{GONE}");
        };
        self.unlink(node);
        // SAFETY: the node is in no wheel any more, and the queue has it to itself.
        unsafe { Entry::set_deadline(Node::entry(node), self.counted(deadline)) };
        self.link(node);
    }

    /// Returns when a value comes out.
    ///
    /// # Panics
    ///
    /// If it has come out already.
    #[track_caller]
    pub fn deadline(&self, key: &Key) -> Instant {
        match self.places.find(key) {
            Some(node) => self.deadline_of(node),
            None => panic!("{GONE}"),
        }
    }

    /// Returns the key of the value that comes out next.
    ///
    /// Looks through the values that may be the first as far as the queue knows: few if one is due
    /// soon, many if all are far away.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::time::{DelayQueue, Duration};
    ///
    /// let mut queue = DelayQueue::new();
    /// let second = queue.insert("second", Duration::from_secs(60));
    /// let first = queue.insert("first", Duration::from_secs(5));
    /// assert_eq!(queue.peek(), Some(first));
    /// queue.remove(&first);
    /// assert_eq!(queue.peek(), Some(second));
    /// ```
    pub fn peek(&self) -> Option<Key> {
        let first = self.wheel.as_ref()?.first()?;
        // SAFETY: what is in the wheel holds a value.
        Some(unsafe { Node::<T>::key(Node::of(first)) })
    }

    /// Drops all values. Their keys name nothing any more; the capacity stays.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::time::{DelayQueue, Duration};
    ///
    /// let mut queue = DelayQueue::new();
    /// let key = queue.insert("letter", Duration::from_secs(60));
    /// queue.clear();
    /// assert!(queue.is_empty());
    /// assert!(queue.try_remove(&key).is_none());
    /// ```
    pub fn clear(&mut self) {
        let values = self.let_go_of_all();
        self.tell_of_emptiness();
        drop(values);
    }

    /// Returns how many values the queue holds.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Returns whether the queue holds no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns how many values the queue has room for.
    pub fn capacity(&self) -> usize {
        self.places.capacity()
    }

    /// Makes room for so many values more.
    ///
    /// # Panics
    ///
    /// If the queue would outgrow 2^32 values.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::time::DelayQueue;
    ///
    /// let mut queue = DelayQueue::<u32>::with_capacity(10);
    /// queue.reserve(100);
    /// assert!(queue.capacity() >= 100);
    /// queue.shrink_to_fit();
    /// ```
    #[track_caller]
    pub fn reserve(&mut self, additional: usize) {
        self.places.reserve(additional);
    }

    /// Gives back what room it can without moving a value; [`compact`](Self::compact) does more.
    ///
    /// Takes time in proportion to the capacity.
    pub fn shrink_to_fit(&mut self) {
        self.places.shrink_to_fit();
    }

    /// Gives back all room that no value is in: afterwards the capacity is the number of values.
    ///
    /// Moves the values, and takes time in proportion to the capacity. Keys go on to name what they
    /// named; for a value that was moved, finding it costs a look into a table from then on.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::time::{DelayQueue, Duration};
    ///
    /// let mut queue = DelayQueue::with_capacity(1_000);
    /// let first = queue.insert("first", Duration::from_secs(5));
    /// let second = queue.insert("second", Duration::from_secs(10));
    /// queue.remove(&first);
    ///
    /// queue.compact();
    /// assert_eq!(queue.capacity(), 1);
    /// assert_eq!(queue.remove(&second).into_inner(), "second");
    /// ```
    pub fn compact(&mut self) {
        let Some(mut before) = self.wheel.take() else {
            self.places = Places::with_capacity(0);
            return;
        };
        let wheel = self.wheel.insert(Wheel::new(self.polled_at));
        let mut places = self.places.empty_for_all();
        // In the order in which they come out, so that values with one deadline stay in it.
        while let Some(entry) = before.pop_due(u64::MAX) {
            // SAFETY: what was in the wheel holds a value, and is in none any more. The new node
            // stays in its place until it is unlinked.
            unsafe {
                let deadline = Entry::deadline(entry);
                let (key, value) = self.places.remove(Node::of(entry));
                let node = places.take_in(key, value, deadline);
                wheel.insert(Node::entry(node));
            }
        }
        self.places = places;
    }

    /// The deadline that counts, in nanoseconds.
    #[inline]
    fn counted(&self, deadline: Instant) -> u64 {
        deadline.ns().max(self.polled_at)
    }

    fn deadline_of(&self, node: NonNull<Node<T>>) -> Instant {
        // SAFETY: the node is one of this queue, which is borrowed.
        Instant::at_ns(unsafe { Entry::deadline(Node::entry(node)) })
    }

    /// Puts a node into the wheel. Who waits already is woken earlier, if it is the first now.
    #[inline]
    fn link(&mut self, node: NonNull<Node<T>>) {
        let wheel = self
            .wheel
            .get_or_insert_with(|| Wheel::new(clock::now_ns()));
        // SAFETY: the node is in no wheel. It stays in its place until it is unlinked, and only
        // this queue touches it.
        unsafe { wheel.insert(Node::entry(node)) };
        if self.waker.is_some() {
            let deadline = self.deadline_of(node);
            if let Some(sleep) = self.sleep.as_mut().filter(|it| deadline < it.deadline()) {
                sleep.as_mut().reset(deadline);
            }
        }
    }

    /// Takes a node that holds a value out of the wheel.
    #[inline]
    fn unlink(&mut self, node: NonNull<Node<T>>) {
        let wheel = self.wheel.as_mut().expect("there is a value");
        // SAFETY: a node that holds a value is in the wheel.
        unsafe { wheel.remove(Node::entry(node)) };
    }

    /// Takes the value out of a node that has left the wheel.
    #[inline]
    fn take(&mut self, node: NonNull<Node<T>>) -> Expired<T> {
        let deadline = self.deadline_of(node);
        // SAFETY: the callers come with a node of this queue that holds a value.
        let (key, value) = unsafe { self.places.remove(node) };
        Expired {
            value,
            deadline,
            key,
        }
    }

    fn pop_due(&mut self) -> Option<Expired<T>> {
        let wheel = self.wheel.as_mut()?;
        // What was due at the last poll is due now: no need to read the clock for each.
        let found_before = (self.polled_at > 0).then(|| wheel.pop_due(self.polled_at));
        let due = found_before.flatten().or_else(|| {
            self.polled_at = self.polled_at.max(clock::now_ns());
            wheel.pop_due(self.polled_at)
        })?;
        Some(self.take(Node::of(due)))
    }

    /// Waits until the first value is due, or for a moment before that.
    fn poll_first_due(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let next_due = self.wheel.as_ref().and_then(Wheel::next_due);
        let first = Instant::at_ns(next_due.expect("there is a value"));
        let sleep = match &mut self.sleep {
            None => self.sleep.insert(Box::pin(sleep_until(first))),
            Some(sleep) => {
                if sleep.is_elapsed() {
                    // The runtime that runs now is the one that ends the next wait.
                    sleep.as_mut().set(sleep_until(first));
                } else if sleep.deadline() != first {
                    sleep.as_mut().reset(first);
                }
                sleep
            }
        };
        let elapsed = sleep.as_mut().poll_elapsed(cx);
        if elapsed.is_pending()
            && !self
                .waker
                .as_ref()
                .is_some_and(|it| it.will_wake(cx.waker()))
        {
            self.waker = Some(cx.waker().clone());
        }
        elapsed
    }

    fn let_go_of_all(&mut self) -> Vec<T> {
        if let Some(wheel) = &mut self.wheel {
            wheel.clear();
        }
        // SAFETY: the wheel has let go of all nodes.
        unsafe { self.places.clear() }
    }

    /// Wakes who waits for the first value of a queue in which there is none any more.
    fn tell_of_emptiness(&mut self) {
        if let Some(waker) = self.waker.take() {
            self.sleep = None;
            waker.wake();
        }
    }
}

impl<T> Drop for DelayQueue<T> {
    fn drop(&mut self) {
        drop(self.let_go_of_all());
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
            .field("capacity", &self.capacity())
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
