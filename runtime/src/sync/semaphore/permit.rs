//! Permits of a semaphore, borrowed and owned.

use std::ptr;

use super::Semaphore;
use crate::primitive::StdArc as Arc;
use crate::sync::lease::Lease;

/// Some permits of a [`Semaphore`]; they go back when this is dropped.
#[must_use = "if unused the permits go back at once"]
#[clippy::has_significant_drop]
#[derive(Debug)]
pub struct SemaphorePermit<'a> {
    lease: Lease<&'a Semaphore, usize>,
}

/// Some permits of a [`Semaphore`], which they keep alive; they go back when this is dropped.
#[must_use = "if unused the permits go back at once"]
#[clippy::has_significant_drop]
#[derive(Debug)]
pub struct OwnedSemaphorePermit {
    lease: Lease<Arc<Semaphore>, usize>,
}

/// The methods that both kinds have; they differ in how they hold the semaphore.
macro_rules! permit {
    ([$($lifetime:lifetime)?] $permit:ident $semaphore:ty) => {
        impl$(<$lifetime>)? $permit$(<$lifetime>)? {
            pub(super) fn new(lease: Lease<$semaphore, usize>) -> Self {
                $permit { lease }
            }

            /// Drops this without giving the permits back: the semaphore has fewer from now on.
            pub fn forget(mut self) {
                self.lease.take_all();
            }

            /// Adds the permits of `other` to these.
            ///
            /// # Panics
            ///
            /// If they come from another semaphore.
            #[track_caller]
            pub fn merge(&mut self, mut other: Self) {
                assert!(
                    ptr::eq(&**self.lease.lender(), &**other.lease.lender()),
                    "these permits are of two semaphores: merge those of one"
                );
                self.lease.add(other.lease.take_all());
            }

            /// Takes `n` of these permits out, if there are that many.
            pub fn split(&mut self, n: usize) -> Option<Self> {
                (n <= self.num_permits()).then(|| $permit::new(self.lease.split(n)))
            }

            /// Returns how many permits these are.
            pub fn num_permits(&self) -> usize {
                self.lease.count()
            }
        }
    };
}

permit!(['a] SemaphorePermit &'a Semaphore);
permit!([] OwnedSemaphorePermit Arc<Semaphore>);

impl SemaphorePermit<'_> {
    /// Returns the semaphore that the permits are of.
    pub fn semaphore(&self) -> &Semaphore {
        self.lease.lender()
    }
}

impl OwnedSemaphorePermit {
    /// Returns the semaphore that the permits are of.
    pub fn semaphore(&self) -> &Arc<Semaphore> {
        self.lease.lender()
    }
}
