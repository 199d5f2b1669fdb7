//! `fork` in a process with a live runtime: the child is told, can build another, and does not
//! disturb the parent.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod held_locks;
mod reactor;
mod standard_error;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::channel;
use std::thread;

use futures_lite::{AsyncReadExt, AsyncWriteExt};
use runtime::net::{TcpListener, TcpStream};
use runtime::runtime::Runtime;
use runtime_tests::alone;
use runtime_tests::event::Event;
use runtime_tests::flavor::{Flavor, on_every_flavor, on_multi_thread};
use runtime_tests::reported;

/// After so many seconds a child that hangs is killed.
const PATIENCE: u32 = 20;

/// How a child ends that has found all as it should be.
const AS_IT_SHOULD: i32 = 7;

/// Forks, runs `child` in the child and ends it; answers with the status of the child, as `wait` gives it.
fn in_a_fork(child: impl FnOnce()) -> i32 {
    // SAFETY: the child keeps to what it needs, and ends by `_exit`.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0, "no fork");
    if pid == 0 {
        // SAFETY: the signal has its default action, which ends the process.
        unsafe { libc::alarm(PATIENCE) };
        let outcome = catch_unwind(AssertUnwindSafe(child));
        // SAFETY: it ends the process, whatever state that is in.
        unsafe { libc::_exit(if outcome.is_ok() { AS_IT_SHOULD } else { 1 }) };
    }
    let mut status = 0;
    // SAFETY: `status` outlives the call.
    assert_eq!(unsafe { libc::waitpid(pid, &mut status, 0) }, pid);
    status
}

#[track_caller]
fn assert_as_it_should(status: i32) {
    assert!(libc::WIFEXITED(status), "the child died: {status:#x}");
    assert_eq!(libc::WEXITSTATUS(status), AS_IT_SHOULD);
}

/// The panic of `f` says what to do.
fn assert_refused<R>(f: impl FnOnce() -> R) {
    let payload = match catch_unwind(AssertUnwindSafe(f)) {
        Ok(_) => panic!("a fork may use the parent's runtime"),
        Err(payload) => payload,
    };
    let text = reported::text(&*payload);
    assert!(text.contains("this process is a fork"), "{text}");
}

/// A connection to itself carries a byte there and back.
async fn echo(near: &mut TcpStream, far: &mut TcpStream) {
    let mut byte = [0];
    near.write_all(&[1]).await.unwrap();
    far.read_exact(&mut byte).await.unwrap();
    far.write_all(&byte).await.unwrap();
    near.read_exact(&mut byte).await.unwrap();
}

async fn connect() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let near = TcpStream::connect(address).await.unwrap();
    (near, listener.accept().await.unwrap().0)
}

fn works(rt: &Runtime) {
    rt.block_on(async {
        let (mut near, mut far) = connect().await;
        let task = runtime::spawn(async move { echo(&mut near, &mut far).await });
        task.await.unwrap();
        runtime::task::spawn_blocking(|| ()).await.unwrap();
    });
}

#[test]
fn the_child_is_refused_by_the_old_runtime_and_builds_a_new_one() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let rt = flavor.build();
            works(&rt);
            let status = in_a_fork(|| {
                assert_refused(|| rt.spawn(async {}));
                assert_refused(|| rt.handle().spawn_blocking(|| ()));
                assert_refused(|| rt.block_on(async {}));
                assert_refused(|| rt.handle().block_on(async {}));
                let error = {
                    let _guard = rt.enter();
                    let std = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
                    std.set_nonblocking(true).unwrap();
                    TcpListener::from_std(std).unwrap_err()
                };
                assert!(error.to_string().contains("a fork"), "{error}");
                works(&flavor.build());
            });
            assert_as_it_should(status);
            works(&rt);
        });
    });
}

#[test]
fn dropping_the_old_runtime_and_its_sockets_in_the_child_disturbs_nobody() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let rt = flavor.build();
            let mut pair = Some(rt.block_on(connect()));
            let mut owned = Some(rt);
            let status = in_a_fork(|| {
                drop(pair.take());
                drop(owned.take());
            });
            assert_as_it_should(status);
            let (mut near, mut far) = pair.take().unwrap();
            owned.as_ref().unwrap().block_on(echo(&mut near, &mut far));
        });
    });
}

