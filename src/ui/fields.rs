//! Small controls that the panels share: labelled numbers whose drag is one step of the history,
//! choices, headings.
//!
//! Must not know what is edited.

mod choice;

use std::ops::RangeInclusive;

use egui::{DragValue, InnerResponse, Response, RichText, Ui, UiBuilder, UiStackInfo};

use super::theme::{self, Theme};
use crate::app::{Command, EditCommand};
use crate::words::with_minus;

pub(crate) use self::choice::{choice_ui, choice_width, row_label_of_choice};

/// Width of the column of names in a form.
const NAME_WIDTH: f32 = 136.0;
/// Between the names and the controls of a form.
const GAP: f32 = 12.0;

/// Under this name a form tells its rows how wide the column of names is.
const NAMES_TAG: &str = "names of a form";

/// As wide as a number of a few digits is to be dragged or typed.
const NUMBER_WIDTH: f32 = 64.0;

/// Narrower forms have a single column.
const NARROW_FORM: f32 = 230.0;

/// How long a slider in a row is.
const LEAST_SLIDER: f32 = 40.0;
const MOST_SLIDER: f32 = 100.0;

/// A number that can be dragged or typed.
pub(crate) struct NumberField<'a> {
    /// The AccessKit name.
    pub(crate) name: &'a str,
    /// What may be typed.
    pub(crate) range: RangeInclusive<f64>,
    /// Whether dragging changes it by a factor rather than a difference.
    pub(crate) logarithmic: bool,
    /// Only whole numbers.
    pub(crate) whole: bool,
}

impl NumberField<'_> {
    /// Draws it; gives the new value where it was changed. A drag is one gesture of the history.
    pub(crate) fn ui(&self, ui: &mut Ui, value: f64, out: &mut Vec<Command>) -> Option<f64> {
        let mut new = value;
        let speed = if self.whole {
            0.1
        } else if self.logarithmic {
            (value.abs() * 0.01).max(1e-9)
        } else {
            0.01
        };
        let mut field = DragValue::new(&mut new)
            .range(self.range.clone())
            .speed(speed)
            .update_while_editing(false)
            .clamp_existing_to_range(false);
        // What is being edited may be copied to another program, which reads hyphens.
        let id = ui.next_auto_id();
        let is_edited = ui.memory(|memory| memory.has_focus(id));
        let shown = move |x: f64| if is_edited { plain(x) } else { compact(x) };
        field = if self.whole {
            field.fixed_decimals(0)
        } else {
            field.custom_formatter(move |x, _| shown(x)).custom_parser(parse_number)
        };
        let response = ui.add(field);
        name(&response, self.name);
        if response.drag_started() {
            out.push(Command::Edit(EditCommand::BeginGesture));
        }
        if response.drag_stopped() {
            out.push(Command::Edit(EditCommand::EndGesture));
        }
        if self.whole {
            new = new.round();
        }
        (new.is_finite() && new != value).then_some(new)
    }
}

/// A count.
pub(crate) fn count_ui(
    ui: &mut Ui,
    label: &str,
    value: usize,
    range: RangeInclusive<usize>,
    out: &mut Vec<Command>,
) -> Option<usize> {
    let range = *range.start() as f64..=*range.end() as f64;
    let field = NumberField { name: label, range, logarithmic: false, whole: true };
    field.ui(ui, value as f64, out).map(|new| new as usize)
}

/// A named number; a change is written to `value`.
pub(crate) fn number_ui(
    ui: &mut Ui,
    label: &str,
    value: &mut f64,
    range: RangeInclusive<f64>,
    logarithmic: bool,
    out: &mut Vec<Command>,
) {
    row_label(ui, label);
    let field = NumberField { name: label, range, logarithmic, whole: false };
    if let Some(new) = field.ui(ui, *value, out) {
        *value = new;
    }
}

/// `choice`, or `current` with the settings it has where it is of the same kind.
pub(crate) fn own_if_same_kind<T: Copy>(choice: T, current: &T) -> T {
    let is_same = std::mem::discriminant(&choice) == std::mem::discriminant(current);
    if is_same { *current } else { choice }
}

/// In a row that wraps, goes to its next line where what is `width` wide does not fit into this one. A line
/// that is still empty is used.
pub(crate) fn wrap_before(ui: &mut Ui, width: f32) {
    let is_begun = ui.cursor().left() > ui.max_rect().left() + 0.5;
    if ui.layout().main_wrap && is_begun && ui.available_size_before_wrap().x < width {
        next_row(ui);
    }
}

