//! Every plot and every matrix on the screen has the same menu: copies of its numbers for other programs, files
//! of them, a picture.
//!
//! Must not know which plots there are: it goes over all panels.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use egui::Key;
use egui::accesskit::Role;
use egui_kittest::Node;
use egui_kittest::kittest::{NodeT, Queryable};
use vastavirta::app::{Command, GradientCommand, TrainCommand, ViewCommand, WalkCommand};
use vastavirta::explain::Tensor;
use vastavirta::network::{NodeKind, ParameterKey, ParameterRole};
use vastavirta::train::Goal;
use vastavirta::ui::Window;
use vastavirta::words::Language;

use crate::pictures::copied;
use crate::window::{Drawn, drawn, open, settle, window};

/// What is seen at a place, by what a screen reader hears.
pub(crate) fn heard(harness: &Drawn, is: impl Fn(Role, &str) -> bool) -> BTreeSet<String> {
    let (mut found, mut rest) = (BTreeSet::new(), vec![harness.root()]);
    while let Some(node) = rest.pop() {
        rest.extend(node.children());
        let label = node.accesskit_node().label().unwrap_or_default();
        if is(node.accesskit_node().role(), &label) {
            found.insert(label);
        }
    }
    found
}

pub(crate) fn only<'a>(harness: &'a Drawn, label: &'a str) -> Node<'a> {
    harness.query_all_by_label(label).next().unwrap_or_else(|| panic!("{label} is gone"))
}

/// Opens the menu of something with the other button, and takes its numbers and its picture along.
fn assert_menu(harness: &mut Drawn, label: &str, has_picture: bool) {
    let open_menu = |harness: &mut Drawn| {
        only(harness, label).click_secondary();
        harness.run_steps(4);
        assert!(harness.query_by_label("NumPy array").is_some(), "{label} has no menu");
    };
    for (entry, start) in
        [("PyTorch tensor", "torch.tensor("), ("LaTeX matrix", "\\begin{bmatrix}"), ("Markdown table", "|")]
    {
        open_menu(harness);
        let text = copied(harness, entry);
        assert!(text.starts_with(start) && text.contains(|c: char| c.is_ascii_digit()), "{label}: {text}");
        harness.run_steps(3);
    }
    for entry in ["Save picture as SVG …", "Save numbers as CSV …"] {
        open_menu(harness);
        if entry == "Save picture as SVG …" && !has_picture {
            assert!(harness.query_by_label(entry).is_none(), "{label}");
            harness.key_press(Key::Escape);
            harness.run_steps(3);
            continue;
        }
        harness.get_by_label(entry).click();
        harness.run_steps(4);
        let field = harness.get_by_role_and_label(Role::TextInput, "Path of the file").value().unwrap();
        let ending = if entry == "Save picture as SVG …" { ".svg" } else { ".csv" };
        assert!(field.ends_with(ending), "{label}: {field}");
        harness.get_by_label("Cancel").click();
        harness.run_steps(3);
    }
}

/// An example after two epochs, in a window with room for all of a panel.
fn trained(example: &str) -> Drawn {
    let mut harness = drawn(Language::English, [1700.0, 1900.0]);
    open(&mut harness, example);
    window(&mut harness).app_mut().dispatch(Command::Train(TrainCommand::Run(Goal::Epochs(2))));
    settle(&mut harness);
    harness
}

/// A number of the first weight is looked at by the gradient panel.
fn choose_a_weight(harness: &mut Drawn) {
    let app = window(harness).app_mut();
    let is_weight = |key: &&ParameterKey| {
        matches!(key, ParameterKey::Node(_, ParameterRole::Weight | ParameterRole::Value))
    };
    let key = *app.document().parameters.keys().find(is_weight).unwrap();
    app.dispatch(Command::Gradient(GradientCommand::Choose(Tensor::Parameter(key).at(0, 0))));
    settle(harness);
}

