//! Where a network's predictions come from and what their numbers mean: one head a loss.
//!
//! Must not know how a network is run.

use crate::data::{ColumnRole, DataSettings, Feature, FittedColumn, Prepared, Preprocessing};
use crate::network::{LossKind, Network, NodeId, Takes, Task};

/// One loss's prediction: where it comes from and what its numbers mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// The loss.
    pub loss: NodeId,
    /// The node at its first port.
    pub prediction: NodeId,
    /// The node at its target port.
    pub target: NodeId,
    /// Which loss.
    pub kind: LossKind,
    /// What each number of the prediction is.
    pub features: Vec<Feature>,
}

impl Head {
    /// The heads of a drawing, in node order, with the features of their targets by the fit.
    pub fn find(network: &Network, settings: &DataSettings, fitted: &Preprocessing) -> Vec<Self> {
        let wiring = network.wiring();
        let source = |node, port: usize| {
            let edge = wiring.incoming(node).get(port)?;
            network.edges.get(edge).map(|edge| edge.from)
        };
        let losses = network.nodes.iter().filter_map(|(&id, node)| Some((id, node.kind.loss()?.kind)));
        losses
            .filter_map(|(loss, kind)| {
                let (prediction, target) = (source(loss, 0)?, source(loss, 1)?);
                let features = target_features(network, target, settings, fitted);
                Some(Self { loss, prediction, target, kind, features })
            })
            .collect()
    }

    /// The same with the features that prepared data give the targets.
    pub fn find_in(network: &Network, settings: &DataSettings, data: &Prepared) -> Vec<Self> {
        let mut heads = Self::find(network, settings, data.preprocessing());
        for head in &mut heads {
            let target = data.node_index(head.target).and_then(|idx| data.nodes().get(idx));
            if let Some(target) = target.filter(|target| target.is_target) {
                head.features.clone_from(&target.features);
            }
        }
        heads
    }

    /// Class names, where the features are the categories of one column.
    pub fn classes(&self) -> Option<Vec<&str>> {
        let first = self.features.first()?;
        let class = |feature: &'_ Feature| feature.column == first.column && feature.category.is_some();
        if !self.features.iter().all(class) {
            return None;
        }
        Some(self.features.iter().filter_map(|feature| feature.category.as_deref()).collect())
    }

    /// What is learned.
    pub fn task(&self) -> Task {
        self.kind.task()
    }

    /// Encoded numbers in the units of the data, as they are.
    pub fn in_units(&self, encoded: &mut [f64]) {
        for (value, feature) in encoded.iter_mut().zip(&self.features) {
            *value = feature.original(*value);
        }
    }

    /// Numbers in the units of the data; logits become the probabilities that their loss makes of
    /// them. Probabilities stay what they are, whichever numbers stand for no and yes.
    pub fn original(&self, encoded: &mut [f64]) {
        match (self.kind.takes(), self.task()) {
            (Takes::Logits, Task::BinaryClassification) => {
                for z in encoded {
                    *z = 1.0 / (1.0 + (-*z).exp());
                }
            }
            (Takes::Logits, _) => {
                let largest = encoded.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                for z in &mut *encoded {
                    *z = (*z - largest).exp();
                }
                let sum: f64 = encoded.iter().sum();
                for power in encoded {
                    *power /= sum;
                }
            }
            (Takes::Numbers, _) => self.in_units(encoded),
            (Takes::Probabilities, _) => {}
        }
    }
}

/// The features of a Target, by the fit; numbered after the node where its rows were typed in.
fn target_features(
    network: &Network,
    target: NodeId,
    settings: &DataSettings,
    fitted: &Preprocessing,
) -> Vec<Feature> {
    let Some(node) = network.nodes.get(&target) else { return Vec::new() };
    let Some(data) = node.kind.data().filter(|_| node.kind.is_target()) else { return Vec::new() };
    let targets = settings.columns.iter().filter(|column| column.role == ColumnRole::Target);
    let names: Vec<&str> = if data.columns.is_empty() {
        targets.map(|column| column.name.as_str()).collect()
    } else {
        data.columns.iter().map(String::as_str).collect()
    };
    let fitted_column = |name: &&str| fitted.columns.iter().find(|column| column.name == *name);
    let features: Vec<Feature> =
        names.iter().filter_map(fitted_column).flat_map(FittedColumn::features).collect();
    if features.len() == data.features() {
        return features;
    }
    let numbered = |idx: usize| Feature {
        name: if data.features() == 1 { node.name.clone() } else { format!("{} {}", node.name, idx + 1) },
        column: String::new(),
        category: None,
        shift: 0.0,
        scale: 1.0,
    };
    (0..data.features()).map(numbered).collect()
}
