//! One cell of a notebook: its code, the names that it takes from others and gives to them.
//!
//! Must not know what a cell computes.

use std::collections::BTreeSet;

use crate::export::python::Code;

/// One cell: its code a step to the right, and what it defines.
pub(super) struct Cell {
    pub(super) code: String,
    defines: Vec<String>,
    is_hidden: bool,
}

impl Cell {
    /// A cell that defines these names.
    pub(super) fn new(defines: Vec<String>, write: impl FnOnce(&mut Code)) -> Self {
        let mut code = Code::new();
        code.block("", write);
        // Only the block counts, not the line it hangs on.
        let code = code.into_text().trim_start_matches('\n').to_owned();
        Self { code, defines, is_hidden: false }
    }

    /// A cell of text, its code hidden. Signs that could end its string are written as others.
    pub(super) fn prose(text: &str) -> Self {
        let text = text.replace('"', "'").replace('\\', "/");
        let cell = Self::new(Vec::new(), |code| {
            code.line("mo.md(r\"\"\"");
            for line in text.lines() {
                code.line(line);
            }
            code.line("\"\"\")");
        });
        Self { is_hidden: true, ..cell }
    }

    /// The same with what it defines said afterwards.
    pub(super) fn with(self, defines: Vec<String>) -> Self {
        Self { defines, ..self }
    }
}

/// A cell with the names that it takes from others, and those that others take from it.
pub(super) fn written(cell: &Cell, at: usize, cells: &[Cell]) -> String {
    let own: BTreeSet<&str> = cell.defines.iter().map(String::as_str).collect();
    let uses = words_in(&cell.code);
    let others = || cells.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, cell)| cell);
    let taken: BTreeSet<&str> = others()
        .flat_map(|other| other.defines.iter().map(String::as_str))
        .filter(|name| uses.contains(name) && !own.contains(name))
        .collect();
    let wanted: BTreeSet<&str> = others().flat_map(|other| words_in(&other.code)).collect();
    let given: Vec<String> =
        own.iter().filter(|name| wanted.contains(**name)).map(|name| (*name).to_owned()).collect();
    let mut code = Code::new();
    code.line(if cell.is_hidden { "@app.cell(hide_code=True)" } else { "@app.cell" });
    let arguments: Vec<String> = taken.iter().map(|name| (*name).to_owned()).collect();
    code.define("_", &arguments, |_| {});
    let mut end = Code::new();
    end.block("", |code| {
        if !given.is_empty() {
            // A linter wants it behind imports and functions, and takes it anywhere.
            code.line("");
        }
        let joined = given.join(", ");
        match given.as_slice() {
            [] => {}
            [_] => code.line(&format!("return ({joined},)")),
            _ if joined.len() < 70 => code.line(&format!("return {joined}")),
            _ => code.group("return (", ")", |code| {
                for name in &given {
                    code.line(&format!("{name},"));
                }
            }),
        }
    });
    code.into_text() + &cell.code + end.into_text().strip_prefix('\n').unwrap_or_default()
}

/// The names in code: no attributes, nothing within strings or comments.
pub(super) fn words_in(code: &str) -> BTreeSet<&str> {
    let mut words = BTreeSet::new();
    for line in code.lines() {
        let mut rest = line;
        let mut before = ' ';
        while let Some(sign) = rest.chars().next() {
            if sign == '#' {
                break;
            }
            if sign == '"' || sign == '\'' {
                rest = after_string(rest, sign);
                before = sign;
                continue;
            }
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            if end == 0 {
                rest = &rest[sign.len_utf8()..];
                before = sign;
                continue;
            }
            if before != '.' {
                words.insert(&rest[..end]);
            }
            before = 'a';
            rest = &rest[end..];
        }
    }
    words
}

/// What follows the string that `text` begins with. What stands in braces of an f-string is not read: nothing
/// there is defined in another cell only.
fn after_string(text: &str, quote: char) -> &str {
    let mut signs = text.char_indices().skip(1);
    while let Some((at, sign)) = signs.next() {
        match sign {
            '\\' => {
                let _ = signs.next();
            }
            sign if sign == quote => return &text[at + sign.len_utf8()..],
            _ => {}
        }
    }
    ""
}
