//! Measuring one cell, in a process of its own.

use std::fs;
use std::io;
use std::process;
use std::thread;
use std::time::{Duration, Instant};

use super::bystanders::Bystanders;
use super::cell::Cell;
use super::crowd::Crowd;
use super::host::{Host, Ours, Tokio};
use super::options::Request;
use crate::quantile::quantile;

const KEEP_ALIVE: Duration = Duration::from_millis(100);
const WARM_UP: Duration = Duration::from_millis(200);
const GLANCE: Duration = Duration::from_millis(5);

/// Blocked tasks have this long to end after the release, and then threads to do so.
const AFTERMATH: Duration = Duration::from_secs(3);

/// Measures and prints what was found, one `name value` a line, for the parent to read.
pub(super) fn run(request: &Request) -> io::Result<()> {
    match request.tokio {
        false => measure::<Ours>(request.cell, request.duration),
        true => measure::<Tokio>(request.cell, request.duration),
    }?;
    // A runtime that hangs must not keep the process.
    process::exit(0)
}

fn measure<R: Host>(cell: Cell, duration: Duration) -> io::Result<()> {
    let host = R::build(cell.workers, KEEP_ALIVE)?;
    let bystanders = Bystanders::start(&host)?;
    thread::sleep(WARM_UP);
    let threads_before = threads()?;
    let clients = bystanders.clients();
    let watch = bystanders.watch(duration);
    let crowd = Crowd::start(&host, cell.kind, cell.blocked)?;
    let mut peak = 0;
    while !watch.is_over() {
        peak = peak.max(threads()?);
        thread::sleep(GLANCE);
    }
    let begun = crowd.begun();
    let notes = watch.finish()?;
    let ended = crowd.release();
    wait(|| Ok(ended() == cell.blocked))?;
    wait(|| Ok(threads()? <= threads_before))?;
    let spread = |name: &str, samples: &[f64]| {
        for (part, value) in [("p50", 0.5), ("p99", 0.99), ("max", 1.0)] {
            println!("{name}_{part} {}", quantile(samples, value));
        }
    };
    println!("answers {}", notes.answers.len() - notes.lost_answers);
    println!("lost_answers {}", notes.lost_answers);
    spread("answer", &notes.answers);
    println!("ticks {}", notes.lateness.len());
    spread("late", &notes.lateness);
    println!("begun {begun}");
    println!("lost {}", cell.blocked - ended());
    // The callers' threads are no runtime's.
    println!("came {}", peak.saturating_sub(threads_before + clients));
    println!("stayed {}", threads()?.saturating_sub(threads_before));
    host.shut_down(KEEP_ALIVE);
    Ok(())
}

/// Waits until it is true, but not for long.
fn wait(condition: impl Fn() -> io::Result<bool>) -> io::Result<()> {
    let deadline = Instant::now() + AFTERMATH;
    while !condition()? && Instant::now() < deadline {
        thread::sleep(GLANCE);
    }
    Ok(())
}

fn threads() -> io::Result<usize> {
    Ok(fs::read_dir("/proc/self/task")?.count())
}
