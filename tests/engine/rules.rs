//! Every op's rule evaluates to what the op computes and sends back, and a rule that lies is caught.
//!
//! Both precisions, random shapes, batches of one and more, with saturated inputs, zeros and ties.

use std::sync::Arc;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use vastavirta::algebra::{
    Array, Entries, Entry, Evaluator, Expression, Function, Operand, concrete, grad, input, number, sizes_of,
};
use vastavirta::autodiff::{BackwardArgs, Blocked, Op, Rule, Share, ops};
use vastavirta::tensor::{Matrix, Real, Shape, ShapeError};

/// What the numbers of an input may be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Numbers {
    /// Any, with zeros, ties and saturation among them.
    Any,
    /// In [0, 1], with both ends among them.
    Probabilities,
    /// Rows of classes: one-hot, a distribution, or weights that do not sum to 1.
    Classes,
    /// What the op before computes from input 0.
    Activated(Activated),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Activated {
    Sigmoid,
    Softmax,
}

/// An op with inputs that it takes.
pub(super) struct Case<T: Real> {
    pub(super) op: Arc<dyn Op<T>>,
    pub(super) inputs: Vec<(Shape, Numbers)>,
}

fn case<T: Real>(op: impl Op<T> + 'static, inputs: Vec<(Shape, Numbers)>) -> Case<T> {
    Case { op: Arc::new(op), inputs }
}

/// Every op, for inputs of `f` features; what a test knows of, `every_op_is_tried` compares.
pub(super) fn cases<T: Real>(f: usize, rng: &mut ChaCha8Rng) -> Vec<Case<T>> {
    use Numbers::{Any, Classes, Probabilities};
    let any = |n: usize| vec![(Shape::batched(&[f]), Any); n];
    let with = |a: Numbers, y: Numbers| vec![(Shape::batched(&[f]), a), (Shape::batched(&[f]), y)];
    let fused = |a: Activated, y: Numbers| {
        let shape = || Shape::batched(&[f]);
        vec![(shape(), Any), (shape(), Numbers::Activated(a)), (shape(), y)]
    };
    let out = rng.random_range(1..=4);
    let linear = |bias: bool| {
        let bias = bias.then(|| (Shape::fixed(&[out]), Any));
        let x_and_w = [(Shape::batched(&[f]), Any), (Shape::fixed(&[out, f]), Any)];
        x_and_w.into_iter().chain(bias).collect::<Vec<_>>()
    };
    let concat: Vec<_> = [f, out, 1].iter().map(|&n| (Shape::batched(&[n]), Any)).collect();
    let free = crate::free_ops::free_cases(f, rng)
        .into_iter()
        .map(|(op, shapes)| Case { op, inputs: shapes.into_iter().map(|shape| (shape, Any)).collect() });
    let mut cases = vec![
        case(ops::Add, any(2)),
        case(ops::Add, any(3)),
        case(ops::Multiply, any(2)),
        case(ops::Multiply, any(4)),
        case(ops::Multiply, any(1)),
        case(ops::Linear { bias: true }, linear(true)),
        case(ops::Linear { bias: false }, linear(false)),
        case(ops::Relu, any(1)),
        case(ops::LeakyRelu { negative_slope: 0.25 }, any(1)),
        case(ops::Elu { alpha: 0.75 }, any(1)),
        case(ops::Sigmoid, any(1)),
        case(ops::Tanh, any(1)),
        case(ops::Softplus, any(1)),
        case(ops::Silu, any(1)),
        case(ops::Gelu, any(1)),
        case(ops::Softmax, any(1)),
        case(ops::Identity, any(1)),
        case(ops::Barrier::Detach, any(1)),
        case(ops::Concat, concat),
        case(ops::Expand { row: 0 }, vec![(Shape::fixed(&[f]), Any)]),
        case(ops::Expand { row: 1 }, vec![(Shape::fixed(&[3, f]), Any)]),
        case(ops::Dropout, any(2)),
        case(ops::Mse, any(2)),
        case(ops::HalfSumOfSquares, any(2)),
        case(ops::Mae, any(2)),
        case(ops::Huber { delta: 1.25 }, any(2)),
        case(ops::Bce, with(Probabilities, Probabilities)),
        case(ops::BceWithLogits, with(Any, Probabilities)),
        case(ops::SigmoidBce, fused(Activated::Sigmoid, Probabilities)),
        case(ops::CrossEntropy, with(Probabilities, Classes)),
        case(ops::CrossEntropyWithLogits, with(Any, Classes)),
        case(ops::SoftmaxCrossEntropy, fused(Activated::Softmax, Classes)),
    ];
    cases.extend(free);
    cases
}

