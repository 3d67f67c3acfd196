//! Gradients that are nothing but rounding: exactly they are 0, and shares that cancel leave the last bits.
//!
//! Must not know how a pass is run. What cancels within one op is not seen here.

use std::collections::BTreeSet;

use crate::network::{Network, NodeId};
use crate::train::{Pass, Precision, Values};

/// Of larger tensors nothing is said.
const MOST_NUMBERS: usize = 1_000;

/// The nodes whose gradient at a time step is rounding: its shares cancel but for the last bits, or come from
/// nodes whose gradient is rounding. Loops are left out.
pub fn rounding(network: &Network, pass: &Pass, time_step: usize) -> BTreeSet<NodeId> {
    let mut found = BTreeSet::new();
    let Ok(order) = network.topological_order() else { return found };
    if network.has_loops() {
        return found;
    }
    let wiring = network.wiring();
    for node in order.into_iter().rev() {
        let Some(grad) = pass.node(node, time_step).and_then(|it| it.grad.as_ref()) else { continue };
        if grad.len() > MOST_NUMBERS || grad.data().iter().all(|x| *x == 0.0) {
            continue;
        }
        let shares = wiring.outgoing(node).iter().filter_map(|id| {
            let to = network.edges.get(id)?.to;
            let ports = &pass.node(to, time_step)?.ports;
            let share = ports.iter().find(|port| port.edge == *id)?.grad.as_ref()?;
            Some((to, share))
        });
        let shares: Vec<(NodeId, &Values)> = shares.collect();
        let come_from_rounding = || shares.iter().all(|(to, _)| found.contains(to));
        if !shares.is_empty() && (cancel(grad, &shares, pass.precision) || come_from_rounding()) {
            found.insert(node);
        }
    }
    found
}

/// Whether shares add up to as little as the rounding of their own sum.
fn cancel(grad: &Values, shares: &[(NodeId, &Values)], precision: Precision) -> bool {
    let epsilon = match precision {
        Precision::F32 => f64::from(f32::EPSILON),
        Precision::F64 => f64::EPSILON,
    };
    grad.data().iter().enumerate().all(|(at, sum)| {
        let size: f64 = shares.iter().filter_map(|(_, share)| share.at(at)).map(f64::abs).sum();
        sum.abs() <= 8.0 * epsilon * size
    })
}
