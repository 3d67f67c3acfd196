//! The backward pass of a chain of layers as the course writes it: a method of a class, one sample.
//!
//! Derived from the definitions in the NumPy convention with layer names: for one sample 1/N and the
//! sum over the samples fall away. Each line carries a note. Must not know numbers.

use std::sync::Arc;

use super::definition::Definitions;
use super::print::{BiasStyle, Convention, Layout, NameStyle, Names, Product, ReductionPlace, numpy};
use super::quantity::Tensor;
use crate::algebra::{Axes, Evaluator, Expression, Part, Piece, Reduction, number};
use crate::network::{LossKind, NodeId, ParameterKey, ParameterRole};
use crate::words::Message;

/// One line of the course's code.
#[derive(Clone, Debug, PartialEq)]
pub struct CourseLine {
    /// The line, without its indentation in the method.
    pub code: String,
    /// What it is, why the transpose, which rule.
    pub note: Option<Message>,
    /// What it makes; none of lines of the loop form.
    pub tensor: Option<Tensor>,
}

const CONVENTION: Convention = Convention {
    layout: Layout::NumPy,
    names: NameStyle::Layer,
    reduction: ReductionPlace::Parameters,
    bias: BiasStyle::Apart,
};

/// A chain Input → (Dense → activation)… → loss, without loops.
struct Chain {
    loss_kind: LossKind,
    /// From the first: each Dense and what follows it.
    layers: Vec<ChainLayer>,
}

#[derive(Clone, Copy)]
struct ChainLayer {
    dense: NodeId,
    has_bias: bool,
    /// What follows; only the last layer may have none.
    activation: Option<NodeId>,
}

/// The page's long `backward`: every line of every layer, from the last. `None` where the drawing is no
/// chain of layers with one loss.
pub fn course_backward(definitions: &Definitions<'_>) -> Option<Vec<CourseLine>> {
    let chain = Chain::of(definitions)?;
    let names = Names::new(definitions, CONVENTION.names);
    let mut lines = Vec::new();
    for (place, layer) in chain.layers.iter().enumerate().rev() {
        let is_last = place + 1 == chain.layers.len();
        let dz = Tensor::Grad { node: layer.dense, time_step: 0 };
        let is_joined = layer.is_joined(definitions);
        if let Some(node) = layer.activation.filter(|_| is_last && !is_joined) {
            let da = Tensor::Grad { node, time_step: 0 };
            lines.push(line(definitions, &names, da, Some(loss_note(chain.loss_kind)))?);
        }
        let note = match layer.activation {
            None => loss_note(chain.loss_kind),
            Some(_) if is_joined => Message::new("course-delta-joined").with("layer", place + 1),
            Some(_) => Message::new("course-delta").with("layer", place + 1),
        };
        lines.push(line(definitions, &names, dz, Some(note))?);
        let weight = parameter_grad(layer.dense, ParameterRole::Weight);
        let about = |key| Some(Message::new(key).with("layer", place + 1).with("before", place));
        lines.push(line(definitions, &names, weight, about("course-weight"))?);
        if layer.has_bias {
            let bias = parameter_grad(layer.dense, ParameterRole::Bias);
            lines.push(line(definitions, &names, bias, about("course-bias"))?);
        }
        let before = place.checked_sub(1).and_then(|before| chain.layers.get(before)?.activation);
        if let Some(node) = before {
            let da = Tensor::Grad { node, time_step: 0 };
            lines.push(line(definitions, &names, da, about("course-back"))?);
        }
    }
    Some(lines)
}

