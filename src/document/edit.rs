//! The few primitive edits of a document. Each can be undone: applying one gives its inverse.
//!
//! Must not know what a person meant by an edit: that is `actions`.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Document, Run, RunId, RunName, TrainingSettings};
use crate::data::DataSettings;
use crate::network::{Edge, EdgeId, Node, NodeId, Parameter, ParameterKey, Parameters, Seed};

/// A change of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// The node becomes this, or goes.
    SetNode(NodeId, Option<Node>),
    /// The edge becomes this, or goes.
    SetEdge(EdgeId, Option<Edge>),
    /// Whole parameters become these, or go.
    SetParameters(Vec<(ParameterKey, Option<Parameter>)>),
    /// Single entries of one parameter, as (index in C order, value); indices outside it are
    /// left alone. The other entries keep what training made of them, also when undone.
    SetEntries(ParameterKey, Vec<(usize, f64)>),
    /// Freezes or unfreezes parameters; the numbers stay.
    SetTrainable(Vec<(ParameterKey, bool)>),
    /// The number of time steps T and the truncation.
    SetNetworkSettings {
        /// T.
        n_steps: usize,
        /// Truncation.
        truncate: Option<usize>,
    },
    /// Which nodes are marked as roots.
    SetRoots(BTreeSet<NodeId>),
    /// The vector v of a root, or none.
    SetSeed(NodeId, Option<Seed>),
    /// The data settings.
    SetData(Box<DataSettings>),
    /// The training settings.
    SetTraining(Box<TrainingSettings>),
    /// The run becomes this, or goes.
    SetRun(RunId, Option<Arc<Run>>),
    /// The run is called this.
    RenameRun(RunId, RunName),
    /// Several edits in order, as one.
    Batch(Vec<Edit>),
}

impl Edit {
    /// Whether the edit changes nothing at all.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Batch(edits) => edits.iter().all(Self::is_empty),
            Self::SetParameters(changes) => changes.is_empty(),
            Self::SetEntries(_, entries) => entries.is_empty(),
            Self::SetTrainable(changes) => changes.is_empty(),
            Self::SetNode(..)
            | Self::SetEdge(..)
            | Self::SetNetworkSettings { .. }
            | Self::SetRoots(_)
            | Self::SetSeed(..)
            | Self::SetData(_)
            | Self::SetTraining(_)
            | Self::SetRun(..)
            | Self::RenameRun(..) => false,
        }
    }
}

impl Document {
    /// Applies `edit` and gives the edit that takes it back. Cannot fail: an edit says what
    /// becomes of each thing, whatever it was before.
    pub fn apply(&mut self, edit: Edit) -> Edit {
        match edit {
            Edit::SetNode(id, node) => {
                let before = match node {
                    Some(mut node) => {
                        node.position = node.position.within_bounds();
                        self.network.nodes.insert(id, node)
                    }
                    None => self.network.nodes.remove(&id),
                };
                Edit::SetNode(id, before)
            }
            Edit::SetEdge(id, edge) => {
                let before = match edge {
                    Some(edge) => self.network.edges.insert(id, edge),
                    None => self.network.edges.remove(&id),
                };
                Edit::SetEdge(id, before)
            }
            Edit::SetParameters(changes) => {
                let mut inverse: Vec<_> =
                    changes.into_iter().map(|(key, new)| (key, self.set_parameter(key, new))).collect();
                inverse.reverse();
                Edit::SetParameters(inverse)
            }
            Edit::SetEntries(key, entries) => Edit::SetEntries(key, self.set_entries(key, entries)),
            Edit::SetTrainable(changes) => {
                let mut inverse = Vec::with_capacity(changes.len());
                for (key, trainable) in changes {
                    if let Some(parameter) = self.parameters.get_mut(&key) {
                        inverse.push((key, std::mem::replace(&mut parameter.trainable, trainable)));
                    }
                }
                inverse.reverse();
                Edit::SetTrainable(inverse)
            }
            Edit::SetNetworkSettings { n_steps, truncate } => Edit::SetNetworkSettings {
                n_steps: std::mem::replace(&mut self.network.n_steps, n_steps),
                truncate: std::mem::replace(&mut self.network.truncate, truncate),
            },
            Edit::SetRoots(roots) => Edit::SetRoots(std::mem::replace(&mut self.network.roots, roots)),
            Edit::SetSeed(id, seed) => {
                let seeds = &mut self.network.seeds;
                Edit::SetSeed(
                    id,
                    match seed {
                        Some(seed) => seeds.insert(id, seed),
                        None => seeds.remove(&id),
                    },
                )
            }
            Edit::SetData(settings) => Edit::SetData(Box::new(std::mem::replace(&mut self.data, *settings))),
            Edit::SetTraining(settings) => {
                Edit::SetTraining(Box::new(std::mem::replace(&mut self.training, *settings)))
            }
            Edit::SetRun(id, run) => {
                let before = match run {
                    Some(run) => self.runs.insert(id, run),
                    None => self.runs.remove(&id),
                };
                Edit::SetRun(id, before)
            }
            Edit::RenameRun(id, name) => {
                let run = self.runs.get_mut(&id).map(Arc::make_mut);
                let before = run.map(|run| std::mem::replace(&mut run.name, name));
                before.map_or(Edit::Batch(Vec::new()), |before| Edit::RenameRun(id, before))
            }
            Edit::Batch(edits) => {
                let mut inverse: Vec<_> = edits.into_iter().map(|edit| self.apply(edit)).collect();
                inverse.reverse();
                Edit::Batch(inverse)
            }
        }
    }

    fn set_parameter(&mut self, key: ParameterKey, new: Option<Parameter>) -> Option<Parameter> {
        match new {
            Some(parameter) => self.parameters.insert(key, parameter),
            None => self.parameters.remove(&key),
        }
    }

    fn set_entries(&mut self, key: ParameterKey, entries: Vec<(usize, f64)>) -> Vec<(usize, f64)> {
        let Some(parameter) = self.parameters.get_mut(&key) else { return Vec::new() };
        let values = Arc::make_mut(&mut parameter.values);
        let mut inverse = Vec::with_capacity(entries.len());
        for (index, value) in entries {
            if let Some(entry) = values.get_mut(index) {
                inverse.push((index, std::mem::replace(entry, value)));
            }
        }
        inverse.reverse();
        inverse
    }

    /// Takes over what training made of the parameters, outside the history: values of keys
    /// that still exist with the same shape. Whether a parameter is frozen stays as it is here.
    pub fn replace_trained(&mut self, trained: &Parameters) {
        for (key, parameter) in &mut self.parameters {
            if let Some(new) = trained.get(key)
                && new.shape == parameter.shape
                && new.values.len() == parameter.values.len()
            {
                parameter.values = Arc::clone(&new.values);
            }
        }
    }
}
