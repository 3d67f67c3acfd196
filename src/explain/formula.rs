//! The one line that made a matrix, with its shapes.
//!
//! Must not know numbers: a formula is the same for every batch.

use std::fmt;

use super::derivative::{activation_back, function_name, loss_expression};
use crate::network::{Activation, Edge, LossKind, LossNode, Network, Node, NodeId, NodeKind};

/// The literature's letter of a matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Letter {
    /// What a layer receives.
    X,
    /// Pre-activation: what Dense gives and an activation receives.
    Z,
    /// Activation: what every other node gives.
    A,
    /// What is wanted.
    Y,
    /// The loss.
    L,
    /// Weights, `[out, in]`.
    W,
    /// Bias, `[out]`.
    B,
    /// d loss / d X.
    Dx,
    /// d loss / d Z, the delta of the literature.
    Dz,
    /// d loss / d A.
    Da,
    /// d loss / d loss, times the loss's weight: where the backward pass begins.
    Dl,
    /// d loss / d W.
    GradW,
    /// d loss / d b.
    GradB,
}

impl Letter {
    /// As it stands on the screen.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::X => "X",
            Self::Z => "Z",
            Self::A => "A",
            Self::Y => "Y",
            Self::L => "L",
            Self::W => "W",
            Self::B => "b",
            Self::Dx => "dX",
            Self::Dz => "dZ",
            Self::Da => "dA",
            Self::Dl => "dL",
            Self::GradW => "grad_W",
            Self::GradB => "grad_b",
        }
    }

    /// Whether it belongs to the color family of gradients.
    pub fn is_gradient(self) -> bool {
        matches!(self, Self::Dx | Self::Dz | Self::Da | Self::Dl | Self::GradW | Self::GradB)
    }

    /// The letter of the gradient with respect to this value.
    #[must_use]
    pub fn gradient(self) -> Self {
        match self {
            Self::X | Self::Dx => Self::Dx,
            Self::Z | Self::Dz => Self::Dz,
            Self::W | Self::GradW => Self::GradW,
            Self::B | Self::GradB => Self::GradB,
            Self::L | Self::Dl => Self::Dl,
            Self::A | Self::Y | Self::Da => Self::Da,
        }
    }
}

/// The letter of a node's output.
pub fn output_letter(kind: &NodeKind) -> Letter {
    match kind {
        NodeKind::Input(_) => Letter::X,
        NodeKind::Target(_) => Letter::Y,
        NodeKind::Dense(_) => Letter::Z,
        NodeKind::Loss(_) => Letter::L,
        NodeKind::Activation(_)
        | NodeKind::Add
        | NodeKind::Multiply
        | NodeKind::Concat
        | NodeKind::Dropout { .. } => Letter::A,
    }
}

/// One line: `grad_W = dZᵀ · X   [2, 3] = [2, N] · [N, 3]`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Formula {
    /// Left of the equals sign.
    pub result: String,
    /// Right of it.
    pub expression: String,
    /// The same line in shapes; empty where a shape is not known yet.
    pub shapes: String,
    /// What an abbreviation in the expression stands for, such as a derivative.
    pub note: Option<String>,
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.result, self.expression)?;
        if !self.shapes.is_empty() {
            write!(f, "   {}", self.shapes)?;
        }
        Ok(())
    }
}

/// The formulas of one drawn network.
pub struct Formulas<'a> {
    network: &'a Network,
    features: &'a dyn Fn(NodeId) -> Option<usize>,
    fused_into: &'a dyn Fn(NodeId) -> Option<NodeId>,
}

impl<'a> Formulas<'a> {
    /// `features` gives the number of features of a node's output where it is known;
    /// `fused_into` the loss that an activation is computed together with.
    pub fn new(
        network: &'a Network,
        features: &'a dyn Fn(NodeId) -> Option<usize>,
        fused_into: &'a dyn Fn(NodeId) -> Option<NodeId>,
    ) -> Self {
        Self { network, features, fused_into }
    }

