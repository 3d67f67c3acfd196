//! What can be asked of a training run.
//!
//! Must not know how the run is done.

use std::collections::BTreeSet;
use std::time::Duration;

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

/// How fast a run goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Tempo {
    /// As fast as it can.
    #[default]
    Full,
    /// So many batches a second, each of them shown: slow enough to watch.
    PerSecond(u32),
}

impl Tempo {
    /// The choices offered, the slowest first.
    pub const ALL: [Self; 4] = [Self::PerSecond(1), Self::PerSecond(5), Self::PerSecond(30), Self::Full];

    /// From one batch to the next; nothing where none waits.
    pub fn beat(self) -> Option<Duration> {
        match self {
            Self::Full => None,
            Self::PerSecond(n) => Some(Duration::from_secs(1) / n.max(1)),
        }
    }
}

/// What snapshots copy: the nodes that somebody looks at.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Watch {
    /// Selected and pinned nodes. Small networks are copied whole whatever stands here.
    pub nodes: BTreeSet<NodeId>,
    /// Whole batch, one sample of it, or one row alone.
    pub view: SampleView,
    /// Only these time steps of networks too large to be copied whole; every one without them.
    pub time_steps: Option<BTreeSet<usize>>,
    /// Whether the weights of the whole network are copied along, too.
    pub weights: bool,
    /// Whether the path of the weights is recorded.
    pub path: bool,
    /// Whether somebody watches the health of the layers.
    pub health: bool,
}
