//! The part of a task that has the same shape for every future.

use std::cell::UnsafeCell;
use std::fmt;
use std::mem;
use std::panic::Location;
use std::ptr::NonNull;
use std::task::Poll;

use super::join_waker::JoinWaker;
use super::state::State;
use super::traced::SpanId;
use super::{Id, JoinError};
use crate::current;
use crate::util::list::{Links, Node};

/// The front of every task; pointers to tasks are pointers to it.
#[repr(C)]
pub(super) struct Header {
    pub(super) state: State,
    pub(super) vtable: &'static Vtable,
    pub(super) meta: Meta,
    pub(super) span: SpanId,
    /// Guarded by the lock of the live list that the task is in. In a cell, because it changes while the task is
    /// borrowed: by its own poll, for one, that spawns a neighbour.
    links: UnsafeCell<Links<Header>>,
    pub(super) join_waker: JoinWaker,
}

/// What a task can be told apart by; written once, at its birth.
#[derive(Clone, Debug)]
pub(crate) struct Meta {
    pub(crate) id: Id,
    /// The task that spawned it; zero if none did.
    pub(crate) parent: u64,
    pub(crate) location: &'static Location<'static>,
    pub(crate) name: Option<Box<str>>,
}

impl Meta {
    /// For a task that the present code spawns, from the caller's line.
    #[inline]
    #[track_caller]
    pub(crate) fn here(name: Option<Box<str>>) -> Meta {
        Meta {
            id: Id::next(),
            parent: current::task(),
            location: Location::caller(),
            name,
        }
    }
}

/// What depends on the types of the future and the scheduler. Each entry takes a live task.
pub(super) struct Vtable {
    /// Runs a task whose queued reference the caller gives up.
    pub(super) run: unsafe fn(NonNull<Header>),
    /// Hands a queued reference to the scheduler.
    pub(super) schedule: unsafe fn(NonNull<Header>),
    /// Drops the future if nobody runs it, and completes; the caller gives up one reference.
    pub(super) shutdown: unsafe fn(NonNull<Header>),
    /// Moves the outcome out; for the join handle, once complete.
    pub(super) take_outcome: TakeOutcome,
    /// Drops the outcome that nobody will read.
    pub(super) drop_outcome: unsafe fn(NonNull<Header>),
    /// Frees a task without references.
    pub(super) dealloc: unsafe fn(NonNull<Header>),
}

/// Gives a task's outcome, and is always ready: what a join handle answers needs no move then.
type Take<T> = unsafe fn(NonNull<Header>) -> Poll<Result<T, JoinError>>;

/// A [`Take`] that has forgotten its `T`.
#[derive(Clone, Copy)]
pub(super) struct TakeOutcome(unsafe fn());

impl TakeOutcome {
    pub(super) const fn new<T>(take: Take<T>) -> Self {
        // SAFETY: pointers to functions are all alike; it is called only after the way back.
        TakeOutcome(unsafe { mem::transmute::<Take<T>, unsafe fn()>(take) })
    }

    /// # Safety
    ///
    /// `task` is complete, its stage the caller's, and its output a `T`.
    #[inline]
    pub(super) unsafe fn call<T>(self, task: NonNull<Header>) -> Poll<Result<T, JoinError>> {
        // SAFETY: the output is a `T`, so this is the type that the function was made with.
        unsafe { mem::transmute::<unsafe fn(), Take<T>>(self.0)(task) }
    }
}

impl Header {
    #[inline]
    pub(super) fn new(vtable: &'static Vtable, meta: Meta, span: SpanId) -> Self {
        Header {
            state: State::new(),
            vtable,
            meta,
            span,
            links: UnsafeCell::new(Links::new()),
            join_waker: JoinWaker::new(),
        }
    }
}

// SAFETY: only `List` touches `links`, which are in a cell and change only under the list's lock.
unsafe impl Node for Header {
    unsafe fn links(node: NonNull<Self>) -> NonNull<Links<Self>> {
        // SAFETY: the node is live; no reference to it is made, and others may borrow what is not in the cell.
        unsafe {
            let links = &raw const (*node.as_ptr()).links;
            NonNull::new_unchecked(UnsafeCell::raw_get(links))
        }
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task")
            .field("id", &self.meta.id)
            .field("parent", &self.meta.parent)
            .field("name", &self.meta.name)
            .field("location", &format_args!("{}", self.meta.location))
            .field("state", &self.state)
            .finish()
    }
}
