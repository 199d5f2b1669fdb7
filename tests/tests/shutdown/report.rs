//! What a shutdown says of those it waits for.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use runtime::runtime::Runtime;

use runtime_tests::alone;
use runtime_tests::flavor::{Flavor, on_every_flavor};
use rustix::pipe::pipe;
use rustix::stdio::dup2_stderr;

/// It cannot wait for itself, and there is nobody else to wait for.
#[test]
fn a_blocking_closure_that_drops_its_own_runtime_is_told_nothing() {
    let output = alone::run_disturbed(
        || {
            on_every_flavor(|flavor| {
                let rt = Arc::new(flavor.build());
                let (release, released) = channel::<()>();
                let (tell, told) = channel();
                let last = rt.clone();
                drop(rt.spawn_blocking(move || {
                    let _ = released.recv();
                    drop(last);
                    tell.send(()).unwrap();
                }));
                drop(rt);
                drop(release);
                told.recv().unwrap();
            });
        },
        |_child| {},
    );
    assert!(alone::is_done(&output), "{}", alone::said(&output));
    assert!(output.stderr.is_empty(), "{}", alone::said(&output));
}

/// Starts what does not end before the sender is dropped.
fn hold(start: impl FnOnce(Sender<()>, Receiver<()>)) -> Sender<()> {
    let (begin, begun) = channel();
    let (release, released) = channel();
    start(begin, released);
    begun.recv().unwrap();
    release
}

fn hold_worker(rt: &Runtime) -> Sender<()> {
    hold(|begin, released| {
        drop(rt.spawn(async move {
            begin.send(()).unwrap();
            released.recv().unwrap_err()
        }));
    })
}

fn hold_blocking_thread(rt: &Runtime) -> Sender<()> {
    hold(|begin, released| {
        drop(rt.spawn_blocking(move || {
            begin.send(()).unwrap();
            released.recv().unwrap_err()
        }));
    })
}

/// The child hears what it says itself, and only then lets go of what the shutdown waits for.
#[test]
fn a_shutdown_that_waits_says_for_how_many() {
    alone::run(|| {
        let (reader, writer) = pipe().unwrap();
        dup2_stderr(writer).unwrap();
        let mut said = BufReader::new(File::from(reader)).lines();
        let held_by = [(Flavor::MultiThread(2), 1), (Flavor::CurrentThread, 0)];
        for (flavor, workers) in held_by {
            let rt = flavor.build();
            let poll = (workers > 0).then(|| hold_worker(&rt));
            let closure = hold_blocking_thread(&rt);
            let shutdown = std::thread::spawn(move || drop(rt));
            let line = said.next().unwrap().unwrap();
            let expected = format!("{workers} worker threads and 1 blocking threads");
            assert!(line.contains(&expected), "on {flavor}: {line}");
            drop((poll, closure));
            shutdown.join().unwrap();
        }
    });
}

/// Nobody reads standard error, and it is full.
#[test]
#[cfg(target_os = "linux")]
fn a_shutdown_that_cannot_say_for_whom_it_waits_ends_all_the_same() {
    use rustix::pipe::fcntl_getpipe_size;
    use std::io::Write;

    alone::run(|| {
        let (reader, writer) = pipe().unwrap();
        let size = fcntl_getpipe_size(&writer).unwrap();
        let mut full = File::from(writer);
        full.write_all(&vec![b'.'; size]).unwrap();
        dup2_stderr(&full).unwrap();
        let rt = Flavor::CurrentThread.build();
        let closure = hold_blocking_thread(&rt);
        let shutdown = std::thread::spawn(move || drop(rt));
        runtime_tests::wait::until("a thread says it", || has_thread("rt-says"));
        drop(closure);
        shutdown.join().unwrap();
        drop(reader);
    });
}

#[cfg(target_os = "linux")]
fn has_thread(name: &str) -> bool {
    let threads = std::fs::read_dir("/proc/self/task").unwrap();
    let mut names = threads.map(|it| std::fs::read_to_string(it.unwrap().path().join("comm")));
    names.any(|it| it.is_ok_and(|it| it.trim_end() == name))
}
