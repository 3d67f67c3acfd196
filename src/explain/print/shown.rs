//! The numbers of a tensor as a convention shows them: the matrix beside its line.
//!
//! Must not know how a matrix is drawn.

use super::convention::{Convention, ReductionPlace, common_scale};
use crate::explain::definition::Definitions;
use crate::explain::entry::evaluate_over;
use crate::explain::quantity::{Quantity, Tensor, values_of};
use crate::train::{Pass, Values};

impl Convention {
    /// The numbers of a tensor of a pass as this convention shows them; `None` where the pass has none,
    /// or where the tensor is a column of another here.
    pub fn shown(self, definitions: &Definitions<'_>, tensor: Tensor, pass: &Pass) -> Option<Values> {
        if self.is_absorbed(tensor) {
            return None;
        }
        let single = |quantity: Quantity| Some(Values::new(Vec::new(), vec![quantity.value(pass)?]));
        let mut values = match values_of(tensor, pass) {
            Some(values) => values.clone(),
            None => single(tensor.at(0, 0))?,
        };
        if let Some(bias) = self.joined_bias(definitions, tensor) {
            values = with_last_column(&values, values_of(bias, pass)?);
        }
        if self.reduction == ReductionPlace::Parameters && is_divided(definitions, tensor) {
            let scale = common_scale(definitions)?;
            let scale = evaluate_over(&scale, &|_: &Tensor| None, pass.rows.len())?;
            let divided = values.data().iter().map(|x| x / scale).collect();
            values = Values::new(values.shape().to_vec(), divided);
        }
        let sizes = definitions.sizes(tensor);
        if self.is_column(&sizes) {
            let n = values.data().len();
            return Some(Values::new(vec![n, 1], values.data().to_vec()));
        }
        Some(if self.is_transposed(tensor, &sizes) { transposed(&values) } else { values })
    }
}

/// Whether a tensor is a delta that is shown divided by the common scale; dL is not.
fn is_divided(definitions: &Definitions<'_>, tensor: Tensor) -> bool {
    match tensor {
        Tensor::Grad { node, .. } => {
            definitions.network().nodes.get(&node).is_some_and(|node| node.kind.loss().is_none())
        }
        Tensor::PortGrad { .. } | Tensor::GradNorm { .. } => true,
        _ => false,
    }
}

fn with_last_column(weight: &Values, bias: &Values) -> Values {
    let n_columns = weight.n_columns();
    let rows = (0..weight.n_rows()).flat_map(|row| {
        weight.row(row).iter().copied().chain(bias.data().get(row).copied()).collect::<Vec<_>>()
    });
    Values::new(vec![weight.n_rows(), n_columns + 1], rows.collect())
}

fn transposed(values: &Values) -> Values {
    let (n_rows, n_columns) = (values.n_rows(), values.n_columns());
    let numbers = (0..n_columns)
        .flat_map(|column| (0..n_rows).map(move |row| values.get(row, column).unwrap_or(f64::NAN)));
    Values::new(vec![n_columns, n_rows], numbers.collect())
}
