//! A peer whose process has no number here, as that of a container's host has none inside.
#![cfg(target_os = "linux")]

use std::io;
use std::os::unix::net;
use std::panic::{AssertUnwindSafe, catch_unwind};

use runtime::net::UnixStream;
use runtime_tests::alone;
use runtime_tests::flavor::Flavor;

/// How a forked process ends that has found all as it should be.
const AS_IT_SHOULD: i32 = 7;
/// How it ends if it may not make a namespace.
const NOT_PERMITTED: i32 = 8;

/// Runs `child` in a fork, which ends with the answer; answers with it, too.
fn in_a_fork(child: impl FnOnce() -> i32) -> i32 {
    // SAFETY: the test is alone in its process, and the child ends by `_exit`.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0, "no fork: {}", io::Error::last_os_error());
    if pid == 0 {
        let answer = catch_unwind(AssertUnwindSafe(child));
        // SAFETY: it ends the process, whatever state that is in.
        unsafe { libc::_exit(answer.unwrap_or(1)) };
    }
    let mut status = 0;
    // SAFETY: `status` outlives the call.
    assert_eq!(unsafe { libc::waitpid(pid, &mut status, 0) }, pid);
    assert!(libc::WIFEXITED(status), "the child died: {status:#x}");
    libc::WEXITSTATUS(status)
}

/// Lets the next child of this process be in a PID namespace of its own.
fn unshare_pids() -> bool {
    // With a namespace of users, where there are such, no privilege is needed.
    [libc::CLONE_NEWPID, libc::CLONE_NEWUSER | libc::CLONE_NEWPID]
        .into_iter()
        // SAFETY: nothing in this process relies on who its children are.
        .any(|flags| unsafe { libc::unshare(flags) } == 0)
}

fn see_a_peer_outside(ours: net::UnixStream) -> i32 {
    Flavor::CurrentThread.build().block_on(async {
        ours.set_nonblocking(true).unwrap();
        let peer = UnixStream::from_std(ours).unwrap().peer_cred().unwrap();
        assert_eq!(peer.pid(), Some(0));
        // SAFETY: it only reads.
        assert_eq!(peer.uid(), unsafe { libc::geteuid() });
    });
    AS_IT_SHOULD
}

#[test]
fn the_process_of_a_peer_outside_of_our_pid_namespace_has_the_number_zero() {
    let output = alone::run_disturbed(
        || {
            let (ours, _theirs) = net::UnixStream::pair().unwrap();
            let answer = in_a_fork(|| match unshare_pids() {
                true => in_a_fork(|| see_a_peer_outside(ours)),
                false => NOT_PERMITTED,
            });
            match answer {
                NOT_PERMITTED => eprintln!("skipped: no PID namespace can be made here"),
                answer => assert_eq!(answer, AS_IT_SHOULD),
            }
        },
        |_| {},
    );
    assert!(alone::is_done(&output), "{}", alone::said(&output));
    eprintln!("{}", alone::said(&output));
}