    /// How a node's output is made; nothing for Input and Target.
    pub fn output(&self, id: NodeId) -> Option<Formula> {
        let node = self.network.nodes.get(&id)?;
        let sources = self.incoming(id);
        let own = self.batched(id);
        let named: Vec<String> = sources.iter().map(|edge| self.source_name(edge)).collect();
        let shapes_of_sources: Vec<String> = sources.iter().map(|edge| self.batched(edge.from)).collect();
        let (expression, shapes) = match &node.kind {
            NodeKind::Input(_) | NodeKind::Target(_) => return None,
            NodeKind::Dense(dense) => {
                let input = sources.first().map(|edge| edge.from);
                let n_in = input.and_then(self.features).map_or("?".to_owned(), |n| n.to_string());
                let out = dense.units;
                let (plus, plus_shape) =
                    if dense.bias { (" + b", format!(" + [{out}]")) } else { ("", String::new()) };
                (format!("X · Wᵀ{plus}"), format!("[N, {out}] = [N, {n_in}] · [{n_in}, {out}]{plus_shape}"))
            }
            NodeKind::Activation(activation) => {
                (format!("{}(Z)", function_name(*activation)), format!("{own} = {own}"))
            }
            NodeKind::Add => (named.join(" + "), format!("{own} = {}", shapes_of_sources.join(" + "))),
            NodeKind::Multiply => (named.join(" ⊙ "), format!("{own} = {}", shapes_of_sources.join(" ⊙ "))),
            NodeKind::Concat => {
                (format!("[{}]", named.join(", ")), format!("{own} = {}", shapes_of_sources.join(", ")))
            }
            NodeKind::Dropout { .. } => ("X ⊙ M".to_owned(), format!("{own} = {own} ⊙ {own}")),
            NodeKind::Loss(loss) => {
                let inputs = shapes_of_sources.join(", ");
                (loss_expression(loss.kind).to_owned(), format!("[] = {inputs}"))
            }
        };
        let note = if let NodeKind::Dropout { p } = &node.kind {
            Some(format!("M = 0, 1/(1 − {p})"))
        } else if node.kind == NodeKind::Activation(Activation::Softmax) {
            Some("softmax(Z)ᵢ = exp(zᵢ) / Σⱼ exp(zⱼ)".to_owned())
        } else {
            None
        };
        Some(line(output_letter(&node.kind), expression, shapes, note))
    }

    /// How d loss / d output of a node is made: the sum of what every use sends back. `None` where
    /// nothing can reach it.
    pub fn output_gradient(&self, id: NodeId) -> Option<Formula> {
        let node = self.network.nodes.get(&id)?;
        let letter = output_letter(&node.kind).gradient();
        if let NodeKind::Loss(loss) = &node.kind {
            let weight = loss.weight.to_string();
            return Some(Formula {
                result: "dL".to_owned(),
                expression: weight,
                shapes: "[] = []".to_owned(),
                note: None,
            });
        }
        let mut terms = Vec::new();
        let mut shapes = Vec::new();
        let mut note = None;
        for edge in self.network.edges.values().filter(|edge| edge.from == id) {
            let Some(user) = self.network.nodes.get(&edge.to) else { continue };
            if let Some((term, shape, rule)) = self.sent_back(edge, user) {
                terms.push(term);
                shapes.push(shape);
                note = note.or(rule);
            }
        }
        if terms.is_empty() {
            return None;
        }
        let shapes = format!("{} = {}", self.batched(id), shapes.join(" + "));
        Some(line(letter, terms.join(" + "), shapes, note))
    }

    /// The gradient that a node sends back over an input port: dX of Dense, dZ of an activation.
    pub fn input_gradient(&self, id: NodeId, port: usize) -> Option<Formula> {
        let node = self.network.nodes.get(&id)?;
        let edge = *self.incoming(id).get(port)?;
        let source = self.batched(edge.from);
        let own = self.batched(id);
        let result = match &node.kind {
            NodeKind::Activation(_) => Letter::Dz,
            NodeKind::Loss(_) => Letter::Da,
            NodeKind::Input(_)
            | NodeKind::Target(_)
            | NodeKind::Dense(_)
            | NodeKind::Add
            | NodeKind::Multiply
            | NodeKind::Concat
            | NodeKind::Dropout { .. } => Letter::Dx,
        };
        let (expression, shapes, note) = match &node.kind {
            NodeKind::Dense(dense) => (
                "dZ · W".to_owned(),
                format!("{source} = {own} · [{}, {}]", dense.units, self.count(edge.from)),
                None,
            ),
            NodeKind::Activation(activation) => match (self.fused_into)(id) {
                Some(loss) => {
                    let (expression, note) = self.fused(loss);
                    (expression, format!("{own} = {own} − {own}"), note)
                }
                None => activation_back(*activation, "dA", "Z", "A", &own),
            },
            NodeKind::Add => ("dA".to_owned(), format!("{source} = {own}"), None),
            NodeKind::Multiply => {
                let others = self.others(id, port);
                (format!("dA ⊙ {others}"), format!("{source} = {own} ⊙ {own}"), None)
            }
            NodeKind::Concat => {
                (format!("dA[:, {}]", self.slice(id, port)), format!("{source} ⊂ {own}"), None)
            }
            NodeKind::Dropout { .. } => ("dA ⊙ M".to_owned(), format!("{source} = {own} ⊙ {own}"), None),
            NodeKind::Loss(loss) => {
                if port != 0 {
                    return None;
                }
                let (expression, note) = self.loss_back(id, loss);
                (expression, format!("{source} = {source}"), note)
            }
            NodeKind::Input(_) | NodeKind::Target(_) => return None,
        };
        Some(line(result, expression, shapes, note))
    }

