//! The panels as a hand meets them: wheels, clicks on rows, a number typed over another, notices.
//!
//! Must not look at pixels: places and names come from what a screen reader hears.

use egui::accesskit::Role;
use egui::{Event, MouseWheelUnit, Pos2, TouchPhase, Vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use vastavirta::app::{
    Command, DataCommand, EditCommand, FileCommand, TrainCommand, UnsavedAnswer, ViewCommand,
};
use vastavirta::network::{DenseNode, NodeKind, ParameterRole, Position};
use vastavirta::train::{Goal, SampleView, Tempo};
use vastavirta::words::Language;

use crate::window::{Drawn, drawn, labels, open, select, settle, window};

fn says(harness: &Drawn, part: &str) -> bool {
    labels(harness).iter().any(|label| label.contains(part))
}

fn send(harness: &mut Drawn, command: Command) {
    window(harness).app_mut().dispatch(command);
    settle(harness);
}

/// Turns the wheel downwards over a place.
fn turn_wheel(harness: &mut Drawn, at: Pos2) {
    harness.event(Event::PointerMoved(at));
    harness.run_steps(2);
    for _ in 0..6 {
        harness.event(Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: Vec2::new(0.0, -60.0),
            phase: TouchPhase::Move,
            modifiers: egui::Modifiers::NONE,
        });
        harness.run_steps(6);
    }
}

fn select_dense(harness: &mut Drawn) {
    select(harness, |kind| matches!(kind, NodeKind::Dense(_)));
}

#[test]
fn the_wheel_scrolls_the_panel_across_a_matrix_and_the_matrix_once_it_was_clicked() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "auto_mpg");
    select_dense(&mut harness);
    let place = |harness: &Drawn| harness.get_by_label("Matrix W").rect();
    let before = place(&harness);
    let at = before.left_top() + Vec2::new(60.0, 60.0);
    turn_wheel(&mut harness, at);
    assert!(place(&harness).top() < before.top() - 100.0, "the panel went on: {:?}", place(&harness));

    select(&mut harness, |kind| matches!(kind, NodeKind::Loss(_)));
    select_dense(&mut harness);
    harness.get_by_label("Matrix W").focus();
    harness.run_steps(2);
    let name = harness.get_by_label("Name of the node").rect();
    let at = place(&harness).left_top() + Vec2::new(60.0, 60.0);
    turn_wheel(&mut harness, at);
    assert_eq!(harness.get_by_label("Name of the node").rect(), name, "the panel rests, the matrix moved");
}

#[test]
fn the_whole_number_is_selected_when_a_weight_is_typed_over() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "auto_mpg");
    select_dense(&mut harness);
    harness.get_by_label("Matrix W").focus();
    harness.run_steps(2);
    harness.key_press(egui::Key::Enter);
    harness.run_steps(3);
    let field = harness.get_by_label("Value of the cell");
    let text = field.value().unwrap_or_default();
    assert!(text.len() > 8, "every digit: {text}");
    assert!(field.rect().width() > 6.0 * text.len() as f32, "and all of them are seen: {:?}", field.rect());
    field.type_text("0.5");
    harness.run_steps(2);
    harness.key_press(egui::Key::Enter);
    harness.run_steps(2);
    settle(&mut harness);
    let value = harness.get_by_label("Matrix W").value().unwrap();
    assert!(value.starts_with("W[0, 0] = 0.5"), "{value}");
}

#[test]
fn at_most_three_notices_are_shown_and_they_cover_no_panel() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "xor");
    let bottom = |harness: &Drawn| harness.get_by_role_and_label(Role::Button, "Loss").rect();
    let before = bottom(&harness);
    for n in 0..5 {
        send(&mut harness, Command::File(FileCommand::Open(format!("/nowhere/{n}.ron").into())));
    }
    send(&mut harness, Command::Data(DataCommand::Load("/nowhere/data.csv".into())));
    harness.run_steps(3);
    let crosses: Vec<_> = harness.query_all_by_label("Dismiss").map(|cross| cross.rect()).collect();
    assert_eq!(crosses.len(), 3);
    let right = crosses[0].right();
    assert!(crosses.iter().all(|cross| cross.right() == right), "one under the other: {crosses:?}");
    let top = crosses.iter().map(egui::Rect::top).fold(f32::INFINITY, f32::min);
    let lowest = harness.query_all_by_label_contains("").map(|node| node.rect());
    let panels = lowest.filter(|rect| rect.height() < 300.0 && rect.bottom() < top);
    assert!(panels.count() > 10, "the panels end above it");
    assert!(bottom(&harness).top() < before.top(), "they make room");

    let last = *crosses.last().unwrap();
    let lowest_cross = |harness: &Drawn| {
        let crosses = harness.query_all_by_label("Dismiss").map(|cross| cross.rect());
        crosses.max_by(|a, b| a.top().total_cmp(&b.top())).unwrap()
    };
    for _ in 0..2 {
        let cross = harness.query_all_by_label("Dismiss").last().unwrap();
        cross.click();
        harness.run_steps(3);
        assert!(lowest_cross(&harness).contains(last.center()), "the × stays under the pointer");
    }
    harness.query_all_by_label_contains("Dismiss all").next().unwrap().click();
    harness.run_steps(3);
    assert!(window(&mut harness).app().notices().is_empty());
    assert_eq!(bottom(&harness), before);
}

