//! Permits of a semaphore, borrowed and owned.

use std::ptr;

use super::Semaphore;
use crate::primitive::StdArc as Arc;
use crate::sync::lease::Lease;

/// Some permits of a [`Semaphore`]; they go back when this is dropped.
///
/// # Examples
///
/// ```
/// use runtime::sync::{Semaphore, SemaphorePermit};
///
/// # #[runtime::main]
/// # async fn main() {
/// let semaphore = Semaphore::new(1);
/// let permit: SemaphorePermit<'_> = semaphore.acquire().await.unwrap();
/// assert_eq!(semaphore.available_permits(), 0);
/// drop(permit);
/// assert_eq!(semaphore.available_permits(), 1);
/// # }
/// ```
#[must_use = "if unused the permits go back at once"]
#[clippy::has_significant_drop]
#[derive(Debug)]
pub struct SemaphorePermit<'a> {
    lease: Lease<&'a Semaphore, usize>,
}

/// Some permits of a [`Semaphore`], which they keep alive; they go back when this is dropped.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use runtime::sync::{OwnedSemaphorePermit, Semaphore};
///
/// # #[runtime::main]
/// # async fn main() {
/// async fn work(_permit: OwnedSemaphorePermit) {}
///
/// let semaphore = Arc::new(Semaphore::new(1));
/// let permit = semaphore.clone().acquire_owned().await.unwrap();
/// runtime::spawn(work(permit)).await.unwrap();
/// assert_eq!(semaphore.available_permits(), 1);
/// # }
/// ```
#[must_use = "if unused the permits go back at once"]
#[clippy::has_significant_drop]
#[derive(Debug)]
pub struct OwnedSemaphorePermit {
    lease: Lease<Arc<Semaphore>, usize>,
}

/// The methods that both kinds have; they differ in how they hold the semaphore, and are taken by
/// the call `$take` in the examples.
macro_rules! permit {
    ([$($lifetime:lifetime)?] $permit:ident $semaphore:ty, $take:literal) => {
        impl$(<$lifetime>)? $permit$(<$lifetime>)? {
            pub(super) fn new(lease: Lease<$semaphore, usize>) -> Self {
                $permit { lease }
            }

            /// Drops this without giving the permits back: the semaphore has fewer from now on.
            ///
            /// # Examples
            ///
            /// ```
            /// # use std::sync::Arc;
            /// use runtime::sync::Semaphore;
            ///
            /// let semaphore = Arc::new(Semaphore::new(3));
            #[doc = concat!("let permits = semaphore", $take, "(2).unwrap();")]
            /// permits.forget();
            /// assert_eq!(semaphore.available_permits(), 1); // and so it stays
            /// ```
            pub fn forget(mut self) {
                self.lease.take_all();
            }

            /// Adds the permits of `other` to these.
            ///
            /// # Panics
            ///
            /// If they come from another semaphore.
            ///
            /// # Examples
            ///
            /// ```
            /// # use std::sync::Arc;
            /// use runtime::sync::Semaphore;
            ///
            /// let semaphore = Arc::new(Semaphore::new(3));
            #[doc = concat!("let mut permits = semaphore", $take, "(1).unwrap();")]
            #[doc = concat!("let more = semaphore", $take, "(2).unwrap();")]
            /// permits.merge(more);
            /// assert_eq!(permits.num_permits(), 3);
            /// ```
            #[track_caller]
            pub fn merge(&mut self, mut other: Self) {
                assert!(
                    ptr::eq(&**self.lease.lender(), &**other.lease.lender()),
                    "these permits are of two semaphores: merge those of one"
                );
                self.lease.add(other.lease.take_all());
            }

            /// Takes `n` of these permits out, if there are that many.
            ///
            /// # Examples
            ///
            /// ```
            /// # use std::sync::Arc;
            /// use runtime::sync::Semaphore;
            ///
            /// let semaphore = Arc::new(Semaphore::new(3));
            #[doc = concat!("let mut permits = semaphore", $take, "(3).unwrap();")]
            /// let one = permits.split(1).unwrap();
            /// drop(permits); // gives two back
            /// assert_eq!(semaphore.available_permits(), 2);
            /// # drop(one);
            /// ```
            pub fn split(&mut self, n: usize) -> Option<Self> {
                (n <= self.num_permits()).then(|| $permit::new(self.lease.split(n)))
            }

            /// Returns how many permits these are.
            ///
            /// # Examples
            ///
            /// ```
            /// # use std::sync::Arc;
            /// use runtime::sync::Semaphore;
            ///
            /// let semaphore = Arc::new(Semaphore::new(3));
            #[doc = concat!("let permits = semaphore", $take, "(2).unwrap();")]
            /// assert_eq!(permits.num_permits(), 2);
            /// ```
            pub fn num_permits(&self) -> usize {
                self.lease.count()
            }
        }
    };
}

permit!(['a] SemaphorePermit &'a Semaphore, ".try_acquire_many");
permit!([] OwnedSemaphorePermit Arc<Semaphore>, ".clone().try_acquire_many_owned");

impl SemaphorePermit<'_> {
    /// Returns the semaphore that the permits are of.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::Semaphore;
    ///
    /// let semaphore = Semaphore::new(3);
    /// let permit = semaphore.try_acquire().unwrap();
    /// assert_eq!(permit.semaphore().available_permits(), 2);
    /// ```
    pub fn semaphore(&self) -> &Semaphore {
        self.lease.lender()
    }
}

impl OwnedSemaphorePermit {
    /// Returns the semaphore that the permits are of.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::Semaphore;
    ///
    /// let semaphore = Arc::new(Semaphore::new(3));
    /// let permit = semaphore.clone().try_acquire_owned().unwrap();
    /// assert!(Arc::ptr_eq(permit.semaphore(), &semaphore));
    /// ```
    pub fn semaphore(&self) -> &Arc<Semaphore> {
        self.lease.lender()
    }
}
