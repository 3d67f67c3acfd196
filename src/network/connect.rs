//! Whether a wire being pulled may end at a port, and if not, why.
//!
//! Must not know gestures: the same answer serves the canvas, the keyboard and the tests.

use std::collections::BTreeSet;

use super::shapes::{Outcome, outcome_with};
use super::{Network, NodeId, Ports, Refusal, Shapes, Side, Wiring};

/// Where a wire from one node may end: found out once when the wire is pulled, asked for every
/// port that it passes.
#[derive(Clone, Debug)]
pub struct Connections<'a> {
    network: &'a Network,
    from: NodeId,
    wiring: Wiring,
    shapes: Shapes,
    /// The nodes that `from` depends on within one step, itself among them.
    before: BTreeSet<NodeId>,
}

impl Network {
    /// Where a wire from `from` may end. Costs a pass over the drawing; each answer then is cheap.
    pub fn connections_from(&self, from: NodeId) -> Connections<'_> {
        let wiring = self.wiring();
        let mut before = BTreeSet::from([from]);
        let mut stack = vec![from];
        while let Some(at) = stack.pop() {
            for edge in wiring.incoming(at).iter().filter_map(|e| self.edges.get(e)) {
                if edge.delay == 0 && before.insert(edge.from) {
                    stack.push(edge.from);
                }
            }
        }
        Connections { network: self, from, wiring, shapes: self.infer_shapes().0, before }
    }

    /// Whether an undelayed wire from `from` may arrive at `port` of `to`. A prediction of the
    /// wrong width may: its loss then offers to set the units.
    ///
    /// # Errors
    /// Why not. Where [`Refusal::offers_loop`], the same wire may be drawn as a loop edge.
    pub fn can_connect(&self, from: NodeId, to: NodeId, port: usize) -> Result<(), Refusal> {
        self.connections_from(from).to(to, port)
    }

    /// Whether a loop edge (a delay of at least one step) may be drawn there.
    ///
    /// # Errors
    /// Why not.
    pub fn can_connect_loop(&self, from: NodeId, to: NodeId, port: usize) -> Result<(), Refusal> {
        self.connections_from(from).loop_to(to, port)
    }
}

impl Connections<'_> {
    /// As [`Network::can_connect`].
    ///
    /// # Errors
    /// Why not.
    pub fn to(&self, to: NodeId, port: usize) -> Result<(), Refusal> {
        self.arrives(to, port)?;
        if self.before.contains(&to) {
            return Err(Refusal::Cycle);
        }
        self.fits(to, port)
    }

    /// As [`Network::free_port`], without another pass over the edges.
    pub fn free_port(&self, to: NodeId) -> Option<usize> {
        let taken: Vec<usize> = self.wires_at(to).map(|(port, _)| port).collect();
        self.network.nodes.get(&to)?.kind.ports().first_free(&taken)
    }

    /// As [`Network::can_connect_loop`].
    ///
    /// # Errors
    /// Why not.
    pub fn loop_to(&self, to: NodeId, port: usize) -> Result<(), Refusal> {
        self.arrives(to, port)?;
        self.fits(to, port)
    }

    /// Everything but cycles and shapes.
    fn arrives(&self, to: NodeId, port: usize) -> Result<(), Refusal> {
        let nodes = &self.network.nodes;
        let (Some(source), Some(target)) = (nodes.get(&self.from), nodes.get(&to)) else {
            return Err(Refusal::NoSuchNode);
        };
        if !source.kind.has_output() {
            return Err(Refusal::LossHasNoOutput);
        }
        let ports = target.kind.ports();
        if ports.name(port).is_none() {
            return Err(Refusal::NoSuchPort);
        }
        if matches!(ports, Ports::Fixed(_)) && self.wires_at(to).any(|(taken, _)| taken == port) {
            return Err(Refusal::PortTaken);
        }
        Ok(())
    }

    /// Ports of `to` that have a wire, with its source.
    fn wires_at(&self, to: NodeId) -> impl Iterator<Item = (usize, NodeId)> + '_ {
        let edges = self.wiring.incoming(to).iter().filter_map(|e| self.network.edges.get(e));
        edges.map(|edge| (edge.port, edge.from))
    }

    /// Whether the shapes that would arrive at `to` go together.
    fn fits(&self, to: NodeId, port: usize) -> Result<(), Refusal> {
        let Some(target) = self.network.nodes.get(&to) else { return Err(Refusal::NoSuchNode) };
        if target.kind.is_loss() {
            return Ok(());
        }
        let mut wires: Vec<(usize, NodeId)> = self.wires_at(to).chain([(port, self.from)]).collect();
        wires.sort_by_key(|&(port, _)| port);
        let arriving: Vec<_> = wires.iter().map(|&(_, from)| self.shapes.node(from)).collect();
        match outcome_with(&target.kind, &arriving) {
            Outcome::Mismatch(error) => {
                let side = |idx: usize| {
                    let &(port, from) = wires.get(idx)?;
                    let source = self.network.nodes.get(&from)?;
                    Side::new(&target.kind, port, &source.name, self.shapes.node(from)?)
                };
                let misfit = error.arg.filter(|&arg| arg > 0);
                Err(match (side(0), misfit.and_then(side)) {
                    (Some(first), Some(second)) => Refusal::SidesDiffer(Box::new([first, second])),
                    _ => Refusal::Shape { expected: error.expected, found: error.found },
                })
            }
            Outcome::Known(_) | Outcome::Waiting => Ok(()),
        }
    }
}
