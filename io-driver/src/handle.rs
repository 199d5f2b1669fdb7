//! The driver's side for everyone: registering, interrupting, shutting down.

use std::fmt;
use std::io;
use std::task::Waker;

use mio::Registry;
use mio::event::{Event, Source};

use crate::primitive::{Arc, Mutex};
use crate::process::Process;
use crate::scheduled_io::ScheduledIo;
use crate::table::{Table, Token};
use crate::{Closed, Interest, Metrics, Ready, Registration};

/// Registers sources with a [`Driver`](crate::Driver) and interrupts it, from any thread.
///
/// Clones are handles of the same driver. A handle keeps the poll's descriptor
/// open, not the driver turning.
///
/// # Examples
///
/// ```
/// use io_driver::{Driver, Handle};
///
/// # fn main() -> std::io::Result<()> {
/// let mut driver = Driver::new(16)?;
/// let handle: Handle = driver.handle().clone();
/// std::thread::spawn(move || handle.unpark()); // from any thread
/// assert!(driver.turn(None, &mut Vec::new())?.unparked);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Handle {
    shared: Arc<Inner>,
}

struct Inner {
    registry: Registry,
    unparker: mio::Waker,
    table: Mutex<Table>,
    /// The process that the driver was made in. A fork shares the poll's descriptor with it.
    process: Process,
}

impl Handle {
    pub(crate) fn new(registry: Registry, unparker: mio::Waker, process: Process) -> Handle {
        let table = Mutex::new(Table::default());
        Handle {
            shared: Arc::new(Inner {
                registry,
                unparker,
                table,
                process,
            }),
        }
    }

    /// Registers a source for edge-triggered events.
    ///
    /// The source must be non-blocking, and must be deregistered before its
    /// descriptor goes elsewhere.
    ///
    /// # Errors
    ///
    /// [`Closed`] after the driver's shutdown, and in a fork of its process; otherwise what the operating system answers, such as
    /// `PermissionDenied` for a regular file, which it cannot watch, and `AlreadyExists` for a
    /// descriptor that is registered already.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::{Driver, FdSource, Interest};
    /// use std::os::unix::net::UnixStream;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let driver = Driver::new(16)?;
    /// let (ours, _peer) = UnixStream::pair()?;
    /// ours.set_nonblocking(true)?;
    /// let mut ours = FdSource::new(ours);
    /// let registration = driver.handle().register(&mut ours, Interest::READABLE)?;
    /// assert_eq!(driver.handle().metrics().registered, 1);
    /// # drop(registration);
    /// # Ok(())
    /// # }
    /// ```
    pub fn register<S: Source + ?Sized>(
        &self,
        source: &mut S,
        interest: Interest,
    ) -> io::Result<Registration> {
        let io = Arc::new(ScheduledIo::default());
        if self.is_forked() {
            return Err(Closed::FORKED.into());
        }
        // In the table first, so that the first event finds it. On an error below the
        // registration's drop takes it out.
        let token = self.shared.table.lock().insert(Arc::clone(&io))?;
        let registration = Registration::new(self.clone(), io, token);
        source.register(
            &self.shared.registry,
            registration.token().into(),
            interest.to_mio(),
        )?;
        Ok(registration)
    }

    /// Tells whether both are handles of the same driver.
    pub fn is_same(&self, other: &Handle) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// Makes the turn under way return, or the next one if none is.
    ///
    /// Costs a system call: spare it where the driver is known to be awake.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::Driver;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let mut driver = Driver::new(16)?;
    /// driver.handle().unpark();
    /// assert!(driver.turn(None, &mut Vec::new())?.unparked); // it does not wait
    /// # Ok(())
    /// # }
    /// ```
    pub fn unpark(&self) {
        self.shared
            .unparker
            .wake()
            .expect("the unparker's descriptor is open while a handle lives");
    }

    /// Ends all waits with an error, those under way and those to come, and
    /// refuses new registrations.
    ///
    /// The wakers of the waits under way are pushed to `woken`, for the caller to wake when it
    /// holds no lock. Does not interrupt a turn. A second call does nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::{Direction, Driver, FdSource, Interest};
    /// # use std::os::unix::net::UnixStream;
    /// use std::task::{Context, Waker};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// # let driver = Driver::new(16)?;
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = FdSource::new(ours);
    /// let registration = driver.handle().register(&mut ours, Interest::READABLE)?;
    /// let mut context = Context::from_waker(Waker::noop());
    /// assert!(registration.poll_ready(&mut context, Direction::Read).is_pending());
    ///
    /// let mut woken = Vec::new();
    /// driver.handle().shutdown(&mut woken);
    /// assert_eq!(woken.len(), 1); // the wait ends
    /// woken.drain(..).for_each(|waker| waker.wake());
    /// # Ok(())
    /// # }
    /// ```
    pub fn shutdown(&self, woken: &mut Vec<Waker>) {
        if self.is_forked() {
            return;
        }
        let registered = self.shared.table.lock().shut_down();
        for io in registered {
            io.close(Closed::SHUTDOWN, woken);
        }
    }

    /// Tells whether the driver has been shut down. In a fork it works no more than one that has.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::Driver;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let driver = Driver::new(16)?;
    /// assert!(!driver.handle().is_shutdown());
    /// driver.handle().shutdown(&mut Vec::new());
    /// assert!(driver.handle().is_shutdown());
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_shutdown(&self) -> bool {
        self.is_forked() || self.shared.table.lock().is_shut_down()
    }

    /// Returns what has been counted so far. In a fork nothing is.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::Driver;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let driver = Driver::new(16)?;
    /// assert_eq!(driver.handle().metrics().registered, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn metrics(&self) -> Metrics {
        match self.is_forked() {
            true => Metrics::default(),
            false => self.shared.table.lock().metrics(),
        }
    }

    /// Whether this process is a fork of the driver's, which takes no lock of it.
    pub(crate) fn is_forked(&self) -> bool {
        self.shared.process.is_forked()
    }

    pub(crate) fn process(&self) -> &Process {
        &self.shared.process
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.shared.registry
    }

    /// Takes a registration out of the table, if it is still in. `false` in a fork, which has none.
    pub(crate) fn forget(&self, token: Token) -> bool {
        if self.is_forked() {
            // The lock may be held by a thread that a fork does not have.
            return false;
        }
        let io = self.shared.table.lock().remove(token);
        drop(io);
        true
    }

    /// Delivers a batch of events under one lock of the table; returns how many
    /// found their registration.
    pub(crate) fn deliver<'a>(
        &self,
        events: impl Iterator<Item = &'a Event>,
        woken: &mut Vec<Waker>,
    ) -> usize {
        let mut table = self.shared.table.lock();
        let mut delivered = 0;
        for event in events {
            if let Some(io) = table.addressee(event.token().into()) {
                io.set_readiness(Ready::from_mio(event), woken);
                delivered += 1;
            }
        }
        delivered
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").finish_non_exhaustive()
    }
}
