//! A child that the runtime ends says why, if standard error lets it: the end does not wait for that.

use std::fs::File;
use std::io::{ErrorKind, Write, stderr};

use runtime_tests::alone;
use runtime_tests::flavor::Flavor;
use rustix::pipe::{PipeFlags, pipe_with};
use rustix::stdio::dup2_stderr;

use crate::fork_and_go_on;

/// How the children end in which a worker and a thread for blocking calls go on.
fn forked() -> [i32; 2] {
    let rt = Flavor::MultiThread(1).build();
    [
        rt.block_on(rt.spawn(async { fork_and_go_on() })).unwrap(),
        rt.block_on(rt.spawn_blocking(fork_and_go_on)).unwrap(),
    ]
}

#[track_caller]
fn assert_aborted(statuses: [i32; 2]) {
    for status in statuses {
        assert_eq!(libc::WTERMSIG(status), libc::SIGABRT, "{status:#x}");
    }
}

/// The thread that would unlock it is not in the child.
#[test]
fn a_child_is_ended_though_another_thread_writes_to_standard_error() {
    alone::run(|| {
        let locked = stderr().lock();
        let statuses = forked();
        drop(locked);
        assert_aborted(statuses);
    });
}

#[test]
fn a_child_is_ended_though_standard_error_is_a_full_pipe() {
    alone::run(|| {
        let (_reader, writer) = pipe_with(PipeFlags::NONBLOCK).unwrap();
        let full = fill(writer.into());
        let before = rustix::io::dup(stderr()).unwrap();
        dup2_stderr(&full).unwrap();
        let statuses = forked();
        dup2_stderr(&before).unwrap();
        assert_aborted(statuses);
    });
}

/// Fills a pipe, whose writers wait from now on.
fn fill(mut pipe: File) -> File {
    for size in [4096, 1] {
        while pipe.write(&vec![b'.'; size]).is_ok() {}
    }
    let error = pipe.write(b".").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    rustix::io::ioctl_fionbio(&pipe, false).unwrap();
    pipe
}
