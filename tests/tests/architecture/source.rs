//! Reads the paths that a Rust source file names, by tokens and not by types.

/// A path such as `crate::park::Parker`, expanded from its `use` tree.
#[derive(Debug)]
pub(crate) struct NamedPath {
    pub(crate) segments: Vec<String>,
    /// The inline modules around it, outermost first.
    pub(crate) inline_modules: Vec<String>,
    pub(crate) line: usize,
}

impl NamedPath {
    pub(crate) fn starts_with(&self, prefix: &[&str]) -> bool {
        self.segments.len() >= prefix.len() && self.segments.iter().zip(prefix).all(|(a, b)| a == b)
    }
}

#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) line: usize,
}

impl Token {
    fn is_identifier(&self) -> bool {
        self.text
            .starts_with(|c: char| c.is_alphabetic() || c == '_')
    }
}

/// Every path of two or more segments in `source`; comments and strings do not count.
pub(crate) fn named_paths(source: &str) -> Vec<NamedPath> {
    let tokens = tokens(source);
    let mut reader = PathReader {
        tokens: &tokens,
        found: Vec::new(),
        scopes: Vec::new(),
        depth: 0,
    };
    let mut at = 0;
    while at < tokens.len() {
        at = reader.step(at);
    }
    reader.found
}

struct PathReader<'t> {
    tokens: &'t [Token],
    found: Vec<NamedPath>,
    /// Inline modules under way, each with the brace depth of its body.
    scopes: Vec<(String, usize)>,
    depth: usize,
}

impl PathReader<'_> {
    fn text(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| &token.text)
    }

    fn is_identifier(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(Token::is_identifier)
    }

    /// Reads what starts at `at` and returns where to go on.
    fn step(&mut self, at: usize) -> usize {
        match self.text(at) {
            "{" => self.depth += 1,
            "}" => self.leave_brace(),
            "mod" if self.text(at + 2) == "{" => {
                self.scopes
                    .push((self.text(at + 1).to_owned(), self.depth + 1));
            }
            // `pub(in crate::a)` grants, it does not import.
            "in" if at > 0 && self.text(at - 1) == "(" => return self.end_of_plain_path(at + 1),
            _ if self.is_identifier(at) && self.text(at + 1) == "::" => {
                return self.tree(at, Vec::new());
            }
            _ => {}
        }
        at + 1
    }

    fn leave_brace(&mut self) {
        if self
            .scopes
            .last()
            .is_some_and(|(_, depth)| *depth == self.depth)
        {
            self.scopes.pop();
        }
        self.depth = self.depth.saturating_sub(1);
    }

    fn end_of_plain_path(&self, mut at: usize) -> usize {
        while self.is_identifier(at) || self.text(at) == "::" {
            at += 1;
        }
        at
    }

    /// Reads one path or `use` tree under `prefix` and returns the place after it.
    fn tree(&mut self, at: usize, mut prefix: Vec<String>) -> usize {
        prefix.push(self.text(at).to_owned());
        if self.text(at + 1) != "::" {
            self.record(prefix, at);
            let renamed = self.text(at + 1) == "as";
            return if renamed { at + 3 } else { at + 1 };
        }
        match self.text(at + 2) {
            "{" => self.branches(at + 3, &prefix),
            "*" => {
                prefix.push("*".to_owned());
                self.record(prefix, at);
                at + 3
            }
            _ if self.is_identifier(at + 2) => self.tree(at + 2, prefix),
            // A turbofish: `crate::a::f::<T>()`.
            _ => {
                self.record(prefix, at);
                at + 2
            }
        }
    }

    fn branches(&mut self, mut at: usize, prefix: &[String]) -> usize {
        while at < self.tokens.len() && self.text(at) != "}" {
            at = if self.is_identifier(at) {
                self.tree(at, prefix.to_vec())
            } else {
                at + 1
            };
        }
        at + 1
    }

    fn record(&mut self, segments: Vec<String>, at: usize) {
        self.found.push(NamedPath {
            segments,
            inline_modules: self.scopes.iter().map(|(name, _)| name.clone()).collect(),
            line: self.tokens[at].line,
        });
    }
}

/// Splits `source` into identifiers, `::` and single characters, without comments and literals.
pub(crate) fn tokens(source: &str) -> Vec<Token> {
    let mut rest = source;
    let mut line = 1;
    let mut tokens = Vec::new();
    while let Some(first) = rest.chars().next() {
        let length = literal_or_comment(rest);
        let taken = if length > 0 {
            length
        } else if first.is_alphanumeric() || first == '_' {
            let word = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            tokens.push(Token {
                text: rest[..word].to_owned(),
                line,
            });
            word
        } else if rest.starts_with("::") {
            tokens.push(Token {
                text: "::".to_owned(),
                line,
            });
            2
        } else {
            if !first.is_whitespace() {
                tokens.push(Token {
                    text: first.to_string(),
                    line,
                });
            }
            first.len_utf8()
        };
        line += rest[..taken].matches('\n').count();
        rest = &rest[taken..];
    }
    tokens
}

/// The length of the comment or literal at the start of `rest`; 0 if there is none.
fn literal_or_comment(rest: &str) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return block_comment(rest);
    }
    for prefix in ["", "b", "c"] {
        if let Some(body) = rest.strip_prefix(prefix) {
            if body.starts_with('"') {
                return prefix.len() + quoted(body, '"');
            }
            let raw = body.strip_prefix('r').map_or(0, raw_string);
            if raw > 0 {
                return prefix.len() + 1 + raw;
            }
        }
    }
    if rest.starts_with('\'') {
        character(rest)
    } else {
        0
    }
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of `#"..."#` with any number of `#`; 0 if it is no raw string.
fn raw_string(rest: &str) -> usize {
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    if !rest[hashes..].starts_with('"') {
        return 0;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let body = &rest[hashes + 1..];
    body.find(&end)
        .map_or(rest.len(), |at| hashes + 1 + at + end.len())
}

/// The length of a character literal, or 1 for the quote of a lifetime.
fn character(rest: &str) -> usize {
    let mut characters = rest.chars().skip(1);
    match (characters.next(), characters.next()) {
        (Some('\\'), _) | (Some(_), Some('\'')) => quoted(rest, '\''),
        _ => 1,
    }
}
