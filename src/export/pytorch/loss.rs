//! The loss of a batch as Python: each loss as PyTorch writes it, weighted and added up.
//!
//! Sums are divided by the rows of the whole batch, so that several processes that hold a part of
//! it each add up to one. Must not know how predictions are made.

use super::forward::{Forward, Judged, Target};
use super::model::Drawing;
use crate::export::python::{Code, number};
use crate::network::{CountedSteps, LossKind, NodeKind, Reduction};

/// The method `loss` of the module.
pub(super) struct LossMethod<'a> {
    drawing: &'a Drawing<'a>,
    forward: &'a Forward<'a>,
}

impl<'a> LossMethod<'a> {
    pub(super) fn new(drawing: &'a Drawing<'a>, forward: &'a Forward<'a>) -> Self {
        Self { drawing, forward }
    }

    /// `def loss(self, outputs, targets…, n=None)`.
    pub(super) fn write(&self, code: &mut Code) {
        let outputs: Vec<&str> = self.forward.outputs.iter().map(|output| output.name.as_str()).collect();
        let Some(&first) = outputs.first() else { return };
        let is_single = outputs.len() == 1;
        let taken = if is_single { first } else { "outputs" };
        let targets = self.forward.targets.iter().map(|&id| self.drawing.names.node(id));
        let arguments: Vec<&str> = ["self", taken].into_iter().chain(targets).chain(["n=None"]).collect();
        code.block(&format!("def loss({}):", arguments.join(", ")), |code| {
            code.line("\"\"\"The loss of these rows; n counts the rows of the whole batch.\"\"\"");
            if !is_single {
                code.line(&format!("{} = outputs", outputs.join(", ")));
            }
            code.line(&format!("n = n or len({first})"));
            let terms: Vec<String> =
                self.forward.judged.iter().map(|judged| self.one(code, judged)).collect();
            let sum = format!("return {}", terms.join(" + "));
            match terms.as_slice() {
                [first, rest @ ..] if !rest.is_empty() && !code.fits(&sum) => {
                    code.long_line(&format!("total = {first}"));
                    for term in rest {
                        code.long_line(&format!("total += {term}"));
                    }
                    code.line("return total");
                }
                _ => code.long_line(&sum),
            }
        });
    }

    /// Writes one loss, and gives its term of the total.
    fn one(&self, code: &mut Code, judged: &Judged) -> String {
        let node = self.drawing.network.nodes.get(&judged.loss).and_then(|node| node.kind.loss());
        let (weight, counted) = node.map_or((1.0, CountedSteps::Last), |loss| (loss.weight, loss.counted));
        let name = self.drawing.names.node(judged.loss);
        let n_steps = self.drawing.network.n_steps;
        let every = counted == CountedSteps::Every && n_steps > 1;
        let prediction = judged.prediction.as_str();
        let target = self.target(code, judged, every);
        let two = |more: &[&str]| -> Vec<String> {
            [prediction, target.as_str(), "reduction=\"sum\""]
                .iter()
                .chain(more)
                .map(|&s| s.to_owned())
                .collect()
        };
        let is_joined = judged.joined.is_some();
        match judged.kind {
            LossKind::Mse => code.call(&format!("{name} = F.mse_loss"), &two(&[])),
            LossKind::HalfSumOfSquares => {
                code.call(&format!("{name} = 0.5 * F.mse_loss"), &two(&[]));
            }
            LossKind::Mae => code.call(&format!("{name} = F.l1_loss"), &two(&[])),
            LossKind::Huber { delta } => {
                code.call(&format!("{name} = F.huber_loss"), &two(&[&format!("delta={}", number(delta))]));
            }
            LossKind::Bce if !is_joined => code.call(&format!("{name} = F.binary_cross_entropy"), &two(&[])),
            LossKind::Bce | LossKind::BceWithLogits => {
                code.call(&format!("{name} = F.binary_cross_entropy_with_logits"), &two(&[]));
            }
            LossKind::CrossEntropy if !is_joined => {
                code.long_line(&format!("{name} = -({target} * torch.log({prediction})).sum()"));
            }
            LossKind::CrossEntropy | LossKind::CrossEntropyWithLogits => {
                code.line(&format!("{name} = F.log_softmax({prediction}, dim=-1)"));
                code.long_line(&format!("{name} = -({target} * {name}).sum()"));
            }
        }
        let steps = if every { n_steps } else { 1 };
        let divisor = match judged.kind.reduction() {
            Reduction::Mean => divisor(&[judged.features, steps]),
            Reduction::MeanOverSamples => divisor(&[steps]),
            Reduction::Sum => String::new(),
        };
        let weight = if weight == 1.0 { String::new() } else { format!("{} * ", number(weight)) };
        format!("{weight}{name}{divisor}")
    }

    /// The target of a loss in the shape of its prediction.
    fn target(&self, code: &mut Code, judged: &Judged, every: bool) -> String {
        match &judged.target {
            Target::Computed(name) => format!("{name}.detach()"),
            Target::Data(node) => {
                let name = self.drawing.names.node(*node).to_owned();
                let data =
                    self.drawing.network.nodes.get(node).map(|node| &node.kind).and_then(NodeKind::data);
                let is_sequence = self.drawing.network.n_steps > 1 && data.is_some_and(|data| data.per_step);
                match (is_sequence, every) {
                    (true, false) => format!("{name}[:, -1]"),
                    (false, true) => {
                        let wide = format!("{}_target", self.drawing.names.node(judged.loss));
                        let value = format!("{name}.unsqueeze(1).expand_as({})", judged.prediction);
                        code.line(&format!("{wide} = {value}"));
                        wide
                    }
                    (true, true) | (false, false) => name,
                }
            }
        }
    }
}

/// ` / n`, ` / (n * 3)`.
fn divisor(factors: &[usize]) -> String {
    let factors: Vec<String> = factors.iter().filter(|&&f| f != 1).map(ToString::to_string).collect();
    if factors.is_empty() { " / n".to_owned() } else { format!(" / (n * {})", factors.join(" * ")) }
}
