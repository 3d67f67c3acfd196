//! The gradient as a panel: ∇L as the list of all partial derivatives, a nudge of the chosen number, and
//! the gradient check.
//!
//! Must not know how a gradient is computed or checked.

mod check;
mod copy;
pub(crate) mod lenses;
mod nudge;

use egui::{Align, Align2, Label, Layout, RichText, Sense, Ui, UiBuilder, Vec2, WidgetInfo, WidgetType};

use super::names::{entry_name, feature_name};
use super::numbers::no_numbers_ui;
use super::samples::{row_name, row_of};
use super::scrolling::{rows_ui, scrolling_ui};
use super::theme::{self, Theme};
use crate::app::{App, Command, GradientCommand, ViewCommand};
use crate::explain::{self, Quantity, Tensor};
use crate::network::{NodeId, ParameterKey};
use crate::train::{ParameterPass, Pass, Values};
use crate::words::Words;

/// In narrower panels the list stands above the rest.
const NARROW: f32 = 480.0;
/// Of those, lower ones scroll as a whole, with the list at the end.
const LOW: f32 = 260.0;
/// The list takes this share of the panel, between these widths.
const LIST_SHARE: f32 = 0.36;
const LIST_WIDTH: [f32; 2] = [220.0, 320.0];
/// A row of the list is so high.
const ROW_HEIGHT: f32 = 22.0;

/// The panel.
pub(crate) fn gradient_ui(ui: &mut Ui, app: &App, words: &Words, out: &mut Vec<Command>) {
    let Some(pass) = app.snapshot().and_then(|snapshot| snapshot.pass.as_deref()) else {
        no_numbers_ui(ui, app, words, None);
        return;
    };
    let area = ui.available_rect_before_wrap();
    if area.width() < NARROW && area.height() < LOW {
        scrolling_ui(ui, "gradient", |ui| {
            look_ui(looks_ui(ui, words), ui, app, pass, words, out);
            ui.add_space(8.0);
            let sections = sections(app, pass);
            norm_ui(ui, app, pass, &sections, words);
            list_ui(ui, app, (pass, &sections), words, out);
        });
        return;
    }
    ui.advance_cursor_after_rect(area);
    let (list, rest) = if area.width() < NARROW {
        area.split_top_bottom_at_y(area.top() + 0.45 * area.height())
    } else {
        let [least, most] = LIST_WIDTH;
        area.split_left_right_at_x(area.left() + (LIST_SHARE * area.width()).clamp(least, most))
    };
    let gap = if area.width() < NARROW { Vec2::new(0.0, 6.0) } else { Vec2::new(14.0, 0.0) };
    let rest = egui::Rect::from_min_max(rest.min + gap, rest.max);
    if gap.x > 0.0 {
        ui.painter().vline(rest.left() - gap.x / 2.0, area.y_range(), (1.0, Theme::of(ui).outline));
    }
    let child = |ui: &mut Ui, place: egui::Rect, name: &str| {
        let layout = Layout::top_down(Align::LEFT);
        let mut inner = ui.new_child(UiBuilder::new().id_salt(name).max_rect(place).layout(layout));
        inner.set_clip_rect(place.intersect(ui.clip_rect()));
        inner
    };
    let mut inner = child(ui, list, "list");
    let sections = sections(app, pass);
    norm_ui(&mut inner, app, pass, &sections, words);
    scrolling_ui(&mut inner, "partial derivatives", |ui| list_ui(ui, app, (pass, &sections), words, out));
    let mut inner = child(ui, rest, "closer look");
    let look = looks_ui(&mut inner, words);
    scrolling_ui(&mut inner, look.key(), |ui| look_ui(look, ui, app, pass, words, out));
}

fn look_ui(look: Look, ui: &mut Ui, app: &App, pass: &Pass, words: &Words, out: &mut Vec<Command>) {
    match look {
        Look::Nudge => nudge::nudge_ui(ui, app, words, out),
        Look::Check => check::check_ui(ui, app, pass, words, out),
        Look::Ways => lenses::lenses_ui(ui, app, words, out),
    }
}

