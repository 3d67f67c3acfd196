//! The gradient check: a heat map of relative errors for every parameter, and the two losses of the
//! chosen entry with a verdict in words.
//!
//! Must not know how it is checked.

use egui::{Color32, Grid, ProgressBar, Rect, RichText, Sense, Ui, Vec2, WidgetInfo, WidgetType, pos2};

use super::super::fields::note_ui;
use super::super::numbers::asked_ui;
use super::super::theme::{self, Theme};
use super::{choose, gradient_of, name_of};
use crate::app::{App, CheckState, Command, GradientCommand};
use crate::autodiff::gradcheck::{Entry, Outcome};
use crate::explain::{self, Quantity, Tensor};
use crate::network::ParameterKey;
use crate::train::{CheckedParameter, GradientCheck, Pass, Precision};
use crate::words::{MessageArg, Words};

/// Cells are so large where there is room,
const LARGEST_CELL: f32 = 18.0;
/// and at least so large: of wider matrices the part that fits is drawn.
const SMALLEST_CELL: f32 = 3.0;
/// Higher heat maps are cut.
const MOST_HEIGHT: f32 = 150.0;

/// The panel's part about the check.
pub(super) fn check_ui(ui: &mut Ui, app: &App, pass: &Pass, words: &Words, out: &mut Vec<Command>) {
    let state = app.gradient_check();
    if let CheckState::Running(done) = state {
        ui.horizontal(|ui| {
            ui.add(ProgressBar::new(done).desired_width(140.0).show_percentage());
            if ui.button(words.text("check-cancel")).clicked() {
                out.push(Command::Gradient(GradientCommand::CancelCheck));
            }
        });
        return;
    }
    if ui.button(words.text("check-start")).clicked() {
        out.push(Command::Gradient(GradientCommand::Check));
    }
    match state {
        CheckState::None | CheckState::Running(_) => note_ui(ui, words.text("check-about")),
        CheckState::Refused(reason) => note_ui(ui, words.say(&reason)),
        CheckState::Done { check, is_current } => {
            verdict_ui(ui, words, &check);
            if !is_current {
                note_ui(ui, words.text("check-outdated"));
            }
            entry_ui(ui, app, pass, words, &check, out);
            for parameter in &check.parameters {
                parameter_ui(ui, app, words, parameter, out);
            }
        }
    }
}

/// The whole check in one sentence.
fn verdict_ui(ui: &mut Ui, words: &Words, check: &GradientCheck) {
    let theme = Theme::of(ui);
    let [agree, at_kink, differ] =
        [Outcome::Agrees, Outcome::AtKink, Outcome::Differs].map(|outcome| check.count(outcome));
    let worst = check.parameters.iter().flat_map(|parameter| &parameter.entries);
    let worst =
        worst.filter(|entry| entry.outcome != Outcome::AtKink).map(relative_error).fold(0.0, f64::max);
    let (key, ink) = if differ > 0 {
        ("check-differ", theme.error)
    } else if agree == 0 {
        ("check-nothing", theme.warning)
    } else {
        ("check-passed", theme.accent)
    };
    let about: [(&str, MessageArg); 4] = [
        ("agree", agree.into()),
        ("differ", differ.into()),
        ("worst", explain::short(worst).into()),
        ("rows", check.n_rows.into()),
    ];
    ui.add(egui::Label::new(RichText::new(words.text_with(key, &about)).color(ink)).wrap());
    if at_kink > 0 {
        note_ui(ui, words.text_with("check-at-kink", &[("n", at_kink.into())]));
    }
    if check.is_sample {
        let n: usize = check.parameters.iter().map(CheckedParameter::n_entries).sum();
        let checked: usize = check.parameters.iter().map(|parameter| parameter.entries.len()).sum();
        note_ui(ui, words.text_with("check-sample", &[("checked", checked.into()), ("n", n.into())]));
    }
}

/// |a − n| as a share of the larger of both.
fn relative_error(entry: &Entry) -> f64 {
    let largest = entry.analytic.abs().max(entry.numeric.abs());
    if largest == 0.0 { 0.0 } else { (entry.analytic - entry.numeric).abs() / largest }
}