#[test]
fn problems_never_says_that_training_can_start_while_train_refuses() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    window(&mut harness).show_pane("pane-problems");
    harness.run_steps(2);
    assert!(says(&harness, "Still to do") && says(&harness, "Nothing is drawn yet"));
    assert!(!says(&harness, "can start"));
    let kind = NodeKind::Dense(DenseNode::new(2));
    send(&mut harness, Command::Edit(EditCommand::AddNode { kind, position: Position::default() }));
    assert!(says(&harness, "Still to do") && !says(&harness, "can start"));
    let title = |harness: &Drawn| harness.get_by_role_and_label(Role::Button, "Problems").rect().width();
    let quiet = title(&harness);
    send(&mut harness, Command::Train(TrainCommand::Run(Goal::Batches(1))));
    assert!(title(&harness) > quiet, "now they are counted");

    let discard = FileCommand::Answer(UnsavedAnswer::Discard);
    open(&mut harness, "auto_mpg");
    send(&mut harness, Command::File(discard));
    assert!(says(&harness, "training can start"));
    send(&mut harness, Command::Data(DataCommand::Unload));
    assert!(says(&harness, "Still to do") && !says(&harness, "training can start"));
}

#[test]
fn a_click_on_a_row_of_the_data_shows_it_and_the_row_is_found_again() {
    let mut harness = drawn(Language::English, [1280.0, 900.0]);
    open(&mut harness, "auto_mpg");
    select_dense(&mut harness);
    window(&mut harness).show_pane("pane-data");
    harness.run_steps(3);
    harness.get_by_label("Row 3").click();
    harness.run_steps(3);
    settle(&mut harness);
    let app = window(&mut harness).app();
    let sample = app.prepared().unwrap().sample_at(2).unwrap() as usize;
    assert_eq!(app.samples(), SampleView::Alone(sample));
    let lens = harness.get_by_label("Rows that are shown").value();
    assert_eq!(lens.as_deref(), Some("this row as its own batch"));
    let place = |harness: &Drawn| labels(harness).into_iter().find(|label| label.ends_with("training rows"));
    let n = place(&harness).unwrap_or_default();
    assert!(n.ends_with("/ 314 training rows"), "{n}");
    harness.get_by_label("Next row").click();
    harness.run_steps(3);
    settle(&mut harness);
    assert_ne!(place(&harness).unwrap(), n);

    window(&mut harness).show_pane("pane-loss");
    send(&mut harness, Command::View(ViewCommand::Samples(SampleView::Alone(300))));
    let row = window(&mut harness).app().prepared().unwrap().row_of(300) + 1;
    assert!(says(&harness, &format!("Row {row} of the data")), "{:?}", labels(&harness));
    harness.get_by_label(&format!("Row {row} of the data")).click();
    harness.run_steps(6);
    let name = format!("Row {row}");
    harness.get_by_label(&name).click();
    harness.run_steps(3);
    assert_eq!(
        window(&mut harness).app().samples(),
        SampleView::Batch,
        "a second click shows the batch again"
    );
}

#[test]
fn a_step_of_one_batch_moves_something_in_the_top_bar_and_the_loss_has_a_name() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "auto_mpg");
    assert!(says(&harness, "1 / 10") && says(&harness, "batch loss"), "{:?}", labels(&harness));
    harness.key_press(egui::Key::F6);
    harness.run_steps(2);
    settle(&mut harness);
    assert!(says(&harness, "2 / 10"), "{:?}", labels(&harness));
    harness.key_press(egui::Key::F7);
    harness.run_steps(2);
    settle(&mut harness);
    assert!(says(&harness, "training loss") && says(&harness, "scaled"), "{:?}", labels(&harness));
}

