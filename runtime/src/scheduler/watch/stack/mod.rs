//! The stack of a stuck thread, copied by a signal handler and walked elsewhere.
//!
//! Only the thread itself can look at its registers, so the monitor sends it a signal. What the
//! interrupted code was doing is unknown: it may hold the allocator's lock or the dynamic loader's.
//! So the handler does next to nothing. It copies the registers and the words of the stack into
//! memory made beforehand, and takes no lock, allocates nothing and calls nothing. The walk from frame to
//! frame, which needs the loader's lists and tables of the compiler that may be wrong, is the
//! monitor's, over the copy, with every access checked (`walk.rs`). Names are looked up when
//! the report is printed ([`Backtrace`](super::Backtrace)).
//!
//! # In time
//!
//! The monitor never waits for an answer. It asks a sample or two before a report is due
//! ([`Stack::ask`]) and takes what has come by then ([`Stack::take`]). A thread that does not run in that
//! time, in uninterruptible sleep, on an overloaded machine, or with the signal blocked, has a report without
//! a stack.
//!
//! # The races
//!
//! *The poll ends before the signal comes.* The question bears the number of the poll. An answer counts if
//! it is to a question of the poll that is reported, and if that poll still goes on *after* the
//! answer was taken: then it went on while the handler ran, too, since the count only rises.
//!
//! *The thread ends before the signal comes*, and another one has its number. A worker
//! that leaves takes the lock under which signals are sent ([`Stack::unbind`]). So the thread
//! of a signal that was sent is still bound; if it leaves before the handler runs, the handler finds no mailbox and
//! does nothing. The mailbox itself is in the scheduler, which the bound thread keeps alive.
//!
//! *The handler comes late*, when the question was taken back or replaced, or the same signal is sent by
//! others: the mailbox's states decide (`mailbox.rs`), and a model shows that the sheet is one side's
//! at a time. A late signal that answers a newer question answers it truly.
//!
//! *Two runtimes ask at once.* Each worker has a mailbox of its own, found through a thread-local. No
//! state but the number of the signal is shared.
//!
//! *The stack is another one*: that of a coroutine, or of a signal handler of the user's. A thread that is
//! bound asks the system where its stack lies. A stack pointer outside of it copies no words. Inside,
//! everything up to the end is in use and stays mapped while the thread lives. (The mapping around it
//! would not do as a bound: the kernel joins neighbours, and who owns the neighbour may unmap it.)
//!
//! *Others want the signal.* See `signal.rs`.
//!
//! *The runtime is in a library loaded late.* Its thread-locals are then made when a thread first touches them, by the
//! allocator. A bound thread has touched them; only a signal that somebody else sends to another
//! thread could allocate in the handler.
//!
//! *Fork.* The child has one thread, which no monitor knows. Pending signals are not inherited.
//!
//! *Exec.* A signal that is sent to a worker while that replaces the program meets a new program without
//! the handler, and ends it. It takes a poll of 100 ms that then calls `exec`, in the same microseconds.
//!
//! # Rejected
//!
//! - *Walking in the handler*, by the C library's unwinder: it asks the loader for its list of objects. In
//!   older C libraries that takes a lock, which another thread may hold while it waits for the
//!   allocator, whose lock the interrupted code holds: profilers have met this deadlock again and again. And
//!   where tables are wrong, hand-written assembly for instance, it follows a wild pointer: the
//!   report of a stall would crash the server.
//! - *Following frame pointers*: most code is built without.
//! - *Keeping the thread in the handler until the walk is done*, which saves the copy: the walk needs locks that
//!   the thread may hold.
//! - *Tracing from a process beside this one*: needs privileges that servers do not have.

mod bounds;
mod objects;
mod registers;
mod signal;
#[cfg(test)]
mod tests;
mod walk;

use std::cell::Cell;
use std::ops::Range;
use std::ptr;

use super::Backtrace;
use super::mailbox::Mailbox;
use crate::primitive::sync::Mutex;
use registers::Registers;

/// As much of a stack as is copied; deeper callers are left out.
const MOST_WORDS: usize = 32 * 1024;

/// One worker's stack, for its monitor.
#[derive(Debug)]
pub(super) struct Stack {
    thread: Mutex<Option<BoundThread>>,
    mailbox: Mailbox<Snapshot>,
}

