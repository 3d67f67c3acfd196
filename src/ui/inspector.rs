//! The inspector: settings and live matrices of the selected node and of the pinned ones.
//!
//! Must not know how numbers are computed: they come from the newest snapshot.

mod initial;
mod kept;
mod matrices;
mod pytorch;
mod root;
mod settings;
mod tensor;
mod through_time;
mod time;

use egui::{Color32, Frame, Id, RichText, ScrollArea, TextEdit, Ui};

use super::act::Act;
use super::fields::{name, note_ui, slider_ui, wrapped_ui};
use super::findings::Findings;
use super::matrix::paint_scale;
use super::samples::samples_ui;
use super::theme::{self, Diverging, Theme};
use crate::app::{App, Command, EditCommand, ViewCommand};
use crate::network::{Node, NodeId, ParameterKey};
use crate::words::{ToMessage, Words};

/// Room for the number of a time step beside its slider.
const STEP_WIDTH: f32 = 60.0;

/// The panel.
pub(crate) fn inspector_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    acts: &mut Vec<Act>,
    out: &mut Vec<Command>,
) {
    let selected = &app.selection().nodes;
    let mut shown: Vec<NodeId> = selected.iter().copied().collect();
    shown.extend(app.pinned().iter().filter(|node| !selected.contains(node)));
    shown.retain(|node| app.document().network.nodes.contains_key(node));
    let width = ui.available_width();
    let legend = if width < LEGENDS_SIDE_BY_SIDE { 82.0 } else { 44.0 };
    // In a low panel the numbers need the room more.
    let has_legend = ui.available_height() > LOW_PANEL;
    let height = (ui.available_height() - if has_legend { legend } else { 0.0 }).max(0.0);
    ui.allocate_ui(egui::vec2(ui.available_width(), height), |ui| {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.set_max_width(ui.available_width());
            if app.snapshot().is_some() || !shown.is_empty() {
                samples_ui(ui, app, words, acts, out);
                if app.document().network.n_steps > 1 {
                    steps_ui(ui, app, words, out);
                }
            }
            if shown.is_empty() {
                nothing_ui(ui, app, words, out);
                return;
            }
            let findings = Findings::of(app);
            for (i, node) in shown.into_iter().enumerate() {
                if i > 0 {
                    ui.add_space(6.0);
                    ui.separator();
                }
                ui.push_id(node, |ui| node_ui(ui, app, &findings, words, node, out));
            }
        });
    });
    if has_legend {
        legend_ui(ui, words, width);
    }
}

/// No node: the selected wires, or the network as a whole.
fn nothing_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    ui.add_space(8.0);
    let wires = &app.selection().edges;
    if wires.is_empty() {
        empty_ui(ui, app, words);
        ui.add_space(8.0);
    }
    let findings = Findings::of(app);
    for &wire in wires {
        ui.push_id(wire, |ui| time::wire_ui(ui, app, &findings, words, wire, out));
        ui.add_space(8.0);
    }
    if !app.document().network.nodes.is_empty() {
        time::steps_ui(ui, app, words, out);
    }
}

fn empty_ui(ui: &mut Ui, app: &App, words: &Words) {
    ui.label(RichText::new(words.text("inspector-nothing")).font(theme::strong(14.0)));
    note_ui(ui, words.text("inspector-nothing-hint"));
    ui.add_space(8.0);
    let network = &app.document().network;
    let n_parameters: usize = app.document().parameters.values().map(|p| p.values.len()).sum();
    let counts = [
        ("nodes", network.nodes.len().into()),
        ("edges", network.edges.len().into()),
        ("parameters", n_parameters.into()),
    ];
    note_ui(ui, words.text_with("inspector-counts", &counts));
}

/// Which time step is shown.
fn steps_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    wrapped_ui(ui, |ui| {
        let label = words.text("inspector-time-step");
        let last = app.document().network.n_steps.saturating_sub(1);
        let mut step = app.time_step().min(last);
        slider_ui(ui, &label, egui::Slider::new(&mut step, 0..=last).prefix("t = "), STEP_WIDTH);
        if step != app.time_step() {
            out.push(Command::View(ViewCommand::TimeStep(step)));
        }
    });
}

fn node_ui(ui: &mut Ui, app: &App, findings: &Findings, words: &Words, id: NodeId, out: &mut Vec<Command>) {
    let Some(node) = app.document().network.nodes.get(&id) else { return };
    header_ui(ui, app, findings, words, id, node, out);
    settings::settings_ui(ui, app, words, id, node, out);
    problems_ui(ui, findings, words, id, out);
    ui.add_space(2.0);
    matrices::matrices_ui(ui, app, findings, words, id, node, out);
    initial::initials_ui(ui, app, words, id, out);
    pytorch::pytorch_ui(ui, app, words, id, node, out);
}

fn header_ui(
    ui: &mut Ui,
    app: &App,
    findings: &Findings,
    words: &Words,
    id: NodeId,
    node: &Node,
    out: &mut Vec<Command>,
) {
    ui.horizontal(|ui| {
        let width = (ui.available_width() * 0.55).max(60.0);
        name_ui(ui, words, id, node, width, out);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let pinned = app.pinned().contains(&id);
            let label = words.text(if pinned { "inspector-unpin" } else { "inspector-pin" });
            let response = ui.selectable_label(pinned, "📌").on_hover_text(label.clone());
            name(&response, &label);
            if response.clicked() {
                out.push(Command::View(ViewCommand::TogglePin(id)));
            }
            let weak = Theme::of(ui).weak;
            ui.add(
                egui::Label::new(RichText::new(summary(app, findings, words, id, node)).color(weak))
                    .truncate(),
            );
        });
    });
}

