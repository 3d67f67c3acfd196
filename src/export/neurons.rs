//! A small network as a Mermaid flowchart of its neurons, as courses draw them: a circle for every
//! number, a line for every number that it is made from.
//!
//! Must not know weights.

use std::fmt::Write as _;

use super::Identifiers;
use super::mermaid::label;
use crate::network::{Network, NodeId, Shapes};

/// Larger networks are drawn node by node: nobody follows more lines.
const MOST_NEURONS: usize = 32;
const MOST_LINES: usize = 120;

/// Which numbers of a node make which of the next.
enum Connection {
    /// Every one makes every one.
    All,
    /// Each makes the one beside it, shifted by so many.
    Beside(usize),
}

/// The neurons of a network; none where they are too many.
pub(super) fn diagram(network: &Network, names: &Identifiers, shapes: &Shapes) -> Option<String> {
    let width = |node: NodeId| shapes.node(node).map(crate::tensor::Shape::features);
    let mut n_neurons = 0_usize;
    for &id in network.nodes.keys() {
        n_neurons = n_neurons.saturating_add(width(id)?);
    }
    if n_neurons > MOST_NEURONS {
        return None;
    }
    let mut text = String::from("flowchart LR\n");
    for (&id, node) in &network.nodes {
        let n = width(id)?;
        let _ = writeln!(text, "    subgraph {}_layer[\"{}\"]", names.node(id), label(&node.name));
        for neuron in 0..n {
            let sign = short_name(&node.name, neuron, n);
            let _ = writeln!(text, "        {}_{neuron}((\"{sign}\"))", names.node(id));
        }
        text.push_str("    end\n");
    }
    let wiring = network.wiring();
    let mut n_lines = 0;
    for (&id, node) in &network.nodes {
        let mut offset = 0;
        for edge in wiring.incoming(id).iter().filter_map(|edge| network.edges.get(edge)) {
            let (n_from, n_to) = (width(edge.from)?, width(id)?);
            let connection = if node.kind.is_concat() {
                let connection = Connection::Beside(offset);
                offset += n_from;
                connection
            } else if node.kind.dense().is_some() || node.kind.is_over_features() || n_from != n_to {
                Connection::All
            } else {
                Connection::Beside(0)
            };
            let (from, to) = (names.node(edge.from), names.node(id));
            for a in 0..n_from {
                let ends = match connection {
                    Connection::All => 0..n_to,
                    Connection::Beside(shift) => a + shift..(a + shift + 1).min(n_to),
                };
                for b in ends {
                    n_lines += 1;
                    let _ = if edge.delay > 0 {
                        writeln!(text, "    {from}_{a} -. \"t-{}\" .-> {to}_{b}", edge.delay)
                    } else {
                        writeln!(text, "    {from}_{a} --> {to}_{b}")
                    };
                }
            }
        }
    }
    (n_lines <= MOST_LINES).then_some(text)
}

/// What stands in a circle: the node's first letter and the number of the neuron.
fn short_name(name: &str, neuron: usize, n: usize) -> String {
    let letter: String = name.chars().filter(|sign| sign.is_alphanumeric()).take(1).collect();
    let letter = label(&letter.to_lowercase());
    if n == 1 { letter } else { format!("{letter}{}", neuron + 1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Activation, Builder, LossKind};

    #[test]
    fn every_neuron_of_a_dense_layer_is_wired_to_every_input_and_an_activation_to_its_own() {
        let mut drawing = Builder::new();
        let input = drawing.input(3);
        let dense = drawing.dense(input, 2);
        let sigmoid = drawing.activation(dense, Activation::Sigmoid);
        let target = drawing.target(2);
        drawing.loss(LossKind::Mse, sigmoid, target);
        let network = drawing.finish();
        let names = Identifiers::of(&network);
        let text = diagram(&network, &names, &network.infer_shapes().0).unwrap_or_default();
        assert_eq!(text.matches("-->").count(), 3 * 2 + 2 + 2 + 2, "{text}");
        assert!(text.contains("sigmoid_1_0((\"s1\"))"), "{text}");
    }

    #[test]
    fn a_large_network_is_not_drawn_by_its_neurons() {
        let mut drawing = Builder::new();
        let input = drawing.input(64);
        drawing.dense(input, 10);
        let network = drawing.finish();
        assert_eq!(diagram(&network, &Identifiers::of(&network), &network.infer_shapes().0), None);
    }
}