fn numbers<T: Real>(kind: Numbers, shape: &Shape, batch: usize, rng: &mut ChaCha8Rng) -> Matrix<T> {
    let (rows, columns) = shape.storage(batch);
    let mut any = |ends: &[f64], from: f64, to: f64| {
        let pick = rng.random_range(0..3 * ends.len());
        ends.get(pick).copied().unwrap_or_else(|| rng.random_range(from..to))
    };
    match kind {
        Numbers::Any | Numbers::Activated(_) => Matrix::from_fn(rows, columns, |_, _| {
            // 1.25 is the kink of Huber's loss, 20 softplus's threshold.
            T::of(any(&[0.0, -0.0, 1.0, 1.25, 20.0, -20.0, 700.0, -700.0], -3.0, 3.0))
        }),
        Numbers::Probabilities => Matrix::from_fn(rows, columns, |_, _| T::of(any(&[0.0, 1.0], 0.0, 1.0))),
        Numbers::Classes => {
            let mut classes = Matrix::zeros(rows, columns);
            for mut sample in classes.column_iter_mut() {
                match rng.random_range(0..3) {
                    0 => sample[rng.random_range(0..rows)] = T::one(),
                    1 => sample.fill(T::one() / T::from_count(rows)),
                    _ => sample.iter_mut().for_each(|y| *y = T::of(rng.random_range(0.0..2.0))),
                }
            }
            classes
        }
    }
}

/// One op with numbers.
struct Trial<T: Real> {
    op: Arc<dyn Op<T>>,
    batch: usize,
    shapes: Vec<Shape>,
    inputs: Vec<Matrix<T>>,
    output_shape: Shape,
    output: Matrix<T>,
    workspace: Matrix<T>,
    grad: Matrix<T>,
}

impl<T: Real> Trial<T> {
    fn new(case: &Case<T>, batch: usize, rng: &mut ChaCha8Rng) -> Self {
        let shapes: Vec<Shape> = case.inputs.iter().map(|(shape, _)| shape.clone()).collect();
        let mut inputs: Vec<Matrix<T>> = Vec::new();
        for (shape, kind) in &case.inputs {
            let mut input = numbers(*kind, shape, batch, rng);
            if let (Numbers::Activated(activation), Some(z)) = (kind, inputs.first()) {
                let nothing = &mut Matrix::zeros(0, 0);
                match activation {
                    Activated::Sigmoid => ops::Sigmoid.forward(&[z], &mut input, nothing),
                    Activated::Softmax => ops::Softmax.forward(&[z], &mut input, nothing),
                }
            }
            inputs.push(input);
        }
        // Ties between the first two inputs.
        if let [a, y, ..] = inputs.as_mut_slice()
            && a.shape() == y.shape()
            && !case.inputs.iter().any(|(_, kind)| matches!(kind, Numbers::Activated(_) | Numbers::Classes))
            && rng.random_bool(0.5)
        {
            let tied = rng.random_range(0..a.len());
            y[tied] = a[tied];
        }
        Self::with(Arc::clone(&case.op), batch, shapes, inputs, rng)
    }

    fn with(
        op: Arc<dyn Op<T>>,
        batch: usize,
        shapes: Vec<Shape>,
        inputs: Vec<Matrix<T>>,
        rng: &mut ChaCha8Rng,
    ) -> Self {
        let of: Vec<&Shape> = shapes.iter().collect();
        let output_shape = op.infer_shape(&of).unwrap();
        let buffer = |shape: &Shape| {
            let (rows, columns) = shape.storage(batch);
            Matrix::from_element(rows, columns, T::zero())
        };
        let mut output = buffer(&output_shape);
        let mut workspace = op.workspace(&of).as_ref().map_or_else(|| Matrix::zeros(0, 0), buffer);
        op.forward(&inputs.iter().collect::<Vec<_>>(), &mut output, &mut workspace);
        let grad = output.map(|_| T::of(rng.random_range(-2.0..2.0)));
        Self { op, batch, shapes, inputs, output_shape, output, workspace, grad }
    }

