//! A network in memory with random data, ready to be stepped: what every speed is measured on.
//!
//! Must not know clocks, or which networks are measured.

use rand::RngExt as _;

use crate::autodiff::{Clip, Optimizer, OptimizerKind, ParameterStore, Program, Trace, ValueId};
use crate::compile::{CompileOptions, Compiled, compile_network};
use crate::network::{Network, Problem};
use crate::tensor::{Matrix, random_stream};

/// Different batches that a run cycles through.
const BATCHES: usize = 8;

/// What a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Any number.
    Number,
    /// 0 or 1.
    Bit,
    /// One of so many classes, one-hot.
    Class,
}

/// A network, its weights and its data in memory.
#[derive(Debug)]
pub struct Run {
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
    /// `network` with fresh weights and some batches of random rows.
    ///
    /// # Errors
    /// The problems of a drawing that does not compile.
    pub fn new(
        network: &Network,
        batch: usize,
        answer: Answer,
        (optimizer, learning_rate): (OptimizerKind, f64),
    ) -> Result<Self, Vec<Problem>> {
        let compiled: Compiled<f32> = compile_network(network, CompileOptions::default())?;
        let store = compiled.store(&network.initialize(1));
        let mut rng = random_stream(1, 0);
        let mut matrix = |value: ValueId, answer: Answer| {
            let (rows, columns) = compiled.program.shape(value).storage(batch);
            let class = rng.random_range(0..rows.max(1));
            Matrix::from_fn(rows, columns, |row, column| match answer {
                Answer::Number => rng.random_range(-1.5..1.5),
                Answer::Bit => f32::from(rng.random_bool(0.5)),
                Answer::Class => f32::from(row == (class + 7 * column) % rows),
            })
        };
        let links = &compiled.links;
        let inputs = || links.inputs.iter().map(|link| (link.value, Answer::Number));
        let targets = || links.targets.iter().map(|link| (link.value, answer));
        let batches = (0..BATCHES)
            .map(|_| inputs().chain(targets()).map(|(value, holds)| (value, matrix(value, holds))).collect())
            .collect();
        let optimizer = Optimizer::new(optimizer, &store);
        let trace = compiled.program.trace(batch);
        Ok(Self { program: compiled.program, store, trace, optimizer, learning_rate, batches, next: 0 })
    }

    /// One full training step on the next batch: fill, forward, backward, update.
    pub fn step(&mut self) {
        self.fill();
        self.program.run(&mut self.store, &mut self.trace);
        self.program.update(&mut self.store, &mut self.optimizer, Clip::None, self.learning_rate);
    }

    /// The same, telling of each part that is done.
    pub fn step_observed(&mut self, mut done: impl FnMut(&'static str)) {
        self.fill();
        done("batch");
        self.program.run_observed(&mut self.store, &mut self.trace, |op| done(op.name()));
        self.program.update(&mut self.store, &mut self.optimizer, Clip::None, self.learning_rate);
        done("update");
    }

    fn fill(&mut self) {
        for (value, matrix) in &self.batches[self.next] {
            self.trace.value_mut(*value).copy_from(matrix);
        }
        self.next = (self.next + 1) % self.batches.len();
    }

    /// Whether the numbers are still numbers: a benchmark of NaN would prove nothing.
    pub fn is_finite(&self) -> bool {
        self.program.total_loss(&self.trace).is_finite()
    }

    /// Floating-point operations of the products in one step: two a multiply-add, forward, for the
    /// weight's gradient, and for the input's where it is needed.
    pub fn product_flops(&self) -> f64 {
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
