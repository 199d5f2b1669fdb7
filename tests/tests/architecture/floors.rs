//! The layers of `runtime/src` as data: what each module may use.

/// The modules of each floor, ground floor first. A module uses only the floors below its own.
pub(crate) const FLOORS: &[&[&str]] = &[
    &["primitive"],
    &["util"],
    &["park", "coop", "current", "clock"],
    &["raw_task", "roster", "timer", "sync"],
    &["driver", "blocking"],
    &["scheduler"],
    &["runtime"],
    &["time", "task"],
    &["io", "signal"],
    &["net", "fs", "process"],
    &["hyper", "serve", "macros"],
];

/// Modules of one floor where the first may use the second.
pub(crate) const SIBLINGS: &[(&str, &str)] = &[("signal", "io")];

/// The module that offers `crate::*` again. Crate and module share a name, so that after
/// `use runtime::runtime;` the path `runtime::spawn` must still lead to the root's.
pub(crate) const REEXPORTS_THE_ROOT: (&str, &str) = ("runtime", "*");

/// Crates and modules of synchronisation that only `primitive` names: under
/// `cfg(runtime_loom)` it answers with loom's types in their place.
pub(crate) const BEHIND_THE_FACADE: &[&[&str]] = &[
    &["std", "sync"],
    &["core", "sync"],
    &["alloc", "sync"],
    &["loom"],
    &["parking_lot"],
];

/// What a file outside `primitive` may name all the same, and why.
pub(crate) const EXCEPTIONS: &[Exception] = &[
    Exception {
        file: "raw_task/id.rs",
        prefix: &["std", "sync", "atomic"],
        why: "a static that only counts: loom's atomics cannot be in a static",
    },
    Exception {
        file: "current/fork.rs",
        prefix: &["std", "sync", "atomic"],
        why: "a static that only counts forks",
    },
    Exception {
        file: "util/say.rs",
        prefix: &["std", "sync", "atomic"],
        why: "a static that only counts lines",
    },
];

/// A file that may name what stands behind the facade.
#[derive(Debug)]
pub(crate) struct Exception {
    pub(crate) file: &'static str,
    pub(crate) prefix: &'static [&'static str],
    pub(crate) why: &'static str,
}

/// The folders at the top of the workspace, and what may lie beside them.
pub(crate) const TOP_FOLDERS: &[&str] =
    &["runtime", "io-driver", "macros", "tests", "benches", "docs"];
pub(crate) const TOP_FILES: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "deny.toml",
    "rustfmt.toml",
    "clippy.toml",
];

/// The floor of a top-level module, counted from 0.
pub(crate) fn floor_of(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}
