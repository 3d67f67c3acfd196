//! What tensors are called: after their node, or by the number of their layer.
//!
//! Must not know formulas. Names in code are unique within one drawing.

use std::collections::{BTreeMap, BTreeSet};

use crate::autodiff::UpdateLine;
use crate::explain::definition::Definitions;
use crate::explain::letter::Letter;
use crate::explain::quantity::{Metric, Tensor};
use crate::network::{NodeId, NodeKind, ParameterKey, ParameterRole};

/// What tensors are called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameStyle {
    /// After their node: `Z(Dense 1)`, `Z_Dense_1`.
    #[default]
    Node,
    /// By their layer: `Z1`, `dZ2`, `W2`. Where two nodes of a layer would share a name, the later
    /// ones are called after their nodes.
    Layer,
}

/// The names of one drawing's tensors.
pub struct Names<'a> {
    definitions: &'a Definitions<'a>,
    /// How a node is called behind a letter: its layer or its name.
    labels: BTreeMap<NodeId, Label>,
}

#[derive(Clone, Debug)]
struct Label {
    code: String,
    is_layer: bool,
}

impl<'a> Names<'a> {
    /// The names of all tensors of a drawing.
    pub fn new(definitions: &'a Definitions<'a>, style: NameStyle) -> Self {
        let network = definitions.network();
        let layers = if style == NameStyle::Layer { layers(definitions) } else { BTreeMap::new() };
        let (mut labels, mut taken) = (BTreeMap::new(), BTreeSet::new());
        let mut is_taken = BTreeSet::new();
        for (&id, node) in &network.nodes {
            let letter = match node.kind {
                NodeKind::Input(_) if style == NameStyle::Layer => Letter::A,
                _ => Tensor::Output { node: id, time_step: 0 }.letter(network),
            };
            let layer = layers.get(&id).filter(|layer| is_taken.insert((letter, (*layer).clone())));
            let (mut code, is_layer) = match layer {
                Some(layer) => (layer.clone(), true),
                None => (format!("_{}", identifier(&node.name)), false),
            };
            // The same letter and label for two nodes, after signs were replaced.
            while !taken.insert((letter, code.clone())) {
                code = format!("{code}_{}", id.0);
            }
            labels.insert(id, Label { code, is_layer });
        }
        Self { definitions, labels }
    }

