//! Loops, unrolling, order, layout, patterns.

#![expect(clippy::unwrap_used, reason = "tests")]

use crate::network::*;

/// The Elman cell of the lessons: tanh(Dense(x) + Dense(h before)) → Dense → MSE.
fn elman(n_steps: usize) -> (Network, NodeId) {
    let mut b = Builder::with_steps(n_steps);
    let x = b.input(2);
    let zx = b.dense(x, 3);
    let zh = b.node(NodeKind::Dense(DenseNode { bias: false, ..DenseNode::new(3) }), &[]);
    let sum = b.node(NodeKind::Add, &[zx, zh]);
    let h = b.activation(sum, Activation::Tanh);
    b.loop_edge(h, zh, 0);
    let y = b.dense(h, 1);
    let target = b.target(1);
    b.loss(LossKind::Mse, y, target);
    (b.finish(), h)
}

#[test]
fn shapes_go_round_loops_until_they_are_known() {
    // A pure sum over time has no Dense in its loop; its width comes from x.
    let mut b = Builder::with_steps(4);
    let x = b.input(3);
    let sum = b.node(NodeKind::Add, &[x]);
    let back = b.loop_edge(sum, sum, 1);
    let z = b.dense(sum, 1);
    let y = b.target(1);
    b.loss(LossKind::Mse, z, y);
    let network = b.finish();
    assert_eq!(network.problems(), []);
    let (shapes, _) = network.infer_shapes();
    assert_eq!(shapes.edge(&network.edges[&back]).unwrap().to_string(), "[N, 3]");
    // A concat that feeds itself would grow for ever.
    let mut b = Builder::with_steps(4);
    let x = b.input(3);
    let cat = b.node(NodeKind::CONCAT, &[x]);
    b.loop_edge(cat, cat, 1);
    let problems = b.finish().infer_shapes().1;
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].kind, ProblemKind::UnknownShape { node: "Concat 1".into() });
}

#[test]
fn a_long_chain_is_ordered_laid_out_and_unrolled_without_recursion() {
    let mut b = Builder::new();
    let mut last = b.input(1);
    let n = 3_000;
    for idx in 0..n {
        last = b.named(&format!("r{idx}"), NodeKind::Activation(Activation::Tanh), &[last]);
    }
    let y = b.target(1);
    b.loss(LossKind::Mse, last, y);
    let network = b.finish();
    assert_eq!(network.topological_order().unwrap().len(), n + 3);
    assert_eq!(network.unroll().unwrap().nodes.len(), n + 3);
    let layout = network.layout();
    assert!(layout[&last].x - layout[&NodeId(1)].x > 100.0 * n as f32);
    assert_eq!(layout[&y].y, layout[&y].y.round());
}

#[test]
fn layout_runs_from_left_to_right_and_puts_no_two_nodes_in_one_place() {
    let mut b = Builder::new();
    let x = b.input(4);
    let skip = b.dense(x, 8);
    let mut h = b.activation(skip, Activation::Relu);
    for _ in 0..3 {
        let z = b.dense(h, 8);
        h = b.activation(z, Activation::Relu);
    }
    let sum = b.node(NodeKind::Add, &[skip, h]);
    let cat = b.node(NodeKind::CONCAT, &[x, sum]);
    let out = b.dense(cat, 1);
    let y = b.target(1);
    b.loss(LossKind::Mse, out, y);
    let network = b.finish();
    let layout = network.layout();
    for edge in network.edges.values() {
        assert!(layout[&edge.from].x < layout[&edge.to].x);
    }
    let mut places: Vec<_> = layout.values().map(|p| (p.x.round() as i32, p.y.round() as i32)).collect();
    places.sort_unstable();
    let close = places.windows(2).any(|pair| pair[0].0 == pair[1].0 && (pair[1].1 - pair[0].1) < 90);
    assert!(!close, "{places:?}");
    // The skip connection runs beside the chain that it skips, not through it.
    assert!(
        (layout[&skip].y - layout[&NodeId(5)].y).abs() > 20.0
            || (layout[&sum].y - layout[&NodeId(5)].y).abs() > 20.0
    );
}

#[test]
fn unrolling_makes_t_copies_in_order_with_shared_edges() {
    let (network, h) = elman(5);
    assert_eq!(network.problems(), []);
    let graph = network.unroll().unwrap();
    assert_eq!(graph.nodes.len(), 1 + 5 * network.nodes.len());
    for (idx, node) in graph.nodes.iter().enumerate() {
        assert!(node.inputs.iter().all(|input| input.source < idx), "acyclic");
    }
    let copies: Vec<usize> = graph
        .nodes
        .iter()
        .filter_map(|node| match node.origin {
            Origin::Node { node, step } if node == h => Some(step),
            _ => None,
        })
        .collect();
    assert_eq!(copies, [0, 1, 2, 3, 4]);
    assert_eq!(network.unrolled_size().nodes, graph.nodes.len());
    assert_eq!(
        network.unrolled_size().edges,
        graph.nodes.iter().map(|node| node.inputs.len()).sum::<usize>()
    );
}

