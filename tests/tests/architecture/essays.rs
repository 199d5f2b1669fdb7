//! Keeps the essays true: what they put in backticks must exist in the code.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::source::tokens;
use crate::{files_under, read};

/// Folders whose code the essays speak of.
const CODE: &[&str] = &[
    "runtime/src",
    "runtime/examples",
    "io-driver/src",
    "io-driver/examples",
];

/// Where essays lie: beside the code, and in the book.
const ESSAYS: &[&str] = &["runtime", "io-driver", "docs/src/design"];

/// Names of the system that the essays speak of.
const NOT_OURS: &[&str] = &["epoll_wait", "epoll_pwait2", "epoll_ctl"];

/// What the code offers to be named: files, functions, and identifiers of any kind.
#[derive(Default)]
struct Vocabulary {
    files: Vec<PathBuf>,
    functions: BTreeSet<String>,
    identifiers: BTreeSet<String>,
}

/// Each name in backticks that no code has, as `file: name`.
pub(crate) fn unknown_names(workspace: &Path) -> Vec<String> {
    let vocabulary = read_vocabulary(workspace);
    let mut unknown = Vec::new();
    for folder in ESSAYS {
        for essay in files_under(&workspace.join(folder), "md") {
            let text = read(&essay);
            for span in spans_in_backticks(&text) {
                if !is_known(span, &vocabulary) {
                    unknown.push(format!("{}: `{span}` is not in the code", essay.display()));
                }
            }
        }
    }
    unknown
}

fn read_vocabulary(workspace: &Path) -> Vocabulary {
    let mut vocabulary = Vocabulary::default();
    for folder in CODE {
        for file in files_under(&workspace.join(folder), "rs") {
            let tokens = tokens(&read(&file));
            for pair in tokens.windows(2) {
                if pair[0].text == "fn" {
                    vocabulary.functions.insert(pair[1].text.clone());
                }
            }
            vocabulary
                .identifiers
                .extend(tokens.into_iter().map(|token| token.text));
            vocabulary.files.push(file);
        }
    }
    vocabulary
}

/// The inline code of a Markdown text, without its fenced blocks.
fn spans_in_backticks(text: &str) -> Vec<&str> {
    let prose = text.split("```").step_by(2);
    prose
        .flat_map(|part| part.split('`').skip(1).step_by(2))
        .collect()
}

/// Whether `span` is a name that the code has; spans that are no names count as known.
fn is_known(span: &str, vocabulary: &Vocabulary) -> bool {
    if NOT_OURS.contains(&span) || span.starts_with("std::") {
        return true;
    }
    if span.ends_with(".rs") {
        return vocabulary.files.iter().any(|file| file.ends_with(span));
    }
    if let Some(called) = span.strip_suffix("()") {
        let name = called.rsplit(['.', ':']).next().unwrap_or(called);
        return !is_identifier(name) || vocabulary.functions.contains(name);
    }
    let segments: Vec<&str> = span.split("::").collect();
    !segments.iter().all(|segment| is_identifier(segment))
        || segments
            .iter()
            .all(|segment| vocabulary.identifiers.contains(*segment))
}

fn is_identifier(text: &str) -> bool {
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts_well && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
