//! The workloads of `vastavirta bench`: drawings, optimizers and batches, ready to be stepped.
//!
//! Must not know clocks. `benches/peers/pytorch.py` holds their twins.

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use crate::autodiff::{Optimizer, OptimizerKind, ParameterStore, Program, Trace, ValueId};
use crate::compile::{CompileOptions, Compiled, compile_network};
use crate::document::{OptimizerSettings, TrainingSettings};
use crate::network::{
    Activation, Builder, DenseNode, LossKind, Network, NodeId, NodeKind, Problem, TypedRows,
};
use crate::tensor::{Matrix, random_stream};

/// Different batches that a workload cycles through.
const BATCHES: usize = 8;

/// What a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// Any number.
    Number,
    /// 0 or 1.
    Bit,
    /// One of so many classes, one-hot.
    Class,
}

/// A named benchmark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Workload {
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
}

impl Workload {
    /// All of them, in the order of printing.
    pub(super) const ALL: [Self; 5] = [Self::Xor, Self::AutoMpg, Self::Mnist, Self::Wide, Self::Rnn];

    /// Its name on the command line and in JSON.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Xor => "xor",
            Self::AutoMpg => "auto_mpg",
            Self::Mnist => "mnist",
            Self::Wide => "wide",
            Self::Rnn => "rnn",
        }
    }

    /// Rows a step.
    pub(super) fn batch(self) -> usize {
        match self {
            Self::Xor => 1,
            Self::AutoMpg | Self::Rnn => 32,
            Self::Mnist => 128,
            Self::Wide => 256,
        }
    }

    fn answer(self) -> Answer {
        match self {
            Self::Xor => Answer::Bit,
            Self::AutoMpg | Self::Rnn => Answer::Number,
            Self::Mnist | Self::Wide => Answer::Class,
        }
    }

    fn optimizer(self) -> (OptimizerKind, f64) {
        match self {
            Self::Xor | Self::Wide => {
                (OptimizerKind::Sgd { momentum: 0.0, nesterov: false, weight_decay: 0.0 }, 0.1)
            }
            Self::AutoMpg | Self::Mnist | Self::Rnn => {
                (OptimizerKind::Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0 }, 0.001)
            }
        }
    }

    /// The drawing with so many batches of rows typed in, and how it is trained.
    pub(super) fn typed(self, n_batches: usize) -> (Network, TrainingSettings) {
        let mut network = self.network();
        let mut rng = random_stream(1, 0);
        let n_rows = self.batch() * n_batches;
        for node in network.nodes.values_mut() {
            let (data, answer) = match &mut node.kind {
                NodeKind::Input(data) => (data, Answer::Number),
                NodeKind::Target(data) => (data, self.answer()),
                NodeKind::Dense(_)
                | NodeKind::Activation(_)
                | NodeKind::Add
                | NodeKind::Multiply
                | NodeKind::Concat
                | NodeKind::Dropout { .. }
                | NodeKind::Loss(_) => continue,
            };
            let steps = if data.per_step { network.n_steps } else { 1 };
            let row = |number: usize, rng: &mut ChaCha8Rng| {
                (0..data.features * steps)
                    .map(|feature| match answer {
                        Answer::Number => rng.random_range(-1.5..1.5),
                        Answer::Bit => f64::from(rng.random_bool(0.5)),
                        Answer::Class => f64::from(feature == 7 * number % data.features.max(1)),
                    })
                    .collect()
            };
            let rows = (0..n_rows).map(|number| row(number, &mut rng)).collect();
            data.rows = Some(TypedRows { rows });
        }
        let (optimizer, learning_rate) = self.optimizer();
        let optimizer = match optimizer {
            OptimizerKind::Adam { beta1, beta2, eps, weight_decay } => {
                OptimizerSettings::Adam { beta1, beta2, eps, weight_decay }
            }
            _ => OptimizerSettings::Sgd { momentum: 0.0, nesterov: false, weight_decay: 0.0 },
        };
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
        }
    }

    /// The workload with its weights and data in memory.
    ///
    /// # Errors
    /// Never with these drawings; the type says so only for drawings in general.
    pub(super) fn prepare(self) -> Result<Run, Vec<Problem>> {
        let network = self.network();
        let compiled: Compiled<f32> = compile_network(&network, CompileOptions::default())?;
        let store = compiled.store(&network.initialize(1));
        let mut rng = random_stream(1, 0);
        let mut matrix = |value: ValueId, answer: Option<Answer>| {
            let (rows, columns) = compiled.program.shape(value).storage(self.batch());
            let class = rng.random_range(0..rows.max(1));
            Matrix::from_fn(rows, columns, |row, column| match answer {
                None | Some(Answer::Number) => rng.random_range(-1.5..1.5),
                Some(Answer::Bit) => f32::from(rng.random_bool(0.5)),
                Some(Answer::Class) => f32::from(row == (class + 7 * column) % rows),
            })
        };
        let links = &compiled.links;
        let batches = (0..BATCHES)
            .map(|_| {
                let inputs = links.inputs.iter().map(|link| (link.value, matrix(link.value, None)));
                let mut leaves: Vec<_> = inputs.collect();
                let answer = Some(self.answer());
                leaves.extend(links.targets.iter().map(|link| (link.value, matrix(link.value, answer))));
                leaves
            })
            .collect();
        let (kind, learning_rate) = self.optimizer();
        let optimizer = Optimizer::new(kind, &store);
        let trace = compiled.program.trace(self.batch());
        Ok(Run { program: compiled.program, store, trace, optimizer, learning_rate, batches, next: 0 })
    }
}

