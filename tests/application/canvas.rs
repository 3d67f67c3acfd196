//! The drawing by hand, in a window without a screen: palette, wires, insertion, undo, keyboard.

use egui::{Key, Modifiers, Pos2, Rect, pos2, vec2};
use std::time::Duration;

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use vastavirta::app::{Command, EditCommand, FileCommand, UnsavedAnswer};
use vastavirta::document::Document;
use vastavirta::files::{ModelFile, Preferences, write_model};
use vastavirta::network::{Activation, Builder, DenseNode, LossKind, Network, NodeId, NodeKind};
use vastavirta::ui::Window;

pub(crate) type Desk = Harness<'static, Option<Window>>;

/// A window with an empty drawing.
pub(crate) fn desk() -> Desk {
    desk_of(vec2(1280.0, 800.0))
}

fn desk_of(size: egui::Vec2) -> Desk {
    let mut desk =
        Harness::builder().with_size(size).with_max_steps(60).with_step_dt(1.0 / 60.0).build_ui_state(
            |ui, window: &mut Option<Window>| {
                // Fonts that are installed in one frame are there from the next one on.
                match window {
                    Some(window) => window.window_ui(ui),
                    None => *window = Some(Window::with_preferences(ui.ctx(), Preferences::default())),
                }
            },
            None,
        );
    desk.run_steps(2);
    desk.run();
    desk
}

pub(crate) fn network(desk: &Desk) -> &Network {
    &desk.state().as_ref().unwrap().app().document().network
}

pub(crate) fn id_of(desk: &Desk, name: &str) -> NodeId {
    *network(desk).nodes.iter().find(|(_, node)| node.name == name).unwrap().0
}

/// The card of a node on the screen, found as a screen reader finds it.
pub(crate) fn card(desk: &Desk, name: &str) -> Rect {
    desk.get_by(|node| node.label().is_some_and(|label| label.starts_with(&format!("{name}, ")))).rect()
}

fn drag(desk: &mut Desk, from: Pos2, to: Pos2) {
    desk.hover_at(from);
    desk.step();
    desk.drag_at(from);
    desk.step();
    for part in [0.3, 0.7, 1.0] {
        desk.hover_at(from.lerp(to, part));
        desk.step();
    }
    desk.drop_at(to);
    desk.run();
}

/// Drags an entry of the palette onto the canvas.
pub(crate) fn drag_in(desk: &mut Desk, entry: &str, to: Pos2) {
    desk.get_by_label(entry).scroll_to_me();
    desk.run();
    let from = desk.get_by_label(entry).rect().center();
    drag(desk, from, to);
}

fn click(desk: &mut Desk, at: Pos2) {
    desk.hover_at(at);
    desk.drag_at(at);
    desk.drop_at(at);
    desk.run();
}

fn wire(desk: &mut Desk, from: &str, to: &str) {
    let (from, to) = (card(desk, from).right_center(), card(desk, to).left_center());
    drag(desk, from, to);
}

pub(crate) fn undo(desk: &mut Desk) {
    desk.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    desk.run();
}

fn wires(desk: &Desk) -> Vec<(String, String, usize)> {
    let network = network(desk);
    let name = |id: &NodeId| network.nodes[id].name.clone();
    network.edges.values().map(|edge| (name(&edge.from), name(&edge.to), edge.delay)).collect()
}

fn pair(from: &str, to: &str) -> (String, String, usize) {
    (from.to_owned(), to.to_owned(), 0)
}

/// Input and Dense side by side, not wired.
pub(crate) fn two_cards() -> Desk {
    let mut desk = desk();
    drag_in(&mut desk, "Input", pos2(300.0, 250.0));
    drag_in(&mut desk, "Dense", pos2(600.0, 250.0));
    desk
}

#[test]
fn nodes_are_dragged_in_from_the_palette_and_stay_where_they_are_dropped() {
    let desk = two_cards();
    assert_eq!(network(&desk).nodes.len(), 2);
    assert!((card(&desk, "Input 1").center() - pos2(300.0, 250.0)).length() < 8.0);
    assert!((card(&desk, "Dense 1").center() - pos2(600.0, 250.0)).length() < 8.0);
}

#[test]
fn enter_on_an_entry_of_the_palette_adds_a_node() {
    let mut desk = desk();
    desk.get_by_label("Dense").focus();
    desk.run();
    desk.key_press(Key::Enter);
    desk.run();
    assert_eq!(network(&desk).nodes.len(), 1);
    card(&desk, "Dense 1");
}

