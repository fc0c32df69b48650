//! Rust source as text: enough of its grammar to see what a file names.

use std::path::{Path, PathBuf};

/// The workspace.
#[must_use]
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All Rust files below a folder of the workspace, as their names from the workspace, sorted.
///
/// # Panics
/// The folder cannot be read.
#[must_use]
pub fn files(folder: &str) -> Vec<String> {
    files_named(folder, ".rs")
}

/// All files below a folder of the workspace whose names end so, as their names from the workspace, sorted.
///
/// # Panics
/// The folder cannot be read.
#[must_use]
pub fn files_named(folder: &str, end: &str) -> Vec<String> {
    let mut found = vec![];
    let path = workspace().join(folder);
    for entry in std::fs::read_dir(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())) {
        let entry = entry.expect("a folder can be read to its end");
        let name = format!("{folder}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            found.extend(files_named(&name, end));
        } else if name.ends_with(end) {
            found.push(name);
        }
    }
    found.sort();
    found
}

/// What is compiled into the product: without tests, which stand at the end of a file.
#[must_use]
pub fn without_tests(source: &str) -> &str {
    let marks = source.match_indices("\n#[cfg(test)]").map(|(at, _)| at);
    // A module in a file of its own leaves nothing here.
    let inline =
        |at: &usize| source[*at..].find([';', '{']).is_some_and(|end| source[*at..][end..].starts_with('{'));
    source.get(..marks.into_iter().find(inline).unwrap_or(source.len())).unwrap_or_default()
}

/// The source without comments and without what is in quotes.
#[must_use]
pub fn code(source: &str) -> String {
    let mut code = String::new();
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let skipped = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            'r' if !ends_in_word(&code) => raw_string(rest).unwrap_or(0),
            '"' => string(rest),
            '\'' => character(rest),
            _ => 0,
        };
        if skipped > 0 {
            code.push(' ');
            rest = &rest[skipped..];
        } else {
            code.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    code
}

fn ends_in_word(code: &str) -> bool {
    code.ends_with(|c: char| c.is_alphanumeric() || c == '_')
}

fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    text.len()
}

fn raw_string(text: &str) -> Option<usize> {
    let hashes = text[1..].chars().take_while(|c| *c == '#').count();
    text[1 + hashes..].starts_with('"').then_some(())?;
    let end = format!("\"{}", "#".repeat(hashes));
    let start = hashes + 2;
    Some(text[start..].find(&end).map_or(text.len(), |at| start + at + end.len()))
}

/// A character in quotes; 0 for a lifetime.
fn character(text: &str) -> usize {
    if text.starts_with("'\\") {
        // From the third character on, as the second may be a quote: `'\''`.
        return text[3.min(text.len())..].find('\'').map_or(0, |at| at + 4);
    }
    let mut chars = text.char_indices().skip(2);
    chars.next().filter(|(_, c)| *c == '\'').map_or(0, |(at, _)| at + 1)
}

/// Every path that code names, those of `use` trees written out: `std::fs`, `crate::mask::mask`.
#[must_use]
pub fn paths(code: &str) -> Vec<String> {
    let tokens = tokens(code);
    let mut paths = vec![];
    let mut at = 0;
    while at < tokens.len() {
        let first = &tokens[at];
        at += 1;
        // `use<T>` says what a return type captures, and names nothing.
        if first == "use" && tokens.get(at).is_some_and(|token| token != "<") {
            at = tree(&tokens, at, "", &mut paths);
        } else if is_word(first) {
            let mut path = first.clone();
            while at + 1 < tokens.len() && tokens[at] == "::" && is_word(&tokens[at + 1]) {
                path = format!("{path}::{}", tokens[at + 1]);
                at += 2;
            }
            paths.push(path);
        }
    }
    paths
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

fn tokens(code: &str) -> Vec<String> {
    let mut tokens: Vec<String> = vec![];
    let mut glue = false;
    for c in code.chars() {
        let word = c.is_alphanumeric() || c == '_';
        match tokens.last_mut() {
            Some(last) if glue && word && ends_in_word(last) => last.push(c),
            Some(last) if glue && c == ':' && last == ":" => last.push(c),
            _ if c.is_whitespace() => {}
            _ => tokens.push(c.to_string()),
        }
        glue = !c.is_whitespace();
    }
    tokens
}

/// One tree of a `use`; gives the place after it.
fn tree(tokens: &[String], mut at: usize, prefix: &str, paths: &mut Vec<String>) -> usize {
    let mut path = prefix.to_owned();
    while let Some(token) = tokens.get(at) {
        match token.as_str() {
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token != "}") {
                    at = tree(tokens, at, &path, paths);
                    at += usize::from(tokens.get(at).is_some_and(|token| token == ","));
                }
                return at + 1;
            }
            "::" => {}
            "as" => at += 1,
            "," | "}" | ";" => break,
            word if path.is_empty() => path = word.to_owned(),
            word => path = format!("{path}::{word}"),
        }
        at += 1;
    }
    paths.push(path);
    at
}
