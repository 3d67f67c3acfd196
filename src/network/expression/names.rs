//! Names of nodes as Python's identifiers.

use std::collections::{BTreeMap, BTreeSet};

use crate::network::{Network, NodeId};

/// Words that Python or the written code keep for themselves.
const TAKEN: [&str; 15] = [
    "with", "torch", "F", "True", "False", "None", "and", "or", "not", "if", "else", "for", "in", "is",
    "lambda",
];

/// Whether a name can stand in code as it is.
pub(super) fn is_identifier(name: &str) -> bool {
    let starts_well = name.starts_with(|sign: char| sign.is_ascii_alphabetic() || sign == '_');
    starts_well
        && name.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_')
        && !TAKEN.contains(&name)
}

/// A name for every node: its own where it is one, otherwise made from it.
pub(super) fn identifiers(network: &Network) -> BTreeMap<NodeId, String> {
    let mut used = BTreeSet::new();
    let mut names = BTreeMap::new();
    // Names that are right as they are keep theirs.
    for (&id, node) in &network.nodes {
        if is_identifier(&node.name) && used.insert(node.name.clone()) {
            names.insert(id, node.name.clone());
        }
    }
    for (&id, node) in &network.nodes {
        if names.contains_key(&id) {
            continue;
        }
        let plain = |sign: char| if sign.is_ascii_alphanumeric() { sign.to_ascii_lowercase() } else { '_' };
        let mut base: String = node.name.chars().map(plain).collect();
        if !is_identifier(&base) {
            base = format!("v_{base}");
        }
        let free = (0..).map(|n| if n == 0 { base.clone() } else { format!("{base}_{n}") });
        let name = free.into_iter().find(|name| !used.contains(name)).unwrap_or_default();
        used.insert(name.clone());
        names.insert(id, name);
    }
    names
}
