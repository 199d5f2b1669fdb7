//! A barrier: tasks wait until so many of them are there.
//!
//! The count of those who have arrived and the number of the round stand behind the lock of the queue. Whoever
//! completes the count begins the next round and wakes the queue. A waiter whose round is over is released,
//! popped or not yet: waking takes a while, and the lock is free between two batches. So a waiter that is dropped
//! knows under the lock whether its arrival still counts, and takes it back if so.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::wait_list::{Locked, Place, WaitList};
use crate::coop::poll_proceed;

/// Lets tasks wait until a given number of them has come to the same point.
///
/// It can be used again and again: once all have come, the next round begins.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use runtime::sync::Barrier;
///
/// #[runtime::main]
/// async fn main() {
///     let barrier = Arc::new(Barrier::new(3));
///     let tasks: Vec<_> = (0..3)
///         .map(|_| {
///             let barrier = barrier.clone();
///             runtime::spawn(async move { barrier.wait().await.is_leader() })
///         })
///         .collect();
///     let mut leaders = 0;
///     for task in tasks {
///         leaders += u32::from(task.await.unwrap());
///     }
///     assert_eq!(leaders, 1);
/// }
/// ```
pub struct Barrier {
    list: WaitList<Progress, Round>,
    size: usize,
}

#[derive(Debug)]
struct Progress {
    arrived: usize,
    round: Round,
}

/// The number of a round; it wraps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Round(u64);

/// What [`Barrier::wait`] says: who was the last to come.
///
/// # Examples
///
/// ```
/// use runtime::sync::Barrier;
///
/// # #[runtime::main]
/// # async fn main() {
/// let barrier = Barrier::new(1);
/// if barrier.wait().await.is_leader() {
///     println!("once a round, by the last that comes");
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct BarrierWaitResult(bool);

impl Barrier {
    /// Makes a barrier for `n` tasks. Zero means one: nobody waits.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::Barrier;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let ready = Arc::new(Barrier::new(2));
    /// let other = runtime::spawn({
    ///     let ready = ready.clone();
    ///     async move { ready.wait().await.is_leader() }
    /// });
    /// let leads = ready.wait().await.is_leader();
    /// assert_ne!(leads, other.await.unwrap());
    /// # }
    /// ```
    pub fn new(n: usize) -> Self {
        Barrier {
            list: WaitList::new(Progress {
                arrived: 0,
                round: Round(0),
            }),
            size: n.max(1),
        }
    }

    /// Arrives when it is first polled, and waits until as many have arrived as the barrier is for.
    ///
    /// The last to arrive does not wait and is the leader of the round.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future before the round is complete takes the arrival back: the others wait for
    /// somebody else. (tokio goes on counting those that are gone.) After that it loses nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::Barrier;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let barrier = Barrier::new(2);
    /// let (one, other) = runtime::join!(barrier.wait(), barrier.wait());
    /// assert!(!one.is_leader());
    /// assert!(other.is_leader()); // it came last
    /// # }
    /// ```
    pub async fn wait(&self) -> BarrierWaitResult {
        let arrival = Arrival {
            barrier: self,
            leads: false,
            place: Place::new(Round(0)),
        };
        arrival.await
    }
}

impl BarrierWaitResult {
    /// Returns whether this task completed the round; one in each round did.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::Barrier;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let barrier = Barrier::new(3);
    /// let waits = runtime::join!(barrier.wait(), barrier.wait(), barrier.wait());
    /// let leaders = [waits.0, waits.1, waits.2].iter().filter(|wait| wait.is_leader()).count();
    /// assert_eq!(leaders, 1);
    /// # }
    /// ```
    pub fn is_leader(&self) -> bool {
        self.0
    }
}

