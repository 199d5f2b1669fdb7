//! What the packages say of themselves, while no name to publish under is chosen.

use std::path::{Path, PathBuf};

use crate::read;

const LICENCES: &[&str] = &["LICENSE-MIT", "LICENSE-APACHE"];

/// The folders of the workspace's packages.
pub(crate) fn members(workspace: &Path) -> Vec<PathBuf> {
    let manifest = read(&workspace.join("Cargo.toml"));
    let list = manifest.split("members = [").nth(1);
    let list = list.expect("it lists its members").split(']').next();
    list.into_iter()
        .flat_map(|list| list.split('"').skip(1).step_by(2))
        .map(|member| workspace.join(member))
        .collect()
}

/// What keeps a manifest from the state that the book's page on versions describes.
pub(crate) fn faults(folder: &Path) -> Vec<String> {
    let manifest = read(&folder.join("Cargo.toml"));
    let mut faults = faults_in(&manifest);
    if manifest.contains("\ninclude = ") {
        let missing = LICENCES.iter().filter(|name| !folder.join(name).exists());
        faults.extend(missing.map(|name| format!("ships without `{name}`")));
    }
    faults
}

pub(crate) fn faults_in(manifest: &str) -> Vec<String> {
    let has = |line: &str| manifest.lines().any(|it| it == line);
    let mut faults = Vec::new();
    if !has("publish = false") && !has("publish.workspace = true") {
        faults.push("could be published by mistake".to_owned());
    }
    for key in ["repository", "homepage"] {
        if manifest.lines().any(|line| line.starts_with(key)) {
            faults.push(format!("has a `{key}`, and none is agreed on"));
        }
    }
    // What has a list of what it ships is meant to be published some day.
    if !manifest.contains("\ninclude = ") {
        return faults;
    }
    for (wanted, what) in [
        ("description = ", "description"),
        ("keywords = ", "keywords"),
        ("categories = ", "categories"),
        ("license.workspace = true", "licence"),
        ("rust-version.workspace = true", "supported Rust"),
        (r#"rustdoc-args = ["--cfg", "docsrs"]"#, "docs.rs settings"),
    ] {
        if !manifest.lines().any(|line| line.starts_with(wanted)) {
            faults.push(format!("has no {what}"));
        }
    }
    faults
}
