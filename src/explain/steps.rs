//! The backward pass as a list of steps, from the loss to the first layer.
//!
//! Must not know numbers or drawing.

use std::collections::BTreeMap;

use super::formula::{Formula, Formulas};
use super::letter::{Letter, output_letter};
use crate::network::{Network, NodeId, NodeKind};

/// One step of the backward pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Whose gradient is made.
    pub node: NodeId,
    /// Which gradient.
    pub letter: Letter,
    /// How.
    pub formula: Formula,
}

/// All steps of the backward pass in an order in which it can be done: a node's gradient stands
/// after the gradients of all its users (within one time step).
pub fn backward_steps(network: &Network, formulas: &Formulas<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    for node in backward_order(network) {
        let Some(kind) = network.nodes.get(&node).map(|node| &node.kind) else { continue };
        let letter = match kind {
            NodeKind::Target(_) => continue,
            NodeKind::Loss(_) => Letter::L,
            other => output_letter(other).gradient(),
        };
        let mut push = |letter, formula: Option<Formula>| {
            if let Some(formula) = formula {
                steps.push(Step { node, letter, formula });
            }
        };
        push(letter, formulas.output_gradient(node));
        if let Some(dense) = kind.dense()
            && formulas.output_gradient(node).is_some()
        {
            push(Letter::GradW, formulas.weight_gradient(node));
            if dense.bias {
                push(Letter::GradB, formulas.bias_gradient(node));
            }
        }
    }
    steps
}

