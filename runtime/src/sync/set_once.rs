//! A value that is set once, and that tasks wait for.
//!
//! `is_set` is the only way to the value: it is stored after the value is written, and never changes
//! again. Setters take turns under a lock, so a setter that is refused finds the value there.

use std::error::Error;
use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};

use super::notify::{Notify, Wait};
use crate::coop::cooperative;
use crate::primitive::cell::UnsafeCell;
use crate::primitive::const_unless_model;
use crate::primitive::sync::Mutex;
use crate::primitive::sync::atomic::{AtomicBool, Ordering};

/// A cell that is written once and then read without a lock, and for whose value tasks can wait.
///
/// Several may try to set it; the first wins. To compute the value when it is first needed, see `OnceCell`.
///
/// # Examples
///
/// ```
/// use runtime::sync::SetOnce;
///
/// static ADDRESS: SetOnce<String> = SetOnce::const_new();
///
/// #[runtime::main]
/// async fn main() {
///     let reader = runtime::spawn(async { ADDRESS.wait().await.len() });
///     ADDRESS.set(String::from("[::1]:80")).unwrap();
///     assert_eq!(reader.await.unwrap(), 8);
/// }
/// ```
pub struct SetOnce<T> {
    value: UnsafeCell<Option<T>>,
    is_set: AtomicBool,
    setter: Mutex<()>,
    set: Notify,
}

// SAFETY: whoever shares the cell may send a value in and read references to it.
unsafe impl<T: Send + Sync> Sync for SetOnce<T> {}

impl<T> SetOnce<T> {
    /// Makes an empty cell.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::SetOnce;
    ///
    /// let cell = SetOnce::<u32>::new();
    /// assert_eq!(cell.get(), None);
    /// ```
    pub fn new() -> Self {
        SetOnce::new_with(None)
    }

    /// Makes a cell that has `value` already, if it is `Some`.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::SetOnce;
    ///
    /// assert_eq!(SetOnce::new_with(Some(1)).get(), Some(&1));
    /// assert_eq!(SetOnce::<u32>::new_with(None).get(), None);
    /// ```
    pub fn new_with(value: Option<T>) -> Self {
        SetOnce::filled(value.is_some(), value)
    }

    const_unless_model! {
        /// Makes an empty cell, as a constant.
        ///
        /// # Examples
        ///
        /// ```
        /// use runtime::sync::SetOnce;
        ///
        /// # #[runtime::main]
        /// # async fn main() {
        /// static ADDRESS: SetOnce<String> = SetOnce::const_new();
        ///
        /// runtime::spawn(async { ADDRESS.set(String::from("localhost:80")) });
        /// assert_eq!(ADDRESS.wait().await, "localhost:80");
        /// # }
        /// ```
        pub const fn const_new() -> Self {
            SetOnce::filled(false, None)
        }
    }

    const_unless_model! {
        /// Makes a cell that has its value, as a constant.
        ///
        /// # Examples
        ///
        /// ```
        /// use runtime::sync::SetOnce;
        ///
        /// static LIMIT: SetOnce<u32> = SetOnce::const_new_with(10);
        /// assert_eq!(LIMIT.get(), Some(&10));
        /// ```
        pub const fn const_new_with(value: T) -> Self {
            SetOnce::filled(true, Some(value))
        }
    }

    const_unless_model! {
        const fn filled(is_set: bool, value: Option<T>) -> Self {
            SetOnce {
                value: UnsafeCell::new(value),
                is_set: AtomicBool::new(is_set),
                setter: Mutex::new(()),
                set: Notify::const_new(),
            }
        }
    }

    /// Returns whether the value is there.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::SetOnce;
    ///
    /// let cell = SetOnce::new();
    /// assert!(!cell.initialized());
    /// cell.set(1).unwrap();
    /// assert!(cell.initialized());
    /// ```
    pub fn initialized(&self) -> bool {
        // Acquire: pairs with the Release of `set`.
        self.is_set.load(Ordering::Acquire)
    }

    /// Returns the value, if it is there.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::SetOnce;
    ///
    /// let cell = SetOnce::new();
    /// assert_eq!(cell.get(), None);
    /// cell.set(1).unwrap();
    /// assert_eq!(cell.get(), Some(&1));
    /// ```
    pub fn get(&self) -> Option<&T> {
        if !self.initialized() {
            return None;
        }
        // SAFETY: it is written before `is_set` is, and never again.
        self.value.with(|value| unsafe { (*value).as_ref() })
    }