/// Labels and controls in as many rows as they need. A label moves to the next row as a whole, so that it
/// stands at the height of the control behind it; one that is wider than the panel ends in ….
pub(crate) fn wrapped_ui<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    ui.horizontal_wrapped(|ui| {
        ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Truncate);
        add(ui)
    })
}

/// Goes to the next row of [`wrapped_ui`], which is as high as a control from its first label on.
pub(crate) fn next_row(ui: &mut Ui) {
    ui.end_row();
    let height = ui.spacing().interact_size.y;
    ui.set_row_height(height);
}

/// A label in front of something that is `width` wide: a row that wraps does not part the two, unless it is too
/// narrow for both.
pub(crate) fn label_before_ui(ui: &mut Ui, text: RichText, width: f32) -> Response {
    let text = egui::WidgetText::from(text);
    if ui.layout().main_wrap {
        let mode = Some(egui::TextWrapMode::Extend);
        let line = text.clone().into_galley(ui, mode, f32::INFINITY, egui::TextStyle::Body);
        wrap_before(ui, line.size().x + ui.spacing().item_spacing.x + width);
    }
    ui.label(text)
}

/// A slider behind its name, in one line of a row that wraps: as long as there is room for.
pub(crate) fn slider_ui(ui: &mut Ui, label: &str, slider: egui::Slider<'_>, value_width: f32) -> Response {
    let text = RichText::new(label).color(Theme::of(ui).weak);
    let beside = value_width + if value_width > 0.0 { ui.spacing().item_spacing.x } else { 0.0 };
    label_before_ui(ui, text, LEAST_SLIDER + beside);
    wrap_before(ui, LEAST_SLIDER + beside);
    let room = ui.available_size_before_wrap().x - beside;
    ui.spacing_mut().slider_width = room.clamp(LEAST_SLIDER, MOST_SLIDER);
    let response = ui.add(slider);
    name(&response, label);
    response
}

/// A button that shows a sign and is called by a word.
pub(crate) fn sign_button(ui: &mut Ui, sign: &str, label: &str, enabled: bool) -> Response {
    let response = ui.add_enabled(enabled, egui::Button::new(sign));
    response.widget_info(|| {
        let mut info = labeled(egui::WidgetType::Button, label);
        info.enabled = enabled;
        info
    });
    response.on_hover_text(label)
}

/// How wide a button with this text is.
pub(crate) fn button_width(ui: &Ui, text: &str) -> f32 {
    let font = egui::TextStyle::Button.resolve(ui.style());
    let text = ui.painter().layout_no_wrap(text.to_owned(), font, egui::Color32::PLACEHOLDER).size().x;
    text + 2.0 * ui.spacing().button_padding.x
}

/// Copies something: two sheets, one over the other.
pub(crate) fn copy_button(ui: &mut Ui, label: &str) -> Response {
    let button = egui::Button::new("").frame_when_inactive(false).min_size(egui::vec2(22.0, 18.0));
    let response = ui.add(button);
    response.widget_info(|| labeled(egui::WidgetType::Button, label));
    let theme = Theme::of(ui);
    let sheet = egui::vec2(7.0, 9.0);
    let places = [egui::vec2(-2.0, -1.5), egui::vec2(2.0, 1.5)];
    for sheet in places.map(|place| egui::Rect::from_center_size(response.rect.center() + place, sheet)) {
        let line = (1.2, theme.weak);
        ui.painter().rect(sheet, 1.5, theme.panel, line, egui::StrokeKind::Inside);
    }
    response.on_hover_text(label)
}

/// How wide the button of [`more_ui`] is.
pub(crate) const MORE_WIDTH: f32 = 18.0;

/// A small button with three dots that opens a menu.
pub(crate) fn more_ui(ui: &mut Ui, label: &str, contents: impl FnOnce(&mut Ui)) -> Response {
    let button = egui::Button::new("").frame_when_inactive(false).min_size(egui::vec2(MORE_WIDTH, 18.0));
    let response = ui.add(button);
    response.widget_info(|| labeled(egui::WidgetType::Button, label));
    let color = Theme::of(ui).weak;
    for up in [-4.0, 0.0, 4.0] {
        ui.painter().circle_filled(response.rect.center() + egui::vec2(0.0, up), 1.3, color);
    }
    egui::Popup::menu(&response).show(contents);
    response.on_hover_text(label)
}

