//! Access to the value of a watch channel.

use std::ops::Deref;

use crate::primitive::sync::RwLockReadGuard;

/// The current value, locked for reading: senders block until it is dropped.
///
/// # Examples
///
/// ```
/// use runtime::sync::watch;
///
/// let (_sender, receiver) = watch::channel(String::from("value"));
/// let value: watch::Ref<'_, String> = receiver.borrow();
/// assert_eq!(value.len(), 5); // it is the value
/// drop(value); // now it may be replaced
/// ```
#[derive(Debug)]
pub struct Ref<'a, T> {
    value: RwLockReadGuard<'a, T>,
    has_changed: bool,
}

impl<'a, T> Ref<'a, T> {
    pub(super) fn new(value: RwLockReadGuard<'a, T>, has_changed: bool) -> Self {
        Ref { value, has_changed }
    }

    /// Returns whether the receiver had not seen the value when it borrowed it; `false` if a
    /// sender borrowed it.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::watch;
    ///
    /// let (sender, mut receiver) = watch::channel(1);
    /// sender.send(2).unwrap();
    /// assert!(receiver.borrow_and_update().has_changed());
    /// assert!(!receiver.borrow().has_changed());
    /// ```
    pub fn has_changed(&self) -> bool {
        self.has_changed
    }
}

impl<T> Deref for Ref<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
