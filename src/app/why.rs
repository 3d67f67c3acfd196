//! Which number is explained, and how the person came to it.
//!
//! Must not know how a number is made or drawn, nor the history: explaining is not an edit.

use std::collections::BTreeSet;

use crate::explain::{Definitions, Quantity, Tensor};
use crate::network::{Network, NodeId};

use super::App;

/// The trail is cut at its old end: nobody reads further back.
const LONGEST_TRAIL: usize = 32;

/// The numbers that were explained one after the other; the last one is explained now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    trail: Vec<Quantity>,
}

impl Why {
    /// The number that is explained.
    pub fn current(&self) -> Option<Quantity> {
        self.trail.last().copied()
    }

    /// How the person came to it, oldest first; the number itself is the last one.
    pub fn trail(&self) -> &[Quantity] {
        &self.trail
    }

    /// Begins with a number.
    pub(super) fn explain(&mut self, quantity: Quantity) {
        self.trail = vec![quantity];
    }

    /// Goes on to a number that the one before is made of or goes into; back, where the trail has it.
    pub(super) fn follow(&mut self, quantity: Quantity) {
        match self.trail.iter().position(|&other| other == quantity) {
            Some(at) => self.trail.truncate(at + 1),
            None => self.trail.push(quantity),
        }
        let too_many = self.trail.len().saturating_sub(LONGEST_TRAIL);
        self.trail.drain(..too_many);
    }

    /// Back to the number at this place of the trail.
    pub(super) fn back_to(&mut self, at: usize) {
        self.trail.truncate(at + 1);
    }

    /// Explains nothing.
    pub(super) fn close(&mut self) {
        self.trail.clear();
    }

    /// Forgets numbers of what is no longer drawn.
    pub(super) fn retain_existing(&mut self, network: &Network) {
        self.trail.retain(|quantity| exists(quantity.tensor, network));
    }
}

impl App {
    /// Which number is explained, and how the person came to it.
    pub fn why(&self) -> &Why {
        &self.looked_at.why
    }

    /// The nodes whose numbers an explanation needs: of the number's own node and of what it is made
    /// of. Networks too large to be copied whole are watched there.
    pub(super) fn explained_nodes(&self) -> BTreeSet<NodeId> {
        let network = &self.document.network;
        let mut nodes = BTreeSet::new();
        let Some(quantity) = self.looked_at.why.current() else { return nodes };
        nodes.extend(quantity.tensor.node(network));
        let definitions = Definitions::new(network, self.shapes());
        if let Some(definition) = definitions.of(quantity.tensor) {
            definition.for_each_leaf(&mut |leaf| nodes.extend(leaf.node(network)));
        }
        nodes
    }
}

/// Whether the node or wire of a tensor is still drawn.
fn exists(tensor: Tensor, network: &Network) -> bool {
    match tensor {
        Tensor::TotalLoss
        | Tensor::TotalNorm
        | Tensor::ClipFactor
        | Tensor::Metric(_)
        | Tensor::Column(_) => true,
        _ => tensor.node(network).is_some_and(|node| network.nodes.contains_key(&node)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(node: u32) -> Quantity {
        Tensor::Output { node: NodeId(node), time_step: 0 }.at(0, 0)
    }

    #[test]
    fn a_number_that_was_passed_is_gone_back_to_instead_of_being_repeated() {
        let mut why = Why::default();
        why.explain(number(1));
        why.follow(number(2));
        why.follow(number(3));
        why.follow(number(2));
        assert_eq!(why.trail(), [number(1), number(2)]);
        why.back_to(0);
        assert_eq!(why.current(), Some(number(1)));
        why.close();
        assert_eq!(why.current(), None);
    }

    #[test]
    fn a_trail_stays_short_and_keeps_its_new_end() {
        let mut why = Why::default();
        (0..100).for_each(|node| why.follow(number(node)));
        assert_eq!(why.trail().len(), LONGEST_TRAIL);
        assert_eq!(why.current(), Some(number(99)));
    }

    #[test]
    fn numbers_of_deleted_nodes_are_forgotten() {
        let mut why = Why::default();
        why.follow(number(1));
        why.follow(Tensor::TotalLoss.at(0, 0));
        why.retain_existing(&Network::default());
        assert_eq!(why.trail(), [Tensor::TotalLoss.at(0, 0)]);
    }
}
