//! The numbers of a tensor as a convention shows them: the matrix beside its line.
//!
//! Must not know how a matrix is drawn.

use super::convention::{Convention, ReductionPlace, common_scale};
use crate::algebra::Size;
use crate::explain::definition::Definitions;
use crate::explain::entry::evaluate_over;
use crate::explain::quantity::{Quantity, Tensor, numbers_of, values_of};
use crate::network::{ParameterKey, ParameterRole};
use crate::train::{Pass, Values};

impl Convention {
    /// The numbers of a tensor of a pass as this convention shows them; `None` where the pass has none,
    /// or where the tensor is a column of another here.
    pub fn shown(self, definitions: &Definitions<'_>, tensor: Tensor, pass: &Pass) -> Option<Values> {
        if self.is_absorbed(tensor) {
            return None;
        }
        let mut values = numbers_of(tensor, pass)?;
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

/// One number in a convention.
impl Convention {
    /// Where a number stands in the matrix that this convention shows: the tensor shown, its row and its
    /// column there.
    pub fn place(self, definitions: &Definitions<'_>, of: Quantity) -> Quantity {
        let mut at = of;
        if self.is_absorbed(of.tensor)
            && let Some(weight) = weight_of(of.tensor)
            && let Some(&Size::Fixed(inputs)) = definitions.sizes(weight).get(1)
        {
            at = weight.at(of.column, inputs);
        }
        self.turned(definitions, at)
    }

    /// The number that stands at a place of a matrix that this convention shows; the reverse of
    /// [`place`](Self::place).
    pub fn quantity(self, definitions: &Definitions<'_>, place: Quantity) -> Quantity {
        let at = self.turned(definitions, place);
        match (self.joined_bias(definitions, at.tensor), definitions.sizes(at.tensor).get(1)) {
            (Some(bias), Some(&Size::Fixed(inputs))) if at.column == inputs => bias.at(0, at.row),
            _ => at,
        }
    }

    fn turned(self, definitions: &Definitions<'_>, at: Quantity) -> Quantity {
        let sizes = definitions.sizes(at.tensor);
        if self.is_column(&sizes) || self.is_transposed(at.tensor, &sizes) {
            at.tensor.at(at.column, at.row)
        } else {
            at
        }
    }

    /// A number as this convention shows it: a delta is divided by the common scale where 1/N stands at
    /// the parameters.
    pub fn value(self, definitions: &Definitions<'_>, of: Quantity, pass: &Pass) -> Option<f64> {
        let value = of.value(pass)?;
        if self.reduction == ReductionPlace::Parameters && is_divided(definitions, of.tensor) {
            let scale = common_scale(definitions)?;
            return Some(value / evaluate_over(&scale, &|_: &Tensor| None, pass.rows.len())?);
        }
        Some(value)
    }
}

/// The weight whose last column a bias is.
fn weight_of(bias: Tensor) -> Option<Tensor> {
    let weight = |key: ParameterKey| match key {
        ParameterKey::Node(node, ParameterRole::Bias) => {
            Some(ParameterKey::Node(node, ParameterRole::Weight))
        }
        ParameterKey::Node(..) | ParameterKey::Initial(_) => None,
    };
    Some(match bias {
        Tensor::Parameter(key) => Tensor::Parameter(weight(key)?),
        Tensor::ParameterGrad { key, time_step, sample } => {
            Tensor::ParameterGrad { key: weight(key)?, time_step, sample }
        }
        _ => return None,
    })
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
