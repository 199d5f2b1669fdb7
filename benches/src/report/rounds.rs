//! Interleaved rounds.

use std::io;
use std::time::{Duration, Instant};

use super::lane::Lane;
use super::options::Options;
use super::watchdog::Watchdog;

/// No run takes longer unless it hangs.
const RUN_LIMIT: Duration = Duration::from_secs(60);

/// A workload that is out of its time budget still gets these.
const FEWEST_ROUNDS: usize = 3;

/// Then all runtimes are built anew.
///
/// Two builds of the same runtime can differ by a factor of two for as long as they live,
/// presumably by where the kernel has placed their threads: one lucky build shall not decide.
const ROUNDS_OF_ONE_BUILD: usize = 3;

/// Nanoseconds per operation of one workload, round by round.
#[derive(Debug)]
pub(super) struct Samples {
    series: Vec<Series>,
    pub(super) workers: Vec<usize>,
}

#[derive(Debug)]
struct Series {
    runtime: &'static str,
    workers: usize,
    times: Vec<f64>,
}

impl Samples {
    /// The samples of one runtime at one number of workers, if it was measured.
    pub(super) fn of(&self, runtime: &str, workers: usize) -> Option<&[f64]> {
        self.series
            .iter()
            .find(|series| series.runtime == runtime && series.workers == workers)
            .map(|series| series.times.as_slice())
    }
}

/// Measures one workload on every runtime that `build` makes, at every number of workers, in turn.
pub(super) fn measure(
    options: &Options,
    build: impl Fn() -> io::Result<Vec<Box<dyn Lane>>>,
) -> io::Result<Samples> {
    let watchdog = Watchdog::watch("building the runtimes".to_owned(), RUN_LIMIT);
    let started = Instant::now();
    let mut series = Vec::new();
    let mut lanes = Vec::new();
    for round in 0..options.rounds {
        if round >= FEWEST_ROUNDS && options.budget.is_some_and(|most| started.elapsed() > most) {
            break;
        }
        if round % ROUNDS_OF_ONE_BUILD == 0 {
            lanes = build()?;
            let mut warm_up = empty_series(&lanes, &options.workers);
            run_round(&lanes, &mut warm_up, round, &watchdog);
        }
        if series.is_empty() {
            series = empty_series(&lanes, &options.workers);
        }
        run_round(&lanes, &mut series, round, &watchdog);
    }
    Ok(Samples {
        series,
        workers: options.workers.clone(),
    })
}

/// Lists the series by number of workers, then by lane: the order in which a round runs them.
fn empty_series(lanes: &[Box<dyn Lane>], workers: &[usize]) -> Vec<Series> {
    let mut series = Vec::new();
    for &workers in workers {
        series.extend(lanes.iter().map(|lane| Series {
            runtime: lane.runtime(),
            workers,
            times: Vec::new(),
        }));
    }
    series
}

/// Runs each lane once at each number of workers; the lane that goes first changes by round.
fn run_round(lanes: &[Box<dyn Lane>], series: &mut [Series], round: usize, watchdog: &Watchdog) {
    for at_one_count in series.chunks_mut(lanes.len()) {
        for turn in 0..lanes.len() {
            let index = (round + turn) % lanes.len();
            let one = &mut at_one_count[index];
            watchdog.turn_to(format!("{} at {} workers", one.runtime, one.workers));
            one.times.push(lanes[index].run(one.workers));
        }
    }
}
