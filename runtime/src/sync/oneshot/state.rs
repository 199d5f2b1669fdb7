//! The one word that says how far a channel is.
//!
//! | bit | set by | says |
//! |---|---|---|
//! | `COMPLETE` | sender, never after `CLOSED` | nothing more is sent; the value, if any, is the receiver's |
//! | `VALUE` | sender, with `COMPLETE` | there is one |
//! | `CLOSED` | receiver | nothing more is taken, unless `COMPLETE` came first |
//! | `RECEIVER_WAITS` | receiver, who also clears it | its waker is in its slot |
//! | `SENDER_WAITS` | sender, who also clears it | its waker is in its slot |
//! | `SENDER_GONE` | sender | it never touches the channel again |
//! | `RECEIVER_GONE` | receiver | it never touches the channel again |
//!
//! After `COMPLETE` or `CLOSED`, whichever came first, the bits `*_WAITS` mean what
//! they meant at that moment, whatever becomes of them later.

use std::fmt;

use crate::primitive::sync::atomic::{AtomicU32, Ordering};

const COMPLETE: u32 = 1 << 0;
const VALUE: u32 = 1 << 1;
const CLOSED: u32 = 1 << 2;
const RECEIVER_WAITS: u32 = 1 << 3;
const SENDER_WAITS: u32 = 1 << 4;
const SENDER_GONE: u32 = 1 << 5;
const RECEIVER_GONE: u32 = 1 << 6;

#[derive(Debug)]
pub(super) struct State(AtomicU32);

/// What the word was at one moment.
#[derive(Clone, Copy)]
pub(super) struct Snapshot(u32);

/// One end of the channel as it waits for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Sender,
    Receiver,
}

/// What the sender must do after it has completed the channel.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub(super) enum Completed {
    /// Nothing: it is gone, and the receiver frees the channel.
    Unawaited,
    /// Take the receiver's waker, leave, and wake it.
    Awaited,
    /// Take the value back and leave: the receiver had closed the channel.
    Refused,
}

impl State {
    #[inline]
    pub(super) fn new() -> Self {
        State(AtomicU32::new(0))
    }

    #[inline]
    pub(super) fn load(&self) -> Snapshot {
        // Acquire: pairs with the Release of every transition of the other end.
        Snapshot(self.0.load(Ordering::Acquire))
    }

    /// The sender ends, with a value in its place or without.
    #[inline]
    pub(super) fn transition_to_complete(&self, with_value: bool) -> Completed {
        let completes = COMPLETE | if with_value { VALUE } else { 0 };
        let mut seen = self.0.load(Ordering::Relaxed);
        loop {
            let (next, completed) = match Snapshot(seen) {
                before if before.is_closed() => return Completed::Refused,
                before if before.waits(End::Receiver) => (completes, Completed::Awaited),
                _ => (completes | SENDER_GONE, Completed::Unawaited),
            };
            // Release: publishes the value. Acquire: takes the receiver's waker.
            match self
                .0
                .compare_exchange(seen, seen | next, Ordering::AcqRel, Ordering::Relaxed)
            {
                Ok(_) => return completed,
                Err(now) => seen = now,
            }
        }
    }

    /// The receiver takes nothing more; answers with what was before.
    #[inline]
    pub(super) fn transition_to_closed(&self) -> Snapshot {
        // AcqRel: takes the value if it came before, else the sender's waker.
        Snapshot(self.0.fetch_or(CLOSED, Ordering::AcqRel))
    }

    /// `end` has put its waker in its slot; answers with what was before.
    #[inline]
    pub(super) fn transition_to_waiting(&self, end: End) -> Snapshot {
        // Release: publishes the waker. Acquire: takes what has come meanwhile.
        Snapshot(self.0.fetch_or(end.waits(), Ordering::AcqRel))
    }

    /// `end` claims its waker back; answers with what was before. It has the
    /// waker unless the other end had already done what `end` waits for.
    #[inline]
    pub(super) fn transition_to_not_waiting(&self, end: End) -> Snapshot {
        // Acquire: takes what has come meanwhile.
        Snapshot(self.0.fetch_and(!end.waits(), Ordering::AcqRel))
    }

    /// `end` will not touch the channel again; answers with what was before.
    #[inline]
    pub(super) fn transition_to_gone(&self, end: End) -> Snapshot {
        // Release: the other end frees after what this one did. Acquire: the reverse.
        Snapshot(self.0.fetch_or(end.gone(), Ordering::AcqRel))
    }
}

impl Snapshot {
    #[inline]
    fn has(self, bits: u32) -> bool {
        self.0 & bits != 0
    }

    #[inline]
    pub(super) fn is_complete(self) -> bool {
        self.has(COMPLETE)
    }

    /// Complete, and with a value.
    #[inline]
    pub(super) fn has_value(self) -> bool {
        self.has(VALUE)
    }

    #[inline]
    pub(super) fn is_closed(self) -> bool {
        self.has(CLOSED)
    }

    #[inline]
    pub(super) fn waits(self, end: End) -> bool {
        self.has(end.waits())
    }

    #[inline]
    pub(super) fn is_gone(self, end: End) -> bool {
        self.has(end.gone())
    }

    /// Whether what `end` waits for has happened.
    #[inline]
    pub(super) fn is_over_for(self, end: End) -> bool {
        match end {
            End::Sender => self.is_closed(),
            End::Receiver => self.has(COMPLETE | CLOSED),
        }
    }
}

impl End {
    #[inline]
    fn waits(self) -> u32 {
        match self {
            End::Sender => SENDER_WAITS,
            End::Receiver => RECEIVER_WAITS,
        }
    }

    #[inline]
    fn gone(self) -> u32 {
        match self {
            End::Sender => SENDER_GONE,
            End::Receiver => RECEIVER_GONE,
        }
    }

    #[inline]
    pub(super) fn other(self) -> End {
        match self {
            End::Sender => End::Receiver,
            End::Receiver => End::Sender,
        }
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("complete", &self.is_complete())
            .field("has_value", &self.has_value())
            .field("closed", &self.is_closed())
            .field("sender_waits", &self.waits(End::Sender))
            .field("receiver_waits", &self.waits(End::Receiver))
            .field("sender_gone", &self.is_gone(End::Sender))
            .field("receiver_gone", &self.is_gone(End::Receiver))
            .finish()
    }
}
