//! Random sequences of what a person can do: each is undone to the equal document and redone to
//! the equal document, and the parameters are in step with the drawing all the time.

use std::collections::BTreeSet;

use proptest::prelude::*;
use vastavirta::document::actions::{self, Alignment};
use vastavirta::document::{Change, Document, Fragment, History, TrainingSettings};
use vastavirta::network::{
    EdgeId, InitialState, NodeId, NodeKind, ParameterKey, PatternKind, Position, Room,
};
use vastavirta::words::{Language, Words};

/// One thing done, with numbers that choose on what.
#[derive(Clone, Copy, Debug)]
struct Deed {
    what: u8,
    a: u32,
    b: u32,
    c: u32,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = (0_u8..26, any::<u32>(), any::<u32>(), any::<u32>());
    prop::collection::vec(deed.prop_map(|(what, a, b, c)| Deed { what, a, b, c }), 1..40)
}

fn pick<T: Copy>(items: &[T], number: u32) -> Option<T> {
    items.get(number as usize % items.len().max(1)).copied()
}

fn place(number: u32) -> Position {
    Position { x: (number % 1000) as f32, y: (number / 1000 % 1000) as f32 }
}

/// The change that a deed makes of the document; `None` where there is nothing to do it on.
fn change(document: &Document, clipboard: &Fragment, deed: Deed) -> Option<Change> {
    let network = &document.network;
    let nodes: Vec<NodeId> = network.nodes.keys().copied().collect();
    let edges: Vec<EdgeId> = network.edges.keys().copied().collect();
    let keys: Vec<ParameterKey> = document.parameters.keys().copied().collect();
    let Deed { a, b, c, .. } = deed;
    let palette = NodeKind::palette();
    let kind = || sized(palette[b as usize % palette.len()].clone(), c);
    let some_nodes: Vec<NodeId> =
        nodes.iter().copied().filter(|id| id.0.wrapping_mul(a | 1) % 3 == 0).collect();
    match deed.what {
        0..=4 => Some(actions::add_node(document, kind(), place(c))),
        5..=9 => {
            let (from, to) = (pick(&nodes, a)?, pick(&nodes, b)?);
            let port = network.free_port(to)?;
            match actions::connect(document, from, to, port) {
                Err(refusal) if refusal.offers_loop() => {
                    actions::connect_loop(document, from, to, port, 1 + c as usize % 3).ok()
                }
                result => result.ok(),
            }
        }
        10 => Some(actions::insert_on_edge(document, pick(&edges, a)?, kind(), place(c))),
        11 => actions::insert_node_on_edge(document, pick(&edges, a)?, pick(&nodes, b)?, place(c)).ok(),
        12 => Some(actions::delete(document, &[pick(&nodes, a)?], &[], b % 2 == 0)),
        13 => Some(actions::delete(document, &some_nodes, &[pick(&edges, b)?], c % 2 == 0)),
        14 => Some(actions::duplicate(document, &some_nodes, 30.0, 30.0)),
        15 => Some(actions::paste(document, clipboard, place(b))),
        16 => {
            Some(actions::rename(document, pick(&nodes, a)?, ["x", "hidden", "Dense 1", ""][b as usize % 4]))
        }
        17 => Some(actions::change_kind(document, pick(&nodes, a)?, kind())),
        18 => Some(actions::move_by(document, &some_nodes, 12.5, -3.0)),
        19 => Some(actions::align(document, &nodes, Alignment::ALL[a as usize % 8])),
        20 => {
            Some(actions::auto_layout(document, Some(Room { width: (b % 256) as f32 * 9.0, height: 500.0 })))
        }
        21 => {
            let edge = pick(&edges, a)?;
            let initial = if b % 2 == 0 { InitialState::Trained } else { InitialState::Zeros };
            match c % 3 {
                0 => Some(actions::set_delay(document, edge, b as usize % 4)),
                1 => Some(actions::set_initial(document, edge, initial)),
                _ => actions::reconnect(document, edge, pick(&nodes, b)?, pick(&nodes, c)?, 0).ok(),
            }
        }
        22 => Some(actions::set_units(document, pick(&nodes, a)?, 1 + b as usize % 5)),
        23 => {
            let key = pick(&keys, a)?;
            match b % 4 {
                0 => Some(actions::set_entries(
                    document,
                    key,
                    vec![(0, 0.5), (c as usize % 7, -1.5), (0, 2.0)],
                )),
                1 => Some(actions::set_trainable(document, &keys, c % 2 == 0)),
                2 => {
                    let n = document.parameters[&key].values.len();
                    Some(actions::set_entries(
                        document,
                        key,
                        (0..n).map(|idx| (idx, f64::from(c % 10))).collect(),
                    ))
                }
                _ => Some(actions::reset(document, None)),
            }
        }
        24 => match a % 4 {
            0 => Some(actions::set_steps(document, b as usize % 6)),
            1 => Some(actions::set_truncation(document, (b % 2 == 0).then_some(c as usize % 4))),
            2 => {
                let settings = TrainingSettings { seed: u64::from(b % 5), ..document.training.clone() };
                Some(actions::set_training(document, settings))
            }
            _ => {
                let widths: Vec<_> = nodes.iter().map(|&id| (id, 1 + b as usize % 4)).collect();
                let path = Some(format!("{}.csv", c % 3).into());
                let data = vastavirta::data::DataSettings { path, ..document.data.clone() };
                Some(actions::set_data(document, data, &widths))
            }
        },
        _ => match network.problems().into_iter().find_map(|problem| problem.fix) {
            Some(fix) if a % 2 == 0 => Some(actions::fix(document, &fix)),
            _ => Some(actions::add_pattern(
                document,
                PatternKind::ALL[b as usize % PatternKind::ALL.len()],
                2,
                place(c),
            )),
        },
    }
}

