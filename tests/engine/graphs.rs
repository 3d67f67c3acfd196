//! Random acyclic graphs: their gradients equal central differences, and the order of samples
//! does not matter.

use std::sync::Arc;

use proptest::prelude::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use vastavirta::autodiff::{
    Op, ParameterStore, Program, ProgramBuilder, Trace, ValueId, gradcheck, ops, random_stream,
};
use vastavirta::tensor::{Matrix, Shape};

/// A random program with its leaves, all filled.
struct Graph {
    program: Program<f64>,
    store: ParameterStore<f64>,
    trace: Trace<f64>,
    inputs: Vec<ValueId>,
    leaves: Vec<ValueId>,
}

fn activation(rng: &mut ChaCha8Rng, smooth: bool) -> Arc<dyn Op<f64>> {
    match rng.random_range(0..if smooth { 7 } else { 10 }) {
        0 => Arc::new(ops::Sigmoid),
        1 => Arc::new(ops::Tanh),
        2 => Arc::new(ops::Softplus),
        3 => Arc::new(ops::Silu),
        4 => Arc::new(ops::Gelu),
        5 => Arc::new(ops::Softmax),
        6 => Arc::new(ops::Identity),
        7 => Arc::new(ops::Relu),
        8 => Arc::new(ops::LeakyRelu { negative_slope: 0.1 }),
        _ => Arc::new(ops::Elu { alpha: 0.7 }),
    }
}

fn loss(rng: &mut ChaCha8Rng, smooth: bool) -> Arc<dyn Op<f64>> {
    match rng.random_range(0..if smooth { 4 } else { 6 }) {
        0 => Arc::new(ops::Mse),
        1 => Arc::new(ops::HalfSumOfSquares),
        2 => Arc::new(ops::BceWithLogits),
        3 => Arc::new(ops::CrossEntropyWithLogits),
        4 => Arc::new(ops::Mae),
        _ => Arc::new(ops::Huber { delta: 0.3 }),
    }
}

/// Draws a graph: every new value reads values that stand already, some of them twice; weights
/// are shared now and then; a fused pair may end it.
fn draw(seed: u64, n_nodes: usize, batch: usize, smooth: bool) -> Graph {
    draw_with(ProgramBuilder::new(), seed, n_nodes, batch, smooth)
}

fn draw_with(
    mut builder: ProgramBuilder<f64>,
    seed: u64,
    n_nodes: usize,
    batch: usize,
    smooth: bool,
) -> Graph {
    let mut rng = random_stream(seed, 0);
    let mut values: Vec<(ValueId, usize)> = Vec::new();
    let (mut inputs, mut leaves, mut weights) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..2 {
        let width = rng.random_range(1..=3);
        let id = builder.leaf("x", Shape::batched(&[width]));
        inputs.push(id);
        leaves.push(id);
        values.push((id, width));
    }
    for _ in 0..n_nodes {
        let (from, width) = values[rng.random_range(0..values.len())];
        let same: Vec<ValueId> = values.iter().filter(|v| v.1 == width).map(|v| v.0).collect();
        let other = same[rng.random_range(0..same.len())];
        let made = match rng.random_range(0..7) {
            0 => (builder.apply(Arc::new(ops::Add), &[from, other, from]).unwrap(), width),
            1 => (builder.apply(Arc::new(ops::Multiply), &[from, other]).unwrap(), width),
            2 => {
                let (second, more) = values[rng.random_range(0..values.len())];
                (builder.apply(Arc::new(ops::Concat), &[from, second]).unwrap(), width + more)
            }
            3 => {
                let mask = builder.leaf("mask", Shape::batched(&[width]));
                leaves.push(mask);
                (builder.apply(Arc::new(ops::Dropout), &[from, mask]).unwrap(), width)
            }
            4 => (builder.apply(activation(&mut rng, smooth), &[from]).unwrap(), width),
            5 => {
                let state = builder.parameter("state", Shape::fixed(&[2, width]));
                let row = rng.random_range(0..2);
                let row = builder.apply(Arc::new(ops::Expand { row }), &[state]).unwrap();
                (builder.apply(Arc::new(ops::Add), &[row, from]).unwrap(), width)
            }
            _ => {
                let out = rng.random_range(1..=3);
                let shared = weights.iter().find(|(_, inner, _)| *inner == width && rng.random_bool(0.5));
                let (weight, _, out) = *shared.unwrap_or(&(
                    builder.parameter("weight", Shape::fixed(&[out, width])),
                    width,
                    out,
                ));
                weights.push((weight, width, out));
                let bias = builder.parameter("bias", Shape::fixed(&[out]));
                let z = builder.apply(Arc::new(ops::Linear { bias: true }), &[from, weight, bias]).unwrap();
                (builder.apply(activation(&mut rng, smooth), &[z]).unwrap(), out)
            }
        };
        values.push(made);
    }
    let mut n_losses = rng.random_range(1..=2);
    for &(value, width) in values.iter().rev() {
        if n_losses == 0 {
            break;
        }
        n_losses -= 1;
        let target = builder.leaf("target", Shape::batched(&[width]));
        leaves.push(target);
        let seed = rng.random_range(0.2..1.5);
        let (op, prediction): (Arc<dyn Op<f64>>, ValueId) = match rng.random_range(0..4) {
            0 => (Arc::new(ops::Bce), builder.apply(Arc::new(ops::Sigmoid), &[value]).unwrap()),
            1 => (Arc::new(ops::CrossEntropy), builder.apply(Arc::new(ops::Softmax), &[value]).unwrap()),
            _ => (loss(&mut rng, smooth), value),
        };
        let loss = builder.apply(op, &[prediction, target]).unwrap();
        builder.add_loss(loss, seed);
    }
    let program = builder.finish().with_input_grads(rng.random_bool(0.5));
    let mut store = program.parameters();
    for id in store.ids() {
        for entry in store.value_mut(id).iter_mut() {
            *entry = rng.random_range(-0.8..0.8);
        }
    }
    let mut trace = program.trace(batch);
    for &leaf in &leaves {
        for entry in trace.value_mut(leaf).iter_mut() {
            *entry = rng.random_range(0.05..0.95);
        }
    }
    Graph { program, store, trace, inputs, leaves }
}

