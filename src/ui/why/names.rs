//! What a number is called: in a chip, in a heading, and in a sentence.
//!
//! Must not know how it is made.

use crate::app::App;
use crate::autodiff::UpdateLine;
use crate::explain::{Explainer, Letter, Metric, Quantity, Tensor};
use crate::network::{NodeId, ParameterKey};
use crate::ui::names::feature_name;
use crate::ui::samples::row_of;
use crate::words::Words;

/// `grad_W[0, 1]`, as the matrices call it in the convention shown.
pub(crate) fn label(app: &App, explainer: &Explainer<'_>, of: Quantity, words: &Words) -> String {
    let name = match of.tensor {
        Tensor::Update(key) => format!("Δ{}", Letter::of_parameter(key).symbol()),
        Tensor::UsedGrad(_) => "g".to_owned(),
        Tensor::OptimizerState { name, .. } => name.to_owned(),
        Tensor::UpdateLine { line: UpdateLine::State(name), .. } => format!("{name}′"),
        Tensor::UpdateLine { line: UpdateLine::Corrected(name), .. } => format!("{name} ∕ (1 − βᵗ)"),
        Tensor::UpdateLine { line: UpdateLine::Decayed, .. } => "g + λw".to_owned(),
        Tensor::UpdateLine { key, line: UpdateLine::Change } => {
            format!("Δ{}", Letter::of_parameter(key).symbol())
        }
        Tensor::TotalLoss => return words.text("why-label-total"),
        Tensor::TotalNorm => return "‖∇L‖".to_owned(),
        Tensor::ClipFactor => return "clip_factor".to_owned(),
        Tensor::Metric(metric) => {
            let name = words.text(metric_key(metric));
            let losses = explainer.evaluation().map_or(&[][..], |evaluation| &evaluation.losses);
            if let Some(loss) = of.loss().and_then(|loss| losses.get(loss)) {
                return format!("{name} ({})", loss.name);
            }
            let Some(epoch) = of.epoch() else { return name };
            let about = [("name", name.into()), ("epoch", epoch.into())];
            return words.text_with("why-label-epoch", &about);
        }
        Tensor::Column(column) => {
            let table = app.table();
            let name = table.and_then(|table| table.columns().get(column)).map(|column| column.name.clone());
            return format!("{}[{}]", name.unwrap_or_else(|| column.to_string()), of.row + 1);
        }
        Tensor::GradNorm { .. } => format!("‖{}‖", of.tensor.letter(&app.document().network).symbol()),
        _ => of.tensor.letter(&app.document().network).symbol().to_owned(),
    };
    let index = explainer.index(of);
    if index.is_empty() {
        return name;
    }
    let index: Vec<String> = index.iter().map(ToString::to_string).collect();
    format!("{name}[{}]", index.join(","))
}

/// `Dense 1 · grad_W[0, 1]`.
pub(crate) fn title(app: &App, explainer: &Explainer<'_>, of: Quantity, words: &Words) -> String {
    let label = label(app, explainer, of, words);
    match of.tensor.node(&app.document().network).and_then(|node| node_name(app, node)) {
        Some(node) => format!("{node} · {label}"),
        None => label,
    }
}

fn node_name(app: &App, node: NodeId) -> Option<String> {
    Some(app.document().network.nodes.get(&node)?.name.clone())
}

