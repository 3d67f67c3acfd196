//! Ten steps of every optimizer against PyTorch, clipping, and states that are saved and read back.

use std::sync::Arc;

use vastavirta::autodiff::{
    Clip, Optimizer, OptimizerKind, ParameterStore, Program, ProgramBuilder, Trace, clip, ops,
};
use vastavirta::tensor::{Matrix, Real, Shape};
use vastavirta::train::with_product_threads;

use crate::case::{both_precisions, compare, matrix, read};

/// loss = Σ scale·(w − target)², built from ops.
fn bowl<T: Real>(scale: &Matrix<T>, target: &Matrix<T>) -> (Program<T>, ParameterStore<T>, Trace<T>) {
    let mut builder = ProgramBuilder::<T>::new();
    let row = Shape::batched(&[3]);
    let w = builder.parameter("w", Shape::fixed(&[3]));
    let minus_target = builder.leaf("minus target", row.clone());
    let scales = builder.leaf("scale", row);
    let ones = builder.leaf("ones", Shape::fixed(&[1, 3]));
    let w_row = builder.apply(Arc::new(ops::Expand { row: 0 }), &[w]).unwrap();
    let distance = builder.apply(Arc::new(ops::Add), &[w_row, minus_target]).unwrap();
    let terms = builder.apply(Arc::new(ops::Multiply), &[distance, distance, scales]).unwrap();
    let loss = builder.apply(Arc::new(ops::Linear { bias: false }), &[terms, ones]).unwrap();
    builder.add_loss(loss, T::one());
    let program = builder.finish();
    let mut trace = program.trace(1);
    trace.value_mut(minus_target).copy_from(&(-target));
    trace.value_mut(scales).copy_from(scale);
    trace.value_mut(ones).fill(T::one());
    let mut store = program.parameters();
    let id = store.ids().next().unwrap();
    store.value_mut(id).copy_from_slice(&[1.0, -2.0, 0.5].map(T::of));
    (program, store, trace)
}

fn check<T: Real>(name: &str, kind: OptimizerKind, learning_rate: f64) {
    let json = read(&format!("optimizer_{name}"));
    let (program, mut store, mut trace) = bowl::<T>(&matrix(&json["scale"]), &matrix(&json["target"]));
    let id = store.ids().next().unwrap();
    let mut optimizer = Optimizer::new(kind, &store);
    for (idx, step) in json["steps"].as_array().unwrap().iter().enumerate() {
        program.run(&mut store, &mut trace);
        let total = Matrix::from_element(1, 1, program.total_loss(&trace));
        compare(&format!("loss before step {idx}"), &total, &step["loss"]);
        compare(&format!("gradient of step {idx}"), store.grad(id).unwrap(), &step["gradient"]);
        let mut foreseen = store.value(id).clone();
        optimizer.preview(&store, id, learning_rate).unwrap().updated(foreseen.as_mut_slice());

        // Half way, everything the optimizer remembers moves into a fresh one, as after a load.
        if idx == 5 {
            let mut fresh = Optimizer::new(kind, &store);
            fresh.set_steps(id, optimizer.steps(id));
            for name in kind.state_names() {
                fresh.state_mut(id, name).unwrap().copy_from(optimizer.state(id, name).unwrap());
            }
            optimizer = fresh;
        }
        program.update(&mut store, &mut optimizer, Clip::None, learning_rate);
        compare(&format!("w after step {idx}"), store.value(id), &step["w_after"]);
        compare(&format!("w foreseen for step {idx}"), &foreseen, &step["w_after"]);
    }
    assert_eq!(optimizer.steps(id), 10);
}

fn sgd(momentum: f64, nesterov: bool, weight_decay: f64) -> OptimizerKind {
    OptimizerKind::Sgd { momentum, nesterov, weight_decay }
}

