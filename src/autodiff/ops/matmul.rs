//! Matrix products of values, as `torch.matmul` makes them for each sample.

use super::aligned::{Layout, summed};
use crate::algebra::{Expression, Operand, Size, grad, input, sizes_of};
use crate::autodiff::{BackwardArgs, Op, Rule, Share};
use crate::tensor::{Matrix, Real, Shape, ShapeError, Side, product_of_slices, shape};

/// Y = A B: `[…, a, k] · […, k, b]` → `[…, a, b]`; what stands before the last two sizes is broadcast, and N
/// with it. A value of one size is a row on the left and a column on the right.
///
/// dA = dY Bᵀ and dB = Aᵀ dY, each summed where it was repeated. No kinks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatMul {
    shapes: [Shape; 2],
    sizes: shape::MatMul,
    /// Of the sizes before the last two.
    lead: Layout,
}

impl MatMul {
    /// For inputs of these shapes.
    ///
    /// # Errors
    /// When their inner sizes differ.
    pub fn new(inputs: &[&Shape]) -> Result<Self, ShapeError> {
        shape::arity("Mm", inputs, 2)?;
        let sizes = shape::matmul("Mm", inputs[0], inputs[1])?;
        let lead = |shape: &Shape| {
            let dims = shape.dims();
            let dims = &dims[..dims.len().saturating_sub(2)];
            if shape.is_batched() { Shape::batched(dims) } else { Shape::fixed(dims) }
        };
        let leads = [lead(inputs[0]), lead(inputs[1])];
        let output =
            if sizes.output.is_batched() { Shape::batched(&sizes.lead) } else { Shape::fixed(&sizes.lead) };
        let lead = Layout::new(&[&leads[0], &leads[1]], &output);
        Ok(Self { shapes: [inputs[0].clone(), inputs[1].clone()], sizes, lead })
    }

    /// Whether B is the same for every row of A, so that all rows are one product.
    fn is_one_product(&self) -> bool {
        !self.shapes[1].is_batched() && self.shapes[1].dims().len() <= 2
    }

    /// `[rows, inner, columns]` of every product, and how many products there are.
    fn sizes(&self, n_output: usize) -> ([usize; 3], usize) {
        let [rows, inner, columns] = self.sizes.sizes;
        if self.is_one_product() {
            return ([n_output / columns.max(1), inner, columns], 1);
        }
        ([rows, inner, columns], n_output / (rows * columns).max(1))
    }

    /// Calls `run` with the places where each product's output and factors begin.
    fn products(&self, n_output: usize, mut run: impl FnMut([usize; 3], [usize; 3])) {
        let (sizes, n_products) = self.sizes(n_output);
        let [rows, inner, columns] = sizes;
        if self.is_one_product() {
            return run(sizes, [0, 0, 0]);
        }
        self.lead.walk([0, 1], n_products, |at, [a, b]| {
            run(sizes, [at * rows * columns, a * rows * inner, b * inner * columns]);
        });
    }

    /// The sizes of a factor as a rule writes it: a matrix, with ones where the other has more axes.
    fn written_sizes(&self, arg: usize) -> Vec<Size> {
        let shape = &self.shapes[arg];
        let dims = match (arg, shape.dims()) {
            (0, &[size]) => vec![1, size],
            (_, &[size]) => vec![size, 1],
            (_, dims) => dims.to_vec(),
        };
        let shape = if shape.is_batched() { Shape::batched(&dims) } else { Shape::fixed(&dims) };
        super::aligned::aligned(&shape, self.sizes.lead.len() + 2)
    }

    /// The rows of a batch times one matrix need no other axes.
    fn is_rows_times_matrix(&self) -> bool {
        let [a, b] = &self.shapes;
        a.is_batched() && a.dims().len() == 1 && !b.is_batched() && b.dims().len() == 2
    }

    fn written(&self, arg: usize) -> Expression<Operand> {
        let sizes = self.written_sizes(arg);
        if sizes == sizes_of(&self.shapes[arg]) { input(arg) } else { input(arg).reshape(sizes) }
    }
}

