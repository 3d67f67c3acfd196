//! Shapes, problems with their fixes, refusals, parameters.

#![expect(clippy::unwrap_used, reason = "tests")]

use crate::network::*;

fn kinds(network: &Network) -> Vec<ProblemKind> {
    network.problems().into_iter().map(|problem| problem.kind).collect()
}

fn errors(network: &Network) -> Vec<Problem> {
    network.problems().into_iter().filter(|problem| problem.severity == Severity::Error).collect()
}

/// x → Dense → tanh → MSE ← target, with widths to choose.
fn plain(features: usize, units: usize, targets: usize) -> (Network, [NodeId; 5]) {
    let mut b = Builder::new();
    let x = b.input(features);
    let z = b.dense(x, units);
    let a = b.activation(z, Activation::Tanh);
    let y = b.target(targets);
    let loss = b.loss(LossKind::Mse, a, y);
    (b.finish(), [x, z, a, y, loss])
}

#[test]
fn a_sound_drawing_has_no_problems_and_all_its_shapes() {
    let (network, [x, z, a, y, loss]) = plain(3, 2, 2);
    assert_eq!(network.problems(), []);
    let (shapes, _) = network.infer_shapes();
    let said = [x, z, a, y, loss].map(|id| shapes.node(id).unwrap().to_string());
    assert_eq!(said, ["[N, 3]", "[N, 2]", "[N, 2]", "[N, 2]", "[]"]);
}

#[test]
fn a_wrong_width_before_a_loss_offers_to_set_the_units() {
    let (network, [_, z, _, _, loss]) = plain(3, 4, 2);
    let problems = errors(&network);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].at, Place::Node(loss));
    assert_eq!(problems[0].fix, Some(Fix::SetUnits { node: z, units: 2 }));
    assert_eq!(
        problems[0].to_string(),
        "MSE 1: prediction (Tanh 1) has 4, target has 2. They must be equal: change the units of the Dense layer before it, or the wire."
    );
}

#[test]
fn adding_unequal_shapes_is_a_mismatch_that_a_dense_input_can_mend() {
    let mut b = Builder::new();
    let x = b.input(3);
    let z = b.dense(x, 5);
    let sum = b.node(NodeKind::Add, &[x, z]);
    let y = b.target(3);
    b.loss(LossKind::Mse, sum, y);
    let network = b.finish();
    let problems = errors(&network);
    assert_eq!(problems.len(), 1, "one misfit hides nothing and repeats nothing: {problems:?}");
    assert_eq!(problems[0].at, Place::Node(sum));
    assert_eq!(problems[0].fix, Some(Fix::SetUnits { node: z, units: 3 }));
}

#[test]
fn two_inputs_of_unequal_width_cannot_be_mended_by_units() {
    let mut b = Builder::new();
    let (x, w) = (b.input(3), b.input(4));
    let sum = b.node(NodeKind::Add, &[x, w]);
    let problems: Vec<_> = b.finish().problems().into_iter().filter(|p| p.at == Place::Node(sum)).collect();
    let said = problems[0].to_string();
    assert!(said.starts_with("Add 1: Input 1 has 3, Input 2 has 4."), "{said}");
    assert_eq!(problems[0].fix, None);
}

#[test]
fn missing_wires_losses_targets_and_widths_are_named() {
    assert_eq!(kinds(&Network::default()), [ProblemKind::Empty]);
    let mut b = Builder::new();
    let x = b.input(0);
    b.node(NodeKind::Add, &[x]);
    b.node(NodeKind::Dense(DenseNode::new(2)), &[]);
    let found = kinds(&b.finish());
    assert!(found.contains(&ProblemKind::NoLoss));
    assert!(found.contains(&ProblemKind::NoWidth { node: "Input 1".into() }));
    assert!(found.contains(&ProblemKind::TooFewInputs { node: "Add 1".into(), expected: 2, found: 1 }));
    assert!(found.contains(&ProblemKind::MissingInput { node: "Dense 1".into(), port: PortName::Input }));
    let mut b = Builder::new();
    let x = b.input(2);
    b.node(NodeKind::Loss(LossNode::new(LossKind::Mse)), &[x]);
    let found = kinds(&b.finish());
    assert!(found.contains(&ProblemKind::NoTarget));
    assert!(found.contains(&ProblemKind::MissingInput { node: "MSE 1".into(), port: PortName::Target }));
}

