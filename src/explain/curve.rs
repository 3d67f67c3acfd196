//! An activation as a curve: f and f′ at any z, computed by the op itself.
//!
//! Must not know which points are asked for, nor how a curve is drawn.

use crate::autodiff::BackwardArgs;
use crate::compile::op_of;
use crate::network::{Activation, NodeKind};
use crate::tensor::{Matrix, Shape};

/// One point of an activation's curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    /// Where.
    pub z: f64,
    /// f(z).
    pub value: f64,
    /// f′(z), as backward uses it: 0 at a kink where PyTorch says 0.
    pub slope: f64,
}

/// f and f′ at these places; `None` for an activation that is no function of one number (softmax).
pub fn activation_curve(activation: Activation, places: &[f64]) -> Option<Vec<CurvePoint>> {
    if !activation.is_entrywise() {
        return None;
    }
    let op = op_of::<f64>(&NodeKind::Activation(activation), &[&Shape::batched(&[1])])?;
    let z = Matrix::from_row_slice(1, places.len(), places);
    let mut value = Matrix::zeros(1, places.len());
    let mut slope = Matrix::zeros(1, places.len());
    let mut workspace = Matrix::zeros(0, 0);
    op.forward(&[&z], &mut value, &mut workspace);
    let ones = Matrix::from_element(1, places.len(), 1.0);
    let args = BackwardArgs { inputs: &[&z], output: &value, grad_output: &ones, workspace: &workspace };
    op.backward_first(&args, 0, &mut slope);
    let points = places.iter().zip(value.iter().zip(slope.iter()));
    Some(points.map(|(&z, (&value, &slope))| CurvePoint { z, value, slope }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sigmoid_is_half_at_zero_and_rises_by_a_quarter() {
        let curve = activation_curve(Activation::Sigmoid, &[0.0, 2.0]).unwrap_or_default();
        assert_eq!(curve.first(), Some(&CurvePoint { z: 0.0, value: 0.5, slope: 0.25 }));
        assert!(curve.iter().all(|point| (point.slope - point.value * (1.0 - point.value)).abs() < 1e-15));
    }

    #[test]
    fn softmax_is_no_curve_and_relu_has_no_slope_at_its_kink() {
        assert_eq!(activation_curve(Activation::SOFTMAX, &[0.0]), None);
        let curve = activation_curve(Activation::Relu, &[-1.0, 0.0, 1.0]).unwrap_or_default();
        let slopes: Vec<f64> = curve.iter().map(|point| point.slope).collect();
        assert_eq!(slopes, [0.0, 0.0, 1.0]);
    }
}
