//! `model.py`: one `nn.Module` for the drawing, with its layers, its forward pass and its loss.
//!
//! Must not know data or training.

use super::forward::Forward;
use super::loss::LossMethod;
use super::timing::Timing;
use crate::export::Identifiers;
use crate::export::identifiers::identifier;
use crate::export::python::{Code, number, string, visible};
use crate::network::{
    Activation, Network, NodeId, NodeKind, ParameterKey, ParameterRole, Parameters, Shapes,
};

/// What every writer of the module looks at.
pub(super) struct Drawing<'a> {
    pub(super) network: &'a Network,
    pub(super) names: &'a Identifiers,
    pub(super) shapes: Shapes,
    pub(super) timing: Timing,
}

impl<'a> Drawing<'a> {
    pub(super) fn new(network: &'a Network, names: &'a Identifiers) -> Self {
        Self { network, names, shapes: network.infer_shapes().0, timing: Timing::of(network) }
    }

    /// Numbers a sample of a node's output at one time step.
    pub(super) fn is_batched(&self, node: NodeId) -> bool {
        self.shapes.node(node).is_some_and(crate::tensor::Shape::is_batched)
    }

    pub(super) fn features(&self, node: NodeId) -> usize {
        self.shapes.node(node).map_or(0, crate::tensor::Shape::features)
    }
}

/// The module of a drawing without problems. `heading` stands at the top as a comment.
pub fn model_py(
    network: &Network,
    parameters: &Parameters,
    names: &Identifiers,
    heading: &[String],
) -> String {
    let mut body = Code::new();
    write_class(&mut body, network, parameters, names);
    let body = body.into_text();
    let mut code = Code::new();
    for line in heading {
        code.comment(line);
    }
    code.line("\"\"\"The network as it was drawn.\"\"\"");
    code.line("");
    if body.contains("torch.") {
        code.line("import torch");
    }
    if body.contains("F.") {
        code.line("import torch.nn.functional as F");
    }
    code.line("from torch import nn");
    code.line("");
    code.line("");
    code.into_text() + &body
}

/// The class of the module alone.
pub(in crate::export) fn write_class(
    code: &mut Code,
    network: &Network,
    parameters: &Parameters,
    names: &Identifiers,
) {
    let drawing = Drawing::new(network, names);
    let forward = Forward::new(&drawing);
    code.block("class Network(nn.Module):", |code| {
        code.line("\"\"\"The drawn network. Samples are rows; a weight is [out, in].\"\"\"");
        code.line("");
        for (name, nodes) in [("inputs", &forward.inputs), ("targets", &forward.targets)] {
            let entries: Vec<String> = nodes.iter().map(|&id| string(names.node(id))).collect();
            let last = if entries.len() == 1 { "," } else { "" };
            code.line(&format!("{name} = ({}{last})", entries.join(", ")));
        }
        code.line("");
        code.block("def __init__(self):", |code| {
            code.line("super().__init__()");
            for (&id, node) in &network.nodes {
                layer(code, &drawing, id, &node.kind);
            }
            initial_states(code, &drawing);
            freeze(code, names, parameters);
        });
        code.line("");
        forward.write(code);
        code.line("");
        LossMethod::new(&drawing, &forward).write(code);
        code.line("");
        forward.write_predict(code);
    });
}

/// The Inputs that the forward pass takes, and the Targets that the loss takes, in their order.
pub(in crate::export) fn arguments(network: &Network, names: &Identifiers) -> (Vec<NodeId>, Vec<NodeId>) {
    let drawing = Drawing::new(network, names);
    let forward = Forward::new(&drawing);
    (forward.inputs.clone(), forward.targets.clone())
}

