//! The engine: products of the sizes that the workloads have, and both passes of every op.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Bencher, Criterion, Throughput, criterion_group};
use rand::RngExt;
use vastavirta::autodiff::{Clip, Op, Optimizer, OptimizerKind, ProgramBuilder, ops, random_stream};
use vastavirta::tensor::{Matrix, Shape, Side, product};

/// Features of one sample and samples of a batch, where ops are measured.
const FEATURES: usize = 64;
const BATCH: usize = 128;

/// Numbers in ±1.
fn numbers(rows: usize, cols: usize) -> Matrix<f32> {
    let mut rng = random_stream(1, 0);
    Matrix::from_fn(rows, cols, |_, _| rng.random_range(-1.0..1.0))
}

fn products(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("product, f32");
    // Rows, inner size, columns: forward, gradient of the input, gradient of the weight.
    let sizes = [(4, 2, 1), (64, 9, 32), (64, 64, 32), (256, 784, 128), (784, 128, 256), (1024, 1024, 1024)];
    for (m, k, n) in sizes {
        group.throughput(Throughput::Elements((m * k * n) as u64));
        for (name, a_side, b_side) in [
            ("forward", Side::Transposed, Side::Plain),
            ("input", Side::Plain, Side::Plain),
            ("weight", Side::Plain, Side::Transposed),
        ] {
            let a = if a_side == Side::Plain { numbers(m, k) } else { numbers(k, m) };
            let b = if b_side == Side::Plain { numbers(k, n) } else { numbers(n, k) };
            let mut c = Matrix::zeros(m, n);
            group.bench_function(format!("{m}×{k}×{n} {name}"), |bencher| {
                bencher.iter(|| product((black_box(&a), a_side), (black_box(&b), b_side), 0.0, &mut c));
            });
        }
    }
    group.finish();
}

