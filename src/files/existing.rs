//! What stands at a path where a model shall be saved.
//!
//! Must not read whole models: their first lines tell.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// So much of a file is looked at, in bytes: more than any comment before the first field.
const BEGINNING: u64 = 16 * 1024;

/// What saving would replace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// Nothing, or a folder, which is never replaced.
    Nothing,
    /// A model, of this version of the program or another.
    Model,
    /// Something else.
    Other,
}

/// What stands at `path`. A file that cannot be read counts as something else.
pub fn existing_at(path: &Path) -> Existing {
    match std::fs::metadata(path) {
        Err(_) => return Existing::Nothing,
        Ok(found) if found.is_dir() => return Existing::Nothing,
        Ok(found) if !found.is_file() => return Existing::Other,
        Ok(_) => {}
    }
    let mut beginning = Vec::new();
    let read = File::open(path).and_then(|file| file.take(BEGINNING).read_to_end(&mut beginning));
    match read {
        Ok(_) if begins_as_model(&String::from_utf8_lossy(&beginning)) => Existing::Model,
        Ok(_) | Err(_) => Existing::Other,
    }
}

/// Whether a text opens a value whose first field is the version, after whatever comments.
fn begins_as_model(text: &str) -> bool {
    let rest = after_comments(text.trim_start_matches('\u{feff}'));
    let rest = rest.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
    let Some(fields) = after_comments(rest).strip_prefix('(') else { return false };
    let Some(rest) = after_comments(fields).strip_prefix("version") else { return false };
    after_comments(rest).starts_with(':')
}

fn after_comments(mut text: &str) -> &str {
    loop {
        text = text.trim_start();
        if let Some(comment) = text.strip_prefix("//") {
            text = comment.split_once('\n').map_or("", |(_, rest)| rest);
        } else if let Some(comment) = text.strip_prefix("/*") {
            text = comment.split_once("*/").map_or("", |(_, rest)| rest);
        } else {
            return text;
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_model_is_known_by_its_first_field_and_nothing_else_is() {
        for (_, text) in crate::files::EXAMPLES {
            assert!(begins_as_model(text));
        }
        for text in
            ["(version:7)", "// mine\n/* once */ Model( // really\n version : 1,", "\u{feff}(version: 1"]
        {
            assert!(begins_as_model(text), "{text}");
        }
        for text in ["", "x,y\n1,2\n", "(scene: [])", "version: 1", "// (version: 1)", "(versions: 1)", "()"]
        {
            assert!(!begins_as_model(text), "{text}");
        }
    }

    #[test]
    fn what_stands_at_a_path_is_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("a.ron"), crate::files::EXAMPLES[0].1).unwrap();
        std::fs::write(at("b.ron"), [0xff, 0xfe, 0]).unwrap();
        assert_eq!(existing_at(&at("a.ron")), Existing::Model);
        assert_eq!(existing_at(&at("b.ron")), Existing::Other);
        assert_eq!(existing_at(&at("c.ron")), Existing::Nothing);
        assert_eq!(existing_at(folder.path()), Existing::Nothing);
    }
}
