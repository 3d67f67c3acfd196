//! The window without a screen: every panel drawn, found by what a screen reader hears.
//!
//! Must not look at pixels: names, values and what the application did with a click.

use std::time::Duration;

use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use vastavirta::app::{Command, FileCommand, ViewCommand};
use vastavirta::data::Cell;
use vastavirta::files::{Preferences, ThemeChoice};
use vastavirta::network::NodeKind;
use vastavirta::train::RunState;
use vastavirta::ui::Window;
use vastavirta::words::{Language, Words};

pub(crate) type Drawn = Harness<'static, Option<Window>>;

/// A window of `size` in `language`; its fonts are there from the second frame on.
pub(crate) fn drawn(language: Language, size: [f32; 2]) -> Drawn {
    let preferences =
        Preferences { language: Some(language), theme: ThemeChoice::Light, ..Preferences::default() };
    let mut harness = Harness::builder().with_size(size).with_max_steps(16).build_ui_state(
        move |ui, window: &mut Option<Window>| match window {
            Some(window) => window.window_ui(ui),
            None => *window = Some(Window::with_preferences(ui.ctx(), preferences.clone())),
        },
        None,
    );
    harness.run_steps(3);
    harness
}

pub(crate) fn window(harness: &mut Drawn) -> &mut Window {
    harness.state_mut().as_mut().unwrap()
}

/// Opens an example and lets its first pass arrive.
pub(crate) fn open(harness: &mut Drawn, example: &str) {
    let app = window(harness).app_mut();
    app.dispatch(Command::File(FileCommand::OpenExample(example.to_owned())));
    settle(harness);
}

pub(crate) fn settle(harness: &mut Drawn) {
    let rested = window(harness).app_mut().wait(Duration::from_mins(1));
    assert!(rested, "still busy: {:?}", window(harness).app().job());
    harness.run_steps(3);
}

/// Until what the panels ask has been answered and is drawn.
pub(crate) fn rest(harness: &mut Drawn) {
    for _ in 0..3 {
        harness.run_steps(3);
        settle(harness);
    }
}

/// Selects the first node of a kind.
pub(crate) fn select(harness: &mut Drawn, wanted: impl Fn(&NodeKind) -> bool) {
    let app = window(harness).app_mut();
    let node = app.document().network.nodes.iter().find(|(_, node)| wanted(&node.kind)).map(|(&id, _)| id);
    let select = ViewCommand::Select { nodes: vec![node.unwrap()], edges: Vec::new() };
    app.dispatch(Command::View(select));
    settle(harness);
}

/// Everything on the screen that a screen reader would say.
pub(crate) fn labels(harness: &Drawn) -> Vec<String> {
    let mut said = Vec::new();
    let mut rest = vec![harness.root()];
    while let Some(node) = rest.pop() {
        let accessible = node.accesskit_node();
        said.extend(accessible.label());
        if accessible.role() == Role::Label {
            said.extend(accessible.value());
        }
        rest.extend(node.children());
    }
    said
}

/// Whether every word of `label` that could be translated stands in brackets. What the person
/// wrote (names of nodes and columns), letters of formulas, numbers and proper names may stand alone.
fn is_translated(label: &str, own: &[String]) -> bool {
    let mut depth = 0_i32;
    let mut bare = String::new();
    for c in label.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth -= 1,
            c if depth <= 0 && !"ᵀₙᵢⱼₖₜ".contains(c) => bare.push(c),
            _ => {}
        }
    }
    let is_own = |word: &str| own.iter().any(|name| name == word) || FREE.contains(&word);
    if is_own(label.trim()) {
        return true;
    }
    for name in own {
        bare = bare.replace(name.as_str(), " ");
    }
    let words = bare.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1).all(|word| {
        let formula = word.starts_with('d') && word.len() == 2;
        formula || is_own(word)
    })
}

