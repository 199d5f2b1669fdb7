//! The polling side: waits for the operating system's events and hands out who is to be woken.

use std::fmt;
use std::io;
use std::process;
use std::task::Waker;
use std::time::{Duration, Instant};

use mio::{Events, Poll, Token};

use crate::Handle;
use crate::alarm::Alarm;
use crate::process::Process;
use crate::refused::name_call;
use crate::wakers::wake_each;

const UNPARK: Token = Token(usize::MAX);
#[cfg(any(target_os = "linux", target_os = "android"))]
const CALLS: [&str; 2] = ["epoll_create1", "eventfd2"];
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const CALLS: [&str; 2] = ["kqueue", "kevent"];

const ALARM: Token = Token(usize::MAX - 1);

/// Owns the poll; one thread at a time turns it.
///
/// It never wakes anybody itself: [`turn`](Driver::turn) hands the wakers out, so that a driver
/// behind a lock can be let go first. Dropping it shuts it down, and then it does wake.
///
/// # Examples
///
/// ```
/// # fn main() -> std::io::Result<()> {
/// use io_driver::Driver;
/// use std::time::Duration;
///
/// let mut driver = Driver::new(1024)?;
/// let mut woken = Vec::new();
///
/// let turn = driver.turn(Some(Duration::from_micros(200)), &mut woken)?;
/// assert_eq!((turn.events, turn.unparked), (0, false));
///
/// driver.handle().unpark();
/// assert!(driver.turn(None, &mut woken)?.unparked);
///
/// woken.drain(..).for_each(|waker| waker.wake());
/// # Ok(())
/// # }
/// ```
pub struct Driver {
    poll: Poll,
    events: Events,
    /// For turns that do not wait, if those are to take fewer.
    busy_events: Option<Events>,
    alarm: Alarm,
    handle: Handle,
}

/// What a [turn](Driver::turn) has brought.
///
/// # Examples
///
/// ```
/// use io_driver::{Driver, Turn};
///
/// # fn main() -> std::io::Result<()> {
/// let mut driver = Driver::new(16)?;
/// driver.handle().unpark();
/// let turn: Turn = driver.turn(None, &mut Vec::new())?;
/// assert!(turn.unparked);
/// assert_eq!(turn.events, 0);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Turn {
    /// Readiness events delivered to a registration.
    pub events: usize,
    /// Whether [`Handle::unpark`] has been called.
    pub unparked: bool,
}

impl Driver {
    /// Makes a driver that takes in up to `events_capacity` events a turn (at least one).
    ///
    /// # Errors
    ///
    /// What the operating system answers, for example that no descriptor is left: a
    /// driver needs up to four. If a sandbox refuses a call that nothing can stand in for, the error names it.
    /// The timer of Linux is none of these: without it, turns last whole milliseconds.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::Driver;
    /// use std::time::Duration;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let mut driver = Driver::new(1024)?;
    /// let turn = driver.turn(Some(Duration::ZERO), &mut Vec::new())?;
    /// assert_eq!(turn.events, 0); // nothing is registered
    /// # Ok(())
    /// # }
    /// ```
    pub fn new(events_capacity: usize) -> io::Result<Driver> {
        Driver::with_generation(events_capacity, process::id)
    }

    /// As [`new`](Self::new), for a caller that knows of forks without a system call.
    ///
    /// `generation` must answer with another number in each fork of this process. Whatever takes a lock asks for it first,
    /// as a fork may find the lock held by a thread that it does not have: waits and registrations fail there. `new` asks
    /// for the process id.
    ///
    /// # Errors
    ///
    /// As of [`new`](Self::new).
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::Driver;
    /// use std::sync::atomic::{AtomicU32, Ordering};
    ///
    /// /// To be counted up by a function given to `pthread_atfork`.
    /// static FORKS: AtomicU32 = AtomicU32::new(0);
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let driver = Driver::with_generation(16, || FORKS.load(Ordering::Relaxed))?;
    /// assert!(!driver.handle().is_shutdown());
    /// FORKS.fetch_add(1, Ordering::Relaxed);
    /// assert!(driver.handle().is_shutdown()); // it is the parent's
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_generation(events_capacity: usize, generation: fn() -> u32) -> io::Result<Driver> {
        let poll = name_call(Poll::new(), CALLS[0])?;
        let registry = poll.registry().try_clone()?;
        let unparker = name_call(mio::Waker::new(&registry, UNPARK), CALLS[1])?;
        let alarm = Alarm::new(&registry, ALARM)?;
        Ok(Driver {
            poll,
            events: Events::with_capacity(events_capacity.max(1)),
            busy_events: None,
            alarm,
            handle: Handle::new(registry, unparker, Process::here(generation)),
        })
    }

