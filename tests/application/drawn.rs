//! Runs a drawn network on numbers given by hand, and reads its values and gradients back.
//!
//! Must not know files or data: it goes from the drawing through `compile` to one pass.

use std::collections::BTreeMap;

use vastavirta::autodiff::{ParameterStore, Trace};
use vastavirta::compile::{CompileOptions, Compiled, compile_network};
use vastavirta::network::{EdgeId, Network, NodeId, NodeKind, ParameterKey, Parameters};
use vastavirta::tensor::{Matrix, Real};

/// What a data node gives: one list of `N × features` numbers (row after row) a step; the last
/// list goes on for the steps after it.
pub(crate) type Feed = BTreeMap<NodeId, Vec<Vec<f64>>>;

/// One forward and backward pass.
pub(crate) struct Pass<T: Real> {
    pub(crate) compiled: Compiled<T>,
    pub(crate) store: ParameterStore<T>,
    pub(crate) trace: Trace<T>,
}

impl<T: Real> Pass<T> {
    /// Compiles, fills and runs, dropout off.
    pub(crate) fn run(
        network: &Network,
        parameters: &Parameters,
        feed: &Feed,
        n_rows: usize,
        options: CompileOptions,
    ) -> Self {
        let compiled = compile_network::<T>(network, options).unwrap();
        let mut store = compiled.store(parameters);
        let mut trace = compiled.program.trace(n_rows);
        fill(&compiled, &mut trace, feed);
        compiled.program.run(&mut store, &mut trace);
        compiled.program.complete_grads(&mut store, &mut trace);
        Self { compiled, store, trace }
    }

    pub(crate) fn loss(&self) -> f64 {
        self.compiled.program.total_loss(&self.trace).to_f64()
    }

    /// A node's value at a step, sample after sample.
    pub(crate) fn value(&self, node: NodeId, step: usize) -> Vec<f64> {
        numbers(self.trace.value(self.compiled.links.node(node, step).unwrap().output))
    }

    /// d loss / d a node's value at a step.
    pub(crate) fn grad(&self, node: NodeId, step: usize) -> Option<Vec<f64>> {
        let mut out = Matrix::zeros(0, 0);
        let value = self.compiled.links.node(node, step).unwrap().output;
        let is_there = self.compiled.program.value_grad(&self.store, &self.trace, value, &mut out);
        is_there.then(|| numbers(&out))
    }

    /// d loss / d a parameter.
    pub(crate) fn parameter_grad(&self, key: ParameterKey) -> Option<Vec<f64>> {
        self.store.grad(self.compiled.links.parameter(key).unwrap()).map(numbers)
    }

    /// The share of one step's copy of a node in the gradient of a parameter that it reads.
    pub(crate) fn share(&self, node: NodeId, step: usize, key: ParameterKey) -> Option<Vec<f64>> {
        let program = &self.compiled.program;
        let instruction = self.compiled.links.node(node, step)?.instruction?;
        let parameter = program.value_of(self.compiled.links.parameter(key)?);
        let arg = program.instruction(instruction).inputs.iter().position(|&input| input == parameter)?;
        let mut out = Matrix::zeros(0, 0);
        program.edge_grad(&self.store, &self.trace, instruction, arg, &mut out).then(|| numbers(&out))
    }
}

/// Fills the leaves of data nodes and turns dropout off.
pub(crate) fn fill<T: Real>(compiled: &Compiled<T>, trace: &mut Trace<T>, feed: &Feed) {
    for link in compiled.links.inputs.iter().chain(&compiled.links.targets) {
        let steps = &feed[&link.node];
        let from = steps.get(link.step).or(steps.last()).unwrap();
        let leaf = trace.value_mut(link.value);
        assert_eq!(leaf.len(), from.len(), "{:?} at step {}", link.node, link.step);
        leaf.iter_mut().zip(from).for_each(|(to, &value)| *to = T::of(value));
    }
    for mask in &compiled.links.masks {
        trace.value_mut(mask.value).fill(T::one());
    }
}

/// What the typed rows of a drawing feed, with their number.
pub(crate) fn typed(network: &Network) -> (Feed, usize) {
    let mut n_rows = 0;
    let mut feed = Feed::new();
    for (&id, node) in &network.nodes {
        let (NodeKind::Input(data) | NodeKind::Target(data)) = &node.kind else { continue };
        let rows = &data.rows.as_ref().unwrap().rows;
        n_rows = rows.len();
        let steps = if data.per_step { network.n_steps } else { 1 };
        let at = |step: usize| {
            rows.iter()
                .flat_map(move |row| &row[step * data.features()..(step + 1) * data.features()])
                .copied()
        };
        feed.insert(id, (0..steps).map(|step| at(step).collect()).collect());
    }
    (feed, n_rows)
}

/// All numbers of a matrix in PyTorch's order, whichever way it lies in memory.
pub(crate) fn numbers<T: Real>(matrix: &Matrix<T>) -> Vec<f64> {
    matrix.iter().map(|value| value.to_f64()).collect()
}

/// Fails unless every number is within `tolerance · max(1, largest magnitude)` of the reference.
pub(crate) fn assert_close(what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let scale = expected.iter().fold(1.0_f64, |largest, value| largest.max(value.abs()));
    for (idx, (a, b)) in found.iter().zip(expected).enumerate() {
        assert!((a - b).abs() <= tolerance * scale, "{what}[{idx}]: found {a}, expected {b}");
    }
}

/// The edge from one node to another.
pub(crate) fn edge_between(network: &Network, from: NodeId, to: NodeId) -> EdgeId {
    *network.edges.iter().find(|(_, edge)| edge.from == from && edge.to == to).unwrap().0
}
