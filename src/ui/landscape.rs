//! The Loss landscape panel: the loss around the weights, and the path that they took.
//!
//! Must not compute anything: landscapes come from the application.

mod plot;

use egui::{Id, Ui};

use super::fields::{NumberField, check_ui, choice_ui, count_ui, note_ui, row_label, wrapped_ui};
use super::scrolling::{LEAST_PLOT, rest_ui, scrolling_ui};
use super::studies::freshness_ui;
use super::ticks;
use crate::app::{App, Command, Questions};
use crate::explain;
use crate::insight::{Along, Landscape, LandscapeQuestion, WeightPlace};
use crate::network::{ParameterSpec, entry_name};
use crate::words::{ToMessage, Words};

/// Lower panels show the picture alone.
const LOW_PANEL: f32 = 150.0;
/// In a narrower panel the words stand below the picture, and the panel scrolls.
const NARROW: f32 = 320.0;
/// Between the picture and the words below it.
const BELOW: f32 = 16.0;
/// Of a high panel the picture takes no more than this.
const SHARE: f32 = 0.62;

/// Along what the weights are moved.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Kind {
    #[default]
    Random,
    Path,
    Weights,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Random, Self::Path, Self::Weights];

    fn key(self) -> &'static str {
        match self {
            Self::Random => "landscape-random",
            Self::Path => "landscape-components",
            Self::Weights => "landscape-weights",
        }
    }

    /// What its picture is, in a sentence.
    fn note(self) -> &'static str {
        match self {
            Self::Random => "landscape-random-note",
            Self::Path => "landscape-components-note",
            Self::Weights => "landscape-weights-note",
        }
    }
}

/// What is chosen in the panel.
#[derive(Clone, Copy, PartialEq)]
struct Chosen {
    kind: Kind,
    seed: u64,
    places: [Option<WeightPlace>; 2],
    is_curve: bool,
    reach: f64,
    only_last_steps: bool,
    is_linear: bool,
}

impl Default for Chosen {
    fn default() -> Self {
        Self {
            kind: Kind::default(),
            seed: 1,
            places: [None; 2],
            is_curve: false,
            reach: 1.0,
            only_last_steps: false,
            is_linear: false,
        }
    }
}

/// The panel. `asks` takes what it wants to know.
pub(crate) fn landscape_ui(
    ui: &mut Ui,
    app: &App,
    words: &Words,
    asks: &mut Questions,
    out: &mut Vec<Command>,
) {
    let specs = app.document().network.parameter_specs_with(app.shapes());
    if !app.can_show_landscape() || specs.is_empty() {
        note_ui(ui, words.text("landscape-not-ready"));
        return;
    }
    let id = Id::new("landscape question");
    let held: Option<Chosen> = ui.data(|data| data.get_temp(id));
    let mut chosen = held.unwrap_or_default();
    let places = places(&chosen, &specs);
    let along = match chosen.kind {
        Kind::Random => Along::Random(chosen.seed),
        Kind::Path => Along::Path,
        Kind::Weights => Along::Weights(places),
    };
    asks.landscape = Some(Box::new(LandscapeQuestion {
        along,
        is_surface: !chosen.is_curve,
        reach: chosen.reach,
        only_last_steps: chosen.only_last_steps,
        is_quick: app.run_state().is_running(),
    }));
    let answer = app.landscape();
    let names = axis_names(words, &chosen, &specs, places, answer.as_ref().map(|it| it.result.as_ref()));
    scrolling_ui(ui, "landscape", |ui| {
        wrapped_ui(ui, |ui| {
            choices_ui(ui, words, &mut chosen, &specs, places, out);
            let Some(answer) = &answer else { return };
            if let Ok(landscape) = answer.result.as_ref() {
                let shown = plot::Shown::new(words, landscape, &names, chosen.is_linear);
                shown.scale_ui(ui);
                shown.button_ui(ui);
            }
            freshness_ui(ui, words, answer);
        });
        match answer.map(|answer| answer.result.as_ref()) {
            None => note_ui(ui, words.text("insight-computing")),
            Some(Err(reason)) => note_ui(ui, words.say(&reason.message())),
            Some(Ok(landscape)) => {
                if !chosen.is_linear && !landscape.has_logarithm() {
                    note_ui(ui, words.text("landscape-no-log"));
                }
                let shown = plot::Shown::new(words, landscape, &names, chosen.is_linear);
                if ui.available_width() < NARROW {
                    stacked_ui(ui, &shown, chosen.kind);
                } else {
                    rest_ui(ui, LEAST_PLOT, |ui| shown_ui(ui, &shown, chosen.kind));
                }
            }
        }
    });
    if held != Some(chosen) {
        ui.data_mut(|data| data.insert_temp(id, chosen));
        ui.ctx().request_repaint();
    }
}