    /// Sets the value and wakes all who wait for it.
    ///
    /// # Errors
    ///
    /// If the cell has a value; `value` comes back in the error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::SetOnce;
    ///
    /// let cell = SetOnce::new();
    /// assert!(cell.set("first").is_ok());
    /// assert_eq!(cell.set("late").unwrap_err().0, "late");
    /// ```
    pub fn set(&self, value: T) -> Result<(), SetOnceError<T>> {
        self.write(value).map_err(SetOnceError)?;
        self.set.notify_waiters();
        Ok(())
    }

    fn write(&self, value: T) -> Result<(), T> {
        let _setter = self.setter.lock();
        if self.initialized() {
            return Err(value);
        }
        // SAFETY: nobody else writes while the lock is held, and nobody reads before `is_set` says so. What is
        // overwritten is `None`.
        self.value.with_mut(|place| unsafe { *place = Some(value) });
        // Release: publishes the value.
        self.is_set.store(true, Ordering::Release);
        Ok(())
    }

    /// Returns the value, if there is one.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::SetOnce;
    ///
    /// let cell = SetOnce::new_with(Some("value"));
    /// assert_eq!(cell.into_inner(), Some("value"));
    /// ```
    pub fn into_inner(self) -> Option<T> {
        // SAFETY: the cell belongs to the caller.
        self.value.with_mut(|value| unsafe { (*value).take() })
    }

    /// Waits until the value is there.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::SetOnce;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let cell = Arc::new(SetOnce::new());
    /// let waiting = runtime::spawn({
    ///     let cell = cell.clone();
    ///     async move { *cell.wait().await }
    /// });
    /// cell.set(1).unwrap();
    /// assert_eq!(waiting.await.unwrap(), 1);
    /// # }
    /// ```
    pub async fn wait(&self) -> &T {
        cooperative(self.wait_for_notice()).await
    }

    async fn wait_for_notice(&self) -> &T {
        loop {
            // Made before the look, so that it hears of whatever the look misses.
            let notice = Wait::new(&self.set);
            match self.get() {
                Some(value) => return value,
                None => notice.await,
            }
        }
    }
}

impl<T> Default for SetOnce<T> {
    fn default() -> Self {
        SetOnce::new()
    }
}

impl<T> From<T> for SetOnce<T> {
    fn from(value: T) -> Self {
        SetOnce::new_with(Some(value))
    }
}

impl<T: Clone> Clone for SetOnce<T> {
    /// Makes a cell of its own with a copy of the value, if there is one.
    fn clone(&self) -> Self {
        SetOnce::new_with(self.get().cloned())
    }
}

impl<T: PartialEq> PartialEq for SetOnce<T> {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl<T: Eq> Eq for SetOnce<T> {}

// A panic leaves the value there or not there. What it may have broken is inside the value.
impl<T: UnwindSafe> UnwindSafe for SetOnce<T> {}
impl<T: UnwindSafe + RefUnwindSafe> RefUnwindSafe for SetOnce<T> {}

impl<T: fmt::Debug> fmt::Debug for SetOnce<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetOnce")
            .field("value", &self.get())
            .finish()
    }
}

/// The error of [`SetOnce::set`], with the value that came too late.
///
/// # Examples
///
/// ```
/// use runtime::sync::{SetOnce, SetOnceError};
///
/// let cell = SetOnce::new_with(Some(1));
/// let SetOnceError(late) = cell.set(2).unwrap_err();
/// assert_eq!(late, 2);
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct SetOnceError<T>(pub T);

impl<T> fmt::Display for SetOnceError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the cell has a value already")
    }
}

impl<T: fmt::Debug> Error for SetOnceError<T> {}

#[cfg(all(test, runtime_loom))]
mod loom_models {
    use super::SetOnce;
    use loom::future::block_on;
    use loom::thread;
    use std::sync::Arc;

    #[test]
    fn who_waits_sees_the_value_of_the_one_who_set_it() {
        loom::model(|| {
            let cell = Arc::new(SetOnce::new());
            let setters = [1, 2].map(|value| {
                let cell = cell.clone();
                thread::spawn(move || {
                    let was_first = cell.set(value).is_ok();
                    assert!(cell.get().is_some(), "one of the two has set it");
                    was_first.then_some(value)
                })
            });
            let seen = *block_on(cell.wait());
            let set: Vec<u32> = setters
                .into_iter()
                .filter_map(|setter| setter.join().unwrap())
                .collect();
            assert_eq!(set, [seen]);
        });
    }
}