    /// A name that Python takes.
    pub fn code(&self, tensor: Tensor) -> String {
        let letter = self.letter(tensor);
        let label =
            |node: NodeId| self.labels.get(&node).map_or_else(String::new, |label| label.code.clone());
        let named = |node: NodeId, time_step: usize| {
            format!("{}{}{}", letter.code(), label(node), self.step(time_step))
        };
        let of_parameter = |key: ParameterKey| match key {
            ParameterKey::Node(node, _) => label(node),
            ParameterKey::Initial(edge) => format!("_{}", edge.0),
        };
        let is_typed = |key: ParameterKey| matches!(key, ParameterKey::Node(_, ParameterRole::Value));
        match tensor {
            Tensor::Output { node, time_step }
            | Tensor::Grad { node, time_step }
            | Tensor::Mask { node, time_step } => named(node, time_step),
            Tensor::GradNorm { node, time_step } => format!("norm_{}", named(node, time_step)),
            Tensor::PortValue { edge, time_step } => format!("in_{}{}", edge.0, self.step(time_step)),
            Tensor::PortGrad { edge, time_step } => {
                format!("{}_edge_{}{}", letter.code(), edge.0, self.step(time_step))
            }
            // An update changes what a tensor holds, not what it gave before.
            Tensor::Parameter(key) if is_typed(key) => format!("value{}", of_parameter(key)),
            Tensor::Parameter(key) => format!("{}{}", letter.code(), of_parameter(key)),
            Tensor::ParameterGrad { key, time_step, sample } => {
                let step = time_step.map_or_else(String::new, |time_step| self.step(time_step));
                let sample = sample.map_or_else(String::new, |sample| format!("_sample_{sample}"));
                let letter = if is_typed(key) { "grad" } else { letter.code() };
                format!("{letter}{}{step}{sample}", of_parameter(key))
            }
            Tensor::Update(key) => {
                format!("delta_{}{}", Letter::of_parameter(key).code(), of_parameter(key))
            }
            Tensor::UsedGrad(key) => format!("used_{}{}", letter.code(), of_parameter(key)),
            Tensor::UpdateLine { key, line } => {
                let (prefix, name) = match line {
                    UpdateLine::Decayed => ("decayed_", letter.code()),
                    UpdateLine::State(name) => ("new_", name),
                    UpdateLine::Corrected(name) => ("corrected_", name),
                    UpdateLine::Change => ("change_", Letter::of_parameter(key).code()),
                };
                format!("{prefix}{name}_{}{}", Letter::of_parameter(key).code(), of_parameter(key))
            }
            Tensor::OptimizerState { key, name } => {
                format!("{name}_{}{}", Letter::of_parameter(key).code(), of_parameter(key))
            }
            Tensor::LossValue(node) => format!("loss{}", label(node)),
            Tensor::LossScale(node) => format!("s{}", label(node)),
            Tensor::Seed(node) => format!("v{}", label(node)),
            Tensor::TotalLoss => "loss".to_owned(),
            Tensor::TotalNorm => "total_norm".to_owned(),
            Tensor::ClipFactor => "clip_factor".to_owned(),
            Tensor::Metric(metric) => metric_name(metric).to_owned(),
            Tensor::Column(column) => format!("column_{column}"),
        }
    }

    /// A name as it stands on the screen.
    pub fn symbol(&self, tensor: Tensor) -> String {
        let letter = self.letter(tensor);
        let of_update = update_letter(tensor).map(|letter| letter.plain);
        self.parts(tensor).map_or_else(
            || of_update.unwrap_or_else(|| letter.symbol()).to_owned(),
            |(label, step)| {
                let step = step.map_or_else(String::new, |step| format!("[{step}]"));
                match (label, of_update) {
                    (Name::Layer(owner) | Name::Node(owner), Some(letter)) => format!("{letter}({owner})"),
                    (Name::Layer(layer), None) => format!("{}{layer}{step}", layer_symbol(letter)),
                    (Name::Node(name), None) => format!("{}({name}){step}", letter.symbol()),
                }
            },
        )
    }

    /// The same without a time step.
    pub fn at_any_time(&self, tensor: Tensor) -> String {
        let symbol = self.symbol(tensor);
        symbol.split_once('[').map_or(symbol.clone(), |(name, _)| name.to_owned())
    }

    /// A name in LaTeX.
    pub fn latex(&self, tensor: Tensor) -> String {
        let letter = self.letter(tensor);
        let base = match letter {
            Letter::GradW => "\\mathrm{d}W",
            Letter::GradB => "\\mathrm{d}b",
            Letter::GradH => "\\mathrm{d}h_0",
            other => other.latex(),
        };
        let Some((label, step)) = self.parts(tensor) else {
            return update_letter(tensor).map_or(base, |letter| letter.latex).to_owned();
        };
        if let Some(letter) = update_letter(tensor) {
            let owner = match label {
                Name::Layer(layer) => layer.to_owned(),
                Name::Node(name) => format!("\\text{{{}}}", latex_text(name)),
            };
            return format!("{{{}}}^{{({owner})}}", letter.latex);
        }
        let step = step.map_or_else(String::new, |step| format!("[{step}]"));
        match label {
            Name::Layer(layer) => {
                format!("{{{base}}}_{{{layer}}}^{{{step}}}").replace("_{}", "").replace("^{}", "")
            }
            Name::Node(name) => {
                format!("{{{base}}}_{{\\text{{{}}}}}^{{{step}}}", latex_text(name)).replace("^{}", "")
            }
        }
    }

