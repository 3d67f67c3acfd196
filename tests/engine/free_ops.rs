//! The ops of free operations with inputs that they take: for the rules' test, and for the batch axis.

use std::sync::Arc;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use vastavirta::autodiff::ops::{self, Pair, Total};
use vastavirta::autodiff::{BackwardArgs, Op};
use vastavirta::tensor::shape::Axis;
use vastavirta::tensor::{Matrix, Real, Shape};

pub(crate) type FreeCase<T> = (Arc<dyn Op<T>>, Vec<Shape>);

const PAIRS: [Pair; 11] = [
    Pair::Add,
    Pair::Sub,
    Pair::Mul,
    Pair::Div,
    Pair::Pow,
    Pair::Maximum,
    Pair::Minimum,
    Pair::Greater,
    Pair::GreaterEqual,
    Pair::Less,
    Pair::Equal,
];

/// Shapes of three inputs that can be broadcast: N where `batched` says so, sizes cut to 1 or left out.
fn broadcastable(rng: &mut ChaCha8Rng, batched: bool) -> [Shape; 3] {
    let full: Vec<usize> = (0..rng.random_range(0..=3)).map(|_| rng.random_range(1..=3)).collect();
    std::array::from_fn(|idx| {
        let skipped = if idx == 0 { 0 } else { rng.random_range(0..=full.len()) };
        let dims: Vec<usize> =
            full[skipped..].iter().map(|&size| if rng.random_bool(0.3) { 1 } else { size }).collect();
        let is_batched = batched && (idx == 0 || rng.random_bool(0.5));
        if is_batched { Shape::batched(&dims) } else { Shape::fixed(&dims) }
    })
}

/// What goes over an axis, on several of `x`.
fn over_axes<T: Real>(x: &Shape, cases: &mut Vec<FreeCase<T>>) {
    for dim in [-1, -2, isize::from(x.is_batched())] {
        cases.push((Arc::new(ops::SoftmaxOver::new(x, dim).unwrap()), vec![x.clone()]));
        cases.push((Arc::new(ops::SoftmaxOver::log(x, dim).unwrap()), vec![x.clone()]));
    }
    for (dim, at) in [(-1, x.dims().len() - 1), (-2, x.dims().len() - 2)] {
        let mut wide = x.dims().to_vec();
        wide[at] += 2;
        let wide = if x.is_batched() { Shape::batched(&wide) } else { Shape::fixed(&wide) };
        cases.push((Arc::new(ops::Join::concat(&[x, &wide], dim).unwrap()), vec![x.clone(), wide]));
    }
}

