//! What a person does, and takes back, by hand; the random sequences stand in `tests/application`.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use super::actions::{self, Alignment};
use super::*;
use crate::network::{
    Activation, Builder, DataNode, DenseNode, EdgeId, Fix, InitialState, LossKind, NodeId, NodeKind,
    Parameter, ParameterKey, ParameterRole, PatternKind, Position, Refusal, TypedRows,
};

/// x (3) → Dense 1 (2) → Tanh 1 → MSE 1 ← y (2), with its parameters.
pub(super) fn document() -> (Document, [NodeId; 5]) {
    let mut b = Builder::new();
    let x = b.input(3);
    let z = b.dense(x, 2);
    let a = b.activation(z, Activation::Tanh);
    let y = b.target(2);
    let loss = b.loss(LossKind::Mse, a, y);
    let network = b.finish();
    let parameters = network.initialize(1);
    (Document { network, parameters, ..Document::default() }, [x, z, a, y, loss])
}

pub(super) fn weight(node: NodeId) -> ParameterKey {
    ParameterKey::Node(node, ParameterRole::Weight)
}

pub(super) fn edge_between(document: &Document, from: NodeId, to: NodeId) -> EdgeId {
    *document.network.edges.iter().find(|(_, edge)| edge.from == from && edge.to == to).unwrap().0
}

/// Does what an action makes of the document as it stands.
pub(super) fn act(history: &mut History, document: &mut Document, action: impl FnOnce(&Document) -> Change) {
    let change = action(document);
    history.perform(document, change);
}

/// As if training had added 1 to every number.
pub(super) fn train(document: &mut Document) {
    let mut trained = document.parameters.clone();
    for parameter in trained.values_mut() {
        parameter.values = Arc::new(parameter.values.iter().map(|value| value + 1.0).collect());
    }
    document.replace_trained(&trained);
}

#[test]
fn a_new_node_comes_with_a_name_and_goes_with_undo() {
    let (mut document, _) = document();
    let before = document.clone();
    let mut history = History::new();
    let change =
        actions::add_node(&document, NodeKind::Dense(DenseNode::new(4)), Position { x: 10.0, y: 20.0 });
    let id = change.nodes[0];
    history.perform(&mut document, change);
    assert_eq!(document.network.nodes[&id].name, "Dense 2");
    assert!(!history.is_saved());
    assert_eq!(crate::words::in_english(history.undo_label().unwrap()), "add Dense 2");
    history.undo(&mut document).unwrap();
    assert_eq!(document, before);
    assert!(history.is_saved());
    assert!(history.undo(&mut document).is_none());
    history.redo(&mut document).unwrap();
    assert_eq!(document.network.nodes[&id].name, "Dense 2");
}

#[test]
fn wiring_gives_a_dense_node_its_weight_in_the_same_step() {
    let (mut document, [x, ..]) = document();
    let mut history = History::new();
    let added = actions::add_node(&document, NodeKind::Dense(DenseNode::new(4)), Position::default());
    let id = added.nodes[0];
    history.perform(&mut document, added);
    assert!(!document.parameters.contains_key(&weight(id)), "its inputs are not known yet");
    let wire = actions::connect(&document, x, id, 0).unwrap();
    history.perform(&mut document, wire);
    assert_eq!(document.parameters[&weight(id)].shape, [4, 3]);
    history.undo(&mut document).unwrap();
    assert!(!document.parameters.contains_key(&weight(id)));
}

#[test]
fn more_units_draw_only_that_weight_anew_and_undo_brings_the_old_one_back() {
    let (mut document, [_, z, ..]) = document();
    let before = document.clone();
    let mut history = History::new();
    act(&mut history, &mut document, |document| actions::set_units(document, z, 5));
    assert_eq!(document.parameters[&weight(z)].shape, [5, 3]);
    history.undo(&mut document).unwrap();
    assert_eq!(document, before);
    // Moving and renaming leave every number alone.
    act(&mut history, &mut document, |document| actions::rename(document, z, "hidden"));
    act(&mut history, &mut document, |document| actions::move_by(document, &[z], 5.0, 5.0));
    assert_eq!(document.parameters, before.parameters);
    assert_eq!(document.network.nodes[&z].name, "hidden");
}

