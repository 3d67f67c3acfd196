//! The numbers behind an opened Dense: of the row that is looked at, or of the batch together.
//!
//! Must not know how they are drawn.

use super::super::opened::{ColorBy, Frame};
use crate::network::{NodeId, Parameter, ParameterKey, ParameterRole};
use crate::train::{ParameterPass, Pass, Precision, Values};

/// The numbers behind an opened Dense.
pub(super) struct Numbers<'a> {
    pub(super) dense: NodeId,
    pub(super) source: NodeId,
    pass: Option<&'a Pass>,
    /// The activation that alone reads the Dense.
    pub(super) activation: Option<NodeId>,
    time_step: usize,
}

impl<'a> Numbers<'a> {
    pub(super) fn of(frame: &Frame<'a>) -> Option<Self> {
        let app = frame.app;
        let network = &app.document().network;
        let source = network.incoming(frame.node).first().map(|(_, edge)| edge.from)?;
        let mut readers = network.edges.values().filter(|edge| edge.from == frame.node);
        let only = match (readers.next(), readers.next()) {
            (Some(edge), None) if edge.delay == 0 => Some(edge.to),
            _ => None,
        };
        let is_activation =
            |id: &NodeId| network.nodes.get(id).is_some_and(|node| node.kind.activation().is_some());
        let pass = app.snapshot().and_then(|snapshot| snapshot.pass.as_deref());
        let time_step = app.time_step();
        Some(Self { dense: frame.node, source, pass, activation: only.filter(is_activation), time_step })
    }

    fn parameter(&self, role: ParameterRole) -> Option<&'a ParameterPass> {
        self.pass?.parameters.get(&ParameterKey::Node(self.dense, role))
    }

    /// An entry of a weight or bias, and what its arrow is drawn by.
    pub(super) fn entry(
        &self,
        stored: &Parameter,
        role: ParameterRole,
        (row, column): (usize, usize),
        by: ColorBy,
    ) -> (Option<f64>, Option<f64>) {
        let newest = self.parameter(role);
        let is_bias = role == ParameterRole::Bias;
        let width = if is_bias { 0 } else { stored.shape.get(1).copied().unwrap_or(0) };
        let weight = match newest {
            Some(newest) => newest.value.get(row, column),
            None => stored.values.get(row * width + column).copied(),
        };
        let shown = match by {
            ColorBy::Weight => weight,
            ColorBy::Gradient => newest.and_then(|newest| newest.grad.as_ref()?.get(row, column)),
            ColorBy::Contribution if is_bias => weight,
            ColorBy::Contribution => {
                let x = self.input().and_then(|values| self.shown(values, column));
                weight.zip(x).map(|(weight, x)| weight * x)
            }
        };
        (weight, shown)
    }

    /// How many digits of the numbers count.
    pub(super) fn precision(&self) -> Precision {
        self.pass.map_or(Precision::F64, |pass| pass.precision)
    }

    /// What arrives, `[N, in]`.
    pub(super) fn input(&self) -> Option<&'a Values> {
        Some(&self.pass?.node(self.dense, self.time_step)?.ports.first()?.value)
    }

    pub(super) fn output(&self, node: NodeId) -> Option<&'a Values> {
        Some(&self.pass?.node(node, self.time_step)?.output)
    }

    pub(super) fn grad(&self, node: NodeId) -> Option<&'a Values> {
        self.pass?.node(node, self.time_step)?.grad.as_ref()
    }

    /// The entry of the row that is looked at, or the mean of the batch.
    pub(super) fn shown(&self, values: &Values, column: usize) -> Option<f64> {
        if let Some(row) = self.pass?.shown_row() {
            return values.get(row, column);
        }
        let sum: Option<f64> = (0..values.n_rows()).map(|row| values.get(row, column)).sum();
        Some(sum? / values.n_rows().max(1) as f64)
    }

    /// The sum over the rows: what a gradient of the whole batch is.
    pub(super) fn total(&self, values: &Values, column: usize) -> Option<f64> {
        match self.pass?.shown_row() {
            Some(row) => values.get(row, column),
            None => (0..values.n_rows()).map(|row| values.get(row, column)).sum(),
        }
    }
}