#[test]
fn a_wire_is_pulled_from_port_to_port_and_undone() {
    let mut desk = two_cards();
    wire(&mut desk, "Input 1", "Dense 1");
    assert_eq!(wires(&desk), [pair("Input 1", "Dense 1")]);
    undo(&mut desk);
    assert!(wires(&desk).is_empty());
    assert_eq!(network(&desk).nodes.len(), 2, "the wire was one step of its own");
}

#[test]
fn a_card_held_at_the_edge_makes_the_drawing_run_on() {
    let mut desk = two_cards();
    let place = |desk: &Desk| network(desk).nodes[&id_of(desk, "Dense 1")].position;
    let (before, from) = (place(&desk), card(&desk, "Dense 1").center());
    let edge = pos2(desk.get_by_label("Inspector").rect().left() - 6.0, from.y);
    desk.hover_at(from);
    desk.step();
    desk.drag_at(from);
    desk.step();
    desk.hover_at(edge);
    desk.run_steps(60);
    desk.drop_at(edge);
    desk.run();
    let travelled = place(&desk).x - before.x;
    assert!(travelled > edge.x - from.x + 120.0, "{travelled} with {} on the screen", edge.x - from.x);
    assert!((place(&desk).y - before.y).abs() < 1.0);
}

#[test]
fn what_is_put_down_near_the_edge_stays_under_the_hand_and_the_drawing_does_not_move() {
    let mut desk = two_cards();
    let edge = desk.get_by_label("Inspector").rect().left() - 10.0;
    let before = card(&desk, "Dense 1");
    drag_in(&mut desk, "ReLU", pos2(edge - 4.0, 180.0));
    assert!((card(&desk, "Dense 1").center() - before.center()).length() < 1.0, "a node of the palette");
    let place = network(&desk).nodes[&id_of(&desk, "ReLU 1")].position;
    let dense = network(&desk).nodes[&id_of(&desk, "Dense 1")].position;
    let zoom = desk.state().as_ref().unwrap().canvas().zoom();
    let across = zoom * (place.x - dense.x) as f32;
    assert!((before.center().x + across - (edge - 4.0)).abs() < 10.0, "{across}");
    let input = card(&desk, "Input 1");
    drag(&mut desk, before.center(), pos2(edge, 320.0));
    assert!((card(&desk, "Input 1").center() - input.center()).length() < 1.0, "a card that was moved");
}

#[test]
fn a_node_dropped_on_a_wire_is_inserted_in_one_step() {
    let mut desk = two_cards();
    wire(&mut desk, "Input 1", "Dense 1");
    let middle = card(&desk, "Input 1").right_center().lerp(card(&desk, "Dense 1").left_center(), 0.5);
    drag_in(&mut desk, "ReLU", middle);
    assert_eq!(wires(&desk), [pair("Input 1", "ReLU 1"), pair("ReLU 1", "Dense 1")]);
    undo(&mut desk);
    assert_eq!(wires(&desk), [pair("Input 1", "Dense 1")]);
    assert_eq!(network(&desk).nodes.len(), 2);
}

#[test]
fn a_lone_node_moved_onto_a_wire_is_inserted_in_one_step() {
    let mut desk = two_cards();
    drag_in(&mut desk, "Tanh", pos2(450.0, 400.0));
    wire(&mut desk, "Input 1", "Dense 1");
    let from = card(&desk, "Tanh 1").center();
    drag(&mut desk, from, pos2(448.0, 250.0));
    assert_eq!(wires(&desk), [pair("Input 1", "Tanh 1"), pair("Tanh 1", "Dense 1")]);
    undo(&mut desk);
    assert_eq!(wires(&desk), [pair("Input 1", "Dense 1")]);
    assert!((card(&desk, "Tanh 1").center() - from).length() < 1.0, "the move is undone with it");
}

#[test]
fn moving_many_cards_is_one_step() {
    let mut desk = two_cards();
    drag(&mut desk, pos2(220.0, 150.0), pos2(720.0, 350.0));
    let (input, dense) = (card(&desk, "Input 1"), card(&desk, "Dense 1"));
    drag(&mut desk, input.center(), input.center() + vec2(40.0, 80.0));
    assert!((card(&desk, "Dense 1").center() - dense.center() - vec2(40.0, 80.0)).length() < 1.0);
    undo(&mut desk);
    assert_eq!((card(&desk, "Input 1"), card(&desk, "Dense 1")), (input, dense));
}

