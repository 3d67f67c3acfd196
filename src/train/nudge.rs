//! The loss as a function of one number of the drawing, all others held constant: what a nudge of it
//! does, beside what its gradient says.
//!
//! In f64, dropout and clipping off. Must not know which number is shown or how it is drawn.

use crate::autodiff::{ParameterId, ParameterStore, Program, Trace, ValueId};
use crate::compile::{CompileOptions, Links, compile_network};
use crate::data::Prepared;
use crate::network::{Network, NodeId, ParameterKey, Parameters, Problem};

use super::check::MAX_CHECKED_ROWS;
use super::feed::Feed;

/// Points of the curve.
const N_POINTS: usize = 81;
/// The curve reaches at least so far to both sides.
const LEAST_REACH: f64 = 1.0;

/// Which number is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// An entry of a parameter, in C order.
    Parameter(ParameterKey, usize),
    /// An entry of what an Input reads.
    Input {
        /// The Input node.
        node: NodeId,
        /// The time step, from 0.
        time_step: usize,
        /// The row of the batch.
        row: usize,
        /// The feature.
        feature: usize,
    },
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct NudgeRequest {
    /// The number that is moved.
    pub moved: Moved,
    /// By how much, ε.
    pub epsilon: f64,
    /// The samples of the batch, as [`super::Pass::rows`] counts them; the first ones where it is empty.
    pub rows: Vec<usize>,
}

/// What a nudge does to the loss.
#[derive(Clone, Debug, PartialEq)]
pub struct Nudge {
    /// The number before.
    pub value: f64,
    /// ε.
    pub epsilon: f64,
    /// The loss before.
    pub loss: f64,
    /// The loss with the number moved by ε.
    pub moved_loss: f64,
    /// d loss / d number, also where it is frozen; `None` where no gradient reaches it.
    pub grad: Option<f64>,
    /// The loss along this one variable: (number, loss), from left to right, finite losses only.
    pub curve: Vec<[f64; 2]>,
    /// The rows that it was measured on.
    pub n_rows: usize,
}

impl Nudge {
    /// L(w + ε) − L(w).
    pub fn difference(&self) -> f64 {
        self.moved_loss - self.loss
    }

    /// grad · ε, what the gradient says; `None` where no gradient reaches the number.
    pub fn predicted(&self) -> Option<f64> {
        self.grad.map(|grad| grad * self.epsilon)
    }
}

/// Moves one number and measures the loss. `goes_on` is asked before every pass; `None` once it says no,
/// and where the drawing has no such number.
///
/// # Errors
/// The problems that keep the drawing from running.
pub fn nudge(
    network: &Network,
    parameters: &Parameters,
    data: &Prepared,
    request: &NudgeRequest,
    goes_on: &mut dyn FnMut() -> bool,
) -> Result<Option<Nudge>, Vec<Problem>> {
    let options = CompileOptions { input_grads: true, ..CompileOptions::for_checking() };
    let compiled = compile_network::<f64>(network, options)?;
    let samples = samples(&request.rows, data);
    let n_rows = samples.len();
    if let Some(problem) = Problem::too_large_batch(n_rows, compiled.program.pass_numbers(n_rows)) {
        return Err(vec![problem]);
    }
    let mut store = compiled.store(parameters);
    let mut trace = compiled.program.trace(n_rows);
    Feed::new(&compiled.links, data).fill_to_look(data, &samples, &mut trace);
    let Some(place) = Place::of(request.moved, &compiled.links, &store, &trace) else { return Ok(None) };
    if let Place::Parameter(id, _) = place {
        store.set_trainable(id, true);
    }
    let mut probe = Probe { program: &compiled.program, store, trace, place };
    Ok(probe.nudge(request.epsilon, n_rows, goes_on))
}

fn samples(rows: &[usize], data: &Prepared) -> Vec<u32> {
    let shown: Vec<u32> = rows.iter().filter(|&&row| row < data.n_samples()).map(|&row| row as u32).collect();
    if shown.is_empty() { (0..data.n_samples().min(MAX_CHECKED_ROWS) as u32).collect() } else { shown }
}

/// Where the number stands.
#[derive(Clone, Copy, Debug)]
enum Place {
    Parameter(ParameterId, usize),
    Leaf(ValueId, usize),
}

impl Place {
    fn of(moved: Moved, links: &Links, store: &ParameterStore<f64>, trace: &Trace<f64>) -> Option<Self> {
        match moved {
            Moved::Parameter(key, index) => {
                let id = links.parameter(key)?;
                (index < store.value(id).len()).then_some(Self::Parameter(id, index))
            }
            Moved::Input { node, time_step, row, feature } => {
                let mut inputs = links.inputs.iter();
                let leaf = inputs.find(|leaf| leaf.node == node && leaf.step == time_step)?;
                // One sample is one column, so samples follow one another in memory.
                let matrix = trace.value(leaf.value);
                let is_there = row < matrix.ncols() && feature < matrix.nrows();
                is_there.then_some(Self::Leaf(leaf.value, row * matrix.nrows() + feature))
            }
        }
    }
}

/// A network at hand, and the number that is moved in it.
struct Probe<'a> {
    program: &'a Program<f64>,
    store: ParameterStore<f64>,
    trace: Trace<f64>,
    place: Place,
}

impl Probe<'_> {
    fn number(&mut self) -> &mut f64 {
        match self.place {
            Place::Parameter(id, index) => &mut self.store.value_mut(id)[index],
            Place::Leaf(id, index) => &mut self.trace.value_mut(id)[index],
        }
    }

    /// The loss with the number set to `value`.
    fn loss(&mut self, value: f64) -> f64 {
        *self.number() = value;
        self.program.forward(&self.store, &mut self.trace);
        self.program.total_loss(&self.trace)
    }

    fn nudge(&mut self, epsilon: f64, n_rows: usize, goes_on: &mut dyn FnMut() -> bool) -> Option<Nudge> {
        let value = *self.number();
        self.program.run(&mut self.store, &mut self.trace);
        let loss = self.program.total_loss(&self.trace);
        let grad = match self.place {
            Place::Parameter(id, index) => self.store.grad(id).map(|grad| grad[index]),
            Place::Leaf(id, index) => self.trace.grad(id).map(|grad| grad[index]),
        };
        let moved_loss = self.loss(value + epsilon);
        let reach = LEAST_REACH.max(0.5 * value.abs()).max(1.5 * epsilon.abs());
        let mut curve = Vec::with_capacity(N_POINTS);
        for point in 0..N_POINTS {
            if !goes_on() {
                return None;
            }
            let along = 2.0 * point as f64 / (N_POINTS - 1) as f64 - 1.0;
            let at = value + along * reach;
            curve.push([at, self.loss(at)]);
        }
        curve.retain(|[_, loss]| loss.is_finite());
        Some(Nudge { value, epsilon, loss, moved_loss, grad, curve, n_rows })
    }
}
