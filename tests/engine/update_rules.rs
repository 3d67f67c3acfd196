//! The rules of clipping and of every optimizer evaluate to what the kernels compute, step after step.

use std::collections::BTreeMap;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use vastavirta::algebra::{Array, Evaluator, Operand};
use vastavirta::autodiff::{
    Clip, Optimizer, OptimizerKind, ParameterStore, Program, ProgramBuilder, UpdateLeaf, UpdateLine,
    UpdateRule, clip, ops,
};
use vastavirta::tensor::{Matrix, Real, Shape};

fn optimizers() -> Vec<OptimizerKind> {
    let mut kinds = Vec::new();
    for weight_decay in [0.0, 0.05] {
        for (momentum, nesterov) in [(0.0, false), (0.9, false), (0.9, true)] {
            kinds.push(OptimizerKind::Sgd { momentum, nesterov, weight_decay });
        }
        for momentum in [0.0, 0.8] {
            kinds.push(OptimizerKind::RmsProp { alpha: 0.9, eps: 1e-8, weight_decay, momentum });
        }
        kinds.push(OptimizerKind::Adagrad { eps: 1e-10, weight_decay });
        kinds.push(OptimizerKind::Adam { beta1: 0.9, beta2: 0.99, eps: 1e-8, weight_decay });
        kinds.push(OptimizerKind::AdamW { beta1: 0.9, beta2: 0.99, eps: 1e-8, weight_decay });
    }
    kinds
}

/// Two weights whose gradient is what stands in the inputs: L = ½Σ(w − y)² gives w − y.
fn program<T: Real>() -> Program<T> {
    let mut builder = ProgramBuilder::<T>::new();
    for name in ["first", "second"] {
        let w = builder.parameter(name, Shape::fixed(&[2, 3]));
        let y = builder.leaf("y", Shape::fixed(&[2, 3]));
        let loss = builder.apply(std::sync::Arc::new(ops::HalfSumOfSquares), &[w, y]).unwrap();
        builder.add_loss(loss, T::one());
    }
    builder.finish()
}

fn array<T: Real>(matrix: &Matrix<T>) -> Array<T> {
    Array::from_matrix(vec![2, 3], matrix)
}

fn close<T: Real>(stated: &Array<T>, engine: &Matrix<T>, what: &str) {
    let tolerance = if T::NAME == "f32" { 1e-5 } else { 1e-12 };
    for (stated, engine) in stated.data().iter().zip(engine.iter()) {
        let (stated, engine) = (stated.to_f64(), engine.to_f64());
        assert!((stated - engine).abs() <= tolerance * engine.abs().max(1.0), "{what}: {stated}, {engine}");
    }
}

/// Runs backward with random weights and targets.
fn gradients<T: Real>(program: &Program<T>, store: &mut ParameterStore<T>, rng: &mut ChaCha8Rng) {
    let mut trace = program.trace(1);
    for id in program.instruction_ids() {
        let target = program.instruction(id).inputs[1];
        trace.value_mut(target).iter_mut().for_each(|y| *y = T::of(rng.random_range(-2.0..2.0)));
    }
    program.forward(store, &mut trace);
    program.backward(store, &mut trace);
}

fn every_optimizer_follows_its_rule<T: Real>() {
    for kind in optimizers() {
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let program = program::<T>();
        let mut store = program.parameters();
        let mut optimizer = Optimizer::new(kind, &store);
        for step in 1..=4 {
            gradients(&program, &mut store, &mut rng);
            let id = store.ids().next().unwrap();
            let mut made: BTreeMap<UpdateLeaf, Array<T>> = BTreeMap::new();
            made.insert(UpdateLeaf::Weight, array(store.value(id)));
            made.insert(UpdateLeaf::Grad, array(store.grad(id).unwrap()));
            for name in kind.state_names() {
                made.insert(UpdateLeaf::State(name), array(optimizer.state(id, name).unwrap()));
            }
            let before = store.value(id).clone();
            let rule = UpdateRule::of(kind, step, 0.1);
            for (line, expression) in &rule.lines {
                let leaf = |leaf: &UpdateLeaf| made[leaf].clone();
                let value = Evaluator::new(1, &leaf).evaluate(expression).unwrap();
                made.insert(UpdateLeaf::Line(*line), value);
            }
            optimizer.update(&mut store, id, 0.1);
            let what = format!("{kind:?}, step {step}");
            close(&made[&UpdateLeaf::Line(UpdateLine::Change)], &(store.value(id) - before), &what);
            for name in kind.state_names() {
                let new = &made[&UpdateLeaf::Line(UpdateLine::State(name))];
                close(new, optimizer.state(id, name).unwrap(), &what);
            }
            assert_eq!(rule.lines.last().map(|(line, _)| *line), Some(UpdateLine::Change));
        }
    }
}

#[test]
fn every_optimizer_follows_its_rule_in_double_precision() {
    every_optimizer_follows_its_rule::<f64>();
}

#[test]
fn every_optimizer_follows_its_rule_in_single_precision() {
    every_optimizer_follows_its_rule::<f32>();
}

#[test]
fn clipping_follows_its_rule() {
    for clip in [
        Clip::None,
        Clip::Norm { max_norm: 0.5 },
        Clip::Norm { max_norm: 1e6 },
        Clip::Value { clip_value: 0.25 },
    ] {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let program = program::<f64>();
        let mut store = program.parameters();
        gradients(&program, &mut store, &mut rng);
        let before: Vec<Array<f64>> = store.ids().map(|id| array(store.grad(id).unwrap())).collect();
        clip::apply(clip, &mut store);
        for (arg, id) in store.ids().enumerate() {
            let leaf = |leaf: &Operand| match leaf {
                Operand::Input(arg) => before[*arg].clone(),
                Operand::Output | Operand::Grad => Array::scalar(f64::NAN),
            };
            let rule = clip.rule(arg, before.len());
            let stated = Evaluator::new(1, &leaf).evaluate(&rule).unwrap();
            close(&stated, store.grad(id).unwrap(), &format!("{clip:?}"));
        }
    }
}
