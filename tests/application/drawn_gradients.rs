//! Random drawings, with and without loops: their compiled gradients against central differences,
//! one step against no loop at all, and the shares of the steps against the whole.

use proptest::prelude::*;
use vastavirta::autodiff::gradcheck;
use vastavirta::compile::{CompileOptions, compile_network};
use vastavirta::network::{
    DataNode, Edge, InitialState, LossKind, Network, Node, NodeId, NodeKind, ParameterKey, Parameters,
    Position, TypedRows,
};

use crate::drawn::{Feed, Pass, assert_close, fill, typed};
use crate::random_networks::random_model;

/// A random drawing that can run, with its parameters: all trainable, so that all are compared.
fn drawing(seed: u64) -> (Network, Parameters) {
    let document = random_model(seed).document;
    let mut parameters = document.parameters;
    for parameter in parameters.values_mut() {
        parameter.trainable = true;
    }
    (document.network, parameters)
}

/// Every third random drawing has loops.
fn loopy() -> impl Strategy<Value = u64> {
    (0_u64..1_000_000).prop_map(|seed| seed * 3)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn gradients_equal_central_differences(seed in 0_u64..3_000_000) {
        let (network, parameters) = drawing(seed);
        let compiled = compile_network::<f64>(&network, CompileOptions::for_checking()).unwrap();
        let (feed, n_rows) = typed(&network);
        let mut trace = compiled.program.trace(n_rows);
        fill(&compiled, &mut trace, &feed);
        let report = gradcheck::check(&compiled.program, &compiled.store(&parameters), &mut trace, seed);
        let worst = report.entries.iter().find(|entry| entry.outcome == gradcheck::Outcome::Differs);
        prop_assert!(report.passes(), "{worst:?} of {}", report.entries.len());
    }

    /// Binary cross-entropy by itself divides by a·(1 − a), kept above 1e-12 as in PyTorch; fused
    /// with its sigmoid it divides by nothing. Beyond that floor the two differ, and should.
    #[test]
    fn gradients_do_not_depend_on_fusing(seed in 0_u64..3_000_000) {
        let (network, parameters) = drawing(seed);
        let (feed, n_rows) = typed(&network);
        let options = CompileOptions::for_showing();
        let fused = Pass::<f64>::run(&network, &parameters, &feed, n_rows, options);
        let plain =
            Pass::<f64>::run(&network, &parameters, &feed, n_rows, CompileOptions { fuse: false, ..options });
        assert_close("loss", &[fused.loss()], &[plain.loss()], 1e-10);
        prop_assume!(!reaches_the_floor_of_bce(&network, &plain));
        for &key in parameters.keys() {
            let (a, b) = (fused.parameter_grad(key), plain.parameter_grad(key));
            prop_assert_eq!(a.is_some(), b.is_some());
            assert_close(&format!("{key:?}"), &a.unwrap_or_default(), &b.unwrap_or_default(), 1e-9);
        }
    }

    #[test]
    fn one_step_equals_the_network_with_its_loops_replaced_by_initial_states(seed in loopy()) {
        let (mut network, parameters) = drawing(seed);
        one_step(&mut network);
        let (feed, n_rows) = typed(&network);
        let options = CompileOptions::for_showing();
        let looped = Pass::<f64>::run(&network, &parameters, &feed, n_rows, options);
        let (replaced, feed, stand_ins) = without_loops(&network, &parameters, feed, n_rows);
        let plain = Pass::<f64>::run(&replaced, &parameters, &feed, n_rows, options);
        assert_close("loss", &[looped.loss()], &[plain.loss()], 1e-12);
        for &key in parameters.keys().filter(|key| matches!(key, ParameterKey::Node(..))) {
            let (a, b) = (looped.parameter_grad(key), plain.parameter_grad(key));
            assert_close(&format!("{key:?}"), &a.unwrap_or_default(), &b.unwrap_or_default(), 1e-12);
        }
        for (key, input) in stand_ins {
            // The state is shared by the batch, so its gradient is the sum over the samples.
            let Some(found) = looped.parameter_grad(key) else { continue };
            let per_sample = plain.grad(input, 0).unwrap_or_else(|| vec![0.0; found.len() * n_rows]);
            let features = per_sample.len() / n_rows;
            let mut expected = vec![0.0; found.len()];
            for (idx, value) in per_sample.iter().enumerate() {
                expected[idx % features] += value;
            }
            assert_close(&format!("{key:?}"), &found, &expected, 1e-12);
        }
    }

    #[test]
    fn the_shares_of_all_steps_sum_to_the_gradient(seed in loopy()) {
        let (network, parameters) = drawing(seed);
        let (feed, n_rows) = typed(&network);
        let pass = Pass::<f64>::run(&network, &parameters, &feed, n_rows, CompileOptions::for_showing());
        for &key in parameters.keys() {
            let ParameterKey::Node(node, _) = key else { continue };
            let Some(whole) = pass.parameter_grad(key) else { continue };
            let mut sum = vec![0.0; whole.len()];
            for step in 0..network.n_steps {
                for (sum, share) in sum.iter_mut().zip(pass.share(node, step, key).unwrap_or_default()) {
                    *sum += share;
                }
            }
            assert_close(&format!("{key:?}"), &sum, &whole, 1e-11);
        }
    }

    #[test]
    fn truncation_leaves_the_forward_pass_and_at_t_the_gradient(seed in loopy()) {
        let (mut network, parameters) = drawing(seed);
        network.truncate = None;
        let (feed, n_rows) = typed(&network);
        let options = CompileOptions::for_showing();
        let full = Pass::<f64>::run(&network, &parameters, &feed, n_rows, options);
        network.truncate = Some(1);
        let cut = Pass::<f64>::run(&network, &parameters, &feed, n_rows, options);
        prop_assert_eq!(cut.loss(), full.loss());
        network.truncate = Some(network.n_steps);
        let whole = Pass::<f64>::run(&network, &parameters, &feed, n_rows, options);
        for &key in parameters.keys() {
            prop_assert_eq!(whole.parameter_grad(key), full.parameter_grad(key));
        }
    }
}