/// Every free op once or more often.
pub(crate) fn free_cases<T: Real>(f: usize, rng: &mut ChaCha8Rng) -> Vec<FreeCase<T>> {
    let mut cases: Vec<FreeCase<T>> = Vec::new();
    let one = |rng: &mut ChaCha8Rng| {
        let dims = [vec![f], vec![], vec![2, f]][rng.random_range(0..3)].clone();
        if rng.random_bool(0.7) { Shape::batched(&dims) } else { Shape::fixed(&dims) }
    };
    let unary: [Arc<dyn Op<T>>; 22] = [
        Arc::new(ops::Neg),
        Arc::new(ops::Exp),
        Arc::new(ops::Log),
        Arc::new(ops::Sqrt),
        Arc::new(ops::Sin),
        Arc::new(ops::Cos),
        Arc::new(ops::Tan),
        Arc::new(ops::Abs),
        Arc::new(ops::Softsign),
        Arc::new(ops::Sign),
        Arc::new(ops::Step),
        Arc::new(ops::Round),
        Arc::new(ops::Clamp { min: -1.0, max: 1.25 }),
        Arc::new(ops::Pow { exponent: 2.0 }),
        Arc::new(ops::Pow { exponent: 3.0 }),
        Arc::new(ops::Pow { exponent: 1.0 }),
        Arc::new(ops::Pow { exponent: 0.0 }),
        Arc::new(ops::Pow { exponent: -1.5 }),
        Arc::new(ops::Pow { exponent: 0.5 }),
        Arc::new(ops::Barrier::Detach),
        Arc::new(ops::Barrier::NoGrad),
        Arc::new(ops::Identity),
    ];
    for op in unary {
        cases.push((op, vec![one(rng)]));
    }
    for pair in PAIRS {
        let batched = rng.random_bool(0.7);
        let [a, b, _] = broadcastable(rng, batched);
        cases.push((Arc::new(ops::Binary::new(pair, &[&a, &b]).unwrap()), vec![a, b]));
    }
    let [a, b, c] = broadcastable(rng, true);
    let all = [&a, &b, &c];
    cases.push((Arc::new(ops::Where::new(&all).unwrap()), vec![a.clone(), b.clone(), c.clone()]));
    cases.push((Arc::new(ops::Fold::sum(&all).unwrap()), vec![a.clone(), b.clone(), c.clone()]));
    cases.push((Arc::new(ops::Fold::product(&all).unwrap()), vec![a.clone(), b.clone(), c.clone()]));
    for total in [Total::Sum, Total::Mean, Total::Min, Total::Max, Total::Prod, Total::Norm] {
        let keep = rng.random_bool(0.5);
        let x = [Shape::batched(&[f]), Shape::batched(&[2, f]), Shape::fixed(&[f, 2])]
            [rng.random_range(0..3)]
        .clone();
        let mut axes = vec![Axis::All, Axis::Feature(0), Axis::Feature(x.dims().len() - 1)];
        if x.is_batched() {
            axes.push(Axis::Samples);
        }
        for axis in axes {
            cases.push((Arc::new(ops::Reduce::new(total, axis, keep, &x).unwrap()), vec![x.clone()]));
        }
    }
    let k = rng.random_range(1..=3);
    let products = [
        (Shape::fixed(&[2, k]), Shape::fixed(&[k, 3])),
        (Shape::fixed(&[k]), Shape::fixed(&[k])),
        (Shape::fixed(&[2, k]), Shape::fixed(&[k])),
        (Shape::fixed(&[k]), Shape::fixed(&[k, 2])),
        (Shape::batched(&[k]), Shape::fixed(&[k, 2])),
        (Shape::batched(&[k]), Shape::batched(&[k])),
        (Shape::batched(&[2, k]), Shape::fixed(&[k, 3])),
        (Shape::fixed(&[2, k]), Shape::batched(&[k, 3])),
        (Shape::fixed(&[2, k]), Shape::batched(&[k])),
        (Shape::batched(&[2, k]), Shape::batched(&[k, 2])),
        (Shape::batched(&[3, 2, k]), Shape::batched(&[k, 2])),
        (Shape::batched(&[2, k]), Shape::fixed(&[3, k, 2])),
        (Shape::batched(&[3, 2, k]), Shape::fixed(&[1, k, 2])),
    ];
    for (a, b) in products {
        cases.push((Arc::new(ops::MatMul::new(&[&a, &b]).unwrap()), vec![a, b]));
    }
    for x in [Shape::batched(&[2, f]), Shape::fixed(&[f, 3]), Shape::batched(&[2, 2, f])] {
        cases.push((Arc::new(ops::Transpose::new(&x).unwrap()), vec![x.clone()]));
        cases.push((Arc::new(ops::Reshape { to: vec![x.features(), 1] }), vec![x.clone()]));
        cases.push((Arc::new(ops::Slice::run(&x, -1, [0, 1]).unwrap()), vec![x.clone()]));
        cases.push((
            Arc::new(
                ops::Slice::run(&x, -2, [1, 9]).unwrap_or_else(|_| ops::Slice::run(&x, -2, [0, 9]).unwrap()),
            ),
            vec![x.clone()],
        ));
        cases.push((Arc::new(ops::Slice::select(&x, -2, -1).unwrap()), vec![x.clone()]));
        cases.push((Arc::new(ops::Slice::select(&x, -1, 0).unwrap()), vec![x.clone()]));
        for dim in [-1, -2] {
            let two = [&x, &x];
            cases.push((Arc::new(ops::Join::stack(&two, dim).unwrap()), vec![x.clone(), x.clone()]));
        }
        over_axes(&x, &mut cases);
    }
    let x = Shape::batched(&[f]);
    cases.push((Arc::new(ops::Bernoulli), vec![x.clone(), x.clone()]));
    cases.push((Arc::new(ops::Normal { std: 0.5 }), vec![x.clone(), x]));
    cases
}

