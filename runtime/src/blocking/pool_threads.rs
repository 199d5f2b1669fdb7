//! Makes the pool's threads and sees to it that each is joined.
//!
//! A thread's last acts, the destructors of its thread-locals among them, come after anything that
//! it can say of itself; only a join is sure to see its end. So each leaving thread puts its handle
//! into `last` and joins the one that it finds there: whoever joins the last has joined them all.

use std::io;

use crate::primitive::sync::Mutex;
use crate::primitive::thread::{Builder, JoinHandle};
use crate::util::thread_builder::start;

#[derive(Debug, Default)]
pub(super) struct PoolThreads {
    roll: Mutex<Roll>,
}

#[derive(Debug, Default)]
struct Roll {
    next_id: u64,
    members: Vec<(u64, JoinHandle<()>)>,
    last: Option<JoinHandle<()>>,
}

impl PoolThreads {
    /// Starts a thread that runs `main` with an id of its own.
    pub(super) fn enlist(
        &self,
        builder: Builder,
        main: impl FnOnce(u64) + Send + 'static,
    ) -> io::Result<()> {
        // Locked until the handle is listed: the new thread finds it when it leaves.
        let mut roll = self.roll.lock();
        let id = roll.next_id;
        let handle = spawn(builder, move || main(id))?;
        roll.next_id += 1;
        roll.members.push((id, handle));
        Ok(())
    }

    /// Takes a thread off the roll, by itself; it must join the answer as its last act.
    pub(super) fn leave(&self, id: u64) -> Option<JoinHandle<()>> {
        let mut roll = self.roll.lock();
        let seat = roll.members.iter().position(|member| member.0 == id);
        let (_, handle) = roll
            .members
            .swap_remove(seat.expect("a thread leaves once"));
        roll.last.replace(handle)
    }

    /// The thread that has left last: it ends after all that have left before.
    pub(super) fn take_last(&self) -> Option<JoinHandle<()>> {
        self.roll.lock().last.take()
    }
}

fn spawn(builder: Builder, main: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    #[cfg(test)]
    if refusal::is_due() {
        return Err(io::ErrorKind::WouldBlock.into());
    }
    start(builder, Box::new(main))
}

/// Lets a test see what happens when the system gives no more threads.
#[cfg(test)]
pub(super) mod refusal {
    use std::cell::Cell;

    thread_local! {
        static LEFT: Cell<usize> = const { Cell::new(0) };
    }

    /// The next `count` attempts of this thread to start a thread fail.
    pub(in super::super) fn refuse_next(count: usize) {
        LEFT.set(count);
    }

    pub(super) fn is_due() -> bool {
        let left = LEFT.get();
        LEFT.set(left.saturating_sub(1));
        left > 0
    }
}