/// Words that are the same in every language: formulas, PyTorch's names, keys, languages.
const FREE: [&str; 61] = [
    "grad_W",
    "grad_b",
    "dX",
    "dZ",
    "dA",
    "mean",
    "clamp",
    "sign",
    "relu",
    "leaky_relu",
    "elu",
    "gelu",
    "silu",
    "softplus",
    "tanh",
    "softmax",
    "exp",
    "ln",
    "id",
    "huber",
    "max",
    "SGD",
    "RMSprop",
    "Adagrad",
    "Adam",
    "AdamW",
    "NaN",
    "Ctrl",
    "Shift",
    "Delete",
    "Plus",
    "Minus",
    "Tab",
    "F1",
    "F2",
    "F5",
    "F6",
    "F7",
    "F8",
    "English",
    "Suomi",
    "Vastavirta",
    "auto_mpg",
    "xor",
    "iris",
    "digits",
    "mazur",
    "grad_w_2x3",
    "bce_2_3_1",
    "dag_skip",
    "sine_rnn",
    "lstm_sine",
    "x2_plus_3y2",
    "mean_of_squares",
    "operation_chain",
    "shared_variable",
    "step_refused",
    "attention_head",
    "csv",
    "assets",
    "UTF",
];

/// Names that belong to the person's own work.
fn own_names(harness: &mut Drawn) -> Vec<String> {
    let app = window(harness).app();
    let mut own: Vec<String> = app.document().network.nodes.values().map(|node| node.name.clone()).collect();
    own.extend(app.document().data.columns.iter().map(|column| column.name.clone()));
    if let Some(prepared) = app.prepared() {
        own.extend(prepared.nodes().iter().flat_map(|node| node.features.iter().map(|f| f.name.clone())));
    }
    if let Some(table) = app.table() {
        let cells = (0..table.n_rows().min(200))
            .flat_map(|row| (0..table.columns().len()).map(move |column| (row, column)));
        own.extend(cells.filter_map(|(row, column)| match table.cell(row, column) {
            Cell::Text(text) => Some(text.to_owned()),
            Cell::Missing | Cell::Number(_) => None,
        }));
        own.sort_unstable();
        own.dedup();
    }
    let path = app.document().data.path.as_deref();
    own.extend(path.map(|path| path.display().to_string()));
    own.extend(path.and_then(|path| path.file_name()).map(|name| name.to_string_lossy().into_owned()));
    own.retain(|name| !name.is_empty());
    own.sort_by_key(|name| std::cmp::Reverse(name.len()));
    own
}

#[test]
fn in_the_pseudo_language_every_label_of_every_panel_stands_in_brackets() {
    let mut harness = drawn(Language::Pseudo, [1280.0, 800.0]);
    let mut n_labels = 0;
    let mut foreign = std::collections::BTreeSet::new();
    for example in [None, Some("auto_mpg"), Some("iris"), Some("dag_skip")] {
        if let Some(example) = example {
            open(&mut harness, example);
        }
        let kinds = window(&mut harness).app().document().network.nodes.keys().copied().collect::<Vec<_>>();
        for node in kinds.into_iter().map(Some).chain([None]) {
            let nodes = node.into_iter().collect();
            let select = ViewCommand::Select { nodes, edges: Vec::new() };
            window(&mut harness).app_mut().dispatch(Command::View(select));
            for pane in Window::pane_keys() {
                window(&mut harness).show_pane(pane);
                harness.run_steps(2);
                let own = own_names(&mut harness);
                for label in labels(&harness) {
                    n_labels += 1;
                    if !is_translated(&label, &own) {
                        foreign.insert(format!("{example:?} {pane}: {label}"));
                    }
                }
            }
        }
    }
    assert!(foreign.is_empty(), "not from a table: {foreign:#?}");
    assert!(n_labels > 1_000, "{n_labels}");
}

#[test]
fn the_translation_check_finds_what_it_should() {
    let own = vec!["Dense 1".to_owned()];
    assert!(is_translated("[Learning rate]", &own));
    assert!(is_translated("Dense 1", &own));
    assert!(is_translated("dA = dZ(Dense 1) · W(Dense 1)", &own));
    assert!(!is_translated("Learning rate", &own));
    assert!(!is_translated("[Matrix W] copy", &own));
}

#[test]
fn menus_are_translated_and_show_their_keys() {
    let mut harness = drawn(Language::Pseudo, [1280.0, 800.0]);
    for menu in ["[File]", "[Edit]", "[View]", "[Train]", "[Help]"] {
        harness.get_by_label(menu).click();
        harness.run_steps(3);
        for label in labels(&harness) {
            assert!(is_translated(&label, &[]), "{menu}: {label:?} is not from a table");
        }
        harness.key_press(egui::Key::Escape);
        harness.run_steps(3);
    }
}

