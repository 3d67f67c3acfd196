//! The matrix product with a weight, and the bias added.

use crate::algebra::{Reduction, grad, input};
use crate::autodiff::{BackwardArgs, Op, Rule, Share};
use crate::tensor::{Kernel, Matrix, Real, Shape, ShapeError, Side, product, shape, vectorized};

/// Z = X Wᵀ + b (PyTorch's `addmm`), or Z = X Wᵀ without the bias (`mm`).
///
/// - Inputs: X `[N, in]`, W `[out, in]`, and with `bias` b `[out]`. Output: Z `[N, out]`.
/// - dX = dZ W, `[N, in] = [N, out] · [out, in]`.
/// - dW = dZᵀ X, `[out, in] = [out, N] · [N, in]`.
/// - db = Σₙ dZₙ, `[out]`.
/// - No kinks. Products under about 512 multiply-adds are plain loops.
///
/// Rumelhart, Hinton and Williams 1986, *Learning representations by back-propagating errors*;
/// Goodfellow, Bengio and Courville 2016, *Deep Learning*, section 6.5.6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linear {
    /// Whether b is there.
    pub bias: bool,
}

impl<T: Real> Op<T> for Linear {
    fn name(&self) -> &'static str {
        if self.bias { "Addmm" } else { "Mm" }
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        shape::arity("Linear", inputs, if self.bias { 3 } else { 2 })?;
        shape::linear("Linear", inputs[0], inputs[1], inputs.get(2).copied())
    }

    #[inline]
    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        let (x, weight) = (inputs[0], inputs[1]);
        let beta = if let Some(bias) = inputs.get(2) {
            let bias = bias.as_slice();
            if !bias.is_empty() {
                for z in output.as_mut_slice().chunks_exact_mut(bias.len()) {
                    z.copy_from_slice(bias);
                }
            }
            T::one()
        } else {
            T::zero()
        };
        // In memory Zᵀ = W Xᵀ: [out × N] = [in × out]ᵀ · [in × N].
        product((weight, Side::Transposed), (x, Side::Plain), beta, output);
    }

    fn backward(&self, args: &BackwardArgs<'_, T>, arg: usize, grad_input: &mut Matrix<T>) {
        share::<T, true>(args, arg, grad_input);
    }

    fn backward_first(&self, args: &BackwardArgs<'_, T>, arg: usize, grad_input: &mut Matrix<T>) {
        share::<T, false>(args, arg, grad_input);
    }

    fn rule(&self, _: &[&Shape]) -> Rule {
        let product = input(0).dot(input(1).t());
        let mut shares = vec![Share::Sent(grad().dot(input(1))), Share::Sent(grad().t().dot(input(0)))];
        if !self.bias {
            return Rule::new(product, shares);
        }
        shares.push(Share::Sent(grad().over(Reduction::Sum, 0)));
        Rule::new(product + input(2), shares)
    }
}

#[inline]
fn share<T: Real, const ADD: bool>(args: &BackwardArgs<'_, T>, arg: usize, grad_input: &mut Matrix<T>) {
    let dz = args.grad_output;
    let beta = if ADD { T::one() } else { T::zero() };
    match arg {
        // [in × N] = [in × out] · [out × N]
        0 => product((args.inputs[1], Side::Plain), (dz, Side::Plain), beta, grad_input),
        // [in × out] = [in × N] · [out × N]ᵀ
        1 => product((args.inputs[0], Side::Plain), (dz, Side::Transposed), beta, grad_input),
        _ => sum_over_samples::<T, ADD>(dz, grad_input.as_mut_slice()),
    }
}

/// g ← Σₙ dZₙ, or with `ADD` g ← g + Σₙ dZₙ.
pub(super) fn sum_over_samples<T: Real, const ADD: bool>(dz: &Matrix<T>, grad: &mut [T]) {
    vectorized(dz.len(), SumOverSamples::<_, ADD> { dz: dz.as_slice(), grad });
}

struct SumOverSamples<'a, T, const ADD: bool> {
    dz: &'a [T],
    grad: &'a mut [T],
}

impl<T: Real, const ADD: bool> Kernel for SumOverSamples<'_, T, ADD> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { dz, grad } = self;
        let mut samples = dz.chunks_exact(grad.len().max(1));
        if !ADD {
            match samples.next() {
                Some(first) => grad.copy_from_slice(first),
                None => grad.fill(T::zero()),
            }
        }
        for sample in samples {
            for (grad, &dz) in grad.iter_mut().zip(sample) {
                *grad += dz;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{backward_all, check_gradients, forward, rows};
    use super::*;

    #[test]
    fn a_product_by_hand() {
        // z = [1·2 + 2·3 + 0.5, −1·2 + 4·3 − 1] = [8.5, 9]
        let x = rows(&[&[2.0, 3.0]]);
        let (weight, bias) = (rows(&[&[1.0, 2.0], &[-1.0, 4.0]]), rows(&[&[0.5, -1.0]]));
        let op = Linear { bias: true };
        assert_eq!(forward(&op, &[&x, &weight, &bias]), rows(&[&[8.5, 9.0]]));
        // dx = dz W = [1·1 + 10·(−1), 1·2 + 10·4]; dW = dzᵀ x; db = dz
        let grads = backward_all(&op, &[&x, &weight, &bias], &rows(&[&[1.0, 10.0]]));
        assert_eq!(grads[0], rows(&[&[-9.0, 42.0]]));
        assert_eq!(grads[1], rows(&[&[2.0, 3.0], &[20.0, 30.0]]));
        assert_eq!(grads[2], rows(&[&[1.0, 10.0]]));
    }

    #[test]
    fn gradients_equal_differences() {
        let x = rows(&[&[2.0, 3.0, -1.0], &[0.5, 0.0, 1.5]]);
        let (weight, bias) = (rows(&[&[1.0, 2.0, 0.25], &[-1.0, 4.0, 3.0]]), rows(&[&[0.5, -1.0]]));
        check_gradients(&Linear { bias: true }, &[&x, &weight, &bias]);
        check_gradients(&Linear { bias: false }, &[&x, &weight]);
    }

    #[test]
    fn an_empty_batch_gives_zero_gradients() {
        let (x, weight, bias) =
            (Matrix::zeros(2, 0), rows(&[&[1.0, 2.0], &[-1.0, 4.0]]), rows(&[&[0.5, -1.0]]));
        let op = Linear { bias: true };
        assert_eq!(forward(&op, &[&x, &weight, &bias]).shape(), (2, 0));
        let grads = backward_all(&op, &[&x, &weight, &bias], &Matrix::zeros(2, 0));
        assert_eq!((&grads[1], &grads[2]), (&Matrix::zeros(2, 2), &Matrix::zeros(2, 1)));
    }
}
