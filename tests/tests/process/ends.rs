//! How a child ends, and who is told.

use std::os::unix::process::ExitStatusExt;
use std::time::Duration;

use futures_lite::future::poll_once;
use futures_lite::{AsyncReadExt, AsyncWriteExt};
use runtime::process::Command;
use runtime::time::timeout;
use runtime_tests::flavor::{Flavor, on_every_flavor, on_multi_thread};
use runtime_tests::wait;

use crate::children::{assert_reaped, cat, piped, sh, sleeper, state};

#[test]
fn exit_codes_and_signals_are_told() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            assert!(Command::new("true").status().await.unwrap().success());
            assert_eq!(sh("exit 7").status().await.unwrap().code(), Some(7));
            let killed = sh("kill -TERM $$").status().await.unwrap();
            assert_eq!(
                (killed.code(), killed.signal()),
                (None, Some(libc::SIGTERM))
            );
        });
    });
}

#[test]
fn the_end_is_told_again_and_the_id_is_not() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mut child = sh("exit 3").spawn().unwrap();
            assert!(child.id().is_some());
            for _ in 0..3 {
                assert_eq!(child.wait().await.unwrap().code(), Some(3));
                assert_eq!(child.id(), None);
                assert_eq!(child.try_wait().unwrap().unwrap().code(), Some(3));
                child.start_kill().unwrap();
                child.kill().await.unwrap();
            }
            let output = child.wait_with_output().await.unwrap();
            assert_eq!(output.status.code(), Some(3));
            assert!(output.stdout.is_empty() && output.stderr.is_empty());
        });
    });
}

#[test]
fn an_end_that_was_looked_for_is_told_to_who_waits() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mut child = cat();
            assert_eq!(child.try_wait().unwrap(), None);
            assert!(child.stdin.is_some(), "looking must not end the input");
            drop(child.stdin.take());
            wait::until("it has ended", || child.try_wait().unwrap().is_some());
            assert_eq!(child.id(), None);
            assert!(child.wait().await.unwrap().success());
        });
    });
}

#[test]
fn a_kill_ends_even_a_child_that_ignores_requests() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let script = "trap '' TERM; echo ready; while :; do read line; done";
            let mut child = piped(&mut sh(script)).spawn().unwrap();
            let stdout = child.stdout.as_mut().unwrap();
            stdout.read_exact(&mut [0; 6]).await.unwrap();
            let id = child.id().unwrap();
            // SAFETY: the child is ours and not reaped.
            assert_eq!(unsafe { libc::kill(id.cast_signed(), libc::SIGTERM) }, 0);
            assert_eq!(child.try_wait().unwrap(), None);
            child.kill().await.unwrap();
            let status = child.wait().await.unwrap();
            assert_eq!(status.signal(), Some(libc::SIGKILL));
            assert_eq!(state(id), None);
        });
    });
}

#[test]
fn a_wait_that_times_out_loses_nothing() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mut child = cat();
            let stdin = child.stdin.take();
            for _ in 0..3 {
                let wait = timeout(Duration::from_millis(1), child.wait());
                wait.await.unwrap_err();
                assert!(child.id().is_some());
            }
            drop(stdin);
            assert!(child.wait().await.unwrap().success());
        });
    });
}

#[test]
fn who_waits_is_woken_from_another_task() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            for _ in 0..20 {
                let mut child = cat();
                let stdin = child.stdin.take();
                assert!(poll_once(child.wait()).await.is_none());
                let waiting = runtime::spawn(async move { child.wait().await.unwrap() });
                drop(stdin);
                assert!(waiting.await.unwrap().success());
            }
        });
    });
}

#[test]
fn waiting_ends_the_input() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let mut child = cat();
            assert!(child.wait().await.unwrap().success());
            assert!(child.stdin.is_none());
            assert!(cat().wait_with_output().await.unwrap().status.success());
            let status = piped(&mut Command::new("cat")).status();
            assert!(status.await.unwrap().success());
        });
    });
}

#[test]
fn a_hundred_children_at_once() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let tasks: Vec<_> = (0..100)
                .map(|n| {
                    runtime::spawn(async move {
                        let mut child = cat();
                        let mut stdin = child.stdin.take().unwrap();
                        stdin.write_all(format!("{n}").as_bytes()).await.unwrap();
                        drop(stdin);
                        (n, child.wait_with_output().await.unwrap())
                    })
                })
                .collect();
            for task in tasks {
                let (n, output) = task.await.unwrap();
                assert!(output.status.success());
                assert_eq!(output.stdout, format!("{n}").as_bytes());
            }
        });
    });
}

#[test]
fn a_child_of_one_runtime_is_waited_for_on_another() {
    on_multi_thread(|flavor| {
        let (home, other) = (flavor.build(), Flavor::CurrentThread.build());
        let mut child = home.block_on(async { cat() });
        let stdin = child.stdin.take();
        let waiting = home.spawn(async move { drop(stdin) });
        assert!(other.block_on(child.wait()).unwrap().success());
        home.block_on(waiting).unwrap();
    });
}

#[test]
fn a_child_of_a_runtime_that_is_gone_is_waited_for_on_another() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let mut child = rt.block_on(async { cat() });
        let stdin = child.stdin.take();
        drop(rt);
        // Twice: the second may go, too.
        let rt = flavor.build();
        assert!(rt.block_on(async { poll_once(child.wait()).await.is_none() }));
        drop(rt);
        let rt = flavor.build();
        rt.block_on(async {
            assert!(poll_once(child.wait()).await.is_none());
            drop(stdin);
            assert!(child.wait().await.unwrap().success());
        });
    });
}

#[test]
fn a_runtime_that_is_gone_is_told_to_who_waits_in_none() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let mut child = rt.block_on(async { cat() });
        let stdin = child.stdin.take();
        drop(rt);
        let error = futures_lite::future::block_on(child.wait()).unwrap_err();
        assert!(error.to_string().contains("is gone"), "{error}");
        let id = child.id().unwrap();
        drop(stdin);
        wait::until("it has ended", || state(id) == Some('Z'));
        assert!(
            futures_lite::future::block_on(child.wait())
                .unwrap()
                .success()
        );
    });
}

#[test]
fn a_killed_child_of_a_runtime_that_is_gone_is_killed() {
    let rt = Flavor::CurrentThread.build();
    let mut child = rt.block_on(async { sleeper().spawn().unwrap() });
    drop(rt);
    let id = child.id().unwrap();
    child.start_kill().unwrap();
    drop(child);
    assert_reaped(id);
}
