//! What both channels share: the queue, the handles that are counted, and the rules of closing.

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::task::{Context, Poll, ready};

use crossbeam_utils::CachePadded;

use super::block::{Block, Look};
use super::closing::Closing;
use super::consumer::Consumer;
use super::error::TryRecvError;
use super::patience::Patience;
use super::queue::Queue;
use crate::coop::poll_proceed;
use crate::primitive::cell::UnsafeCell;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicUsize, Ordering};
use crate::util::panic::contain;

/// How many messages may be on their way.
pub(super) trait Limit {
    /// Takes note that `n` messages were received.
    fn received(&self, n: usize);

    /// Lets nobody begin to send.
    fn close(&self);

    fn is_closed(&self) -> bool;

    /// Whether nobody holds the right to send, and all that was sent is received.
    fn is_idle(&self) -> bool;
}

/// The memory that all handles share.
pub(super) struct Channel<T, L> {
    queue: Queue<T>,
    pub(super) limit: L,
    /// The receiver's alone; in the end, whoever drops the channel.
    consumer: CachePadded<UnsafeCell<Consumer<T>>>,
    senders: AtomicUsize,
    weak_senders: AtomicUsize,
    closing: Closing,
}

// SAFETY: messages go from thread to thread; the consumer is touched by one thread at a time.
unsafe impl<T: Send, L: Send> Send for Channel<T, L> {}
// SAFETY: as above: a shared channel shows nobody a message.
unsafe impl<T: Send, L: Sync> Sync for Channel<T, L> {}
// A message is seen by nobody but the one who receives it: no panic leaves a broken one behind.
impl<T, L> UnwindSafe for Channel<T, L> {}
impl<T, L> RefUnwindSafe for Channel<T, L> {}

/// The sending half of a channel; the last one that is dropped seals the queue.
pub(super) struct Tx<T, L>(Arc<Channel<T, L>>);

/// A sending half that keeps no channel open.
pub(super) struct WeakTx<T, L>(Arc<Channel<T, L>>);

/// The receiving half of a channel.
pub(super) struct Rx<T, L: Limit>(Arc<Channel<T, L>>);

pub(super) fn new<T, L: Limit>(limit: L) -> (Tx<T, L>, Rx<T, L>) {
    let first = Block::allocate();
    let shared = Arc::new(Channel {
        queue: Queue::new(first),
        limit,
        consumer: CachePadded::new(UnsafeCell::new(Consumer::new(first))),
        senders: AtomicUsize::new(1),
        weak_senders: AtomicUsize::new(0),
        closing: Closing::new(),
    });
    (Tx(shared.clone()), Rx(shared))
}

impl<T, L: Limit> Channel<T, L> {
    /// Whether the receiver has closed the channel, or all senders are gone.
    pub(super) fn is_closed(&self) -> bool {
        self.limit.is_closed() || self.queue.is_sealed()
    }

    pub(super) fn strong_count(&self) -> usize {
        self.senders.load(Ordering::Acquire)
    }

    pub(super) fn weak_count(&self) -> usize {
        self.weak_senders.load(Ordering::Relaxed)
    }

    /// To be called when the right to send was given up: tells the receiver if that was the last thing it
    /// has waited for.
    pub(super) fn given_up(&self) {
        if self.is_over() {
            self.queue.seal();
        }
    }

    /// Whether the channel is closed and nothing comes any more.
    fn is_over(&self) -> bool {
        self.limit.is_closed() && self.limit.is_idle()
    }
}

impl<T, L: Limit> Tx<T, L> {
    /// Sends with the right to do so, or gives the message back if the queue is sealed.
    #[inline]
    pub(super) fn send(&self, value: T) -> Result<(), T> {
        self.0.queue.push(value)
    }

    pub(super) fn shared(&self) -> &Channel<T, L> {
        &self.0
    }

    pub(super) fn same_channel(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(super) fn downgrade(&self) -> WeakTx<T, L> {
        WeakTx::new(&self.0)
    }

    /// Waits until the receiver has closed the channel or is dropped.
    pub(super) async fn closed(&self) {
        self.0.closing.closed().await;
    }
}

impl<T, L> Clone for Tx<T, L> {
    fn clone(&self) -> Self {
        // Relaxed: this sender keeps the count above zero.
        self.0.senders.fetch_add(1, Ordering::Relaxed);
        Tx(self.0.clone())
    }
}

impl<T, L> Drop for Tx<T, L> {
    fn drop(&mut self) {
        // AcqRel: what all senders have sent comes before the end.
        if self.0.senders.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.queue.seal();
        }
    }
}

impl<T, L> WeakTx<T, L> {
    fn new(shared: &Arc<Channel<T, L>>) -> Self {
        shared.weak_senders.fetch_add(1, Ordering::Relaxed);
        WeakTx(shared.clone())
    }

    pub(super) fn shared(&self) -> &Channel<T, L> {
        &self.0
    }

    /// A sender, unless none was left.
    pub(super) fn upgrade(&self) -> Option<Tx<T, L>> {
        let more = |count: usize| count.checked_add(1).filter(|_| count > 0);
        self.0
            .senders
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, more)
            .ok()
            .map(|_| Tx(self.0.clone()))
    }
}

