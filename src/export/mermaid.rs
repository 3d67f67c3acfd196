//! The drawing as a Mermaid flowchart, for notes and web pages: a small network neuron by neuron, a
//! larger one node by node.
//!
//! Must not know numbers.

use std::fmt::Write as _;

use super::python::visible;
use super::{ExportedFile, Identifiers, Subject, neurons};
use crate::network::{Network, NodeKind};

/// The file with the whole drawing; its first lines say what it is.
pub(super) fn file(subject: &Subject<'_>) -> Vec<ExportedFile> {
    let mut text = String::new();
    for line in subject.heading() {
        let _ = writeln!(text, "%% {}", visible(&line));
    }
    text.push_str(&diagram(&subject.document.network));
    vec![ExportedFile::text(&format!("{}.mmd", subject.title), text)]
}

/// The whole drawing: neuron by neuron where it is small, else node by node.
pub fn diagram(network: &Network) -> String {
    let names = Identifiers::of(network);
    neurons::diagram(network, &names, &network.infer_shapes().0).unwrap_or_else(|| nodes(network))
}

/// A node each, shapes on the wires, loops dashed with their delay.
fn nodes(network: &Network) -> String {
    let names = Identifiers::of(network);
    let shapes = network.infer_shapes().0;
    let mut text = String::from("flowchart LR\n");
    for (&id, node) in &network.nodes {
        let (open, close) = match &node.kind {
            NodeKind::Input(_) | NodeKind::Target(_) => ("([", "])"),
            NodeKind::Loss(_) => ("{{", "}}"),
            NodeKind::Activation(_) => ("(", ")"),
            NodeKind::Dense(_)
            | NodeKind::Add
            | NodeKind::Multiply
            | NodeKind::Concat { .. }
            | NodeKind::Tensor(_)
            | NodeKind::Operation(_)
            | NodeKind::Reduce(_)
            | NodeKind::Reshape { .. }
            | NodeKind::Dropout { .. } => ("[", "]"),
        };
        let _ = writeln!(text, "    {}{open}\"{}\"{close}", names.node(id), label(&node.name));
    }
    for edge in network.edges.values() {
        let shape = shapes.edge(edge).map_or_else(String::new, ToString::to_string);
        let (from, to) = (names.node(edge.from), names.node(edge.to));
        let _ = if edge.delay > 0 {
            writeln!(text, "    {from} -. \"{shape}, t-{}\" .-> {to}", edge.delay)
        } else {
            writeln!(text, "    {from} -- \"{shape}\" --> {to}")
        };
    }
    text
}

/// A name within quotes: Mermaid reads entities there, and no line break.
pub(super) fn label(name: &str) -> String {
    let mut text = String::new();
    for sign in name.chars() {
        match sign {
            '"' => text.push_str("#quot;"),
            '#' => text.push_str("#35;"),
            '<' => text.push_str("#lt;"),
            '>' => text.push_str("#gt;"),
            sign if sign.is_control() => text.push(' '),
            sign => text.push(sign),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Builder, DataNode, DenseNode};

    #[test]
    fn a_name_cannot_leave_its_quotes_and_loops_are_dashed() {
        let mut builder = Builder::with_steps(3);
        let input = builder.named("x\"]\nend", NodeKind::Input(DataNode::new(2)), &[]);
        let dense = builder.named("h", NodeKind::Dense(DenseNode::new(2)), &[input]);
        builder.loop_edge(dense, dense, 0);
        let text = nodes(&builder.finish());
        assert!(text.contains("x_end([\"x#quot;] end\"])"), "{text}");
        assert!(text.contains("h -. \"[N, 2], t-1\" .-> h"), "{text}");
        assert!(text.contains("x_end -- \"[N, 2]\" --> h"), "{text}");
    }
}