/// The two losses of the chosen entry, and its verdict.
fn entry_ui(
    ui: &mut Ui,
    app: &App,
    pass: &Pass,
    words: &Words,
    check: &GradientCheck,
    out: &mut Vec<Command>,
) {
    let theme = Theme::of(ui);
    let Some((key, chosen)) = app.chosen_entry().and_then(|chosen| match chosen.tensor {
        Tensor::Parameter(key) => Some((key, chosen)),
        _ => None,
    }) else {
        note_ui(ui, words.text("check-choose"));
        return;
    };
    let Some(parameter) = check.parameters.iter().find(|parameter| parameter.key == key) else { return };
    let index = chosen.row * n_columns(parameter) + chosen.column;
    let (variable, owner) = name_of(app, words, chosen);
    let Some(entry) = parameter.entry(index) else {
        let about = [("name", variable.into()), ("owner", owner.into())];
        note_ui(ui, words.text_with("check-not-in-sample", &about));
        return;
    };
    let [low, high] = entry.losses;
    let lines = [
        ("ε".to_owned(), explain::short(entry.h)),
        (format!("L({variable} + ε)"), explain::full(high, Precision::F64)),
        (format!("L({variable} − ε)"), explain::full(low, Precision::F64)),
        ("(L₊ − L₋) / 2ε".to_owned(), explain::full(entry.numeric, Precision::F64)),
    ];
    let analytic = explain::full(entry.analytic, Precision::F64);
    Grid::new("check entry").num_columns(2).spacing([12.0, 2.0]).show(ui, |ui| {
        for (formula, number) in lines {
            ui.label(RichText::new(formula).font(theme::mono(11.5)).color(theme.weak));
            ui.label(RichText::new(number).font(theme::mono(11.5)));
            ui.end_row();
        }
        let text = |text: String| RichText::new(text).font(theme::mono(11.5));
        ui.label(text(format!("∂L/∂{variable}")).color(theme.weak));
        asked_ui(ui, words, text(analytic), gradient_of(app, chosen), out);
        ui.end_row();
    });
    let error = [("error", explain::short(relative_error(entry)).into())];
    let (verdict, ink) = match entry.outcome {
        Outcome::Agrees => (words.text_with("check-entry-agrees", &error), theme.accent),
        Outcome::AtKink => (words.text("check-entry-kink"), theme.warning),
        Outcome::Differs => (words.text_with("check-entry-differs", &error), theme.error),
    };
    ui.add(egui::Label::new(RichText::new(verdict).color(ink)).wrap());
    if pass.precision == Precision::F32 {
        note_ui(ui, words.text("check-float32"));
    }
}

fn n_columns(parameter: &CheckedParameter) -> usize {
    match parameter.shape.as_slice() {
        [] => 1,
        [n] => *n,
        [_, rest @ ..] => rest.iter().product(),
    }
}

