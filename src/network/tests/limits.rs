//! Drawings of any size: what is too large is said, and what is not costs a pass over it.
//!
//! Costs are counted in bytes allocated: twice the drawing may take little more than twice of them.

#![expect(clippy::unwrap_used, reason = "tests")]

use crate::network::*;
use crate::words::ToMessage as _;

fn node(network: &mut Network, kind: NodeKind) -> NodeId {
    let id = network.next_node_id();
    let name = format!("n{}", id.0);
    network.nodes.insert(id, Node::new(name, kind, Position::default()));
    id
}

fn wire(network: &mut Network, from: NodeId, to: NodeId, port: usize) -> EdgeId {
    let id = network.next_edge_id();
    network.edges.insert(id, Edge { from, to, port, delay: 0, initial: InitialState::Zeros });
    id
}

const IDENTITY: NodeKind = NodeKind::Activation(Activation::Identity);

/// So many nodes of a kind, each wired to the next.
fn chain(network: &mut Network, n: usize, kind: &NodeKind) -> Vec<NodeId> {
    let ids: Vec<NodeId> = (0..n).map(|_| node(network, kind.clone())).collect();
    for pair in ids.windows(2) {
        wire(network, pair[0], pair[1], 0);
    }
    ids
}

/// A ring without delay, its wires along the ids or against them.
fn ring(n: usize, backwards: bool) -> Network {
    let mut network = Network::default();
    let mut ids = chain(&mut network, n, &IDENTITY);
    if backwards {
        network.edges.clear();
        ids.reverse();
        for pair in ids.windows(2) {
            wire(&mut network, pair[0], pair[1], 0);
        }
    }
    wire(&mut network, ids[n - 1], ids[0], 0);
    network
}

/// Every one of `n` Inputs wired to every one of `n` Adds.
fn everything_to_everything(n: usize) -> Network {
    let mut network = Network::default();
    let inputs: Vec<NodeId> = (0..n).map(|_| node(&mut network, NodeKind::Input(DataNode::new(2)))).collect();
    for _ in 0..n {
        let sum = node(&mut network, NodeKind::Add);
        for (port, &from) in inputs.iter().enumerate() {
            wire(&mut network, from, sum, port);
        }
    }
    network
}

/// `n` Adds that each take the last one's output and their own, a step before.
fn chained_loops(n: usize) -> Network {
    let mut network = Network { n_steps: 2, ..Network::default() };
    let mut before = node(&mut network, NodeKind::Input(DataNode::new(2)));
    for _ in 0..n {
        let sum = node(&mut network, NodeKind::Add);
        wire(&mut network, before, sum, 0);
        let own = wire(&mut network, sum, sum, 1);
        network.edges.get_mut(&own).unwrap().delay = 1;
        before = sum;
    }
    network
}

/// `n` losses at the end of a chain of `n` nodes that keep probabilities.
fn losses_behind_a_chain(n: usize) -> Network {
    let mut network = Network::default();
    let x = node(&mut network, NodeKind::Input(DataNode::new(2)));
    let y = node(&mut network, NodeKind::Target(DataNode::new(3)));
    let chain = chain(&mut network, n, &IDENTITY);
    wire(&mut network, x, chain[0], 0);
    for _ in 0..n {
        let loss = node(&mut network, NodeKind::Loss(LossNode::new(LossKind::Bce)));
        wire(&mut network, chain[n - 1], loss, 0);
        wire(&mut network, y, loss, 1);
    }
    network
}

fn bytes_of_problems(network: &Network) -> u64 {
    allocation_counter::measure(|| drop(network.problems())).bytes_total
}

#[test]
fn finding_problems_costs_a_pass_over_the_drawing() {
    let cases: [(&str, &dyn Fn(usize) -> Network); 5] = [
        ("a ring", &|n| ring(n, false)),
        ("a ring against its ids", &|n| ring(n, true)),
        // Four times the wires.
        ("everything to everything", &|n| everything_to_everything((n as f64).sqrt() as usize)),
        ("loops in a row", &chained_loops),
        ("losses behind a chain", &losses_behind_a_chain),
    ];
    for (what, make) in cases {
        let (small, large) = (bytes_of_problems(&make(2_500)), bytes_of_problems(&make(10_000)));
        assert!(large <= 6 * small, "{what}: four times the size takes {large} bytes, not {small}");
    }
}

#[test]
fn a_cycle_of_ten_thousand_nodes_is_said_in_a_short_sentence() {
    for backwards in [false, true] {
        let problems = ring(10_000, backwards).problems();
        let cycles: Vec<_> =
            problems.iter().filter(|p| matches!(p.kind, ProblemKind::CycleWithoutDelay { .. })).collect();
        assert_eq!(cycles.len(), 1);
        let said = crate::words::in_english(&cycles[0].message());
        assert!(said.len() < 300 && said.contains('…'), "{said}");
        let lost = problems.iter().filter(|p| matches!(p.kind, ProblemKind::UnknownShape { .. }));
        assert_eq!(lost.map(|p| p.at.clone()).collect::<Vec<_>>(), [Place::Node(NodeId(1))]);
    }
}

#[test]
fn ninety_thousand_wires_have_their_shapes() {
    let network = everything_to_everything(300);
    assert_eq!(network.edges.len(), 90_000);
    let (shapes, problems) = network.infer_shapes();
    assert_eq!(problems, []);
    assert!(network.nodes.keys().all(|&id| shapes.node(id).is_some()));
}

