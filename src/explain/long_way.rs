//! The long way to a delta that a loss and the activation before it make in one step: through the
//! activation's own gradient and every entry of its Jacobian.
//!
//! Derived from the activation's rule; nothing is stated here. Must not know numbers.

use std::sync::Arc;

use super::card::Explainer;
use super::entry::local_derivative;
use super::quantity::{Quantity, Tensor};
use crate::algebra::{Axes, Expression, Reduction};
use crate::network::{NodeId, NodeKind};

/// More columns of a Jacobian are not written out.
const MOST_COLUMNS: usize = 256;

/// A delta by the long way.
#[derive(Clone, Debug, PartialEq)]
pub struct LongWay {
    /// The activation,
    pub activation: NodeId,
    /// and the loss that it is joined with.
    pub loss: NodeId,
    /// Σⱼ dAⱼ · ∂aⱼ/∂zᵢ.
    pub formula: Expression<Quantity>,
}

impl Explainer<'_> {
    /// The activation and the loss right behind a number of dZ that have no step in common: the
    /// activation's derivative stays a factor.
    pub fn open_derivative(&self, of: Quantity) -> Option<(NodeId, NodeId)> {
        let Tensor::Grad { node, time_step } = of.tensor else { return None };
        let network = self.definitions().network();
        let kind = |node: NodeId| network.nodes.get(&node).map(|node| &node.kind);
        let users = |node: NodeId| network.edges.values().filter(move |edge| edge.from == node);
        let activation = users(node).map(|edge| edge.to).find(|&to| {
            kind(to).is_some_and(|kind| kind.activation().is_some())
                && self.definitions().fused_losses(to, time_step).is_empty()
        })?;
        let loss =
            users(activation).map(|edge| edge.to).find(|&to| kind(to).is_some_and(NodeKind::is_loss))?;
        Some((activation, loss))
    }

    /// The long way to a number of dZ, where an activation and a loss shorten it.
    pub fn long_way(&self, of: Quantity) -> Option<LongWay> {
        let Tensor::Grad { node, time_step } = of.tensor else { return None };
        let definitions = self.definitions();
        let network = definitions.network();
        let mut uses = network.edges.values().filter(|edge| edge.from == node && edge.delay == 0);
        let (activation, loss) =
            uses.find_map(|edge| Some((edge.to, definitions.fused_losses(edge.to, time_step).first()?.0)))?;
        let output = Tensor::Output { node: activation, time_step };
        let n_columns = self.sizes(output).last().copied().filter(|&n| n <= MOST_COLUMNS)?;
        let input = of.index(&self.sizes(of.tensor));
        let term = |column: usize| {
            let out = output.at(of.row, column);
            let factor = local_derivative(definitions, (out, 0), &input, self.batch())?;
            let grad = Expression::Leaf(Tensor::Grad { node: activation, time_step }.at(of.row, column));
            Some(Arc::new(Expression::product(vec![grad, factor])))
        };
        let terms: Vec<_> = (0..n_columns).filter_map(term).collect();
        let list = Arc::new(Expression::List(terms));
        let formula = Expression::Reduce { how: Reduction::Sum, over: Axes::All, keep: false, of: list };
        Some(LongWay { activation, loss, formula })
    }
}
