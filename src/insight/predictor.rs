//! A compiled network that is asked without learning: dropout off, many rows at once.
//!
//! Must not know what the answers are used for.

use std::ops::Range;

use super::head::Head;
use crate::autodiff::{ParameterStore, Trace, ValueId};
use crate::compile::{CompileOptions, Compiled, compile_network};
use crate::data::{Prepared, ReadTask};
use crate::network::{MAX_PASS_NUMBERS, Network, NodeId, Parameters, Problem};
use crate::tensor::Real;
use crate::train::Feed;

/// Rows that run at once.
const CHUNK: usize = 256;

/// A network with its weights, ready to be asked.
#[derive(Debug)]
pub struct Predictor<T: Real> {
    pub(super) compiled: Compiled<T>,
    pub(super) store: ParameterStore<T>,
    pub(super) feed: Feed,
}

impl<T: Real> Predictor<T> {
    /// Compiles a drawing for rows that are prepared like `data`.
    ///
    /// # Errors
    /// The problems of a drawing that cannot be run.
    pub fn new(network: &Network, parameters: &Parameters, data: &Prepared) -> Result<Self, Vec<Problem>> {
        let compiled = compile_network::<T>(network, CompileOptions::default())?;
        let store = compiled.store(parameters);
        let feed = Feed::new(&compiled.links, data);
        Ok(Self { compiled, store, feed })
    }

    /// How many rows run at once.
    pub(super) fn chunk(&self) -> usize {
        let affordable = MAX_PASS_NUMBERS / self.compiled.program.pass_numbers(1).max(1);
        CHUNK.min(affordable).max(1)
    }

    /// Runs all samples chunk by chunk and shows each chunk's pass to `visit`, with the samples' range.
    /// Returns false where the task was cancelled.
    pub fn run(
        &self,
        data: &Prepared,
        task: &dyn ReadTask,
        mut visit: impl FnMut(Range<usize>, &Trace<T>),
    ) -> bool {
        let n = data.n_samples();
        let samples: Vec<u32> = (0..n as u32).collect();
        let mut trace: Option<Trace<T>> = None;
        let mut done = 0;
        for chunk in samples.chunks(self.chunk()) {
            if task.is_cancelled() {
                return false;
            }
            let reused = trace.take().filter(|trace| trace.batch() == chunk.len());
            let mut now = reused.unwrap_or_else(|| self.compiled.program.trace(chunk.len()));
            self.feed.fill_to_look(data, chunk, &mut now);
            self.compiled.program.forward(&self.store, &mut now);
            visit(done..done + chunk.len(), &now);
            done += chunk.len();
            task.progress(done as u64, n as u64);
            trace = Some(now);
        }
        true
    }

    /// Where a node's value at the last time step lies.
    pub fn output(&self, node: NodeId) -> Option<ValueId> {
        self.output_at(node, self.compiled.links.n_steps.saturating_sub(1))
    }

    /// Where a node's value at a time step lies.
    pub(super) fn output_at(&self, node: NodeId, time_step: usize) -> Option<ValueId> {
        self.compiled.links.node(node, time_step).map(|link| link.output)
    }

    /// What a pass holds of a value for one of its rows, encoded, written over `numbers`.
    pub(super) fn read(&self, trace: &Trace<T>, value: ValueId, row: usize, numbers: &mut Vec<f64>) {
        let values = self.compiled.program.value(&self.store, trace, value);
        numbers.clear();
        numbers.extend(values.column(row).iter().map(|value| value.to_f64()));
    }

    /// For each sample the numbers of each head in original units.
    pub fn predict(&self, data: &Prepared, heads: &[Head], task: &dyn ReadTask) -> Vec<Vec<Vec<f64>>> {
        let outputs: Vec<Option<ValueId>> = heads.iter().map(|head| self.output(head.prediction)).collect();
        let mut rows = Vec::with_capacity(data.n_samples());
        self.run(data, task, |range, trace| {
            for row in 0..range.len() {
                let of_head = |(head, output): (&Head, &Option<ValueId>)| {
                    let mut numbers = Vec::new();
                    if let Some(output) = *output {
                        self.read(trace, output, row, &mut numbers);
                        head.original(&mut numbers);
                    }
                    numbers
                };
                rows.push(heads.iter().zip(&outputs).map(of_head).collect());
            }
        });
        rows
    }
}
