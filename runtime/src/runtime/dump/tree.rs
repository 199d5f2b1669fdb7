//! Tasks as a tree: each below the one that has spawned it.

use std::collections::HashMap;
use std::fmt;

use super::Task;
use crate::raw_task::Id;

/// Of siblings that are alike, so many are printed.
const MOST_ALIKE: usize = 3;

/// Deeper ones are not moved further to the right.
const MOST_INDENTED: usize = 20;

/// Prints the tasks, which are sorted by their ids.
pub(super) fn print(f: &mut fmt::Formatter<'_>, tasks: &[Task]) -> fmt::Result {
    let below = by_parent(tasks);
    // Deepest first, without recursion: a chain of tasks may be as long as memory allows.
    let mut open: Vec<(usize, &[&Task])> = vec![(1, of(&below, None))];
    while let Some((depth, siblings)) = open.pop() {
        let Some((task, rest)) = siblings.split_first() else {
            continue;
        };
        let indent = 2 * depth.min(MOST_INDENTED);
        writeln!(f, "{:indent$}{task}", "")?;
        let alike = rest
            .iter()
            .take_while(|other| other.is_like(task) && has_none(&below, other));
        let alike = match has_none(&below, task) {
            true => alike.count(),
            false => 0,
        };
        let rest = match alike >= MOST_ALIKE {
            true => {
                writeln!(f, "{:indent$}and {alike} more like it", "")?;
                &rest[alike..]
            }
            false => rest,
        };
        open.push((depth, rest));
        open.push((depth + 1, of(&below, Some(task.id()))));
    }
    Ok(())
}

type Children<'a> = HashMap<Option<Id>, Vec<&'a Task>>;

/// The children of each; those whose parent has ended are with those that have none.
fn by_parent(tasks: &[Task]) -> Children<'_> {
    let is_there = |id: &Id| tasks.binary_search_by_key(id, Task::id).is_ok();
    let mut below = Children::new();
    for task in tasks {
        let parent = task.parent().filter(is_there);
        below.entry(parent).or_default().push(task);
    }
    below
}

fn of<'a>(below: &'a Children<'a>, parent: Option<Id>) -> &'a [&'a Task] {
    below.get(&parent).map_or(&[], Vec::as_slice)
}

fn has_none(below: &Children<'_>, task: &Task) -> bool {
    !below.contains_key(&Some(task.id()))
}