/// A check box that is seen, checked or not, without being touched. In a row that wraps its text does not
/// break, unless it is wider than the panel: the whole box moves to the next line.
pub(crate) fn check_ui(ui: &mut Ui, on: &mut bool, text: impl Into<String>) -> Response {
    let theme = Theme::of(ui);
    let text = RichText::new(text).color(theme.text);
    let (fill, line) = if *on { (theme.accent, theme.accent) } else { (theme.panel, theme.wire) };
    // Not in a scope of its own: a row that wraps must be free to move it.
    let style = ui.style().clone();
    if !ui.layout().is_vertical() {
        let spacing = ui.spacing();
        let font = egui::TextStyle::Button.resolve(ui.style());
        let line = ui.painter().layout_no_wrap(text.text().to_owned(), font, theme.text).size().x;
        let width = line + spacing.icon_width + spacing.icon_spacing;
        wrap_before(ui, width);
        let is_too_wide = ui.layout().main_wrap && width > ui.available_size_before_wrap().x;
        let mode = if is_too_wide { egui::TextWrapMode::Wrap } else { egui::TextWrapMode::Extend };
        ui.style_mut().wrap_mode = Some(mode);
    }
    let widgets = &mut ui.visuals_mut().widgets;
    for (widget, line) in [
        (&mut widgets.inactive, (1.0, line)),
        (&mut widgets.hovered, (1.5, theme.text)),
        (&mut widgets.active, (2.0, theme.text)),
    ] {
        widget.bg_fill = fill;
        widget.bg_stroke = line.into();
        widget.fg_stroke = (1.5, theme.on_accent).into();
    }
    let response = ui.checkbox(on, text);
    ui.set_style(style);
    response
}

/// A check box whose name stands elsewhere, as in a form.
pub(crate) fn bare_check_ui(ui: &mut Ui, on: &mut bool, label: &str) -> Response {
    let response = check_ui(ui, on, "");
    name(&response, label);
    response
}

/// Gives a control the name that tests and screen readers find it by.
pub(crate) fn name(response: &Response, label: &str) {
    let id = response.id;
    response.ctx.accesskit_node_builder(id, |node| node.set_label(label));
}

/// Marks these characters of a text field, so that typing replaces them.
pub(crate) fn mark_text(ctx: &egui::Context, field: egui::Id, characters: std::ops::Range<usize>) {
    let mut state = egui::TextEdit::load_state(ctx, field).unwrap_or_default();
    let [start, end] = [characters.start, characters.end].map(egui::text::CCursor::new);
    state.cursor.set_char_range(Some(egui::text::CCursorRange::two(start, end)));
    state.store(ctx, field);
}

/// A heading within a panel.
pub(crate) fn heading_ui(ui: &mut Ui, text: impl Into<String>) {
    ui.add_space(4.0);
    ui.label(RichText::new(text.into()).font(theme::strong(13.0)));
}

/// A quiet sentence that may be long.
pub(crate) fn note_ui(ui: &mut Ui, text: impl Into<String>) {
    let weak = Theme::of(ui).weak;
    ui.add(egui::Label::new(RichText::new(text.into()).color(weak).size(12.0)).wrap());
}

/// The same behind something else in a row that wraps; see [`label_behind_ui`].
pub(crate) fn note_behind_ui(ui: &mut Ui, text: impl Into<String>) {
    let weak = Theme::of(ui).weak;
    label_behind_ui(ui, RichText::new(text.into()).color(weak).size(12.0));
}

/// A text behind something else in a row that wraps: on rows of its own where the rest of this one is too short
/// for it.
pub(crate) fn label_behind_ui(ui: &mut Ui, text: RichText) -> Response {
    let label = egui::WidgetText::from(text);
    let mode = Some(egui::TextWrapMode::Extend);
    let line = label.clone().into_galley(ui, mode, f32::INFINITY, egui::TextStyle::Body);
    wrap_before(ui, line.size().x);
    ui.add(egui::Label::new(label).wrap())
}

/// Two columns: names and controls. The names of most forms fit into the first, so that the controls
/// of forms under one another stand in line. Where there is no room for two, each name stands above its
/// control.
pub(crate) fn form_ui(ui: &mut Ui, id: &str, add: impl FnOnce(&mut Ui)) {
    let names = NAME_WIDTH.min((ui.available_width() - GAP) / 2.0);
    form_of_names_ui(ui, id, names, add);
}