/// In which way a gradient is looked at closely.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Look {
    #[default]
    Nudge,
    Check,
    Ways,
}

impl Look {
    const ALL: [Self; 3] = [Self::Nudge, Self::Check, Self::Ways];

    fn key(self) -> &'static str {
        match self {
            Self::Nudge => "nudge-title",
            Self::Check => "check-title",
            Self::Ways => "lens-tab",
        }
    }
}

/// The choice between them.
fn looks_ui(ui: &mut Ui, words: &Words) -> Look {
    let id = egui::Id::new("closer look at the gradient");
    let mut look: Look = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    ui.horizontal_wrapped(|ui| {
        for choice in Look::ALL {
            let text = words.text(choice.key());
            if ui.selectable_label(look == choice, text).clicked() {
                look = choice;
            }
        }
    });
    ui.add_space(2.0);
    ui.data_mut(|data| data.insert_temp(id, look));
    look
}

/// A run of rows of the list that belong together.
enum Section<'a> {
    Parameter(ParameterKey, &'a ParameterPass),
    InputsHeading,
    /// The gradient of an Input in the row that is looked at.
    Input(NodeId, &'a Values, usize),
}

impl Section<'_> {
    fn len(&self) -> usize {
        match self {
            Self::Parameter(_, parameter) => parameter.value.len(),
            Self::InputsHeading => 1,
            Self::Input(_, grad, _) => grad.n_columns(),
        }
    }

    fn grad(&self) -> Option<&Values> {
        match self {
            Self::Parameter(_, parameter) => parameter.grad.as_ref(),
            Self::InputsHeading => None,
            Self::Input(_, grad, _) => Some(grad),
        }
    }

    /// One of its rows; none of a heading.
    fn entry(&self, app: &App, words: &Words, index: usize) -> Option<Entry> {
        let (quantity, name, owner) = match self {
            Self::InputsHeading => return None,
            Self::Parameter(key, parameter) => {
                let n_columns = parameter.value.n_columns().max(1);
                let (row, column) = (index / n_columns, index % n_columns);
                let name = entry_name(*key, parameter.value.shape(), row, column);
                (Tensor::Parameter(*key).at(row, column), name, owner_name(app, *key))
            }
            Self::Input(node, _, row) => {
                let of = Tensor::Output { node: *node, time_step: app.time_step() }.at(*row, index);
                (of, feature_name(app, *node, index), row_text(app, words, *row))
            }
        };
        let grad = self.grad().and_then(|grad| grad.get(quantity.row, quantity.column));
        Some(Entry { quantity, name, owner, grad })
    }
}

/// A row of the list.
struct Entry {
    /// What the loss is derived by.
    quantity: Quantity,
    name: String,
    /// What it belongs to.
    owner: String,
    grad: Option<f64>,
}

fn sections<'a>(app: &App, pass: &'a Pass) -> Vec<Section<'a>> {
    let parameters = pass.parameters.iter();
    let mut sections: Vec<Section<'_>> =
        parameters.map(|(&key, parameter)| Section::Parameter(key, parameter)).collect();
    let row = pass.shown_row().unwrap_or(0);
    let time_step = app.time_step();
    let is_input =
        |id: &NodeId| app.document().network.nodes.get(id).is_some_and(|node| is_input(&node.kind));
    let inputs = pass.nodes.iter().filter(|((id, at), _)| *at == time_step && is_input(id));
    let inputs: Vec<Section<'_>> =
        inputs.filter_map(|((id, _), node)| Some(Section::Input(*id, node.grad.as_ref()?, row))).collect();
    if !inputs.is_empty() {
        sections.push(Section::InputsHeading);
        sections.extend(inputs);
    }
    sections
}

fn is_input(kind: &crate::network::NodeKind) -> bool {
    kind.data().is_some() && !kind.is_target()
}

