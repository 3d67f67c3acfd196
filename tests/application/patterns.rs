//! Ready-made patterns in a window without a screen: dragged in or added by a key, looked at, trained.

use std::time::Duration;

use egui::accesskit::Role;
use egui::{Key, Rect, pos2};
use egui_kittest::kittest::Queryable;
use vastavirta::app::{Command, DataCommand, EditCommand, FileCommand, TrainCommand, ViewCommand};
use vastavirta::data::SequenceLayout;
use vastavirta::network::{EdgeId, NodeKind, ParameterKey};
use vastavirta::train::Goal;

use crate::canvas::{Desk, card, desk, drag_in, id_of, network, two_cards, undo};

/// The cards of all nodes, on the screen.
fn cards(desk: &Desk) -> Vec<Rect> {
    network(desk).nodes.values().map(|node| card(desk, &node.name)).collect()
}

fn overlap(cards: &[Rect]) -> bool {
    cards.iter().enumerate().any(|(i, a)| cards[..i].iter().any(|b| a.shrink(1.0).intersects(*b)))
}

#[test]
fn a_dropped_pattern_is_shown_whole_taken_apart_and_undone_in_one_step() {
    for (entry, n_nodes, n_loops, part) in [
        ("Elman RNN", 4, 1, "Sum 1"),
        ("LSTM", 14, 2, "f 1"),
        ("GRU", 15, 1, "r 1"),
        ("Attention head", 14, 0, "Scores 1"),
    ] {
        let mut desk = desk();
        drag_in(&mut desk, entry, pos2(550.0, 270.0));
        let drawn = network(&desk).clone();
        assert_eq!(drawn.nodes.len(), n_nodes, "{entry}");
        assert_eq!(drawn.edges.values().filter(|edge| edge.delay == 1).count(), n_loops, "{entry}");
        let canvas = Rect::from_min_max(pos2(192.0, 32.0), pos2(910.0, 509.0));
        let places = cards(&desk);
        assert!(places.iter().all(|place| canvas.contains_rect(*place)), "{entry}: {places:?}");
        assert!(!overlap(&places), "{entry}: {places:?}");

        desk.state_mut().as_mut().unwrap().app_mut().dispatch(Command::View(ViewCommand::SelectNone));
        desk.run();
        let place = card(&desk, part).center();
        desk.hover_at(place);
        desk.step();
        desk.drag_at(place);
        desk.step();
        desk.drop_at(place);
        desk.run();
        desk.key_press(Key::Delete);
        desk.run();
        assert_eq!(network(&desk).nodes.len(), n_nodes - 1, "{entry}");
        undo(&mut desk);
        assert_eq!(*network(&desk), drawn, "{entry}");
        undo(&mut desk);
        assert!(network(&desk).nodes.is_empty(), "{entry}");
    }
}

#[test]
fn enter_on_a_clicked_pattern_adds_it_clear_of_what_stands() {
    let mut desk = desk();
    for entry in ["GRU", "LSTM"] {
        desk.get_by_label(entry).click();
        desk.run();
        desk.key_press(Key::Enter);
        desk.run();
    }
    assert_eq!(network(&desk).nodes.len(), 29);
    desk.get_by_label("Loss").hover();
    desk.key_press(Key::F);
    desk.run();
    assert!(!overlap(&cards(&desk)));
}

#[test]
fn an_entry_held_at_the_edge_makes_the_drawing_run_on_once_it_has_come_in() {
    let mut desk = two_cards();
    let from = desk.get_by_label("Tanh").rect().center();
    let before = card(&desk, "Dense 1").center();
    desk.hover_at(from);
    desk.step();
    desk.drag_at(from);
    desk.step();
    // On its way in it passes the left edge.
    for x in [120.0, 196.0, 200.0, 550.0] {
        desk.hover_at(pos2(x, 300.0));
        desk.run_steps(5);
    }
    assert!((card(&desk, "Dense 1").center() - before).length() < 1.0);
    let edge = pos2(desk.get_by_label("Inspector").rect().left() - 6.0, 300.0);
    desk.hover_at(edge);
    desk.run_steps(40);
    desk.drop_at(edge);
    desk.run();
    let places = &network(&desk).nodes;
    let apart = places[&id_of(&desk, "Tanh 1")].position.x - places[&id_of(&desk, "Dense 1")].position.x;
    assert!(apart > edge.x - before.x + 50.0, "{apart}");
}

