//! The number under the pointer, and what it is made of: lit wherever it stands.
//!
//! Must not know who looks: a matrix, a formula or the drawing asks for its own numbers and nodes.

use std::collections::BTreeSet;
use std::sync::Arc;

use egui::{Context, Id};

use crate::explain::{Explainer, Quantity};
use crate::network::NodeId;

/// Operands of more are not lit one by one.
const MOST_LIT: usize = 4_096;
/// A light goes out when nothing renewed it for so many passes over the window.
const LASTS: u64 = 2;

/// What is lit.
#[derive(Clone, Default)]
pub(crate) struct Lit {
    number: Option<Quantity>,
    operands: Arc<BTreeSet<Quantity>>,
    nodes: Arc<BTreeSet<NodeId>>,
    renewed: u64,
}

impl Lit {
    /// Whether this is the number under the pointer.
    pub(crate) fn is_hovered(&self, of: Quantity) -> bool {
        self.number == Some(of)
    }

    /// Whether the number under the pointer is made of this one.
    pub(crate) fn is_operand(&self, of: Quantity) -> bool {
        self.operands.contains(&of)
    }

    /// Whether numbers of this node are lit.
    pub(crate) fn has_node(&self, node: NodeId) -> bool {
        self.nodes.contains(&node)
    }
}

fn place() -> Id {
    Id::new("lit number")
}

/// What is lit now.
pub(crate) fn of(ctx: &Context) -> Lit {
    let lit: Lit = ctx.data(|data| data.get_temp(place())).unwrap_or_default();
    if lit.renewed + LASTS >= ctx.cumulative_pass_nr() { lit } else { Lit::default() }
}

/// Lights a number and what it is made of.
pub(crate) fn light(ctx: &Context, explainer: &Explainer<'_>, number: Quantity) {
    let renewed = ctx.cumulative_pass_nr();
    let before = of(ctx);
    if before.is_hovered(number) {
        ctx.data_mut(|data| data.insert_temp(place(), Lit { renewed, ..before }));
        return;
    }
    let network = explainer.definitions().network();
    let (mut operands, mut nodes) = (BTreeSet::new(), BTreeSet::new());
    nodes.extend(number.tensor.node(network));
    if let Some(formula) = explainer.formula(number) {
        formula.for_each_leaf(&mut |leaf| {
            nodes.extend(leaf.tensor.node(network));
            if operands.len() < MOST_LIT {
                operands.insert(*leaf);
            }
        });
    }
    let lit = Lit { number: Some(number), operands: operands.into(), nodes: nodes.into(), renewed };
    ctx.data_mut(|data| data.insert_temp(place(), lit));
    ctx.request_repaint();
}