pin_project! {
    struct Arrival<'a> {
        barrier: &'a Barrier,
        // Whether it has completed its round.
        leads: bool,
        #[pin]
        place: Place<Round>,
    }

    impl PinnedDrop for Arrival<'_> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            if !this.place.is_enrolled() {
                return;
            }
            let mut locked = this.barrier.list.lock();
            let left = locked.leave(this.place);
            if left.value == locked.round {
                locked.arrived -= 1;
            }
            drop(locked);
            drop(left);
        }
    }
}

impl Arrival<'_> {
    /// Ready if this completes the round.
    fn arrive(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut this = self.project();
        let waker = cx.waker().clone();
        let mut locked = this.barrier.list.lock();
        locked.arrived += 1;
        if locked.arrived == this.barrier.size {
            complete(locked);
            *this.leads = true;
            return Poll::Ready(());
        }
        // SAFETY: the barrier is borrowed as long as the future lives, whose drop leaves the list.
        unsafe { locked.enqueue(this.place.as_mut(), waker) };
        *locked.value(&this.place) = locked.round;
        Poll::Pending
    }

    /// Ready if the round is over.
    fn look(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<BarrierWaitResult> {
        let this = self.project();
        let waker = cx.waker().clone();
        let mut locked = this.barrier.list.lock();
        let round = *locked.value(&this.place);
        if round == locked.round {
            let unneeded = locked.renew_waker(&this.place, waker);
            drop(locked);
            drop(unneeded);
            return Poll::Pending;
        }
        let left = locked.leave(this.place);
        drop(locked);
        drop(left);
        Poll::Ready(BarrierWaitResult(false))
    }
}

fn complete(mut locked: Locked<'_, Progress, Round>) {
    let over = locked.round;
    locked.arrived = 0;
    locked.round = Round(over.0.wrapping_add(1));
    locked.wake_all(over);
}

impl Future for Arrival<'_> {
    type Output = BarrierWaitResult;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<BarrierWaitResult> {
        if !self.leads && !self.place.is_enrolled() {
            // Whatever the budget: the others count on it.
            ready!(self.as_mut().arrive(cx));
        }
        let coop = ready!(poll_proceed(cx));
        let result = match self.leads {
            true => BarrierWaitResult(true),
            false => ready!(self.look(cx)),
        };
        coop.made_progress();
        Poll::Ready(result)
    }
}

impl fmt::Debug for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The sink is user code: not under the lock.
        let arrived = self.list.lock().arrived;
        f.debug_struct("Barrier")
            .field("size", &self.size)
            .field("arrived", &arrived)
            .finish()
    }
}

#[cfg(all(test, runtime_loom))]
mod loom_models {
    use super::Barrier;
    use loom::future::block_on;
    use loom::thread;
    use std::pin::pin;
    use std::sync::Arc;
    use std::task::{Context, Waker};

    #[test]
    fn two_meet_again_and_again_and_one_leads() {
        loom::model(|| {
            let barrier = Arc::new(Barrier::new(2));
            let other = thread::spawn({
                let barrier = barrier.clone();
                move || [(); 2].map(|()| block_on(barrier.wait()).is_leader())
            });
            let mine = [(); 2].map(|()| block_on(barrier.wait()).is_leader());
            let other = other.join().unwrap();
            assert_eq!(mine.map(|leads| !leads), other);
        });
    }

    #[test]
    fn one_who_leaves_counts_or_does_not() {
        loom::model(|| {
            let barrier = Arc::new(Barrier::new(2));
            let other = thread::spawn({
                let barrier = barrier.clone();
                move || block_on(barrier.wait()).is_leader()
            });
            {
                let mut waiting = pin!(barrier.wait());
                let mut cx = Context::from_waker(Waker::noop());
                let _ = waiting.as_mut().poll(&mut cx);
            }
            // It left, or completed a round with the other one. A third must be what the other waits for,
            // or begin a round of its own.
            let met = barrier.list.lock().round.0 == 1;
            if met {
                assert_eq!(barrier.list.lock().arrived, 0);
            } else {
                assert!(block_on(barrier.wait()).is_leader() != other.join().unwrap());
                return;
            }
            other.join().unwrap();
        });
    }
}
