//! Reports that block: the log to which they go is most likely what the task is stuck on.

use std::io::Write;
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use runtime::runtime::Runtime;
use runtime_tests::count::Counter;
use runtime_tests::flavor::Flavor;
use runtime_tests::wait;
use runtime_tests::watchdog::Watchdog;

use crate::crowd::{Crowd, Manner};
use crate::guests::Guests;

const THRESHOLD: Duration = Duration::from_millis(20);

/// More than any pipe holds.
const TOO_MUCH: usize = 1 << 22;

/// A runtime whose reports go to a pipe that nobody reads.
struct Blocked {
    rt: Runtime,
    begun: Receiver<()>,
    ended: Counter,
    reader: UnixStream,
}

impl Blocked {
    fn new(workers: usize) -> Self {
        let (reader, writer) = UnixStream::pair().unwrap();
        let (begin, begun) = channel();
        let ended = Counter::new();
        let ends = ended.clone();
        let mut builder = Flavor::MultiThread(workers).builder();
        builder.stall_threshold(THRESHOLD).on_stall(move |report| {
            let _ = begin.send(());
            let _ = (&writer).write_all(report.to_string().as_bytes());
            let _ = (&writer).write_all(&vec![b'.'; TOO_MUCH]);
            ends.raise();
        });
        Blocked {
            rt: builder.build().unwrap(),
            begun,
            ended,
            reader,
        }
    }
}

#[test]
fn others_go_on_while_a_report_blocks() {
    for manner in [Manner::Plainly, Manner::InPlace] {
        for workers in [1, 2, 9, 16] {
            let _watchdog = Watchdog::start(format!("with {workers} workers, {manner:?}"));
            let blocked = Blocked::new(workers);
            let rt = &blocked.rt;
            let mut guests = Guests::start(rt);
            let first = Crowd::start(rt.handle(), Manner::Plainly, 1);
            blocked.begun.recv().unwrap();
            guests.get_on();
            let more = Crowd::start(rt.handle(), manner, 2 * workers);
            guests.get_on();
            more.wait_until_all_block();
            guests.get_on();
            assert_eq!(blocked.ended.get(), 0, "the report blocks");
            more.release();
            first.release();
            guests.get_on();
            drop(blocked.reader);
        }
    }
}

/// Spares that are not needed any more are sent away meanwhile, too.
#[test]
fn spares_go_while_a_report_blocks() {
    for workers in [1, 2, 9] {
        let _watchdog = Watchdog::start(format!("with {workers} workers"));
        let blocked = Blocked::new(workers);
        let rt = &blocked.rt;
        let crowd = Crowd::start(rt.handle(), Manner::Plainly, 2 * workers);
        crowd.wait_until_all_block();
        blocked.begun.recv().unwrap();
        crowd.release();
        wait::until("the spares have gone", || rt.metrics().spares() == 0);
        assert_eq!(blocked.ended.get(), 0, "the report blocks");
        drop(blocked.reader);
    }
}

/// The runtime does not wait for a report for ever when it is told not to.
#[test]
fn a_runtime_whose_report_blocks_can_be_shut_down() {
    let shutdowns: [fn(Runtime); 2] = [
        |rt| rt.shutdown_timeout(Duration::from_millis(10)),
        Runtime::shutdown_background,
    ];
    for shut_down in shutdowns {
        for workers in [1, 2, 9] {
            let _watchdog = Watchdog::start(format!("with {workers} workers"));
            let blocked = Blocked::new(workers);
            let crowd = Crowd::start(blocked.rt.handle(), Manner::Plainly, workers);
            blocked.begun.recv().unwrap();
            shut_down(blocked.rt);
            drop((crowd, blocked.reader));
        }
    }
}