impl Graph {
    fn run(&mut self) -> f64 {
        self.program.run(&mut self.store, &mut self.trace);
        self.program.complete_grads(&mut self.store, &mut self.trace);
        self.program.total_loss(&self.trace)
    }

    fn loss(&mut self) -> f64 {
        self.program.forward(&self.store, &mut self.trace);
        self.program.total_loss(&self.trace)
    }
}

/// Half the distance of the two losses of a difference.
const H: f64 = 1e-5;

/// Whether a gradient is the difference of two losses near `loss`, whose own rounding is divided by `H`, too.
fn close(what: &str, loss: f64, analytic: f64, numeric: f64) -> Result<(), TestCaseError> {
    let rounding = 10.0 * f64::EPSILON * loss.abs() / H;
    let allowed = 1e-6 * analytic.abs().max(numeric.abs()) + 1e-8 + rounding;
    prop_assert!((analytic - numeric).abs() <= allowed, "{what}: {analytic} against {numeric}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn gradients_of_random_graphs_equal_differences(seed: u64, n_nodes in 1_usize..14, batch in 1_usize..4) {
        let mut graph = draw(seed, n_nodes, batch, true);
        let loss = graph.run();
        let store = graph.store.clone();
        let trace = graph.trace.clone();
        for id in store.ids() {
            for entry in 0..store.value(id).len() {
                let old = store.value(id)[entry];
                graph.store.value_mut(id)[entry] = old + H;
                let high = graph.loss();
                graph.store.value_mut(id)[entry] = old - H;
                let low = graph.loss();
                graph.store.value_mut(id)[entry] = old;
                close("parameter", loss, store.grad(id).map_or(0.0, |grad| grad[entry]), (high - low) / (2.0 * H))?;
            }
        }
        for input in graph.inputs.clone() {
            for entry in 0..trace.value(input).len() {
                let old = trace.value(input)[entry];
                graph.trace.value_mut(input)[entry] = old + H;
                let high = graph.loss();
                graph.trace.value_mut(input)[entry] = old - H;
                let low = graph.loss();
                graph.trace.value_mut(input)[entry] = old;
                close("input", loss, trace.grad(input).map_or(0.0, |grad| grad[entry]), (high - low) / (2.0 * H))?;
            }
        }
    }

    #[test]
    fn the_gradient_check_passes_on_random_graphs_with_kinks(seed: u64, n_nodes in 1_usize..14) {
        let mut graph = draw(seed, n_nodes, 3, false);
        let report = gradcheck::check(&graph.program, &graph.store, &mut graph.trace, 1);
        prop_assert_eq!(report.entries.len(), graph.store.n_numbers());
        prop_assert!(report.passes(), "{:?}", report);
    }

    #[test]
    fn shares_of_the_edges_sum_to_the_gradient(seed: u64, n_nodes in 1_usize..14) {
        let mut graph = draw(seed, n_nodes, 2, false);
        graph.run();
        let Graph { program, store, trace, .. } = &graph;
        let values = (0..program.n_values()).filter_map(|idx| {
            program.instruction_ids().flat_map(|id| program.instruction(id).inputs.clone()).find(|v| v.index() == idx)
        });
        for value in values {
            let grad = match program.parameter_of(value) {
                Some(parameter) => store.grad(parameter),
                None => trace.grad(value),
            };
            let Some(grad) = grad else { continue };
            let mut sum = Matrix::zeros(grad.nrows(), grad.ncols());
            let mut share = Matrix::zeros(0, 0);
            for &(instruction, arg) in program.uses(value) {
                if program.edge_grad(store, trace, instruction, arg, &mut share) {
                    sum += &share;
                }
            }
            prop_assert!((sum - grad).amax() <= 1e-12 * grad.amax().max(1.0));
        }
    }

    #[test]
    fn the_order_of_samples_leaves_loss_and_gradients_alone(seed: u64, n_nodes in 1_usize..14, turn in 1_usize..5) {
        let mut graph = draw(seed, n_nodes, 5, false);
        let before = graph.run();
        let grads: Vec<_> = graph.store.ids().map(|id| graph.store.grad(id).cloned()).collect();
        for leaf in graph.leaves.clone() {
            let value = graph.trace.value_mut(leaf);
            let turned = Matrix::from_fn(value.nrows(), 5, |i, j| value[(i, (j + turn) % 5)]);
            value.copy_from(&turned);
        }
        let after = graph.run();
        prop_assert!((before - after).abs() <= 1e-12 * before.abs().max(1.0));
        for (id, before) in graph.store.ids().zip(grads) {
            match (before, graph.store.grad(id)) {
                (Some(before), Some(after)) => {
                    prop_assert!((&before - after).amax() <= 1e-12 * before.amax().max(1.0));
                }
                (None, None) => {}
                _ => prop_assert!(false, "reached or not does not depend on the order"),
            }
        }
    }

    #[test]
    fn fusing_changes_nothing_but_rounding(seed: u64, n_nodes in 1_usize..8) {
        fused_and_apart_agree(seed, n_nodes)?;
    }
}