    /// `grad_W = dZᵀ · X`.
    pub fn weight_gradient(&self, id: NodeId) -> Option<Formula> {
        let NodeKind::Dense(dense) = &self.network.nodes.get(&id)?.kind else { return None };
        let n_in = self.incoming(id).first().map_or("?".to_owned(), |edge| self.count(edge.from));
        let out = dense.units;
        let shapes = format!("[{out}, {n_in}] = [{out}, N] · [N, {n_in}]");
        Some(line(Letter::GradW, self.over_time("dZᵀ · X"), shapes, None))
    }

    /// `grad_b = Σₙ dZ`.
    pub fn bias_gradient(&self, id: NodeId) -> Option<Formula> {
        let NodeKind::Dense(dense) = &self.network.nodes.get(&id)?.kind else { return None };
        let out = dense.units;
        Some(line(Letter::GradB, self.over_time("Σₙ dZ"), format!("[{out}] = Σₙ [N, {out}]"), None))
    }

    /// Shared weights sum the shares of all time steps.
    fn over_time(&self, expression: &str) -> String {
        if self.network.n_steps > 1 { format!("Σₜ {expression}") } else { expression.to_owned() }
    }

    /// What the node at the end of `edge` sends back over it: term, shapes, rule.
    fn sent_back(&self, edge: &Edge, user: &Node) -> Option<(String, String, Option<String>)> {
        let name = &user.name;
        let at = if edge.delay > 0 { format!("[t+{}]", edge.delay) } else { String::new() };
        let own = self.batched(edge.to);
        let source = self.batched(edge.from);
        let port = self.incoming(edge.to).iter().position(|other| std::ptr::eq(*other, edge)).unwrap_or(0);
        let da = format!("dA({name}){at}");
        Some(match &user.kind {
            NodeKind::Input(_) | NodeKind::Target(_) => return None,
            NodeKind::Dense(dense) => (
                format!("dZ({name}){at} · W({name})"),
                format!("{own} · [{}, {}]", dense.units, self.count(edge.from)),
                None,
            ),
            NodeKind::Activation(activation) => {
                if let Some(loss) = (self.fused_into)(edge.to) {
                    let (expression, note) = self.fused(loss);
                    return Some((expression, format!("({own} − {own})"), note));
                }
                let source = self.network.nodes.get(&edge.from);
                let z = source.map_or(Letter::Z, |node| output_letter(&node.kind)).symbol();
                let (term, shape, note) = activation_back(*activation, &da, z, &format!("A({name})"), &own);
                (term, shape.split_once(" = ").map_or(String::new(), |(_, right)| right.to_owned()), note)
            }
            NodeKind::Add => (da, own, None),
            NodeKind::Multiply => {
                (format!("{da} ⊙ {}", self.others(edge.to, port)), format!("{own} ⊙ {own}"), None)
            }
            NodeKind::Concat => (format!("{da}[:, {}]", self.slice(edge.to, port)), source, None),
            NodeKind::Dropout { .. } => (format!("{da} ⊙ M({name})"), format!("{own} ⊙ {own}"), None),
            NodeKind::Loss(loss) => {
                if port != 0 {
                    return None;
                }
                let (expression, note) = self.loss_back(edge.to, loss);
                (expression, source, note)
            }
        })
    }