/// The same drawing with one step; typed rows keep their first step.
fn one_step(network: &mut Network) {
    network.n_steps = 1;
    for node in network.nodes.values_mut() {
        if let NodeKind::Input(data) | NodeKind::Target(data) = &mut node.kind {
            let features = data.features();
            data.rows.iter_mut().flat_map(|typed| &mut typed.rows).for_each(|row| row.truncate(features));
        }
    }
}

/// Each loop edge replaced by an Input that gives its initial state for every sample.
fn without_loops(
    network: &Network,
    parameters: &Parameters,
    mut feed: Feed,
    n_rows: usize,
) -> (Network, Feed, Vec<(ParameterKey, NodeId)>) {
    let (shapes, _) = network.infer_shapes();
    let mut replaced = network.clone();
    let mut stand_ins = Vec::new();
    for (&id, edge) in network.edges.iter().filter(|(_, edge)| edge.delay > 0) {
        let features = shapes.edge(edge).unwrap().features();
        let row = match edge.initial {
            InitialState::Zeros => vec![0.0; features],
            InitialState::Trained => parameters[&ParameterKey::Initial(id)].values[..features].to_vec(),
        };
        let input = replaced.next_node_id();
        let rows = Some(TypedRows { rows: vec![row.clone(); n_rows] });
        let node = Node {
            no_grad: false,
            name: format!("state {}", id.0),
            kind: NodeKind::Input(DataNode { rows, ..DataNode::new(features) }),
            position: Position::default(),
        };
        replaced.nodes.insert(input, node);
        replaced.edges.insert(id, Edge { from: input, delay: 0, ..edge.clone() });
        feed.insert(input, vec![row.repeat(n_rows)]);
        if edge.initial == InitialState::Trained {
            stand_ins.push((ParameterKey::Initial(id), input));
        }
    }
    (replaced, feed, stand_ins)
}

/// Whether a loss of probabilities reads one nearer to 0 or 1 than its divisor can tell.
fn reaches_the_floor_of_bce(network: &Network, pass: &Pass<f64>) -> bool {
    let is_bce = |node: NodeId| matches!(&network.nodes[&node].kind, NodeKind::Loss(loss) if loss.kind == LossKind::Bce);
    let read = network.edges.values().filter(|edge| is_bce(edge.to) && edge.port == 0).map(|edge| edge.from);
    read.flat_map(|node| (0..network.n_steps).flat_map(move |step| pass.value(node, step)))
        .any(|a| a.clamp(1e-11, 1.0 - 1e-11) != a)
}
