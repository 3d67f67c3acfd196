//! Scenes of small networks.

use super::*;
use crate::network::{Activation, Builder, LossKind};

fn texts(network: &Network) -> BTreeMap<NodeId, Arc<CardText>> {
    let (shapes, _) = network.infer_shapes();
    super::super::card_text::CardTexts::new(network, &shapes, &[], &crate::words::Words::default()).nodes
}

/// Input, Dense, ReLU and MSE in a row with a Target below.
fn small() -> (Network, Scene) {
    let mut builder = Builder::new();
    let input = builder.input(3);
    let dense = builder.dense(input, 2);
    let relu = builder.activation(dense, Activation::Relu);
    let target = builder.target(2);
    builder.loss(LossKind::Mse, relu, target);
    let mut network = builder.finish();
    for (id, place) in network.layout() {
        if let Some(node) = network.nodes.get_mut(&id) {
            node.position = place;
        }
    }
    let scene = Scene::new(&network, &texts(&network), &Shift::default());
    (network, scene)
}

fn id_of(network: &Network, name: &str) -> NodeId {
    *network.nodes.iter().find(|(_, node)| node.name == name).expect("there is such a node").0
}

#[test]
fn wires_end_at_their_ports() {
    let (network, scene) = small();
    assert_eq!((scene.cards.len(), scene.wires.len()), (5, 4));
    let loss = scene.card(id_of(&network, "MSE 1")).expect("it has a card");
    assert_eq!(loss.inputs.len(), 2);
    assert!(loss.output.is_none(), "nothing can follow a loss");
    for wire in &scene.wires {
        let points = wire.path.points(8);
        let (first, last) = (points[0], points[points.len() - 1]);
        assert_eq!(scene.hit(first, 4.0, &BTreeSet::new()), Hit::Output(wire.from));
        assert!(matches!(scene.hit(last, 4.0, &BTreeSet::new()), Hit::Input(to, _) if to == wire.to));
    }
}

#[test]
fn the_topmost_card_is_picked_and_a_selected_one_lies_on_top() {
    let (mut network, _) = small();
    let (below, above) = (id_of(&network, "Dense 1"), id_of(&network, "ReLU 1"));
    let place = network.nodes[&below].position;
    network.nodes.get_mut(&above).expect("it exists").position = place;
    let scene = Scene::new(&network, &texts(&network), &Shift::default());
    assert_eq!(scene.hit(point(place), 4.0, &BTreeSet::new()), Hit::Card(above));
    assert_eq!(scene.hit(point(place), 4.0, &[below].into()), Hit::Card(below));
}

#[test]
fn nodes_with_any_number_of_inputs_offer_one_more() {
    let mut builder = Builder::new();
    let input = builder.input(3);
    let add = builder.node(crate::network::NodeKind::Add, &[]);
    let mut network = builder.finish();
    let slots = |network: &Network| {
        let scene = Scene::new(network, &texts(network), &Shift::default());
        scene.card(add).expect("it has a card").inputs.clone()
    };
    assert_eq!(slots(&network).iter().filter(|slot| slot.needed).count(), 2);
    for n in 1..4_u32 {
        let edge = crate::network::Edge {
            from: input,
            to: add,
            port: n as usize * 2,
            delay: 0,
            initial: crate::network::InitialState::Zeros,
        };
        network.edges.insert(EdgeId(n), edge);
    }
    let slots = slots(&network);
    assert_eq!(slots.iter().map(|slot| slot.port).collect::<Vec<_>>(), [2, 4, 6, 7]);
    assert!(slots[3].wire.is_none() && !slots[3].needed);
}

#[test]
fn what_is_moved_takes_its_wires_along() {
    let (network, still) = small();
    let dense = id_of(&network, "Dense 1");
    let shift = Shift { nodes: [dense].into(), by: Vec2::new(16.0, 80.0) };
    let moved = Scene::new(&network, &texts(&network), &shift);
    let place = |scene: &Scene| scene.card(dense).expect("it has a card").area.center();
    assert_eq!(place(&moved), place(&still) + Vec2::new(16.0, 80.0));
    assert_ne!(moved.wires, still.wires);
    assert_eq!(moved.cards.iter().filter(|card| !still.cards.contains(card)).count(), 1);
}

#[test]
fn arrow_keys_walk_along_the_row() {
    let (network, scene) = small();
    let (input, dense) = (id_of(&network, "Input 1"), id_of(&network, "Dense 1"));
    assert_eq!(scene.neighbor(input, Vec2::RIGHT), Some(dense));
    assert_eq!(scene.neighbor(dense, Vec2::LEFT), Some(input));
    assert_eq!(scene.neighbor(input, Vec2::LEFT), None);
}
