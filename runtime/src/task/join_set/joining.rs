//! Taking tasks that have ended out of a set.

use std::future::poll_fn;
use std::panic::resume_unwind;
use std::task::{Context, Poll, ready};

use super::JoinSet;
use crate::coop;
use crate::raw_task::{Id, JoinError};

/// A task that has ended.
type Joined<T> = (Id, Result<T, JoinError>);

impl<T: 'static> JoinSet<T> {
    /// Waits until a task ends and returns its output, or `None` if the set is empty.
    ///
    /// # Errors
    ///
    /// The inner result says so if the task has panicked or was aborted.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: no task has left the set then.
    pub async fn join_next(&mut self) -> Option<Result<T, JoinError>> {
        poll_fn(|cx| self.poll_join_next(cx)).await
    }

    /// As [`join_next`](Self::join_next), with the id of the task; that of a task without
    /// output is in the error.
    ///
    /// # Errors
    ///
    /// The inner result says so if the task has panicked or was aborted.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: no task has left the set then.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::task::JoinSet;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let mut set = JoinSet::new();
    /// let fine = set.spawn(async { 7 }).id();
    /// assert_eq!(set.join_next_with_id().await.unwrap().unwrap(), (fine, 7));
    ///
    /// let broken = set.spawn(async { panic!("boom") }).id();
    /// let error = set.join_next_with_id().await.unwrap().unwrap_err();
    /// assert_eq!(error.id(), broken);
    /// # }
    /// ```
    pub async fn join_next_with_id(&mut self) -> Option<Result<(Id, T), JoinError>> {
        poll_fn(|cx| self.poll_join_next_with_id(cx)).await
    }

    /// Takes a task that has ended out of the set; `None` if there is none.
    ///
    /// A task is known to have ended a moment after
    /// [`AbortHandle::is_finished`](crate::task::AbortHandle::is_finished) says so.
    ///
    /// # Errors
    ///
    /// The inner result says so if the task has panicked or was aborted.
    ///
    /// # Examples
    ///
    /// To gather what has ended, between two other things:
    ///
    /// ```
    ///
    /// use runtime::task::{JoinSet, yield_now};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let mut set = JoinSet::from_iter([1, 2].map(std::future::ready));
    /// let mut sum = 0;
    /// while !set.is_empty() {
    ///     yield_now().await; // something else is done here
    ///     while let Some(number) = set.try_join_next() {
    ///         sum += number.unwrap();
    ///     }
    /// }
    /// assert_eq!(sum, 3);
    /// # }
    /// ```
    pub fn try_join_next(&mut self) -> Option<Result<T, JoinError>> {
        self.try_join().map(without_id)
    }

    /// As [`try_join_next`](Self::try_join_next), with the id of the task; that of a task without
    /// output is in the error.
    ///
    /// # Errors
    ///
    /// The inner result says so if the task has panicked or was aborted.
    pub fn try_join_next_with_id(&mut self) -> Option<Result<(Id, T), JoinError>> {
        self.try_join().map(with_id)
    }

    /// Polls for a task that has ended: `Ready(None)` if the set is empty.
    ///
    /// If it is `Pending`, the waker of this call, and of no earlier one, is woken when a task ends
    /// or, if the poll budget is spent, at once.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::future::poll_fn;
    /// use runtime::task::JoinSet;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let mut set = JoinSet::new();
    /// set.spawn(async { 7 });
    /// let joined = poll_fn(|cx| set.poll_join_next(cx)).await;
    /// assert_eq!(joined.unwrap().unwrap(), 7);
    /// assert!(poll_fn(|cx| set.poll_join_next(cx)).await.is_none());
    /// # }
    /// ```
    pub fn poll_join_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<T, JoinError>>> {
        self.poll_join(cx).map(|joined| joined.map(without_id))
    }

    /// As [`poll_join_next`](Self::poll_join_next), with the id of the task; that of a task without
    /// output is in the error.
    pub fn poll_join_next_with_id(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<(Id, T), JoinError>>> {
        self.poll_join(cx).map(|joined| joined.map(with_id))
    }

    /// Waits for all tasks; their outputs come in the order in which the tasks have ended.
    ///
    /// # Panics
    ///
    /// With the panic of a task as soon as that task is joined, or if a task was aborted. The
    /// other tasks are then aborted.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops the set, which aborts its tasks, and the outputs so far.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::task::JoinSet;
    ///
    /// #[runtime::main]
    /// async fn main() {
    ///     let set: JoinSet<usize> = (0..4).map(|n| async move { n }).collect();
    ///     let mut outputs = set.join_all().await;
    ///     outputs.sort();
    ///     assert_eq!(outputs, [0, 1, 2, 3]);
    /// }
    /// ```
    pub async fn join_all(mut self) -> Vec<T> {
        let mut outputs = Vec::with_capacity(self.len());
        while let Some(joined) = self.join_next().await {
            match joined.map_err(JoinError::try_into_panic) {
                Ok(output) => outputs.push(output),
                Err(Ok(payload)) => resume_unwind(payload),
                Err(Err(cancelled)) => panic!("{cancelled}: `join_next` tells such tasks apart"),
            }
        }
        outputs
    }

    /// Aborts all tasks and waits until each has ended; their outputs and panics are dropped.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the tasks are aborted and those that have not ended stay in the set.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::task::JoinSet;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let mut set = JoinSet::new();
    /// set.spawn(std::future::pending::<()>());
    /// set.shutdown().await; // its future has been dropped now
    /// assert!(set.is_empty());
    /// # }
    /// ```
    pub async fn shutdown(&mut self) {
        self.abort_all();
        while self.join_next().await.is_some() {}
    }

    fn poll_join(&mut self, cx: &mut Context<'_>) -> Poll<Option<Joined<T>>> {
        if self.is_empty() {
            return Poll::Ready(None);
        }
        let coop = ready!(coop::poll_proceed(cx));
        while let Some(key) = self.ended.pop_or_wait(cx.waker()) {
            if let Some(joined) = self.take(key) {
                coop.made_progress();
                return Poll::Ready(Some(joined));
            }
        }
        Poll::Pending
    }

    fn try_join(&mut self) -> Option<Joined<T>> {
        loop {
            let key = self.ended.pop()?;
            let joined = self.take(key);
            if joined.is_some() {
                return joined;
            }
        }
    }

    /// Takes the task out that has ended and told its key.
    fn take(&mut self, key: usize) -> Option<Joined<T>> {
        let handle = self.handles.get_mut(key)?;
        let joined = (handle.id(), handle.try_take()?);
        self.handles.remove(key);
        Some(joined)
    }
}

fn without_id<T>((_, outcome): Joined<T>) -> Result<T, JoinError> {
    outcome
}

fn with_id<T>((id, outcome): Joined<T>) -> Result<(Id, T), JoinError> {
    outcome.map(|output| (id, output))
}
