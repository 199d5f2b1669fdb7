//! A source's place with the driver: waiting for readiness, and operations that wait.

use std::fmt;
use std::io;
use std::task::{Context, Poll, Waker, ready};

use mio::event::Source;

use crate::primitive::Arc;
use crate::scheduled_io::{Readiness, ScheduledIo, Slot};
use crate::table::Token;
use crate::wakers::wake_each;
use crate::{Closed, Direction, Handle, Interest, Ready, ReadyEvent};

/// One source that is registered with a driver.
///
/// Made by [`Handle::register`]. It does not own the source: [`Evented`](crate::Evented) owns both.
/// Dropping it frees its place and forgets its wakers; the operating system stops watching when the
/// descriptor is closed or when [`deregister`](Registration::deregister) tells it to.
///
/// All that waits answers with an error that holds [`Closed`] once the driver is shut down or
/// the source deregistered.
///
/// # Examples
///
/// ```
/// # fn main() -> std::io::Result<()> {
/// use io_driver::{Driver, FdSource, Interest};
/// use std::io::{ErrorKind, Read, Write};
/// use std::os::unix::net::UnixStream;
///
/// let (ours, mut peer) = UnixStream::pair()?;
/// ours.set_nonblocking(true)?;
/// let mut ours = FdSource::new(ours);
///
/// let mut driver = Driver::new(16)?;
/// let registration = driver.handle().register(&mut ours, Interest::READABLE)?;
/// let mut read = || registration.try_io(Interest::READABLE, || (&*ours).read(&mut [0; 8]));
/// assert_eq!(read().unwrap_err().kind(), ErrorKind::WouldBlock);
///
/// peer.write_all(b"hello")?;
/// driver.turn(None, &mut Vec::new())?;
/// assert_eq!(read()?, 5);
/// # Ok(())
/// # }
/// ```
#[must_use = "dropping a registration ends it"]
pub struct Registration {
    handle: Handle,
    io: Arc<ScheduledIo>,
    token: Token,
}

impl Registration {
    pub(crate) fn new(handle: Handle, io: Arc<ScheduledIo>, token: Token) -> Registration {
        Registration { handle, io, token }
    }

    pub(crate) fn token(&self) -> Token {
        self.token
    }

    /// Returns the driver's handle.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::{Driver, FdSource, Interest};
    /// # use std::os::unix::net::UnixStream;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// # let driver = Driver::new(16)?;
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = FdSource::new(ours);
    /// let registration = driver.handle().register(&mut ours, Interest::READABLE)?;
    /// assert!(!registration.handle().is_shutdown());
    /// # Ok(())
    /// # }
    /// ```
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Waits for readiness in one direction.
    ///
    /// Each direction has one slot for a waker, and the last caller has it: for one task a
    /// direction. Others use [`ready`](Registration::ready).
    ///
    /// # Errors
    ///
    /// Answers with [`Closed`] once the driver is shut down or the source deregistered.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::{Direction, Driver, FdSource, Interest};
    /// use std::{io::Write, os::unix::net::UnixStream};
    /// use std::task::{Context, Waker};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// # let mut driver = Driver::new(16)?;
    /// # let (ours, mut peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = FdSource::new(ours);
    /// # let registration = driver.handle().register(&mut ours, Interest::READABLE)?;
    /// let mut context = Context::from_waker(Waker::noop()); // of a task
    /// assert!(registration.poll_ready(&mut context, Direction::Read).is_pending());
    /// peer.write_all(b"hello")?;
    /// let mut woken = Vec::new();
    /// driver.turn(None, &mut woken)?;
    /// assert_eq!(woken.len(), 1); // the task is to poll again
    /// assert!(registration.poll_ready(&mut context, Direction::Read).is_ready());
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn poll_ready(
        &self,
        cx: &mut Context<'_>,
        direction: Direction,
    ) -> Poll<io::Result<ReadyEvent>> {
        self.poll_news(cx.waker(), direction.into(), None)
            .map_err(io::Error::from)
    }

