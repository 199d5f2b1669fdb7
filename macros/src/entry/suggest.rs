//! What the user may have meant by a word that is not known.

/// Advice to follow a message about the unknown word `given`.
pub(super) fn instead_of(given: &str, known: &[&str]) -> String {
    match nearest(given, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("expected {}", one_of(known)),
    }
}

/// The words as a sentence has them: `a`, `b` or `c`.
pub(super) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// The known word that `given` most likely misspells: at most a third of its letters are wrong.
fn nearest<'a>(given: &str, known: &[&'a str]) -> Option<&'a str> {
    let given = given.to_lowercase();
    known
        .iter()
        .map(|word| (edits(&given, word), *word))
        .filter(|(edits, word)| *edits <= word.len().div_ceil(3))
        .min()
        .map(|(_, word)| word)
}

/// The least number of letters to insert, remove or replace to turn `from` into `to`
/// (Levenshtein's distance).
fn edits(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    // `row[n]` is the distance from the letters of `from` read so far to the first `n` of `to`.
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (read, letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = read + 1;
        for n in 0..to.len() {
            let replaced = diagonal + usize::from(letter != to[n]);
            diagonal = row[n + 1];
            row[n + 1] = replaced.min(row[n] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_counts_insertions_removals_and_replacements() {
        assert_eq!(edits("flavor", "flavor"), 0);
        assert_eq!(edits("flavour", "flavor"), 1);
        assert_eq!(edits("", "name"), 4);
        assert_eq!(edits("kitten", "sitting"), 3);
    }

    #[test]
    fn a_near_miss_is_found_and_a_far_one_is_not() {
        let known = ["multi_thread", "current_thread", "local"];
        assert_eq!(nearest("MultiThread", &known), Some("multi_thread"));
        assert_eq!(nearest("lcoal", &known), Some("local"));
        assert_eq!(nearest("fibers", &known), None);
    }

    #[test]
    fn of_several_near_misses_the_nearest_is_found() {
        assert_eq!(
            nearest("favorit", &["flavors", "favorite"]),
            Some("favorite")
        );
        assert_eq!(nearest("flavor", &["flavors", "favorite"]), Some("flavors"));
    }

    #[test]
    fn without_a_near_miss_the_advice_lists_what_is_known() {
        assert_eq!(
            instead_of("x", &["ignore", "shutdown_runtime"]),
            "expected `ignore` or `shutdown_runtime`"
        );
        assert_eq!(
            instead_of("ignored", &["ignore", "shutdown_runtime"]),
            "did you mean `ignore`?"
        );
    }
}