#[test]
fn losses_ask_for_what_they_take_and_offer_their_twin() {
    let cases = [
        (None, LossKind::Bce, Some(LossKind::BceWithLogits)),
        (None, LossKind::CrossEntropy, Some(LossKind::CrossEntropyWithLogits)),
        (Some(Activation::Relu), LossKind::Bce, Some(LossKind::BceWithLogits)),
        (Some(Activation::SOFTMAX), LossKind::CrossEntropyWithLogits, Some(LossKind::CrossEntropy)),
        (Some(Activation::Sigmoid), LossKind::BceWithLogits, Some(LossKind::Bce)),
        (Some(Activation::Sigmoid), LossKind::Bce, None),
        (Some(Activation::SOFTMAX), LossKind::CrossEntropy, None),
        (None, LossKind::BceWithLogits, None),
        (Some(Activation::Tanh), LossKind::Mse, None),
    ];
    for (activation, kind, twin) in cases {
        let mut b = Builder::new();
        let x = b.input(2);
        let z = b.dense(x, 2);
        let a = activation.map_or(z, |activation| b.activation(z, activation));
        let y = b.target(2);
        let loss = b.loss(kind, a, y);
        let problems = b.finish().problems();
        let fix = problems.first().and_then(|problem| problem.fix.clone());
        let expected = twin.map(|kind| Fix::SetLoss { node: loss, kind });
        assert_eq!(fix, expected, "{activation:?} before {kind:?}");
    }
}

#[test]
fn an_autoencoder_may_wire_its_input_to_both_ports() {
    let mut b = Builder::new();
    let x = b.input(3);
    let z = b.dense(x, 3);
    b.loss(LossKind::Mse, z, x);
    assert_eq!(b.finish().problems(), []);
}

#[test]
fn a_cycle_without_delay_names_its_nodes_and_offers_a_loop_edge() {
    let mut b = Builder::new();
    let x = b.input(2);
    let sum = b.node(NodeKind::Add, &[x]);
    let z = b.dense(sum, 2);
    let back = b.edge(z, sum, 1, 0, InitialState::Zeros);
    let y = b.target(2);
    b.loss(LossKind::Mse, z, y);
    let mut network = b.finish();
    let problems = errors(&network);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].fix, Some(Fix::MakeLoop { edge: back }));
    assert_eq!(
        problems[0].to_string(),
        "Cycle without delay: Add 1 → Dense 1. One of its wires must be a loop edge (t−1)."
    );
    assert!(matches!(&problems[0].at, Place::Edges(edges) if edges.len() == 2 && edges.contains(&back)));
    network.edges.get_mut(&back).unwrap().delay = 1;
    assert_eq!(errors(&network), []);
}

#[test]
fn names_rows_and_settings_out_of_order_are_found() {
    let (mut network, [x, z, a, y, loss]) = plain(2, 1, 1);
    network.nodes.get_mut(&a).unwrap().name = "Dense 1".into();
    let NodeKind::Loss(settings) = &mut network.nodes.get_mut(&loss).unwrap().kind else { unreachable!() };
    settings.kind = LossKind::Huber { delta: 0.0 };
    let rows = vec![vec![1.0, 2.0], vec![3.0]];
    let typed = DataNode { rows: Some(TypedRows { rows }), ..DataNode::new(2) };
    network.nodes.get_mut(&x).unwrap().kind = NodeKind::Input(typed);
    let NodeKind::Target(data) = &mut network.nodes.get_mut(&y).unwrap().kind else { unreachable!() };
    data.rows = Some(TypedRows { rows: vec![vec![f64::NAN]] });
    let found = kinds(&network);
    assert!(found.contains(&ProblemKind::DuplicateName { name: "Dense 1".into() }));
    assert!(found.contains(&ProblemKind::RowLength {
        node: "Input 1".into(),
        row: 2,
        expected: 2,
        found: 1
    }));
    assert!(found.contains(&ProblemKind::RowNotFinite { node: "Target 1".into(), row: 1 }));
    assert!(found.contains(&ProblemKind::RowCount { node: "Target 1".into(), expected: 2, found: 1 }));
    assert!(found.iter().any(|kind| matches!(kind, ProblemKind::Setting { setting: "delta", .. })));
    network.nodes.get_mut(&z).unwrap().kind = NodeKind::Dense(DenseNode::new(usize::MAX / 8));
    assert!(kinds(&network).iter().any(|kind| matches!(kind, ProblemKind::TooLarge { .. })));
    assert!(network.initialize(1).is_empty(), "no memory is taken for it");
}

