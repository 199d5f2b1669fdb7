//! What the driver has counted.

/// Counters of a driver, all since it was made.
///
/// # Examples
///
/// ```
/// use io_driver::{Driver, FdSource, Interest, Metrics};
/// # use std::os::unix::net::UnixStream;
///
/// # fn main() -> std::io::Result<()> {
/// # let (ours, _peer) = UnixStream::pair()?;
/// # ours.set_nonblocking(true)?;
/// # let mut ours = FdSource::new(ours);
/// let driver = Driver::new(16)?;
/// drop(driver.handle().register(&mut ours, Interest::READABLE)?);
/// let metrics: Metrics = driver.handle().metrics();
/// assert_eq!((metrics.registered, metrics.deregistered), (1, 1));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metrics {
    /// Sources that have been registered.
    pub registered: u64,
    /// Sources that have left: deregistered, dropped or cut off by the shutdown.
    pub deregistered: u64,
    /// Readiness events delivered to a registration.
    pub ready_events: u64,
}
