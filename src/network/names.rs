//! Names of nodes: unique within a network.
//!
//! Must not know kinds: those name themselves in their declarations.

use std::collections::{HashMap, HashSet};

use super::{MAX_NAME_CHARS, Network, short_name};

impl Network {
    /// A name that no node has: `Dense 1`, `Dense 2`, …
    pub fn unique_name(&self, base: &str) -> String {
        FreeNames::beside(self).counted(base)
    }

    /// `name` where no other node than `except` has it, otherwise the next free one.
    pub fn unique_name_for(&self, name: &str, except: super::NodeId) -> String {
        FreeNames::of(self.nodes.iter().filter(|(id, _)| **id != except).map(|(_, node)| node)).take(name)
    }
}

/// Names that are given to new nodes: each is free, and none is tried twice.
pub(crate) struct FreeNames {
    taken: HashSet<String>,
    /// The first number after each base that is not known to be taken.
    next: HashMap<String, usize>,
}

impl FreeNames {
    /// Names that no node of `network` has.
    pub(crate) fn beside(network: &Network) -> Self {
        Self::of(network.nodes.values())
    }

    fn of<'a>(nodes: impl Iterator<Item = &'a super::Node>) -> Self {
        Self { taken: nodes.map(|node| node.name.clone()).collect(), next: HashMap::new() }
    }

    /// `name` where it is free, otherwise the next number that is: taken from then on.
    pub(crate) fn take(&mut self, name: &str) -> String {
        let name = short_name(name);
        if self.taken.insert(name.to_owned()) { name.to_owned() } else { self.counted(without_number(name)) }
    }

    /// `base 1`, `base 2`, …, whichever is free first: taken from then on.
    fn counted(&mut self, base: &str) -> String {
        let next = self.next.entry(base.to_owned()).or_insert(1);
        loop {
            let number = format!(" {next}");
            let room = MAX_NAME_CHARS.saturating_sub(number.len());
            let name: String = base.chars().take(room).chain(number.chars()).collect();
            *next += 1;
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

/// `Dense 12` → `Dense`; a name without a number stays.
pub(crate) fn without_number(name: &str) -> &str {
    match name.rsplit_once(' ') {
        Some((base, number)) if !base.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) => base,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{DenseNode, Node, NodeId, NodeKind, Position};

    #[test]
    fn new_names_count_on_from_the_first_free_number() {
        let mut network = Network::default();
        for name in ["Dense 1", "Dense 3", "hidden"] {
            let node = Node::new(name, NodeKind::Dense(DenseNode::new(1)), Position::default());
            network.nodes.insert(network.next_node_id(), node);
        }
        assert_eq!(network.unique_name("Dense"), "Dense 2");
        assert_eq!(network.unique_name_for("Dense 1", NodeId(1)), "Dense 1");
        assert_eq!(network.unique_name_for("Dense 1", NodeId(2)), "Dense 2");
        assert_eq!(network.unique_name_for("hidden", NodeId(1)), "hidden 1");
    }

    #[test]
    fn slugs_of_all_kinds_differ_and_are_words_of_code() {
        let slugs: Vec<_> = NodeKind::palette().iter().map(NodeKind::slug).collect();
        for (idx, slug) in slugs.iter().enumerate() {
            assert!(!slugs[..idx].contains(slug), "{slug} names two kinds");
            let is_word = |c: char| c.is_ascii_lowercase() || c == '_';
            assert!(!slug.is_empty() && slug.chars().all(is_word), "{slug} is not in snake_case");
        }
    }
}
