//! The Health panel: how the numbers of each layer fare while it trains, and what is unhealthy.
//!
//! Must not judge anything: findings come from the application.

mod plots;

use egui::{Id, RichText, ScrollArea, Ui, UiBuilder};

use super::fields::{choice_ui, note_ui, wrapped_ui};
use super::theme::{self, Theme};
use super::ticks;
use crate::app::{App, Command, Questions, ViewCommand};
use crate::explain;
use crate::insight::{Finding, dead_share};
use crate::train::{HealthSample, LayerHealth, ParameterHealth};
use crate::words::{ToMessage, Words};

/// The table is at most so wide, and leaves the larger part of a narrow panel to the plot.
const TABLE_WIDTH: f32 = 290.0;
/// Between table and plot.
const GAP: f32 = 12.0;
const TABLE_SHARE: f32 = 0.5;
/// In a panel narrower than this the plot stands under the table.
const NARROW: f32 = 480.0;

/// What the plot shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
enum Shown {
    #[default]
    Weights,
    Activations,
    Gradients,
    GradNorms,
    UpdateRatios,
    Idle,
}

impl Shown {
    const ALL: [Self; 6] =
        [Self::Weights, Self::Activations, Self::Gradients, Self::GradNorms, Self::UpdateRatios, Self::Idle];

    fn key(self) -> &'static str {
        match self {
            Self::Weights => "health-weights",
            Self::Activations => "health-activations",
            Self::Gradients => "health-gradients",
            Self::GradNorms => "health-grad-norms",
            Self::UpdateRatios => "health-update-ratios",
            Self::Idle => "health-idle",
        }
    }
}

/// The panel. `asks` takes that it is watched.
pub(crate) fn health_ui(ui: &mut Ui, app: &App, words: &Words, asks: &mut Questions, out: &mut Vec<Command>) {
    asks.health = true;
    let Some(last) = app.health().last().filter(|last| !last.layers.is_empty()) else {
        note_ui(ui, words.text("health-nothing"));
        return;
    };
    for finding in app.health_findings() {
        finding_ui(ui, words, finding, out);
    }
    let id = Id::new("health shown");
    let mut shown: Shown = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let layer = chosen_layer(app, last);
    let mut parameter: usize = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    wrapped_ui(ui, |ui| {
        let choices = Shown::ALL.map(|shown| (shown, words.text(shown.key())));
        if let Some(chosen) =
            choice_ui(ui, &words.text("health-shown"), &shown, choices, &words.text(shown.key()))
        {
            shown = chosen;
            ui.data_mut(|data| data.insert_temp(id, chosen));
        }
        let parameters = last.layers.get(layer).map_or(&[][..], |layer| &layer.parameters);
        if matches!(shown, Shown::Weights | Shown::Gradients) && parameters.len() > 1 {
            parameter = parameter.min(parameters.len() - 1);
            let choices = parameters.iter().enumerate().map(|(idx, it)| (idx, it.name.clone()));
            let name = parameters.get(parameter).map_or("", |it| it.name.as_str());
            if let Some(chosen) = choice_ui(ui, &words.text("health-parameter"), &parameter, choices, name) {
                parameter = chosen;
                ui.data_mut(|data| data.insert_temp(id, chosen));
            }
        }
        let step = [("step", (last.step as f64).into())];
        let weak = Theme::of(ui).weak;
        ui.label(RichText::new(words.text_with("health-step", &step)).color(weak));
    });
    let available = ui.available_size();
    if available.x < NARROW {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            table_ui(ui, app, words, last, layer, out);
            ui.allocate_ui(egui::vec2(available.x, 200.0), |ui| {
                plots::shown_ui(ui, app, words, shown, layer, parameter);
            });
        });
        return;
    }
    let room = ui.available_rect_before_wrap();
    let room = room.with_max_y(room.max.y - ticks::AXIS_LABEL);
    let width = TABLE_WIDTH.min(TABLE_SHARE * available.x);
    let (left, right) = room.split_left_right_at_x(room.left() + width);
    ui.scope_builder(UiBuilder::new().max_rect(left), |ui| {
        ScrollArea::both().id_salt("health table").auto_shrink(false).show(ui, |ui| {
            table_ui(ui, app, words, last, layer, out);
        });
    });
    let right = right.with_min_x(right.left() + GAP);
    ui.scope_builder(UiBuilder::new().max_rect(right), |ui| {
        plots::shown_ui(ui, app, words, shown, layer, parameter);
    });
}

/// The selected node's layer; the first one where another node is selected, or none.
fn chosen_layer(app: &App, last: &HealthSample) -> usize {
    let selected = app.selection().only_node();
    let place = last.layers.iter().position(|layer| Some(layer.node) == selected);
    place.unwrap_or(0)
}

/// What is wrong and what to try. A click selects the layer.
fn finding_ui(ui: &mut Ui, words: &Words, finding: &Finding, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    ui.horizontal_top(|ui| {
        ui.label(RichText::new("▲").color(theme.warning)).on_hover_text(words.text("problems-warning"));
        let text = words.say(&finding.message());
        let label = egui::Label::new(text).wrap().sense(egui::Sense::click());
        if ui.add(label).on_hover_cursor(egui::CursorIcon::PointingHand).clicked() {
            out.push(select(finding.node));
        }
    });
}

fn select(node: crate::network::NodeId) -> Command {
    Command::View(ViewCommand::Select { nodes: vec![node], edges: Vec::new() })
}

/// The layers with the numbers of the newest look. A click selects a layer.
fn table_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    last: &HealthSample,
    chosen: usize,
    out: &mut Vec<Command>,
) {
    let theme = Theme::of(ui);
    let title = |ui: &mut Ui, key: &str| {
        ui.label(RichText::new(words.text(key)).size(11.5).color(theme.weak))
            .on_hover_text(words.text(&format!("{key}-hint")));
    };
    egui::Grid::new("health layers").striped(true).spacing([14.0, 3.0]).show(ui, |ui| {
        title(ui, "health-layer");
        title(ui, "health-norm");
        title(ui, "health-ratio");
        title(ui, "health-stuck");
        ui.end_row();
        for (idx, layer) in last.layers.iter().enumerate() {
            if ui.selectable_label(idx == chosen, layer.name.as_str()).clicked() {
                out.push(select(layer.node));
            }
            let main = main_parameter(layer);
            number_ui(ui, main.and_then(|main| main.grad_norm).map(explain::short));
            number_ui(ui, main.and_then(|main| main.update_ratio).map(explain::short));
            let stuck = stuck_share(app, layer, idx).map(|share| format!("{:.0} %", 100.0 * share));
            number_ui(ui, stuck);
            ui.end_row();
        }
    });
}

fn number_ui(ui: &mut Ui, text: Option<String>) {
    let weak = Theme::of(ui).weak;
    let text = text.unwrap_or_default();
    ui.label(RichText::new(text).font(theme::mono(12.0)).color(weak));
}

/// The parameter that a layer's numbers in the table are about: its weights.
fn main_parameter(layer: &LayerHealth) -> Option<&ParameterHealth> {
    layer.parameters.iter().find(|parameter| parameter.is_matrix).or(layer.parameters.first())
}

/// The share of dead units, or of saturated outputs.
fn stuck_share(app: &App, layer: &LayerHealth, idx: usize) -> Option<f64> {
    layer.saturated.or_else(|| dead_share(app.health().samples(), idx))
}
