//! The command line of `blocked`.

use std::io;
use std::time::Duration;

use lexopt::prelude::*;

use super::cell::{Cell, Kind};
use super::{comparison, measure};

const HELP: &str = "\
Blocks tasks and measures what sockets and timers notice, here and on tokio.

    cargo run --release -p runtime-benches --bin blocked -- [options]

    --workers LIST  only these numbers of worker threads
    --blocked LIST  only these numbers of blocked tasks
    --kind NAME     only plain, request, in-place, chain, loop, polls or
                    come-and-go; may be repeated
    --cell W:B      these workers and blocked tasks, whether the matrix has
                    them or not; may be repeated
    --seconds X     how long to watch a cell (2)
    --no-tokio      leave tokio out
    --markdown      print a table in Markdown

Without options it takes about ten minutes. The columns, times in milliseconds: echo, of six
clients that call every 2 ms; late, of a ticker of 10 ms; came, threads at the
peak that were not there before; stayed, those still there 3 s after the
release; begun, tasks that blocked at once; lost, tasks that did not end.";

/// What to do.
#[derive(Debug)]
pub enum Command {
    /// Measure the cells and print the table.
    Compare(Options),
    /// As a child, measure one cell.
    Measure(Request),
    /// Print the help.
    Help(&'static str),
}

/// What to measure.
#[derive(Debug, Default)]
pub struct Options {
    /// Numbers of worker threads; empty means all.
    pub workers: Vec<usize>,
    /// Numbers of blocked tasks; empty means all.
    pub blocked: Vec<usize>,
    /// How they block; empty means all.
    pub kinds: Vec<Kind>,
    /// Workers and blocked tasks to measure instead of the matrix.
    pub pairs: Vec<(usize, usize)>,
    /// How long to watch each cell.
    pub duration: Duration,
    /// Whether to leave tokio out.
    pub no_tokio: bool,
    /// Whether to print Markdown.
    pub markdown: bool,
}

/// One cell, for a child.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// What to measure.
    pub cell: Cell,
    /// On tokio, or on ours.
    pub tokio: bool,
    /// How long to watch.
    pub duration: Duration,
}

impl Options {
    pub(super) fn selects(&self, cell: Cell) -> bool {
        let among = |list: &[usize], number| list.is_empty() || list.contains(&number);
        among(&self.workers, cell.workers)
            && among(&self.blocked, cell.blocked)
            && self.selects_kind(cell.kind)
    }

    pub(super) fn selects_kind(&self, kind: Kind) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&kind)
    }
}

impl Command {
    /// The first argument with which `blocked` starts itself for one cell.
    pub(super) const MEASURE: &str = "measure";

    /// Does it.
    ///
    /// # Errors
    ///
    /// Answers with the error of a runtime or of a child process.
    pub fn run(self) -> io::Result<()> {
        match self {
            Self::Compare(options) => comparison::compare(&options),
            Self::Measure(request) => measure::run(&request),
            Self::Help(text) => {
                println!("{text}");
                Ok(())
            }
        }
    }

    /// Reads the process's arguments.
    ///
    /// # Errors
    ///
    /// Names the argument that makes no sense.
    pub fn from_args() -> Result<Self, lexopt::Error> {
        let mut parser = lexopt::Parser::from_env();
        let mut options = Options {
            duration: Duration::from_secs(2),
            ..Options::default()
        };
        while let Some(argument) = parser.next()? {
            match argument {
                Value(word) if word == Self::MEASURE => {
                    return Request::from_args(&mut parser).map(Self::Measure);
                }
                Long("workers") => options.workers = numbers(&mut parser)?,
                Long("blocked") => options.blocked = numbers(&mut parser)?,
                Long("kind") => options.kinds.push(parser.value()?.parse()?),
                Long("cell") => options.pairs.push(parser.value()?.parse_with(pair)?),
                Long("seconds") => {
                    options.duration = parser.value()?.parse_with(seconds)?;
                }
                Long("no-tokio") => options.no_tokio = true,
                Long("markdown") => options.markdown = true,
                Long("help") | Short('h') => return Ok(Self::Help(HELP)),
                other => return Err(other.unexpected()),
            }
        }
        Ok(Self::Compare(options))
    }
}

impl Request {
    /// The arguments that [`from_args`](Self::from_args) reads.
    pub(super) fn to_args(self) -> [String; 6] {
        [
            Command::MEASURE.to_owned(),
            self.cell.kind.to_string(),
            self.cell.workers.to_string(),
            self.cell.blocked.to_string(),
            self.tokio.to_string(),
            self.duration.as_millis().to_string(),
        ]
    }

    fn from_args(parser: &mut lexopt::Parser) -> Result<Self, lexopt::Error> {
        Ok(Self {
            cell: Cell {
                kind: parser.value()?.parse()?,
                workers: parser.value()?.parse()?,
                blocked: parser.value()?.parse()?,
            },
            tokio: parser.value()?.parse()?,
            duration: Duration::from_millis(parser.value()?.parse()?),
        })
    }
}

fn numbers(parser: &mut lexopt::Parser) -> Result<Vec<usize>, lexopt::Error> {
    parser
        .value()?
        .parse_with(|list| list.split(',').map(positive).collect())
}

fn positive(text: &str) -> Result<usize, String> {
    match text.trim().parse() {
        Ok(0) => Err("give at least 1".to_owned()),
        parsed => parsed.map_err(|error: std::num::ParseIntError| error.to_string()),
    }
}

fn pair(text: &str) -> Result<(usize, usize), String> {
    let (workers, blocked) = text
        .split_once(':')
        .ok_or("give workers and blocked tasks as in 16:64")?;
    Ok((positive(workers)?, positive(blocked)?))
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| format!("{text} is no number"))?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}