/// The same with a column of names of this width: forms of one panel stand in line whatever their names.
pub(crate) fn form_of_names_ui(ui: &mut Ui, id: &str, names: f32, add: impl FnOnce(&mut Ui)) {
    if ui.available_width() < NARROW_FORM.max(names + GAP + NUMBER_WIDTH) {
        ui.push_id(id, |ui| ui.vertical(add));
        return;
    }
    let info = UiStackInfo::default().with_tag_value(NAMES_TAG, names);
    ui.scope_builder(UiBuilder::new().ui_stack_info(info), |ui| {
        egui::Grid::new(id).num_columns(2).spacing([GAP, 6.0]).show(ui, add);
    });
}

/// How wide a column is that has room for these names.
pub(crate) fn names_width(ui: &Ui, names: impl IntoIterator<Item = String>) -> f32 {
    let font = egui::TextStyle::Body.resolve(ui.style());
    let width = |name| ui.painter().layout_no_wrap(name, font.clone(), egui::Color32::PLACEHOLDER).size().x;
    names.into_iter().map(width).fold(NAME_WIDTH, f32::max)
}

/// The name of a row of a form, or in a row that wraps, of the number behind it.
pub(crate) fn row_label(ui: &mut Ui, text: impl Into<String>) {
    let text = RichText::new(text.into()).color(Theme::of(ui).weak);
    let names = ui.stack().iter().find_map(|stack| stack.tags().get_downcast::<f32>(NAMES_TAG)).copied();
    if let Some(names) = names.filter(|_| !ui.layout().main_wrap) {
        ui.scope(|ui| {
            ui.set_min_width(names);
            ui.label(text);
        });
        return;
    }
    label_before_ui(ui, text, NUMBER_WIDTH);
}

/// A number as short as it can be: `0.001`, `1e−8`.
pub(crate) fn compact(x: f64) -> String {
    with_minus(&plain(x))
}

/// The same as a person would type it: `1e-8`.
pub(crate) fn plain(x: f64) -> String {
    let magnitude = x.abs();
    if x != 0.0 && !(1e-4..1e6).contains(&magnitude) { format!("{x:e}") } else { format!("{x}") }
}

/// A typed number; a decimal comma and the typographic minus are understood.
pub(crate) fn parse_number(text: &str) -> Option<f64> {
    let text = text.trim().replace('−', "-").replace(',', ".");
    text.parse().ok().filter(|x: &f64| x.is_finite())
}

fn labeled(kind: egui::WidgetType, label: &str) -> egui::WidgetInfo {
    egui::WidgetInfo::labeled(kind, true, label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_rows_of_any_width_a_label_stands_as_high_as_its_control() {
        let ctx = egui::Context::default();
        theme::install(&ctx);
        for width in (60..600).step_by(20) {
            let mut pairs = Vec::new();
            let mut right: f32 = 0.0;
            for _ in 0..2 {
                let output = ctx.run_ui(egui::RawInput::default(), |ui| {
                    ui.set_max_width(width as f32);
                    pairs.clear();
                    wrapped_ui(ui, |ui| {
                        for n in 0..3 {
                            let label = ui.label(format!("weights after step {n}")).rect;
                            let number = count_ui_rect(ui, n);
                            pairs.push((label, number));
                            next_row(ui);
                        }
                        for n in 3..6 {
                            let label = ui.label("number").rect;
                            pairs.push((label, count_ui_rect(ui, n)));
                        }
                        right = ui.min_rect().right() - ui.max_rect().left();
                    });
                });
                output.drop_without_applying_deltas();
            }
            assert!(right <= width as f32 + 0.5, "{right} of {width}");
            for (label, number) in &pairs {
                let is_in_row = number.y_range().contains(label.center().y);
                let apart = (label.center().y - number.center().y).abs();
                assert!(!is_in_row || apart <= 1.0, "{width}: {label} beside {number}");
            }
        }
    }

    fn count_ui_rect(ui: &mut Ui, n: usize) -> egui::Rect {
        let mut value = n;
        ui.add(DragValue::new(&mut value)).rect
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        assert_eq!(parse_number(" 0,5 "), Some(0.5));
        assert_eq!(parse_number("−1.25"), Some(-1.25));
        assert_eq!(parse_number("1e-8"), Some(1e-8));
        assert_eq!(parse_number("inf"), None);
        assert_eq!(parse_number("x"), None);
        assert_eq!((compact(1e-8).as_str(), plain(1e-8).as_str()), ("1e−8", "1e-8"));
        assert_eq!(compact(0.001), "0.001");
    }
}
