//! What goes on where a sandbox or an old kernel refuses a call of the system.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::io::ErrorKind;
use std::process::Stdio;
use std::time::{Duration, Instant};

use libc::{ENOSYS, EPERM, c_long};
use runtime::process::{Child, Command};
use runtime::time::sleep;
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::sandbox::refuse;
use runtime_tests::{alone, wait};

/// A filter of container engines answers with the one, an old kernel and gVisor with the other.
const ERRORS: [i32; 2] = [EPERM, ENOSYS];

fn is_reaped(id: u32) -> bool {
    // SAFETY: no signal is sent.
    let result = unsafe { libc::kill(id.try_into().unwrap(), 0) };
    result != 0 && std::io::Error::last_os_error().raw_os_error() == Some(libc::ESRCH)
}

fn sleeper(kill_on_drop: bool) -> Child {
    let mut command = Command::new("sleep");
    command.arg("600").kill_on_drop(kill_on_drop);
    // So that it keeps no stream of a test open that has failed.
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.spawn().unwrap()
}

fn children_end(refused: &[c_long]) {
    for error in ERRORS {
        refuse(refused, error);
        on_every_flavor(|flavor| {
            flavor.build().block_on(async {
                let mut child = sleeper(false);
                child.kill().await.unwrap();
                assert!(!child.wait().await.unwrap().success());

                let mut child = sleeper(false);
                child.start_kill().unwrap();
                child.start_kill().unwrap();
                assert!(!child.wait().await.unwrap().success());

                let child = sleeper(true);
                let id = child.id().unwrap();
                drop(child);
                wait::until("the child is killed and reaped", || is_reaped(id));

                let mut echo = Command::new("echo");
                let output = echo.arg("hello").stdin(Stdio::null()).output();
                assert_eq!(output.await.unwrap().stdout, b"hello\n");
            });
        });
    }
}

#[test]
fn children_are_killed_without_pidfd_send_signal() {
    alone::run(|| children_end(&[libc::SYS_pidfd_send_signal]));
}

#[test]
fn children_are_killed_without_pidfd_open() {
    alone::run(|| children_end(&[libc::SYS_pidfd_open]));
}

#[test]
fn children_are_killed_without_any_pidfd() {
    alone::run(|| {
        let calls = [
            libc::SYS_pidfd_open,
            libc::SYS_pidfd_send_signal,
            libc::SYS_waitid,
        ];
        children_end(&calls);
    });
}

/// An id that is free may be another's, so nobody is killed by it.
#[test]
fn a_child_that_others_have_reaped_is_left_in_peace() {
    alone::run(|| {
        refuse(&[libc::SYS_pidfd_send_signal], EPERM);
        on_every_flavor(|flavor| {
            flavor.build().block_on(async {
                let mut child = Command::new("true").spawn().unwrap();
                let id = child.id().unwrap().try_into().unwrap();
                // SAFETY: nothing is written.
                let reaped = unsafe { libc::waitpid(id, std::ptr::null_mut(), 0) };
                assert_eq!(reaped, id);
                refuse(&[libc::SYS_kill], libc::EIO);
                child.start_kill().unwrap();
            });
        });
    });
}

fn sleeps_are_long_enough() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            for micros in [1, 300, 1_000, 1_500, 20_700] {
                let duration = Duration::from_micros(micros);
                let start = Instant::now();
                sleep(duration).await;
                assert!(start.elapsed() >= duration, "on {flavor}");
            }
            let child = Command::new("true").status().await.unwrap();
            assert!(child.success());
        });
    });
}

#[test]
fn without_timerfd_create_runtimes_sleep_whole_milliseconds() {
    alone::run(|| {
        for error in ERRORS {
            refuse(&[libc::SYS_timerfd_create], error);
            sleeps_are_long_enough();
        }
    });
}

#[test]
fn without_timerfd_settime_runtimes_sleep_whole_milliseconds() {
    alone::run(|| {
        for error in ERRORS {
            refuse(&[libc::SYS_timerfd_settime], error);
            sleeps_are_long_enough();
        }
    });
}

#[test]
fn a_call_that_nothing_can_stand_in_for_is_named_by_build() {
    alone::run(|| {
        for (call, name) in [
            (libc::SYS_eventfd2, "eventfd2"),
            (libc::SYS_epoll_create1, "epoll_create1"),
        ] {
            for (errno, kind) in [
                (EPERM, ErrorKind::PermissionDenied),
                (ENOSYS, ErrorKind::Unsupported),
            ] {
                refuse(&[call], errno);
                on_every_flavor(|flavor| {
                    let error = flavor.builder().build().unwrap_err();
                    assert_eq!(error.kind(), kind);
                    assert!(error.to_string().contains(name), "{error}");
                });
            }
        }
    });
}