/// An op and the shapes of its inputs.
type Case = (&'static str, Arc<dyn Op<f32>>, Vec<Shape>);

/// Both passes of one op on inputs of these shapes, those without a batch being parameters;
/// behind an op that is no loss stands half the sum of squares.
fn both_passes(bencher: &mut Bencher<'_>, op: Arc<dyn Op<f32>>, shapes: &[Shape]) {
    let mut builder = ProgramBuilder::<f32>::new().fuse(false);
    let input = |shape: &Shape| {
        if shape.is_batched() {
            builder.leaf("x", shape.clone())
        } else {
            builder.parameter("parameter", shape.clone())
        }
    };
    let inputs: Vec<_> = shapes.iter().map(input).collect();
    let output = builder.apply(op, &inputs).unwrap();
    // A loss is its own end; anything else needs one.
    let loss = if builder.shape(output) == &Shape::scalar() {
        output
    } else {
        let target = builder.leaf("target", builder.shape(output).clone());
        builder.apply(Arc::new(ops::HalfSumOfSquares), &[output, target]).unwrap()
    };
    builder.add_loss(loss, 1.0);
    let program = builder.finish().with_input_grads(true);
    let mut store = program.parameters();
    for id in store.ids() {
        let (rows, cols) = store.value(id).shape();
        store.value_mut(id).copy_from(&numbers(rows, cols));
    }
    let mut trace = program.trace(BATCH);
    let batched = inputs.into_iter().zip(shapes).filter(|(_, shape)| shape.is_batched());
    for (idx, (input, _)) in batched.enumerate() {
        // Probabilities suit every op and loss.
        let values = numbers(FEATURES, BATCH).map(|x| 0.5 + 0.4 * x / (idx + 1) as f32);
        trace.value_mut(input).copy_from(&values);
    }
    bencher.iter(|| {
        program.run(&mut store, &mut trace);
        black_box(program.total_loss(&trace))
    });
}

fn every_op(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group(format!("op, f32, [{BATCH}, {FEATURES}], both passes"));
    group.throughput(Throughput::Elements((BATCH * FEATURES) as u64));
    let cases: [(&str, Arc<dyn Op<f32>>, usize); 26] = [
        ("identity", Arc::new(ops::Identity), 1),
        ("relu", Arc::new(ops::Relu), 1),
        ("leaky_relu", Arc::new(ops::LeakyRelu { negative_slope: 0.01 }), 1),
        ("elu", Arc::new(ops::Elu { alpha: 1.0 }), 1),
        ("gelu", Arc::new(ops::Gelu), 1),
        ("silu", Arc::new(ops::Silu), 1),
        ("softplus", Arc::new(ops::Softplus), 1),
        ("sigmoid", Arc::new(ops::Sigmoid), 1),
        ("tanh", Arc::new(ops::Tanh), 1),
        ("softmax", Arc::new(ops::Softmax), 1),
        ("add", Arc::new(ops::Add), 2),
        ("add of 8", Arc::new(ops::Add), 8),
        ("multiply", Arc::new(ops::Multiply), 2),
        ("concat", Arc::new(ops::Concat), 2),
        ("dropout", Arc::new(ops::Dropout), 2),
        ("detach", Arc::new(ops::Barrier::Detach), 1),
        ("mse", Arc::new(ops::Mse), 2),
        ("half_sum_of_squares", Arc::new(ops::HalfSumOfSquares), 2),
        ("mae", Arc::new(ops::Mae), 2),
        ("huber", Arc::new(ops::Huber { delta: 1.0 }), 2),
        ("bce", Arc::new(ops::Bce), 2),
        ("bce_with_logits", Arc::new(ops::BceWithLogits), 2),
        ("cross_entropy", Arc::new(ops::CrossEntropy), 2),
        ("cross_entropy_with_logits", Arc::new(ops::CrossEntropyWithLogits), 2),
        ("sigmoid and bce, fused", Arc::new(ops::SigmoidBce), 2),
        ("softmax and cross_entropy, fused", Arc::new(ops::SoftmaxCrossEntropy), 2),
    ];
    let batched = || Shape::batched(&[FEATURES]);
    for (name, op, n_inputs) in cases {
        let shapes = vec![batched(); n_inputs];
        group.bench_function(name, |bencher| both_passes(bencher, Arc::clone(&op), &shapes));
    }
    let (weight, bias) = (Shape::fixed(&[FEATURES, FEATURES]), Shape::fixed(&[FEATURES]));
    let with_parameters: [Case; 3] = [
        ("linear", Arc::new(ops::Linear { bias: true }), vec![batched(), weight.clone(), bias.clone()]),
        ("linear, no bias", Arc::new(ops::Linear { bias: false }), vec![batched(), weight]),
        ("expand", Arc::new(ops::Expand { row: 0 }), vec![bias]),
    ];
    for (name, op, shapes) in with_parameters {
        group.bench_function(name, |bencher| both_passes(bencher, Arc::clone(&op), &shapes));
    }
    group.finish();
}

fn every_optimizer(criterion: &mut Criterion) {
    let mut builder = ProgramBuilder::<f32>::new();
    let x = builder.leaf("x", Shape::batched(&[256]));
    let target = builder.leaf("target", Shape::batched(&[256]));
    let weight = builder.parameter("weight", Shape::fixed(&[256, 256]));
    let z = builder.apply(Arc::new(ops::Linear { bias: false }), &[x, weight]).unwrap();
    let loss = builder.apply(Arc::new(ops::Mse), &[z, target]).unwrap();
    builder.add_loss(loss, 1.0);
    let program = builder.finish();
    let mut store = program.parameters();
    let mut trace = program.trace(1);
    trace.value_mut(x).copy_from(&numbers(256, 1));
    trace.value_mut(target).copy_from(&numbers(256, 1));
    program.run(&mut store, &mut trace);
    let mut group = criterion.benchmark_group("optimizer, f32, 65,536 numbers");
    group.throughput(Throughput::Elements(65_536));
    for (name, kind) in [
        ("sgd", OptimizerKind::Sgd { momentum: 0.0, nesterov: false, weight_decay: 0.0 }),
        ("sgd with momentum", OptimizerKind::Sgd { momentum: 0.9, nesterov: false, weight_decay: 0.0 }),
        ("rmsprop", OptimizerKind::RmsProp { alpha: 0.99, eps: 1e-8, weight_decay: 0.0, momentum: 0.0 }),
        ("adagrad", OptimizerKind::Adagrad { eps: 1e-10, weight_decay: 0.0 }),
        ("adam", OptimizerKind::Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0 }),
        ("adamw", OptimizerKind::AdamW { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.01 }),
    ] {
        let mut optimizer = Optimizer::new(kind, &store);
        group.bench_function(name, |bencher| {
            bencher.iter(|| program.update(&mut store, &mut optimizer, Clip::None, 1e-6));
        });
    }
    group.finish();
}

criterion_group!(benches, products, every_op, every_optimizer);