/// Nodes from the losses backwards: each after all nodes that use it without a delay. Iterative;
/// nodes on a cycle without a delay are left out (that is a problem of the drawing).
fn backward_order(network: &Network) -> Vec<NodeId> {
    let mut n_uses: BTreeMap<NodeId, usize> = network.nodes.keys().map(|&id| (id, 0)).collect();
    let mut sources: BTreeMap<NodeId, Vec<NodeId>> = BTreeMap::new();
    for edge in network.edges.values().filter(|edge| edge.delay == 0) {
        if network.nodes.contains_key(&edge.to)
            && let Some(count) = n_uses.get_mut(&edge.from)
        {
            *count += 1;
            sources.entry(edge.to).or_default().push(edge.from);
        }
    }
    let mut ready: Vec<NodeId> = n_uses.iter().filter(|(_, n)| **n == 0).map(|(&id, _)| id).rev().collect();
    let mut order = Vec::with_capacity(network.nodes.len());
    while let Some(node) = ready.pop() {
        order.push(node);
        for source in sources.remove(&node).unwrap_or_default() {
            if let Some(count) = n_uses.get_mut(&source) {
                *count -= 1;
                if *count == 0 {
                    ready.push(source);
                }
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::network::{
        Activation, Builder, CountedSteps, DataNode, DenseNode, Edge, EdgeId, InitialState, Initializer,
        LossKind, LossNode, Node, Position,
    };

    /// x(3) → Dense 1(2) → Sigmoid 1 → Dense 2(1) → MSE 1 ← y.
    fn network() -> Network {
        let data = DataNode { per_step: false, ..DataNode::new(3) };
        let dense = |units| {
            NodeKind::Dense(DenseNode {
                units,
                bias: true,
                weight_init: Initializer::Zeros,
                bias_init: Initializer::Zeros,
            })
        };
        let loss = LossNode { kind: LossKind::Mse, weight: 1.0, counted: CountedSteps::Last };
        let nodes = [
            ("x", NodeKind::Input(data.clone())),
            ("Dense 1", dense(2)),
            ("Sigmoid 1", NodeKind::Activation(Activation::Sigmoid)),
            ("Dense 2", dense(1)),
            ("MSE 1", NodeKind::Loss(loss)),
            ("y", NodeKind::Target(DataNode { per_step: false, ..DataNode::new(1) })),
        ];
        let mut network = Network::default();
        for (i, (name, kind)) in nodes.into_iter().enumerate() {
            let node = Node::new(name, kind, Position::default());
            network.nodes.insert(NodeId(i as u32), node);
        }
        for (i, (from, to, port)) in
            [(0, 1, 0), (1, 2, 0), (2, 3, 0), (3, 4, 0), (5, 4, 1)].into_iter().enumerate()
        {
            let edge =
                Edge { from: NodeId(from), to: NodeId(to), port, delay: 0, initial: InitialState::Zeros };
            network.edges.insert(EdgeId(i as u32), edge);
        }
        network
    }

    #[test]
    fn the_backward_pass_runs_from_the_loss_to_the_input() {
        let network = network();
        let shapes = network.infer_shapes().0;
        let formulas = Formulas::new(&network, &shapes);
        let steps = backward_steps(&network, &formulas);
        let lines: Vec<String> = steps
            .iter()
            .map(|step| format!("{}: {}", network.nodes[&step.node].name, step.formula))
            .collect();
        assert_eq!(
            lines,
            [
                "MSE 1: dL = 1   [] = []",
                "Dense 2: dZ = 2 · (Z − Y) · s   [N, 1] = [N, 1]",
                "Dense 2: grad_W = dZᵀ · X   [1, 2] = [1, N] · [N, 2]",
                "Dense 2: grad_b = Σₙ dZ   [1] = Σₙ [N, 1]",
                "Sigmoid 1: dA = dZ(Dense 2) · W(Dense 2)   [N, 2] = [N, 1] · [1, 2]",
                "Dense 1: dZ = dA(Sigmoid 1) ⊙ σ′(Z)   [N, 2] = [N, 2] ⊙ [N, 2]",
                "Dense 1: grad_W = dZᵀ · X   [2, 3] = [2, N] · [N, 3]",
                "Dense 1: grad_b = Σₙ dZ   [2] = Σₙ [N, 2]",
                "x: dX = dZ(Dense 1) · W(Dense 1)   [N, 3] = [N, 2] · [2, 3]",
            ]
        );
        assert_eq!(steps[1].formula.note.as_deref(), Some("s = 1 / (N · 1)"));
    }

    #[test]
    fn a_fused_activation_shortens_the_delta() {
        let mut network = network();
        network.nodes.get_mut(&NodeId(4)).unwrap().kind =
            NodeKind::Loss(LossNode { kind: LossKind::Bce, weight: 2.0, counted: CountedSteps::Last });
        // The sigmoid feeds the loss itself.
        network.edges.get_mut(&EdgeId(3)).unwrap().from = NodeId(2);
        let shapes = network.infer_shapes().0;
        let formulas = Formulas::new(&network, &shapes);
        let dz = formulas.output_gradient(NodeId(1)).unwrap();
        assert_eq!(dz.expression, "(A − Y) · s");
        assert_eq!(dz.note.as_deref(), Some("s = 2 / (N · 2)"));
    }

    #[test]
    fn gradients_of_all_uses_add_up_and_loops_look_one_step_ahead() {
        let mut b = Builder::with_steps(3);
        let x = b.input(3);
        let z = b.dense(x, 2);
        let before = b.node(NodeKind::Dense(DenseNode::new(2)), &[]);
        let sum = b.node(NodeKind::Add, &[z, before]);
        let h = b.activation(sum, Activation::Sigmoid);
        b.loop_edge(h, before, 0);
        let out = b.dense(h, 1);
        let y = b.target(1);
        b.loss(LossKind::Mse, out, y);
        let network = b.finish();
        let shapes = network.infer_shapes().0;
        let formulas = Formulas::new(&network, &shapes);
        let da = formulas.output_gradient(h).unwrap();
        assert_eq!(da.expression, "dZ(Dense 2)[t+1] · W(Dense 2) + dZ(Dense 3) · W(Dense 3)");
        let dw = formulas.weight_gradient(before).unwrap();
        assert_eq!(dw.expression, "Σₜ dZᵀ · X[t−1]");
    }

    #[test]
    fn a_formula_waits_for_the_shapes_that_it_speaks_of() {
        let network = network();
        let unknown = crate::network::Shapes::default();
        let formulas = Formulas::new(&network, &unknown);
        assert_eq!(formulas.weight_gradient(NodeId(1)), None);
        assert_eq!(formulas.output_gradient(NodeId(5)), None);
    }
}
