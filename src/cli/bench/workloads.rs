//! The workloads of `vastavirta bench`: which drawings, trained how, in which batches.
//!
//! Must not know how they are run. `benches/peers/pytorch.py` holds their twins.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::run::{Answer, Run};
use crate::autodiff::OptimizerKind;
use crate::document::TrainingSettings;
use crate::network::{
    Activation, Builder, DenseNode, LossKind, Network, NodeId, NodeKind, Operation, Problem, ReduceKind,
    ReduceNode, TensorNode, TypedRows,
};
use crate::tensor::random_stream;

/// A named benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workload {
    /// 2-4-1 sigmoid, BCE, SGD, batch 1.
    Xor,
    /// 9-64-64-1 ReLU, MSE, Adam, batch 32.
    AutoMpg,
    /// 784-256-128-10 ReLU, softmax + cross-entropy, Adam, batch 128.
    Mnist,
    /// 1024-2048-2048-10 ReLU, softmax + cross-entropy, SGD, batch 256.
    Wide,
    /// 8→64 tanh over 32 steps, the last step → 1, MSE, Adam, batch 32.
    Rnn,
    /// 1,000 operations entry by entry, one after another, on 100 rows of 1,000 numbers, SGD.
    Chain,
}

/// Operations of [`Workload::Chain`], and the numbers of a row.
const CHAIN: (usize, usize) = (1_000, 1_000);

impl Workload {
    /// All of them, in the order of printing.
    pub const ALL: [Self; 6] = [Self::Xor, Self::AutoMpg, Self::Mnist, Self::Wide, Self::Rnn, Self::Chain];

    /// Its name on the command line and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Xor => "xor",
            Self::AutoMpg => "auto_mpg",
            Self::Mnist => "mnist",
            Self::Wide => "wide",
            Self::Rnn => "rnn",
            Self::Chain => "chain",
        }
    }

    /// Rows a step.
    pub fn batch(self) -> usize {
        match self {
            Self::Xor => 1,
            Self::AutoMpg | Self::Rnn => 32,
            Self::Mnist => 128,
            Self::Wide => 256,
            Self::Chain => 100,
        }
    }

    fn answer(self) -> Answer {
        match self {
            Self::Xor => Answer::Bit,
            Self::AutoMpg | Self::Rnn | Self::Chain => Answer::Number,
            Self::Mnist | Self::Wide => Answer::Class,
        }
    }

    fn optimizer(self) -> (OptimizerKind, f64) {
        match self {
            Self::Xor | Self::Wide | Self::Chain => {
                (OptimizerKind::Sgd { momentum: 0.0, nesterov: false, weight_decay: 0.0 }, 0.1)
            }
            Self::AutoMpg | Self::Mnist | Self::Rnn => {
                (OptimizerKind::Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0 }, 0.001)
            }
        }
    }

    /// The drawing with so many batches of rows typed in, and how it is trained.
    pub fn typed(self, n_batches: usize) -> (Network, TrainingSettings) {
        let mut network = self.network();
        let mut rng = random_stream(1, 0);
        let n_rows = self.batch() * n_batches;
        for node in network.nodes.values_mut() {
            let answer = if node.kind.is_target() { self.answer() } else { Answer::Number };
            let Some(data) = node.kind.data_mut() else { continue };
            let steps = if data.per_step { network.n_steps } else { 1 };
            let row = |number: usize, rng: &mut ChaCha8Rng| {
                (0..data.features() * steps)
                    .map(|feature| match answer {
                        Answer::Number => rng.random_range(-1.5..1.5),
                        Answer::Bit => f64::from(rng.random_bool(0.5)),
                        Answer::Class => f64::from(feature == 7 * number % data.features().max(1)),
                    })
                    .collect()
            };
            let rows = (0..n_rows).map(|number| row(number, &mut rng)).collect();
            data.rows = Some(TypedRows { rows });
        }
        let (optimizer, learning_rate) = self.optimizer();
        let settings = TrainingSettings {
            optimizer,
            learning_rate,
            batch_size: self.batch(),
            ..TrainingSettings::default()
        };
        (network, settings)
    }

    fn network(self) -> Network {
        match self {
            Self::Xor => feed_forward(&[2, 4, 1], Activation::Sigmoid, Activation::Sigmoid, LossKind::Bce),
            Self::AutoMpg => {
                feed_forward(&[9, 64, 64, 1], Activation::Relu, Activation::Identity, LossKind::Mse)
            }
            Self::Mnist => classifier(&[784, 256, 128, 10]),
            Self::Wide => classifier(&[1024, 2048, 2048, 10]),
            Self::Rnn => elman(8, 64, 32),
            Self::Chain => chain(CHAIN.0, CHAIN.1),
        }
    }

    /// The workload with its weights and data in memory.
    ///
    /// # Errors
    /// Never with these drawings; the type says so only for drawings in general.
    pub fn prepare(self) -> Result<Run, Vec<Problem>> {
        Run::new(&self.network(), self.batch(), self.answer(), self.optimizer())
    }
}

