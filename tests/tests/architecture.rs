//! The shape of the code, checked: the floors of `runtime/src`, the facade over
//! synchronisation, the top of the workspace, its packages, the names in the essays beside the code,
//! and the examples in its documentation.

#[path = "architecture/essays.rs"]
mod essays;
#[path = "architecture/examples.rs"]
mod examples;
#[path = "architecture/floors.rs"]
mod floors;
#[path = "architecture/packages.rs"]
mod packages;
#[path = "architecture/source.rs"]
mod source;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use floors::{
    BEHIND_THE_FACADE, EXCEPTIONS, Exception, FLOORS, REEXPORTS_THE_ROOT, SIBLINGS, TOP_FILES,
    TOP_FOLDERS, floor_of,
};
use source::{NamedPath, named_paths};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A source file of `runtime/src` with its place in the module tree.
struct SourceFile {
    path: PathBuf,
    module: Vec<String>,
    paths: Vec<NamedPath>,
}

impl SourceFile {
    /// The top-level module that this file belongs to; `None` for `lib.rs`.
    fn top(&self) -> Option<&str> {
        self.module.first().map(String::as_str)
    }

    fn at(&self, path: &NamedPath) -> String {
        format!(
            "{}:{}: `{}`",
            self.path.display(),
            path.line,
            path.segments.join("::")
        )
    }

    /// Whether `path` stands in unit tests or in the models themselves.
    fn is_test_code(&self, path: &NamedPath) -> bool {
        let mut modules = self.module.iter().chain(&path.inline_modules);
        modules.any(|module| module == "tests" || module.starts_with("loom"))
    }

    /// The path from the crate's root, if it stays within the crate.
    fn within_crate(&self, path: &NamedPath) -> Option<Vec<String>> {
        let mut module = self.module.clone();
        module.extend(path.inline_modules.iter().cloned());
        let supers = path
            .segments
            .iter()
            .take_while(|segment| *segment == "super")
            .count();
        match path.segments[0].as_str() {
            "crate" => Some(path.segments[1..].to_vec()),
            "super" => {
                module.truncate(module.len().checked_sub(supers)?);
                module.extend(path.segments[supers..].iter().cloned());
                Some(module)
            }
            _ => None,
        }
    }
}

impl Exception {
    fn allows(&self, file: &SourceFile, path: &NamedPath) -> bool {
        file.path == Path::new(self.file) && path.starts_with(self.prefix)
    }
}

fn runtime_sources() -> Vec<SourceFile> {
    let root = workspace().join("runtime/src");
    files_under(&root, "rs")
        .into_iter()
        .map(|file| {
            let path = file
                .strip_prefix(&root)
                .expect("it lies under the root")
                .to_owned();
            let paths = named_paths(&read(&file));
            SourceFile {
                module: module_of(&path),
                path,
                paths,
            }
        })
        .collect()
}