#[test]
fn a_delay_of_two_reads_two_initial_rows_and_then_the_copy_before_the_last() {
    let (mut network, h) = elman(4);
    let edge = network.edges.iter().find(|(_, edge)| edge.delay == 1).map(|(&id, _)| id).unwrap();
    network.edges.get_mut(&edge).unwrap().delay = 2;
    let graph = network.unroll().unwrap();
    let sources: Vec<Origin> = graph
        .nodes
        .iter()
        .flat_map(|node| &node.inputs)
        .filter(|input| input.edge == edge)
        .map(|input| graph.nodes[input.source].origin)
        .collect();
    assert_eq!(
        sources,
        [
            Origin::Initial { edge, row: 0 },
            Origin::Initial { edge, row: 1 },
            Origin::Node { node: h, step: 0 },
            Origin::Node { node: h, step: 1 },
        ]
    );
}

#[test]
fn truncation_detaches_the_state_before_steps_k_2k() {
    let (mut network, _) = elman(6);
    network.truncate = Some(2);
    let detached = |graph: &UnrolledGraph| -> Vec<usize> {
        let copies = graph.nodes.iter().filter(|node| node.inputs.iter().any(|input| input.detached));
        copies
            .map(|node| match node.origin {
                Origin::Node { step, .. } => step,
                Origin::Initial { .. } => unreachable!(),
            })
            .collect()
    };
    let graph = network.unroll().unwrap();
    assert_eq!(detached(&graph), [2, 4]);
    network.truncate = Some(6);
    assert_eq!(detached(&network.unroll().unwrap()), [] as [usize; 0], "k = T is the full gradient");
    network.truncate = None;
    let full = network.unroll().unwrap();
    assert!(graph.first_difference(&full).is_some());
    assert_eq!(graph.without_truncation().first_difference(&full), None);
}

#[test]
fn ten_thousand_steps_unroll() {
    let (network, _) = elman(10_000);
    let graph = network.unroll().unwrap();
    assert_eq!(graph.nodes.len(), 1 + 10_000 * network.nodes.len());
}

#[test]
fn more_copies_than_memory_holds_are_refused_beforehand() {
    let (network, _) = elman(usize::MAX);
    let problems = network.unroll().unwrap_err();
    assert!(problems.iter().any(|p| matches!(p.kind, ProblemKind::TooLarge { .. })));
}

#[test]
fn a_trained_initial_state_is_a_parameter_of_delay_rows() {
    let (mut network, _) = elman(4);
    let edge = network.edges.iter().find(|(_, edge)| edge.delay == 1).map(|(&id, _)| id).unwrap();
    let drawn = network.edges.get_mut(&edge).unwrap();
    drawn.delay = 2;
    drawn.initial = InitialState::Trained;
    let parameters = network.initialize(1);
    assert_eq!(parameters[&ParameterKey::Initial(edge)].shape, [2, 3]);
}

#[test]
fn every_pattern_is_sound_once_it_is_wired() {
    for kind in PatternKind::ALL {
        let Pattern { mut network, entries, output, frozen } = kind.draw(3);
        network.n_steps = 4;
        let mut add = |name: &str, kind: NodeKind, inputs: &[(NodeId, usize)]| {
            let id = network.next_node_id();
            network.nodes.insert(id, Node::new(name, kind, Position::default()));
            for &(from, port) in inputs {
                let edge = network.next_edge_id();
                network
                    .edges
                    .insert(edge, Edge { from, to: id, port, delay: 0, initial: InitialState::Zeros });
            }
            id
        };
        // An attention head takes tokens.
        let [sizes, wanted]: [&[usize]; 2] =
            if kind == PatternKind::Attention { [&[2, 3], &[2, 3]] } else { [&[2], &[3]] };
        let data =
            |sizes: &[usize]| DataNode { shape: crate::tensor::Shape::batched(sizes), ..DataNode::new(1) };
        let x = add("x", NodeKind::Input(data(sizes)), &[]);
        let y = add("y", NodeKind::Target(data(wanted)), &[]);
        add("loss", NodeKind::Loss(LossNode::new(LossKind::Mse)), &[(output, 0), (y, 1)]);
        for (to, port) in entries {
            let edge = network.next_edge_id();
            network.edges.insert(edge, Edge { from: x, to, port, delay: 0, initial: InitialState::Zeros });
        }
        assert_eq!(network.problems(), [], "{kind:?}");
        let keys: Vec<_> = network.parameter_specs().iter().map(|spec| spec.key).collect();
        assert!(frozen.iter().all(|key| keys.contains(key)));
    }
}
