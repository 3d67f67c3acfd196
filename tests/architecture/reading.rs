//! Sources as text with comments and quoted text blanked out, and what can be read off them.
//!
//! Must not know any rule.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// One source file.
pub(crate) struct Source {
    /// Path under `src`, with `/` between folders.
    pub(crate) path: String,
    /// The text as written.
    pub(crate) text: String,
    /// The text with comments and quoted text blanked, line breaks kept.
    pub(crate) code: String,
}

impl Source {
    /// The first folder or file name: the floor that the file belongs to.
    pub(crate) fn floor(&self) -> &str {
        self.path.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// The code before the unit tests, which may look anywhere.
    pub(crate) fn shipped(&self) -> &str {
        if self.path.ends_with("tests.rs") || self.path.contains("/tests/") {
            return "";
        }
        self.code.find("#[cfg(test)]\nmod ").map_or(&self.code, |at| &self.code[..at])
    }
}

/// The package's folder.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file under `folder`, in order of path.
pub(crate) fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut waiting = vec![folder.to_path_buf()];
    let mut found = Vec::new();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Every source file of the package.
pub(crate) fn sources() -> Vec<Source> {
    let src = root().join("src");
    let found: Vec<Source> = rust_files(&src)
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let code = code_only(&text);
            let path = path.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
            Source { path, text, code }
        })
        .collect();
    assert!(found.len() > 10, "the sources were not found");
    found
}

/// Blanks comments, strings and characters, so that only code is left, line for line.
pub(crate) fn code_only(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = end_of_quote(&chars, at);
        if end > at {
            code.extend(chars[at..end].iter().map(|&c| if c == '\n' { '\n' } else { ' ' }));
            at = end;
        } else {
            code.push(chars[at]);
            at += 1;
        }
    }
    code
}

/// Where the comment, string or character that starts at `at` ends; `at` itself where none starts.
fn end_of_quote(chars: &[char], at: usize) -> usize {
    let rest = &chars[at..];
    let after = |needle: &[char], from: usize| {
        (at + from..chars.len())
            .find(|&i| chars[i..].starts_with(needle))
            .map_or(chars.len(), |i| i + needle.len())
    };
    match rest {
        ['/', '/', ..] => (at..chars.len()).find(|&i| chars[i] == '\n').unwrap_or(chars.len()),
        ['/', '*', ..] => after(&['*', '/'], 2),
        ['r', '"' | '#', ..] if at == 0 || !is_word(chars[at - 1]) => {
            let hashes = rest[1..].iter().take_while(|&&c| c == '#').count();
            if rest.get(1 + hashes) != Some(&'"') {
                return at;
            }
            let close: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
            after(&close, 2 + hashes)
        }
        ['"', ..] => {
            let mut end = at + 1;
            while end < chars.len() && chars[end] != '"' {
                end += if chars[end] == '\\' { 2 } else { 1 };
            }
            (end + 1).min(chars.len())
        }
        ['\'', '\\', _, ..] => after(&['\''], 3),
        ['\'', _, '\'', ..] => at + 3,
        _ => at,
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The first names of all `crate::…` paths in code, those in `crate::{…}` groups too.
pub(crate) fn imported(code: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, path) in code.match_indices("crate::") {
        if code[..at].chars().next_back().is_some_and(is_word) {
            continue;
        }
        let rest = &code[at + path.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            names.insert(rest.chars().take_while(|&c| is_word(c)).collect());
            continue;
        };
        let mut depth = 0;
        let mut name = String::new();
        let mut naming = true;
        for c in group.chars() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    names.insert(std::mem::take(&mut name));
                    naming = true;
                }
                _ if depth == 0 && naming && is_word(c) => name.push(c),
                ':' => naming = false,
                _ => {}
            }
        }
        names.insert(name);
    }
    names.remove("");
    names
}

/// Lines of code where `word` stands as a whole path segment or identifier.
pub(crate) fn lines_with(code: &str, word: &str) -> Vec<usize> {
    code.lines()
        .enumerate()
        .filter(|(_, line)| {
            line.match_indices(word).any(|(at, _)| {
                !line[..at].chars().next_back().is_some_and(is_word)
                    && !line[at + word.len()..].chars().next().is_some_and(is_word)
            })
        })
        .map(|(line, _)| line + 1)
        .collect()
}