#[test]
fn a_window_of_any_size_is_drawn() {
    for size in [[0.0, 0.0], [1.0, 1.0], [40.0, 900.0], [900.0, 40.0], [320.0, 240.0], [3840.0, 2160.0]] {
        let mut harness = drawn(Language::English, size);
        open(&mut harness, "grad_w_2x3");
        select(&mut harness, |kind| matches!(kind, NodeKind::Dense(_)));
        for pane in Window::pane_keys() {
            window(&mut harness).show_pane(pane);
            harness.run_steps(2);
            // Nothing is painted at a place that is no number, whatever room there is.
            for shape in &harness.output().shapes {
                let is_placed = match &shape.shape {
                    // A text without letters has no extent.
                    egui::Shape::Text(text) => !text.pos.any_nan(),
                    other => !other.visual_bounding_rect().any_nan(),
                };
                assert!(is_placed, "{pane} at {size:?}: {:?}", shape.shape);
            }
            if size[0] >= 320.0 && size[1] >= 240.0 {
                assert!(!labels(&harness).is_empty(), "{pane} at {size:?} shows nothing");
            }
        }
        assert_eq!(window(&mut harness).app().document().network.nodes.len(), 6, "the drawing is whole");
    }
}

#[test]
fn a_dense_node_shows_its_matrices_with_every_digit() {
    let mut harness = drawn(Language::English, [1280.0, 1600.0]);
    open(&mut harness, "grad_w_2x3");
    select(&mut harness, |kind| matches!(kind, NodeKind::Dense(dense) if dense.units == 2));
    for symbol in ["W", "b", "grad_b", "Z", "dZ", "X", "dX"] {
        harness.get_by_label(&format!("Matrix {symbol}"));
    }
    let grad = harness.get_by_label("Matrix grad_W").value().unwrap();
    assert!(grad.starts_with("grad_W[0, 0] = 0.098"), "{grad}");
    assert!(labels(&harness).iter().any(|label| label == "grad_W = dZᵀ · X"));
    assert!(labels(&harness).iter().any(|label| label == "[2, 3] = [2, N] · [N, 3]"));
}

#[test]
fn a_step_by_key_trains_and_the_language_changes_while_running() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "xor");
    assert_eq!(window(&mut harness).title(), "xor — Vastavirta");
    let before = window(&mut harness).app().document().parameters.clone();
    harness.key_press(egui::Key::F7);
    harness.run_steps(2);
    settle(&mut harness);
    let snapshot = window(&mut harness).app().snapshot().unwrap().clone();
    assert_eq!(snapshot.progress.epoch, 1);
    assert_eq!(snapshot.state, RunState::Paused);
    assert_eq!(window(&mut harness).title(), "xor • — Vastavirta");
    assert_ne!(window(&mut harness).app().document().parameters, before);
    harness.get_by_label("Palette");
    window(&mut harness).set_language(Language::Finnish);
    harness.run_steps(2);
    harness.get_by_label("Paletti");
    assert!(harness.query_by_label("Palette").is_none());
}

#[test]
fn the_learning_rate_is_typed_into_its_field() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    window(&mut harness).show_pane("pane-inspector");
    harness.run_steps(2);
    harness.get_by_label("Learning rate").click();
    harness.run_steps(3);
    harness.key_combination_modifiers(egui::Modifiers::COMMAND, &[egui::Key::A]);
    harness.get_by_label("Learning rate").type_text("0,25");
    harness.run_steps(2);
    harness.key_press(egui::Key::Enter);
    harness.run_steps(3);
    assert_eq!(window(&mut harness).app().document().training.learning_rate, 0.25);
}

#[test]
fn a_path_can_be_typed_and_a_bad_one_becomes_a_message() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    harness.key_combination_modifiers(egui::Modifiers::COMMAND, &[egui::Key::O]);
    harness.run_steps(3);
    let field = harness.get_by_role_and_label(Role::TextInput, "Path of the file");
    field.type_text("/nowhere/at/all.ron");
    harness.run_steps(2);
    harness.get_by_role_and_label(Role::Button, "Open").click();
    harness.run_steps(3);
    settle(&mut harness);
    assert!(!window(&mut harness).app().notices().is_empty());
    assert!(harness.query_by_role_and_label(Role::TextInput, "Path of the file").is_none());
}