    /// Lets turns that do not wait take in up to `events_capacity` events (at least one): whoever is
    /// busy may want fewer at a time.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::Driver;
    /// use std::time::Duration;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let mut driver = Driver::new(1024)?;
    /// driver.limit_busy_turns(64);
    /// let turn = driver.turn(Some(Duration::ZERO), &mut Vec::new())?;
    /// assert!(turn.events <= 64);
    /// # Ok(())
    /// # }
    /// ```
    pub fn limit_busy_turns(&mut self, events_capacity: usize) {
        self.busy_events = Some(Events::with_capacity(events_capacity.max(1)));
    }

    /// Returns the side of the driver that every thread may use.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::Driver;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let mut driver = Driver::new(16)?;
    /// let handle = driver.handle().clone();
    /// std::thread::spawn(move || handle.unpark());
    /// assert!(driver.turn(None, &mut Vec::new())?.unparked); // as soon as the thread calls
    /// # Ok(())
    /// # }
    /// ```
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Waits until something happens or `timeout` is over, and takes in what happened.
    ///
    /// The wakers of those whose readiness came are pushed to `woken`, for the caller to wake once
    /// it has let go of its locks. `None` waits without end; zero asks once and does not wait. The
    /// wait never ends early, but for a signal, which makes an empty turn. On Linux it overshoots
    /// by some 50 us, elsewhere by what the operating system adds.
    ///
    /// # Errors
    ///
    /// What the operating system answers to the poll; an interrupted call is none.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::{Driver, FdSource, Interest};
    /// use std::{io::Write, os::unix::net::UnixStream};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let (ours, mut peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// let mut ours = FdSource::new(ours);
    /// let mut driver = Driver::new(16)?;
    /// let registration = driver.handle().register(&mut ours, Interest::READABLE)?;
    /// peer.write_all(b"hello")?;
    /// let mut woken = Vec::new();
    /// assert_eq!(driver.turn(None, &mut woken)?.events, 1);
    /// assert!(registration.readiness().is_readable());
    /// woken.drain(..).for_each(|waker| waker.wake()); // nobody waits here
    /// # Ok(())
    /// # }
    /// ```
    pub fn turn(&mut self, timeout: Option<Duration>, woken: &mut Vec<Waker>) -> io::Result<Turn> {
        let turn = match timeout {
            Some(Duration::ZERO) => self.poll_once(timeout, woken),
            Some(timeout) => self.turn_for(timeout, woken),
            None => self.turn_forever(woken),
        };
        match turn {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(Turn::default()),
            other => other,
        }
    }

    fn turn_for(&mut self, timeout: Duration, woken: &mut Vec<Waker>) -> io::Result<Turn> {
        let mut now = Instant::now();
        let Some(deadline) = now.checked_add(timeout) else {
            return self.turn_forever(woken);
        };
        loop {
            let poll_timeout = self.alarm.set(now, deadline)?;
            let turn = self.poll_once(poll_timeout, woken)?;
            if turn.brought_something() {
                return Ok(turn);
            }
            now = Instant::now();
            if now >= deadline {
                return Ok(turn);
            }
        }
    }

    fn turn_forever(&mut self, woken: &mut Vec<Waker>) -> io::Result<Turn> {
        loop {
            let turn = self.poll_once(None, woken)?;
            if turn.brought_something() {
                return Ok(turn);
            }
        }
    }

    fn poll_once(&mut self, timeout: Option<Duration>, woken: &mut Vec<Waker>) -> io::Result<Turn> {
        let events = match (timeout, &mut self.busy_events) {
            (Some(Duration::ZERO), Some(busy_events)) => busy_events,
            _ => &mut self.events,
        };
        self.poll.poll(events, timeout)?;
        let mut turn = Turn::default();
        if events.is_empty() {
            return Ok(turn);
        }
        let alarm = &mut self.alarm;
        let of_sources = events.iter().filter(|event| match event.token() {
            UNPARK => {
                turn.unparked = true;
                false
            }
            ALARM => {
                alarm.has_rung();
                false
            }
            _ => true,
        });
        turn.events = self.handle.deliver(of_sources, woken);
        Ok(turn)
    }
}

impl Turn {
    fn brought_something(self) -> bool {
        self.unparked || self.events > 0
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let mut woken = Vec::new();
        self.handle.shutdown(&mut woken);
        wake_each(woken);
    }
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver").finish_non_exhaustive()
    }
}
