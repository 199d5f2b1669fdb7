//! The methods that block the thread, for code that is not async.

use super::error::SendError;
use super::{Receiver, Sender, UnboundedReceiver};
use crate::sync::blocking::block_on;

impl<T> Sender<T> {
    /// Sends like [`send`](Self::send), blocking the thread.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    ///
    /// # Panics
    ///
    /// Inside async code.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, mut rx) = runtime::sync::mpsc::channel(1);
    /// let sender = std::thread::spawn(move || (0..3).try_for_each(|n| tx.blocking_send(n)));
    /// assert_eq!(std::array::from_fn(|_| rx.blocking_recv()), [Some(0), Some(1), Some(2)]);
    /// sender.join().unwrap().unwrap();
    /// ```
    #[track_caller]
    pub fn blocking_send(&self, value: T) -> Result<(), SendError<T>> {
        block_on("`send().await`", self.send(value))
    }
}

impl<T> Receiver<T> {
    /// Receives like [`recv`](Self::recv), blocking the thread.
    ///
    /// # Panics
    ///
    /// Inside async code.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, mut rx) = runtime::sync::mpsc::channel(1);
    /// let receiver = std::thread::spawn(move || rx.blocking_recv());
    /// tx.blocking_send(1).unwrap();
    /// assert_eq!(receiver.join().unwrap(), Some(1));
    /// ```
    #[track_caller]
    pub fn blocking_recv(&mut self) -> Option<T> {
        block_on("`recv().await`", self.recv())
    }

    /// Receives like [`recv_many`](Self::recv_many), blocking the thread.
    ///
    /// # Panics
    ///
    /// Inside async code.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, mut rx) = runtime::sync::mpsc::channel(8);
    /// tx.try_send(1).unwrap();
    /// tx.try_send(2).unwrap();
    /// let mut messages = Vec::new();
    /// assert_eq!(rx.blocking_recv_many(&mut messages, 8), 2);
    /// assert_eq!(messages, [1, 2]);
    /// ```
    #[track_caller]
    pub fn blocking_recv_many(&mut self, buffer: &mut Vec<T>, limit: usize) -> usize {
        block_on("`recv_many().await`", self.recv_many(buffer, limit))
    }
}

impl<T> UnboundedReceiver<T> {
    /// Receives like [`recv`](Self::recv), blocking the thread.
    ///
    /// # Panics
    ///
    /// Inside async code.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, mut rx) = runtime::sync::mpsc::unbounded_channel();
    /// let receiver = std::thread::spawn(move || rx.blocking_recv());
    /// tx.send(1).unwrap();
    /// assert_eq!(receiver.join().unwrap(), Some(1));
    /// ```
    #[track_caller]
    pub fn blocking_recv(&mut self) -> Option<T> {
        block_on("`recv().await`", self.recv())
    }

    /// Receives like [`recv_many`](Self::recv_many), blocking the thread.
    ///
    /// # Panics
    ///
    /// Inside async code.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, mut rx) = runtime::sync::mpsc::unbounded_channel();
    /// tx.send(1).unwrap();
    /// tx.send(2).unwrap();
    /// let mut messages = Vec::new();
    /// assert_eq!(rx.blocking_recv_many(&mut messages, 8), 2);
    /// assert_eq!(messages, [1, 2]);
    /// ```
    #[track_caller]
    pub fn blocking_recv_many(&mut self, buffer: &mut Vec<T>, limit: usize) -> usize {
        block_on("`recv_many().await`", self.recv_many(buffer, limit))
    }
}
