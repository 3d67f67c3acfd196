//! The page where an expression is typed: opened by a key, named for a screen reader, drawn as one step of
//! the history.
//!
//! Must not know how text becomes nodes.

use egui::Key;
use egui::accesskit::Role;
use egui_kittest::Node;
use egui_kittest::kittest::{NodeT, Queryable};
use vastavirta::app::{Command, EditCommand};
use vastavirta::words::Language;

use crate::window::{Drawn, drawn, labels, settle, window};

fn opened(language: Language) -> Drawn {
    let mut harness = drawn(language, [1280.0, 800.0]);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::T);
    harness.run_steps(4);
    harness
}

fn field(harness: &Drawn) -> Node<'_> {
    harness.get_by_role_and_label(Role::MultilineTextInput, "Expression …")
}

fn draw(harness: &Drawn) -> Option<Node<'_>> {
    let is_draw = |node: &Node<'_>| node.accesskit_node().label().is_some_and(|it| it.starts_with("Draw"));
    harness.query_all_by_role(Role::Button).find(is_draw)
}

fn type_text(harness: &mut Drawn, text: &str) {
    field(harness).type_text(text);
    harness.run_steps(4);
}

#[test]
fn one_undo_takes_a_whole_typed_expression_back() {
    let mut harness = opened(Language::English);
    type_text(&mut harness, "f = mean(x**2 * y); x = [1, 2]; y = 3");
    let before = window(&mut harness).app().document().clone();
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::Enter);
    harness.run_steps(3);
    settle(&mut harness);
    let after = window(&mut harness).app().document().clone();
    assert_eq!(after.network.nodes.len(), 5, "x, 2 as a power, y, their product, the mean");
    assert_eq!(after.network.roots.len(), 1);
    window(&mut harness).app_mut().dispatch(Command::Edit(EditCommand::Undo));
    settle(&mut harness);
    assert_eq!(*window(&mut harness).app().document(), before, "nothing of it is left");
    window(&mut harness).app_mut().dispatch(Command::Edit(EditCommand::Redo));
    settle(&mut harness);
    assert_eq!(window(&mut harness).app().document().network, after.network);
}

#[test]
fn a_screen_reader_hears_the_error_at_its_column_and_every_control() {
    let mut harness = opened(Language::English);
    type_text(&mut harness, "f = sin(x +)");
    let said = labels(&harness);
    let error = said.iter().find(|label| label.contains("column 12")).cloned();
    assert!(error.is_some(), "{said:?}");
    let field = field(&harness);
    let node = field.accesskit_node();
    assert_eq!(node.description(), error, "the field itself says what is wrong with it");
    assert!(
        draw(&harness).is_some_and(|button| button.accesskit_node().is_disabled()),
        "nothing to draw yet"
    );
    harness.key_press(Key::Escape);
    harness.run_steps(4);
    assert!(draw(&harness).is_none(), "Escape closes the page");
    assert!(window(&mut harness).app().document().network.nodes.is_empty());
}