fn buffer(shape: &Shape, n: usize) -> Matrix<f64> {
    let (rows, columns) = shape.storage(n);
    Matrix::zeros(rows, columns)
}

/// Output and gradients of one run.
fn run(
    op: &dyn Op<f64>,
    shapes: &[Shape],
    inputs: &[Matrix<f64>],
    grad: &Matrix<f64>,
    n: usize,
) -> Vec<Matrix<f64>> {
    let of: Vec<&Shape> = shapes.iter().collect();
    let mut output = buffer(&op.infer_shape(&of).unwrap(), n);
    let inputs: Vec<&Matrix<f64>> = inputs.iter().collect();
    let mut nothing = Matrix::zeros(0, 0);
    op.forward(&inputs, &mut output, &mut nothing);
    let args = BackwardArgs { inputs: &inputs, output: &output, grad_output: grad, workspace: &nothing };
    let grads: Vec<Matrix<f64>> = inputs
        .iter()
        .enumerate()
        .map(|(arg, input)| {
            let mut to = input.map(|_| 0.0);
            if op.passes(arg) {
                op.backward_first(&args, arg, &mut to);
            }
            to
        })
        .collect();
    std::iter::once(output).chain(grads).collect()
}

#[test]
fn every_sample_gets_in_a_batch_what_it_gets_alone() {
    for (seed, n) in [1, 2, 3, 7].into_iter().cycle().take(24).enumerate() {
        let mut rng = ChaCha8Rng::seed_from_u64(seed as u64);
        let features = rng.random_range(1..=4);
        for (op, shapes) in free_cases::<f64>(features, &mut rng) {
            let of: Vec<&Shape> = shapes.iter().collect();
            let output = op.infer_shape(&of).unwrap();
            if !output.is_batched() {
                continue;
            }
            let mut random = |shape: &Shape| buffer(shape, n).map(|_| rng.random_range(0.25..2.0));
            let inputs: Vec<Matrix<f64>> = shapes.iter().map(&mut random).collect();
            let grad = random(&output);
            let whole = run(&*op, &shapes, &inputs, &grad, n);
            let mut sums: Vec<Matrix<f64>> = inputs.iter().map(|input| input.map(|_| 0.0)).collect();
            for sample in 0..n {
                let cut = |shape: &Shape, all: &Matrix<f64>| -> Matrix<f64> {
                    if shape.is_batched() { all.columns(sample, 1).into() } else { all.clone() }
                };
                let own: Vec<Matrix<f64>> = shapes.iter().zip(&inputs).map(|(s, all)| cut(s, all)).collect();
                let alone = run(&*op, &shapes, &own, &cut(&output, &grad), 1);
                assert_eq!(alone[0], cut(&output, &whole[0]), "{op:?}, sample {sample} of {n}");
                for (arg, shape) in shapes.iter().enumerate() {
                    if shape.is_batched() {
                        let difference = (&alone[arg + 1] - cut(shape, &whole[arg + 1])).amax();
                        assert!(difference <= 1e-14 * whole[arg + 1].amax().max(1.0), "{op:?}");
                    } else {
                        sums[arg] += &alone[arg + 1];
                    }
                }
            }
            for (arg, shape) in shapes.iter().enumerate().filter(|(_, shape)| !shape.is_batched()) {
                let difference = (&sums[arg] - &whole[arg + 1]).amax();
                assert!(
                    difference <= 1e-12 * sums[arg].amax().max(1.0),
                    "{op:?} {arg} {shape}: {difference}"
                );
            }
        }
    }
}