/// The picture, and below it what it says in words, as high as it is: the panel scrolls.
fn stacked_ui(ui: &mut Ui, shown: &plot::Shown<'_>, kind: Kind) {
    let size = egui::vec2(ui.available_width(), ui.available_width().max(LEAST_PLOT));
    let area = egui::Rect::from_min_size(ui.cursor().min, size);
    ui.scope_builder(place(area), |ui| shown.ui(ui));
    ui.advance_cursor_after_rect(area.with_max_y(area.bottom() + ticks::AXIS_LABEL));
    sentences_ui(ui, shown.words, shown.landscape, kind);
}

/// The picture, and beside it what it says in words.
fn shown_ui(ui: &mut Ui, shown: &plot::Shown<'_>, kind: Kind) {
    if ui.available_height() < LOW_PANEL {
        return shown.ui(ui);
    }
    // The place is set beforehand: within a row nothing says how high it may be.
    let area = ui.available_rect_before_wrap();
    let area = area.with_max_y(area.max.y - ticks::AXIS_LABEL);
    if area.height() > area.width() {
        let (above, below) = area.split_top_bottom_at_y(area.top() + area.width().min(SHARE * area.height()));
        ui.scope_builder(place(above), |ui| shown.ui(ui));
        ui.scope_builder(place(below.with_min_y(below.top() + BELOW)), |ui| told_ui(ui, shown, kind));
        return;
    }
    let told = (0.38 * area.width()).clamp(190.0, 320.0).min(0.5 * area.width());
    let (left, right) = area.split_left_right_at_x(area.right() - told);
    ui.scope_builder(place(left.with_max_x(left.right() - 12.0)), |ui| shown.ui(ui));
    ui.scope_builder(place(right), |ui| told_ui(ui, shown, kind));
}

fn place(rect: egui::Rect) -> egui::UiBuilder {
    egui::UiBuilder::new().max_rect(rect).layout(egui::Layout::top_down(egui::Align::Min))
}

fn told_ui(ui: &mut Ui, shown: &plot::Shown<'_>, kind: Kind) {
    egui::ScrollArea::vertical().id_salt("landscape told").auto_shrink(false).show(ui, |ui| {
        sentences_ui(ui, shown.words, shown.landscape, kind);
    });
}

/// What is seen, in words.
fn sentences_ui(ui: &mut Ui, words: &Words, landscape: &Landscape, kind: Kind) {
    let [n, of] = landscape.rows;
    let about = [("loss", explain::short(landscape.loss).into()), ("n", n.into()), ("of", of.into())];
    let key = if n == of { "landscape-loss" } else { "landscape-loss-some" };
    ui.add(egui::Label::new(words.text_with(key, &about)).wrap());
    note_ui(ui, words.text(kind.note()));
    let percent = |share: f64| format!("{:.1}", 100.0 * share);
    if let Some([x, y]) = landscape.explained {
        let about = [("x", percent(x).into()), ("y", percent(y).into())];
        note_ui(ui, words.text_with("landscape-explained", &about));
    } else if let Some(shown) = landscape.shown {
        note_ui(ui, words.text_with("landscape-shown", &[("share", percent(shown).into())]));
    } else {
        note_ui(ui, words.text("landscape-no-path-yet"));
        return;
    }
    let (Some(first), Some(last)) = (landscape.path.first(), landscape.path.last()) else { return };
    let about = [("from", (first.step as f64).into()), ("to", (last.step as f64).into())];
    note_ui(ui, words.text_with("landscape-path", &about));
}