#[test]
fn undo_never_rolls_training_back() {
    let (mut document, [x, z, ..]) = document();
    let mut history = History::new();
    let untrained = document.parameters[&weight(z)].values.clone();
    act(&mut history, &mut document, |document| actions::rename(document, z, "hidden"));
    act(&mut history, &mut document, |document| actions::set_entries(document, weight(z), vec![(1, 0.25)]));
    act(&mut history, &mut document, |document| actions::set_trainable(document, &[weight(z)], false));
    let added = actions::add_node(&document, NodeKind::Dense(DenseNode::new(1)), Position::default());
    let new = added.nodes[0];
    history.perform(&mut document, added);
    let wire = actions::connect(&document, x, new, 0).unwrap();
    history.perform(&mut document, wire);
    train(&mut document);
    let trained_new = document.parameters[&weight(new)].clone();
    for _ in 0..5 {
        history.undo(&mut document).unwrap();
    }
    let after = &document.parameters[&weight(z)];
    assert!(after.trainable, "freezing was undone");
    for (idx, value) in after.values.iter().enumerate() {
        let expected = if idx == 1 { untrained[1] } else { untrained[idx] + 1.0 };
        assert_eq!(*value, expected, "entry {idx}");
    }
    for _ in 0..5 {
        history.redo(&mut document).unwrap();
    }
    assert_eq!(document.parameters[&weight(new)], trained_new, "redo brings back what was there");
    assert_eq!(document.parameters[&weight(z)].values[1], 1.25, "with what training made of the typed 0.25");
}

#[test]
fn reset_draws_from_the_seed_leaves_frozen_numbers_and_can_be_undone() {
    let (mut document, [_, z, ..]) = document();
    let mut history = History::new();
    let start = document.parameters.clone();
    train(&mut document);
    let bias = ParameterKey::Node(z, ParameterRole::Bias);
    act(&mut history, &mut document, |document| actions::set_trainable(document, &[bias], false));
    let trained = document.parameters.clone();
    act(&mut history, &mut document, |document| actions::reset(document, None));
    assert_eq!(document.parameters[&weight(z)], start[&weight(z)]);
    assert_eq!(document.parameters[&bias], trained[&bias]);
    history.undo(&mut document).unwrap();
    assert_eq!(document.parameters, trained);
}

#[test]
fn a_gesture_is_one_step_and_can_be_cancelled() {
    let (mut document, [x, ..]) = document();
    let before = document.clone();
    let mut history = History::new();
    history.begin_gesture();
    for _ in 0..30 {
        act(&mut history, &mut document, |document| actions::move_by(document, &[x], 1.0, 0.0));
    }
    history.end_gesture();
    assert_eq!(history.depth(), (1, 0));
    history.undo(&mut document).unwrap();
    assert_eq!(document, before);
    history.redo(&mut document).unwrap();
    assert_eq!(document.network.nodes[&x].position.x, before.network.nodes[&x].position.x + 30.0);
    history.begin_gesture();
    history.end_gesture();
    assert_eq!(history.depth(), (1, 0), "a gesture in which nothing happened leaves nothing");
}

#[test]
fn a_node_dropped_on_an_edge_stands_between_its_ends() {
    let (mut document, [_, z, a, ..]) = document();
    let mut history = History::new();
    let edge = edge_between(&document, z, a);
    let relu = NodeKind::Activation(Activation::Relu);
    let change = actions::insert_on_edge(&document, edge, relu, Position::default());
    let new = change.nodes[0];
    history.perform(&mut document, change);
    edge_between(&document, z, new);
    edge_between(&document, new, a);
    assert_eq!(document.network.problems(), []);
    // A Dense node put on a wire is as wide as the wire.
    let edge = edge_between(&document, z, new);
    let dense = NodeKind::Dense(DenseNode::new(9));
    act(&mut history, &mut document, |document| {
        actions::insert_on_edge(document, edge, dense, Position::default())
    });
    assert_eq!(document.network.problems(), []);
    // And an existing node, moved onto one.
    let added = actions::add_node(&document, NodeKind::Dropout { p: 0.5 }, Position::default());
    let dropout = added.nodes[0];
    history.perform(&mut document, added);
    let edge = edge_between(&document, new, a);
    act(&mut history, &mut document, |document| {
        actions::insert_node_on_edge(document, edge, dropout, Position::default()).unwrap()
    });
    edge_between(&document, dropout, a);
    assert_eq!(document.network.problems(), []);
    let refused = actions::insert_node_on_edge(&document, edge, a, Position::default());
    assert_eq!(refused.unwrap_err(), Refusal::PortTaken);
}

#[test]
fn deleting_with_healing_closes_the_gap() {
    let (mut document, [x, z, a, _, loss]) = document();
    let before = document.clone();
    let mut history = History::new();
    act(&mut history, &mut document, |document| actions::delete(document, &[z, a], &[], true));
    assert_eq!(document.network.edges[&edge_between(&document, x, loss)].port, 0);
    assert!(document.parameters.is_empty());
    history.undo(&mut document).unwrap();
    assert_eq!(document, before);
    act(&mut history, &mut document, |document| actions::delete(document, &[a], &[], false));
    assert!(document.network.edges.values().all(|edge| edge.from != z));
    history.undo(&mut document).unwrap();
    assert_eq!(document, before);
}

