//! The batch axis of whole networks: whatever keeps N gives each sample in a batch what it gives the sample
//! alone, its value and the gradient of the input.
//!
//! Must not know how anything is computed.

use std::collections::BTreeSet;
use std::sync::Arc;

use vastavirta::data::{DataRequest, DataSettings, SplitSettings, prepare};
use vastavirta::document::TrainingSettings;
use vastavirta::network::{
    Builder, Group, Network, NodeId, NodeKind, Operation, ReduceKind, ReduceNode, Severity, TensorNode,
};
use vastavirta::train::{Mode, Session, Values};

/// The features of a sample: a row of six, or two tokens of three.
const FEATURES: usize = 6;
/// The largest batch.
const N: usize = 7;

/// Every kind that can keep N, under each axis and size that it can be set to.
fn kinds() -> Vec<NodeKind> {
    let mut kinds = Vec::new();
    for kind in NodeKind::palette() {
        let is_drawn_by_chance = kind.operation().is_some_and(|operation| operation.noise().is_some());
        if !kind.has_way_through() || is_drawn_by_chance {
            continue;
        }
        let settings: Vec<&str> = kind.numbers().iter().map(|(setting, _)| setting.slug).collect();
        match settings.iter().position(|slug| *slug == "dim") {
            Some(idx) => kinds.extend([-1.0, -2.0, 1.0].map(|dim| kind.clone().with_number(idx, dim))),
            None => kinds.push(kind),
        }
    }
    for kind in ReduceKind::ALL {
        for (dim, keepdim) in [(-1, false), (1, true), (-2, false)] {
            kinds.push(NodeKind::Reduce(ReduceNode { kind, dim: Some(dim), keepdim }));
        }
    }
    kinds.extend([vec![6], vec![3, 2], vec![1, 6, 1]].map(|shape| NodeKind::Reshape { shape }));
    kinds.extend([3.0, -1.5].map(|exponent| NodeKind::Operation(Operation::Pow { exponent })));
    kinds
}

/// What operations take: with N, and without.
struct Given {
    x: NodeId,
    batched: Vec<NodeId>,
    all: Vec<NodeId>,
}

/// Numbers from 0.3 to 1.8, no two of them equal.
fn number(at: usize) -> f64 {
    0.3 + 1.5 * ((at * 37 % 101) as f64 / 101.0)
}

fn given(b: &mut Builder) -> Given {
    let x = b.input(FEATURES);
    b.rows(x, (0..N).map(|row| (0..FEATURES).map(|at| number(row * FEATURES + at)).collect()).collect());
    let tokens = b.node(NodeKind::Reshape { shape: vec![2, 3] }, &[x]);
    let turned = b.node(NodeKind::Reshape { shape: vec![3, 2] }, &[x]);
    // Another value of each sample: the tokens in another order.
    let scale = b.node(NodeKind::Tensor(TensorNode::scalar(0.75)), &[]);
    let other = b.node(NodeKind::Multiply, &[tokens, scale]);
    let mut tensor = |shape: &[usize]| {
        let values = (0..shape.iter().product()).map(|at: usize| number(50 + at)).collect();
        b.node(NodeKind::Tensor(TensorNode::new(shape, values)), &[])
    };
    let fixed = [tensor(&[]), tensor(&[3]), tensor(&[2, 3]), tensor(&[3, 2])];
    let batched = vec![x, tokens, turned, other];
    let all = batched.iter().copied().chain(fixed).collect();
    Given { x, batched, all }
}

/// All choices of inputs of which one at least has N.
fn inputs(given: &Given, n: usize) -> Vec<Vec<NodeId>> {
    let mut choices = vec![Vec::new()];
    for _ in 0..n {
        choices = choices
            .iter()
            .flat_map(|chosen| given.all.iter().map(|&next| [chosen.as_slice(), &[next]].concat()))
            .collect();
    }
    choices.retain(|chosen: &Vec<NodeId>| chosen.iter().any(|id| given.batched.contains(id)));
    choices
}

