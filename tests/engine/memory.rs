//! A training step after the first allocates nothing but the packing buffers of large products.

use std::sync::Arc;

use vastavirta::autodiff::{
    Clip, Op, Optimizer, OptimizerKind, ParameterStore, Program, ProgramBuilder, ValueId, clip, ops,
};
use vastavirta::network::{EdgeId, ParameterKey};
use vastavirta::tensor::{Real, Shape, run_kernels_inside};
use vastavirta::train::WeightPath;

/// Dense layers of these sizes with an activation between, and a loss at the end.
fn layers<T: Real>(
    sizes: &[usize],
    activation: &Arc<dyn Op<T>>,
    last: Option<Arc<dyn Op<T>>>,
    loss: Arc<dyn Op<T>>,
) -> (Program<T>, ParameterStore<T>) {
    let mut builder = ProgramBuilder::<T>::new();
    let mut value: ValueId = builder.leaf("x", Shape::batched(&sizes[..1]));
    let target = builder.leaf("target", Shape::batched(&sizes[sizes.len() - 1..]));
    for (idx, pair) in sizes.windows(2).enumerate() {
        let weight = builder.parameter("weight", Shape::fixed(&[pair[1], pair[0]]));
        let bias = builder.parameter("bias", Shape::fixed(&pair[1..]));
        value = builder.apply(Arc::new(ops::Linear { bias: true }), &[value, weight, bias]).unwrap();
        if idx + 2 < sizes.len() {
            value = builder.apply(Arc::clone(activation), &[value]).unwrap();
        }
    }
    if let Some(last) = last {
        value = builder.apply(last, &[value]).unwrap();
    }
    // A sum of nine values: more inputs than are gathered on the stack.
    value = builder.apply(Arc::new(ops::Add), &[value; 9]).unwrap();
    let loss = builder.apply(loss, &[value, target]).unwrap();
    builder.add_loss(loss, T::one());
    let program = builder.finish();
    let store = program.parameters();
    (program, store)
}

fn check<T: Real>(program: &Program<T>, store: &mut ParameterStore<T>, batch: usize, kind: OptimizerKind) {
    let mut trace = program.trace(batch);
    let mut optimizer = Optimizer::new(kind, store);
    let mut step = || {
        program.run(store, &mut trace);
        clip::by_norm(store, T::one());
        program.update(store, &mut optimizer, Clip::Value { clip_value: 1.0 }, 0.01);
    };
    step();
    let counted = allocation_counter::measure(|| (0..10).for_each(|_| step()));
    assert_eq!(counted.count_total, 0, "allocations in ten steps");
}

#[test]
fn recording_the_path_of_the_weights_allocates_nothing_between_two_looks_at_it() {
    let weights = vec![0.5; 1_000];
    let mut path = WeightPath::new(vec![(ParameterKey::Initial(EdgeId(1)), weights.len())]);
    let mut held = Vec::new();
    for look in 0..10 {
        let counted = allocation_counter::measure(|| {
            for step in look * 700..(look + 1) * 700 {
                if path.wants(step) {
                    path.push(step, |numbers| numbers.extend_from_slice(&weights));
                }
            }
        });
        assert_eq!(counted.count_total, 0, "allocations in 700 steps");
        held.push(path.shown());
        held.drain(..held.len().saturating_sub(2));
    }
    assert!(path.points().len() > 100);
}

#[test]
fn a_step_of_small_products_allocates_nothing_at_all() {
    let (program, mut store) = layers::<f32>(
        &[2, 4, 1],
        &(Arc::new(ops::Sigmoid) as _),
        Some(Arc::new(ops::Sigmoid)),
        Arc::new(ops::Mse),
    );
    check(&program, &mut store, 1, OptimizerKind::Sgd { momentum: 0.9, nesterov: true, weight_decay: 0.1 });
}

#[test]
fn a_step_of_large_products_allocates_only_packing_buffers() {
    run_kernels_inside(|kernel| allocation_counter::opt_out(kernel));
    for kind in [
        OptimizerKind::Sgd { momentum: 0.0, nesterov: false, weight_decay: 0.0 },
        OptimizerKind::RmsProp { alpha: 0.99, eps: 1e-8, weight_decay: 0.1, momentum: 0.9 },
        OptimizerKind::Adagrad { eps: 1e-10, weight_decay: 0.0 },
        OptimizerKind::Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0 },
        OptimizerKind::AdamW { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.01 },
    ] {
        let (program, mut store) = layers::<f32>(
            &[40, 64, 10],
            &(Arc::new(ops::Relu) as _),
            None,
            Arc::new(ops::CrossEntropyWithLogits),
        );
        check(&program, &mut store, 32, kind);
    }
}
