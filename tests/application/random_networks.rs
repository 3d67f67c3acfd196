//! Networks drawn by chance: every kind, any legal wiring, loops, several losses, frozen parameters.
//!
//! Must not know how anything is computed.

use std::sync::Arc;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use vastavirta::document::Document;
use vastavirta::files::ModelFile;
use vastavirta::network::{
    Activation, Builder, CountedSteps, DataNode, DenseNode, InitialState, LossKind, LossNode, NodeId,
    NodeKind,
};

/// A model drawn by chance; the same for the same seed. Every third has loops.
pub(crate) fn random_model(seed: u64) -> ModelFile {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let n_steps = if seed.is_multiple_of(3) { rng.random_range(2..=4) } else { 1 };
    let n_rows = rng.random_range(1..=4);
    let mut drawing =
        Drawing { rng, n_steps, n_rows, builder: Builder::with_steps(n_steps), nodes: Vec::new() };
    if n_steps > 1 && drawing.rng.random_bool(0.3) {
        drawing.builder.truncate(drawing.rng.random_range(1..=2));
    }
    let waiting = drawing.grow();
    drawing.close_loops(&waiting);
    drawing.judge();
    drawing.finish(seed)
}

struct Drawing {
    rng: ChaCha8Rng,
    n_steps: usize,
    n_rows: usize,
    builder: Builder,
    /// What may be wired on, with its features.
    nodes: Vec<(NodeId, usize)>,
}

impl Drawing {
    /// Input nodes, and then one node after another on what stands already. Gives the Dense nodes that
    /// wait for a loop edge.
    fn grow(&mut self) -> Vec<NodeId> {
        for _ in 0..self.rng.random_range(1..=2) {
            let features = self.rng.random_range(1..=4);
            let input = self.data_node(NodeKind::Input, features, |rng| rng.random_range(-1.5..1.5));
            self.nodes.push((input, features));
        }
        let mut waiting = Vec::new();
        for _ in 0..self.rng.random_range(3..=9) {
            let (from, features) = self.any();
            let units = self.rng.random_range(1..=4);
            let grown = match self.rng.random_range(0..9) {
                0..=2 => (self.dense(units, &[from]), units),
                3 | 4 => (self.activation(from), features),
                5 => (self.builder.node(NodeKind::Add, &self.alike(from, features)), features),
                6 => (self.builder.node(NodeKind::Multiply, &self.alike(from, features)), features),
                7 => {
                    let (other, more) = self.any();
                    (self.builder.node(NodeKind::CONCAT, &[from, other]), features + more)
                }
                _ if self.n_steps > 1 => {
                    waiting.push(self.dense(units, &[]));
                    (*waiting.last().unwrap(), units)
                }
                _ => (self.builder.node(NodeKind::Dropout { p: 0.25 }, &[from]), features),
            };
            self.nodes.push(grown);
        }
        waiting
    }

    fn any(&mut self) -> (NodeId, usize) {
        self.nodes[self.rng.random_range(0..self.nodes.len())]
    }

    /// `from` and another node of as many features; itself once more where there is none.
    fn alike(&self, from: NodeId, features: usize) -> [NodeId; 2] {
        let other = self.nodes.iter().find(|&&(id, width)| width == features && id != from);
        [from, other.map_or(from, |&(id, _)| id)]
    }

    fn dense(&mut self, units: usize, inputs: &[NodeId]) -> NodeId {
        let bias = self.rng.random_bool(0.7);
        self.builder.node(NodeKind::Dense(DenseNode { bias, ..DenseNode::new(units) }), inputs)
    }

    fn activation(&mut self, from: NodeId) -> NodeId {
        let activation = match Activation::ALL[self.rng.random_range(0..Activation::ALL.len())] {
            Activation::LeakyRelu { .. } => Activation::LeakyRelu { negative_slope: 0.2 },
            Activation::Elu { .. } => Activation::Elu { alpha: 0.7 },
            other => other,
        };
        self.builder.activation(from, activation)
    }