fn classifier(sizes: &[usize]) -> Network {
    feed_forward(sizes, Activation::Relu, Activation::SOFTMAX, LossKind::CrossEntropy)
}

/// Dense layers with one activation between them and another at the end.
pub fn feed_forward(sizes: &[usize], between: Activation, last: Activation, loss: LossKind) -> Network {
    let mut drawing = Builder::new();
    let Some((&features, layers)) = sizes.split_first() else { return drawing.finish() };
    let mut value = drawing.input(features);
    for (number, &units) in layers.iter().enumerate() {
        value = drawing.dense(value, units);
        let activation = if number + 1 < layers.len() { between } else { last };
        if activation != Activation::Identity {
            value = drawing.activation(value, activation);
        }
    }
    let target = drawing.target(layers.last().copied().unwrap_or(features));
    drawing.loss(loss, value, target);
    drawing.finish()
}

/// Elman's recurrent cell over `n_steps`, the last step judged.
pub fn elman(features: usize, units: usize, n_steps: usize) -> Network {
    let mut drawing = Builder::with_steps(n_steps);
    let x = drawing.input(features);
    let from_input = drawing.dense(x, units);
    let from_state =
        drawing.node(NodeKind::Dense(DenseNode { bias: false, ..DenseNode::new(units) }), &[] as &[NodeId]);
    let sum = drawing.node(NodeKind::Add, &[from_input, from_state]);
    let state = drawing.activation(sum, Activation::Tanh);
    drawing.loop_edge(state, from_state, 0);
    let prediction = drawing.dense(state, 1);
    let target = drawing.target(1);
    drawing.loss(LossKind::Mse, prediction, target);
    drawing.finish()
}

/// `n_operations` entry by entry, on x times a number that learns: five of them over and over. Backward starts
/// at the mean of each row.
fn chain(n_operations: usize, features: usize) -> Network {
    let mut drawing = Builder::new();
    let x = drawing.input(features);
    let scale = drawing.node(NodeKind::Tensor(TensorNode::scalar(1.0)), &[]);
    let start = drawing.node(NodeKind::Multiply, &[x, scale]);
    let mut value = start;
    for number in 0..n_operations {
        value = match number % 5 {
            0 => drawing.node(NodeKind::Operation(Operation::Sin), &[value]),
            1 => drawing.node(NodeKind::Multiply, &[value, start]),
            2 => drawing.activation(value, Activation::Tanh),
            3 => drawing.node(NodeKind::Add, &[value, start]),
            _ => drawing.node(NodeKind::Operation(Operation::Neg), &[value]),
        };
    }
    let mean = ReduceNode { dim: Some(-1), ..ReduceNode::over_all(ReduceKind::Mean) };
    let root = drawing.node(NodeKind::Reduce(mean), &[value]);
    let mut network = drawing.finish();
    network.roots.insert(root);
    network
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::run_kernels_inside;

    #[test]
    fn a_step_of_each_workload_allocates_only_packing_buffers() {
        run_kernels_inside(|kernel| allocation_counter::opt_out(kernel));
        for workload in Workload::ALL {
            let of_run = match workload {
                // Its own size takes a gigabyte.
                Workload::Chain => Run::new(&chain(25, 16), 4, workload.answer(), workload.optimizer()),
                _ => workload.prepare(),
            };
            let Ok(mut run) = of_run else { panic!("{} does not compile", workload.name()) };
            run.step();
            let allocations = allocation_counter::measure(|| run.step()).count_total;
            assert_eq!(allocations, 0, "{}", workload.name());
            assert!(run.is_finite(), "{}", workload.name());
        }
    }

    #[test]
    fn the_products_of_a_workload_are_counted() {
        let flops = |workload: Workload| workload.prepare().map(|run| run.product_flops()).ok();
        // Batch 1: 2-4 forward and weight, 4-1 forward, weight and input; two a multiply-add.
        assert_eq!(flops(Workload::Xor), Some(2.0 * (2.0 * 8.0 + 3.0 * 4.0)));
    }
}