#[test]
fn fusing_changes_nothing_but_rounding_where_a_sigmoid_is_nearly_one() {
    fused_and_apart_agree(1_716_040_151_381_659_085, 5).unwrap();
}

/// Loss and gradients of a drawing whose losses are joined with the activations before them, and of the same
/// with every loss by itself.
fn fused_and_apart_agree(seed: u64, n_nodes: usize) -> Result<(), TestCaseError> {
    let mut fused = draw_with(ProgramBuilder::new(), seed, n_nodes, 3, true);
    let mut apart = draw_with(ProgramBuilder::new().fuse(false), seed, n_nodes, 3, true);
    let (a, b) = (fused.run(), apart.run());
    // By itself a loss takes 1 − A of a probability that is rounded already, and never below 1e-12; and the
    // logarithm of one that is too small to hold.
    let left = least_left(&apart);
    if left > 1e-11 {
        let rounding = 1e-15 / left;
        let close = |difference: f64, size: f64| difference <= (1e-11 + rounding) * size.max(1.0);
        prop_assert!(close((a - b).abs(), a.abs()), "{a} against {b}, {left} left");
        for id in fused.store.ids() {
            if let (Some(a), Some(b)) = (fused.store.grad(id), apart.store.grad(id)) {
                prop_assert!(close((a - b).amax(), a.amax()), "{a} against {b}, {left} left");
            }
        }
    }
    prop_assert_eq!(fused.run().to_bits(), a.to_bits(), "the same pass gives the same bits");
    Ok(())
}

/// The least 1 − A of all sigmoids; nothing where a softmax gives a probability that has no digits left.
fn least_left(graph: &Graph) -> f64 {
    let Graph { program, trace, .. } = graph;
    let mut least: f64 = 1.0;
    for instruction in program.instruction_ids().map(|id| program.instruction(id)) {
        for &a in trace.value(instruction.output).iter() {
            match instruction.op.name() {
                "Sigmoid" => least = least.min(1.0 - a),
                "Softmax" if a < 1e-290 => return 0.0,
                _ => {}
            }
        }
    }
    least
}

#[test]
fn a_value_times_itself_gets_both_shares() {
    let mut builder = ProgramBuilder::<f64>::new();
    let x = builder.leaf("x", Shape::batched(&[1]));
    let target = builder.leaf("target", Shape::batched(&[1]));
    let square = builder.apply(Arc::new(ops::Multiply), &[x, x]).unwrap();
    let loss = builder.apply(Arc::new(ops::HalfSumOfSquares), &[square, target]).unwrap();
    builder.add_loss(loss, 1.0);
    let program = builder.finish().with_input_grads(true);
    let mut store = program.parameters();
    let mut trace = program.trace(1);
    trace.value_mut(x)[0] = 3.0;
    trace.value_mut(target)[0] = 8.0;
    program.run(&mut store, &mut trace);
    // d/dx ½(x² − 8)² = (x² − 8)·2x = 1·6
    assert_eq!(trace.grad(x).unwrap()[0], 6.0);
}

#[test]
fn an_empty_batch_runs_and_gives_zero_gradients() {
    for seed in 0..20 {
        let mut graph = draw(seed, 10, 0, false);
        assert_eq!(graph.run(), 0.0);
        for id in graph.store.ids() {
            assert!(graph.store.grad(id).is_none_or(|grad| grad.iter().all(|g| *g == 0.0)));
        }
    }
}

#[test]
fn gradients_wait_for_a_backward_pass() {
    let mut graph = draw(3, 6, 2, true);
    let reached = |graph: &Graph| {
        let values = graph.program.instruction_ids().map(|id| graph.program.instruction(id).output);
        values.filter(|value| graph.trace.grad(*value).is_some()).count()
    };
    graph.loss();
    assert_eq!(reached(&graph), 0, "a forward pass alone leaves no gradient");
    graph.run();
    assert!(reached(&graph) > 0);
}