#[test]
fn changing_the_kind_keeps_the_wires_and_a_counted_name_follows() {
    let (mut document, [x, _, a, y, loss]) = document();
    let mut history = History::new();
    let wires = document.network.edges.clone();
    act(&mut history, &mut document, |document| {
        actions::change_kind(document, a, NodeKind::Activation(Activation::Relu))
    });
    assert_eq!(document.network.edges, wires);
    assert_eq!(document.network.nodes[&a].name, "ReLU 1");
    // To any number of inputs and back: the first wire stays.
    let sum = actions::add_node(&document, NodeKind::Add, Position::default());
    let id = sum.nodes[0];
    history.perform(&mut document, sum);
    for _ in 0..2 {
        let port = document.network.free_port(id).unwrap();
        let wire = actions::connect(&document, x, id, port).unwrap();
        history.perform(&mut document, wire);
    }
    act(&mut history, &mut document, |document| {
        actions::change_kind(document, id, NodeKind::Dense(DenseNode::new(2)))
    });
    assert_eq!(document.network.incoming(id).len(), 1);
    assert_eq!(document.parameters[&weight(id)].shape, [2, 3]);
    // A loss has no output, a Target no input.
    act(&mut history, &mut document, |document| {
        actions::change_kind(document, y, NodeKind::Input(DataNode::new(2)))
    });
    edge_between(&document, y, loss);
}

#[test]
fn pasted_nodes_bring_wires_and_weights_under_new_names() {
    let (mut document, [x, z, a, ..]) = document();
    let mut history = History::new();
    train(&mut document);
    let fragment = actions::copy(&document, &[x, z, a]);
    assert_eq!(fragment.edges.len(), 2);
    let change = actions::paste(&document, &fragment, Position { x: 500.0, y: 500.0 });
    let [new_x, new_z, new_a] = change.nodes[..] else { unreachable!() };
    history.perform(&mut document, change);
    assert_eq!(document.network.nodes[&new_z].name, "Dense 2");
    assert_eq!(document.parameters[&weight(new_z)], document.parameters[&weight(z)]);
    edge_between(&document, new_x, new_z);
    edge_between(&document, new_z, new_a);
    let middle = actions::copy(&document, &[new_x, new_z, new_a]).center();
    assert!((middle.x - 500.0).abs() < 1e-3 && (middle.y - 500.0).abs() < 1e-3);
    // A duplicate of one Dense node has no wire, so no weight yet.
    let change = actions::duplicate(&document, &[z], 20.0, 20.0);
    let copy = change.nodes[0];
    history.perform(&mut document, change);
    assert!(!document.parameters.contains_key(&weight(copy)));
    assert_eq!(document.network.nodes[&copy].position.x, document.network.nodes[&z].position.x + 20.0);
}

#[test]
fn loop_edges_carry_initial_states_that_come_and_go() {
    let (mut document, [_, z, a, ..]) = document();
    let mut history = History::new();
    let edge = edge_between(&document, z, a);
    let sum = actions::insert_on_edge(&document, edge, NodeKind::Add, Position::default());
    let sum_id = sum.nodes[0];
    history.perform(&mut document, sum);
    let back = actions::add_node(&document, NodeKind::Dense(DenseNode::new(2)), Position::default());
    let back_id = back.nodes[0];
    history.perform(&mut document, back);
    act(&mut history, &mut document, |document| actions::connect(document, back_id, sum_id, 1).unwrap());
    assert_eq!(actions::connect(&document, a, back_id, 0).unwrap_err(), Refusal::Cycle);
    let looped = actions::connect_loop(&document, a, back_id, 0, 1).unwrap();
    let edge = looped.edges[0];
    history.perform(&mut document, looped);
    assert_eq!(document.network.n_steps, 10, "the first loop brings steps");
    assert_eq!(document.training.clip, ClipSettings::Norm { max_norm: 1.0 }, "and clipping");
    assert_eq!(document.parameters[&weight(back_id)].shape, [2, 2]);
    assert_eq!(document.network.problems(), []);
    act(&mut history, &mut document, |document| actions::set_initial(document, edge, InitialState::Trained));
    assert_eq!(document.parameters[&ParameterKey::Initial(edge)].shape, [1, 2]);
    act(&mut history, &mut document, |document| actions::set_delay(document, edge, 3));
    assert_eq!(document.parameters[&ParameterKey::Initial(edge)].shape, [3, 2]);
    history.undo(&mut document).unwrap();
    history.undo(&mut document).unwrap();
    assert!(!document.parameters.contains_key(&ParameterKey::Initial(edge)));
    history.undo(&mut document).unwrap();
    assert_eq!(document.network.n_steps, 1);
    assert_eq!(document.training.clip, ClipSettings::None);
}

