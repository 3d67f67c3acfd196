//! The chain of deltas from the loss to one gradient: the second of the two ways to it.
//!
//! Must not know numbers.

use std::collections::BTreeSet;

use super::definition::Definitions;
use super::quantity::Tensor;

/// The gradients that a gradient is made of, in an order in which they can be made, itself last. Empty
/// where nothing reaches it.
pub fn delta_chain(definitions: &Definitions<'_>, of: Tensor) -> Vec<Tensor> {
    // Iterative: a chain may be as long as there are time steps. `true` stands for "its parts are done".
    let mut waiting = vec![(of, false)];
    let (mut seen, mut chain) = (BTreeSet::new(), Vec::new());
    while let Some((tensor, is_ready)) = waiting.pop() {
        if is_ready {
            chain.push(tensor);
            continue;
        }
        let Some(definition) = definitions.of(tensor).filter(|_| seen.insert(tensor)) else { continue };
        waiting.push((tensor, true));
        definition.for_each_leaf(&mut |leaf| {
            if leaf.is_gradient() {
                waiting.push((*leaf, false));
            }
        });
    }
    chain
}
