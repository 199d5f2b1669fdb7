//! Signals, sent to a process of its own.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod sharing;

use std::pin::pin;

use futures_lite::{StreamExt, future};
use runtime::signal::unix::{Signal, SignalKind, signal};
use runtime::signal::{ctrl_c, shutdown_requested};
use runtime_tests::alone;
use runtime_tests::flavor::{Flavor, on_every_flavor};
use rustix::process::{Signal as Sent, getpid, kill_process};

fn send(signal: Sent) {
    kill_process(getpid(), signal).unwrap();
}

/// Sends it to this thread, whose handler has run when this returns. One that is sent to the process may go to another thread,
/// which runs the handler later.
fn send_here(signal: Sent) {
    // SAFETY: it takes any number.
    assert_eq!(unsafe { libc::raise(signal.as_raw()) }, 0);
}

fn listen(kind: SignalKind) -> Signal {
    signal(kind).unwrap()
}

#[test]
fn each_listener_of_each_runtime_hears_of_a_signal() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let runtimes = [flavor.build(), Flavor::CurrentThread.build()];
            let mut listeners: Vec<_> = runtimes
                .iter()
                .flat_map(|rt| {
                    let _guard = rt.enter();
                    [
                        listen(SignalKind::user_defined1()),
                        listen(SignalKind::user_defined1()),
                    ]
                })
                .collect();
            for _ in 0..3 {
                send(Sent::USR1);
                for (n, listener) in listeners.iter_mut().enumerate() {
                    assert_eq!(runtimes[n / 2].block_on(listener.recv()), Some(()));
                }
            }
        });
    });
}

#[test]
fn many_signals_before_one_look_are_told_as_one() {
    alone::run(|| {
        Flavor::CurrentThread.build().block_on(async {
            let mut listener = listen(SignalKind::hangup());
            for _ in 0..100 {
                send_here(Sent::HUP);
            }
            assert_eq!(listener.next().await, Some(()));
            assert!(future::poll_once(listener.recv()).await.is_none());
            send_here(Sent::HUP);
            assert_eq!(listener.recv().await, Some(()));
        });
    });
}

#[test]
fn a_signal_between_two_waits_is_kept() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            flavor.build().block_on(async {
                let mut listener = listen(SignalKind::user_defined2());
                for _ in 0..10 {
                    assert!(future::poll_once(listener.recv()).await.is_none());
                    send(Sent::USR2);
                    listener.recv().await.unwrap();
                }
            });
        });
    });
}

#[test]
fn a_signal_between_two_listeners_is_told_to_the_second() {
    alone::run(|| {
        // Of several workers one may tell of it meanwhile.
        Flavor::CurrentThread.build().block_on(async {
            drop(listen(SignalKind::user_defined1()));
            send_here(Sent::USR1);
            listen(SignalKind::user_defined1()).recv().await.unwrap();
        });
    });
}

#[test]
fn a_signal_that_one_has_heard_is_not_told_to_the_next() {
    alone::run(|| {
        Flavor::CurrentThread.build().block_on(async {
            for _ in 0..2 {
                let mut listener = listen(SignalKind::user_defined1());
                send_here(Sent::USR1);
                listener.recv().await.unwrap();
                let mut next = listen(SignalKind::user_defined1());
                assert!(future::poll_once(next.recv()).await.is_none());
            }
        });
    });
}

#[test]
fn what_the_signal_did_does_not_come_back_with_the_last_listener() {
    alone::run(|| {
        Flavor::CurrentThread.build().block_on(async {
            drop(listen(SignalKind::terminate()));
            send(Sent::TERM);
        });
    });
}

#[test]
fn listeners_leave_no_descriptor_behind() {
    alone::run(|| {
        let rt = Flavor::MultiThread(2).build();
        let _guard = rt.enter();
        drop(listen(SignalKind::user_defined1()));
        let before = runtime_tests::process::descriptors();
        for _ in 0..100 {
            drop(listen(SignalKind::user_defined1()));
        }
        assert_eq!(runtime_tests::process::descriptors(), before);
    });
}

#[test]
fn ctrl_c_and_a_request_to_end_are_heard() {
    alone::run(|| {
        Flavor::CurrentThread.build().block_on(async {
            let mut interrupted = pin!(ctrl_c());
            let mut requested = pin!(shutdown_requested());
            assert!(future::poll_once(&mut interrupted).await.is_none());
            assert!(future::poll_once(&mut requested).await.is_none());
            send(Sent::TERM);
            assert_eq!(requested.await.unwrap(), SignalKind::terminate());
            assert!(future::poll_once(&mut interrupted).await.is_none());
            send(Sent::INT);
            interrupted.await.unwrap();
        });
    });
}

#[test]
fn the_parent_does_not_hear_of_the_child_s_signals() {
    alone::run(|| {
        let rt = Flavor::CurrentThread.build();
        let mut listener = {
            let _guard = rt.enter();
            listen(SignalKind::user_defined1())
        };
        // SAFETY: the child only sends itself a signal and ends.
        match unsafe { libc::fork() } {
            0 => {
                send(Sent::USR1);
                // SAFETY: it ends the process, whatever state that is in.
                unsafe { libc::_exit(0) }
            }
            child => {
                let mut status = 0;
                // SAFETY: `status` outlives the call.
                unsafe { libc::waitpid(child, &mut status, 0) };
                assert_eq!(status, 0);
            }
        }
        rt.block_on(async {
            // What the child might have written is older than this.
            let mut later = listen(SignalKind::user_defined2());
            send(Sent::USR2);
            later.recv().await.unwrap();
            assert!(future::poll_once(listener.recv()).await.is_none());
        });
    });
}

#[test]
fn what_cannot_be_listened_for_is_an_error() {
    let rt = Flavor::CurrentThread.build();
    let _guard = rt.enter();
    for number in [libc::SIGKILL, libc::SIGSTOP, libc::SIGSEGV, 0, -1, 1_000] {
        let error = signal(SignalKind::from_raw(number)).unwrap_err();
        assert_eq!(
            error.kind(),
            std::io::ErrorKind::InvalidInput,
            "{number}: {error}"
        );
    }
}

#[test]
fn without_a_runtime_the_caller_is_told() {
    let report = runtime_tests::reported::panic_of(|| signal(SignalKind::hangup()));
    assert_eq!(report.file, file!());
}
