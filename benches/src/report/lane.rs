//! The runtimes side by side, whatever their types.

use std::io;

use crate::UnderTest;
use crate::under_test::{Ours, Smol, Tokio, Unwatched};
use crate::workload::{self, Workload};

/// One runtime and one workload, at several numbers of workers.
pub(super) trait Lane {
    /// The runtime's name.
    fn runtime(&self) -> &'static str;

    /// Runs the workload once; answers nanoseconds per operation.
    fn run(&self, workers: usize) -> f64;
}

struct TypedLane<R> {
    workload: Workload<R>,
    by_workers: Vec<(usize, R)>,
}

impl<R: UnderTest> Lane for TypedLane<R> {
    fn runtime(&self) -> &'static str {
        R::NAME
    }

    fn run(&self, workers: usize) -> f64 {
        let mut runtimes = self.by_workers.iter();
        let (_, runtime) = runtimes
            .find(|(built_with, _)| *built_with == workers)
            .expect("a runtime was built for each number of workers");
        (self.workload.run)(runtime).as_nanos() as f64 / f64::from(self.workload.operations)
    }
}

/// Builds every runtime for one workload: ours, tokio, and smol if wanted.
///
/// None inherits what another workload left behind.
pub(super) fn build_all(
    workload: usize,
    workers: &[usize],
    smol: bool,
) -> io::Result<Vec<Box<dyn Lane>>> {
    let mut lanes = vec![
        build::<Ours>(workload, workers)?,
        build::<Tokio>(workload, workers)?,
    ];
    if smol {
        lanes.push(build::<Smol>(workload, workers)?);
    }
    Ok(lanes)
}

/// Builds our runtime for one workload, with a monitor and without.
pub(super) fn build_watched_and_not(
    workload: usize,
    workers: &[usize],
) -> io::Result<Vec<Box<dyn Lane>>> {
    Ok(vec![
        build::<Ours>(workload, workers)?,
        build::<Unwatched>(workload, workers)?,
    ])
}

fn build<R: UnderTest>(workload: usize, workers: &[usize]) -> io::Result<Box<dyn Lane>> {
    let by_workers: io::Result<_> = workers
        .iter()
        .map(|&count| Ok((count, R::build(count)?)))
        .collect();
    Ok(Box::new(TypedLane {
        workload: workload::all::<R>().swap_remove(workload),
        by_workers: by_workers?,
    }))
}
