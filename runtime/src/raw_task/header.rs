//! The part of a task that has the same shape for every future.

use std::fmt;
use std::panic::Location;
use std::ptr::NonNull;

use super::Id;
use super::join_waker::JoinWaker;
use super::state::State;
use crate::current;
use crate::util::list::{Links, Node};

/// The front of every task; pointers to tasks are pointers to it.
#[repr(C)]
pub(super) struct Header {
    pub(super) state: State,
    pub(super) vtable: &'static Vtable,
    pub(super) meta: Meta,
    /// Guarded by the lock of the live list that the task is in.
    links: Links<Header>,
    pub(super) join_waker: JoinWaker,
}

/// What a task can be told apart by; written once, at its birth.
#[derive(Debug)]
pub(crate) struct Meta {
    pub(crate) id: Id,
    /// The task that spawned it; zero if none did.
    pub(crate) parent: u64,
    pub(crate) location: &'static Location<'static>,
    pub(crate) name: Option<Box<str>>,
}

impl Meta {
    /// For a task that the present code spawns, from the caller's line.
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
    /// Moves the outcome to `*mut Poll<Result<T, JoinError>>`; for the join handle, once complete.
    pub(super) take_outcome: unsafe fn(NonNull<Header>, *mut ()),
    /// Drops the outcome that nobody will read.
    pub(super) drop_outcome: unsafe fn(NonNull<Header>),
    /// Frees a task without references.
    pub(super) dealloc: unsafe fn(NonNull<Header>),
}

impl Header {
    pub(super) fn new(vtable: &'static Vtable, meta: Meta) -> Self {
        Header {
            state: State::new(),
            vtable,
            meta,
            links: Links::new(),
            join_waker: JoinWaker::new(),
        }
    }
}

// SAFETY: only `List` touches `links`.
unsafe impl Node for Header {
    unsafe fn links(node: NonNull<Self>) -> NonNull<Links<Self>> {
        // SAFETY: the node is live; no reference to the rest of it is made.
        unsafe { NonNull::new_unchecked(&raw mut (*node.as_ptr()).links) }
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
