//! What the driver has counted.

/// Counters of a driver, all since it was made.
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
