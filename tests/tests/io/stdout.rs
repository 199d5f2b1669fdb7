//! Standard output and standard error, in processes of their own.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::sync::mpsc::channel;
use std::thread;

use runtime::io::{AsyncWriteExt, stderr, stdout};
use runtime::runtime::Runtime;
use runtime::time::Duration;
use runtime_tests::alone;
use runtime_tests::flavor::{Flavor, on_every_flavor};
use rustix::fs::{OFlags, fcntl_setfl};
use rustix::pipe::pipe;
use rustix::stdio::{dup2_stderr, dup2_stdout};

/// Puts a new pipe in the place of standard output, and returns its other end.
fn piped_stdout() -> File {
    let (reader, writer) = pipe().unwrap();
    dup2_stdout(writer).unwrap();
    reader.into()
}

fn read_exactly(file: &mut File, len: usize) -> String {
    let mut read = vec![0; len];
    file.read_exact(&mut read).unwrap();
    String::from_utf8(read).unwrap()
}

#[test]
fn a_flush_says_that_nobody_reads_and_so_does_the_next_write() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            drop(piped_stdout());
            flavor.build().block_on(async {
                let mut stdout = stdout();
                for _ in 0..2 {
                    stdout.write_all(b"to nobody").await.unwrap();
                    let error = stdout.flush().await.unwrap_err();
                    assert_eq!(error.kind(), ErrorKind::BrokenPipe);
                    // It was told, and is past.
                    stdout.flush().await.unwrap();
                }
                stdout.write_all(b"to nobody").await.unwrap();
                let error = stdout.write_all(b"nor this").await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::BrokenPipe);
            });
        });
    });
}

#[test]
fn what_was_printed_before_comes_before() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let mut reader = piped_stdout();
            flavor.build().block_on(async {
                let mut stdout = stdout();
                for n in 0..10 {
                    // Past libtest, which keeps what `print!` says.
                    write!(std::io::stdout(), "{n}, ").unwrap();
                    stdout.write_all(b"then ").await.unwrap();
                    stdout.flush().await.unwrap();
                }
            });
            let text = read_exactly(&mut reader, 80);
            let expected: Vec<_> = (0..10).map(|n| format!("{n}, then ")).collect();
            assert_eq!(text, expected.concat());
        });
    });
}

#[test]
fn a_descriptor_in_non_blocking_mode_loses_nothing() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let mut reader = piped_stdout();
            fcntl_setfl(rustix::stdio::stdout(), OFlags::NONBLOCK).unwrap();
            let sent: String = (0..100_000).map(|n| format!("{n} ")).collect();
            let len = sent.len();
            let reading = thread::spawn(move || read_exactly(&mut reader, len));
            flavor.build().block_on(async {
                let mut stdout = stdout();
                stdout.write_all(sent.as_bytes()).await.unwrap();
                stdout.flush().await.unwrap();
            });
            assert!(reading.join().unwrap() == sent);
        });
    });
}

#[test]
fn an_accepted_write_is_made_though_the_runtime_ends_first() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let mut reader = piped_stdout();
            let rt = flavor.builder().max_blocking_threads(1).build().unwrap();
            let (begin, begun) = channel();
            let (go_on, told) = channel::<()>();
            rt.spawn_blocking(move || {
                begin.send(()).unwrap();
                told.recv()
            });
            begun.recv().unwrap();
            rt.block_on(async { stdout().write_all(b"queued").await })
                .unwrap();
            rt.shutdown_background();
            assert_eq!(read_exactly(&mut reader, 6), "queued");
            drop(go_on);
        });
    });
}

/// Shuts a runtime down while nobody reads: one write is on the pool's only thread, one behind it.
fn shut_down_while_nobody_reads(shut_down: fn(Runtime)) {
    on_every_flavor(|flavor| {
        let mut reader = piped_stdout();
        let pipe_holds = 64 * 1024;
        let rt = flavor.builder().max_blocking_threads(1).build().unwrap();
        rt.block_on(async {
            for filling in [b'a', b'b'] {
                let mut stdout = stdout();
                stdout.write_all(&vec![filling; pipe_holds]).await.unwrap();
            }
            stdout().write_all(b"end").await.unwrap();
        });
        shut_down(rt);
        let read = read_exactly(&mut reader, 2 * pipe_holds + 3);
        // Three streams: the shutdown's extra thread may let a later one go first.
        let count = |letter| read.matches(letter).count();
        let counts = ['a', 'b'].map(count);
        assert_eq!(counts, [pipe_holds; 2], "on {flavor}");
        assert!(read.contains("end"), "on {flavor}");
    });
}

#[test]
fn a_shutdown_that_does_not_wait_does_not_wait_for_a_reader() {
    alone::run(|| {
        shut_down_while_nobody_reads(Runtime::shutdown_background);
        shut_down_while_nobody_reads(|rt| rt.shutdown_timeout(Duration::from_millis(20)));
        shut_down_while_nobody_reads(|rt| {
            Flavor::CurrentThread.build().block_on(async { drop(rt) });
        });
    });
}

#[test]
fn a_write_after_the_end_says_so_and_writes_nothing() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let mut reader = piped_stdout();
            let rt = flavor.build();
            let handle = rt.handle().clone();
            drop(rt);
            let error = handle.block_on(async { stdout().write_all(b"late").await });
            let error = error.unwrap_err().to_string();
            assert!(error.contains("shutting down"), "{error}");
            dup2_stdout(File::open("/dev/null").unwrap()).unwrap();
            let mut read = String::new();
            reader.read_to_string(&mut read).unwrap();
            assert_eq!(read, "");
        });
    });
}

#[test]
fn a_write_that_waits_for_its_reader_holds_no_worker() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let mut reader = piped_stdout();
            flavor.build().block_on(async {
                let mut stdout = stdout();
                let writing = runtime::spawn(async move {
                    stdout.write_all(&[b'x'; 200_000]).await.unwrap();
                    stdout.flush().await.unwrap();
                });
                for _ in 0..100 {
                    runtime::spawn(async {}).await.unwrap();
                }
                assert!(!writing.is_finished());
                let reading = thread::spawn(move || read_exactly(&mut reader, 200_000));
                writing.await.unwrap();
                assert_eq!(reading.join().unwrap().len(), 200_000);
            });
        });
    });
}

#[test]
fn standard_error_works_alike_in_both_families() {
    alone::run(|| {
        let (reader, writer) = pipe().unwrap();
        let before = rustix::io::dup(rustix::stdio::stderr()).unwrap();
        dup2_stderr(writer).unwrap();
        Flavor::CurrentThread.build().block_on(async {
            stderr().write_all(b"one ").await.unwrap();
            let mut stderr = stderr();
            runtime::io::AsyncWriteExt::write_all(&mut stderr, b"two")
                .await
                .unwrap();
            runtime::io::AsyncWriteExt::shutdown(&mut stderr)
                .await
                .unwrap();
        });
        dup2_stderr(before).unwrap();
        let mut text = String::new();
        File::from(reader).read_to_string(&mut text).unwrap();
        assert!(text == "one two" || text == "twoone ", "{text}");
    });
}
