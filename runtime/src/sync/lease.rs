//! Permits that somebody holds, and that go back when they are dropped.
//!
//! Every guard has a lease inside. Guards themselves have no `Drop`, so a guard is mapped by moving
//! its lease into the new one.

use std::mem;
use std::ops::Deref;

use crate::sync::permits::Permits;

/// What permits can be leased from.
pub(super) trait Lender {
    fn permits(&self) -> &Permits;
}

impl Lender for Permits {
    fn permits(&self) -> &Permits {
        self
    }
}

/// How many permits a lease is for: a number, or [`One`].
pub(super) trait Count: Copy {
    fn get(self) -> usize;
}

impl Count for usize {
    fn get(self) -> usize {
        self
    }
}

/// One permit, known at compile time.
#[derive(Clone, Copy, Debug)]
pub(super) struct One;

impl Count for One {
    fn get(self) -> usize {
        1
    }
}

/// So many permits of what `L` points to.
#[derive(Debug)]
pub(super) struct Lease<L: Deref<Target: Lender>, C: Count> {
    lender: L,
    count: C,
}

impl<L: Deref<Target: Lender>, C: Count> Lease<L, C> {
    /// Takes charge of permits that the caller has just acquired.
    pub(super) fn new(lender: L, count: C) -> Self {
        Lease { lender, count }
    }

    pub(super) fn lender(&self) -> &L {
        &self.lender
    }

    pub(super) fn count(&self) -> usize {
        self.count.get()
    }
}

impl<L: Deref<Target: Lender> + Clone> Lease<L, usize> {
    /// Takes `part` out of this lease, which must have that many.
    pub(super) fn split<C: Count>(&mut self, part: C) -> Lease<L, C> {
        self.count -= part.get();
        Lease::new(self.lender.clone(), part)
    }

    /// Gives all but one permit back.
    pub(super) fn keep_one(mut self) -> Lease<L, One> {
        self.split(One)
    }
}

impl<L: Deref<Target: Lender>> Lease<L, usize> {
    /// Leaves this lease without any permits; answers how many it had.
    pub(super) fn take_all(&mut self) -> usize {
        mem::take(&mut self.count)
    }

    pub(super) fn add(&mut self, permits: usize) {
        // No overflow: all of them came from one lender.
        self.count += permits;
    }
}

impl<'a, T: Lender + ?Sized, C: Count> Lease<&'a T, C> {
    /// The same lease, of something that knows less.
    pub(super) fn of_permits(self) -> Lease<&'a Permits, C> {
        let lease = Lease::new(self.lender.permits(), self.count);
        mem::forget(self);
        lease
    }
}

impl<L: Deref<Target: Lender>, C: Count> Drop for Lease<L, C> {
    #[inline]
    fn drop(&mut self) {
        self.lender.permits().release(self.count.get());
    }
}