    fn rule(&self) -> Rule {
        self.op.rule(&self.shapes.iter().collect::<Vec<_>>())
    }

    fn shape(&self, operand: Operand) -> &Shape {
        match operand {
            Operand::Input(arg) => &self.shapes[arg],
            Operand::Output | Operand::Grad => &self.output_shape,
        }
    }

    fn array(&self, operand: Operand) -> Array<T> {
        let matrix = match operand {
            Operand::Input(arg) => &self.inputs[arg],
            Operand::Output => &self.output,
            Operand::Grad => &self.grad,
        };
        Array::from_matrix(concrete(&sizes_of(self.shape(operand)), self.batch), matrix)
    }

    fn evaluate(&self, expression: &Expression<Operand>) -> Result<Array<T>, String> {
        let leaf = |operand: &Operand| self.array(*operand);
        Evaluator::new(self.batch, &leaf).evaluate(expression).map_err(|misfit| misfit.to_string())
    }

    /// What backward gives an argument: added to zeros, and set.
    fn sent(&self, arg: usize, grad_output: &Matrix<T>) -> [Matrix<T>; 2] {
        let inputs: Vec<&Matrix<T>> = self.inputs.iter().collect();
        let args =
            BackwardArgs { inputs: &inputs, output: &self.output, grad_output, workspace: &self.workspace };
        let mut added = self.inputs[arg].map(|_| T::zero());
        self.op.backward(&args, arg, &mut added);
        let mut set = self.inputs[arg].map(|_| T::of(7.0));
        self.op.backward_first(&args, arg, &mut set);
        [added, set]
    }

    /// Whether an expression evaluates to what the engine computed, within tol · max(1, Σ|terms|).
    fn agrees(&self, expression: &Expression<Operand>, engine: &Matrix<T>, what: &str) -> Result<(), String> {
        let value = self.evaluate(expression)?;
        let terms = self.evaluate(&expression.absolute_terms())?;
        if value.data().len() != engine.len() {
            return Err(format!("{:?} {what}: {} numbers for {}", self.op, value.data().len(), engine.len()));
        }
        for ((stated, computed), terms) in value.data().iter().zip(engine.iter()).zip(terms.data()) {
            close(stated.to_f64(), computed.to_f64(), terms.to_f64(), tolerance::<T>())
                .map_err(|text| format!("{:?} {what}: {text}; {:?}", self.op, self.inputs))?;
        }
        Ok(())
    }

    /// The whole rule against the engine.
    fn check(&self) -> Result<(), String> {
        let rule = self.rule();
        let sizes = |operand: &Operand| sizes_of(self.shape(*operand));
        let fits = |expression: &Expression<Operand>, shape: &Shape, what: &str| {
            let found = expression.sizes(&sizes).map_err(|misfit| format!("{:?}: {misfit}", self.op))?;
            if found == sizes_of(shape) { Ok(()) } else { Err(format!("{:?} {what}: {found:?}", self.op)) }
        };
        fits(&rule.value, &self.output_shape, "value")?;
        self.agrees(&rule.value, &self.output, "value")?;
        if rule.shares.len() != self.inputs.len() {
            return Err(format!("{:?}: {} shares", self.op, rule.shares.len()));
        }
        for (arg, share) in rule.shares.iter().enumerate() {
            match share {
                Share::Blocked(why) if self.op.blocked(arg) == Some(*why) => {}
                Share::Blocked(_) => return Err(format!("{:?}: argument {arg} is blocked", self.op)),
                Share::Sent(_) if !self.op.passes(arg) => return Err(format!("{:?}: {arg} passes", self.op)),
                Share::Sent(share) => {
                    let what = format!("share {arg}");
                    if !share.is_linear_in(&|operand| *operand == Operand::Grad) {
                        return Err(format!("{:?} {what} is not linear", self.op));
                    }
                    fits(share, &self.shapes[arg], &what)?;
                    for engine in self.sent(arg, &self.grad) {
                        self.agrees(share, &engine, &what)?;
                    }
                }
            }
        }
        Ok(())
    }
}

fn tolerance<T: Real>() -> f64 {
    if T::NAME == "f32" { 1e-5 } else { 1e-10 }
}