both_precisions! {
    fn plain_sgd<T>() { check::<T>("sgd_lr0.1", sgd(0.0, false, 0.0), 0.1) }
    fn sgd_with_momentum<T>() { check::<T>("sgd_momentum0.9_lr0.1", sgd(0.9, false, 0.0), 0.1) }
    fn sgd_with_nesterov<T>() { check::<T>("sgd_nesterov0.9_lr0.1", sgd(0.9, true, 0.0), 0.1) }
    fn sgd_with_weight_decay<T>() { check::<T>("sgd_weight_decay0.01_lr0.1", sgd(0.0, false, 0.01), 0.1) }
    fn rmsprop<T>() {
        let kind = OptimizerKind::RmsProp { alpha: 0.99, eps: 1e-8, weight_decay: 0.0, momentum: 0.0 };
        check::<T>("rmsprop_lr0.01", kind, 0.01);
    }
    fn adagrad<T>() {
        check::<T>("adagrad_lr0.1", OptimizerKind::Adagrad { eps: 1e-10, weight_decay: 0.0 }, 0.1);
    }
    fn adam<T>() {
        let kind = OptimizerKind::Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0 };
        check::<T>("adam_lr0.01", kind, 0.01);
    }
    fn adamw<T>() {
        let kind = OptimizerKind::AdamW { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.1 };
        check::<T>("adamw_lr0.01_wd0.1", kind, 0.01);
    }

    fn a_step_foreseen_is_the_step_taken_bit_by_bit<T>() {
        let kinds = [
            sgd(0.0, false, 0.01),
            sgd(0.9, true, 0.01),
            OptimizerKind::RmsProp { alpha: 0.99, eps: 1e-8, weight_decay: 0.01, momentum: 0.0 },
            OptimizerKind::RmsProp { alpha: 0.99, eps: 1e-8, weight_decay: 0.01, momentum: 0.9 },
            OptimizerKind::Adagrad { eps: 1e-10, weight_decay: 0.01 },
            OptimizerKind::Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.01 },
            OptimizerKind::AdamW { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.1 },
        ];
        for n in [1, 511, 512, 513, 70_001] {
            for kind in kinds {
                with_product_threads(|| foresees_every_step::<T>(kind, n));
            }
        }
    }

    fn clipping_by_norm<T>() {
        let json = read("clip_by_norm");
        let (program, mut store) = linear_loss::<T>();
        let mut trace = program.trace(1);
        program.backward(&mut store, &mut trace);
        let ids: Vec<_> = store.ids().collect();
        store.grad_mut(ids[0]).unwrap().copy_from_slice(&[3.0, 4.0].map(T::of));
        store.grad_mut(ids[1]).unwrap().copy_from_slice(&[12.0].map(T::of));
        let norm = clip::by_norm(&mut store, T::of(6.5));
        compare("norm", &Matrix::from_element(1, 1, norm), &json["norm"]);
        for (id, expected) in ids.iter().zip(json["clipped"].as_array().unwrap()) {
            compare("clipped", store.grad(*id).unwrap(), expected);
        }
        let before = store.grad(ids[0]).unwrap().clone();
        clip::by_norm(&mut store, T::of(100.0));
        assert_eq!(store.grad(ids[0]).unwrap(), &before, "short gradients stay as they are");
    }

    fn clipping_by_value<T>() {
        let (program, mut store) = linear_loss::<T>();
        let mut trace = program.trace(1);
        program.backward(&mut store, &mut trace);
        let ids: Vec<_> = store.ids().collect();
        store.grad_mut(ids[0]).unwrap().copy_from_slice(&[-3.0, 0.25].map(T::of));
        clip::by_value(&mut store, T::of(0.5));
        compare("clipped", store.grad(ids[0]).unwrap(), &serde_json::json!([-0.5, 0.25]));
    }
}

