//! The precision of short sleeps.

use std::io;
use std::time::{Duration, Instant};

use super::{Findings, WORKERS};
use crate::UnderTest;
use crate::quantile::quantile;

pub(super) const NAME: &str = "sleep";

const NAP: Duration = Duration::from_micros(200);

/// Measures by how much a sleep of 200 us is too long, in microseconds.
pub(super) fn run<R: UnderTest>(naps: u32) -> io::Result<Findings> {
    let runtime = R::build(WORKERS)?;
    let overshoots = runtime.block_on(runtime.spawn_from_outside(async move {
        let mut overshoots = Vec::new();
        for _ in 0..naps {
            let started = Instant::now();
            R::sleep(NAP).await;
            let slept = started.elapsed();
            overshoots.push((slept.as_secs_f64() - NAP.as_secs_f64()) * 1e6);
        }
        overshoots
    }));
    Ok(vec![
        ("median", quantile(&overshoots, 0.5)),
        ("p99", quantile(&overshoots, 0.99)),
    ])
}