#[test]
fn every_plot_of_every_panel_has_the_menu() {
    let mut seen = BTreeSet::new();
    for example in ["iris", "auto_mpg", "xor", "sine_rnn", "rosebrock"] {
        let mut harness = trained(example);
        choose_a_weight(&mut harness);
        let nodes: Vec<_> = window(&mut harness).app().document().network.nodes.keys().copied().collect();
        for pane in Window::pane_keys() {
            window(&mut harness).show_pane(pane);
            settle(&mut harness);
            let chosen = if pane == "pane-inspector" { &nodes[..] } else { &nodes[..1] };
            for &node in chosen {
                let select = ViewCommand::Select { nodes: vec![node], edges: Vec::new() };
                window(&mut harness).app_mut().dispatch(Command::View(select));
                settle(&mut harness);
                for label in heard(&harness, |_, label| label.starts_with("Plot: ")) {
                    if seen.insert((example, label.clone())) {
                        assert_menu(&mut harness, &label, true);
                    }
                }
            }
        }
    }
    let titles: BTreeSet<&str> = seen.iter().map(|(_, title)| title.as_str()).collect();
    assert!(titles.len() >= 12, "{titles:?}");
}

#[test]
fn matrices_of_a_walk_and_the_confusion_matrix_have_the_menu() {
    let mut harness = trained("iris");
    window(&mut harness).show_pane("pane-predictions");
    settle(&mut harness);
    settle(&mut harness);
    let cells = heard(&harness, |role, label| role == Role::Button && label.contains("versicolor"));
    assert_menu(&mut harness, cells.iter().find(|label| label.contains("setosa")).unwrap(), true);

    let mut harness = trained("grad_w_2x3");
    window(&mut harness).app_mut().dispatch(Command::Walk(WalkCommand::Open));
    settle(&mut harness);
    window(&mut harness).show_pane("pane-backprop");
    for _ in 0..3 {
        window(&mut harness).app_mut().dispatch(Command::Walk(WalkCommand::Forward));
        settle(&mut harness);
    }
    let matrices = heard(&harness, |role, label| role == Role::Image && label.contains(" = ["));
    assert!(!matrices.is_empty());
    for label in matrices {
        assert_menu(&mut harness, &label, true);
    }
}

/// The picture of a plot, saved by its menu.
fn saved_picture(harness: &mut Drawn, label: &str, path: &Path) -> String {
    only(harness, label).click_secondary();
    harness.run_steps(4);
    harness.get_by_label("Save picture as SVG …").click();
    harness.run_steps(4);
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
    harness.run_steps(2);
    harness.event(egui::Event::Text(path.to_string_lossy().into_owned()));
    harness.run_steps(2);
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    settle(harness);
    fs::read_to_string(path).unwrap()
}

#[test]
fn pictures_show_the_colors_of_fields_and_are_no_higher_than_their_plot() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = trained("iris");
    for (pane, title) in [("pane-boundary", "sepal_width / sepal_length"), ("pane-health", "Weights Dense 1")]
    {
        window(&mut harness).show_pane(pane);
        settle(&mut harness);
        settle(&mut harness);
        let path = folder.path().join(format!("{pane}.svg"));
        let picture = saved_picture(&mut harness, &format!("Plot: {title}"), &path);
        let n_colors = picture.split("fill=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let n_colors = n_colors.collect::<BTreeSet<_>>().len();
        assert!(n_colors >= 8, "{title}: {n_colors} colors");
        assert!(picture.contains(&format!("<title>{title}</title>")), "{title}");
    }
    let mut harness = trained("auto_mpg");
    window(&mut harness).show_pane("pane-predictions");
    settle(&mut harness);
    settle(&mut harness);
    let path = folder.path().join("scatter.svg");
    let picture = saved_picture(&mut harness, "Plot: Error / Prediction", &path);
    let height = picture.split(" height=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert!(height.parse::<f32>().unwrap() < 260.0, "{height}");
}

#[test]
fn the_menu_of_a_plot_opens_with_the_keyboard() {
    let mut harness = trained("iris");
    let is_dense = |kind: &NodeKind| matches!(kind, NodeKind::Dense(_));
    crate::window::select(&mut harness, is_dense);
    let plot = heard(&harness, |_, label| label.starts_with("Plot: ")).pop_first().unwrap();
    only(&harness, &plot).focus();
    harness.run_steps(2);
    harness.key_press_modifiers(egui::Modifiers::SHIFT, Key::F10);
    harness.run_steps(3);
    assert!(harness.query_by_label("NumPy array").is_some());
}
