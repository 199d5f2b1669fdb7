//! What the project asks of itself.

/// The bounds of one scheduler workload.
#[derive(Debug)]
pub(super) struct Bounds {
    /// The largest allowed ratio of our time to tokio's, at 1, 2 and 4 workers.
    ceilings: [f64; 3],
    /// The largest allowed ratio of the time with more workers to that with one.
    pub(super) more_workers: f64,
}

impl Bounds {
    /// The ceiling for a number of workers; that of the nearest smaller number we state one for.
    pub(super) fn ceiling(&self, workers: usize) -> f64 {
        match workers {
            0 | 1 => self.ceilings[0],
            2 | 3 => self.ceilings[1],
            _ => self.ceilings[2],
        }
    }
}

/// Looks up the bounds of a workload.
///
/// Workloads whose cache lines bounce between cores by nature may lose a little to a second worker.
pub(super) fn of_workload(name: &str) -> Option<Bounds> {
    let (ceilings, more_workers) = match name {
        "spawn_many_local" => ([0.50, 0.35, 0.35], 1.10),
        "spawn_many_remote_idle" => ([0.55; 3], 1.10),
        "spawn_many_remote_busy" => ([0.60; 3], 1.10),
        "spawn_join" => ([0.40; 3], 1.10),
        "yield_many" => ([0.60; 3], 1.10),
        "ping_pong" => ([0.45; 3], 1.25),
        "chained_spawn" => ([0.30; 3], 1.10),
        "mutex_contended" => ([0.50; 3], 1.25),
        "mpsc_1p1c" | "mpsc_5p1c" => ([0.60; 3], 1.25),
        "timeout_cancelled" => ([0.20; 3], 1.10),
        "broadcast_10" => ([0.60; 3], 1.25),
        "sleepers" => ([0.40; 3], 1.10),
        "parallel_cpu" => ([1.03; 3], 0.62),
        "udp_echo" | "unix_echo" => ([1.00; 3], 1.10),
        "spawn_blocking" => ([0.40; 3], 1.10),
        _ => return None,
    };
    Some(Bounds {
        ceilings,
        more_workers,
    })
}

/// Says whether a measured value keeps a bound from above.
pub(super) fn verdict(measured: f64, at_most: f64) -> &'static str {
    if measured <= at_most { "OK" } else { "OVER" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_workload_has_bounds() {
        for name in crate::workload::names() {
            assert!(of_workload(name).is_some(), "{name} has none");
        }
    }

    #[test]
    fn the_ceiling_depends_on_the_number_of_workers() {
        let bounds = of_workload("spawn_many_local").unwrap();
        assert_eq!(bounds.ceiling(1), 0.50);
        assert_eq!(bounds.ceiling(2), 0.35);
        assert_eq!(bounds.ceiling(16), 0.35);
    }
}
