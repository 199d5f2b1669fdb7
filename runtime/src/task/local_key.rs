//! Values that belong to a task, or to any other future, and are found by name inside it.
//!
//! The value lies in a future that wraps the user's. For the length of each poll it is swapped into a
//! thread-local, where the name leads, and what was there before into the future: so scopes
//! of one key nest. The swap back is in a drop, and happens also if the poll panics.

use std::cell::{BorrowMutError, RefCell};
use std::fmt;
use std::marker::PhantomPinned;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;

use pin_project_lite::pin_project;

/// Declares task-local values: `[pub] static NAME: Type;`, any number of them.
///
/// Each becomes a [`LocalKey`](crate::task::LocalKey), which gives a value to the future in
/// its [`scope`](crate::task::LocalKey::scope).
///
/// # Examples
///
/// ```
/// runtime::task_local! {
///     static REQUEST: u64;
/// }
///
/// async fn handle() -> String {
///     format!("request {}", REQUEST.get())
/// }
///
/// #[runtime::main]
/// async fn main() {
///     let task = runtime::spawn(REQUEST.scope(7, handle()));
///     assert_eq!(task.await.unwrap(), "request 7");
/// }
/// ```
#[macro_export]
macro_rules! task_local {
    ($($(#[$attribute:meta])* $vis:vis static $name:ident: $type:ty);* $(;)?) => {
        $(
            $(#[$attribute])*
            $vis static $name: $crate::task::LocalKey<$type> = {
                ::std::thread_local! {
                    static VALUE: ::std::cell::RefCell<::std::option::Option<$type>> =
                        const { ::std::cell::RefCell::new(::std::option::Option::None) };
                }
                $crate::task::LocalKey { place: VALUE }
            };
        )*
    };
}

/// The name of a task-local value; declared by [`task_local!`](crate::task_local).
///
/// A task that is spawned inside a scope is outside it, unless it is given a scope of its own.
///
/// # Examples
///
/// ```
/// runtime::task_local! {
///     static USER: &'static str;
/// }
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// USER.scope("ferris", async {
///     assert_eq!(USER.get(), "ferris");
///     let outside = runtime::spawn(async { USER.try_get().is_err() });
///     let inside = runtime::spawn(USER.scope(USER.get(), async { USER.get() }));
///     assert!(outside.await.unwrap());
///     assert_eq!(inside.await.unwrap(), "ferris");
/// }).await;
/// # }
/// ```
pub struct LocalKey<T: 'static> {
    #[doc(hidden)]
    pub place: thread::LocalKey<RefCell<Option<T>>>,
}

impl<T: 'static> LocalKey<T> {
    /// Gives `value` to a future: inside `f`, and while it is dropped, the key leads to it.
    ///
    /// # Panics
    ///
    /// When it is polled while the value that it would hide is borrowed, inside
    /// [`with`](Self::with), or in the destructor of a thread-local.
    ///
    /// # Examples
    ///
    /// ```
    /// runtime::task_local! {
    ///     static DEPTH: u32;
    /// }
    ///
    /// #[runtime::main]
    /// async fn main() {
    ///     DEPTH.scope(1, async {
    ///         DEPTH.scope(2, async { assert_eq!(DEPTH.get(), 2) }).await;
    ///         assert_eq!(DEPTH.get(), 1);
    ///     }).await;
    /// }
    /// ```
    pub fn scope<F>(&'static self, value: T, f: F) -> TaskLocalFuture<T, F>
    where
        F: Future,
    {
        TaskLocalFuture {
            key: self,
            value: Some(value),
            future: Some(f),
            _pinned: PhantomPinned,
        }
    }

    /// Gives `value` to a closure, and returns what that returns.
    ///
    /// # Panics
    ///
    /// If the value that it would hide is borrowed, inside [`with`](Self::with), in the
    /// destructor of a thread-local, or if the closure does.
    ///
    /// # Examples
    ///
    /// ```
    /// runtime::task_local! {
    ///     static DEPTH: u32;
    /// }
    ///
    /// let doubled = DEPTH.sync_scope(3, || DEPTH.get() * 2);
    /// assert_eq!(doubled, 6);
    /// assert!(DEPTH.try_get().is_err());
    /// ```
    #[track_caller]
    pub fn sync_scope<F, R>(&'static self, value: T, f: F) -> R
    where
        F: FnOnce() -> R,
    {
        match self.enter(&mut Some(value), f) {
            Ok(output) => output,
            Err(error) => error.panic(),
        }
    }

    /// Calls `f` with the value.
    ///
    /// # Panics
    ///
    /// Outside a scope of the key, and if `f` does.
    ///
    /// # Examples
    ///
    /// A value that changes, and that nobody clones:
    ///
    /// ```
    ///
    /// use std::cell::RefCell;
    ///
    /// runtime::task_local! {
    ///     static LOG: RefCell<Vec<&'static str>>;
    /// }
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// LOG.scope(RefCell::default(), async {
    ///     LOG.with(|log| log.borrow_mut().push("began"));
    ///     runtime::task::yield_now().await;
    ///     LOG.with(|log| assert_eq!(*log.borrow(), ["began"]));
    /// }).await;
    /// # }
    /// ```
    #[track_caller]
    pub fn with<F, R>(&'static self, f: F) -> R
    where
        F: FnOnce(&T) -> R,
    {
        match self.try_with(f) {
            Ok(output) => output,
            Err(error) => panic!("{error}"),
        }
    }

    /// Calls `f` with the value.
    ///
    /// # Errors
    ///
    /// This is outside a scope of the key.
    ///
    /// # Examples
    ///
    /// ```
    /// runtime::task_local! {
    ///     static USER: String;
    /// }
    ///
    /// fn greeting() -> String {
    ///     let known = USER.try_with(|name| format!("hello, {name}"));
    ///     known.unwrap_or("hello, stranger".to_string())
    /// }
    ///
    /// assert_eq!(greeting(), "hello, stranger");
    /// assert_eq!(USER.sync_scope("ferris".to_string(), greeting), "hello, ferris");
    /// ```
    pub fn try_with<F, R>(&'static self, f: F) -> Result<R, AccessError>
    where
        F: FnOnce(&T) -> R,
    {
        let call = |place: &RefCell<Option<T>>| place.borrow().as_ref().map(f);
        self.place
            .try_with(call)
            .ok()
            .flatten()
            .ok_or(AccessError(()))
    }

    /// Swaps `value` in for the length of a call.
    fn enter<R>(
        &'static self,
        value: &mut Option<T>,
        f: impl FnOnce() -> R,
    ) -> Result<R, EnterError> {
        self.swap(value)?;
        let _leave = Leave { key: self, value };
        Ok(f())
    }

    fn swap(&'static self, value: &mut Option<T>) -> Result<(), EnterError> {
        self.place.try_with(|place| {
            mem::swap(&mut *place.try_borrow_mut()?, value);
            Ok(())
        })?
    }
}

impl<T: Clone + 'static> LocalKey<T> {
    /// Returns a clone of the value.
    ///
    /// # Panics
    ///
    /// Outside a scope of the key.
    #[track_caller]
    pub fn get(&'static self) -> T {
        self.with(T::clone)
    }

    /// Returns a clone of the value.
    ///
    /// # Errors
    ///
    /// This is outside a scope of the key.
    pub fn try_get(&'static self) -> Result<T, AccessError> {
        self.try_with(T::clone)
    }
}

impl<T: 'static> fmt::Debug for LocalKey<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalKey").finish_non_exhaustive()
    }
}

/// Swaps the values back when dropped.
struct Leave<'a, T: 'static> {
    key: &'static LocalKey<T>,
    value: &'a mut Option<T>,
}

impl<T> Drop for Leave<'_, T> {
    fn drop(&mut self) {
        // Entered, it is there; what borrows it has returned, as borrows are inside calls.
        let _ = self.key.swap(self.value);
    }
}

/// Why a scope cannot be entered.
enum EnterError {
    Borrowed,
    ThreadEnds,
}

impl EnterError {
    #[cold]
    #[track_caller]
    fn panic(&self) -> ! {
        match self {
            EnterError::Borrowed => panic!(
                "a task-local value cannot be hidden while it is borrowed: enter the scope outside \
                 `with`"
            ),
            EnterError::ThreadEnds => {
                panic!("this thread is about to end and has no task-local values any more")
            }
        }
    }
}

impl From<BorrowMutError> for EnterError {
    fn from(_: BorrowMutError) -> Self {
        EnterError::Borrowed
    }
}

impl From<thread::AccessError> for EnterError {
    fn from(_: thread::AccessError) -> Self {
        EnterError::ThreadEnds
    }
}

pin_project! {
    /// The future of [`LocalKey::scope`].
    ///
    /// # Cancel safety
    ///
    /// Dropping it drops the future inside the scope, and then the value.
    ///
    /// # Examples
    ///
    /// A future that is kept by its name, and ends at its value:
    ///
    /// ```
    ///
    /// use runtime::task::futures::TaskLocalFuture;
    ///
    /// runtime::task_local! {
    ///     static TRACE: u64;
    /// }
    ///
    /// fn traced<F: Future>(trace: u64, future: F) -> TaskLocalFuture<u64, F> {
    ///     TRACE.scope(trace, future)
    /// }
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// assert_eq!(traced(7, async { TRACE.get() + 1 }).await, 8);
    /// # }
    /// ```
    pub struct TaskLocalFuture<T: 'static, F> {
        key: &'static LocalKey<T>,
        value: Option<T>,
        #[pin]
        future: Option<F>,
        #[pin]
        _pinned: PhantomPinned,
    }

    impl<T: 'static, F> PinnedDrop for TaskLocalFuture<T, F> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            let mut future = this.future;
            if mem::needs_drop::<F>() && future.is_some() {
                // Where the scope cannot be entered the field's own drop follows.
                let _ = this.key.enter(this.value, || future.set(None));
            }
        }
    }
}

