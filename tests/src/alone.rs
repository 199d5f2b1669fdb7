//! Runs a test in a process of its own: to count threads, to set limits, to see the process die.

use std::env;
use std::process::{Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::watchdog::Watchdog;

/// Says to a test program which of its tests it runs alone.
const VARIABLE: &str = "RUNTIME_TESTS_ALONE";

/// What a child of [`run_with`] was given.
const ARGUMENT: &str = "RUNTIME_TESTS_ARGUMENT";

/// How a child ends whose test has run to its end. A test program that runs no test at all ends
/// with zero.
const DONE: i32 = 42;

/// Runs the body of a test in a child process, where no other thread comes or goes.
///
/// The test is found by the type of the closure: call this directly in a test function.
///
/// # Panics
///
/// If the child fails, with all that it said.
#[track_caller]
pub fn run<F: FnOnce()>(body: F) {
    let output = run_disturbed(body, |_| {});
    assert!(is_done(&output), "{}", said(&output));
}

/// As [`run`], with a function that may disturb the child until it ends, and that leaves it to the
/// caller to judge how it ended.
#[track_caller]
pub fn run_disturbed<F: FnOnce()>(body: F, disturb: impl FnOnce(Pid)) -> Output {
    let test = name_of_test::<F>();
    if env::var(VARIABLE).as_deref() == Ok(test) {
        body();
        std::process::exit(DONE);
    }
    let child = command(test).spawn().unwrap();
    let pid = Pid::from_raw(child.id().try_into().unwrap()).unwrap();
    let watchdog = Watchdog::start_with(move || {
        eprintln!("{test} hangs in a process of its own, which is killed");
        let _ = kill_process(pid, Signal::KILL);
    });
    disturb(pid);
    let output = child.wait_with_output().unwrap();
    drop(watchdog);
    output
}

/// Runs the body of a test in a child process and gives it an argument there, and leaves it to the caller to judge
/// how the child ended. It has no watchdog: the test has one.
#[track_caller]
pub fn run_with<F: FnOnce(&str)>(argument: &str, body: F) -> Output {
    let test = name_of_test::<F>();
    if env::var(VARIABLE).as_deref() == Ok(test) {
        body(&env::var(ARGUMENT).unwrap());
        std::process::exit(DONE);
    }
    command(test).env(ARGUMENT, argument).output().unwrap()
}

fn command(test: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args([test, "--exact", "--nocapture", "--test-threads=1"])
        .env(VARIABLE, test)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Whether the body of the test has run to its end.
#[must_use]
pub fn is_done(output: &Output) -> bool {
    output.status.code() == Some(DONE)
}

/// How a child has ended, and what it wrote.
#[must_use]
pub fn said(output: &Output) -> String {
    format!(
        "{}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// Whether this process is such a child.
#[must_use]
pub fn is_child() -> bool {
    env::var_os(VARIABLE).is_some()
}

/// `theme::module::test` of `program::theme::module::test::{{closure}}`.
fn name_of_test<F>() -> &'static str {
    let path = std::any::type_name::<F>();
    let path = path.split("::{{closure}}").next().unwrap();
    path.split_once("::").unwrap().1
}