    /// Returns the flags that are set now, without waiting; none once the driver is
    /// shut down or the source deregistered.
    ///
    /// # Examples
    ///
    /// ```
    /// # use io_driver::{Driver, FdSource, Interest};
    /// # use std::{io::Write, os::unix::net::UnixStream};
    /// # fn main() -> std::io::Result<()> {
    /// # let mut driver = Driver::new(16)?;
    /// # let (ours, mut peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = FdSource::new(ours);
    /// # let registration = driver.handle().register(&mut ours, Interest::READABLE)?;
    /// assert!(!registration.readiness().is_readable());
    /// peer.write_all(b"hello")?;
    /// driver.turn(None, &mut Vec::new())?; // what has come is known after a turn
    /// assert!(registration.readiness().is_readable());
    /// # Ok(())
    /// # }
    /// ```
    pub fn readiness(&self) -> Ready {
        match self.io.answer(Ready::ALL) {
            Some(Ok(event)) => event.ready(),
            _ => Ready::EMPTY,
        }
    }

    /// Says why no wait will end in readiness any more, if so.
    ///
    /// # Examples
    ///
    /// ```
    /// # use io_driver::{Driver, FdSource, Interest};
    /// # use std::os::unix::net::UnixStream;
    /// # fn main() -> std::io::Result<()> {
    /// # let driver = Driver::new(16)?;
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = FdSource::new(ours);
    /// # let registration = driver.handle().register(&mut ours, Interest::READABLE)?;
    /// assert_eq!(registration.closed(), None);
    /// driver.handle().shutdown(&mut Vec::new());
    /// assert!(registration.closed().is_some_and(|closed| closed.is_shutdown()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn closed(&self) -> Option<Closed> {
        if self.handle.is_forked() {
            return Some(Closed::FORKED);
        }
        self.io.answer(Ready::EMPTY)?.err()
    }

    /// Waits for readiness of any of the kinds in `interest`.
    ///
    /// Any number of these futures may wait at once; none misses an event because of another.
    ///
    /// # Errors
    ///
    /// Answers with [`Closed`] once the driver is shut down or the source deregistered.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost when the future is dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::{future::Future, pin::pin};
    /// # use io_driver::{Driver, FdSource, Interest};
    /// # use std::{io::Write, os::unix::net::UnixStream, task::{Context, Waker}};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// # let mut driver = Driver::new(16)?;
    /// # let (ours, mut peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = FdSource::new(ours);
    /// # let registration = driver.handle().register(&mut ours, Interest::READABLE)?;
    /// # let mut context = Context::from_waker(Waker::noop());
    /// let mut ready = pin!(registration.ready(Interest::READABLE));
    /// assert!(ready.as_mut().poll(&mut context).is_pending());
    /// peer.write_all(b"hello")?;
    /// driver.turn(None, &mut Vec::new())?;
    /// assert!(ready.poll(&mut context).is_ready());
    /// # Ok(())
    /// # }
    /// ```
    pub fn ready(&self, interest: Interest) -> Readiness<'_> {
        Readiness::new(&self.io, self.handle.process(), interest)
    }

    /// Notes that the operation which `event` seemed to allow would have blocked.
    ///
    /// Does nothing if another event has come since. A closed flag goes last: when the event told of
    /// nothing else, and was asked for in one direction.
    ///
    /// # Examples
    ///
    /// ```
    /// # use io_driver::{Direction, Driver, FdSource, Interest};
    /// # use std::{io::Write, os::unix::net::UnixStream};
    /// # use std::task::{Context, Poll, Waker};
    /// # fn main() -> std::io::Result<()> {
    /// # let mut driver = Driver::new(16)?;
    /// # let (ours, mut peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = FdSource::new(ours);
    /// # let registration = driver.handle().register(&mut ours, Interest::READABLE)?;
    /// # peer.write_all(b"hello")?;
    /// # driver.turn(None, &mut Vec::new())?;
    /// # let mut context = Context::from_waker(Waker::noop());
    /// if let Poll::Ready(event) = registration.poll_ready(&mut context, Direction::Read) {
    ///     registration.clear_readiness(event?); // a read would block
    /// }
    /// assert!(registration.poll_ready(&mut context, Direction::Read).is_pending());
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn clear_readiness(&self, event: ReadyEvent) {
        self.io.clear_readiness(event, event.used_up());
    }

    /// Notes that the transfer which `event` allowed moved less than was asked for, but something.
    ///
    /// On an edge-triggered poll (all platforms of this crate) that shows that a byte stream
    /// is drained, or its peer's buffer full, so it spares the call that would only find out
    /// that it blocks. Does nothing when the event told of an end: data and end arrive
    /// together, and no second event would tell of the end. Not for datagrams, whose short
    /// read says nothing of the next.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::{Read, Write};
    /// # use io_driver::{Direction, Driver, FdSource, Interest};
    /// # use std::{os::unix::net::UnixStream, task::{Context, Poll, Waker}};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// # let mut driver = Driver::new(16)?;
    /// # let (ours, mut peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = FdSource::new(ours);
    /// # let registration = driver.handle().register(&mut ours, Interest::READABLE)?;
    /// # peer.write_all(b"hello")?;
    /// # driver.turn(None, &mut Vec::new())?;
    /// # let mut context = Context::from_waker(Waker::noop());
    /// if let Poll::Ready(event) = registration.poll_ready(&mut context, Direction::Read) {
    ///     let mut buf = [0; 16];
    ///     if ours.read(&mut buf)? < buf.len() {
    ///         registration.clear_after_short_transfer(event?); // there is no more now
    ///     }
    /// }
    /// assert!(!registration.readiness().is_readable());
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn clear_after_short_transfer(&self, event: ReadyEvent) {
        if !event.ready.intersects(Ready::CLOSED) {
            self.clear_readiness(event);
        }
    }

    /// Takes the source for ready though no event has told so, say to try a write
    /// on a socket just accepted.
    ///
    /// To be called before anybody waits: it wakes nobody.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::Ready;
    /// # use io_driver::{Driver, FdSource, Interest};
    /// # use std::{io::Write, os::unix::net::UnixStream};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// # let driver = Driver::new(16)?;
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = FdSource::new(ours);
    /// # let registration = driver.handle().register(&mut ours, Interest::WRITABLE)?;
    /// registration.assume_ready(Ready::WRITABLE); // a new stream has room
    /// assert_eq!(registration.try_io(Interest::WRITABLE, || ours.write(b"hello"))?, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn assume_ready(&self, ready: Ready) {
        self.io.assume_ready(ready);
    }

    /// Runs `f` if the source is ready, without waiting; once the driver is shut down, in any case.
    ///
    /// # Errors
    ///
    /// `WouldBlock` if it is not, or if `f` answers so, which clears the readiness; otherwise what
    /// `f` answers, or [`Closed`] once the source is deregistered.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::{ErrorKind, Read, Write};
    /// # use io_driver::{Driver, FdSource, Interest};
    /// # use std::os::unix::net::UnixStream;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// # let mut driver = Driver::new(16)?;
    /// # let (ours, mut peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = FdSource::new(ours);
    /// # let registration = driver.handle().register(&mut ours, Interest::READABLE)?;
    /// let read = || registration.try_io(Interest::READABLE, || (&*ours).read(&mut [0; 8]));
    /// assert_eq!(read().unwrap_err().kind(), ErrorKind::WouldBlock);
    /// peer.write_all(b"hello")?;
    /// driver.turn(None, &mut Vec::new())?;
    /// assert_eq!(read()?, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_io<R>(
        &self,
        interest: Interest,
        f: impl FnOnce() -> io::Result<R>,
    ) -> io::Result<R> {
        let event = match self.io.answer(Ready::that_satisfies(interest)) {
            None => return Err(io::ErrorKind::WouldBlock.into()),
            // No event comes any more, but the system still knows.
            Some(Err(closed)) if closed.is_shutdown() => return f(),
            Some(answer) => answer?,
        };
        let result = f();
        if would_block(&result) {
            self.clear_readiness(event);
        }
        result
    }

    /// Runs `f` when the source is ready, and again after each event as long as it would block.
    ///
    /// # Errors
    ///
    /// Whatever `f` answers but `WouldBlock`, or [`Closed`].
    ///
    /// # Cancel safety
    ///
    /// `f` runs only inside a poll: a future dropped before its end has done nothing that `f`
    /// did not report as blocking.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::{future::Future, io::{Read, Write}, pin::pin};
    /// # use io_driver::{Driver, FdSource, Interest};
    /// # use std::{os::unix::net::UnixStream, task::{Context, Poll, Waker}};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// # let mut driver = Driver::new(16)?;
    /// # let (ours, mut peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = FdSource::new(ours);
    /// # let registration = driver.handle().register(&mut ours, Interest::READABLE)?;
    /// # let mut context = Context::from_waker(Waker::noop());
    /// let read = || (&*ours).read(&mut [0; 8]);
    /// let mut reading = pin!(registration.async_io(Interest::READABLE, read));
    /// assert!(reading.as_mut().poll(&mut context).is_pending());
    /// peer.write_all(b"hello")?;
    /// driver.turn(None, &mut Vec::new())?;
    /// assert!(matches!(reading.poll(&mut context), Poll::Ready(Ok(5))));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn async_io<R>(
        &self,
        interest: Interest,
        mut f: impl FnMut() -> io::Result<R>,
    ) -> io::Result<R> {
        let mut refused = None;
        loop {
            let event =
                Readiness::after(&self.io, self.handle.process(), interest, refused).await?;
            let result = f();
            if !would_block(&result) {
                return result;
            }
            refused = Some(self.refuse(event));
        }
    }

    /// Runs `f` when the source is ready in `direction`, and waits in that direction's
    /// slot while it would block.
    ///
    /// Found ready, it costs one atomic load and what `f` costs. See
    /// [`poll_ready`](Registration::poll_ready) for who is woken.
    ///
    /// # Errors
    ///
    /// Whatever `f` answers but `WouldBlock`, or [`Closed`].
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::{Read, Write};
    /// # use io_driver::{Direction, Driver, FdSource, Interest};
    /// # use std::{os::unix::net::UnixStream, task::{Context, Poll, Waker}};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// # let mut driver = Driver::new(16)?;
    /// # let (ours, mut peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = FdSource::new(ours);
    /// # let registration = driver.handle().register(&mut ours, Interest::READABLE)?;
    /// # let mut context = Context::from_waker(Waker::noop());
    /// peer.write_all(b"hello")?;
    /// driver.turn(None, &mut Vec::new())?;
    /// let read = || (&*ours).read(&mut [0; 8]);
    /// let result = registration.poll_io(&mut context, Direction::Read, read);
    /// assert!(matches!(result, Poll::Ready(Ok(5))));
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn poll_io<R>(
        &self,
        cx: &mut Context<'_>,
        direction: Direction,
        mut f: impl FnMut() -> io::Result<R>,
    ) -> Poll<io::Result<R>> {
        self.poll_with_event(cx, direction.into(), |_| f())
    }

    /// As [`poll_io`](Registration::poll_io) for reading, and woken by an error alone, too.
    ///
    /// For sockets of datagrams, to which the system tells in this way what became of one that was
    /// sent. It shares the reader's slot. [`async_io`](Registration::async_io) does the same for
    /// `Interest::READABLE | Interest::ERROR`.
    ///
    /// # Errors
    ///
    /// Whatever `f` answers but `WouldBlock`, or [`Closed`].
    #[inline]
    pub fn poll_receive<R>(
        &self,
        cx: &mut Context<'_>,
        mut f: impl FnMut() -> io::Result<R>,
    ) -> Poll<io::Result<R>> {
        self.poll_with_event(cx, Slot::Receiver, |_| f())
    }

    /// Moves up to `len` bytes of a stream as [`poll_io`](Registration::poll_io) does, `f`
    /// answering how many it moved.
    ///
    /// A transfer of less than `len` clears the readiness, as
    /// [`clear_after_short_transfer`](Registration::clear_after_short_transfer) says.
    ///
    /// # Errors
    ///
    /// Whatever `f` answers but `WouldBlock`, or [`Closed`].
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::{Read, Write};
    /// # use io_driver::{Direction, Driver, FdSource, Interest};
    /// # use std::{os::unix::net::UnixStream, task::{Context, Poll, Waker}};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// # let mut driver = Driver::new(16)?;
    /// # let (ours, mut peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = FdSource::new(ours);
    /// # let registration = driver.handle().register(&mut ours, Interest::READABLE)?;
    /// # let mut context = Context::from_waker(Waker::noop());
    /// peer.write_all(b"hello")?;
    /// driver.turn(None, &mut Vec::new())?;
    /// let mut buf = [0; 8];
    /// let read = registration.poll_transfer(&mut context, Direction::Read, 8, || (&*ours).read(&mut buf));
    /// assert!(matches!(read, Poll::Ready(Ok(5))));
    /// assert!(!registration.readiness().is_readable()); // that was all
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn poll_transfer(
        &self,
        cx: &mut Context<'_>,
        direction: Direction,
        len: usize,
        mut f: impl FnMut() -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        self.poll_with_event(cx, direction.into(), |event| {
            let moved = f()?;
            if 0 < moved && event.ready.intersects(Ready::WRITE_CLOSED) {
                // What has been taken proves that the writer's end is none.
                self.io.clear_readiness(event, Ready::WRITE_CLOSED);
            }
            if 0 < moved && moved < len {
                self.clear_after_short_transfer(event);
            }
            Ok(moved)
        })
    }

    #[inline]
    fn poll_with_event<R>(
        &self,
        cx: &mut Context<'_>,
        slot: Slot,
        mut f: impl FnMut(ReadyEvent) -> io::Result<R>,
    ) -> Poll<io::Result<R>> {
        let mut refused = None;
        loop {
            let event = ready!(self.poll_news(cx.waker(), slot, refused))?;
            let result = f(event);
            if !would_block(&result) {
                return Poll::Ready(result);
            }
            refused = Some(self.refuse(event));
        }
    }

    /// Answers at once, or keeps the waker in the slot, where the last one wins. What was told with
    /// `refused` is no answer.
    #[inline]
    fn poll_news(
        &self,
        waker: &Waker,
        slot: Slot,
        refused: Option<ReadyEvent>,
    ) -> Poll<Result<ReadyEvent, Closed>> {
        match self.io.news(slot, refused) {
            Some(answer) => Poll::Ready(answer),
            None if self.handle.is_forked() => Poll::Ready(Err(Closed::FORKED)),
            None => self.io.poll_news(waker, slot, refused),
        }
    }

    /// Notes that the operation would have blocked, whatever the event told.
    #[inline]
    fn refuse(&self, event: ReadyEvent) -> ReadyEvent {
        self.io.clear_readiness(event, event.refuted());
        event
    }

    /// Ends the registration: the operating system stops watching and all waits end with an error.
    ///
    /// # Errors
    ///
    /// What the operating system answers, for example if `source` is another than was registered.
    /// The registration has ended even so.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::{Driver, FdSource, Interest};
    /// # use std::os::unix::net::UnixStream;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// # let driver = Driver::new(16)?;
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = FdSource::new(ours);
    /// let registration = driver.handle().register(&mut ours, Interest::READABLE)?;
    /// registration.deregister(&mut ours)?; // `ours` may go to another driver
    /// assert!(registration.try_io(Interest::READABLE, || Ok(())).is_err());
    /// # Ok(())
    /// # }
    /// ```
    pub fn deregister(&self, source: &mut (impl Source + ?Sized)) -> io::Result<()> {
        let result = self.stop_watching(source);
        if self.handle.forget(self.token) {
            let mut woken = Vec::new();
            self.io.close(Closed::DEREGISTERED, &mut woken);
            wake_each(woken);
        }
        result
    }

    pub(crate) fn stop_watching(&self, source: &mut (impl Source + ?Sized)) -> io::Result<()> {
        match self.handle.process().is_another() {
            true => Ok(()),
            false => source.deregister(self.handle.registry()),
        }
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        // In a fork the waiters' lock may be held by a thread that is not there: their wakers are leaked.
        if self.handle.forget(self.token) {
            self.io.drop_wakers();
        }
    }
}

impl fmt::Debug for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registration")
            .field("token", &self.token)
            .field("io", &self.io)
            .finish()
    }
}

#[inline]
fn would_block<R>(result: &io::Result<R>) -> bool {
    matches!(result, Err(error) if error.kind() == io::ErrorKind::WouldBlock)
}
