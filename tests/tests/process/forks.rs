//! A fork has copies of its parent's handles, and the children are not its own.
#![cfg(target_os = "linux")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use runtime::process::Command;
use runtime_tests::alone;
use runtime_tests::flavor::on_every_flavor;

use crate::children::{assert_reaped, cat, sleeper, state};

/// Forks, runs `child` in the child and ends it.
fn in_a_fork(child: impl FnOnce()) {
    // SAFETY: the child keeps to what it needs, and ends by `_exit`.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0, "no fork");
    if pid == 0 {
        let outcome = catch_unwind(AssertUnwindSafe(child));
        // SAFETY: it ends the process, whatever state that is in.
        unsafe { libc::_exit(i32::from(outcome.is_err())) };
    }
    let mut status = 0;
    // SAFETY: `status` outlives the call.
    assert_eq!(unsafe { libc::waitpid(pid, &mut status, 0) }, pid);
    assert_eq!(status, 0, "the fork failed");
}

#[test]
fn a_fork_neither_kills_nor_reaps_the_children_of_its_parent() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let rt = flavor.build();
            let spawn = || async { Some(sleeper().kill_on_drop(true).spawn().unwrap()) };
            let (mut first, mut second) = (rt.block_on(spawn()), rt.block_on(spawn()));
            in_a_fork(|| {
                drop(first.take());
                second.as_mut().unwrap().start_kill().unwrap_err();
                second.as_mut().unwrap().try_wait().unwrap_err();
            });
            for child in [&mut first, &mut second] {
                let child = child.as_mut().unwrap();
                assert_eq!(child.try_wait().unwrap(), None);
                rt.block_on(child.kill()).unwrap();
            }
        });
    });
}

#[test]
fn a_fork_is_refused_by_the_old_runtime_and_reaps_its_own_children() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let rt = flavor.build();
            // An orphan, so that there is a thread that the fork does not have.
            let mut orphan = rt.block_on(async { cat() });
            let stdin = orphan.stdin.take();
            let parents = orphan.id().unwrap();
            drop(orphan);
            in_a_fork(|| {
                let _guard = rt.enter();
                catch_unwind(|| Command::new("true").spawn()).unwrap_err();
                let rt = flavor.build();
                let child = rt.block_on(async { sleeper().kill_on_drop(true).spawn().unwrap() });
                let id = child.id().unwrap();
                drop(child);
                assert_reaped(id);
                assert!(state(parents).is_some());
            });
            drop(stdin);
            assert_reaped(parents);
        });
    });
}
