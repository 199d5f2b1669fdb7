//! The essay names functions and types; it must not outlive them.
#![cfg(not(runtime_loom))]
#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::path::Path;

#[test]
fn what_the_readme_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let mut source = String::new();
    collect(&root.join("src"), &mut source);
    collect(&root.join("examples"), &mut source);
    // Between backticks: every other piece, but those of code fences.
    let prose: String = readme.split("```").step_by(2).collect();
    let named: Vec<_> = prose
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|name| name.ends_with("()"))
        .collect();
    assert!(
        named.len() > 10,
        "the essay names its functions as `name()`"
    );
    for name in named {
        let bare = name.trim_end_matches("()").rsplit("::").next().unwrap();
        let is_outside = ["epoll_wait"].contains(&bare);
        assert!(
            is_outside || source.contains(&format!("fn {bare}")),
            "{name} is in the README only"
        );
    }
}

fn collect(folder: &Path, source: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, source);
        } else {
            source.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}