/// The heat map of one parameter.
fn parameter_ui(ui: &mut Ui, app: &App, words: &Words, parameter: &CheckedParameter, out: &mut Vec<Command>) {
    let theme = Theme::of(ui);
    let n_columns = n_columns(parameter).max(1);
    let n_rows = parameter.n_entries() / n_columns;
    if n_rows == 0 {
        return;
    }
    ui.add_space(6.0);
    ui.label(RichText::new(&parameter.name).font(theme::strong(12.0)));
    let cell = (ui.available_width() / n_columns as f32)
        .min(MOST_HEIGHT / n_rows as f32)
        .clamp(SMALLEST_CELL, LARGEST_CELL);
    let fitting = |room: f32, n: usize| ((room / cell) as usize).clamp(1, n);
    let (columns, rows) = (fitting(ui.available_width(), n_columns), fitting(MOST_HEIGHT, n_rows));
    let size = Vec2::new(columns as f32 * cell, rows as f32 * cell);
    let (area, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Image, true, spoken(words, parameter)));
    let gap = if cell > 6.0 { 1.0 } else { 0.0 };
    let chosen = chosen_in(app, parameter.key);
    for row in 0..rows {
        for column in 0..columns {
            let corner = pos2(area.left() + column as f32 * cell, area.top() + row as f32 * cell);
            let place = Rect::from_min_size(corner, Vec2::splat(cell - gap));
            let entry = parameter.entry(row * n_columns + column);
            let (fill, sign) = look(theme, entry);
            ui.painter().rect_filled(place, if gap > 0.0 { 2.0 } else { 0.0 }, fill);
            if let Some(sign) = sign.filter(|_| cell >= 9.0) {
                let center = place.center();
                ui.painter().text(
                    center,
                    egui::Align2::CENTER_CENTER,
                    sign,
                    theme::strong(cell * 0.7),
                    theme.panel,
                );
            }
            if chosen == Some((row, column)) {
                let line = (2.0, theme.text);
                ui.painter().rect_stroke(place, 2.0, line, egui::StrokeKind::Inside);
            }
        }
    }
    let under = response.hover_pos().or_else(|| response.interact_pointer_pos());
    let under = under.filter(|at| area.contains(*at)).map(|at| {
        let place = (at - area.min) / cell;
        ((place.y as usize).min(rows - 1), (place.x as usize).min(columns - 1))
    });
    let Some((row, column)) = under else { return };
    let quantity = Tensor::Parameter(parameter.key).at(row, column);
    if response.clicked() {
        choose(app, quantity, out);
    }
    let tip = tip(app, words, parameter.entry(row * n_columns + column), quantity);
    response.on_hover_text(tip);
    if rows < n_rows || columns < n_columns {
        let about = [("rows", rows.into()), ("columns", columns.into())];
        note_ui(ui, words.text_with("check-cut", &about));
    }
}

fn chosen_in(app: &App, key: ParameterKey) -> Option<(usize, usize)> {
    let chosen = app.chosen_entry().filter(|chosen| chosen.tensor == Tensor::Parameter(key))?;
    Some((chosen.row, chosen.column))
}

/// The color of an entry: the fainter the smaller its error; and the sign that tells without color.
fn look(theme: &Theme, entry: Option<&Entry>) -> (Color32, Option<&'static str>) {
    let Some(entry) = entry else { return (theme.control, None) };
    match entry.outcome {
        Outcome::Differs => (theme.error, Some("×")),
        Outcome::AtKink => (theme.weak, Some("/")),
        Outcome::Agrees => {
            // From 1e-12, as good as it gets, to 1e-6, as bad as is allowed.
            let t = ((relative_error(entry).max(1e-15).log10() + 12.0) / 6.0).clamp(0.0, 1.0) as f32;
            (theme::mix(theme.accent, theme.warning, t), None)
        }
    }
}

fn tip(app: &App, words: &Words, entry: Option<&Entry>, quantity: Quantity) -> String {
    let (variable, _) = name_of(app, words, quantity);
    match entry {
        None => words.text_with("check-tip-unchecked", &[("name", variable.into())]),
        Some(entry) => {
            let error = explain::short(relative_error(entry));
            let key = match entry.outcome {
                Outcome::Agrees => "check-tip-agrees",
                Outcome::AtKink => "check-tip-kink",
                Outcome::Differs => "check-tip-differs",
            };
            words.text_with(key, &[("name", variable.into()), ("error", error.into())])
        }
    }
}

/// The heat map in one sentence.
fn spoken(words: &Words, parameter: &CheckedParameter) -> String {
    let [agree, at_kink, differ] =
        [Outcome::Agrees, Outcome::AtKink, Outcome::Differs].map(|outcome| parameter.count(outcome));
    let about: [(&str, MessageArg); 5] = [
        ("name", parameter.name.as_str().into()),
        ("agree", agree.into()),
        ("kink", at_kink.into()),
        ("differ", differ.into()),
        ("n", parameter.n_entries().into()),
    ];
    words.text_with("check-spoken", &about)
}
