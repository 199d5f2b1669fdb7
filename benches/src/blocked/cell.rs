//! What is measured at once, and the matrix of all that.

use std::fmt;
use std::str::FromStr;

/// How tasks keep their workers from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// They wait on a channel or a mutex of the standard library.
    Plain,
    /// So, too, when they have read a byte of a socket, one after another.
    Request,
    /// They wait inside `block_in_place`.
    InPlace,
    /// Inside `block_in_place`, each waits for a task that it has spawned; the last waits on a channel.
    Chain,
    /// They compute in one poll.
    Loop,
    /// They compute for a millisecond in each poll.
    Polls,
    /// They block for five milliseconds inside `block_in_place`, again and again.
    ComeAndGo,
}

const KINDS: [(Kind, &str); 7] = [
    (Kind::Plain, "plain"),
    (Kind::Request, "request"),
    (Kind::InPlace, "in-place"),
    (Kind::Chain, "chain"),
    (Kind::Loop, "loop"),
    (Kind::Polls, "polls"),
    (Kind::ComeAndGo, "come-and-go"),
];

const WORKERS: [usize; 6] = [1, 2, 8, 9, 16, 64];

/// Enough that no machine has as many workers in one group.
const MANY: usize = 64;

/// No more than this for four blocked tasks a worker.
const MOST: usize = 256;

/// A number of workers, and what blocks them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Worker threads.
    pub workers: usize,
    /// Tasks that block.
    pub blocked: usize,
    /// How they do.
    pub kind: Kind,
}

/// All cells, but for those of the kinds that keep CPUs busy: these have as many tasks as workers.
pub(super) fn matrix() -> Vec<Cell> {
    let mut cells = Vec::new();
    for (kind, _) in KINDS {
        for workers in WORKERS {
            let mut crowds = vec![workers, MANY.max(2 * workers), MOST.min(4 * workers)];
            if matches!(kind, Kind::Loop | Kind::Polls | Kind::ComeAndGo) {
                crowds.truncate(1);
            }
            if workers == 16 && matches!(kind, Kind::Plain | Kind::InPlace | Kind::Chain) {
                crowds.push(500);
            }
            crowds.sort_unstable();
            crowds.dedup();
            cells.extend(crowds.into_iter().map(|blocked| Cell {
                workers,
                blocked,
                kind,
            }));
        }
    }
    cells
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (_, name) = KINDS
            .iter()
            .find(|(kind, _)| kind == self)
            .expect("each kind is listed");
        f.write_str(name)
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let named = KINDS.iter().find(|(_, name)| *name == text);
        named
            .map(|(kind, _)| *kind)
            .ok_or_else(|| format!("no kind is called {text}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_called_as_it_says() {
        for cell in matrix() {
            assert_eq!(cell.kind.to_string().parse(), Ok(cell.kind));
        }
    }
}