#[test]
fn a_child_of_a_task_may_build_a_runtime_there_and_then() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let rt = flavor.build();
            let task = rt.spawn(async move { in_a_fork(|| works(&flavor.build())) });
            assert_as_it_should(rt.block_on(task).unwrap());
            works(&rt);
        });
    });
}

/// Forks, and in the child goes on as if nothing had happened; answers in the parent.
fn fork_and_go_on() -> i32 {
    // SAFETY: the child is ended by the runtime, or by the test's own end.
    match unsafe { libc::fork() } {
        0 => {
            // SAFETY: the signal has its default action, which ends the process.
            unsafe { libc::alarm(PATIENCE) };
            0
        }
        pid => {
            let mut status = 0;
            // SAFETY: `status` outlives the call.
            unsafe { libc::waitpid(pid, &mut status, 0) };
            status
        }
    }
}

#[test]
fn a_worker_that_goes_on_in_the_child_aborts_it() {
    let output = alone::run_disturbed(
        || {
            let rt = Flavor::MultiThread(2).build();
            let aborted = [
                rt.block_on(rt.spawn(async { fork_and_go_on() })),
                rt.block_on(rt.spawn_blocking(fork_and_go_on)),
            ];
            for status in aborted {
                let status = status.unwrap();
                assert_eq!(libc::WTERMSIG(status), libc::SIGABRT, "{status:#x}");
            }
            works(&rt);
        },
        |_| {},
    );
    assert!(alone::is_done(&output), "{}", alone::said(&output));
    let said = alone::said(&output);
    assert_eq!(said.matches("the child ends here").count(), 2, "{said}");
}

/// Calls `forks`, which returns the status of a child, and of which the child comes by a panic that says what to
/// do.
fn assert_told_in_the_child(forks: impl FnOnce() -> i32) {
    let parent = std::process::id();
    let outcome = catch_unwind(AssertUnwindSafe(forks));
    if std::process::id() != parent {
        let told = outcome.is_err_and(|payload| {
            let told = reported::text(&*payload).contains("this process is a fork");
            std::mem::forget(payload);
            told
        });
        // SAFETY: it ends the process, whatever state that is in.
        unsafe { libc::_exit(if told { AS_IT_SHOULD } else { 1 }) };
    }
    assert_as_it_should(outcome.unwrap());
}

#[test]
fn a_block_on_that_goes_on_in_the_child_panics_there() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let rt = flavor.build();
            assert_told_in_the_child(|| {
                rt.block_on(async {
                    let status = fork_and_go_on();
                    runtime::task::yield_now().await;
                    status
                })
            });
            works(&rt);
        });
    });
}

/// On a current-thread runtime it waits for a thread that is not there.
#[test]
fn a_block_on_beside_another_panics_in_the_child() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let rt = flavor.build();
            let ended = Event::new();
            thread::scope(|scope| {
                scope.spawn(|| rt.block_on(ended.clone()));
                ended.until_awaited();
                assert_told_in_the_child(|| {
                    rt.block_on(async {
                        let status = fork_and_go_on();
                        if status == 0 {
                            std::future::pending::<()>().await;
                        }
                        status
                    })
                });
                ended.set();
            });
        });
    });
}

/// A poll is under way on a worker that the child does not have.
#[test]
fn a_scope_that_goes_on_in_the_child_panics_there() {
    alone::run(|| {
        on_multi_thread(|flavor| {
            let rt = flavor.build();
            let (begin, begun) = channel();
            let (release, released) = channel::<()>();
            assert_told_in_the_child(|| {
                rt.handle().scope(|scope| {
                    drop(scope.spawn(async move {
                        begin.send(()).unwrap();
                        let _ = released.recv();
                    }));
                    begun.recv().unwrap();
                    let status = fork_and_go_on();
                    drop(release);
                    status
                })
            });
            works(&rt);
        });
    });
}

#[test]
fn nothing_of_the_parent_is_seen_in_a_dump() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let rt = flavor.build();
            rt.spawn(std::future::pending::<()>());
            assert_eq!(rt.handle().dump().tasks().len(), 1);
            let status = in_a_fork(|| {
                let dump = rt.handle().dump();
                assert!(dump.tasks().is_empty() && dump.threads().is_empty());
            });
            assert_as_it_should(status);
        });
    });
}