/// The name, to be changed in place; as wide as it is long, up to `widest`.
fn name_ui(ui: &mut Ui, words: &Words, id: NodeId, node: &Node, widest: f32, out: &mut Vec<Command>) {
    let memory = Id::new(("node name", id));
    let mut text: String = ui.data(|data| data.get_temp(memory)).unwrap_or_else(|| node.name.clone());
    let font = theme::strong(16.0);
    let length = ui.painter().layout_no_wrap(text.clone(), font.clone(), Color32::WHITE).size().x;
    let width = (length + 6.0).clamp(60.0, widest);
    let edit = TextEdit::singleline(&mut text).font(font).frame(Frame::NONE).desired_width(width);
    let response = ui.add(edit);
    name(&response, &words.text("inspector-name"));
    let escaped = ui.input(|input| input.key_pressed(egui::Key::Escape));
    if response.lost_focus() {
        let text = text.trim();
        if !escaped && !text.is_empty() && text != node.name {
            out.push(Command::Edit(EditCommand::Rename(id, text.to_owned())));
        }
        ui.data_mut(|data| data.remove::<String>(memory));
    } else if response.has_focus() {
        ui.data_mut(|data| data.insert_temp(memory, text));
    }
}

/// `3 → 2, 8 parameters`, or the kind where there are none.
fn summary(app: &App, findings: &Findings, words: &Words, id: NodeId, node: &Node) -> String {
    let kind = words.say(&node.kind.message());
    let features = |node| findings.features(node).map_or("?".to_owned(), |n| n.to_string());
    let inputs: Vec<String> =
        app.document().network.incoming(id).iter().map(|(_, edge)| features(edge.from)).collect();
    let inputs = if inputs.is_empty() { vec!["?".to_owned()] } else { inputs };
    let n_parameters: usize = app
        .document()
        .parameters
        .iter()
        .filter(|(key, _)| matches!(key, ParameterKey::Node(node, _) if *node == id))
        .map(|(_, parameter)| parameter.values.len())
        .sum();
    let arrow = if node.kind.data().is_some() || node.kind.tensor().is_some() {
        format!("→ {}", features(id))
    } else if !node.kind.has_output() {
        format!("{} → 1", inputs.join(", "))
    } else {
        let between = if node.kind.is_concat() { " + " } else { ", " };
        format!("{} → {}", inputs.join(between), features(id))
    };
    if n_parameters == 0 {
        return words.text_with("inspector-summary-kind", &[("shape", arrow.into()), ("kind", kind.into())]);
    }
    words.text_with("inspector-summary", &[("shape", arrow.into()), ("n", n_parameters.into())])
}

/// What is wrong with this node, with the fix where there is one.
fn problems_ui(ui: &mut Ui, findings: &Findings, words: &Words, id: NodeId, out: &mut Vec<Command>) {
    let own = findings.problems.iter().filter(|p| p.at == crate::network::Place::Node(id));
    for problem in own {
        super::problems::problem_ui(ui, words, problem, out);
    }
    for to_do in findings.to_do.iter().filter(|p| p.at == crate::network::Place::Node(id)) {
        super::problems::to_do_ui(ui, words, to_do, out);
    }
}

/// Lower panels do without the color scales.
const LOW_PANEL: f32 = 320.0;
/// Narrower panels show the two color scales under one another.
const LEGENDS_SIDE_BY_SIDE: f32 = 270.0;

/// What the colors mean, at the bottom of a panel of this width.
fn legend_ui(ui: &mut Ui, words: &Words, width: f32) {
    let theme = Theme::of(ui);
    let legends = [(&theme.values, "legend-values"), (&theme.gradients, "legend-gradients")];
    if width < LEGENDS_SIDE_BY_SIDE {
        let scale = (width - 84.0).clamp(40.0, 104.0);
        for (colors, key) in legends {
            scale_ui(ui, colors, &words.text(key), scale);
        }
        return;
    }
    let width = (width / 2.0 - 84.0).min(104.0);
    ui.horizontal(|ui| {
        for (colors, key) in legends {
            scale_ui(ui, colors, &words.text(key), width);
            ui.add_space(8.0);
        }
    });
}

/// One color scale with its name and what its ends mean.
fn scale_ui(ui: &mut Ui, colors: &Diverging, label: &str, width: f32) {
    let weak = Theme::of(ui).weak;
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        ui.horizontal(|ui| {
            let (rect, _) = ui.allocate_exact_size(egui::vec2(width, 9.0), egui::Sense::hover());
            paint_scale(ui, rect, colors);
            ui.label(RichText::new(label).size(11.0).color(weak));
        });
        let (rect, _) = ui.allocate_exact_size(egui::vec2(width, 11.0), egui::Sense::hover());
        let ends = [
            (rect.left_center(), egui::Align2::LEFT_CENTER, "−max"),
            (rect.right_center(), egui::Align2::RIGHT_CENTER, "max"),
            (rect.center(), egui::Align2::CENTER_CENTER, "0"),
        ];
        let has_room_for_zero = width >= 70.0;
        for (place, align, text) in ends.into_iter().take(if has_room_for_zero { 3 } else { 2 }) {
            ui.painter().text(place, align, text, theme::text(9.5), weak);
        }
    });
}
