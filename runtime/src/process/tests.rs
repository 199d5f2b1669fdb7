//! Children whose end is told by `SIGCHLD`, as where there are no pidfds.

use std::future::poll_fn;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use futures_lite::future::{block_on, poll_once};

use super::end::Teller;
use super::orphans::{self, Orphan};
use super::running::Running;
use crate::runtime::Builder;

const PATIENCE: Duration = Duration::from_secs(60);

/// A child that ends when its input does.
fn cat() -> (Child, Option<ChildStdin>) {
    let mut command = Command::new("cat");
    let mut child = command.stdin(Stdio::piped()).spawn().expect("it is there");
    let stdin = child.stdin.take();
    (child, stdin)
}

fn without_pidfd(child: Child) -> Running {
    Running::new(child, Teller::Sigchld(None), false)
}

async fn end(process: &mut Running) -> ExitStatus {
    let end = poll_fn(|cx| process.poll_end(cx)).await;
    end.expect("nobody else reaps it")
}

fn on_both(test: impl AsyncFn()) {
    for mut builder in [Builder::new_current_thread(), Builder::new_multi_thread()] {
        let rt = builder.enable_all().build().expect("threads can be had");
        rt.block_on(test());
    }
}

/// Until the child is reaped: its id is known to the system until then.
fn assert_reaped(id: u32) {
    let pid = i32::try_from(id).expect("ids are small");
    let deadline = Instant::now() + PATIENCE;
    // SAFETY: signal 0 is none.
    while unsafe { libc::kill(pid, 0) } == 0 {
        assert!(Instant::now() < deadline, "{id} is still there");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn each_of_many_ends_is_heard_of() {
    on_both(async || {
        let children: Vec<_> = (0..20).map(|_| cat()).collect();
        let (children, stdins): (Vec<_>, Vec<_>) = children.into_iter().unzip();
        drop(stdins);
        for child in children {
            assert!(end(&mut without_pidfd(child)).await.success());
        }
    });
}

#[test]
fn who_waits_is_woken_by_the_end_of_his_child_alone() {
    on_both(async || {
        let ((mine, my_stdin), (other, other_stdin)) = (cat(), cat());
        let (mut mine, mut other) = (without_pidfd(mine), without_pidfd(other));
        assert!(poll_once(end(&mut mine)).await.is_none());
        drop(other_stdin);
        assert!(end(&mut other).await.success());
        assert!(poll_once(end(&mut mine)).await.is_none());
        drop(my_stdin);
        assert!(end(&mut mine).await.success());
    });
}

#[test]
fn a_killed_child_is_told_of() {
    on_both(async || {
        let (child, _stdin) = cat();
        let mut child = without_pidfd(child);
        child.kill().expect("it is ours");
        assert!(!end(&mut child).await.success());
    });
}

#[test]
fn the_wait_fails_when_the_runtime_is_gone_and_tells_of_an_end_all_the_same() {
    let rt = Builder::new_current_thread()
        .build()
        .expect("it can be had");
    let (child, stdin) = cat();
    let mut child = without_pidfd(child);
    rt.block_on(async { assert!(poll_once(end(&mut child)).await.is_none()) });
    drop(rt);
    let mut wait = || block_on(poll_fn(|cx| child.poll_end(cx)));
    wait().expect_err("nobody can tell of the end");
    drop(stdin);
    let deadline = Instant::now() + PATIENCE;
    while wait().is_err() {
        assert!(Instant::now() < deadline);
    }
}

#[test]
fn orphans_are_reaped() {
    let (children, stdins): (Vec<_>, Vec<_>) = (0..20).map(|_| cat()).unzip();
    let ids: Vec<_> = children.iter().map(Child::id).collect();
    for child in children {
        orphans::take_in(Orphan { child, pidfd: None });
    }
    drop(stdins);
    for id in ids {
        assert_reaped(id);
    }
}

#[test]
fn orphans_with_and_without_pidfds_are_reaped_each_at_its_end() {
    let ((watched, first), (child, second)) = (cat(), cat());
    let ids = [watched.id(), child.id()];
    orphans::take_in(Orphan::new(watched));
    orphans::take_in(Orphan { child, pidfd: None });
    for (id, stdin) in ids.into_iter().zip([first, second]) {
        drop(stdin);
        assert_reaped(id);
    }
}