/// Every closure that is handed to a method of one of these names: the line it starts on and its body.
pub(crate) fn closures_of<'a>(code: &'a str, methods: &[&str]) -> Vec<(usize, &'a str)> {
    let mut found = Vec::new();
    for method in methods {
        let call = format!(".{method}(");
        for (at, call) in code.match_indices(call.as_str()) {
            let arguments = inside_parentheses(&code[at + call.len()..]);
            let closure = arguments.trim_start().trim_start_matches("move").trim_start().strip_prefix('|');
            let Some((_, body)) = closure.and_then(|closure| closure.split_once('|')) else { continue };
            found.push((code[..at].matches('\n').count() + 1, body));
        }
    }
    found
}

/// The text up to the parenthesis that closes what was open before it.
fn inside_parentheses(code: &str) -> &str {
    let mut depth = 0;
    for (at, c) in code.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return &code[..at],
            ')' => depth -= 1,
            _ => {}
        }
    }
    code
}

/// Every `match` in code: the line it starts on and the patterns of its arms.
pub(crate) fn matches_in(code: &str) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    for (at, word) in code.match_indices("match ") {
        if code[..at].chars().next_back().is_some_and(|c| is_word(c) || c == '.') {
            continue;
        }
        let line = code[..at].matches('\n').count() + 1;
        if let Some(body) = block_after(&code[at + word.len()..]) {
            found.push((line, patterns_of(body)));
        }
    }
    found
}

/// The text inside the first `{…}` that stands outside parentheses.
fn block_after(code: &str) -> Option<&str> {
    let mut round = 0;
    let mut curly = 0;
    let mut start = 0;
    for (at, c) in code.char_indices() {
        match c {
            '(' | '[' => round += 1,
            ')' | ']' => round -= 1,
            '{' if round == 0 => {
                if curly == 0 {
                    start = at + 1;
                }
                curly += 1;
            }
            '}' if round == 0 => {
                curly -= 1;
                if curly == 0 {
                    return Some(&code[start..at]);
                }
            }
            _ => {}
        }
    }
    None
}

/// What stands before each `=>` of a match body, at its own depth.
fn patterns_of(body: &str) -> Vec<String> {
    let mut patterns = Vec::new();
    let mut pattern = String::new();
    let mut in_pattern = true;
    let mut depth = 0;
    let mut before = ' ';
    for c in body.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        if in_pattern && depth == 0 && before == '=' && c == '>' {
            pattern.pop();
            patterns.push(std::mem::take(&mut pattern).trim().to_owned());
            in_pattern = false;
        } else if in_pattern {
            pattern.push(c);
        } else if depth == 0 && (c == ',' || c == '}') {
            in_pattern = true;
        }
        before = c;
    }
    // After an arm in braces a comma may follow, which the next pattern must not keep.
    patterns.iter().map(|pattern| pattern.trim_start_matches([',', ' ', '\n']).to_owned()).collect()
}

/// Every pattern that code tests a value against outside `match`: in `matches!(…)`, `if let`,
/// `while let` and `let … else`, with the line it starts on.
pub(crate) fn questions_in(code: &str) -> Vec<(usize, String)> {
    let line_of = |at: usize| code[..at].matches('\n').count() + 1;
    let starts_word = |at: usize| !code[..at].chars().next_back().is_some_and(is_word);
    let mut found = Vec::new();
    for (at, word) in code.match_indices("matches!(") {
        let mut depth = 1;
        let inside: String = code[at + word.len()..]
            .chars()
            .take_while(|c| {
                depth += i32::from(*c == '(') - i32::from(*c == ')');
                depth > 0
            })
            .collect();
        found.push((line_of(at), inside));
    }
    for (at, word) in code.match_indices("let ") {
        if starts_word(at) {
            let rest = &code[at + word.len()..];
            found.push((line_of(at), rest.split([';', '=']).next().unwrap_or_default().to_owned()));
        }
    }
    found.sort();
    found
}

/// The first names of all `super::…` paths in code: the files beside it that it imports.
pub(crate) fn supers(code: &str) -> BTreeSet<String> {
    let outer = |at: usize| !code[..at].ends_with("super::");
    let paths = code.match_indices("super::").filter(|&(at, _)| outer(at));
    paths.map(|(at, path)| code[at + path.len()..].chars().take_while(|&c| is_word(c)).collect()).collect()
}
