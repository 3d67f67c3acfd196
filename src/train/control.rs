//! What can be asked of a training run.
//!
//! Must not know how the run is done.

use std::collections::BTreeSet;

use crate::network::NodeId;

use super::snapshot::SampleView;

/// How far a run goes before it pauses by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Until a stop rule holds (epochs, target loss, patience) or somebody pauses.
    UntilDone,
    /// This many batches.
    Batches(usize),
    /// To the end of this many epochs.
    Epochs(usize),
}

/// What snapshots copy: the nodes that somebody looks at.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Watch {
    /// Selected and pinned nodes. Small networks are copied whole whatever stands here.
    pub nodes: BTreeSet<NodeId>,
    /// Whole batch, one sample of it, or one row alone.
    pub view: SampleView,
    /// Only this time step of networks too large to be copied whole; every one without it.
    pub time_step: Option<usize>,
}