    fn data_node(
        &mut self,
        kind: impl Fn(DataNode) -> NodeKind,
        features: usize,
        mut number: impl FnMut(&mut ChaCha8Rng) -> f64,
    ) -> NodeId {
        let per_step = self.rng.random_bool(0.7);
        let steps = if per_step { self.n_steps } else { 1 };
        let node = self.builder.node(kind(DataNode { per_step, ..DataNode::new(features) }), &[]);
        let rows = (0..self.n_rows).map(|_| (0..steps * features).map(|_| number(&mut self.rng)).collect());
        self.builder.rows(node, rows.collect());
        node
    }

    /// Wires each waiting node from anywhere, one or two steps back.
    fn close_loops(&mut self, waiting: &[NodeId]) {
        for &to in waiting {
            let (from, _) = self.any();
            let delay = self.rng.random_range(1..=2);
            let initial = if self.rng.random_bool(0.5) { InitialState::Trained } else { InitialState::Zeros };
            self.builder.edge(from, to, 0, delay, initial);
        }
    }

    /// One or two losses, each on a prediction that it can judge.
    fn judge(&mut self) {
        for _ in 0..self.rng.random_range(1..=2) {
            let kind = match LossKind::ALL[self.rng.random_range(0..LossKind::ALL.len())] {
                LossKind::Huber { .. } => LossKind::Huber { delta: 0.6 },
                other => other,
            };
            let newest = self.nodes.len().saturating_sub(3);
            let (from, features) = self.nodes[self.rng.random_range(newest..self.nodes.len())];
            let (prediction, target) = self.prediction_and_target(kind, from, features);
            let counted = if self.rng.random_bool(0.5) { CountedSteps::Every } else { CountedSteps::Last };
            let weight = self.rng.random_range(0.5..2.0);
            let loss = LossNode { weight, counted, ..LossNode::new(kind) };
            self.builder.node(NodeKind::Loss(loss), &[prediction, target]);
        }
    }

    fn prediction_and_target(&mut self, kind: LossKind, from: NodeId, features: usize) -> (NodeId, NodeId) {
        let share = |drawing: &mut Self, lowest: f64| {
            drawing.data_node(NodeKind::Target, features, |rng| rng.random_range(lowest..1.0))
        };
        match kind {
            LossKind::Mse | LossKind::HalfSumOfSquares | LossKind::Mae | LossKind::Huber { .. } => {
                (from, share(self, -1.0))
            }
            LossKind::Bce => (self.builder.activation(from, Activation::Sigmoid), share(self, 0.0)),
            LossKind::BceWithLogits => (from, share(self, 0.0)),
            LossKind::CrossEntropy => {
                let softmax = self.builder.activation(from, Activation::SOFTMAX);
                (softmax, self.one_hot(features))
            }
            LossKind::CrossEntropyWithLogits => (from, self.one_hot(features)),
        }
    }

    fn one_hot(&mut self, features: usize) -> NodeId {
        let mut at = 0;
        let mut class = 0;
        self.data_node(NodeKind::Target, features, |rng| {
            if at % features == 0 {
                class = rng.random_range(0..features);
            }
            at += 1;
            f64::from((at - 1) % features == class)
        })
    }

    /// The model with weights of its own, some of them frozen.
    fn finish(mut self, seed: u64) -> ModelFile {
        let network = self.builder.finish();
        let mut parameters = network.initialize(seed);
        for parameter in parameters.values_mut() {
            let numbers = parameter.values.iter().map(|_| self.rng.random_range(-1.0..1.0)).collect();
            parameter.values = Arc::new(numbers);
            parameter.trainable = self.rng.random_bool(0.8);
        }
        ModelFile {
            document: Document { network, parameters, ..Document::default() },
            ..ModelFile::default()
        }
    }
}