/// A workload in memory.
pub(super) struct Run {
    program: Program<f32>,
    store: ParameterStore<f32>,
    trace: Trace<f32>,
    optimizer: Optimizer<f32>,
    learning_rate: f64,
    /// Per batch: what each leaf holds.
    batches: Vec<Vec<(ValueId, Matrix<f32>)>>,
    next: usize,
}

impl Run {
    /// One full training step on the next batch: fill, forward, backward, update.
    pub(super) fn step(&mut self) {
        self.fill();
        self.program.forward(&self.store, &mut self.trace);
        self.program.backward(&mut self.store, &mut self.trace);
        self.optimizer.step(&mut self.store, self.learning_rate);
    }

    /// The same, telling of each part that is done.
    pub(super) fn step_observed(&mut self, mut done: impl FnMut(&'static str)) {
        self.fill();
        done("batch");
        self.program.forward_observed(&self.store, &mut self.trace, &mut done);
        self.program.backward_observed(&mut self.store, &mut self.trace, &mut done);
        self.optimizer.step(&mut self.store, self.learning_rate);
        done("update");
    }

    fn fill(&mut self) {
        for (value, matrix) in &self.batches[self.next] {
            self.trace.value_mut(*value).copy_from(matrix);
        }
        self.next = (self.next + 1) % self.batches.len();
    }

    /// Whether the numbers are still numbers: a benchmark of NaN would prove nothing.
    pub(super) fn is_finite(&self) -> bool {
        self.program.total_loss(&self.trace).is_finite()
    }

    /// Floating-point operations of the products in one step: two a multiply-add, forward, for the
    /// weight's gradient, and for the input's where it is needed.
    pub(super) fn product_flops(&self) -> f64 {
        let mut flops = 0.0;
        for id in self.program.instruction_ids() {
            let inputs = &self.program.instruction(id).inputs;
            let [x, weight, ..] = inputs.as_slice() else { continue };
            if self.program.parameter_of(*weight).is_none() {
                continue;
            }
            let passes = if self.program.instruction_of(*x).is_some() { 3.0 } else { 2.0 };
            let weights = self.program.shape(*weight).dims().iter().product::<usize>();
            flops += passes * 2.0 * weights as f64 * self.trace.batch() as f64;
        }
        flops
    }
}

fn classifier(sizes: &[usize]) -> Network {
    feed_forward(sizes, Activation::Relu, Activation::Softmax, LossKind::CrossEntropy)
}

/// Dense layers with one activation between them and another at the end.
fn feed_forward(sizes: &[usize], between: Activation, last: Activation, loss: LossKind) -> Network {
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
fn elman(features: usize, units: usize, n_steps: usize) -> Network {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::kernel_allocations;

    #[test]
    fn a_step_of_each_workload_allocates_only_packing_buffers() {
        for workload in Workload::ALL {
            let Ok(mut run) = workload.prepare() else { panic!("{} does not compile", workload.name()) };
            run.step();
            let packed = kernel_allocations();
            let allocations = allocation_counter::measure(|| run.step()).count_total;
            assert_eq!(allocations, kernel_allocations() - packed, "{}", workload.name());
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
