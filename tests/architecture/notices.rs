//! The third-party notices name the crates of `Cargo.lock`: no more, no less.
//!
//! Must not know licenses: `.ci/notices.py` collects them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::reading::root;

/// A crate by name and version.
type Crate = (String, String);

/// The crates of `Cargo.lock`, each with what it needs, as written there.
fn locked() -> BTreeMap<Crate, Vec<String>> {
    let text = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let quoted = |line: &str| line.split('"').nth(1).unwrap_or_default().to_owned();
    let mut found = BTreeMap::new();
    for package in text.split("[[package]]").skip(1) {
        let field = |name: &str| {
            package.lines().find_map(|line| line.strip_prefix(name)).map(quoted).unwrap_or_default()
        };
        let needs = package.split_once("dependencies = [").map_or("", |(_, list)| list);
        let needs = needs.lines().filter(|line| line.starts_with(' ')).map(quoted).collect();
        found.insert((field("name = "), field("version = ")), needs);
    }
    found
}

/// What `Cargo.toml` asks for, on any system; what only tests and benches need is left out.
fn asked_for() -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let mut is_asked = false;
    let mut found = BTreeSet::new();
    for line in text.lines() {
        if line.starts_with('[') {
            is_asked = line.ends_with("dependencies]") && !line.ends_with("dev-dependencies]");
        } else if let Some((name, _)) = line.split_once(" = ").filter(|_| is_asked) {
            found.insert(name.to_owned());
        }
    }
    found
}

/// The crates that can become a part of the program: what only tests ask for is none.
fn of_the_program() -> BTreeSet<Crate> {
    let locked = locked();
    let wanted = asked_for();
    let find = |needed: &str| {
        let (name, version) = needed.split_once(' ').unwrap_or((needed, ""));
        let same = |(other, at): &&Crate| other == name && (version.is_empty() || at == version);
        locked.keys().find(same).unwrap_or_else(|| panic!("{needed} is not in Cargo.lock")).clone()
    };
    let own = &locked[&find("vastavirta")];
    let is_wanted = |needed: &&String| wanted.contains(needed.split(' ').next().unwrap());
    let mut waiting: Vec<Crate> = own.iter().filter(is_wanted).map(|needed| find(needed)).collect();
    let mut found = BTreeSet::new();
    while let Some(next) = waiting.pop() {
        if found.insert(next.clone()) {
            waiting.extend(locked[&next].iter().map(|needed| find(needed)));
        }
    }
    found
}

#[test]
fn every_crate_of_the_program_has_its_notice() {
    let text = fs::read_to_string(root().join("THIRD-PARTY-NOTICES.txt")).unwrap();
    let list =
        text.lines().skip_while(|line| !line.is_empty()).skip(1).skip_while(|line| !line.is_empty()).skip(1);
    let noticed: BTreeSet<Crate> = list
        .take_while(|line| !line.is_empty())
        .filter_map(|line| {
            let mut words = line.split(' ');
            Some((words.next()?.to_owned(), words.next()?.to_owned()))
        })
        .collect();
    let expected = of_the_program();
    assert!(expected.len() > 100, "Cargo.lock is read");
    let missing: Vec<_> = expected.difference(&noticed).collect();
    let superfluous: Vec<_> = noticed.difference(&expected).collect();
    assert!(
        missing.is_empty() && superfluous.is_empty(),
        "without a notice: {missing:?}\nno longer used: {superfluous:?}\nrun python3 .ci/notices.py"
    );
}