#[test]
fn a_weight_is_reached_and_changed_with_keys_alone() {
    let mut harness = drawn(Language::English, [1280.0, 1600.0]);
    open(&mut harness, "grad_w_2x3");
    select(&mut harness, |kind| matches!(kind, NodeKind::Dense(dense) if dense.units == 2));
    harness.get_by_label("Matrix W").focus();
    harness.run_steps(3);
    harness.key_press(egui::Key::ArrowRight);
    harness.run_steps(2);
    harness.key_press(egui::Key::ArrowDown);
    harness.run_steps(2);
    let cell = harness.get_by_label("Matrix W").value().unwrap();
    assert!(cell.starts_with("W[1, 1] = 0.2"), "{cell}");
    harness.key_press(egui::Key::Enter);
    harness.run_steps(3);
    harness.key_combination_modifiers(egui::Modifiers::COMMAND, &[egui::Key::A]);
    harness.get_by_label("Value of the cell").type_text("−0,75");
    harness.run_steps(2);
    harness.key_press(egui::Key::Enter);
    harness.run_steps(3);
    settle(&mut harness);
    let cell = harness.get_by_label("Matrix W").value().unwrap();
    assert!(cell.starts_with("W[1, 1] = −0.75"), "{cell}");
    harness.key_combination_modifiers(egui::Modifiers::COMMAND, &[egui::Key::Z]);
    harness.run_steps(2);
    settle(&mut harness);
    let cell = harness.get_by_label("Matrix W").value().unwrap();
    assert!(cell.starts_with("W[1, 1] = 0.2"), "{cell}");
}

#[test]
fn closing_with_unsaved_changes_asks_and_cancel_stays() {
    let mut harness = drawn(Language::English, [1280.0, 800.0]);
    open(&mut harness, "xor");
    harness.key_press(egui::Key::F7);
    harness.run_steps(2);
    settle(&mut harness);
    harness.key_combination_modifiers(egui::Modifiers::COMMAND, &[egui::Key::Q]);
    harness.run_steps(3);
    harness.get_by_label("Save the changes first?");
    harness.get_by_label("Cancel").click();
    harness.run_steps(3);
    assert!(harness.query_by_label("Save the changes first?").is_none());
    assert!(!window(&mut harness).app().may_close());
}

#[test]
fn the_top_bar_stays_whole_in_a_narrow_window() {
    for (width, has_two_rows) in [(1280.0, false), (640.0, true)] {
        for language in Language::CHOICES {
            let mut harness = drawn(language, [width, 400.0]);
            open(&mut harness, "grad_w_2x3");
            let words = Words::new(language);
            let place = |key: &str| harness.query_all_by_label(&words.text(key)).next().unwrap().rect();
            let (menu, last) = (place("menu-file"), place("training-optimizer"));
            assert_eq!(last.top() > menu.bottom(), has_two_rows, "{language:?}, {width}");
            assert!(
                last.right() <= width && place("top-batch-loss").right() <= width,
                "{language:?}, {width}"
            );
        }
    }
}

#[test]
fn the_size_of_texts_outlives_the_window() {
    let preferences = Preferences { text_percent: Some(140), ..Preferences::default() };
    let mut harness = Harness::builder().with_size([1280.0, 800.0]).with_max_steps(16).build_ui_state(
        move |ui, window: &mut Option<Window>| match window {
            Some(window) => window.window_ui(ui),
            None => *window = Some(Window::with_preferences(ui.ctx(), preferences.clone())),
        },
        None,
    );
    harness.run_steps(3);
    assert!((harness.ctx.zoom_factor() - 1.4).abs() < 1e-4);
    assert_eq!(window(&mut harness).preferences().text_percent, Some(140));
    egui::gui_zoom::zoom_in(&harness.ctx);
    harness.run_steps(2);
    assert_eq!(window(&mut harness).preferences().text_percent, Some(150));
    harness.ctx.set_zoom_factor(1.0);
    harness.run_steps(2);
    assert_eq!(window(&mut harness).preferences().text_percent, None);
}

#[test]
fn progress_is_shown_once_there_is_some() {
    let mut harness = drawn(Language::English, [1920.0, 1000.0]);
    open(&mut harness, "xor");
    let has_bar = |harness: &Drawn| harness.query_by_role(Role::ProgressIndicator).is_some();
    assert!(!has_bar(&harness), "{:?}", labels(&harness));
    window(&mut harness)
        .app_mut()
        .dispatch(Command::Train(vastavirta::app::TrainCommand::Run(vastavirta::train::Goal::Epochs(1))));
    settle(&mut harness);
    assert!(has_bar(&harness));
}