/// What the number is, in a sentence.
pub(super) fn sentence(app: &App, explainer: &Explainer<'_>, of: Quantity, words: &Words) -> String {
    let network = &app.document().network;
    let node = of.tensor.node(network).and_then(|node| node_name(app, node)).unwrap_or_default();
    let row = explainer.sample_of(of).map_or(0, |sample| row_of(app, sample) + 1);
    let say = |key: &str, name: String| {
        let about = [("node", node.clone().into()), ("name", name.into()), ("row", row.into())];
        words.text_with(key, &about)
    };
    let feature = |node: NodeId| feature_name(app, node, of.column);
    match of.tensor {
        Tensor::Output { node, .. } => {
            let kind = network.nodes.get(&node).map(|node| &node.kind);
            let key = match kind.map(crate::explain::output_letter) {
                Some(Letter::X) => "why-says-input",
                Some(Letter::Y) => "why-says-target",
                Some(Letter::Z) => "why-says-z",
                Some(Letter::L) => "why-says-loss-step",
                _ => "why-says-a",
            };
            say(key, feature(node))
        }
        Tensor::Grad { node, .. } if network.nodes.get(&node).is_some_and(|node| node.kind.is_loss()) => {
            say("why-says-seed", String::new())
        }
        Tensor::Grad { node, .. } => {
            say("why-says-grad", format!("{} ({})", feature(node), node_name(app, node).unwrap_or_default()))
        }
        Tensor::PortValue { edge, .. } | Tensor::PortGrad { edge, .. } => {
            let from = network.edges.get(&edge).map(|edge| edge.from);
            let name = from.map(feature).unwrap_or_default();
            let is_gradient = of.tensor.is_gradient();
            say(if is_gradient { "why-says-port-grad" } else { "why-says-port" }, name)
        }
        Tensor::Mask { .. } => say("why-says-mask", String::new()),
        Tensor::Parameter(key) => parameter_sentence(app, of, key, words),
        Tensor::ParameterGrad { sample: None, time_step: None, .. } => {
            say("why-says-grad", explainer.parameter_name(of))
        }
        Tensor::ParameterGrad { time_step: Some(step), .. } => {
            let about = [("name", explainer.parameter_name(of).into()), ("step", step.into())];
            words.text_with("why-says-grad-step", &about)
        }
        Tensor::ParameterGrad { .. } => say("why-says-grad-share", explainer.parameter_name(of)),
        Tensor::Update(_) => say("why-says-update", explainer.parameter_name(of)),
        Tensor::UsedGrad(_) => say("why-says-used-grad", explainer.parameter_name(of)),
        Tensor::UpdateLine { line: UpdateLine::Corrected(_), .. } => {
            say("why-says-corrected", explainer.parameter_name(of))
        }
        Tensor::UpdateLine { line: UpdateLine::Decayed, .. } => {
            say("why-says-decayed", explainer.parameter_name(of))
        }
        Tensor::UpdateLine { .. } => say("why-says-new-state", explainer.parameter_name(of)),
        Tensor::OptimizerState { .. } => say("why-says-state", explainer.parameter_name(of)),
        Tensor::LossValue(_) => say("why-says-loss", String::new()),
        Tensor::Seed(_) => say("why-says-vector", String::new()),
        Tensor::LossScale(_) => say("why-says-scale", String::new()),
        Tensor::TotalLoss => say("why-says-total", String::new()),
        Tensor::TotalNorm => say("why-says-total-norm", String::new()),
        Tensor::ClipFactor => say("why-says-clip-factor", String::new()),
        Tensor::GradNorm { .. } => say("why-says-norm", String::new()),
        Tensor::Metric(Metric::TrainLoss) if of.epoch().is_some() => words.text("why-says-train-loss-older"),
        Tensor::Metric(Metric::Loss) if of.epoch().is_some() => words.text("why-says-metric-loss-older"),
        Tensor::Metric(metric) => words.text(match metric {
            Metric::Loss => "why-says-metric-loss",
            Metric::TrainLoss => "why-says-train-loss",
            Metric::Mae => "why-says-mae",
            Metric::Rmse => "why-says-rmse",
            Metric::R2 => "why-says-r2",
            Metric::Accuracy => "why-says-accuracy",
        }),
        Tensor::Column(_) => words.text_with("why-says-cell", &[("row", (of.row + 1).into())]),
    }
}

/// A weight by its two ends, a bias by its unit.
fn parameter_sentence(app: &App, of: Quantity, key: ParameterKey, words: &Words) -> String {
    let network = &app.document().network;
    match key {
        ParameterKey::Node(node, crate::network::ParameterRole::Weight) => {
            let source = network.incoming(node).first().map(|(_, edge)| edge.from);
            let from = source.map(|source| feature_name(app, source, of.column)).unwrap_or_default();
            let ends = [("from", from.into()), ("to", feature_name(app, node, of.row).into())];
            words.text_with("why-says-weight", &ends)
        }
        ParameterKey::Node(node, crate::network::ParameterRole::Bias) => {
            words.text_with("why-says-bias", &[("to", feature_name(app, node, of.column).into())])
        }
        ParameterKey::Node(node, crate::network::ParameterRole::Value) => {
            let name = network.nodes.get(&node).map_or("", |node| node.name.as_str());
            words.text_with("why-says-tensor", &[("name", name.into())])
        }
        ParameterKey::Initial(_) => words.text("why-says-initial"),
    }
}

pub(super) fn metric_key(metric: Metric) -> &'static str {
    match metric {
        Metric::Loss => "metric-loss",
        Metric::TrainLoss => "top-loss",
        Metric::Mae => "metric-mae",
        Metric::Rmse => "metric-rmse",
        Metric::R2 => "metric-r2",
        Metric::Accuracy => "metric-accuracy",
    }
}
