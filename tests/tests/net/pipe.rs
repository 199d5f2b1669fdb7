//! What pipes promise, anonymous and named.

use std::fs::File;
use std::future::poll_fn;
use std::io::{ErrorKind, IoSlice, IoSliceMut, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::PathBuf;

use futures_lite::io::{AsyncReadExt, AsyncWriteExt};
use runtime::io::Interest;
use runtime::net::unix::pipe;
use rustix::fs::{CWD, FileType, Mode, OFlags, fcntl_getfl, mknodat};
use rustix::pipe::{PipeFlags, pipe_with};

use crate::harness::{Directory, on_every, waits, would_block};

const LOTS: usize = 1024 * 1024;

fn named(directory: &Directory) -> PathBuf {
    let path = directory.path("pipe");
    mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    path
}

/// The two ends of a pipe in blocking mode: reading, writing.
fn blocking() -> (OwnedFd, OwnedFd) {
    pipe_with(PipeFlags::CLOEXEC).unwrap()
}

fn is_blocking(fd: impl AsFd) -> bool {
    !fcntl_getfl(fd).unwrap().contains(OFlags::NONBLOCK)
}

#[test]
fn lots_of_data_goes_through() {
    on_every(|| async {
        let (mut sender, mut receiver) = pipe::pipe().unwrap();
        let writer = runtime::spawn(async move {
            sender.write_all(&vec![5; LOTS]).await.unwrap();
        });
        let mut all = Vec::new();
        receiver.read_to_end(&mut all).await.unwrap();
        assert!(all.len() == LOTS && all.iter().all(|byte| *byte == 5));
        writer.await.unwrap();
    });
}

#[test]
fn the_end_is_seen_after_a_short_read() {
    on_every(|| async {
        let (mut sender, mut receiver) = pipe::pipe().unwrap();
        for _ in 0..100 {
            sender.write_all(b"short").await.unwrap();
            assert_eq!(receiver.read(&mut [0; 64]).await.unwrap(), 5);
        }
        sender.write_all(b"last").await.unwrap();
        drop(sender);
        assert_eq!(receiver.read(&mut [0; 64]).await.unwrap(), 4);
        assert_eq!(receiver.read(&mut [0; 64]).await.unwrap(), 0);
    });
}

#[test]
fn writing_to_nobody_is_a_broken_pipe() {
    on_every(|| async {
        let (mut sender, receiver) = pipe::pipe().unwrap();
        sender.writable().await.unwrap();
        while sender.try_write(&[0; 4096]).is_ok() {}
        let writer = runtime::spawn(async move {
            let error = sender.write_all(&[0; LOTS]).await.unwrap_err();
            (error.kind(), sender)
        });
        runtime::task::yield_now().await;
        drop(receiver);
        let (kind, sender) = writer.await.unwrap();
        assert_eq!(kind, ErrorKind::BrokenPipe);
        let ready = sender.ready(Interest::WRITABLE).await.unwrap();
        assert!(ready.is_write_closed());
        assert_eq!(
            sender.try_write(b"x").unwrap_err().kind(),
            ErrorKind::BrokenPipe
        );
    });
}

#[test]
fn trying_does_not_wait_and_vectored_transfers_use_all_buffers() {
    on_every(|| async {
        let (sender, receiver) = pipe::pipe().unwrap();
        assert!(would_block(&receiver.try_read(&mut [0])));
        waits(receiver.readable()).await;
        waits(poll_fn(|cx| receiver.poll_read_ready(cx))).await;
        poll_fn(|cx| sender.poll_write_ready(cx)).await.unwrap();
        let parts = [IoSlice::new(b"ab"), IoSlice::new(b"cde")];
        assert_eq!(sender.try_write_vectored(&parts).unwrap(), 5);
        assert_eq!(sender.try_write(b"fg").unwrap(), 2);
        poll_fn(|cx| receiver.poll_read_ready(cx)).await.unwrap();
        let (mut one, mut two) = ([0; 3], [0; 3]);
        let mut parts = [IoSliceMut::new(&mut one), IoSliceMut::new(&mut two)];
        assert_eq!(receiver.try_read_vectored(&mut parts).unwrap(), 6);
        assert_eq!((&one, &two), (b"abc", b"def"));
        let mut buf = Vec::with_capacity(8);
        assert_eq!(receiver.try_read_buf(&mut buf).unwrap(), 1);
        assert!(would_block(&receiver.try_read_buf(&mut buf)));
        waits(receiver.ready(Interest::READABLE)).await;
    });
}

#[test]
fn operations_of_the_callers_own_use_the_readiness_up() {
    on_every(|| async {
        let (sender, receiver) = pipe::pipe().unwrap();
        let refuse = || -> std::io::Result<()> { Err(ErrorKind::WouldBlock.into()) };
        sender.writable().await.unwrap();
        let write = || Ok(rustix::io::write(&sender, b"own")?);
        assert_eq!(sender.try_io(write).unwrap(), 3);
        receiver.readable().await.unwrap();
        assert!(would_block(&receiver.try_io(refuse)));
        waits(receiver.readable()).await;
        assert!(would_block(&sender.try_io(refuse)));
        waits(sender.writable()).await;
    });
}

#[test]
fn a_fresh_pipe_can_be_written_to_at_once() {
    on_every(|| async {
        let (sender, _receiver) = pipe::pipe().unwrap();
        assert_eq!(sender.try_write(b"fresh").unwrap(), 5);
    });
}

#[test]
fn a_dropped_read_loses_nothing() {
    on_every(|| async {
        let (mut sender, mut receiver) = pipe::pipe().unwrap();
        waits(receiver.read(&mut [0; 8])).await;
        sender.write_all(b"kept").await.unwrap();
        let mut buf = [0; 4];
        receiver.read_exact(&mut buf).await.unwrap();
        assert_eq!(&buf, b"kept");
    });
}

#[test]
fn a_named_pipe_has_two_ends() {
    on_every(|| async {
        let directory = Directory::new();
        let path = named(&directory);
        let options = pipe::OpenOptions::new();
        let error = options.open_sender(&path).unwrap_err();
        assert_eq!(
            error.raw_os_error(),
            Some(rustix::io::Errno::NXIO.raw_os_error())
        );
        let mut receiver = options.open_receiver(&path).unwrap();
        let mut sender = options.open_sender(&path).unwrap();
        let reading = runtime::spawn(async move {
            let mut text = String::new();
            receiver.read_to_string(&mut text).await.unwrap();
            text
        });
        sender.write_all(b"through the file system").await.unwrap();
        drop(sender);
        assert_eq!(reading.await.unwrap(), "through the file system");
    });
}

#[test]
fn a_named_pipe_goes_on_with_the_next_writer() {
    on_every(|| async {
        let directory = Directory::new();
        let path = named(&directory);
        let options = pipe::OpenOptions::new();
        let mut receiver = options.open_receiver(&path).unwrap();
        for _ in 0..3 {
            let mut sender = options.open_sender(&path).unwrap();
            let reading = runtime::spawn(async move {
                let mut buf = [0; 5];
                receiver.read_exact(&mut buf).await.unwrap();
                (buf, receiver)
            });
            runtime::task::yield_now().await;
            sender.write_all(b"again").await.unwrap();
            let buf;
            (buf, receiver) = reading.await.unwrap();
            assert_eq!(&buf, b"again");
            drop(sender);
            assert_eq!(receiver.read(&mut [0]).await.unwrap(), 0);
        }
    });
}

#[test]
#[cfg(target_os = "linux")]
fn a_named_pipe_open_both_ways_has_no_end() {
    on_every(|| async {
        let directory = Directory::new();
        let path = named(&directory);
        let mut options = pipe::OpenOptions::new();
        options.read_write(true);
        let mut sender = options.open_sender(&path).unwrap();
        let mut receiver = options.open_receiver(&path).unwrap();
        sender.write_all(b"x").await.unwrap();
        drop(sender);
        receiver.read_exact(&mut [0]).await.unwrap();
        waits(receiver.read(&mut [0])).await;
    });
}

#[test]
fn what_is_no_pipe_is_refused_unless_the_check_is_off() {
    on_every(|| async {
        let directory = Directory::new();
        let path = directory.path("file");
        File::create(&path).unwrap();
        let invalid = |kind| assert_eq!(kind, ErrorKind::InvalidInput);
        let mut options = pipe::OpenOptions::default();
        invalid(options.open_receiver(&path).unwrap_err().kind());
        invalid(options.open_sender(&path).unwrap_err().kind());
        let file = File::open(&path).unwrap();
        invalid(pipe::Receiver::from_file(file).unwrap_err().kind());
        // Unchecked, it is the system that says so.
        options.unchecked(true);
        let kind = options.open_receiver(&path).unwrap_err().kind();
        assert_ne!(kind, ErrorKind::InvalidInput);
    });
}

#[test]
fn the_wrong_end_is_refused() {
    on_every(|| async {
        let (reading, writing) = blocking();
        let error = pipe::Sender::from_owned_fd(reading).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let error = pipe::Receiver::from_owned_fd(writing).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    });
}

#[test]
fn descriptors_are_put_into_the_mode_that_is_asked_for() {
    on_every(|| async {
        let (reading, writing) = blocking();
        let sender = pipe::Sender::from_owned_fd(writing).unwrap();
        let receiver = pipe::Receiver::from_file(File::from(reading)).unwrap();
        assert!(!is_blocking(&sender) && !is_blocking(&receiver));

        let writing = sender.into_nonblocking_fd().unwrap();
        assert!(!is_blocking(&writing));
        let sender = pipe::Sender::from_owned_fd_unchecked(writing).unwrap();
        let writing = sender.into_blocking_fd().unwrap();
        let reading = receiver.into_blocking_fd().unwrap();
        assert!(is_blocking(&writing) && is_blocking(&reading));

        File::from(writing).write_all(b"blocking").unwrap();
        let mut text = String::new();
        File::from(reading).read_to_string(&mut text).unwrap();
        assert_eq!(text, "blocking");
    });
}

#[test]
fn closing_through_a_trait_leaves_the_pipe_open() {
    on_every(|| async {
        let (mut sender, mut receiver) = pipe::pipe().unwrap();
        sender.close().await.unwrap();
        sender.write_all(b"!").await.unwrap();
        receiver.read_exact(&mut [0]).await.unwrap();
        waits(receiver.read(&mut [0])).await;
    });
}
