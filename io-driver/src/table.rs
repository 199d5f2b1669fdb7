//! Who is registered: a slab of registrations whose tokens go stale instead of
//! pointing at the next tenant.

use std::io;
use std::mem;

use slab::Slab;

use crate::primitive::Arc;
use crate::scheduled_io::ScheduledIo;
use crate::{Closed, Metrics};

/// Bits of a token that say which slot; the others say which tenant of it.
const INDEX_BITS: u32 = if usize::BITS >= 64 { 32 } else { 20 };
const INDEX_MASK: usize = (1 << INDEX_BITS) - 1;

/// Slots of this index and above are never let: the two highest tokens are the driver's own.
const INDEX_LIMIT: usize = INDEX_MASK - 1;

/// Names one registration in the operating system's events.
///
/// The generation wraps after 2^32 registrations (2^12 where `usize` has 32 bits). A mix-up would
/// need an event to wait in one batch, or a forgotten duplicate of a descriptor to stay open, until
/// a slot's tenant has just the same one again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    index: usize,
    generation: usize,
}

impl Token {
    fn new(index: usize, registered: u64) -> Token {
        let generation = registered as usize & (usize::MAX >> INDEX_BITS);
        Token { index, generation }
    }
}

impl From<Token> for mio::Token {
    fn from(token: Token) -> mio::Token {
        mio::Token(token.generation << INDEX_BITS | token.index)
    }
}

impl From<mio::Token> for Token {
    fn from(mio::Token(bits): mio::Token) -> Token {
        Token {
            index: bits & INDEX_MASK,
            generation: bits >> INDEX_BITS,
        }
    }
}

#[derive(Default)]
pub(crate) struct Table {
    slots: Slab<Slot>,
    shut_down: bool,
    metrics: Metrics,
}

struct Slot {
    io: Arc<ScheduledIo>,
    generation: usize,
}

impl Table {
    pub(crate) fn insert(&mut self, io: Arc<ScheduledIo>) -> io::Result<Token> {
        if self.shut_down {
            return Err(Closed::SHUTDOWN.into());
        }
        let vacancy = self.slots.vacant_entry();
        if vacancy.key() >= INDEX_LIMIT {
            return Err(table_full());
        }
        let token = Token::new(vacancy.key(), self.metrics.registered);
        vacancy.insert(Slot {
            io,
            generation: token.generation,
        });
        self.metrics.registered += 1;
        Ok(token)
    }

    /// Takes the registration out, for the caller to drop after unlocking;
    /// `None` if it has left already.
    #[must_use]
    pub(crate) fn remove(&mut self, token: Token) -> Option<Arc<ScheduledIo>> {
        let slot = self.slots.get(token.index)?;
        if slot.generation != token.generation {
            return None;
        }
        self.metrics.deregistered += 1;
        Some(self.slots.remove(token.index).io)
    }

    /// Finds whom an event is for; `None` if it is stale.
    pub(crate) fn addressee(&mut self, token: Token) -> Option<&ScheduledIo> {
        let slot = self.slots.get(token.index)?;
        if slot.generation != token.generation {
            return None;
        }
        self.metrics.ready_events += 1;
        Some(&slot.io)
    }

    /// Refuses everyone from now on and hands out those who were in.
    #[must_use]
    pub(crate) fn shut_down(&mut self) -> Vec<Arc<ScheduledIo>> {
        self.shut_down = true;
        self.metrics.deregistered += self.slots.len() as u64;
        let slots = mem::take(&mut self.slots);
        slots.into_iter().map(|(_, slot)| slot.io).collect()
    }

    pub(crate) fn is_shut_down(&self) -> bool {
        self.shut_down
    }

    pub(crate) fn metrics(&self) -> Metrics {
        self.metrics
    }

    #[cfg(all(test, not(runtime_loom)))]
    pub(crate) fn len(&self) -> usize {
        self.slots.len()
    }
}

#[cold]
fn table_full() -> io::Error {
    io::Error::other("the driver's table is full: close some sources, or use more drivers")
}

#[cfg(all(test, not(runtime_loom)))]
#[path = "table/tests.rs"]
mod tests;