#[test]
fn every_loop_in_a_row_learns_its_shape_from_the_one_before() {
    let network = chained_loops(1_000);
    let (shapes, problems) = network.infer_shapes();
    assert_eq!(problems, []);
    assert!(network.nodes.keys().all(|&id| shapes.node(id).is_some()));
}

#[test]
fn more_wires_than_a_node_can_take_are_a_problem_at_it() {
    let mut network = Network::default();
    let x = node(&mut network, NodeKind::Input(DataNode::new(1)));
    let sum = node(&mut network, NodeKind::CONCAT);
    for port in 0..=MAX_WIRES_OF_A_NODE {
        wire(&mut network, x, sum, port);
    }
    let what = Large::WiresOf("n2".into());
    let (limit, found) = (MAX_WIRES_OF_A_NODE, MAX_WIRES_OF_A_NODE + 1);
    let problem = network.problems().into_iter().find(|p| matches!(p.kind, ProblemKind::TooLarge { .. }));
    let problem = problem.unwrap();
    assert_eq!((problem.kind, problem.at), (ProblemKind::TooLarge { what, limit, found }, Place::Node(sum)));
}

/// A Concat that takes ten times what the one before it gives, `n` times over.
fn concats(n: usize) -> Network {
    let mut network = Network::default();
    let mut before = node(&mut network, NodeKind::Input(DataNode::new(10)));
    for _ in 0..n {
        let next = node(&mut network, NodeKind::CONCAT);
        for port in 0..10 {
            wire(&mut network, before, next, port);
        }
        before = next;
    }
    network
}

fn large_values(network: &Network) -> Vec<(Place, usize)> {
    let problems = network.problems().into_iter();
    problems
        .filter_map(|problem| match problem.kind {
            ProblemKind::TooLarge { what: Large::ValueOf(_), found, .. } => Some((problem.at, found)),
            _ => None,
        })
        .collect()
}

#[test]
fn a_value_that_cannot_be_held_is_named_at_its_node_even_where_its_size_cannot_be_counted() {
    assert_eq!(large_values(&concats(7)), []);
    assert_eq!(large_values(&concats(8)), [(Place::Node(NodeId(9)), 1_000_000_000)]);
    let found = large_values(&concats(40));
    assert_eq!(found.len(), 33);
    assert_eq!(found.last(), Some(&(Place::Node(NodeId(41)), usize::MAX)));
}

#[test]
fn many_steps_of_wide_nodes_are_too_many_values_together() {
    let mut network = concats(5);
    network.n_steps = 50;
    let is_values = |problem: &Problem| {
        matches!(problem.kind, ProblemKind::TooLarge { what: Large::Values, found: 55_555_500, .. })
    };
    assert!(!network.problems().iter().any(|p| matches!(p.kind, ProblemKind::TooLarge { .. })));
    network.n_steps = 100;
    let problems = network.problems();
    assert!(problems.iter().any(|p| matches!(p.kind, ProblemKind::TooLarge { what: Large::Values, .. })));
    assert!(!problems.iter().any(is_values));
}

#[test]
fn wires_over_time_are_counted_before_they_are_made() {
    let mut network = everything_to_everything(100);
    network.n_steps = 1_001;
    let found = |network: &Network| {
        network.problems().into_iter().find_map(|problem| match problem.kind {
            ProblemKind::TooLarge { what: Large::CopiedWires, found, .. } => Some(found),
            _ => None,
        })
    };
    assert_eq!(found(&network), Some(10_010_000));
    network.n_steps = 1_000;
    assert_eq!(found(&network), None);
}

#[test]
fn ids_go_on_in_the_gaps_where_the_largest_is_taken() {
    let mut network = Network::default();
    for id in [1, 2, 4, u32::MAX] {
        let node = Node::new(format!("n{id}"), IDENTITY, Position::default());
        network.nodes.insert(NodeId(id), node);
    }
    let free: Vec<u32> = network.free_node_ids().take(4).map(|id| id.0).collect();
    assert_eq!(free, [3, 5, 6, 7]);
    network.nodes.remove(&NodeId(u32::MAX));
    assert_eq!(network.next_node_id(), NodeId(5));
    network.nodes.insert(NodeId(u32::MAX - 1), network.nodes[&NodeId(1)].clone());
    let free: Vec<u32> = network.free_node_ids().take(3).map(|id| id.0).collect();
    assert_eq!(free, [u32::MAX, 3, 5]);
}

#[test]
fn ten_thousand_names_are_found_in_one_pass() {
    let mut names = FreeNames::beside(&Network::default());
    let found: Vec<String> = (0..10_000).map(|_| names.take("Dense 1")).collect();
    assert_eq!((found[0].as_str(), found[9_999].as_str()), ("Dense 1", "Dense 10000"));
    let bytes = |n: usize| {
        let mut names = FreeNames::beside(&Network::default());
        allocation_counter::measure(|| (0..n).for_each(|_| drop(names.take("x")))).bytes_total
    };
    assert!(bytes(8_000) < 6 * bytes(2_000));
    let long = "ä".repeat(10_000);
    for _ in 0..2 {
        assert!(names.take(&long).chars().count() <= MAX_NAME_CHARS);
    }
}

#[test]
fn places_far_away_are_moved_to_the_border() {
    let at = |x, y| Position { x, y }.within_bounds();
    assert_eq!(at(1e12, -3.0), Position { x: MAX_POSITION, y: -3.0 });
    assert_eq!(at(f32::NAN, f32::NEG_INFINITY), Position { x: 0.0, y: -MAX_POSITION });
}
