//! Metrics as expressions of all predictions and targets of an evaluation.
//!
//! Rules of the same type as those of the engine's ops, checked against the running sums that
//! training keeps. Must not know programs or data files.

use crate::algebra::{Comparison, Expression, Function, Operand, Reduction, input, number};
use crate::network::Task;

/// What a metric is, from the predictions (input 0) and the targets (input 1), both `[n, outputs]` in
/// original units.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricRule {
    /// `mae`, `rmse`, `r2` or `accuracy`.
    pub name: &'static str,
    /// The metric, one number.
    pub value: Expression<Operand>,
}

/// The metrics of a task; `threshold` is what counts as yes for a probability or a logit.
pub fn metric_rules(task: Task, threshold: f64) -> Vec<MetricRule> {
    let rule = |name, value| MetricRule { name, value };
    let error = || input(0) - input(1);
    match task {
        Task::Regression => vec![
            rule("mae", error().apply(Function::Abs).mean()),
            rule("rmse", error().squared().mean().apply(Function::Sqrt)),
            rule("r2", explained_share()),
        ],
        Task::BinaryClassification => {
            let says_yes = input(0).compared(Comparison::Greater, number(threshold));
            let is_yes = input(1).compared(Comparison::Greater, number(0.5));
            vec![rule("accuracy", says_yes.compared(Comparison::Equal, is_yes).mean())]
        }
        Task::Classification => {
            let predicted = input(0).over(Reduction::ArgMax, 1);
            let truth = input(1).over(Reduction::ArgMax, 1);
            vec![rule("accuracy", predicted.compared(Comparison::Equal, truth).mean())]
        }
    }
}

/// R² = 1 − Σ(a − y)²/Σ(y − ȳ)², the mean over the outputs whose targets vary.
fn explained_share() -> Expression<Operand> {
    let residual = (input(0) - input(1)).squared().over(Reduction::Sum, 0);
    let total = || (input(1) - input(1).over_kept(Reduction::Mean, 0)).squared().over(Reduction::Sum, 0);
    let varies = || total().compared(Comparison::Greater, number(0.0));
    varies().choose(1.0 - residual / total(), number(0.0)).sum() / varies().sum()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use super::super::MetricsBuilder;
    use super::*;
    use crate::algebra::{Array, Evaluator};

    /// What the rules say of rows, and what the running sums say.
    fn both(task: Task, threshold: f64, a: &[[f64; 3]], y: &[[f64; 3]]) -> Vec<(&'static str, f64, f64)> {
        let mut builder = MetricsBuilder::new(task, 3, threshold, None);
        a.iter().zip(y).for_each(|(a, y)| builder.add(a, y));
        let metrics = builder.finish().0;
        let array = |rows: &[[f64; 3]]| Array::new(vec![rows.len(), 3], rows.concat());
        let leaf = |leaf: &Operand| array(if *leaf == Operand::Input(0) { a } else { y });
        let kept = |name| match name {
            "mae" => metrics.mae,
            "rmse" => metrics.rmse,
            "r2" => metrics.r2,
            _ => metrics.accuracy,
        };
        let stated =
            |rule: &MetricRule| Evaluator::new(a.len(), &leaf).evaluate(&rule.value).unwrap().data()[0];
        let rules = metric_rules(task, threshold);
        rules.iter().map(|rule| (rule.name, stated(rule), kept(rule.name).unwrap())).collect()
    }

    #[test]
    fn every_metric_follows_its_rule() {
        // The third output's targets do not vary; the last two rows tie.
        let a = [[2.0, -1.0, 0.25], [0.5, 0.75, 0.5], [0.1, 0.1, 0.1], [3.0, 3.0, 1.0]];
        let y = [[1.0, 0.0, 0.5], [0.0, 1.0, 0.5], [1.0, 1.0, 0.5], [0.0, 0.0, 0.5]];
        for task in [Task::Regression, Task::BinaryClassification, Task::Classification] {
            for threshold in [0.5, 0.0] {
                let metrics = both(task, threshold, &a, &y);
                assert_eq!(metrics.len(), if task == Task::Regression { 3 } else { 1 });
                for (name, stated, kept) in metrics {
                    assert!((stated - kept).abs() < 1e-12, "{task:?} {name}: {stated}, {kept}");
                }
            }
        }
    }
}