/// ∇L: how long it is, and how many partial derivatives there are and what of.
fn norm_ui(ui: &mut Ui, app: &App, pass: &Pass, sections: &[Section<'_>], words: &Words) {
    let theme = Theme::of(ui);
    let counts = Counts::of(app, sections);
    let grads = pass.parameters.values().filter_map(|parameter| parameter.grad.as_ref());
    let squares: f64 = grads.flat_map(Values::data).map(|g| g * g).sum();
    let length = if counts.of_parameters == 0 { "None".to_owned() } else { explain::short(squares.sqrt()) };
    ui.horizontal(|ui| {
        ui.label(RichText::new("∇L").font(theme::strong(13.5)));
        let norm = format!("‖∇L‖ = {length}");
        ui.label(RichText::new(norm).font(theme::mono(11.5)).color(theme.weak));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            copy::with_menu((app, pass), words, |menu| menu.button_ui(ui, words));
        });
    });
    let count = RichText::new(counts.text(words)).size(12.0).color(theme.weak);
    ui.add(Label::new(count).wrap()).on_hover_text(words.text("gradient-about"));
}

/// How many rows of the list are what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    of_parameters: usize,
    /// Parameters without a gradient: held still, or reached by no loss.
    frozen: usize,
    unreached: usize,
    of_inputs: usize,
}

impl Counts {
    fn of(app: &App, sections: &[Section<'_>]) -> Self {
        let mut counts = Self::default();
        for section in sections {
            let count = match section {
                Section::InputsHeading => continue,
                Section::Input(..) => &mut counts.of_inputs,
                Section::Parameter(_, parameter) if parameter.grad.is_some() => &mut counts.of_parameters,
                Section::Parameter(key, _) if is_frozen(app, *key) => &mut counts.frozen,
                Section::Parameter(..) => &mut counts.unreached,
            };
            *count += section.len();
        }
        counts
    }

    /// `8 parameters · 4 frozen · 2 inputs`.
    fn text(self, words: &Words) -> String {
        // Before backward() there is none, as PyTorch says; it is not a gradient of no entries.
        let none = (self.of_parameters == 0).then(|| "None".to_owned());
        let parts = [
            ("gradient-of-parameters", self.of_parameters),
            ("gradient-of-frozen", self.frozen),
            ("gradient-of-unreached", if none.is_some() { 0 } else { self.unreached }),
            ("gradient-of-inputs", self.of_inputs),
        ];
        let parts = parts.into_iter().filter(|(_, n)| *n > 0);
        let parts = parts.map(|(key, n)| words.text_with(key, &[("n", n.into())]));
        none.into_iter().chain(parts).collect::<Vec<_>>().join(" · ")
    }
}

/// Whether the optimizer leaves it alone.
fn is_frozen(app: &App, key: ParameterKey) -> bool {
    app.document().parameters.get(&key).is_some_and(|parameter| !parameter.trainable)
}

/// Every partial derivative by name.
fn list_ui(
    ui: &mut Ui,
    app: &App,
    (pass, sections): (&Pass, &[Section<'_>]),
    words: &Words,
    out: &mut Vec<Command>,
) {
    let total = sections.iter().map(Section::len).sum();
    copy::with_menu((app, pass), words, |menu| {
        menu.around(ui, words, |ui| {
            rows_ui(ui, ROW_HEIGHT, total, |ui, rows| {
                let mut first = 0;
                for section in sections {
                    let last = first + section.len();
                    for row in rows.start.max(first)..rows.end.min(last) {
                        row_ui(ui, app, words, section, row - first, out);
                    }
                    first = last;
                }
            });
        });
    });
}

fn row_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    section: &Section<'_>,
    index: usize,
    out: &mut Vec<Command>,
) {
    let theme = Theme::of(ui);
    let Some(Entry { quantity, name, owner, grad }) = section.entry(app, words, index) else {
        let text = RichText::new(words.text("gradient-inputs")).size(11.5).color(theme.weak);
        let size = Vec2::new(ui.available_width(), ROW_HEIGHT);
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_size(size);
            ui.add(Label::new(text).truncate()).on_hover_text(words.text("gradient-inputs-hint"));
        });
        return;
    };
    let largest = section.grad().map_or(0.0, Values::largest);
    let is_frozen = matches!(section, Section::Parameter(key, _) if is_frozen(app, *key));
    let none = || words.text(if is_frozen { "inspector-frozen" } else { "gradient-none" });
    let number = grad.map_or_else(none, explain::short);
    let (place, response) =
        ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW_HEIGHT), Sense::click());
    let is_chosen = app.chosen_entry() == Some(quantity);
    response.widget_info(|| {
        let label = format!("∂L/∂{name} ({owner}) = {number}");
        WidgetInfo::selected(WidgetType::SelectableLabel, true, is_chosen, label)
    });
    if response.clicked() {
        choose(app, quantity, out);
    }
    if !ui.is_rect_visible(place) {
        return;
    }
    if is_chosen || response.hovered() || response.has_focus() {
        let fill = if is_chosen { theme.accent_faint } else { theme.control };
        ui.painter().rect_filled(place, 4.0, fill);
    }
    let square = egui::Rect::from_center_size(place.left_center() + Vec2::new(10.0, 0.0), Vec2::splat(8.0));
    ui.painter().rect_filled(square, 2.0, theme.gradients.color_of(grad.unwrap_or(0.0), largest));
    let at = place.left_center() + Vec2::new(20.0, 0.0);
    let text = format!("∂L/∂{name}");
    let drawn = ui.painter().text(at, Align2::LEFT_CENTER, text, theme::mono(12.0), theme.text);
    let right = place.right_center() - Vec2::new(6.0, 0.0);
    let ink = if grad.is_some() { theme.text } else { theme.weak };
    let value = ui.painter().text(right, Align2::RIGHT_CENTER, number, theme::mono(12.0), ink);
    let room = egui::Rect::from_x_y_ranges(drawn.right() + 6.0..=value.left() - 6.0, place.y_range());
    if room.width() > 16.0 {
        let at = room.left_center();
        let painter = ui.painter().with_clip_rect(room.intersect(ui.clip_rect()));
        painter.text(at, Align2::LEFT_CENTER, owner, theme::text(11.0), theme.weak);
    }
}

