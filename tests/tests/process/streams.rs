//! The standard streams of children.

use std::io::ErrorKind;
use std::os::fd::{AsFd, AsRawFd};
use std::process::Stdio;

use futures_lite::future::zip;
use futures_lite::{AsyncReadExt, AsyncWriteExt};
use runtime::process::{ChildStderr, ChildStdin, ChildStdout, Command};
use runtime_tests::flavor::on_every_flavor;
use rustix::fs::{OFlags, fcntl_getfl};

use crate::children::{cat, piped, sh};

/// More than fits into a pipe, and a pattern that shows a lost or doubled piece.
pub(crate) fn megabyte() -> Vec<u8> {
    (0..1_u32 << 18).flat_map(u32::to_le_bytes).collect()
}

#[test]
fn a_megabyte_goes_through_a_child_and_back() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mut child = cat();
            let (mut stdin, mut stdout) =
                (child.stdin.take().unwrap(), child.stdout.take().unwrap());
            let sent = megabyte();
            let copy = sent.clone();
            let writing = runtime::spawn(async move { stdin.write_all(&copy).await });
            let mut received = Vec::new();
            stdout.read_to_end(&mut received).await.unwrap();
            writing.await.unwrap().unwrap();
            assert!(received == sent);
            assert!(child.wait().await.unwrap().success());
        });
    });
}

#[test]
fn much_output_and_many_errors_at_once_are_collected() {
    let script = "head -c 500000 /dev/zero & head -c 700000 /dev/zero >&2; wait; exit 5";
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let output = sh(script).output().await.unwrap();
            assert_eq!(output.status.code(), Some(5));
            assert_eq!(
                (output.stdout.len(), output.stderr.len()),
                (500_000, 700_000)
            );
        });
    });
}

#[test]
fn output_is_collected_in_order() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mut child = cat();
            let mut stdin = child.stdin.take().unwrap();
            let sent = megabyte();
            let writing = async {
                stdin.write_all(&sent).await.unwrap();
                drop(stdin);
            };
            let (output, ()) = zip(child.wait_with_output(), writing).await;
            assert!(output.unwrap().stdout == sent);
        });
    });
}

#[test]
fn output_that_was_taken_out_is_not_collected() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mut command = sh("echo out; echo err >&2");
            let mut child = piped(&mut command).stderr(Stdio::piped()).spawn().unwrap();
            let mut stdout = child.stdout.take().unwrap();
            let output = child.wait_with_output().await.unwrap();
            assert_eq!(
                (&*output.stdout, &*output.stderr),
                (&b""[..], &b"err\n"[..])
            );
            let mut line = String::new();
            stdout.read_to_string(&mut line).await.unwrap();
            assert_eq!(line, "out\n");
        });
    });
}

#[test]
fn a_write_to_a_child_that_is_gone_fails() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mut child = piped(&mut Command::new("true")).spawn().unwrap();
            let mut stdin = child.stdin.take().unwrap();
            child.wait().await.unwrap();
            // A child that another thread starts holds every descriptor of this
            // process, the pipe's other end too, until it executes its program.
            let error = loop {
                if let Err(error) = stdin.write_all(b"hello").await {
                    break error;
                }
            };
            assert_eq!(error.kind(), ErrorKind::BrokenPipe);
        });
    });
}

#[test]
fn the_output_of_one_child_becomes_the_input_of_the_next() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mut first = sh("echo hello").stdout(Stdio::piped()).spawn().unwrap();
            let link: Stdio = first.stdout.take().unwrap().try_into().unwrap();
            let second = Command::new("cat").stdin(link).output();
            assert_eq!(second.await.unwrap().stdout, b"hello\n");
            assert!(first.wait().await.unwrap().success());
        });
    });
}

#[test]
fn streams_come_from_the_standard_library_and_leave_in_blocking_mode() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mut command = std::process::Command::new("cat");
            command.stdin(Stdio::piped()).stdout(Stdio::piped());
            let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
            let mut stdin = ChildStdin::from_std(child.stdin.take().unwrap()).unwrap();
            let stdout = ChildStdout::from_std(child.stdout.take().unwrap()).unwrap();
            let stderr = ChildStderr::from_std(child.stderr.take().unwrap()).unwrap();
            assert_eq!(stdin.as_fd().as_raw_fd(), stdin.as_raw_fd());
            for fd in [stdin.as_fd(), stdout.as_fd(), stderr.as_fd()] {
                assert!(fcntl_getfl(fd).unwrap().contains(OFlags::NONBLOCK));
            }
            stdin.write_all(b"hello").await.unwrap();
            for fd in [stdin.into_owned_fd(), stderr.into_owned_fd()] {
                assert!(!fcntl_getfl(fd.unwrap()).unwrap().contains(OFlags::NONBLOCK));
            }
            let mut file = std::fs::File::from(stdout.into_owned_fd().unwrap());
            assert_eq!(std::io::read_to_string(&mut file).unwrap(), "hello");
            child.wait().unwrap();
        });
    });
}