/// Three steps of a parameter of `n` numbers.
fn foresees_every_step<T: Real>(kind: OptimizerKind, n: usize) {
    let mut builder = ProgramBuilder::<T>::new();
    let w = builder.parameter("w", Shape::fixed(&[1, n]));
    let x = builder.leaf("x", Shape::batched(&[n]));
    let loss = builder.apply(Arc::new(ops::Linear { bias: false }), &[x, w]).unwrap();
    builder.add_loss(loss, T::one());
    let program = builder.finish();
    let (mut store, mut trace) = (program.parameters(), program.trace(1));
    let id = store.ids().next().unwrap();
    let mut optimizer = Optimizer::new(kind, &store);
    for step in 0..3 {
        let at = |idx: usize| T::of((idx as f64 * 0.37 + f64::from(step) + 0.5).sin());
        trace.value_mut(x).iter_mut().enumerate().for_each(|(idx, x)| *x = at(idx));
        program.run(&mut store, &mut trace);
        let before = store.value(id).clone();
        let [mut updated, mut change] = [before.clone(), before.clone()];
        let preview = optimizer.preview(&store, id, 0.05).unwrap();
        preview.updated(updated.as_mut_slice());
        preview.change(change.as_mut_slice());
        program.update(&mut store, &mut optimizer, Clip::None, 0.05);
        assert_eq!(&updated, store.value(id), "{kind:?}, {n} numbers, step {step}");
        assert_eq!(change, store.value(id) - &before, "{kind:?}, {n} numbers, step {step}");
        let n_moved = change.iter().filter(|d| **d != T::zero()).count();
        assert!(n_moved * 10 >= n * 9, "{kind:?}: {n_moved} of {n} numbers move");
    }
}

/// A program with parameters of two numbers and of one.
fn linear_loss<T: Real>() -> (Program<T>, ParameterStore<T>) {
    let mut builder = ProgramBuilder::<T>::new();
    let x = builder.leaf("x", Shape::batched(&[2]));
    let target = builder.leaf("target", Shape::batched(&[1]));
    let weight = builder.parameter("weight", Shape::fixed(&[1, 2]));
    let bias = builder.parameter("bias", Shape::fixed(&[1]));
    let z = builder.apply(Arc::new(ops::Linear { bias: true }), &[x, weight, bias]).unwrap();
    let loss = builder.apply(Arc::new(ops::Mse), &[z, target]).unwrap();
    builder.add_loss(loss, T::one());
    let program = builder.finish();
    let store = program.parameters();
    (program, store)
}

#[test]
fn a_parameter_without_a_gradient_is_left_alone() {
    let (program, mut store) = linear_loss::<f64>();
    let ids: Vec<_> = store.ids().collect();
    store.set_trainable(ids[1], false);
    let mut trace = program.trace(1);
    let kind = OptimizerKind::AdamW { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.1 };
    let mut optimizer = Optimizer::new(kind, &store);
    store.value_mut(ids[1])[0] = 5.0;
    program.run(&mut store, &mut trace);
    program.update(&mut store, &mut optimizer, Clip::None, 0.1);
    assert_eq!((store.value(ids[1])[0], optimizer.steps(ids[1])), (5.0, 0));
    assert_eq!(optimizer.steps(ids[0]), 1);
}

#[test]
fn a_change_of_settings_keeps_what_the_optimizer_remembers() {
    let (_, store) = linear_loss::<f64>();
    let id = store.ids().next().unwrap();
    let mut optimizer = Optimizer::new(sgd(0.9, false, 0.0), &store);
    optimizer.state_mut(id, "momentum_buffer").unwrap().fill(7.0);
    optimizer.set_kind(sgd(0.5, true, 0.1));
    assert_eq!(optimizer.state(id, "momentum_buffer").unwrap()[0], 7.0);
    optimizer.set_kind(OptimizerKind::Adam { beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0.0 });
    assert_eq!(optimizer.state(id, "exp_avg").unwrap()[0], 0.0);
    assert!(optimizer.state(id, "momentum_buffer").is_none());
}