#[test]
fn a_refused_wire_leaves_no_edge_and_says_why() {
    let mut desk = two_cards();
    let dense = card(&desk, "Dense 1");
    // A data node takes no input.
    let to = card(&desk, "Input 1").center();
    drag(&mut desk, dense.right_center(), to);
    assert!(wires(&desk).is_empty());
    desk.get_by_label("This node has no such input.");
}

#[test]
fn a_wire_that_closes_a_cycle_becomes_a_loop_edge() {
    let mut desk = desk();
    drag_in(&mut desk, "Add", pos2(400.0, 250.0));
    drag_in(&mut desk, "Tanh", pos2(650.0, 250.0));
    wire(&mut desk, "Add 1", "Tanh 1");
    let back = card(&desk, "Add 1");
    let from = card(&desk, "Tanh 1").right_center();
    drag(&mut desk, from, back.center());
    desk.get_by_label("Make it a loop edge").click();
    desk.run();
    assert_eq!(wires(&desk), [pair("Add 1", "Tanh 1"), ("Tanh 1".to_owned(), "Add 1".to_owned(), 1)]);
}

#[test]
fn a_wire_dropped_into_empty_space_offers_the_palette() {
    let mut desk = desk();
    drag_in(&mut desk, "Input", pos2(300.0, 250.0));
    let from = card(&desk, "Input 1").right_center();
    drag(&mut desk, from, pos2(500.0, 300.0));
    desk.run();
    desk.event(egui::Event::Text("sigm".to_owned()));
    desk.run();
    desk.key_press(Key::Enter);
    desk.run();
    assert_eq!(wires(&desk), [pair("Input 1", "Sigmoid 1")]);
}

#[test]
fn escape_gives_up_a_move() {
    let mut desk = two_cards();
    let before = card(&desk, "Dense 1");
    desk.hover_at(before.center());
    desk.step();
    desk.drag_at(before.center());
    desk.step();
    desk.hover_at(before.center() + vec2(100.0, 100.0));
    desk.step();
    assert_ne!(card(&desk, "Dense 1"), before, "the card follows the hand");
    desk.key_press(Key::Escape);
    desk.step();
    desk.drop_at(before.center() + vec2(100.0, 100.0));
    desk.run();
    assert_eq!(card(&desk, "Dense 1"), before);
}

#[test]
fn a_node_is_renamed_where_it_stands() {
    let mut desk = two_cards();
    let dense = id_of(&desk, "Dense 1");
    let name = card(&desk, "Dense 1").center_top() + vec2(0.0, 16.0);
    for _ in 0..2 {
        desk.hover_at(name);
        desk.drag_at(name);
        desk.drop_at(name);
        desk.step();
    }
    desk.run();
    desk.key_press_modifiers(Modifiers::COMMAND, Key::A);
    desk.event(egui::Event::Text("hidden".to_owned()));
    desk.run();
    desk.key_press(Key::Enter);
    desk.run();
    assert_eq!(network(&desk).nodes[&dense].name, "hidden");
}

#[test]
fn arrow_keys_walk_from_card_to_card() {
    let mut desk = two_cards();
    let center = card(&desk, "Input 1").center();
    click(&mut desk, center);
    desk.key_press(Key::ArrowRight);
    desk.run();
    let window = desk.state().as_ref().unwrap();
    assert_eq!(window.app().selection().only_node(), Some(id_of(&desk, "Dense 1")));
}

#[test]
fn ctrl_and_an_arrow_move_the_selected_card() {
    let mut desk = two_cards();
    let before = card(&desk, "Dense 1");
    click(&mut desk, before.center());
    desk.key_press_modifiers(Modifiers::COMMAND, Key::ArrowRight);
    desk.run();
    desk.key_press_modifiers(Modifiers::COMMAND, Key::ArrowDown);
    desk.run();
    let moved = card(&desk, "Dense 1").center() - before.center();
    assert!((moved - vec2(8.0, 8.0)).length() < 1.0, "{moved:?}");
}

#[test]
fn the_list_of_keys_tells_of_arrows_text_size_and_gestures() {
    let mut desk = desk();
    desk.key_press(Key::F1);
    desk.run();
    for said in [
        "Jump to the next node",
        "Ctrl + ← ↑ → ↓",
        "Text at 100 %",
        "Ctrl+0",
        "Delete   Backspace",
        "double-click on its name",
        "Shift+F10",
        "drag its end off the input port",
    ] {
        desk.get_by_label(said);
    }
}