fn module_of(path: &Path) -> Vec<String> {
    let mut module: Vec<String> = path
        .with_extension("")
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    if module
        .last()
        .is_some_and(|last| last == "mod" || last == "lib")
    {
        module.pop();
    }
    module
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

fn files_under(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
        let path = entry.expect("a folder can be read").path();
        if path.is_dir() {
            found.extend(files_under(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Names that `lib.rs` offers at the root, each with the module it comes from.
fn names_at_the_root(files: &[SourceFile]) -> BTreeMap<String, String> {
    let lib = files
        .iter()
        .find(|file| file.module.is_empty())
        .expect("lib.rs is there");
    lib.paths
        .iter()
        .map(|path| match path.segments[0].as_str() {
            "crate" | "self" => &path.segments[1..],
            _ => &path.segments[..],
        })
        .filter(|path| path.len() > 1 && floor_of(&path[0]).is_some())
        .map(|path| (path[path.len() - 1].clone(), path[0].clone()))
        .collect()
}

/// What is wrong with `user` using `used`, if anything is.
fn fault(user: &str, used: &str) -> Option<String> {
    let above = |floor: Option<usize>, module: &str| {
        floor.ok_or_else(|| format!("`{module}` is on no floor of floors.rs"))
    };
    let (from, to) = match (above(floor_of(user), user), above(floor_of(used), used)) {
        (Ok(from), Ok(to)) => (from, to),
        (Err(unknown), _) | (_, Err(unknown)) => return Some(unknown),
    };
    if to > from {
        return Some(format!(
            "`{user}` (floor {from}) reaches up to `{used}` (floor {to})"
        ));
    }
    let sibling = to == from && user != used && !SIBLINGS.contains(&(user, used));
    sibling.then(|| format!("`{user}` uses its sibling `{used}` on floor {from}"))
}

/// Every import in `file` that its floor forbids.
fn import_faults(file: &SourceFile, root_names: &BTreeMap<String, String>) -> Vec<String> {
    let Some(user) = file.top() else {
        return Vec::new();
    };
    let fault_of = |path: &NamedPath| {
        let target = file.within_crate(path)?;
        let first = target.first()?;
        if (user, first.as_str()) == REEXPORTS_THE_ROOT {
            return None;
        }
        let used = match floor_of(first) {
            Some(_) => first,
            None => root_names.get(first).unwrap_or(first),
        };
        Some(format!("{}: {}", file.at(path), fault(user, used)?))
    };
    file.paths.iter().filter_map(fault_of).collect()
}

#[test]
fn no_module_uses_a_floor_above_its_own() {
    let files = runtime_sources();
    let root_names = names_at_the_root(&files);
    let faults: Vec<String> = files
        .iter()
        .flat_map(|file| import_faults(file, &root_names))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_planted_import_is_found_in_each_of_its_spellings() {
    let root_names = BTreeMap::from([("Runtime".to_owned(), "runtime".to_owned())]);
    let faults_in = |source: &str| {
        let planted = SourceFile {
            path: "park/mod.rs".into(),
            module: vec!["park".to_owned()],
            paths: named_paths(source),
        };
        import_faults(&planted, &root_names).len()
    };
    assert_eq!(faults_in("use crate::primitive::sync::Arc;"), 0);
    assert_eq!(
        faults_in("// crate::net::TcpStream\n/* crate::net::X */"),
        0
    );
    assert_eq!(faults_in("const S: &str = \"crate::net::TcpStream\";"), 0);
    assert_eq!(
        faults_in("pub(in crate::scheduler) fn f<'a>(c: &'a u8) {}"),
        0
    );
    assert_eq!(faults_in("use crate::scheduler::Worker;"), 1);
    assert_eq!(
        faults_in("use crate::{primitive::cell, net::{self, TcpStream as S}};"),
        2
    );
    assert_eq!(faults_in("fn f() { crate::coop::poll_proceed::<u8>() }"), 1);
    assert_eq!(faults_in("use super::runtime::Handle;"), 1);
    assert_eq!(
        faults_in("mod inner { use super::super::runtime::Handle; }"),
        1
    );
    assert_eq!(faults_in("fn f() { crate::Runtime::new() }"), 1);
}

#[test]
fn every_module_is_on_exactly_one_floor() {
    for file in runtime_sources() {
        let Some(top) = file.top() else { continue };
        let floors = FLOORS.iter().filter(|floor| floor.contains(&top)).count();
        assert_eq!(
            floors,
            1,
            "`{top}` ({}) is on {floors} floors",
            file.path.display()
        );
    }
}

/// Whether `path` stands for what `primitive` hides, in code that must ask `primitive` for it.
fn goes_past_the_facade(file: &SourceFile, path: &NamedPath) -> bool {
    let hidden = BEHIND_THE_FACADE
        .iter()
        .any(|prefix| path.starts_with(prefix));
    hidden
        && file.top() != Some("primitive")
        && !file.is_test_code(path)
        && !EXCEPTIONS
            .iter()
            .any(|exception| exception.allows(file, path))
}

#[test]
fn only_primitive_names_the_crates_behind_it() {
    let files = runtime_sources();
    let named = files
        .iter()
        .flat_map(|file| file.paths.iter().map(move |path| (file, path)));
    let faults: Vec<String> = named
        .filter(|(file, path)| goes_past_the_facade(file, path))
        .map(|(file, path)| file.at(path))
        .collect();
    assert!(
        faults.is_empty(),
        "use `crate::primitive` instead:\n{}",
        faults.join("\n")
    );
}

#[test]
fn every_exception_is_still_needed() {
    let files = runtime_sources();
    for exception in EXCEPTIONS {
        let needed = files
            .iter()
            .any(|file| file.paths.iter().any(|path| exception.allows(file, path)));
        let Exception { file, why, .. } = exception;
        assert!(needed, "{file} does not use its exception any more ({why})");
    }
}

#[test]
fn nothing_unexpected_lies_at_the_top() {
    for entry in fs::read_dir(workspace()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if name.starts_with('.') || name == "target" {
            continue;
        }
        let agreed = if entry.path().is_dir() {
            TOP_FOLDERS
        } else {
            TOP_FILES
        };
        assert!(
            agreed.contains(&name.as_str()),
            "`{name}` is not among {agreed:?}"
        );
    }
}

#[test]
fn every_package_is_held_back_and_ready() {
    let root = workspace();
    let mut faults = packages::faults_in(&read(&root.join("Cargo.toml")));
    for folder in packages::members(&root) {
        let found = packages::faults(&folder).into_iter();
        faults.extend(found.map(|fault| format!("{}: {fault}", folder.display())));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_planted_address_is_found() {
    let faults = |manifest| packages::faults_in(manifest).len();
    assert_eq!(faults("[package]\npublish = false\n"), 0);
    assert_eq!(faults("[package]\nname = \"x\"\n"), 1);
    assert_eq!(faults("publish = false\nrepository = \"https://x\"\n"), 1);
    assert_eq!(faults("publish = false\ninclude = [\"/src\"]\n"), 6);
}

#[test]
fn names_in_the_essays_beside_the_code_exist() {
    let faults = essays::unknown_names(&workspace());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_public_type_and_function_has_an_example() {
    let unshown = examples::unshown_items(&workspace());
    let faults: Vec<String> = unshown
        .iter()
        .filter(|item| item.has_a_name())
        .map(|item| item.fault())
        .collect();
    assert!(
        faults.is_empty(),
        "show what these are for, under `# Examples`:\n{}",
        faults.join("\n")
    );
}

#[test]
fn a_planted_item_without_an_example_is_found() {
    let unshown = |documentation: &str, item: &str| {
        examples::unshown_in(&format!("use std::fmt;\n\n{documentation}\n{item}\n")).len()
    };
    let (bare, shown) = ("/// Does.", "/// Does.\n///\n/// ```\n/// f();\n/// ```");
    for item in [
        "pub fn f() {}",
        "pub async fn f<T>(\n    of: T,\n) {}",
        "pub struct S;",
        "#[derive(\n    Debug,\n)]\npub enum E {",
        "pin_project! {\n    /// Waits.\n    pub struct Wait {",
    ] {
        assert_eq!(unshown(bare, item), 1, "{item}");
    }
    assert_eq!(unshown(shown, "#[must_use]\npub fn f() {}"), 0);
    assert_eq!(unshown(shown, "pub fn f() {}\n\npub fn g() {}"), 1);
    assert_eq!(unshown(bare, "pub(crate) fn f() {}"), 0);
    assert_eq!(unshown(bare, "impl S {\n    pub fn method() {}"), 0);
    assert_eq!(unshown(bare, "mod sealed {\n    pub trait T {}"), 0);
    assert_eq!(unshown("#[doc(hidden)]", "pub fn f() {}"), 0);
}