impl<T: 'static, F> TaskLocalFuture<T, F> {
    /// Takes the value out; `None` if it was taken before.
    ///
    /// The future may have ended or not; if it has not, it is outside a scope from then on.
    ///
    /// # Examples
    ///
    /// ```
    /// runtime::task_local! {
    ///     static NAME: String;
    /// }
    ///
    /// #[runtime::main]
    /// async fn main() {
    ///     let mut future = Box::pin(NAME.scope("ferris".to_string(), async {}));
    ///     future.as_mut().await;
    ///     assert_eq!(future.as_mut().take_value().as_deref(), Some("ferris"));
    /// }
    /// ```
    pub fn take_value(self: Pin<&mut Self>) -> Option<T> {
        self.project().value.take()
    }
}

impl<T: 'static, F: Future> Future for TaskLocalFuture<T, F> {
    type Output = F::Output;

    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let mut future = this.future;
        let polled = this.key.enter(this.value, || {
            let polled = future.as_mut().as_pin_mut()?.poll(cx);
            if polled.is_ready() {
                future.set(None);
            }
            Some(polled)
        });
        match polled {
            Ok(Some(polled)) => polled,
            Ok(None) => panic!("a `TaskLocalFuture` was polled after it had given its output"),
            Err(error) => error.panic(),
        }
    }
}

impl<T: fmt::Debug + 'static, F> fmt::Debug for TaskLocalFuture<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskLocalFuture")
            .field("value", &self.value)
            .finish_non_exhaustive()
    }
}

/// Says that a task-local value was asked for outside a scope of its key.
///
/// # Examples
///
/// ```
/// use runtime::task::AccessError;
///
/// runtime::task_local! {
///     static USER: u64;
/// }
///
/// fn user() -> Result<String, AccessError> {
///     Ok(format!("user {}", USER.try_get()?))
/// }
///
/// assert!(user().is_err());
/// assert_eq!(USER.sync_scope(7, user).unwrap(), "user 7");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AccessError(());

impl fmt::Debug for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessError")
    }
}

impl fmt::Display for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no task-local value is set here: use it inside `LocalKey::scope`")
    }
}

impl std::error::Error for AccessError {}