/// The layer of a node, where it is one.
fn layer(code: &mut Code, drawing: &Drawing<'_>, id: NodeId, kind: &NodeKind) {
    if let Some(tensor) = kind.tensor() {
        let name = drawing.names.node(id);
        let zeros = match tensor.shape.as_slice() {
            [] => "torch.zeros(())".to_owned(),
            sizes => {
                let sizes: Vec<String> = sizes.iter().map(ToString::to_string).collect();
                format!("torch.zeros({})", sizes.join(", "))
            }
        };
        code.call(&format!("self.{name} = nn.Parameter"), &[zeros]);
        return;
    }
    let Some((class, arguments)) = module(drawing, id, kind) else { return };
    let drawn = drawing.network.nodes.get(&id).map_or("", |node| node.name.as_str());
    let name = drawing.names.node(id);
    // `Dense 1` says nothing that `dense_1` does not say.
    if identifier(drawn) != name || !drawn.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == ' ') {
        code.comment(drawn);
    }
    code.call(&format!("self.{name} = nn.{class}"), &arguments);
}

/// The class of a node's layer in `torch.nn`, and what it is made with.
fn module(drawing: &Drawing<'_>, id: NodeId, kind: &NodeKind) -> Option<(&'static str, Vec<String>)> {
    let plain = |class| Some((class, Vec::new()));
    match kind {
        NodeKind::Dense(dense) => {
            let wiring = drawing.network.wiring();
            let edge = wiring.incoming(id).first().and_then(|edge| drawing.network.edges.get(edge))?;
            let mut arguments = vec![drawing.features(edge.from).to_string(), dense.units.to_string()];
            if !dense.bias {
                arguments.push("bias=False".to_owned());
            }
            Some(("Linear", arguments))
        }
        NodeKind::Activation(activation) => match *activation {
            Activation::Identity => plain("Identity"),
            Activation::Relu => plain("ReLU"),
            Activation::LeakyRelu { negative_slope } => {
                Some(("LeakyReLU", vec![format!("negative_slope={}", number(negative_slope))]))
            }
            Activation::Elu { alpha } => Some(("ELU", vec![format!("alpha={}", number(alpha))])),
            Activation::Gelu => plain("GELU"),
            Activation::Silu => plain("SiLU"),
            Activation::Softplus => plain("Softplus"),
            Activation::Sigmoid => plain("Sigmoid"),
            Activation::Tanh => plain("Tanh"),
            Activation::Softsign => plain("Softsign"),
            Activation::Softmax { dim } => Some(("Softmax", vec![format!("dim={dim}")])),
        },
        NodeKind::Dropout { p } => Some(("Dropout", vec![format!("p={}", number(*p))])),
        NodeKind::Input(_)
        | NodeKind::Target(_)
        | NodeKind::Add
        | NodeKind::Multiply
        | NodeKind::Concat { .. }
        | NodeKind::Tensor(_)
        | NodeKind::Operation(_)
        | NodeKind::Reduce(_)
        | NodeKind::Reshape { .. }
        | NodeKind::Loss(_) => None,
    }
}

/// Trained initial states: a row for each time step before the first.
fn initial_states(code: &mut Code, drawing: &Drawing<'_>) {
    for (&id, edge) in &drawing.network.edges {
        let Some(name) = drawing.names.initial(id) else { continue };
        let drawn = |node| drawing.network.nodes.get(&node).map_or("", |node| node.name.as_str());
        code.comment(&format!(
            "{} → {}, before time began",
            visible(drawn(edge.from)),
            visible(drawn(edge.to))
        ));
        let shape = format!("{}, {}", edge.delay, drawing.features(edge.from));
        code.call(&format!("self.{name} = nn.Parameter"), &[format!("torch.zeros({shape})")]);
    }
}

/// Parameters that training leaves alone.
fn freeze(code: &mut Code, names: &Identifiers, parameters: &Parameters) {
    for (&key, parameter) in parameters {
        if !parameter.trainable
            && matches!(
                key,
                ParameterKey::Node(_, ParameterRole::Weight | ParameterRole::Bias | ParameterRole::Value)
                    | ParameterKey::Initial(_)
            )
        {
            code.line(&format!("self.{}.requires_grad_(False)", names.state_dict_name(key)));
        }
    }
}