/// The value and the input's gradient of the samples `rows`, run as one batch.
fn run(session: &mut Session<f64>, rows: &[u32], made: NodeId, x: NodeId) -> [Vec<Vec<f64>>; 2] {
    let pass = session.pass_on(rows, Mode::Eval);
    let node = pass.node(made, 0).unwrap();
    let each = |values: &Values| -> Vec<Vec<f64>> {
        values.data().chunks(values.data().len() / rows.len()).map(<[f64]>::to_vec).collect()
    };
    let grads = pass.node(x, 0).unwrap().grad.as_ref();
    // A comparison of the input sends nothing back.
    [each(&node.output), grads.map_or_else(|| vec![Vec::new(); rows.len()], each)]
}

fn assert_alike(network: &Network, made: NodeId, x: NodeId) {
    let what = format!("{:?} of {:?}", network.nodes[&made].kind, network.incoming(made));
    let split = SplitSettings { validation_fraction: 0.0, shuffle: false };
    let settings = DataSettings { split, ..DataSettings::default() };
    let data = Arc::new(prepare(None, &settings, &DataRequest::of(network), 1).unwrap());
    let parameters = network.initialize(3);
    let mut session = Session::<f64>::new(network, &parameters, data, &TrainingSettings::default()).unwrap();
    let alone: Vec<[Vec<Vec<f64>>; 2]> =
        (0..N).map(|sample| run(&mut session, &[sample as u32], made, x)).collect();
    for n in [1, 2, 3, N] {
        // Not always the first ones, and not in order.
        let rows: Vec<u32> = (0..n).map(|at| ((3 * at + n) % N) as u32).collect();
        let [values, grads] = run(&mut session, &rows, made, x);
        for (at, sample) in rows.iter().map(|&row| row as usize).enumerate() {
            for (of_batch, of_one) in
                [(&values[at], &alone[sample][0][0]), (&grads[at], &alone[sample][1][0])]
            {
                assert_eq!(of_batch.len(), of_one.len(), "{what}");
                for (a, b) in of_batch.iter().zip(of_one) {
                    assert!(
                        (a - b).abs() <= 1e-13 * b.abs().max(1.0),
                        "{what}, {sample} of {rows:?}: {a} {b}"
                    );
                }
            }
        }
    }
}

#[test]
fn every_sample_of_a_batch_gets_from_a_network_what_it_gets_alone() {
    let mut tried = BTreeSet::new();
    for kind in kinds() {
        let n_inputs = kind.ports().needed();
        let mut n_tried = 0;
        let choices = {
            let mut b = Builder::new();
            let given = given(&mut b);
            inputs(&given, n_inputs)
        };
        for chosen in choices {
            // A few of many choices say as much as all of them.
            if n_tried >= 12 {
                break;
            }
            let mut b = Builder::new();
            let given = given(&mut b);
            let made = b.node(kind.clone(), &chosen);
            let sine = b.node(NodeKind::Operation(Operation::Sin), &[made]);
            let product = b.node(NodeKind::Multiply, &[sine, made]);
            let sum = b.node(NodeKind::Reduce(ReduceNode::over_all(ReduceKind::Sum)), &[product]);
            let mut network = b.finish();
            network.roots.insert(sum);
            let keeps_n =
                network.infer_shapes().0.node(made).is_some_and(vastavirta::tensor::Shape::is_batched);
            let is_right = network.problems().iter().all(|it| it.severity < Severity::Error);
            if keeps_n && is_right {
                assert_alike(&network, made, given.x);
                n_tried += 1;
            }
        }
        if n_tried > 0 {
            tried.insert(kind.slug());
        }
    }
    // All of the palette but data, losses, and what is drawn by chance.
    let wanted: BTreeSet<&str> = NodeKind::palette()
        .iter()
        .filter(|kind| kind.has_way_through() && kind.declaration().group != Group::Losses)
        .filter(|kind| kind.operation().is_none_or(|operation| operation.noise().is_none()))
        .map(NodeKind::slug)
        .collect();
    assert_eq!(tried, wanted);
}