    /// Whose a tensor is, in LaTeX, behind its letter: a layer's number in parentheses, or a node's name.
    pub fn owner(&self, tensor: Tensor) -> Option<String> {
        Some(match self.parts(tensor)?.0 {
            Name::Layer("") => return None,
            Name::Layer(layer) => format!("({layer})"),
            Name::Node(name) => format!("\\text{{{}}}", latex_text(name)),
        })
    }

    /// By layer, an Input is A0: what the first layer receives.
    pub fn letter(&self, tensor: Tensor) -> Letter {
        let letter = tensor.letter(self.definitions.network());
        let (Tensor::Output { node, .. } | Tensor::Grad { node, .. }) = tensor else { return letter };
        match letter {
            Letter::X if self.labels.get(&node).is_some_and(|label| label.is_layer) => Letter::A,
            Letter::Dx if self.labels.get(&node).is_some_and(|label| label.is_layer) => Letter::Da,
            _ => letter,
        }
    }

    fn step(&self, time_step: usize) -> String {
        if self.definitions.n_steps() > 1 { format!("_t{time_step}") } else { String::new() }
    }

    /// Whose a tensor is, and at which time step, where there is more than one.
    fn parts(&self, tensor: Tensor) -> Option<(Name<'_>, Option<usize>)> {
        let network = self.definitions.network();
        let name = |node: NodeId| {
            let label = self.labels.get(&node)?;
            Some(if label.is_layer {
                Name::Layer(&label.code)
            } else {
                Name::Node(&network.nodes.get(&node)?.name)
            })
        };
        let of_edge = |edge| Some(network.edges.get(&edge)?.from);
        let of_parameter = |key| match key {
            ParameterKey::Node(node, _) => Some(node),
            ParameterKey::Initial(edge) => of_edge(edge),
        };
        let shown = |time_step: usize| (self.definitions.n_steps() > 1).then_some(time_step);
        match tensor {
            Tensor::Output { node, time_step }
            | Tensor::Grad { node, time_step }
            | Tensor::GradNorm { node, time_step }
            | Tensor::Mask { node, time_step } => Some((name(node)?, shown(time_step))),
            Tensor::PortValue { edge, time_step } | Tensor::PortGrad { edge, time_step } => {
                Some((name(of_edge(edge)?)?, shown(time_step)))
            }
            Tensor::Parameter(key)
            | Tensor::Update(key)
            | Tensor::UsedGrad(key)
            | Tensor::UpdateLine { key, .. }
            | Tensor::OptimizerState { key, .. } => Some((name(of_parameter(key)?)?, None)),
            Tensor::ParameterGrad { key, time_step, .. } => Some((name(of_parameter(key)?)?, time_step)),
            Tensor::LossValue(node) | Tensor::LossScale(node) | Tensor::Seed(node) => {
                Some((name(node)?, None))
            }
            Tensor::TotalLoss
            | Tensor::TotalNorm
            | Tensor::ClipFactor
            | Tensor::Metric(_)
            | Tensor::Column(_) => None,
        }
    }
}

/// A sign of what an optimizer uses, remembers or makes on the way to a step.
#[derive(Clone, Copy)]
pub(in crate::explain) struct UpdateLetter {
    /// In LaTeX.
    pub(in crate::explain) latex: &'static str,
    /// As text.
    plain: &'static str,
}

