//! The list of keys under Help against the keys themselves: each does something, and the names are those on
//! the screen.
//!
//! Must not know what a key does: only that the window is another one after it.

use egui::{Key, Modifiers, OutputCommand};
use egui_kittest::kittest::NodeT;
use vastavirta::app::{Command, EditCommand};
use vastavirta::network::NodeKind;
use vastavirta::words::Language;

use crate::window::{Drawn, drawn, labels, open, select, settle, window};

/// Keys after which nothing is to be seen: what is copied is held until it is pasted, and the drawing is in
/// front already.
const UNSEEN: [&str; 2] = ["Copy", "Drawing"];

/// What stands in the list between its title and the first heading: names and keys in turn.
fn listed(harness: &mut Drawn, title: &str, heading: &str) -> Vec<(String, String)> {
    harness.key_press(Key::F1);
    harness.run_steps(3);
    let mut said = labels(harness);
    said.reverse();
    let from = said.iter().position(|label| label == title).unwrap() + 1;
    let n = said[from..].iter().position(|label| label == heading).unwrap();
    let lines: Vec<&String> = said[from..from + n].iter().collect();
    lines.chunks_exact(2).map(|line| (line[0].clone(), line[1].clone())).collect()
}

/// `Ctrl+Shift+Z` as egui knows it.
fn chord(text: &str) -> (Modifiers, Key) {
    let mut modifiers = Modifiers::NONE;
    let mut key = None;
    for part in text.split('+') {
        match part {
            "Ctrl" => modifiers |= Modifiers::COMMAND,
            "Shift" => modifiers |= Modifiers::SHIFT,
            name => key = Key::from_name(name),
        }
    }
    (modifiers, key.unwrap_or_else(|| panic!("no key is called {text}")))
}

/// Everything that a person would notice: what is said and where it stands, and what went to the clipboard.
fn seen(harness: &Drawn) -> Vec<String> {
    let mut seen = Vec::new();
    let mut rest = vec![harness.root()];
    while let Some(node) = rest.pop() {
        let accessible = node.accesskit_node();
        let text = [accessible.label(), accessible.value()].map(Option::unwrap_or_default);
        let state = (accessible.toggled(), accessible.is_selected(), accessible.bounding_box());
        seen.push(format!("{text:?} {state:?}"));
        rest.extend(node.children());
    }
    let copied = harness.output().platform_output.commands.iter().filter_map(|command| match command {
        OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    });
    seen.extend(copied);
    seen
}

/// A window in which every key has something to do: a loop, a selected node, a step back and a step forward in
/// the history, weights that were trained, a drawing and a text that are not as large as at first.
fn ready() -> Drawn {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "sine_rnn");
    for (modifiers, key) in [
        (Modifiers::NONE, Key::F6),
        (Modifiers::COMMAND, Key::Plus),
        (Modifiers::NONE, Key::Plus),
        (Modifiers::NONE, Key::Plus),
    ] {
        press(&mut harness, modifiers, key);
    }
    select(&mut harness, |kind| matches!(kind, NodeKind::Dense { .. }));
    for command in [
        Command::Edit(EditCommand::Copy),
        Command::Edit(EditCommand::Duplicate),
        Command::Edit(EditCommand::Duplicate),
        Command::Edit(EditCommand::Undo),
    ] {
        window(&mut harness).app_mut().dispatch(command);
    }
    select(&mut harness, |kind| matches!(kind, NodeKind::Dense { .. }));
    harness
}

fn press(harness: &mut Drawn, modifiers: Modifiers, key: Key) {
    harness.key_press_modifiers(modifiers, key);
    harness.run_steps(2);
    settle(harness);
}

#[test]
fn every_key_of_the_list_does_something() {
    let list = listed(&mut drawn(Language::English, [1280.0, 800.0]), "Keys and gestures", "On the drawing");
    assert!(list.len() > 45, "{list:?}");
    let mut idle = ready();
    let before = seen(&idle);
    idle.run_steps(4);
    assert_eq!(seen(&idle), before, "a window that nobody touches changes by itself");
    let mut silent = Vec::new();
    for (name, keys) in list.into_iter().filter(|(name, _)| !UNSEEN.contains(&name.as_str())) {
        for text in keys.split("   ") {
            let mut harness = ready();
            let before = seen(&harness);
            let (modifiers, key) = chord(text);
            harness.key_press_modifiers(modifiers, key);
            harness.step();
            let at_once = seen(&harness);
            harness.run_steps(3);
            if at_once == before && seen(&harness) == before {
                silent.push(format!("{name}: {text}"));
            }
        }
    }
    assert!(silent.is_empty(), "these keys do nothing: {silent:#?}");
}

#[test]
fn the_list_calls_a_panel_what_its_tab_is_called() {
    for (language, title, heading, paths) in [
        (Language::English, "Keys and gestures", "On the drawing", "Paths"),
        (Language::Finnish, "Näppäimet ja eleet", "Piirroksessa", "Polut"),
    ] {
        let mut harness = drawn(language, [1280.0, 800.0]);
        open(&mut harness, "x2_plus_3y2");
        let tabs = labels(&harness);
        assert!(tabs.iter().any(|label| label == paths), "{tabs:?}");
        let list = listed(&mut harness, title, heading);
        assert!(list.iter().any(|(name, keys)| name == paths && keys == "Ctrl+Shift+B"), "{list:?}");
    }
}

#[test]
fn a_key_that_is_held_too_long_opens_a_panel_once() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "xor");
    let is_open = |harness: &Drawn| labels(harness).iter().any(|label| label == "Keep this run");
    assert!(!is_open(&harness));
    let modifiers = Modifiers::COMMAND | Modifiers::SHIFT;
    for pressed in [true, true, true, true, false] {
        let key = egui::Event::Key { key: Key::R, physical_key: None, pressed, repeat: false, modifiers };
        harness.event(key);
        harness.run_steps(2);
        assert!(is_open(&harness), "closed by the repeats of a key that is held");
    }
    harness.key_press_modifiers(modifiers, Key::R);
    harness.run_steps(3);
    assert!(!is_open(&harness), "pressed anew, it closes the panel");
}
