//! Children that the tests of this program run, and how to see them.

use std::process::Stdio;

use runtime::process::{Child, Command};
use runtime_tests::wait;

/// A shell that runs a script.
pub(crate) fn sh(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    command
}

/// A child that runs until its input ends, with pipes to and from it.
pub(crate) fn cat() -> Child {
    piped(&mut Command::new("cat")).spawn().unwrap()
}

/// Makes the standard input and output pipes.
pub(crate) fn piped(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::piped()).stdout(Stdio::piped())
}

/// A child that runs for a minute if it is let.
pub(crate) fn sleeper() -> Command {
    let mut command = Command::new("sleep");
    command.arg("60");
    command
}

/// The state of a process as Linux tells it: `Z` is a zombie, `None` is no process at all.
pub(crate) fn state(id: u32) -> Option<char> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name may hold anything.
    let after_name = stat.rsplit_once(')').unwrap().1;
    after_name.trim_start().chars().next()
}

/// Blocks until the child is gone, without a zombie.
#[track_caller]
pub(crate) fn assert_reaped(id: u32) {
    wait::until("the child is reaped", || state(id).is_none());
}

/// The children of this process, the zombies among them.
pub(crate) fn all_children() -> Vec<u32> {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap();
    let lists = tasks.map(|task| std::fs::read_to_string(task.unwrap().path().join("children")));
    let lists: Vec<_> = lists.filter_map(Result::ok).collect();
    let ids = lists.iter().flat_map(|list| list.split_whitespace());
    ids.map(|id| id.parse().unwrap()).collect()
}
