//! What is put on a wire: it covers nothing, loses nothing, and is one step.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::actions;
use super::tests::{act, document, edge_between, train, weight};
use super::*;
use crate::network::{Activation, DenseNode, InitialState, NodeId, NodeKind, ParameterKey, Position};

/// Left and right edge of each card in one row with `node`, from the left.
fn cards_beside(document: &Document, node: NodeId) -> Vec<(f32, f32)> {
    let nodes = &document.network.nodes;
    let beside = nodes.values().filter(|other| (other.position.y - nodes[&node].position.y).abs() < 64.0);
    let mut cards: Vec<(f32, f32)> = beside
        .map(|node| (node.position.x, crate::network::card_width(node) / 2.0))
        .map(|(x, half)| (x - half, x + half))
        .collect();
    cards.sort_by(|a, b| a.0.total_cmp(&b.0));
    cards
}

#[test]
fn what_is_put_on_a_wire_covers_nothing_and_pushes_what_follows() {
    let (mut document, [x, z, a, _, loss]) = document();
    for (id, place) in document.network.layout() {
        document.network.nodes.get_mut(&id).unwrap().position = place;
    }
    let mut history = History::new();
    let before = document.clone();
    let place = |document: &Document, node: NodeId| document.network.nodes[&node].position;
    let middle =
        Position { x: f32::midpoint(place(&document, x).x, place(&document, z).x), y: place(&document, x).y };
    let edge = edge_between(&document, x, z);
    act(&mut history, &mut document, |document| {
        actions::insert_on_edge(document, edge, NodeKind::Dropout { p: 0.5 }, middle)
    });
    assert!(cards_beside(&document, x).windows(2).all(|pair| pair[1].0 >= pair[0].1 + 40.0));
    let pushed = |document: &Document, node: NodeId| place(document, node).x - place(&before, node).x;
    assert_eq!(pushed(&document, x), 0.0);
    assert!(pushed(&document, z) > 100.0);
    assert_eq!(pushed(&document, a), pushed(&document, z), "what follows keeps its distance");
    assert_eq!(pushed(&document, loss), pushed(&document, z));
    history.undo(&mut document).unwrap();
    assert_eq!(document, before, "one step");

    // Where there is room nothing moves.
    for node in [z, a, loss] {
        let mut there = place(&document, node);
        there.x += 400.0;
        act(&mut history, &mut document, |document| actions::move_nodes(document, &[(node, there)]));
    }
    let wide = document.clone();
    let lone = actions::add_node(&document, NodeKind::Dropout { p: 0.1 }, Position { x: 0.0, y: 900.0 });
    let dropout = lone.nodes[0];
    history.perform(&mut document, lone);
    act(&mut history, &mut document, |document| {
        let there = Position { x: middle.x + 200.0, y: middle.y };
        actions::insert_node_on_edge(document, edge, dropout, there).unwrap()
    });
    for node in [x, z, a, loss] {
        assert_eq!(place(&document, node), place(&wide, node));
    }
}

#[test]
fn a_node_that_does_not_fit_is_put_on_a_wire_all_the_same_and_the_drawing_says_so() {
    let (mut document, [_, z, a, ..]) = document();
    let mut history = History::new();
    train(&mut document);
    let lone = actions::add_node(&document, NodeKind::Dense(DenseNode::new(7)), Position::default());
    let wide = lone.nodes[0];
    history.perform(&mut document, lone);
    let before = document.clone();
    let edge = edge_between(&document, z, a);
    act(&mut history, &mut document, |document| {
        actions::insert_node_on_edge(document, edge, wide, Position { x: 40.0, y: 8.0 }).unwrap()
    });
    edge_between(&document, z, wide);
    edge_between(&document, wide, a);
    assert!(!document.network.problems().is_empty(), "the loss gets 7 where it expects 2");
    assert_eq!(document.parameters[&weight(z)], before.parameters[&weight(z)]);
    history.undo(&mut document).unwrap();
    assert_eq!(document, before, "one step");
}

#[test]
fn a_node_on_a_loop_wire_leaves_the_trained_state_as_it_is() {
    let (mut document, [_, z, a, ..]) = document();
    let mut history = History::new();
    let edge = edge_between(&document, z, a);
    let sum = actions::insert_on_edge(&document, edge, NodeKind::Add, Position::default());
    let sum_id = sum.nodes[0];
    history.perform(&mut document, sum);
    let looped = actions::connect_loop(&document, a, sum_id, 1, 1).unwrap();
    let back = looped.edges[0];
    history.perform(&mut document, looped);
    act(&mut history, &mut document, |document| actions::set_initial(document, back, InitialState::Trained));
    let key = ParameterKey::Initial(back);
    act(&mut history, &mut document, |document| {
        actions::set_entries(document, key, vec![(0, 0.25), (1, -0.5)])
    });
    let lone = actions::add_node(&document, NodeKind::Activation(Activation::Tanh), Position::default());
    let tanh = lone.nodes[0];
    history.perform(&mut document, lone);
    let before = document.clone();
    // Dropped on the loop, a little above the cards that it passes.
    let above = document.network.nodes[&a].position;
    act(&mut history, &mut document, |document| {
        let lane = Position { x: above.x - 20.0, y: above.y - 58.0 };
        actions::insert_node_on_edge(document, back, tanh, lane).unwrap()
    });
    assert!(document.network.nodes[&tanh].position.y <= above.y - 96.0, "it covers no card");
    assert_eq!(document.network.nodes[&a].position, above);
    let first = &document.network.edges[&edge_between(&document, a, tanh)];
    assert_eq!((first.delay, first.initial), (1, InitialState::Trained));
    assert_eq!(document.network.edges[&edge_between(&document, tanh, sum_id)].delay, 0);
    assert_eq!(*document.parameters[&key].values, [0.25, -0.5]);
    assert_eq!(document.network.problems(), []);
    history.undo(&mut document).unwrap();
    assert_eq!(document, before);
}
