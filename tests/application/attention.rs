//! The attention head that is drawn by its ready-made pattern, against PyTorch (how the numbers were made
//! stands in `tests/reference/recipes.py`).

use std::sync::Arc;

use vastavirta::compile::CompileOptions;
use vastavirta::document::{Document, actions};
use vastavirta::network::{
    DataNode, LossKind, LossNode, NodeId, NodeKind, ParameterKey, ParameterRole, PatternKind, Position,
};
use vastavirta::tensor::{Real, Shape};

use crate::drawn::{Feed, Pass, assert_close};
use crate::drawn_references::{flat, reference};

/// The pattern of 4 numbers a token, from an Input of three tokens to a loss.
struct Head {
    document: Document,
    x: NodeId,
    target: NodeId,
}

impl Head {
    fn draw() -> Self {
        let mut document = Document::default();
        let at = Position::default();
        let change = actions::add_pattern(&document, PatternKind::Attention, 4, at);
        let nodes = change.nodes.clone();
        document.apply(change.edit);
        let pattern = PatternKind::Attention.draw(4);
        let placed = |id| nodes[pattern.network.nodes.keys().position(|&old| old == id).unwrap()];
        let mut add = |kind: NodeKind| {
            let change = actions::add_node(&document, kind, at);
            let node = change.nodes[0];
            document.apply(change.edit);
            node
        };
        let tokens = DataNode { shape: Shape::batched(&[3, 4]), ..DataNode::new(12) };
        let x = add(NodeKind::Input(tokens.clone()));
        let target = add(NodeKind::Target(tokens));
        let loss = add(NodeKind::Loss(LossNode::new(LossKind::HalfSumOfSquares)));
        let entries = pattern.entries.iter().map(|&(node, port)| (x, placed(node), port));
        let wires: Vec<_> = entries.chain([(placed(pattern.output), loss, 0), (target, loss, 1)]).collect();
        for (from, to, port) in wires {
            let change = actions::connect(&document, from, to, port).unwrap();
            document.apply(change.edit);
        }
        assert_eq!(document.network.problems(), []);
        assert_eq!(document.network.n_steps, 1, "nothing runs over time");
        Self { document, x, target }
    }

    fn named(&self, name: &str) -> NodeId {
        *self.document.network.nodes.iter().find(|(_, node)| node.name == name).unwrap().0
    }

    fn check<T: Real>(&mut self, tolerance: f64) {
        let reference = reference("attention_pattern");
        let key = |head: &Self, name: &str| {
            ParameterKey::Node(head.named(&format!("{name} 1")), ParameterRole::Value)
        };
        let weights = ["Wq", "Wk", "Wv"].map(|name| (name, key(self, name)));
        for (name, key) in weights {
            let values = flat(&reference["parameters"][name]);
            self.document.parameters.get_mut(&key).unwrap().values = Arc::new(values);
        }
        let feed = Feed::from([
            (self.x, vec![flat(&reference["inputs"]["x"])]),
            (self.target, vec![flat(&reference["targets"])]),
        ]);
        let Document { network, parameters, .. } = &self.document;
        let pass = Pass::<T>::run(network, parameters, &feed, 2, CompileOptions::for_showing());
        assert_close("loss", &[pass.loss()], &flat(&reference["values"]["loss"]), tolerance);
        let nodes = [("q", "q 1"), ("k", "k 1"), ("v", "v 1"), ("a", "Weights 1"), ("head", "Head 1")];
        for (name, node) in nodes.map(|(name, node)| (name, self.named(node))) {
            assert_close(name, &pass.value(node, 0), &flat(&reference["values"][name]), tolerance);
            let grad = pass.grad(node, 0).unwrap();
            assert_close(name, &grad, &flat(&reference["value_gradients"][name]), tolerance);
        }
        for (name, key) in weights {
            let grad = pass.parameter_grad(key).unwrap();
            assert_close(name, &grad, &flat(&reference["gradients"][name]), tolerance);
        }
        let grad = pass.grad(self.x, 0).unwrap();
        assert_close("dx", &grad, &flat(&reference["input_gradients"]["x"]), tolerance);
    }
}

#[test]
fn an_attention_head_from_operations_equals_pytorchs() {
    Head::draw().check::<f64>(1e-10);
    Head::draw().check::<f32>(1e-5);
}
