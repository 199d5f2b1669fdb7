//! Pointers to a locked value that live with what keeps it locked: the inside of every guard.

use std::ops::{Deref, DerefMut};

/// A value that nobody else touches while `held` lives.
///
/// Neither `Send` nor `Sync`: each guard says itself when it is.
pub(super) struct ExclusiveAccess<H, T: ?Sized> {
    held: H,
    value: *mut T,
}

/// A value that nobody changes while `held` lives.
pub(super) struct SharedAccess<H, T: ?Sized> {
    held: H,
    value: *const T,
}

impl<H, T: ?Sized> ExclusiveAccess<H, T> {
    /// # Safety
    ///
    /// While `held` lives `value` is valid, and is reached through the result alone.
    #[inline]
    pub(super) unsafe fn new(held: H, value: *mut T) -> Self {
        ExclusiveAccess { held, value }
    }

    pub(super) fn held(&self) -> &H {
        &self.held
    }

    pub(super) fn map<U: ?Sized>(
        mut self,
        f: impl FnOnce(&mut T) -> &mut U,
    ) -> ExclusiveAccess<H, U> {
        let value: *mut U = f(&mut self);
        ExclusiveAccess {
            held: self.held,
            value,
        }
    }

    pub(super) fn try_map<U: ?Sized>(
        mut self,
        f: impl FnOnce(&mut T) -> Option<&mut U>,
    ) -> Result<ExclusiveAccess<H, U>, Self> {
        let value: *mut U = match f(&mut self) {
            Some(value) => value,
            None => return Err(self),
        };
        Ok(ExclusiveAccess {
            held: self.held,
            value,
        })
    }

    /// Lets `lessen` turn what is held into something that keeps the value locked as well.
    pub(super) fn map_held<K>(self, lessen: impl FnOnce(H) -> K) -> ExclusiveAccess<K, T> {
        ExclusiveAccess {
            held: lessen(self.held),
            value: self.value,
        }
    }

    /// Gives up that the value may be changed, once `f` has run.
    pub(super) fn share<U: ?Sized>(self, f: impl FnOnce(&T) -> &U) -> SharedAccess<H, U> {
        let value: *const U = f(&self);
        SharedAccess {
            held: self.held,
            value,
        }
    }

    pub(super) fn try_share<U: ?Sized>(
        self,
        f: impl FnOnce(&T) -> Option<&U>,
    ) -> Result<SharedAccess<H, U>, Self> {
        let value: *const U = match f(&self) {
            Some(value) => value,
            None => return Err(self),
        };
        Ok(SharedAccess {
            held: self.held,
            value,
        })
    }
}

impl<H, T: ?Sized> SharedAccess<H, T> {
    /// # Safety
    ///
    /// While `held` lives `value` is valid and unchanged.
    #[inline]
    pub(super) unsafe fn new(held: H, value: *const T) -> Self {
        SharedAccess { held, value }
    }

    pub(super) fn held(&self) -> &H {
        &self.held
    }

    pub(super) fn map<U: ?Sized>(self, f: impl FnOnce(&T) -> &U) -> SharedAccess<H, U> {
        let value: *const U = f(&self);
        SharedAccess {
            held: self.held,
            value,
        }
    }

    pub(super) fn try_map<U: ?Sized>(
        self,
        f: impl FnOnce(&T) -> Option<&U>,
    ) -> Result<SharedAccess<H, U>, Self> {
        let value: *const U = match f(&self) {
            Some(value) => value,
            None => return Err(self),
        };
        Ok(SharedAccess {
            held: self.held,
            value,
        })
    }

    /// Lets `lessen` turn what is held into something that keeps the value unchanged as well.
    pub(super) fn map_held<K>(self, lessen: impl FnOnce(H) -> K) -> SharedAccess<K, T> {
        SharedAccess {
            held: lessen(self.held),
            value: self.value,
        }
    }
}

impl<H, T: ?Sized> Deref for ExclusiveAccess<H, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: the promise of `new`, and `held` lives.
        unsafe { &*self.value }
    }
}

impl<H, T: ?Sized> DerefMut for ExclusiveAccess<H, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the promise of `new`, and `self` is borrowed mutably.
        unsafe { &mut *self.value }
    }
}

impl<H, T: ?Sized> Deref for SharedAccess<H, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: the promise of `new`, and `held` lives.
        unsafe { &*self.value }
    }
}

/// What every guard does by way of the access in its field `access`: it is the value, and prints as
/// it. Guards of an [`ExclusiveAccess`] have `mut` in front.
macro_rules! guard {
    (impl [$($generics:tt)*] mut $guard:ty => $value:ident) => {
        crate::sync::access::guard!(impl [$($generics)*] $guard => $value);

        impl<$($generics)*> std::ops::DerefMut for $guard {
            #[inline]
            fn deref_mut(&mut self) -> &mut $value {
                &mut self.access
            }
        }
    };
    (impl [$($generics:tt)*] $guard:ty => $value:ident) => {
        impl<$($generics)*> std::ops::Deref for $guard {
            type Target = $value;

            #[inline]
            fn deref(&self) -> &$value {
                &self.access
            }
        }

        impl<$($generics)*> std::fmt::Debug for $guard
        where
            $value: std::fmt::Debug,
        {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                (**self).fmt(f)
            }
        }

        impl<$($generics)*> std::fmt::Display for $guard
        where
            $value: std::fmt::Display,
        {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                (**self).fmt(f)
            }
        }
    };
}
pub(super) use guard;
