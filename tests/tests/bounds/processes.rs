//! Child processes, their streams and their futures.

use std::future::Future;

use runtime::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};

use super::{IsNotUnpin as _, IsSend as _, IsSync as _, of};

table! {
    Command:      1 1 1 0 0;
    Child:        1 1 1 1 1;
    ChildStdin:   1 1 1 1 1;
    ChildStdout:  1 1 1 1 1;
    ChildStderr:  1 1 1 1 1;
}

/// A handle that is never made: only the types of its futures matter.
fn any<T>() -> &'static mut T {
    unreachable!("it is asked for its type alone")
}

fn is_send_and_sync<F: Future + Send + Sync>(_: fn() -> F) {}

#[test]
fn futures_of_children_can_be_sent_and_shared() {
    is_send_and_sync(|| any::<Child>().wait());
    is_send_and_sync(|| any::<Child>().kill());
    is_send_and_sync(|| any::<Option<Child>>().take().unwrap().wait_with_output());
    is_send_and_sync(|| any::<Command>().status());
    is_send_and_sync(|| any::<Command>().output());
}

#[test]
fn futures_of_commands_are_not_tied_to_them() {
    let rt = runtime::Runtime::new().unwrap();
    let _guard = rt.enter();
    futures! {
        Command::new("true").status() => 1 1 0;
        Command::new("true").output() => 1 1 0;
    }
}
