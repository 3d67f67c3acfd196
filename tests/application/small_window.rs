//! The window with large text on a small screen: every panel is reached, menus and drawings fit, a walk's
//! node stays in sight.
//!
//! Must not look at pixels: places and names come from what a screen reader hears.

use egui::accesskit::{Role, Toggled};
use egui::{Event, Key, Modifiers, MouseWheelUnit, Pos2, Rect, TouchPhase, Vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use vastavirta::app::{Command, FileCommand, WalkCommand};
use vastavirta::explain::Tensor;
use vastavirta::network::{Network, NodeId, ParameterKey};
use vastavirta::words::{Language, Words};

use crate::window::{Drawn, drawn, labels, open, settle, window};

/// A window of 1024×700 with text of 1.8 times the size.
const SIZE: [f32; 2] = [1024.0 / 1.8, 700.0 / 1.8];

/// Panels with the keys that open them.
const KEYS: [(&str, Key, bool); 15] = [
    ("pane-training", Key::Num5, false),
    ("pane-metrics", Key::Num7, false),
    ("pane-data", Key::Num8, false),
    ("pane-backprop", Key::Num9, false),
    ("pane-loss", Key::Num6, false),
    ("pane-outline", Key::Num3, false),
    ("pane-inspector", Key::Num4, false),
    ("pane-runs", Key::R, true),
    ("pane-health", Key::H, true),
    ("pane-predictions", Key::P, true),
    ("pane-landscape", Key::O, true),
    ("pane-whatif", Key::I, true),
    ("pane-gradient", Key::G, true),
    ("pane-why", Key::Y, true),
    ("pane-problems", Key::M, true),
];

/// The open tab of this name.
fn open_tab(harness: &Drawn, title: &str) -> Option<Rect> {
    let tabs = harness.query_all_by_role_and_label(Role::Button, title);
    let mut open = tabs.filter(|tab| tab.accesskit_node().toggled() == Some(Toggled::True));
    open.next().map(|tab| tab.rect())
}

/// The menus of all tabs, one in each bar that has no room for its tabs.
fn menus(harness: &Drawn, words: &Words) -> Vec<Rect> {
    let name = words.text("pane-all-tabs");
    harness.query_all_by_role_and_label(Role::Button, &name).map(|menu| menu.rect()).collect()
}

fn click_at(harness: &mut Drawn, at: Pos2) {
    harness.hover_at(at);
    harness.run_steps(1);
    for pressed in [true, false] {
        let button = egui::PointerButton::Primary;
        harness.event(Event::PointerButton { pos: at, button, pressed, modifiers: Modifiers::NONE });
        harness.run_steps(1);
    }
    harness.run_steps(3);
}

#[test]
fn an_opened_tab_lies_wholly_in_its_bar() {
    for language in Language::CHOICES {
        let words = Words::new(language);
        let mut harness = drawn(language, SIZE);
        open(&mut harness, "iris");
        for (pane, key, shift) in KEYS {
            harness.key_press_modifiers(Modifiers { shift, ..Modifiers::COMMAND }, key);
            harness.run_steps(6);
            let title = words.text(pane);
            let tab = open_tab(&harness, &title);
            let tab =
                tab.unwrap_or_else(|| panic!("{language:?}: {title} is not open: {:?}", labels(&harness)));
            assert!(Rect::from_min_size(Pos2::ZERO, SIZE.into()).contains_rect(tab), "{title}: {tab:?}");
            let in_bar = |menu: &&Rect| menu.y_range().contains(tab.center().y) && menu.right() > tab.left();
            let menus = menus(&harness, &words);
            let end = menus.iter().filter(in_bar).map(Rect::left).fold(SIZE[0], f32::min);
            assert!(tab.width() > 20.0 && tab.right() <= end, "{language:?}, {title}: {tab:?} ends at {end}");
        }
    }
}

#[test]
fn every_tab_is_reached_with_the_mouse_by_its_whole_name() {
    for language in Language::CHOICES {
        let words = Words::new(language);
        let mut harness = drawn(language, SIZE);
        open(&mut harness, "iris");
        let bars = menus(&harness, &words);
        assert!(bars.len() >= 2, "{bars:?}");
        let mut reached = 0;
        for (pane, ..) in KEYS {
            let title = words.text(pane);
            let find = |harness: &Drawn| {
                let mut found = harness.query_all_by_role_and_label(Role::Button, &title);
                found.next().map(|tab| tab.rect())
            };
            if let Some(tab) = find(&harness) {
                click_at(&mut harness, tab.center());
            } else {
                for bar in menus(&harness, &words) {
                    click_at(&mut harness, bar.center());
                    if let Some(entry) = find(&harness) {
                        assert!(entry.bottom() <= SIZE[1], "{title}: {entry:?}");
                        click_at(&mut harness, entry.center());
                        reached += 1;
                        break;
                    }
                    harness.key_press(Key::Escape);
                    harness.run_steps(3);
                }
            }
            assert!(open_tab(&harness, &title).is_some(), "{language:?}: {title}");
        }
        assert!(reached > 3, "only {reached} by the menus");
    }
}

#[test]
fn every_entry_of_a_long_menu_is_reached() {
    for language in Language::CHOICES {
        let words = Words::new(language);
        let mut harness = drawn(language, SIZE);
        open(&mut harness, "xor");
        for (menu, last) in
            [("menu-file", "menu-quit"), ("menu-edit", "menu-auto-layout"), ("menu-view", "menu-language")]
        {
            let button = harness.get_by_label(&words.text(menu)).rect();
            click_at(&mut harness, button.center());
            let place = |harness: &Drawn, key: &str| {
                let text = words.text(key);
                harness.query_all_by_label_contains(&text).map(|entry| entry.rect()).next_back().unwrap()
            };
            let at = Pos2::new(button.left() + 40.0, 0.5 * SIZE[1]);
            harness.event(Event::PointerMoved(at));
            harness.run_steps(2);
            for _ in 0..8 {
                harness.event(Event::MouseWheel {
                    unit: MouseWheelUnit::Point,
                    delta: Vec2::new(0.0, -80.0),
                    phase: TouchPhase::Move,
                    modifiers: Modifiers::NONE,
                });
                harness.run_steps(4);
            }
            let entry = place(&harness, last);
            assert!(entry.bottom() <= SIZE[1] && entry.top() > 0.0, "{language:?}, {menu}: {entry:?}");
            harness.key_press(Key::Escape);
            harness.run_steps(3);
        }
    }
}

/// The card of a node, and whether all of it is in sight.
fn card(harness: &mut Drawn, name: &str) -> (Rect, bool) {
    let zoom = window(harness).canvas().zoom();
    let start = format!("{name}, ");
    // The list of the walk has the time step behind the name.
    let is_card = |label: &str| label.starts_with(&start) && !label.contains(", t=");
    let found = harness.query_all_by_label_contains(&start);
    let cards = found.filter(|node| node.accesskit_node().label().is_some_and(|label| is_card(&label)));
    let cards = cards.map(|card| card.rect());
    let card = cards.max_by(|a, b| a.area().total_cmp(&b.area())).unwrap_or(Rect::NOTHING);
    (card, card.is_positive() && card.height() >= 63.0 * zoom && card.width() >= 87.0 * zoom)
}

/// The node on whose card that is which an action makes.
fn home(network: &Network, made: Tensor) -> Option<NodeId> {
    match made {
        Tensor::Output { node, .. }
        | Tensor::Grad { node, .. }
        | Tensor::LossValue(node)
        | Tensor::ParameterGrad { key: ParameterKey::Node(node, _), .. } => Some(node),
        Tensor::PortGrad { edge, .. } => Some(network.edges[&edge].from),
        _ => None,
    }
}

#[test]
fn the_node_that_a_walk_is_at_is_in_sight_above_its_bar() {
    for example in ["iris", "sine_rnn", "auto_mpg"] {
        let mut harness = drawn(Language::English, SIZE);
        open(&mut harness, example);
        harness.key_press(Key::F9);
        harness.run_steps(3);
        settle(&mut harness);
        assert!(window(&mut harness).app().is_walking());
        let steps = window(&mut harness).app().walk().unwrap().len().min(40);
        for step in 1..=steps {
            window(&mut harness).app_mut().dispatch(Command::Walk(WalkCommand::GoTo(step)));
            harness.run_steps(8);
            let app = window(&mut harness).app();
            let network = &app.document().network;
            let made = app.walk().unwrap().current_action().and_then(|action| action.makes);
            let node = made.and_then(|made| home(network, made));
            let Some(name) = node.and_then(|node| network.nodes.get(&node)).map(|node| node.name.clone())
            else {
                continue;
            };
            let bar = harness.get_by_label("Walk through a pass").rect();
            let (card, is_whole) = card(&mut harness, &name);
            assert!(is_whole && card.bottom() <= bar.top(), "{example}, {step}: {name} at {card:?}, {bar:?}");
        }
    }
}

#[test]
fn a_drawing_rests_while_the_walks_nodes_are_in_sight() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "iris");
    harness.key_press(Key::F9);
    harness.run_steps(3);
    settle(&mut harness);
    let mut before = None;
    for step in 2..6 {
        window(&mut harness).app_mut().dispatch(Command::Walk(WalkCommand::GoTo(step)));
        harness.run_steps(8);
        let (card, is_whole) = card(&mut harness, "Dense 1");
        assert!(is_whole && *before.get_or_insert(card) == card, "{step}: {card}, {before:?}");
    }
}