/// Kinds of the palette with small widths, so that shapes often fit.
fn sized(mut kind: NodeKind, number: u32) -> NodeKind {
    let width = 1 + number as usize % 3;
    match &mut kind {
        NodeKind::Input(data) | NodeKind::Target(data) => data.set_features(width),
        NodeKind::Dense(dense) => dense.units = width,
        _ => {}
    }
    kind
}

/// What holds of every document, whatever was done to it.
fn check(document: &Document) -> Result<(), TestCaseError> {
    let specs = document.network.parameter_specs();
    let needed: Vec<_> =
        specs.iter().map(|spec| (spec.key, &spec.shape)).collect::<BTreeSet<_>>().into_iter().collect();
    let held: Vec<_> = document.parameters.iter().map(|(&key, parameter)| (key, &parameter.shape)).collect();
    prop_assert_eq!(needed, held, "parameters are in step with the drawing");
    for parameter in document.parameters.values() {
        prop_assert_eq!(parameter.shape.iter().product::<usize>(), parameter.values.len());
    }
    let names: BTreeSet<_> = document.network.nodes.values().map(|node| &node.name).collect();
    prop_assert_eq!(names.len(), document.network.nodes.len(), "names are unique");
    for edge in document.network.edges.values() {
        prop_assert!(document.network.nodes.contains_key(&edge.from));
        prop_assert!(document.network.nodes.contains_key(&edge.to));
    }
    // Whatever is drawn, looking at it works; and a drawing without errors unrolls.
    let problems = document.network.problems();
    let is_sound = problems.iter().all(|p| p.severity == vastavirta::network::Severity::Warning);
    prop_assert_eq!(document.network.unroll().is_ok(), is_sound);
    prop_assert_eq!(document.network.layout().len(), document.network.nodes.len());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn as_many_undos_give_the_equal_document_and_redos_give_it_back(deeds in deeds()) {
        let mut document = Document::default();
        let mut history = History::new();
        let mut clipboard = Fragment::default();
        let mut states = vec![(document.clone(), history.state())];
        for deed in deeds {
            let Some(change) = change(&document, &clipboard, deed) else { continue };
            if deed.b % 5 == 0 {
                let all: Vec<NodeId> = document.network.nodes.keys().copied().take(3).collect();
                clipboard = actions::copy(&document, &all);
            }
            for language in Language::CHOICES {
                prop_assert!(Words::new(language).has(change.label.id), "{:?}", change.label);
            }
            let (depth, _) = history.depth();
            if deed.c % 7 == 0 {
                // The same as a gesture: begun, done, done again, ended.
                history.begin_gesture();
                history.perform(&mut document, change);
                let nodes: Vec<NodeId> = document.network.nodes.keys().copied().collect();
                let moved = actions::move_by(&document, &nodes, 1.0, 1.0);
                history.perform(&mut document, moved);
                history.end_gesture();
            } else {
                history.perform(&mut document, change);
            }
            check(&document)?;
            if history.depth().0 > depth {
                states.push((document.clone(), history.state()));
            } else {
                prop_assert_eq!(&document, &states.last().unwrap().0, "no step, no change");
            }
        }
        for round in 0..2 {
            for (before, state) in states.iter().rev().skip(1) {
                prop_assert!(history.undo(&mut document).is_some());
                prop_assert_eq!(&document, before, "undo, round {}", round);
                prop_assert_eq!(history.state(), *state);
            }
            prop_assert!(history.undo(&mut document).is_none());
            for (after, state) in states.iter().skip(1) {
                prop_assert!(history.redo(&mut document).is_some());
                prop_assert_eq!(&document, after, "redo, round {}", round);
                prop_assert_eq!(history.state(), *state);
            }
            prop_assert!(history.redo(&mut document).is_none());
        }
    }
}