fn close(stated: f64, computed: f64, terms: f64, tolerance: f64) -> Result<(), String> {
    let same = stated == computed || (stated.is_nan() && computed.is_nan());
    if same || (stated - computed).abs() <= tolerance * terms.max(1.0) {
        Ok(())
    } else {
        Err(format!("the rule says {stated}, the engine {computed}, Σ|terms| is {terms}"))
    }
}

fn every_rule_agrees<T: Real>() {
    for seed in 0..120 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let (features, batch) = (rng.random_range(1..=5), rng.random_range(1..=6));
        for case in cases::<T>(features, &mut rng) {
            Trial::new(&case, batch, &mut rng).check().unwrap();
        }
    }
}

#[test]
fn every_rule_evaluates_to_what_the_engine_computes_in_double_precision() {
    every_rule_agrees::<f64>();
}

#[test]
fn every_rule_evaluates_to_what_the_engine_computes_in_single_precision() {
    every_rule_agrees::<f32>();
}

#[test]
fn every_op_is_tried() {
    let tried: Vec<String> = cases::<f64>(2, &mut ChaCha8Rng::seed_from_u64(0))
        .iter()
        .map(|case| format!("{:?}", case.op).split([' ', '{', '(']).next().unwrap_or_default().to_owned())
        // One op of two forms, told by its form.
        .map(|name| if ["Detach", "NoGrad"].contains(&name.as_str()) { "Barrier".to_owned() } else { name })
        .collect();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/autodiff/ops/mod.rs");
    let text = std::fs::read_to_string(folder).unwrap();
    let exported = text.lines().filter_map(|line| line.strip_prefix("pub use ")?.split_once("::"));
    let names = exported.flat_map(|(_, names)| {
        let names = names.trim_matches(['{', '}', ';']);
        names.split(',').map(|name| name.trim_matches([' ', '{', '}', ';']).to_owned()).collect::<Vec<_>>()
    });
    // What an op is told to do is no op.
    let names = names.filter(|name| !matches!(name.as_str(), "Pair" | "Total"));
    let untried: Vec<String> = names.filter(|name| !tried.contains(name)).collect();
    assert!(untried.is_empty(), "{untried:?} have no case in this file");
}

#[test]
fn entries_and_local_derivatives_follow_from_the_rules() {
    for seed in 0..20 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        for case in cases::<f64>(3, &mut rng) {
            let trial = Trial::new(&case, 2, &mut rng);
            let rule = trial.rule();
            let sizes = |operand: &Operand| sizes_of(trial.shape(*operand));
            let entries = Entries::new(2, &sizes);
            let number = |entry: &Entry<Operand>| {
                let array = trial.array(entry.of);
                let place =
                    entry.index.iter().zip(array.sizes()).fold(0, |place, (at, size)| place * size + at);
                Array::scalar(array.data()[place])
            };
            let value_of = |scalar: &Expression<Entry<Operand>>| {
                let [mut of_arrays, mut of_numbers] =
                    [Evaluator::new(2, &number), Evaluator::new(2, &number)];
                let value = of_arrays.evaluate(scalar).unwrap().data()[0];
                let same = of_numbers.evaluate_number(scalar).unwrap();
                assert_eq!(value.to_bits(), same.to_bits(), "{:?}: {scalar:?}", trial.op);
                assert_eq!(of_arrays.multiplications(), of_numbers.multiplications(), "{:?}", trial.op);
                value
            };
            let output_sizes = concrete(&sizes_of(&trial.output_shape), 2);
            for (place, &computed) in trial.output.iter().enumerate() {
                let entry = entries.entry(&rule.value, &unravel(place, &output_sizes)).unwrap();
                let terms = value_of(&entry.absolute_terms());
                close(value_of(&entry), computed, terms, 1e-10)
                    .unwrap_or_else(|text| panic!("{:?}: {text}", trial.op));
            }
            for (arg, share) in rule.shares.iter().enumerate() {
                let Share::Sent(share) = share else { continue };
                let input_sizes = concrete(&sizes_of(&trial.shapes[arg]), 2);
                for out in 0..trial.output.len() {
                    let mut unit = trial.output.map(|_| 0.0);
                    unit[out] = 1.0;
                    let leaf = Entry { of: Operand::Grad, index: unravel(out, &output_sizes) };
                    let [sent, _] = trial.sent(arg, &unit);
                    for (place, &computed) in sent.iter().enumerate() {
                        // Nothing times an infinite slope is no number, in PyTorch as well.
                        if computed.is_nan() {
                            continue;
                        }
                        let entry = entries.entry(share, &unravel(place, &input_sizes)).unwrap();
                        let factor = entry.coefficient(&leaf, &|entry| entry.of == Operand::Grad);
                        let (stated, terms) =
                            factor.map_or((0.0, 0.0), |it| (value_of(&it), value_of(&it.absolute_terms())));
                        close(stated, computed, terms, 1e-10)
                            .unwrap_or_else(|text| panic!("{:?} {arg} {place} {out}: {text}", trial.op));
                    }
                }
            }
        }
    }
}