#[test]
fn a_drawing_that_no_hand_has_moved_stays_whole_when_its_room_gets_smaller() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    let path = crate::support::root().join("saved_models/auto_mpg.ron");
    window(&mut harness).app_mut().dispatch(Command::File(FileCommand::Open(path)));
    settle(&mut harness);
    harness.run_steps(3);
    let before = card(&mut harness, "Target 1").0;
    harness.key_press(Key::F9);
    harness.run_steps(3);
    settle(&mut harness);
    harness.run_steps(8);
    let bar = harness.get_by_label("Walk through a pass").rect();
    for name in ["Input 1", "Dense 2", "MSE 1", "Target 1"] {
        let (card, is_whole) = card(&mut harness, name);
        assert!(is_whole && card.bottom() <= bar.top(), "{name} at {card:?}, {before:?} before, {bar:?}");
    }
}

#[test]
fn fit_shows_the_whole_of_every_example() {
    for (example, _) in vastavirta::files::EXAMPLES {
        let mut harness = drawn(Language::English, SIZE);
        open(&mut harness, example);
        for is_walking in [false, true] {
            if is_walking {
                harness.key_press(Key::F9);
                harness.run_steps(3);
                settle(&mut harness);
            }
            harness.key_press(Key::F);
            harness.run_steps(6);
            let nodes = &window(&mut harness).app().document().network.nodes;
            let names: Vec<String> = nodes.values().map(|node| node.name.clone()).collect();
            for name in names {
                let (card, is_whole) = card(&mut harness, &name);
                assert!(is_whole, "{example}, {is_walking}: {name} at {card:?}");
            }
        }
    }
}