#[test]
fn every_fix_mends_what_it_is_offered_for() {
    let (mut document, [_, z, a, _, loss]) = document();
    let fixes = [
        actions::set_units(&document, z, 7),
        actions::change_kind(&document, loss, NodeKind::Loss(crate::network::LossNode::new(LossKind::Bce))),
    ];
    for damage in fixes {
        let mut damaged = document.clone();
        damaged.apply(damage.edit);
        let problem = damaged.network.problems().into_iter().next().unwrap();
        let fixed = actions::fix(&damaged, &problem.fix.unwrap());
        damaged.apply(fixed.edit);
        assert_eq!(damaged.network.problems(), []);
    }
    document.network.nodes.get_mut(&a).unwrap().name = "Dense 1".into();
    let fixed = actions::fix(&document, &Fix::Rename { node: a });
    document.apply(fixed.edit);
    assert_eq!(document.network.nodes[&a].name, "Tanh 1");
}

#[test]
fn patterns_drop_as_ordinary_nodes_with_their_fixed_numbers_frozen() {
    for kind in PatternKind::ALL {
        let (mut document, [x, ..]) = document();
        let before = document.clone();
        let mut history = History::new();
        let center = Position { x: 100.0, y: 300.0 };
        act(&mut history, &mut document, |document| actions::add_pattern(document, kind, 4, center));
        let pattern = kind.draw(4);
        assert_eq!(document.network.nodes.len(), before.network.nodes.len() + pattern.network.nodes.len());
        assert_eq!(document.network.n_steps, if pattern.network.has_loops() { 10 } else { 1 });
        let offset = before.network.next_node_id().0 - 1;
        for (node, port) in &pattern.entries {
            let change = actions::connect(&document, x, NodeId(node.0 + offset), *port).unwrap();
            history.perform(&mut document, change);
        }
        let is_frozen = |parameter: &&Parameter| !parameter.trainable;
        assert_eq!(document.parameters.values().filter(is_frozen).count(), pattern.frozen.len(), "{kind:?}");
        let specs = document.network.parameter_specs();
        assert_eq!(specs.len(), document.parameters.len());
        while history.undo(&mut document).is_some() {}
        assert_eq!(document, before);
    }
}

#[test]
fn typed_rows_and_data_columns_set_widths_and_weights_follow() {
    let (mut document, [x, z, ..]) = document();
    let mut history = History::new();
    let rows = Some(TypedRows { rows: vec![vec![1.0, 2.0]; 4] });
    act(&mut history, &mut document, |document| {
        actions::set_data_node(document, x, DataNode { rows, ..DataNode::new(3) })
    });
    assert_eq!(document.parameters[&weight(z)].shape, [2, 2]);
    let data = crate::data::DataSettings { path: Some("iris.csv".into()), ..document.data.clone() };
    act(&mut history, &mut document, |document| actions::set_data(document, data, &[(x, 5)]));
    assert_eq!(document.parameters[&weight(z)].shape, [2, 5]);
    history.undo(&mut document).unwrap();
    assert_eq!(document.data.path, None);
    assert_eq!(document.parameters[&weight(z)].shape, [2, 2]);
}

#[test]
fn aligned_nodes_stand_in_line() {
    let (mut document, ids) = document();
    let aligned = actions::align(&document, &ids, Alignment::Top);
    document.apply(aligned.edit);
    let mut heights: Vec<_> = ids.iter().map(|id| document.network.nodes[id].position.y).collect();
    heights.dedup();
    assert_eq!(heights.len(), 1);
    let spread = actions::align(&document, &ids[..3], Alignment::DistributeX);
    document.apply(spread.edit);
    let xs: Vec<_> = ids[..3].iter().map(|id| document.network.nodes[id].position.x).collect();
    assert!((xs[1] - f32::midpoint(xs[0], xs[2])).abs() < 1e-3);
    assert!(actions::align(&document, &ids, Alignment::Top).is_empty(), "what is in line stays");
}

#[test]
fn a_root_is_marked_taken_back_and_gone_with_its_node() {
    let (mut document, [_, z, _, _, _]) = document();
    let before = document.clone();
    let mut history = History::default();
    act(&mut history, &mut document, |document| actions::set_root(document, z, true));
    assert!(document.network.roots.contains(&z));
    act(&mut history, &mut document, |document| actions::delete(document, &[z], &[], false));
    assert!(document.network.roots.is_empty(), "a node of the same id must not be born a root");
    history.undo(&mut document);
    assert!(document.network.roots.contains(&z));
    history.undo(&mut document);
    assert_eq!(document, before);
    assert!(actions::set_root(&document, z, false).edit.is_empty(), "nothing changes");
}
