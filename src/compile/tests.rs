//! Links and seeds by hand, and ten thousand steps; gradients are compared in `tests/application`.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::cell::Cell;

use super::*;
use crate::autodiff::Trace;
use crate::network::{Activation, Builder, LossKind, Parameters};

/// x (2) → Dense 1 (1) → Sigmoid 1 → BCE 1 ← y (1).
fn classifier() -> (Network, [NodeId; 5]) {
    let mut b = Builder::new();
    let x = b.input(2);
    let z = b.dense(x, 1);
    let a = b.activation(z, Activation::Sigmoid);
    let y = b.target(1);
    let loss = b.loss(LossKind::Bce, a, y);
    (b.finish(), [x, z, a, y, loss])
}

/// Elman's network with one unit and the loss on the last or on every step.
fn elman(n_steps: usize, kind: LossKind, counted: CountedSteps) -> (Network, NodeId, NodeId) {
    let mut b = Builder::with_steps(n_steps);
    let x = b.input(1);
    let wx = b.dense(x, 1);
    let sum = b.node(NodeKind::Add, &[wx]);
    let h = b.activation(sum, Activation::Tanh);
    let wh = b.dense_without_bias(h, 1);
    let back = b.edge(wh, sum, 1, 1, InitialState::Zeros);
    let y = b.target(1);
    let loss = b.node(NodeKind::Loss(LossNode { counted, weight: 2.0, ..LossNode::new(kind) }), &[h, y]);
    let network = b.finish();
    assert!(network.edges.contains_key(&back));
    (network, h, loss)
}

fn run<T: Real>(compiled: &Compiled<T>, parameters: &Parameters, n: usize) -> Trace<T> {
    let mut store = compiled.store(parameters);
    let mut trace = compiled.program.trace(n);
    for link in &compiled.links.inputs {
        trace.value_mut(link.value).fill(T::of(0.5));
    }
    for mask in &compiled.links.masks {
        trace.value_mut(mask.value).fill(T::one());
    }
    compiled.program.run(&mut store, &mut trace);
    trace
}