impl<T: Real> Op<T> for MatMul {
    fn name(&self) -> &'static str {
        match (self.shapes[0].dims().len(), self.shapes[1].dims().len()) {
            (1, 1) => "Dot",
            (2, 1) => "Mv",
            (1 | 2, 2) => "Mm",
            _ => "Bmm",
        }
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        shape::arity("Mm", inputs, 2)?;
        shape::matmul("Mm", inputs[0], inputs[1]).map(|product| product.output)
    }

    fn forward(&self, inputs: &[&Matrix<T>], output: &mut Matrix<T>, _: &mut Matrix<T>) {
        let (a, b) = (inputs[0].as_slice(), inputs[1].as_slice());
        let y = output.as_mut_slice();
        // In memory everything lies transposed: Yᵀ = Bᵀ Aᵀ.
        self.products(y.len(), |[rows, inner, columns], [at, i, j]| {
            product_of_slices(
                [columns, inner, rows],
                (&b[j..j + inner * columns], Side::Plain),
                (&a[i..i + rows * inner], Side::Plain),
                T::zero(),
                &mut y[at..at + rows * columns],
            );
        });
    }

    fn backward(&self, args: &BackwardArgs<'_, T>, arg: usize, grad_input: &mut Matrix<T>) {
        let (a, b) = (args.inputs[0].as_slice(), args.inputs[1].as_slice());
        let (g, to) = (args.grad_output.as_slice(), grad_input.as_mut_slice());
        self.products(g.len(), |[rows, inner, columns], [at, i, j]| {
            let g = &g[at..at + rows * columns];
            if arg == 0 {
                let b = &b[j..j + inner * columns];
                let to = &mut to[i..i + rows * inner];
                product_of_slices(
                    [inner, columns, rows],
                    (b, Side::Transposed),
                    (g, Side::Plain),
                    T::one(),
                    to,
                );
            } else {
                let a = &a[i..i + rows * inner];
                let to = &mut to[j..j + inner * columns];
                product_of_slices(
                    [columns, rows, inner],
                    (g, Side::Plain),
                    (a, Side::Transposed),
                    T::one(),
                    to,
                );
            }
        });
    }

    fn rule(&self, _: &[&Shape]) -> Rule {
        if self.is_rows_times_matrix() {
            let shares = [grad().dot(input(1).t()), input(0).t().dot(grad())];
            return Rule::new(input(0).dot(input(1)), shares.map(Share::Sent).to_vec());
        }
        let [rows, _, columns] = self.sizes.sizes;
        let output = sizes_of(&self.sizes.output);
        let batch = self.sizes.output.is_batched().then_some(Size::Batch);
        let lead: Vec<Size> =
            batch.into_iter().chain(self.sizes.lead.iter().map(|&size| Size::Fixed(size))).collect();
        let whole = |last: [usize; 2]| [lead.clone(), last.map(Size::Fixed).to_vec()].concat();
        let full = whole([rows, columns]);
        let is_whole = full == output;
        let product = self.written(0).dot(self.written(1));
        let value = if is_whole { product } else { product.reshape(output) };
        let grad = || if is_whole { grad() } else { grad().reshape(full.clone()) };
        let returned = |arg: usize, share: Expression<Operand>| {
            let to = self.written_sizes(arg);
            let last = [to[to.len() - 2], to[to.len() - 1]];
            let from = [lead.clone(), last.to_vec()].concat();
            Share::Sent(summed(share, &from, &to, &sizes_of(&self.shapes[arg])))
        };
        let shares =
            vec![returned(0, grad().dot(self.written(1).t())), returned(1, self.written(0).t().dot(grad()))];
        Rule::new(value, shares)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_product_of_two_matrices_by_hand() {
        let op = MatMul::new(&[&Shape::fixed(&[2, 3]), &Shape::fixed(&[3, 1])]).unwrap();
        // [[1, 2, 3], [4, 5, 6]] @ [[1], [0], [−1]] = [[−2], [−2]]
        let (a, b) = (
            Matrix::from_vec(3, 2, vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
            Matrix::from_vec(1, 3, vec![1.0, 0.0, -1.0]),
        );
        let mut y = Matrix::zeros(1, 2);
        let nothing = &mut Matrix::zeros(0, 0);
        op.forward(&[&a, &b], &mut y, nothing);
        assert_eq!(y.as_slice(), [-2.0, -2.0]);
        let g = Matrix::from_vec(1, 2, vec![1.0, 10.0]);
        let args = BackwardArgs { inputs: &[&a, &b], output: &y, grad_output: &g, workspace: nothing };
        let (mut da, mut db) = (Matrix::zeros(3, 2), Matrix::zeros(1, 3));
        op.backward(&args, 0, &mut da);
        op.backward(&args, 1, &mut db);
        assert_eq!(da.as_slice(), [1.0, 0.0, -1.0, 10.0, 0.0, -10.0]);
        assert_eq!(db.as_slice(), [41.0, 52.0, 63.0]);
    }
}
