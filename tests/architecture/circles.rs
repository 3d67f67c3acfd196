//! The files of a folder build on one another in one direction.

use std::collections::{BTreeMap, BTreeSet};

use crate::reading::{sources, supers};

/// Folders whose files must not form a circle.
const FOLDERS: [&str; 1] = ["autodiff"];

/// Which files of a folder each of its files imports.
fn imports(folder: &str) -> BTreeMap<String, BTreeSet<String>> {
    let name_of = |path: &str| {
        let inside = path.strip_prefix(folder)?.strip_prefix('/')?;
        let name = inside.strip_suffix(".rs").filter(|name| !name.contains('/') && *name != "mod")?;
        Some(name.to_owned())
    };
    let sources = sources();
    sources.iter().filter_map(|source| Some((name_of(&source.path)?, supers(source.shipped())))).collect()
}

/// A circle of files, if there is one: takes away files that import none of the rest, until none
/// is left or all that are left wait for one another.
fn circle(mut imports: BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    loop {
        let left: BTreeSet<String> = imports.keys().cloned().collect();
        let before = left.len();
        imports.retain(|_, others| !others.is_disjoint(&left));
        if imports.len() == before {
            return left.into_iter().collect();
        }
    }
}

#[test]
fn no_file_imports_one_that_builds_on_it() {
    for folder in FOLDERS {
        let imports = imports(folder);
        assert!(imports.len() > 5, "src/{folder} was not found");
        let found = circle(imports);
        assert!(found.is_empty(), "these files of src/{folder} import one another: {}", found.join(", "));
    }
}

#[test]
fn a_circle_is_seen() {
    let file = |name: &str, others: &[&str]| {
        (name.to_owned(), others.iter().map(ToString::to_string).collect::<BTreeSet<_>>())
    };
    let straight = [file("a", &[]), file("b", &["a"]), file("c", &["a", "b", "elsewhere"])];
    assert!(circle(straight.into()).is_empty());
    let round = [file("a", &["c"]), file("b", &["a"]), file("c", &["b"]), file("d", &[])];
    assert_eq!(circle(round.into()), ["a", "b", "c"]);
}
