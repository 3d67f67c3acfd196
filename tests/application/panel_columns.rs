//! What stands in columns and lists: the What-if panel's prediction, the key of the Boundary panel, the counts
//! of the gradient, and those of a file's rows.
//!
//! Must not look at pixels: places and texts are those that a screen reader finds.

use egui::Rect;
use egui::accesskit::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use vastavirta::words::Language;

use crate::window::{Drawn, drawn, labels, open, settle, window};

fn panel(example: &str, pane: &str, size: [f32; 2]) -> Drawn {
    let mut harness = drawn(Language::English, size);
    open(&mut harness, example);
    window(&mut harness).show_pane(pane);
    for _ in 0..4 {
        harness.run_steps(3);
        settle(&mut harness);
    }
    harness
}

/// Where everything of a role whose text fits stands, from the top.
fn places(harness: &Drawn, role: Role, fits: impl Fn(&str) -> bool) -> Vec<Rect> {
    let mut found = Vec::new();
    let mut rest = vec![harness.root()];
    while let Some(node) = rest.pop() {
        let accessible = node.accesskit_node();
        let text = accessible.label().or_else(|| accessible.value()).unwrap_or_default();
        if accessible.role() == role && fits(&text) {
            found.push(node.rect());
        }
        rest.extend(node.children());
    }
    found.sort_by(|a, b| a.top().total_cmp(&b.top()));
    found
}

#[test]
fn classes_bars_and_probabilities_stand_in_columns() {
    let harness = panel("iris", "pane-whatif", [1280.0, 800.0]);
    let is_class = |text: &str| ["setosa", "versicolor", "virginica"].contains(&text);
    let bars = places(&harness, Role::ProgressIndicator, is_class);
    let names = places(&harness, Role::Button, is_class);
    let numbers = places(&harness, Role::Label, |text| text.ends_with(" %"));
    assert_eq!([bars.len(), names.len(), numbers.len()], [3; 3]);
    for row in 0..3 {
        assert_eq!(bars[row].x_range(), bars[0].x_range(), "bars begin and end below one another");
        assert!((numbers[row].right() - numbers[0].right()).abs() < 0.5, "{numbers:?}");
        assert!((names[row].left() - names[0].left()).abs() < 0.5, "{names:?}");
        let is_in_order = names[row].right() < bars[row].left() && bars[row].right() < numbers[row].left();
        assert!(is_in_order, "{names:?} {bars:?} {numbers:?}");
        assert!((bars[row].center().y - names[row].center().y).abs() < 2.0, "one row, one line");
    }
}

#[test]
fn in_a_narrow_panel_a_bar_stands_under_its_class_and_beside_its_number() {
    let harness = panel("iris", "pane-whatif", [569.0, 600.0]);
    let is_class = |text: &str| ["setosa", "versicolor", "virginica"].contains(&text);
    let bars = places(&harness, Role::ProgressIndicator, is_class);
    let names = places(&harness, Role::Button, is_class);
    assert_eq!([bars.len(), names.len()], [3; 2]);
    for (bar, name) in bars.iter().zip(&names) {
        assert!(bar.top() >= name.bottom() && bar.width() >= 24.0, "{bar:?} {name:?}");
    }
}

#[test]
fn the_boundary_has_a_key_of_its_classes_and_of_both_parts_above_the_plot() {
    let harness = panel("iris", "pane-boundary", [1280.0, 800.0]);
    let plot = places(&harness, Role::Image, |text| text.contains("sepal_length"))[0];
    for entry in ["setosa", "versicolor", "virginica", "training row", "validation row"] {
        let key = places(&harness, Role::Label, |text| text == entry);
        assert!(key.iter().any(|place| place.bottom() <= plot.top()), "{entry}: {key:?} {plot:?}");
    }
}

#[test]
fn the_boundary_of_a_number_has_a_scale_with_the_values_at_its_ends() {
    let mut harness = panel("auto_mpg", "pane-boundary", [1280.0, 800.0]);
    let answer = window(&mut harness).app().field().unwrap();
    let [low, high] = answer.result.extent().unwrap();
    assert!(low * high > 0.0, "the ends are those of the field where it has one sign: {low} {high}");
    let [low, high] = [low, high].map(vastavirta::explain::short);
    harness.get_by_label(&format!("The colors go from {low} to {high}."));
}

#[test]
fn the_gradient_counts_parameters_frozen_ones_and_inputs_apart() {
    let harness = panel("mazur", "pane-gradient", [1280.0, 1400.0]);
    let labels = labels(&harness);
    let says = |text: &str| labels.iter().filter(|label| label.contains(text)).count();
    assert_eq!(says("8 parameters · 4 frozen · 2 inputs"), 1, "{labels:?}");
    assert_eq!(says("= frozen"), 4, "{labels:?}");
    assert_eq!(labels.iter().filter(|label| label.starts_with("∂L/∂")).count(), 14, "{labels:?}");
}

#[test]
fn the_rows_of_windows_add_up_to_those_of_the_file() {
    let mut harness = panel("sine_rnn", "pane-data", [1280.0, 800.0]);
    let said = "windows of 26 rows: 775 train (on 800 rows) · 175 validate (on 200) · 0 rows left out";
    let labels = labels(&harness);
    assert!(labels.iter().any(|label| label == said), "{labels:?}");
    let prepared = window(&mut harness).app().prepared().unwrap();
    let read: usize = prepared.n_rows_read().iter().sum();
    let rows = prepared.table().unwrap().n_rows();
    assert_eq!(read + prepared.left_out().left_out + prepared.n_rows_unreached(), rows);
}