/// The same as a loop over lists of activations and deltas, for any number of layers: `self.A[0]` is the
/// input, `self.W[0]` the first layer's weight. `None` where the layers are not alike.
pub fn course_loop(definitions: &Definitions<'_>) -> Option<Vec<CourseLine>> {
    let chain = Chain::of(definitions)?;
    let (last, inner) = chain.layers.split_last()?;
    let names = Names::new(definitions, CONVENTION.names);
    let kind = |layer: &ChainLayer| Some(&definitions.network().nodes.get(&layer.activation?)?.kind);
    let has_bias = last.has_bias;
    let is_alike = inner
        .iter()
        .all(|layer| layer.has_bias == has_bias && kind(layer) == kind(inner.first().unwrap_or(layer)));
    if !is_alike {
        return None;
    }
    let n = chain.layers.len();
    // The lines of one layer, with its numbers made indices.
    let made = |tensor: Tensor, place: usize| {
        let CourseLine { code, .. } = line(definitions, &names, tensor, None)?;
        let (_, right) = code.split_once(" = ")?;
        Some(indexed(right, place))
    };
    let dz = |layer: &ChainLayer| Tensor::Grad { node: layer.dense, time_step: 0 };
    let weight = |layer: &ChainLayer| parameter_grad(layer.dense, ParameterRole::Weight);
    let mut lines = Vec::new();
    let mut push = |code: String, key: Option<&'static str>| {
        lines.push(CourseLine { code, note: key.map(Message::new), tensor: None });
    };
    let is_joined = last.is_joined(definitions);
    push("for l in reversed(range(len(self.W))):".to_owned(), Some("course-loop"));
    push("    if l == len(self.W) - 1:".to_owned(), None);
    if let Some(node) = last.activation.filter(|_| !is_joined) {
        let da = made(Tensor::Grad { node, time_step: 0 }, n)?;
        push(format!("        dA = {da}"), None);
    }
    let key = if is_joined { "course-loop-last-joined" } else { "course-loop-last" };
    push(format!("        self.dZ[l] = {}", made(dz(last), n)?), Some(key));
    if let Some((place, layer)) = inner.iter().enumerate().next_back() {
        push("    else:".to_owned(), None);
        push(format!("        self.dZ[l] = {}", made(dz(layer), place + 1)?), Some("course-loop-delta"));
    }
    push(format!("    self.dW[l] = {}", made(weight(last), n)?), Some("course-loop-weight"));
    if has_bias {
        let bias = made(parameter_grad(last.dense, ParameterRole::Bias), n)?;
        push(format!("    self.db[l] = {bias}"), Some("course-loop-bias"));
    }
    if let Some(node) = inner.last().and_then(|layer| layer.activation) {
        let da = made(Tensor::Grad { node, time_step: 0 }, n)?;
        push("    if l > 0:".to_owned(), None);
        push(format!("        dA = {da}"), Some("course-loop-back"));
    }
    Some(lines)
}

fn parameter_grad(node: NodeId, role: ParameterRole) -> Tensor {
    Tensor::ParameterGrad { key: ParameterKey::Node(node, role), time_step: None, sample: None }
}

fn loss_note(kind: LossKind) -> Message {
    Message::new(if kind == LossKind::HalfSumOfSquares {
        "course-loss-half"
    } else if kind == LossKind::Mse {
        "course-loss-mse"
    } else {
        "course-loss"
    })
}

impl ChainLayer {
    /// Whether the loss runs joined with what follows.
    fn is_joined(&self, definitions: &Definitions<'_>) -> bool {
        self.activation.is_some_and(|node| !definitions.fused_losses(node, 0).is_empty())
    }
}

impl Chain {
    fn of(definitions: &Definitions<'_>) -> Option<Self> {
        let network = definitions.network();
        let mut losses = network.nodes.iter().filter_map(|(&id, node)| Some((id, node.kind.loss()?)));
        let (loss, judged) = losses.next()?;
        let is_plain = losses.next().is_none() && network.roots.is_empty() && definitions.n_steps() == 1;
        if !is_plain || network.nodes.len() != network.edges.len() + 1 {
            return None;
        }
        let source = |node: NodeId| Some(network.edges.get(definitions.incoming(node).first()?)?.from);
        let mut layers = Vec::new();
        let mut at = source(loss)?;
        loop {
            let kind = &network.nodes.get(&at)?.kind;
            if kind.data().is_some() {
                break;
            }
            let (dense, activation) = if kind.activation().is_some() {
                (source(at)?, Some(at))
            } else if kind.dense().is_some() && layers.is_empty() {
                (at, None)
            } else {
                return None;
            };
            let has_bias = network.nodes.get(&dense)?.kind.dense()?.bias;
            layers.push(ChainLayer { dense, has_bias, activation });
            at = source(dense)?;
        }
        layers.reverse();
        (!layers.is_empty()).then_some(Self { loss_kind: judged.kind, layers })
    }
}