#[test]
fn ctrl_and_0_brings_the_text_back_to_its_size() {
    let mut desk = desk();
    for _ in 0..3 {
        desk.key_press_modifiers(Modifiers::COMMAND, Key::Plus);
        desk.run();
    }
    assert!((desk.ctx.zoom_factor() - 1.3).abs() < 1e-3, "{}", desk.ctx.zoom_factor());
    desk.key_press_modifiers(Modifiers::COMMAND, Key::Num0);
    desk.run();
    assert_eq!(desk.ctx.zoom_factor(), 1.0);
}

#[test]
fn an_automatic_layout_is_fitted_to_the_window_and_a_small_drawing_is_enlarged() {
    let mut desk = two_cards();
    let zoom = |desk: &Desk| desk.state().as_ref().unwrap().canvas().zoom();
    let dense = card(&desk, "Dense 1").center();
    drag(&mut desk, dense, dense + vec2(0.0, 300.0));
    for _ in 0..8 {
        desk.key_press(Key::Minus);
        desk.run();
    }
    desk.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::L);
    desk.run();
    assert!(zoom(&desk) > 1.2, "{}", zoom(&desk));
    let cards = card(&desk, "Input 1").union(card(&desk, "Dense 1"));
    assert!(Rect::from_min_max(pos2(200.0, 40.0), pos2(980.0, 560.0)).contains_rect(cards), "{cards}");
}

#[test]
fn the_palette_at_the_pointer_is_as_high_after_a_search_as_before() {
    let mut desk = desk();
    for _ in 0..2 {
        let at = pos2(450.0, 250.0);
        desk.hover_at(at);
        desk.drag_at(at);
        desk.drop_at(at);
        desk.step();
    }
    desk.run();
    let height = |desk: &Desk| {
        egui::AreaState::load(&desk.ctx, egui::Id::new("canvas popup")).unwrap().rect().height()
    };
    let before = height(&desk);
    assert!(before > 250.0, "{before}");
    desk.event(egui::Event::Text("leaky".to_owned()));
    desk.run();
    assert_eq!(height(&desk), before);
    desk.key_press_modifiers(Modifiers::COMMAND, Key::A);
    desk.key_press(Key::Backspace);
    desk.run();
    assert_eq!(height(&desk), before);
}

#[test]
fn an_example_takes_the_width_that_there_is() {
    for (size, n_rows) in [(vec2(1920.0, 1080.0), 1), (vec2(1280.0, 800.0), 2)] {
        let mut desk = desk_of(size);
        let app = desk.state_mut().as_mut().unwrap().app_mut();
        app.dispatch(Command::File(FileCommand::OpenExample("auto_mpg".to_owned())));
        app.wait(Duration::from_secs(20));
        desk.run();
        let rows = ["Input 1", "Dense 1", "ReLU 1", "Dense 2", "ReLU 2", "Dense 3", "MSE 1"];
        let mut heights: Vec<i32> = rows.map(|name| card(&desk, name).center().y as i32).to_vec();
        heights.sort_unstable();
        let n = heights.windows(2).filter(|pair| pair[1] - pair[0] > 60).count() + 1;
        assert_eq!(n, n_rows, "{size}: {heights:?}");
        let app = desk.state().as_ref().unwrap().app();
        assert!(!app.is_dirty() && app.undo_label().is_none());
        // What was edited stays where it is, however wide the window becomes.
        let network = app.document().network.clone();
        let id = id_of(&desk, "Dense 1");
        let app = desk.state_mut().as_mut().unwrap().app_mut();
        app.dispatch(Command::Edit(EditCommand::Rename(id, "first".to_owned())));
        desk.set_size(vec2(1000.0, 700.0));
        desk.run();
        let now = &desk.state().as_ref().unwrap().app().document().network;
        assert!(now.nodes.iter().all(|(id, node)| node.position == network.nodes[id].position));
    }
}

#[test]
fn the_outline_reaches_and_wires_every_node_without_a_mouse() {
    let mut desk = two_cards();
    desk.state_mut().as_mut().unwrap().show_pane("pane-outline");
    desk.run();
    desk.get_by_label("Outline: Input 1, Input").click_accesskit();
    desk.run();
    let input = id_of(&desk, "Input 1");
    assert_eq!(desk.state().as_ref().unwrap().app().selection().only_node(), Some(input));
    desk.get_by_label("Connect to …").click_accesskit();
    desk.run();
    desk.get_by_label("Dense 1").click_accesskit();
    desk.run();
    assert_eq!(wires(&desk), [pair("Input 1", "Dense 1")]);
}