/// The sign of a number of an optimizer; none of what is no such number, nor of the step itself.
pub(in crate::explain) fn update_letter(tensor: Tensor) -> Option<UpdateLetter> {
    let letter = |latex, plain| Some(UpdateLetter { latex, plain });
    match tensor {
        Tensor::UsedGrad(_) => letter("g", "g"),
        Tensor::TotalNorm => letter("\\|\\nabla L\\|", "‖∇L‖"),
        Tensor::ClipFactor => letter("\\mathrm{clip}", "clip"),
        Tensor::UpdateLine { line: UpdateLine::Decayed, .. } => letter("g'", "g′"),
        Tensor::OptimizerState { name, .. } => match name {
            "exp_avg" => letter("m_{t-1}", "m[t−1]"),
            "exp_avg_sq" | "square_avg" => letter("v_{t-1}", "v[t−1]"),
            "sum" => letter("r_{t-1}", "r[t−1]"),
            _ => letter("u_{t-1}", "u[t−1]"),
        },
        Tensor::UpdateLine { line: UpdateLine::State(name), .. } => match name {
            "exp_avg" => letter("m_t", "m[t]"),
            "exp_avg_sq" | "square_avg" => letter("v_t", "v[t]"),
            "sum" => letter("r_t", "r[t]"),
            _ => letter("u_t", "u[t]"),
        },
        Tensor::UpdateLine { line: UpdateLine::Corrected(name), .. } => match name {
            "exp_avg" => letter("\\hat{m}_t", "m̂[t]"),
            "exp_avg_sq" | "square_avg" => letter("\\hat{v}_t", "v̂[t]"),
            "sum" => letter("\\hat{r}_t", "r̂[t]"),
            _ => letter("\\hat{u}_t", "û[t]"),
        },
        _ => None,
    }
}

enum Name<'a> {
    Layer(&'a str),
    Node(&'a str),
}

/// By layer, a gradient of a parameter is called dW and db.
fn layer_symbol(letter: Letter) -> &'static str {
    if letter.is_gradient() { letter.code() } else { letter.symbol() }
}

fn metric_name(metric: Metric) -> &'static str {
    match metric {
        Metric::Loss => "loss",
        Metric::TrainLoss => "train_loss",
        Metric::Mae => "mae",
        Metric::Rmse => "rmse",
        Metric::R2 => "r2",
        Metric::Accuracy => "accuracy",
    }
}

/// How many Dense nodes lie on the longest way to each node, itself included. Targets and losses have
/// none, and are called by their letter where there is one of them. Tensors, and what is made of them
/// before any layer, belong to no layer.
fn layers(definitions: &Definitions<'_>) -> BTreeMap<NodeId, String> {
    let network = definitions.network();
    let mut counts: BTreeMap<NodeId, usize> = BTreeMap::new();
    for node in network.topological_order().unwrap_or_default() {
        let before = definitions.incoming(node).iter().filter_map(|edge| network.edges.get(edge));
        let before = before.filter(|edge| edge.delay == 0).filter_map(|edge| counts.get(&edge.from)).max();
        let is_dense = network.nodes.get(&node).is_some_and(|node| node.kind.dense().is_some());
        counts.insert(node, before.copied().unwrap_or(0) + usize::from(is_dense));
    }
    let label = |(&node, count): (&NodeId, &usize)| {
        let has_no_layer =
            network.nodes.get(&node).is_some_and(|node| node.kind.is_target() || node.kind.is_loss());
        (node, if has_no_layer { String::new() } else { count.to_string() })
    };
    let is_in_layer = |(node, count): &(&NodeId, &usize)| {
        let kind = network.nodes.get(node).map(|node| &node.kind);
        **count > 0 || kind.is_some_and(|kind| kind.data().is_some() || kind.is_loss())
    };
    counts.iter().filter(is_in_layer).map(label).collect()
}

/// A node's name as part of a name in code.
fn identifier(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// A name as text within LaTeX.
pub(in crate::explain) fn latex_text(name: &str) -> String {
    name.chars().fold(String::new(), |mut text, c| {
        if matches!(c, '_' | '%' | '&' | '#' | '$' | '{' | '}') {
            text.push('\\');
        }
        match c {
            '\\' | '^' | '~' => text.push(' '),
            c if c.is_control() => text.push(' '),
            c => text.push(c),
        }
        text
    })
}