    /// The derivative of a loss with respect to its prediction.
    fn loss_back(&self, id: NodeId, loss: &LossNode) -> (String, Option<String>) {
        let expression = match loss.kind {
            LossKind::Mse => "2 · (A − Y) · s",
            LossKind::HalfSumOfSquares => "(A − Y) · s",
            LossKind::Mae => "sign(A − Y) · s",
            LossKind::Huber { delta } => {
                return (format!("clamp(A − Y, −{delta}, {delta}) · s"), Some(self.scale(id, loss)));
            }
            LossKind::Bce => "(A − Y) / (A ⊙ (1 − A)) · s",
            LossKind::BceWithLogits => "(σ(Z) − Y) · s",
            LossKind::CrossEntropy => "−Y / A · s",
            LossKind::CrossEntropyWithLogits => "(softmax(Z) − Y) · s",
        };
        (expression.to_owned(), Some(self.scale(id, loss)))
    }

    /// Activation and loss as one: dZ = (A − Y) · s.
    fn fused(&self, loss: NodeId) -> (String, Option<String>) {
        let note = self.network.nodes.get(&loss).and_then(|node| {
            if let NodeKind::Loss(settings) = &node.kind { Some(self.scale(loss, settings)) } else { None }
        });
        ("(A − Y) · s".to_owned(), note)
    }

    /// s, spelled out: 1/(N·out), 1/N or 1, times the loss's weight.
    fn scale(&self, id: NodeId, loss: &LossNode) -> String {
        let out = self.incoming(id).first().map_or("out".to_owned(), |edge| self.count(edge.from));
        let steps = match loss.counted {
            crate::network::CountedSteps::Every if self.network.n_steps > 1 => "·T",
            _ => "",
        };
        let scale = match loss.kind {
            LossKind::Mse
            | LossKind::Mae
            | LossKind::Huber { .. }
            | LossKind::Bce
            | LossKind::BceWithLogits => {
                format!("1/(N·{out}{steps})")
            }
            LossKind::CrossEntropy | LossKind::CrossEntropyWithLogits if steps.is_empty() => "1/N".to_owned(),
            LossKind::CrossEntropy | LossKind::CrossEntropyWithLogits => format!("1/(N{steps})"),
            LossKind::HalfSumOfSquares => "1".to_owned(),
        };
        if loss.weight == 1.0 { format!("s = {scale}") } else { format!("s = {} · {scale}", loss.weight) }
    }

    fn incoming(&self, id: NodeId) -> Vec<&'a Edge> {
        let mut edges: Vec<_> = self.network.edges.iter().filter(|(_, edge)| edge.to == id).collect();
        edges.sort_by_key(|(id, edge)| (edge.port, **id));
        edges.into_iter().map(|(_, edge)| edge).collect()
    }

    /// `Z(Dense 1)`, with `[t−1]` where it comes over a loop.
    fn source_name(&self, edge: &Edge) -> String {
        let Some(node) = self.network.nodes.get(&edge.from) else { return "?".to_owned() };
        let at = if edge.delay > 0 { format!("[t−{}]", edge.delay) } else { String::new() };
        format!("{}({}){at}", output_letter(&node.kind).symbol(), node.name)
    }

    fn others(&self, id: NodeId, port: usize) -> String {
        let names = self.incoming(id);
        let others = names.iter().enumerate().filter(|(other, _)| *other != port);
        others.map(|(_, edge)| self.source_name(edge)).collect::<Vec<_>>().join(" ⊙ ")
    }

    /// The columns of a Concat that belong to one port: `2..5`.
    fn slice(&self, id: NodeId, port: usize) -> String {
        let sizes: Option<Vec<usize>> =
            self.incoming(id).iter().take(port + 1).map(|edge| (self.features)(edge.from)).collect();
        match sizes.as_deref() {
            Some([before @ .., own]) => {
                let start: usize = before.iter().sum();
                format!("{start}..{}", start + own)
            }
            _ => "?".to_owned(),
        }
    }

    fn count(&self, id: NodeId) -> String {
        (self.features)(id).map_or("?".to_owned(), |n| n.to_string())
    }

    fn batched(&self, id: NodeId) -> String {
        format!("[N, {}]", self.count(id))
    }
}

fn line(letter: Letter, expression: String, shapes: String, note: Option<String>) -> Formula {
    let shapes = if shapes.contains('?') { String::new() } else { shapes };
    Formula { result: letter.symbol().to_owned(), expression, shapes, note }
}