/// What is looked at.
fn choices_ui(
    ui: &mut Ui,
    words: &Words,
    chosen: &mut Chosen,
    specs: &[ParameterSpec],
    places: [WeightPlace; 2],
    out: &mut Vec<Command>,
) {
    let choices = Kind::ALL.map(|kind| (kind, words.text(kind.key())));
    let shown = words.text(chosen.kind.key());
    if let Some(kind) = choice_ui(ui, &words.text("landscape-along"), &chosen.kind, choices, &shown) {
        chosen.kind = kind;
    }
    match chosen.kind {
        Kind::Random => {
            let again = ui.button(words.text("landscape-again"));
            if again.on_hover_text(words.text("landscape-again-hint")).clicked() {
                chosen.seed = chosen.seed.wrapping_add(1);
            }
        }
        Kind::Path => {}
        Kind::Weights => {
            let n_axes = if chosen.is_curve { 1 } else { 2 };
            for (axis, place) in places.into_iter().enumerate().take(n_axes) {
                if let Some(place) = weight_ui(ui, words, specs, axis, place, out) {
                    chosen.places[axis] = Some(place);
                }
            }
        }
    }
    let mut is_surface = !chosen.is_curve;
    check_ui(ui, &mut is_surface, words.text("landscape-two"));
    chosen.is_curve = !is_surface;
    let mut is_log = !chosen.is_linear;
    check_ui(ui, &mut is_log, words.text("landscape-log"));
    chosen.is_linear = !is_log;
    let only = check_ui(ui, &mut chosen.only_last_steps, words.text("landscape-last-steps"));
    only.on_hover_text(words.text("landscape-last-steps-hint"));
    let label = words.text("landscape-reach");
    row_label(ui, label.as_str());
    let field = NumberField { name: &label, range: 1e-3..=1e3, logarithmic: true, whole: false };
    if let Some(reach) = field.ui(ui, chosen.reach, out) {
        chosen.reach = reach;
    }
}

/// One weight: its parameter, row and column.
fn weight_ui(
    ui: &mut Ui,
    words: &Words,
    specs: &[ParameterSpec],
    axis: usize,
    place: WeightPlace,
    out: &mut Vec<Command>,
) -> Option<WeightPlace> {
    let about = [("axis", ["x", "y"][axis].into())];
    let spec = specs.iter().find(|spec| spec.key == place.key)?;
    let choices = specs.iter().map(|spec| (spec.key, spec.name.clone()));
    let label = words.text_with("landscape-weight", &about);
    if let Some(key) = choice_ui(ui, &label, &place.key, choices, &spec.name) {
        return Some(WeightPlace { key, index: 0 });
    }
    let n: usize = spec.shape.iter().product();
    let n_columns = spec.shape.last().copied().unwrap_or(1).max(1);
    let n_rows = n / n_columns;
    let [mut row, mut column] = [place.index / n_columns, place.index % n_columns];
    let mut index_ui = |ui: &mut Ui, key: &str, index: &mut usize, n: usize| {
        if n > 1
            && let Some(new) = count_ui(ui, &words.text_with(key, &about), *index, 0..=n - 1, out)
        {
            *index = new;
        }
    };
    index_ui(ui, "landscape-row", &mut row, n_rows);
    index_ui(ui, "landscape-column", &mut column, n_columns);
    let index = row * n_columns + column;
    (index != place.index).then_some(WeightPlace { index, ..place })
}

/// The weights that were chosen, where the drawing still has them; else its first ones.
fn places(chosen: &Chosen, specs: &[ParameterSpec]) -> [WeightPlace; 2] {
    let n_of = |spec: &ParameterSpec| spec.shape.iter().product::<usize>();
    let is_there =
        |place: &WeightPlace| specs.iter().any(|spec| spec.key == place.key && place.index < n_of(spec));
    [0, 1].map(|axis| {
        let held = chosen.places[axis].filter(is_there);
        held.unwrap_or_else(|| {
            let all = specs
                .iter()
                .flat_map(|spec| (0..n_of(spec).min(2)).map(|index| WeightPlace { key: spec.key, index }));
            let first = WeightPlace { key: specs[0].key, index: 0 };
            all.clone().nth(axis).unwrap_or(first)
        })
    })
}

/// What stands along the axes.
fn axis_names<R>(
    words: &Words,
    chosen: &Chosen,
    specs: &[ParameterSpec],
    places: [WeightPlace; 2],
    answer: Option<&Result<Landscape, R>>,
) -> [String; 2] {
    [0, 1].map(|axis| match chosen.kind {
        Kind::Weights => {
            let spec = specs.iter().find(|spec| spec.key == places[axis].key);
            spec.map_or_else(String::new, |spec| entry_name(&spec.name, &spec.shape, places[axis].index))
        }
        Kind::Random => words.text_with("landscape-direction", &[("n", (axis + 1).into())]),
        Kind::Path => {
            let explained = answer.and_then(|answer| answer.as_ref().ok()?.explained);
            let share = explained.map_or(0.0, |explained| 100.0 * explained[axis]);
            let about = [("n", (axis + 1).into()), ("share", format!("{share:.1}").into())];
            words.text_with("landscape-component", &about)
        }
    })
}