#[test]
fn a_frozen_gradient_says_frozen_wherever_it_would_stand() {
    let mut harness = drawn(Language::English, [1280.0, 1600.0]);
    open(&mut harness, "mazur");
    select_dense(&mut harness);
    let has_frozen = |harness: &Drawn| labels(harness).iter().filter(|label| *label == "frozen").count();
    let n = has_frozen(&harness);
    assert!(n >= 1, "{:?}", labels(&harness));
    window(&mut harness).show_pane("pane-backprop");
    harness.run_steps(3);
    assert!(has_frozen(&harness) > n, "{:?}", labels(&harness));
    let app = window(&mut harness).app();
    let frozen = app.document().parameters.iter().filter(|(_, parameter)| !parameter.trainable);
    let is_bias = |key: &vastavirta::network::ParameterKey| {
        matches!(key, vastavirta::network::ParameterKey::Node(_, ParameterRole::Bias))
    };
    assert!(frozen.map(|(key, _)| key).all(is_bias));
}

#[test]
fn a_scroll_bar_lies_beside_the_icons_of_the_inspector() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "auto_mpg");
    select_dense(&mut harness);
    harness.run_steps(10);
    let pin = harness.get_by_label("Pin to the inspector").rect();
    let margin = 12.0;
    let edge = 1280.0 - margin;
    assert!(pin.right() <= edge - vastavirta::ui::theme::SCROLL_BAR, "{pin:?}");
}

/// A window of 1024×700 with text of 1.8 times the size.
const LARGE_TEXT: [f32; 2] = [1024.0 / 1.8, 700.0 / 1.8];

#[test]
fn with_large_text_in_a_small_window_no_control_is_cut_off_and_the_matrix_is_scrolled_to() {
    for language in Language::CHOICES {
        let mut harness = drawn(language, LARGE_TEXT);
        open(&mut harness, "auto_mpg");
        select_dense(&mut harness);
        for pane in ["pane-training", "pane-inspector"] {
            window(&mut harness).show_pane(pane);
            harness.run_steps(6);
            let roles = [Role::Button, Role::ComboBox, Role::CheckBox, Role::SpinButton, Role::Slider];
            for role in roles {
                for control in harness.query_all_by_role(role) {
                    let rect = control.rect();
                    let is_in_panel = rect.left() > 0.7 * LARGE_TEXT[0];
                    assert!(!is_in_panel || rect.right() <= LARGE_TEXT[0], "{language:?}, {pane}: {rect:?}");
                }
            }
        }
        let name =
            vastavirta::words::Words::new(language).text_with("matrix-name", &[("matrix", "W".into())]);
        let at = Pos2::new(0.9 * LARGE_TEXT[0], 0.6 * LARGE_TEXT[1]);
        turn_wheel(&mut harness, at);
        let matrix = harness.get_by_label(&name).rect();
        assert!(matrix.top() < LARGE_TEXT[1] - 60.0 && matrix.bottom() > 60.0, "{language:?}: {matrix:?}");
    }
}

#[test]
fn a_strip_says_whether_it_shows_the_batch_or_a_row() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "auto_mpg");
    let card = harness.get_by_label_contains("Dense 1, Dense").rect().center();
    harness.hover_at(card);
    harness.run_steps(60);
    assert!(says(&harness, "values of 64 features, mean of 32 rows"), "{:?}", labels(&harness));
    assert!(says(&harness, "gradient of 64 features, sum over 32 rows"));
    let row = window(&mut harness).app().prepared().unwrap().row_of(5) + 1;
    send(&mut harness, Command::View(ViewCommand::Samples(SampleView::Alone(5))));
    harness.run_steps(30);
    assert!(says(&harness, &format!("values of 64 features, row {row}")), "{:?}", labels(&harness));
}

#[test]
fn a_run_is_slowed_down_in_the_top_bar_and_by_the_menu() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "xor");
    harness.get_by_role_and_label(Role::ComboBox, "Speed").click();
    harness.run_steps(3);
    harness.get_by_label("5 batches a second").click();
    harness.run_steps(3);
    assert_eq!(window(&mut harness).app().tempo(), Tempo::PerSecond(5));
    harness.get_by_role_and_label(Role::Button, "Train").click();
    harness.run_steps(3);
    let entries = harness.query_all_by_label_contains("Speed");
    let mut entries = entries.filter(|entry| entry.accesskit_node().role() == Role::Button);
    entries.next().unwrap().click();
    drop(entries);
    harness.run_steps(3);
    harness.get_by_label("as fast as it goes").click();
    harness.run_steps(3);
    assert_eq!(window(&mut harness).app().tempo(), Tempo::Full);
}