/// The thread that is the worker at present.
#[derive(Debug)]
struct BoundThread {
    id: signal::ThreadId,
    stack: Range<usize>,
    outer: *const Mailbox<Snapshot>,
}

// SAFETY: `outer` is only used by the thread that has set it.
unsafe impl Send for BoundThread {}

/// What the monitor asks, and what the handler answers.
#[derive(Debug, Default)]
struct Snapshot {
    /// The poll that the question is about.
    poll: u64,
    /// Where the stack lies that may be copied.
    stack: Range<usize>,
    registers: Registers,
    words: Box<[usize]>,
    /// How many of the words were copied, from the stack pointer on.
    copied: usize,
}

thread_local! {
    /// The mailbox of the worker whose thread this is; valid while it is bound. Neither lazy nor dropped: a
    /// signal handler reads it.
    static MAILBOX: Cell<*const Mailbox<Snapshot>> = const { Cell::new(ptr::null()) };
}

impl Stack {
    pub(super) fn new() -> Self {
        Stack {
            thread: Mutex::new(None),
            mailbox: Mailbox::new(Snapshot::default()),
        }
    }

    /// For the thread that becomes the worker. It calls [`unbind`](Self::unbind) before it is no more.
    pub(super) fn bind(&self) {
        *self.thread.lock() = Some(BoundThread {
            id: signal::this_thread(),
            stack: bounds::of_this_thread(),
            outer: MAILBOX.replace(&self.mailbox),
        });
    }

    /// For the same thread, when it ceases to be the worker.
    pub(super) fn unbind(&self) {
        let mut thread = self.thread.lock();
        if let Some(thread) = thread.take() {
            MAILBOX.set(thread.outer);
        }
        // It names the stack of this thread: the next one must not copy that.
        self.mailbox.withdraw();
    }

    /// For the monitor: asks the thread for its stack in the present poll.
    pub(super) fn ask(&self, poll: u64) {
        let thread = self.thread.lock();
        let Some(thread) = &*thread else { return };
        let Some(signal) = signal::ours() else { return };
        let asked = self.mailbox.ask(|snapshot| {
            snapshot.poll = poll;
            snapshot.stack = thread.stack.clone();
            if snapshot.words.is_empty() {
                snapshot.words = vec![0; MOST_WORDS].into();
            }
        });
        if asked {
            // If it cannot be sent, the question goes unanswered.
            signal.send(thread.id);
        }
    }

    /// For the monitor: the answer, if it has come and is to a question about this poll.
    pub(super) fn take(&self, poll: u64) -> Option<Backtrace> {
        let walk = |snapshot: &Snapshot| {
            (snapshot.poll == poll).then(|| Backtrace::new(walk::addresses(snapshot)))
        };
        self.mailbox.take(walk)?
    }
}

/// For the handler, on the interrupted thread.
fn answer(registers: &Registers) {
    // SAFETY: the pointer is set only while the thread is bound, and then its scheduler is there.
    if let Some(mailbox) = unsafe { MAILBOX.get().as_ref() } {
        mailbox.answer(|snapshot| snapshot.fill(registers));
    }
}

impl Snapshot {
    /// Runs in the handler: no lock, no allocation, no panic.
    fn fill(&mut self, registers: &Registers) {
        self.registers = *registers;
        self.copied = 0;
        let from = registers.stack_pointer();
        if !self.stack.contains(&from) || from % size_of::<usize>() != 0 {
            return;
        }
        let available = (self.stack.end - from) / size_of::<usize>();
        let stack = ptr::with_exposed_provenance::<usize>(from);
        for (index, word) in self.words.iter_mut().enumerate().take(available) {
            // SAFETY: between the stack pointer and the end of the stack all is mapped, and this thread's own;
            // volatile, since what lies there is nothing the compiler knows of.
            *word = unsafe { stack.add(index).read_volatile() };
            self.copied = index + 1;
        }
    }

    /// The copied word that was at this address.
    fn word_at(&self, address: usize) -> Option<usize> {
        let offset = address.checked_sub(self.registers.stack_pointer())?;
        let index = offset / size_of::<usize>();
        let is_aligned = offset % size_of::<usize>() == 0;
        let copied = self.words.get(..self.copied)?;
        copied.get(index).copied().filter(|_| is_aligned)
    }
}