/// One line, as it is for one sample.
fn line(
    definitions: &Definitions<'_>,
    names: &Names<'_>,
    tensor: Tensor,
    note: Option<Message>,
) -> Option<CourseLine> {
    let expression = simplified(&CONVENTION.definition(definitions, tensor)?);
    let rank = |leaf: &Tensor| CONVENTION.sizes(definitions, *leaf).len();
    let code = numpy(&expression, Product::Dot, &|leaf: &Tensor| course_name(names, *leaf), &rank);
    Some(CourseLine { code: format!("{} = {code}", course_name(names, tensor)), note, tensor: Some(tensor) })
}

/// Everything is kept on `self`, but for what is handed on from layer to layer.
fn course_name(names: &Names<'_>, tensor: Tensor) -> String {
    let code = names.code(tensor);
    match code.as_str() {
        "Y" => "target".to_owned(),
        _ if code.starts_with("dA") => code,
        _ => format!("self.{code}"),
    }
}

/// `self.A1` of layer 2 as `self.A[l]`, `self.A2` as `self.A[l + 1]`, `self.W2` as `self.W[l]`.
fn indexed(code: &str, layer: usize) -> String {
    let mut text = code.to_owned();
    for letter in ["dZ", "dW", "db", "W", "b", "Z"] {
        text = replaced_name(&text, &format!("self.{letter}{layer}"), &format!("self.{letter}[l]"));
    }
    text = replaced_name(&text, &format!("self.A{layer}"), "self.A[l + 1]");
    text = replaced_name(&text, &format!("self.A{}", layer - 1), "self.A[l]");
    text = replaced_name(&text, &format!("dA{layer}"), "dA");
    text
}

/// Replaces a name where no digit follows it.
fn replaced_name(text: &str, name: &str, by: &str) -> String {
    let mut parts = text.split(name);
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_longer = part.starts_with(|c: char| c.is_ascii_digit());
        result.push_str(if is_longer { name } else { by });
        result.push_str(part);
    }
    result
}

/// The same for one sample: N is 1, a sum over the samples is the one, numbers are put together, and what
/// is multiplied stands in one row.
fn simplified(of: &Expression<Tensor>) -> Expression<Tensor> {
    let simple = match of {
        Expression::BatchSize => return number(1.0),
        Expression::Leaf(leaf) => return Expression::Leaf(*leaf),
        Expression::Named { body, .. } => return simplified(body),
        Expression::Reduce { how: Reduction::Sum | Reduction::Mean, over: Axes::One(0), of, .. } => {
            return simplified(of);
        }
        _ => of.rebuild(&mut |piece| match piece {
            Piece::Leaf(leaf) => Expression::Leaf(*leaf),
            Piece::Part(part) => simplified(part),
        }),
    };
    if !simple.any_leaf(&|_| true)
        && simple.sizes(&|_| Vec::new()).is_ok_and(|sizes| sizes.is_empty())
        && let Ok(value) =
            Evaluator::<Tensor, f64>::new(1, &|_| crate::algebra::Array::scalar(f64::NAN)).evaluate(&simple)
    {
        return number(value.data().first().copied().unwrap_or(f64::NAN));
    }
    match simple {
        Expression::Product(factors) => in_one_row(factors),
        other => other,
    }
}

/// A product without factors of 1 and without products in it.
fn in_one_row(factors: Vec<Part<Tensor>>) -> Expression<Tensor> {
    let mut row: Vec<Expression<Tensor>> = Vec::new();
    for factor in factors {
        match Arc::unwrap_or_clone(factor) {
            Expression::Number(1.0) => {}
            Expression::Product(inner) => row.extend(inner.into_iter().map(Arc::unwrap_or_clone)),
            factor => row.push(factor),
        }
    }
    Expression::product(row)
}