/// A recurrent network over three steps with rows of its own: Dense(x) + Dense(h, t−1) → Tanh → MSE.
fn elman() -> Network {
    let mut drawing = Builder::with_steps(3);
    let x = drawing.input(2);
    drawing.rows(x, vec![vec![0.1, 0.2, 0.3, 0.4, 0.5, 0.6], vec![0.0, 1.0, 0.0, 1.0, 0.0, 1.0]]);
    let from_x = drawing.dense(x, 2);
    let from_h = drawing.node(NodeKind::Dense(DenseNode::new(2)), &[]);
    let sum = drawing.node(NodeKind::Add, &[from_x, from_h]);
    let h = drawing.activation(sum, Activation::Tanh);
    drawing.loop_edge(h, from_h, 0);
    let y = drawing.target(2);
    drawing.rows(y, vec![vec![0.5, -0.5, 0.5, -0.5, 0.5, -0.5], vec![0.1, 0.1, 0.1, 0.1, 0.1, 0.1]]);
    drawing.loss(LossKind::Mse, h, y);
    let mut network = drawing.finish();
    for (id, place) in network.layout() {
        network.nodes.get_mut(&id).unwrap().position = place;
    }
    network
}

/// Opens a drawing as a file.
fn open(desk: &mut Desk, network: Network) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("drawn.ron");
    let parameters = network.initialize(1);
    let document = Document { network, parameters, ..Document::default() };

    write_model(&path, &ModelFile { document, ..ModelFile::default() }).unwrap();
    let app = desk.state_mut().as_mut().unwrap().app_mut();
    app.dispatch(Command::File(FileCommand::Open(path)));
    app.wait(Duration::from_secs(10));
    assert!(!app.document().network.nodes.is_empty(), "it was opened");
    desk.run();
}

#[test]
fn the_unrolled_graph_shows_every_step_and_selects_the_drawn_node() {
    let mut desk = desk();
    open(&mut desk, elman());
    desk.key_press(Key::U);
    desk.run();
    // It opens readable, at its left end; the last step is out of sight until everything is fitted.
    assert!(desk.query_by_label("Tanh 1, Tanh, step 0").is_some());
    desk.key_press(Key::F);
    desk.run();
    for step in 0..3 {
        desk.get_by_label(&format!("Tanh 1, Tanh, step {step}"));
    }
    desk.get_by_label("Tanh 1 t=−1, zeros");
    let copy = desk.get_by_label("Tanh 1, Tanh, step 2").rect().center();
    desk.hover_at(copy);
    desk.drag_at(copy);
    desk.drop_at(copy);
    desk.run();
    let tanh = id_of(&desk, "Tanh 1");
    let app = desk.state().as_ref().unwrap().app();
    assert_eq!((app.selection().only_node(), app.time_step()), (Some(tanh), 2));
    desk.get_by_label("Back to the drawing").click();
    desk.run();
    card(&desk, "Tanh 1");
    assert!(desk.query_by_label("Tanh 1, Tanh, step 2").is_none());
}

#[test]
fn an_idle_canvas_draws_nothing_anew() {
    let mut desk = two_cards();
    desk.hover_at(pos2(5.0, 5.0));
    desk.run();
    let draws = |desk: &Desk| desk.state().as_ref().unwrap().canvas().n_draws();
    let before = draws(&desk);
    desk.run_steps(20);
    assert_eq!(draws(&desk), before);
    let kind = NodeKind::Add;
    let edit = EditCommand::AddNode { kind, position: vastavirta::network::Position::default() };
    desk.state_mut().as_mut().unwrap().app_mut().dispatch(Command::Edit(edit));
    desk.run();
    assert!(draws(&desk) > before, "a change is drawn");
}

#[test]
fn a_new_drawing_begins_at_the_start_view_whatever_was_looked_at() {
    let mut desk = two_cards();
    let zoom = |desk: &Desk| desk.state().as_ref().unwrap().canvas().zoom();
    for _ in 0..9 {
        desk.key_press(Key::Minus);
        desk.run();
    }
    assert!(zoom(&desk) < 0.5, "{}", zoom(&desk));
    let window = desk.state_mut().as_mut().unwrap();
    window.app_mut().dispatch(Command::File(FileCommand::New));
    window.app_mut().dispatch(Command::File(FileCommand::Answer(UnsavedAnswer::Discard)));
    desk.run();
    assert!(network(&desk).nodes.is_empty());
    assert_eq!(zoom(&desk), 1.0);
}
