//! A signal without a value, which wakes one waiter or all.
//!
//! One word ([`State`]) says whether nothing is there, a permit is stored or somebody waits, and how often all
//! waiters were called. Nothing but a waiter makes the lock necessary: storing and taking a permit, and calling
//! when nobody is there, are one exchange of that word.
//!
//! **Who is called.** A future remembers the number of calls at its birth. A call raises the
//! number, so it reaches each future that is older, in the queue or not, and none that is younger. Waking
//! the queue takes a while, and the lock is free between two batches. Whoever is still in the queue with
//! an old number has been called all the same: it finds that out itself when it is polled, and whoever
//! serves the queue wakes such waiters first. They stand at its front, as numbers only grow.
//!
//! **The word says "waiting"** exactly when somebody is in the queue who was not called. Only
//! under the lock does it begin or cease to say so; [`settle`](Notify::settle) sees to the latter.
//!
//! **Nothing is lost.** A future that is given a notification by `notify_one` has it until it has said "ready".
//! If it is dropped before, the notification goes to the next in the queue, or to the last if it came
//! from `notify_last`, or becomes a permit. The races:
//!
//! - *notify, then leave*: the pop and the leaving happen under the lock. Who leaves finds what it was given.
//! - *a permit, as somebody enters the queue*: both change the word, so one fails and looks
//!   again. Either the waiter takes the permit, or the notifier finds a waiter.
//! - *a call, as somebody enters*: the same word has the number.

mod notified;
mod state;
mod wait;

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::task::Waker;

pub use self::notified::{Notified, OwnedNotified};
use self::state::{Calls, Change, State};
pub(crate) use self::wait::Wait;
use super::wait_list::{Locked, WaitList};
use crate::primitive::StdArc as Arc;
use crate::primitive::const_unless_model;

/// Wakes tasks that wait for an event, one of them or all.
///
/// It holds at most one permit. [`notify_one`](Self::notify_one) serves the task that
/// has waited longest; if none waits it stores the permit, and the next to wait takes it and goes on at
/// once. [`notify_waiters`](Self::notify_waiters) serves all who wait and stores nothing.
///
/// What happened before a notification is visible to the one who receives it. Two notifications may become one
/// permit, so a receiver looks for everything that may have happened.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use runtime::sync::Notify;
///
/// #[runtime::main]
/// async fn main() {
///     let ready = Arc::new(Notify::new());
///     let waiting = runtime::spawn({
///         let ready = ready.clone();
///         async move { ready.notified().await }
///     });
///     ready.notify_one();
///     waiting.await.unwrap();
/// }
/// ```
pub struct Notify {
    state: State,
    list: WaitList<(), Mail>,
}

/// What a place in the queue says.
#[derive(Clone, Copy, Debug)]
enum Mail {
    /// Its owner came after so many calls, and waits.
    Waits(Calls),
    Granted(Grant),
}

/// How a future was notified, which says who is next if it does not say "ready" any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grant {
    /// By `notify_one`, or by a permit.
    First,
    /// By `notify_last`.
    Last,
    /// By `notify_waiters`: all have theirs.
    Call,
}

impl Notify {
    /// Makes one without a permit.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::Notify;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let notify = Notify::new();
    /// notify.notify_one();
    /// notify.notified().await; // takes the permit
    /// # }
    /// ```
    pub fn new() -> Self {
        Notify::const_new()
    }

    const_unless_model! {
        /// Makes one without a permit, as a constant.
        ///
        /// # Examples
        ///
        /// ```
        /// use runtime::sync::Notify;
        ///
        /// static RELOAD: Notify = Notify::const_new();
        /// RELOAD.notify_one();
        /// ```
        pub const fn const_new() -> Self {
            Notify {
                state: State::new(),
                list: WaitList::new(()),
            }
        }
    }