#[test]
fn every_value_knows_its_node_and_step() {
    let (network, h, _) = elman(3, LossKind::Mse, CountedSteps::Last);
    let Compiled { program, links } = compile_network::<f64>(&network, CompileOptions::default()).unwrap();
    for (node, copies) in links.nodes() {
        assert_eq!(copies.len(), 3);
        for (step, link) in copies.iter().enumerate() {
            assert_eq!(links.origin(link.output), Some(Origin::Node { node, step }));
            let Some(instruction) = link.instruction else { continue };
            assert_eq!(program.instruction(instruction).output, link.output);
            for (arg, input) in link.inputs.iter().enumerate() {
                assert_eq!(program.instruction(instruction).inputs[arg], input.value);
            }
        }
    }
    assert_eq!(links.inputs.iter().map(|link| link.step).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(links.parameters().count(), 3, "three copies share W, b and W");
    for (key, id) in links.parameters() {
        assert_eq!((links.parameter(key), links.key(id)), (Some(id), Some(key)));
    }
    assert!(links.node(h, 3).is_none());
    let back = network.edges.iter().find(|(_, edge)| edge.delay == 1).map(|(&id, _)| id).unwrap();
    let [state] = links.initial(back) else { unreachable!("one row for a delay of one") };
    assert_eq!(links.origin(*state), Some(Origin::Initial { edge: back, row: 0 }));
}

#[test]
fn a_loss_on_every_step_is_one_mean_and_a_sum_stays_a_sum() {
    let seeds = |kind, counted| -> Vec<f64> {
        let network = elman(4, kind, counted).0;
        let compiled = compile_network::<f64>(&network, CompileOptions::default()).unwrap();
        compiled.links.losses[0].steps.iter().map(|step| step.seed).collect()
    };
    assert_eq!(seeds(LossKind::Mse, CountedSteps::Last), [0.0, 0.0, 0.0, 2.0]);
    assert_eq!(seeds(LossKind::Mse, CountedSteps::Every), [0.5; 4]);
    assert_eq!(seeds(LossKind::HalfSumOfSquares, CountedSteps::Every), [2.0; 4]);
    let network = elman(4, LossKind::Mse, CountedSteps::Every).0;
    let compiled = compile_network::<f64>(&network, CompileOptions::default()).unwrap();
    let trace = run(&compiled, &network.initialize(1), 2);
    let loss = &compiled.links.losses[0];
    let value = loss.value(|value| trace.value(value)[0]);
    assert!((value * loss.weight - compiled.program.total_loss(&trace)).abs() < 1e-15);
    assert_eq!(loss.counted_steps(), [0, 1, 2, 3]);
}

#[test]
fn steps_that_no_loss_counts_get_zero_gradients_not_none() {
    let (network, _, loss) = elman(3, LossKind::Mse, CountedSteps::Last);
    let compiled = compile_network::<f64>(&network, CompileOptions::default()).unwrap();
    let trace = run(&compiled, &network.initialize(1), 1);
    let grads: Vec<f64> =
        compiled.links.steps(loss).iter().map(|link| trace.grad(link.output).unwrap()[0]).collect();
    assert_eq!(grads, [0.0, 0.0, 2.0]);
}

#[test]
fn a_fused_activation_names_its_loss_and_only_when_fusing() {
    let (network, [_, z, a, _, loss]) = classifier();
    let compiled = compile_network::<f64>(&network, CompileOptions::default()).unwrap();
    assert_eq!(compiled.links.node(a, 0).unwrap().fused_into, Some(loss));
    assert_eq!(compiled.links.node(z, 0).unwrap().fused_into, None);
    let options = CompileOptions { fuse: false, ..CompileOptions::default() };
    let plain = compile_network::<f64>(&network, options).unwrap();
    assert_eq!(plain.links.node(a, 0).unwrap().fused_into, None);
}

#[test]
fn parameters_go_into_the_store_and_come_back_with_what_is_frozen() {
    let (network, [_, z, ..]) = classifier();
    let compiled = compile_network::<f32>(&network, CompileOptions::default()).unwrap();
    let mut parameters = network.initialize(3);
    for parameter in parameters.values_mut() {
        // As f32 holds it, so that nothing is lost on the way.
        let rounded = parameter.values.iter().map(|&value| f64::from(value as f32)).collect();
        parameter.values = Arc::new(rounded);
    }
    parameters.get_mut(&ParameterKey::Node(z, ParameterRole::Bias)).unwrap().trainable = false;
    let store = compiled.store(&parameters);
    assert_eq!(compiled.parameters(&store), parameters);
    // A shape that does not belong leaves the store alone.
    let mut other = parameters.clone();
    other.get_mut(&ParameterKey::Node(z, ParameterRole::Weight)).unwrap().shape = vec![2, 1];
    let mut kept = compiled.store(&parameters);
    compiled.load(&mut kept, &other);
    assert_eq!(compiled.parameters(&kept), parameters);
}

#[test]
fn dropout_has_a_mask_of_its_own_at_every_step() {
    let (mut network, h, loss) = elman(3, LossKind::Mse, CountedSteps::Last);
    let id = network.next_node_id();
    let mut node = network.nodes[&h].clone();
    (node.name, node.kind) = ("Dropout 1".into(), NodeKind::Dropout { p: 0.25 });
    network.nodes.insert(id, node);
    let prediction = network.incoming(loss)[0].0;
    let edge = crate::network::Edge { from: id, ..network.edges[&prediction].clone() };
    let into = crate::network::Edge { from: h, to: id, port: 0, ..edge.clone() };
    network.edges.insert(prediction, edge);
    network.edges.insert(network.next_edge_id(), into);
    let compiled = compile_network::<f64>(&network, CompileOptions::default()).unwrap();
    let masks: Vec<_> = compiled.links.masks.iter().map(|mask| (mask.node, mask.step, mask.noise)).collect();
    let dropout = crate::network::Noise::Dropout { p: 0.25 };
    assert_eq!(masks, [(id, 0, dropout), (id, 1, dropout), (id, 2, dropout)]);
    let trace = run(&compiled, &network.initialize(1), 2);
    let (before, after) = (compiled.links.node(h, 2).unwrap(), compiled.links.node(id, 2).unwrap());
    assert_eq!(trace.value(before.output), trace.value(after.output), "cleared masks change nothing");
}

#[test]
fn a_graph_of_another_drawing_is_a_problem_not_a_crash() {
    let (network, ..) = elman(3, LossKind::Mse, CountedSteps::Last);
    let graph = network.unroll().unwrap();
    let (other, _) = classifier();
    let refused = compile::<f64>(&other, &graph, CompileOptions::default(), &|| true).unwrap_err();
    assert!(matches!(refused, NotCompiled::Problems(problems) if !problems.is_empty()));
}

#[test]
fn ten_thousand_steps_compile_and_run() {
    let (network, h, _) = elman(10_000, LossKind::Mse, CountedSteps::Every);
    let compiled = compile_network::<f32>(&network, CompileOptions::default()).unwrap();
    let trace = run(&compiled, &network.initialize(1), 1);
    let last = compiled.links.node(h, 9_999).unwrap();
    assert!(trace.grad(last.output).unwrap()[0].is_finite());
    assert!(compiled.program.total_loss(&trace).is_finite());
}

#[test]
fn compiling_costs_a_pass_over_all_time_steps() {
    let bytes = |n_steps: usize| {
        let (network, ..) = elman(n_steps, LossKind::Mse, CountedSteps::Every);
        let compile = || drop(compile_network::<f32>(&network, CompileOptions::default()));
        allocation_counter::measure(compile).bytes_total
    };
    let (few, many) = (bytes(5_000), bytes(20_000));
    assert!(many <= 6 * few, "four times the steps take {many} bytes, not {few}");
}

#[test]
fn compiling_stops_at_once_when_nobody_waits_any_more() {
    let (network, ..) = elman(20_000, LossKind::Mse, CountedSteps::Every);
    let n_asked = Cell::new(0);
    let stop_at = |n: usize| {
        n_asked.set(0);
        compile_network_while::<f32>(&network, CompileOptions::default(), &|| {
            n_asked.set(n_asked.get() + 1);
            n_asked.get() < n
        })
    };
    for n in [1, 2, 10] {
        assert_eq!(stop_at(n).unwrap_err(), NotCompiled::Stopped);
        assert_eq!(n_asked.get(), n, "it goes on after it was told to stop");
    }
    assert!(stop_at(usize::MAX).is_ok());
    assert!(n_asked.get() > 20, "asked {} times only", n_asked.get());
}

#[test]
fn a_hundred_thousand_steps_that_each_have_a_loss_compile() {
    // Looking each loss up among the others would take ten thousand million looks.
    let (network, h, loss) = elman(100_000, LossKind::Mse, CountedSteps::Every);
    let Compiled { program, links } = compile_network::<f32>(&network, CompileOptions::default()).unwrap();
    assert_eq!(program.losses().len(), 100_000);
    assert_eq!(links.steps(h).len(), 100_000);
    assert_eq!(
        links.losses.iter().find(|link| link.node == loss).map(|link| link.steps.len()),
        Some(100_000)
    );
}