impl<T, L> Clone for WeakTx<T, L> {
    fn clone(&self) -> Self {
        WeakTx::new(&self.0)
    }
}

impl<T, L> Drop for WeakTx<T, L> {
    fn drop(&mut self) {
        self.0.weak_senders.fetch_sub(1, Ordering::Relaxed);
    }
}

impl<T, L: Limit> Rx<T, L> {
    pub(super) fn shared(&self) -> &Channel<T, L> {
        &self.0
    }

    #[inline]
    pub(super) fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        ready!(self.poll_something(cx));
        let value = self.take();
        if value.is_some() {
            self.0.limit.received(1);
        }
        Poll::Ready(value)
    }

    pub(super) fn poll_recv_many(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut Vec<T>,
        limit: usize,
    ) -> Poll<usize> {
        if limit == 0 {
            return Poll::Ready(0);
        }
        ready!(self.poll_something(cx));
        // Room for what is there: pushing does not fail half-way.
        buffer.reserve(self.len().min(limit));
        let before = buffer.len();
        buffer.extend(std::iter::from_fn(|| self.take()).take(limit));
        let received = buffer.len() - before;
        self.0.limit.received(received);
        Poll::Ready(received)
    }

    /// Receives what was sent before this call.
    pub(super) fn try_recv(&mut self) -> Result<T, TryRecvError> {
        let mut patience = Patience::default();
        loop {
            match self.look() {
                Look::Message => break,
                Look::Closed => return Err(TryRecvError::Disconnected),
                // Somebody may have sent behind a message that is still being written.
                Look::Nothing if self.len() > 0 => patience.wait(),
                Look::Nothing if self.0.is_over() => return Err(TryRecvError::Disconnected),
                Look::Nothing => return Err(TryRecvError::Empty),
            }
        }
        let value = self.take().expect("a message was seen");
        self.0.limit.received(1);
        Ok(value)
    }

    /// What a stream says of what is to come.
    pub(super) fn size_hint(&self) -> (usize, Option<usize>) {
        let is_sealed = self.0.queue.is_sealed();
        let len = self.len();
        (len, is_sealed.then_some(len))
    }

    /// Lets nobody send any more, but for those who have the right already.
    pub(super) fn close(&mut self) {
        self.0.limit.close();
        if self.0.limit.is_idle() {
            self.with_consumer(|consumer, queue| consumer.seal(queue));
        }
        self.0.closing.close();
    }

    pub(super) fn len(&self) -> usize {
        self.0
            .consumer
            // SAFETY: the receiver is borrowed, and nobody else touches the consumer.
            .with(|consumer| unsafe { (*consumer).len(&self.0.queue) })
    }

    /// Ready when there is a message or the end, and the budget allows to take it.
    #[inline]
    fn poll_something(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.look() == Look::Nothing {
            ready!(self.poll_wait(cx));
        }
        ready!(poll_proceed(cx)).made_progress();
        Poll::Ready(())
    }

    #[cold]
    fn poll_wait(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.0.is_over() {
            self.0.queue.seal();
        }
        match self.with_consumer(|consumer, queue| consumer.wait(queue, cx.waker())) {
            true => Poll::Pending,
            false => Poll::Ready(()),
        }
    }

    #[inline]
    fn look(&mut self) -> Look {
        self.with_consumer(|consumer, queue| consumer.look(queue))
    }

    /// Takes a message, if one is there.
    #[inline]
    fn take(&mut self) -> Option<T> {
        self.with_consumer(|consumer, queue| {
            let is_there = consumer.look(queue) == Look::Message;
            // SAFETY: the message was seen.
            is_there.then(|| unsafe { consumer.take() })
        })
    }

    #[inline]
    fn with_consumer<R>(&mut self, f: impl FnOnce(&mut Consumer<T>, &Queue<T>) -> R) -> R {
        self.0
            .consumer
            // SAFETY: the receiver is borrowed mutably, and nobody else touches the consumer.
            .with_mut(|consumer| f(unsafe { &mut *consumer }, &self.0.queue))
    }
}

impl<T, L: Limit> Drop for Rx<T, L> {
    fn drop(&mut self) {
        self.close();
        let waker = self.with_consumer(|consumer, queue| consumer.stop_waiting(queue));
        contain(|| drop(waker));
        while let Ok(value) = self.try_recv() {
            contain(|| drop(value));
        }
    }
}

impl<T, L> Drop for Channel<T, L> {
    fn drop(&mut self) {
        let queue = &self.queue;
        self.consumer.with_mut(|consumer| {
            // SAFETY: nobody else has the channel.
            let consumer = unsafe { &mut *consumer };
            // What was sent by a permit after the receiver was gone.
            while consumer.look(queue) == Look::Message {
                // SAFETY: the message was seen.
                let value = unsafe { consumer.take() };
                contain(|| drop(value));
            }
            // SAFETY: as above; all messages were taken.
            unsafe { consumer.free_blocks() };
        });
    }
}

impl<T, L: Limit> fmt::Debug for Channel<T, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Channel")
            .field("closed", &self.is_closed())
            .field("senders", &self.strong_count())
            .finish_non_exhaustive()
    }
}
