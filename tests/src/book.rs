//! Compiles and runs the Rust programs of the README and of the book, and keeps
//! the book whole: every page is in its summary, and no link leads nowhere.

macro_rules! pages {
    ($($module:ident: $page:literal,)*) => {
        $(
            #[cfg(doctest)]
            #[doc = include_str!(concat!("../../", $page))]
            mod $module {}
        )*

        #[cfg(test)]
        const PAGES: &[&str] = &[$($page),*];
    };
}

// Every page with a Rust program in it.
pages! {
    readme: "README.md",
    cancellation: "docs/src/cancellation.md",
    files: "docs/src/files.md",
    getting_started: "docs/src/getting-started.md",
    moving_from_tokio: "docs/src/moving-from-tokio.md",
    processes: "docs/src/processes.md",
    select: "docs/src/select.md",
    serving: "docs/src/serving.md",
    structured_tasks: "docs/src/structured-tasks.md",
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::PAGES;

    fn workspace() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }

    fn markdown_in(folder: &str) -> Vec<String> {
        let mut pages = Vec::new();
        for entry in fs::read_dir(workspace().join(folder)).expect("the folder is there") {
            let entry = entry.expect("a folder can be read");
            let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                pages.extend(markdown_in(&name));
            } else if name.ends_with(".md") {
                pages.push(name);
            }
        }
        pages
    }

    /// The pages that a reader of the repository meets outside the code.
    fn all_pages() -> Vec<String> {
        let mut pages = markdown_in("docs/src");
        pages.extend(
            [
                "README.md",
                "CONTRIBUTING.md",
                "SECURITY.md",
                "CHANGELOG.md",
            ]
            .map(String::from),
        );
        pages
    }

    fn text_of(page: &str) -> String {
        fs::read_to_string(workspace().join(page)).expect("the page is there")
    }

    /// The targets of `[text](target)` that are files of the repository.
    fn local_links(text: &str) -> Vec<&str> {
        text.split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
            .map(|target| target.split('#').next().unwrap_or(target))
            .filter(|target| !target.is_empty() && !target.contains(':'))
            .collect()
    }

    #[test]
    fn every_page_with_a_program_is_compiled() {
        for page in all_pages() {
            let has_program = text_of(&page).contains("\n```rust");
            assert_eq!(PAGES.contains(&page.as_str()), has_program, "{page}");
        }
    }

    #[test]
    fn every_page_of_the_book_is_in_its_summary() {
        let summary = text_of("docs/src/SUMMARY.md");
        let listed = local_links(&summary);
        for page in markdown_in("docs/src") {
            let name = page.strip_prefix("docs/src/").expect("it lies there");
            assert!(name == "SUMMARY.md" || listed.contains(&name), "{page}");
        }
    }

    #[test]
    fn no_link_leads_nowhere() {
        for page in all_pages() {
            let text = text_of(&page);
            let folder = workspace().join(&page);
            let folder = folder.parent().expect("a page lies in a folder");
            for link in local_links(&text) {
                assert!(folder.join(link).exists(), "{page}: {link}");
            }
        }
    }
}