fn unravel(mut place: usize, sizes: &[usize]) -> Vec<usize> {
    let mut index = vec![0; sizes.len()];
    for (at, &size) in index.iter_mut().zip(sizes).rev() {
        *at = place % size;
        place /= size;
    }
    index
}

/// An honest op under a rule of its own.
#[derive(Debug)]
struct Planted {
    op: Arc<dyn Op<f64>>,
    lie: fn(Rule) -> Rule,
}

impl Op<f64> for Planted {
    fn name(&self) -> &'static str {
        self.op.name()
    }

    fn infer_shape(&self, inputs: &[&Shape]) -> Result<Shape, ShapeError> {
        self.op.infer_shape(inputs)
    }

    fn forward(&self, inputs: &[&Matrix<f64>], output: &mut Matrix<f64>, workspace: &mut Matrix<f64>) {
        self.op.forward(inputs, output, workspace);
    }

    fn backward(&self, args: &BackwardArgs<'_, f64>, arg: usize, grad_input: &mut Matrix<f64>) {
        self.op.backward(args, arg, grad_input);
    }

    fn blocked(&self, arg: usize) -> Option<Blocked> {
        self.op.blocked(arg)
    }

    fn rule(&self, inputs: &[&Shape]) -> Rule {
        (self.lie)(self.op.rule(inputs))
    }
}

/// The rule with another share for its first argument.
fn with_share(mut rule: Rule, share: Expression<Operand>) -> Rule {
    rule.shares[0] = Share::Sent(share);
    rule
}

#[test]
fn a_rule_that_lies_is_caught() {
    /// Whose rule it is, the op, what its rule says instead.
    type Lie = (&'static str, fn() -> Arc<dyn Op<f64>>, fn(Rule) -> Rule);
    let lies: [Lie; 6] = [
        ("MseLoss", || Arc::new(ops::Mse), |rule| with_share(rule, (input(0) - input(1)) * grad())),
        (
            "Addmm",
            || Arc::new(ops::Linear { bias: true }),
            |rule| with_share(rule, grad().dot(input(1)) + number(0.5)),
        ),
        (
            "Sigmoid",
            || Arc::new(ops::Sigmoid),
            |rule| {
                let at_z = input(0) * (1.0 - input(0));
                with_share(rule, grad() * at_z)
            },
        ),
        (
            "SoftmaxCrossEntropy",
            || Arc::new(ops::SoftmaxCrossEntropy),
            |rule| {
                // As if every target row summed to 1.
                with_share(rule, (input(1) - input(2)) * grad() / Expression::BatchSize)
            },
        ),
        ("Mul", || Arc::new(ops::Multiply), |rule| with_share(rule, grad() * input(0))),
        (
            "Softplus",
            || Arc::new(ops::Softplus),
            |mut rule| {
                // Without the threshold, e^700 and then ln(1 + ∞) are still right; −Z is not.
                rule.value = (-input(0)).apply(Function::Exp).apply(Function::Ln1p);
                rule
            },
        ),
    ];
    for (name, op, lie) in lies {
        let caught = (0..20).any(|seed| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            let cases = cases::<f64>(3, &mut rng);
            let debug = format!("{:?}", op());
            let case = cases.iter().find(|case| format!("{:?}", case.op) == debug).unwrap();
            let honest = Trial::new(case, 3, &mut rng);
            honest.check().unwrap();
            let planted = Trial { op: Arc::new(Planted { op: op(), lie }), ..honest };
            planted.check().is_err()
        });
        assert!(caught, "the wrong rule of {name} passes");
    }
}
