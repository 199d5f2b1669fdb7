//! Keeps a promise of `CONTRIBUTING.md`: who looks up a public type or function finds an example.
//!
//! It reads lines, not syntax. That is enough, because `unreachable_pub` keeps `pub` to what is
//! public, and rustfmt keeps items of a module at the left edge. Methods are not asked for: some
//! are shown by their type's example.

use std::path::Path;

use crate::{files_under, read};

/// The sources of the published libraries.
const CODE: &[&str] = &["runtime/src", "io-driver/src"];

/// Where items are public but nobody can name them: what macros expand to, and what a sealed trait
/// speaks of.
const NAMELESS: &[&str] = &[
    "runtime/src/macros",
    "runtime/src/net/addr.rs",
    "runtime/src/io/util/calls",
];

/// What a public type or function begins with.
const ITEMS: &[&str] = &[
    "pub struct ",
    "pub enum ",
    "pub trait ",
    "pub fn ",
    "pub async fn ",
    "pub const fn ",
    "pub unsafe fn ",
];

/// An item whose documentation shows no example.
pub(crate) struct Unshown {
    /// The file, from the top of the workspace.
    file: String,
    item: String,
}

impl Unshown {
    pub(crate) fn has_a_name(&self) -> bool {
        let file = Path::new(&self.file);
        !NAMELESS.iter().any(|nameless| file.starts_with(nameless))
    }

    pub(crate) fn fault(&self) -> String {
        format!("{}: `{}` has no example", self.file, self.item)
    }
}

pub(crate) fn unshown_items(workspace: &Path) -> Vec<Unshown> {
    let folders = CODE.iter().map(|folder| workspace.join(folder));
    let files = folders.flat_map(|folder| files_under(&folder, "rs"));
    files
        .flat_map(|path| {
            let name = path.strip_prefix(workspace);
            let file = name
                .expect("it lies in the workspace")
                .display()
                .to_string();
            let unshown = unshown_in(&read(&path)).into_iter();
            unshown.map(move |item| Unshown {
                file: file.clone(),
                item,
            })
        })
        .collect()
}

/// The public types and free functions in `source` whose documentation shows no example.
pub(crate) fn unshown_in(source: &str) -> Vec<String> {
    let mut unshown = Vec::new();
    let mut above = Above::default();
    let mut is_in_macro = false;
    for line in source.lines() {
        if !line.starts_with(' ') {
            is_in_macro = line == "pin_project! {";
        }
        let at_the_edge = if is_in_macro { line.trim_start() } else { line };
        let Some(item) = item_in(at_the_edge) else {
            above.pass(line);
            continue;
        };
        if !above.shows_an_example && !above.is_hidden {
            unshown.push(item.to_owned());
        }
        above = Above::default();
    }
    unshown
}

/// The item that begins on this line, without its body.
fn item_in(line: &str) -> Option<&str> {
    let begins = ITEMS.iter().any(|start| line.starts_with(start));
    let item = line.split(['(', '<', '{', ';']).next()?;
    begins.then(|| item.trim_end())
}

/// What stands above an item: its documentation and its attributes.
#[derive(Default)]
struct Above {
    shows_an_example: bool,
    is_hidden: bool,
}

impl Above {
    /// Takes in a line that begins no item; one of code ends what stood before it.
    fn pass(&mut self, line: &str) {
        let line = line.trim_start();
        if line.starts_with("///") || line.starts_with("#[doc") {
            self.shows_an_example |= line.contains("```");
            self.is_hidden |= line.contains("doc(hidden)");
        } else if line.is_empty() || line.ends_with(['{', '}', ';']) {
            *self = Above::default();
        }
    }
}