fn does(desk: &mut Desk, command: Command) {
    let app = desk.state_mut().as_mut().unwrap().app_mut();
    app.dispatch(command);
    assert!(app.wait(Duration::from_mins(1)));
    desk.run();
}

#[test]
fn groups_of_columns_become_the_steps_where_the_input_is_set() {
    let mut desk = desk();
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("groups.csv");
    let row = |i: usize| format!("{i},{},{},{}\n", 2 * i, 3 * i, 6 * i);
    let rows: String = (1..20).map(row).collect();
    std::fs::write(&table, format!("x0,x1,x2,y\n{rows}")).unwrap();
    does(&mut desk, Command::File(FileCommand::OpenExample("sine_rnn".to_owned())));
    does(&mut desk, Command::Data(DataCommand::Load(table)));
    does(&mut desk, Command::Edit(EditCommand::SetSteps { n_steps: 3, truncate: None }));
    let (input, target) = (id_of(&desk, "Input 1"), id_of(&desk, "Target 1"));
    for (id, per_step, columns) in [(input, true, &["x0", "x1", "x2"][..]), (target, false, &["y"])] {
        let (NodeKind::Input(mut data) | NodeKind::Target(mut data)) = network(&desk).nodes[&id].kind.clone()
        else {
            unreachable!("both hold data");
        };
        data.columns = columns.iter().map(ToString::to_string).collect();
        data.per_step = per_step;
        let kind = if id == input { NodeKind::Input(data) } else { NodeKind::Target(data) };
        does(&mut desk, Command::Edit(EditCommand::SetKind(id, kind)));
    }
    does(&mut desk, Command::View(ViewCommand::Select { nodes: vec![input], edges: vec![] }));
    desk.get_by_role_and_label(Role::ComboBox, "A sequence is").click();
    desk.run();
    desk.get_by_label("groups of columns").click();
    desk.run();
    does(&mut desk, Command::Train(TrainCommand::Run(Goal::Epochs(2))));
    let app = desk.state().as_ref().unwrap().app();
    assert_eq!(app.document().data.sequence, SequenceLayout::ColumnGroups);
    let NodeKind::Input(data) = &network(&desk).nodes[&input].kind else { unreachable!("the Input") };
    assert_eq!(data.features(), 1, "three columns are three steps of one");
    assert_eq!(app.loss_history().records().len(), 2, "{:?}", app.notices());
}

#[test]
fn an_initial_state_is_chosen_shown_with_its_gradient_and_trained() {
    let mut desk = desk();
    let open = FileCommand::OpenExample("sine_rnn".to_owned());
    does(&mut desk, Command::File(open));
    let wire: EdgeId = *network(&desk).edges.iter().find(|(_, edge)| edge.delay == 1).unwrap().0;
    does(&mut desk, Command::View(ViewCommand::Select { nodes: vec![], edges: vec![wire] }));
    desk.get_by_role_and_label(Role::ComboBox, "before time began").click();
    desk.run();
    desk.get_by_label("Starts with a trained state").click();
    desk.run();
    let epoch = Command::Train(TrainCommand::Run(Goal::Epochs(1)));
    does(&mut desk, epoch);
    desk.get_by_label("Matrix A (h 1, t<0)");
    desk.get_by_label("Matrix dA (h 1, t<0)");
    desk.get_by_label("Update of A (h 1, t<0)");
    let app = desk.state().as_ref().unwrap().app();
    let key = ParameterKey::Initial(wire);
    assert_eq!(app.document().parameters[&key].shape, [1, 16]);
    assert!(app.document().parameters[&key].values.iter().any(|&value| value != 0.0), "it has learned");
}

#[test]
fn a_run_shorter_than_the_first_copy_shows_its_pass_once_it_rests() {
    let mut desk = desk();
    does(&mut desk, Command::File(FileCommand::OpenExample("sine_rnn".to_owned())));
    for n_steps in 2..30 {
        let app = desk.state_mut().as_mut().unwrap().app_mut();
        app.dispatch(Command::Edit(EditCommand::SetSteps { n_steps, truncate: None }));
        app.dispatch(Command::Train(TrainCommand::Run(Goal::Batches(1))));
        assert!(app.wait(Duration::from_mins(1)));
        let snapshot = app.snapshot().unwrap();
        assert_eq!(snapshot.pass.as_ref().unwrap().step, snapshot.progress.step, "{n_steps} steps");
    }
}
