//! Metrics as formulas: their rules with signs, and the sums of the newest evaluation in place.
//!
//! Must not know words or how a formula is drawn.

use super::card::Explainer;
use super::number::{latex_number, short};
use super::print;
use super::quantity::{Metric, Quantity, Tensor};
use super::written::Written;
use crate::algebra::Operand;
use crate::train::{Evaluation, LossEvaluation, metric_rules};

impl Explainer<'_> {
    /// A mean loss with signs, and its number; nothing for other metrics and where there is none.
    pub fn mean_loss(&self, of: Quantity) -> Option<(Written, Written)> {
        let Tensor::Metric(metric) = of.tensor else { return None };
        let (latex, linear) = match metric {
            // Each batch counts by its rows.
            Metric::TrainLoss => ("\\frac{\\sum_{b} n_{b} L_{b}}{\\sum_{b} n_{b}}", "Σ n·L / Σ n"),
            Metric::Loss => ("\\frac{1}{n} \\sum_{i=1}^{n} L_{i}", "Σ L / n"),
            Metric::Mae | Metric::Rmse | Metric::R2 | Metric::Accuracy => return None,
        };
        let value = self.value(of)?;
        let parts = vec!["L".to_owned(), format!("=\\; {latex}")];
        let signs = Written { parts, marks: Vec::new(), linear: linear.to_owned() };
        let mut numbers = Written { parts: Vec::new(), marks: Vec::new(), linear: String::new() };
        numbers.equal_to(value);
        Some((signs, numbers))
    }

    /// A metric with signs and with the numbers of one loss's evaluation; nothing where it does not apply.
    pub fn metric(&self, metric: Metric, evaluation: &LossEvaluation) -> Option<(Written, Written)> {
        let (name, left) = match metric {
            Metric::Loss | Metric::TrainLoss => return None,
            Metric::Mae => ("mae", "\\mathrm{MAE}"),
            Metric::Rmse => ("rmse", "\\mathrm{RMSE}"),
            Metric::R2 => ("r2", "R^2"),
            Metric::Accuracy => ("accuracy", "\\mathrm{accuracy}"),
        };
        let rules = metric_rules(evaluation.task, 0.5);
        let rule = rules.iter().find(|rule| rule.name == name)?;
        let letter = |leaf: &Operand| if *leaf == Operand::Input(0) { "A" } else { "Y" }.to_owned();
        let latex = print::latex(&rule.value, &letter, &|_| false, None);
        let parts = vec![left.to_owned(), format!("=\\; {latex}")];
        let signs = Written { parts, marks: Vec::new(), linear: name.to_owned() };
        let value = metric_value(metric, evaluation)?;
        let mut numbers =
            Written { parts: vec![with_sums(metric, evaluation)], marks: Vec::new(), linear: String::new() };
        numbers.equal_to(value);
        Some((signs, numbers))
    }
}

/// A metric of an evaluation: of the whole, or of the loss that is asked for.
pub(super) fn metric_of(metric: Metric, of: Quantity, evaluation: &Evaluation) -> Option<f64> {
    match metric {
        Metric::Loss if of.loss().is_none() => Some(evaluation.loss),
        metric => metric_value(metric, evaluation.losses.get(of.loss().unwrap_or(0))?),
    }
}

fn metric_value(metric: Metric, evaluation: &LossEvaluation) -> Option<f64> {
    match metric {
        Metric::TrainLoss => None,
        Metric::Loss => Some(evaluation.loss),
        Metric::Mae => evaluation.metrics.mae,
        Metric::Rmse => evaluation.metrics.rmse,
        Metric::R2 => evaluation.metrics.r2,
        Metric::Accuracy => evaluation.metrics.accuracy,
    }
}

/// The same with the sums over all answers in place.
fn with_sums(metric: Metric, evaluation: &LossEvaluation) -> String {
    let sums = &evaluation.sums;
    let squares: f64 = sums.outputs.iter().map(|(residual, _)| residual).sum();
    let fraction = |above: String, below: String| format!("\\frac{{{above}}}{{{below}}}");
    let text = |number: f64| latex_number(&short(number));
    let of_numbers = |above: f64| fraction(text(above), sums.n_numbers.to_string());
    let formula = match metric {
        Metric::Loss | Metric::TrainLoss => text(evaluation.loss),
        Metric::Mae => of_numbers(sums.absolute),
        Metric::Rmse => format!("\\sqrt{{{}}}", of_numbers(squares)),
        Metric::Accuracy => fraction(sums.n_right.to_string(), sums.n_answers.to_string()),
        Metric::R2 => {
            let varied: Vec<_> = sums.outputs.iter().filter(|(_, total)| *total > 0.0).collect();
            match varied.as_slice() {
                [(residual, total)] => format!("1 - {}", fraction(text(*residual), text(*total))),
                many => {
                    let terms = many.iter().take(3);
                    let terms = terms.map(|(residual, total)| fraction(text(*residual), text(*total)));
                    let more = if many.len() > 3 { " + \\cdots" } else { "" };
                    let sum = terms.collect::<Vec<_>>().join(" + ");
                    format!("1 - \\frac{{1}}{{{}}} \\left({sum}{more}\\right)", many.len())
                }
            }
        }
    };
    format!("=\\; {formula}")
}