#[test]
fn nodes_that_lead_nowhere_are_a_warning_only() {
    let (mut network, [x, ..]) = plain(3, 2, 2);
    let id = network.next_node_id();
    let stray = Node {
        no_grad: false,
        name: "Stray".into(),
        kind: NodeKind::Dense(DenseNode::new(2)),
        position: Position::default(),
    };
    network.nodes.insert(id, stray);
    let edge = network.next_edge_id();
    network.edges.insert(edge, Edge { from: x, to: id, port: 0, delay: 0, initial: InitialState::Zeros });
    let problems = network.problems();
    assert_eq!(problems.len(), 1);
    assert_eq!((problems[0].severity, &problems[0].at), (Severity::Warning, &Place::Node(id)));
    assert!(network.unroll().is_ok());
}

#[test]
fn wires_are_refused_with_a_reason() {
    let (network, [x, z, a, y, loss]) = plain(3, 2, 2);
    assert_eq!(network.can_connect(x, z, 0), Err(Refusal::PortTaken));
    assert_eq!(network.can_connect(x, z, 1), Err(Refusal::NoSuchPort));
    assert_eq!(network.can_connect(x, y, 0), Err(Refusal::NoSuchPort));
    assert_eq!(network.can_connect(loss, z, 0), Err(Refusal::LossHasNoOutput));
    assert_eq!(network.can_connect(NodeId(99), z, 0), Err(Refusal::NoSuchNode));
    let mut free = network.clone();
    free.edges.retain(|_, edge| edge.to != z);
    assert_eq!(free.can_connect(x, z, 0), Ok(()));
    let refusal = free.can_connect(a, z, 0).unwrap_err();
    assert_eq!(refusal, Refusal::Cycle);
    assert!(refusal.offers_loop());
    assert_eq!(free.can_connect_loop(a, z, 0), Ok(()));
    let mut b = Builder::new();
    let (x, w) = (b.input(3), b.input(4));
    let sum = b.node(NodeKind::Add, &[x]);
    let refused = b.finish().can_connect(w, sum, 1).unwrap_err();
    let said = crate::words::in_english(&crate::words::ToMessage::message(&refused));
    assert_eq!(said, "Input 1 has 3, Input 2 has 4. They must be equal.");
}

#[test]
fn parameters_keep_their_numbers_whatever_else_is_drawn() {
    let (network, [x, z, ..]) = plain(3, 2, 2);
    let before = network.initialize(7);
    let mut larger = network.clone();
    let id = larger.next_node_id();
    let node = Node::new("More", NodeKind::Dense(DenseNode::new(9)), Position::default());
    larger.nodes.insert(id, node);
    let edge = larger.next_edge_id();
    larger.edges.insert(edge, Edge { from: x, to: id, port: 0, delay: 0, initial: InitialState::Zeros });
    let after = larger.initialize(7);
    let weight = ParameterKey::Node(z, ParameterRole::Weight);
    assert_eq!(before[&weight].shape, [2, 3]);
    assert_eq!(before[&weight], after[&weight]);
    assert_ne!(before[&weight], network.initialize(8)[&weight]);
    let names: Vec<_> = larger.parameter_specs().into_iter().map(|spec| spec.name).collect();
    assert_eq!(names, ["Dense 1.weight", "Dense 1.bias", "More.weight", "More.bias"]);
}

#[test]
fn the_diagonal_start_has_its_gain_on_the_diagonal() {
    let mut b = Builder::new();
    let x = b.input(3);
    let eye = DenseNode { weight_init: Initializer::Eye { gain: -1.0 }, ..DenseNode::new(2) };
    let z = b.node(NodeKind::Dense(eye), &[x]);
    let parameters = b.finish().initialize(1);
    let weight = &parameters[&ParameterKey::Node(z, ParameterRole::Weight)];
    assert_eq!(*weight.values, [-1.0, 0.0, 0.0, 0.0, -1.0, 0.0]);
}
