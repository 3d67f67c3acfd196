//! Whether a wire being pulled may end at a port, and if not, why.
//!
//! Must not know gestures: the same answer serves the canvas, the keyboard and the tests.

use super::shapes::mismatch_at;
use super::{Edge, InitialState, Network, NodeId, NodeKind, Ports, Refusal};

impl Network {
    /// Whether an undelayed wire from `from` may arrive at `port` of `to`. A prediction of the
    /// wrong width may: its loss then offers to set the units.
    ///
    /// # Errors
    /// Why not. Where [`Refusal::offers_loop`], the same wire may be drawn as a loop edge.
    pub fn can_connect(&self, from: NodeId, to: NodeId, port: usize) -> Result<(), Refusal> {
        self.can_connect_at(from, to, port)?;
        if self.reaches(to, from) {
            return Err(Refusal::Cycle);
        }
        self.fits(from, to, port, 0)
    }

    /// Whether a loop edge (a delay of at least one step) may be drawn there.
    ///
    /// # Errors
    /// Why not.
    pub fn can_connect_loop(&self, from: NodeId, to: NodeId, port: usize) -> Result<(), Refusal> {
        self.can_connect_at(from, to, port)?;
        self.fits(from, to, port, 1)
    }

    /// Everything but cycles and shapes.
    fn can_connect_at(&self, from: NodeId, to: NodeId, port: usize) -> Result<(), Refusal> {
        let (Some(source), Some(target)) = (self.nodes.get(&from), self.nodes.get(&to)) else {
            return Err(Refusal::NoSuchNode);
        };
        if matches!(source.kind, NodeKind::Loss(_)) {
            return Err(Refusal::LossHasNoOutput);
        }
        let ports = target.kind.ports();
        if ports.name(port).is_none() {
            return Err(Refusal::NoSuchPort);
        }
        let is_taken = || self.edges.values().any(|edge| edge.to == to && edge.port == port);
        if matches!(ports, Ports::Fixed(_)) && is_taken() {
            return Err(Refusal::PortTaken);
        }
        Ok(())
    }

    fn fits(&self, from: NodeId, to: NodeId, port: usize, delay: usize) -> Result<(), Refusal> {
        if matches!(self.nodes.get(&to).map(|node| &node.kind), Some(NodeKind::Loss(_)) | None) {
            return Ok(());
        }
        let mut with_wire = self.clone();
        let id = with_wire.next_edge_id();
        with_wire.edges.insert(id, Edge { from, to, port, delay, initial: InitialState::Zeros });
        let (shapes, _) = with_wire.infer_shapes();
        match mismatch_at(&with_wire, &shapes, to) {
            Some(error) => Err(Refusal::Shape { expected: error.expected, found: error.found }),
            None => Ok(()),
        }
    }
}