/// The derivative of the loss with respect to a number that can be moved.
fn gradient_of(app: &App, quantity: Quantity) -> Quantity {
    let pass = app.snapshot().and_then(|snapshot| snapshot.pass.as_deref());
    let sample = pass.and_then(Pass::shown_sample);
    let tensor = match quantity.tensor {
        Tensor::Parameter(key) => Tensor::ParameterGrad { key, time_step: None, sample },
        Tensor::Output { node, time_step } => Tensor::Grad { node, time_step },
        other => other,
    };
    tensor.at(quantity.row, quantity.column)
}

/// Looks at this number from now on.
fn choose(app: &App, quantity: Quantity, out: &mut Vec<Command>) {
    out.push(Command::Gradient(GradientCommand::Choose(quantity)));
    out.push(Command::View(ViewCommand::Explain(gradient_of(app, quantity))));
}

/// The name of the node or wire that a parameter belongs to.
fn owner_name(app: &App, key: ParameterKey) -> String {
    let network = &app.document().network;
    let node = match key {
        ParameterKey::Node(node, _) => Some(node),
        ParameterKey::Initial(edge) => network.edges.get(&edge).map(|edge| edge.from),
    };
    node.and_then(|node| network.nodes.get(&node)).map_or_else(String::new, |node| node.name.clone())
}

/// A row of the batch by its number in the file.
fn row_text(app: &App, words: &Words, row: usize) -> String {
    let pass = app.snapshot().and_then(|snapshot| snapshot.pass.as_deref());
    let sample = pass.and_then(|pass| pass.rows.get(row)).map_or(row, |&sample| row_of(app, sample));
    row_name(app, words, sample)
}

/// The name of a chosen number, and what it belongs to.
fn name_of(app: &App, words: &Words, quantity: Quantity) -> (String, String) {
    match quantity.tensor {
        Tensor::Output { node, .. } | Tensor::Grad { node, .. } => {
            (feature_name(app, node, quantity.column), row_text(app, words, quantity.row))
        }
        Tensor::Parameter(key) | Tensor::ParameterGrad { key, .. } => {
            let shape = app.document().parameters.get(&key).map_or(&[][..], |parameter| &parameter.shape);
            (entry_name(key, shape, quantity.row, quantity.column), owner_name(app, key))
        }
        _ => (String::new(), String::new()),
    }
}
