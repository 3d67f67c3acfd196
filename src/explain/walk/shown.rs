//! A pass as it is to be seen at a place of a walk: None where nothing has been computed yet.
//!
//! Must not know how anything is drawn. Nothing is computed but partial sums; the numbers are shared.

use super::{Visibility, Walk};
use crate::explain::definition::Definitions;
use crate::explain::quantity::Tensor;
use crate::network::ParameterKey;
use crate::train::{NodePass, ParameterPass, Pass, Values};

impl Walk {
    /// The pass with only those numbers that are to be seen here. A node whose output is not there yet
    /// is left out whole.
    pub fn shown_pass(&self, definitions: &Definitions<'_>) -> Pass {
        let pass = self.pass();
        let sample = pass.shown_sample();
        let nodes = pass.nodes.iter().filter_map(|(&(node, time_step), numbers)| {
            let shown = self.visibility(Tensor::Output { node, time_step }) != Visibility::Blank;
            shown.then(|| ((node, time_step), self.shown_node(definitions, (node, time_step), numbers)))
        });
        let parameters = pass.parameters.iter();
        let parameters =
            parameters.map(|(&key, numbers)| (key, self.shown_parameter(definitions, key, numbers, sample)));
        let norms = pass.grad_norms.iter().map(|(&node, norms)| {
            let at = |(time_step, norm): (usize, &Option<f64>)| {
                let is_there = self.visibility(Tensor::Grad { node, time_step }) == Visibility::Shown;
                norm.filter(|_| is_there)
            };
            (node, norms.iter().enumerate().map(at).collect())
        });
        let losses = pass.losses.iter();
        let losses = losses.filter(|loss| self.visibility(Tensor::LossValue(loss.node)) != Visibility::Blank);
        Pass {
            nodes: nodes.collect(),
            parameters: parameters.collect(),
            grad_norms: norms.collect(),
            losses: losses.cloned().collect(),
            ..pass_without_numbers(pass)
        }
    }

    fn shown_node(
        &self,
        definitions: &Definitions<'_>,
        (node, time_step): (crate::network::NodeId, usize),
        numbers: &NodePass,
    ) -> NodePass {
        let ports = numbers.ports.iter().cloned().map(|mut port| {
            port.grad = self.values(definitions, Tensor::PortGrad { edge: port.edge, time_step });
            port
        });
        NodePass {
            output: numbers.output.clone(),
            grad: self.values(definitions, Tensor::Grad { node, time_step }),
            ports: ports.collect(),
            fused_into: numbers.fused_into,
            mask: numbers.mask.clone(),
        }
    }

    fn shown_parameter(
        &self,
        definitions: &Definitions<'_>,
        key: ParameterKey,
        numbers: &ParameterPass,
        sample: Option<usize>,
    ) -> ParameterPass {
        let grad_at = |time_step| Tensor::ParameterGrad { key, time_step, sample };
        let shares = numbers.grad_steps.iter().enumerate();
        let shares: Option<Vec<Values>> =
            shares.map(|(step, _)| self.values(definitions, grad_at(Some(step)))).collect();
        ParameterPass {
            value: self.values(definitions, Tensor::Parameter(key)).unwrap_or_else(|| numbers.value.clone()),
            grad: self.values(definitions, grad_at(None)),
            update: self.values(definitions, Tensor::Update(key)),
            used_grad: numbers
                .used_grad
                .clone()
                .filter(|_| self.visibility(Tensor::UsedGrad(key)) == Visibility::Shown),
            grad_steps: shares.unwrap_or_default(),
            ..numbers.clone()
        }
    }
}

/// Everything of a pass but its numbers.
fn pass_without_numbers(pass: &Pass) -> Pass {
    Pass {
        step: pass.step,
        precision: pass.precision,
        view: pass.view,
        rows: pass.rows.clone(),
        loss: pass.loss,
        losses: Vec::new(),
        nodes: std::collections::BTreeMap::new(),
        parameters: std::collections::BTreeMap::new(),
        optimizer: pass.optimizer,
        grad_norms: std::collections::BTreeMap::new(),
    }
}