    /// Waits for a notification.
    ///
    /// A stored permit is taken at once. Otherwise the future queues up when it is first polled, and is served in
    /// that order. Calls of [`notify_waiters`](Self::notify_waiters) count from now on, also before it
    /// is polled; those of [`notify_one`](Self::notify_one) from its first poll or
    /// [`enable`](Notified::enable) on.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future gives its place in the queue up. A notification that it was given and
    /// has not reported goes to the next in the queue, or is stored as the permit.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::Notify;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let done = Arc::new(Notify::new());
    /// runtime::spawn({
    ///     let done = done.clone();
    ///     async move { done.notify_one() }
    /// });
    /// done.notified().await; // whether the other was quicker or not
    /// # }
    /// ```
    pub fn notified(&self) -> Notified<'_> {
        Notified::new(self)
    }

    /// Waits for a notification with a future that keeps this alive; see [`notified`](Self::notified).
    ///
    /// # Cancel safety
    ///
    /// As of [`notified`](Self::notified).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::Notify;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let start = Arc::new(Notify::new());
    /// let runner = runtime::spawn(start.clone().notified_owned());
    /// start.notify_waiters();
    /// runner.await.unwrap();
    /// # }
    /// ```
    pub fn notified_owned(self: Arc<Self>) -> OwnedNotified {
        OwnedNotified::new(self)
    }

    /// Notifies the future that has waited longest; if none waits, stores the permit.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::Notify;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let notify = Notify::new();
    /// notify.notify_one();
    /// notify.notify_one(); // the permit is there already
    /// notify.notified().await; // takes it; the next would wait
    /// # }
    /// ```
    pub fn notify_one(&self) {
        self.pass_on(Grant::First);
    }

    /// Notifies the future that came last; if none waits, stores the permit.
    ///
    /// The newest waiter is the one whose data is most likely still in a cache. Those before it may
    /// wait without end.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::pin::pin;
    /// use runtime::sync::Notify;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let notify = Notify::new();
    /// let (mut first, mut last) = (pin!(notify.notified()), pin!(notify.notified()));
    /// assert!(!first.as_mut().enable()); // now they are in the queue
    /// assert!(!last.as_mut().enable());
    /// notify.notify_last();
    /// last.await;
    /// # }
    /// ```
    pub fn notify_last(&self) {
        self.pass_on(Grant::Last);
    }

    /// Notifies every future that [`notified`](Self::notified) has made up to now, and stores no permit.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::Notify;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let notify = Notify::new();
    /// let (first, second) = (notify.notified(), notify.notified());
    /// notify.notify_waiters();
    /// first.await;
    /// second.await;
    /// # }
    /// ```
    pub fn notify_waiters(&self) {
        if self.state.try_call() == Change::SomebodyWaits {
            let locked = self.list.lock();
            self.state.call();
            self.settle(locked, None);
        }
    }

    fn pass_on(&self, grant: Grant) {
        let is_owed = grant != Grant::Call;
        if is_owed && self.state.store_permit() == Change::SomebodyWaits {
            self.settle(self.list.lock(), Some(grant));
        }
    }

    /// Serves the queue: wakes those who were called, then gives `owed` to somebody or stores it, and
    /// lets the word say whether anybody is left.
    fn settle(&self, locked: Locked<'_, (), Mail>, mut owed: Option<Grant>) {
        owed = owed.filter(|&grant| grant != Grant::Call);
        locked.wake_each(|locked| {
            let called = self.pop_called(locked);
            if called.is_some() {
                return called;
            }
            let served = owed.take().and_then(|grant| self.serve(locked, grant));
            if locked.is_empty() {
                self.state.end_waiting();
            }
            served
        });
    }

    fn pop_called(&self, locked: &mut Locked<'_, (), Mail>) -> Option<Waker> {
        match locked.front() {
            Some(&mut Mail::Waits(seen)) if seen != self.state.calls() => {
                locked.pop_front(Mail::Granted(Grant::Call))
            }
            _ => None,
        }
    }

    fn serve(&self, locked: &mut Locked<'_, (), Mail>, grant: Grant) -> Option<Waker> {
        match self.state.store_permit() {
            Change::Done => None,
            Change::SomebodyWaits if grant == Grant::Last => locked.pop_back(Mail::Granted(grant)),
            Change::SomebodyWaits => locked.pop_front(Mail::Granted(grant)),
        }
    }
}

impl Mail {
    /// What its owner was given. Who still waits while this is asked was called.
    fn grant(self) -> Grant {
        match self {
            Mail::Waits(_) => Grant::Call,
            Mail::Granted(grant) => grant,
        }
    }
}

impl Default for Notify {
    fn default() -> Self {
        Notify::new()
    }
}

// A panic leaves nothing half done: no user code runs in the middle of a change.
impl UnwindSafe for Notify {}
impl RefUnwindSafe for Notify {}

impl fmt::Debug for Notify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notify")
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

#[cfg(all(test, runtime_loom))]
mod loom_models;
