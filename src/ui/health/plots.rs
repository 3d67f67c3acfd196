//! Distributions over time as colors, and curves of one number a layer.
//!
//! Must not know where the samples come from.

use std::sync::Arc;

use egui::{Color32, ColorImage, Id, TextureHandle, TextureOptions, Ui};
use egui_plot::{AxisHints, Corner, Legend, Line, PlotPoints, PlotResponse, Points};

use super::Shown;
use crate::app::App;
use crate::explain;
use crate::export::TableText;
use crate::insight::dead_share;
use crate::train::{Bins, HealthHistory, HealthSample, LayerHealth, N_BINS};
use crate::ui::class_colors::class_color;
use crate::ui::field_plot::picture;
use crate::ui::fields::note_ui;
use crate::ui::hover;
use crate::ui::pictures::{Plotted, curves_table, number_table, plot_ui};
use crate::ui::theme::{Theme, mix};
use crate::ui::ticks;
use crate::words::Words;

/// Points of the picture along time and along values.
const WIDTH: usize = 240;
const HEIGHT: usize = 64;
/// Lower plots have no legend.
const LEGEND_HEIGHT: f32 = 140.0;

pub(super) fn shown_ui(ui: &mut Ui, app: &App, words: &Words, shown: Shown, layer: usize, parameter: usize) {
    match shown {
        Shown::Weights | Shown::Activations | Shown::Gradients => {
            distribution_ui(ui, app, words, shown, layer, parameter);
        }
        Shown::GradNorms | Shown::UpdateRatios | Shown::Idle => curves_ui(ui, app, words, shown, layer),
    }
}

/// A distribution over time: where its values lie, and how many.
struct Heat {
    /// Steps along x, values along y.
    steps: [f64; 2],
    values: [f64; 2],
    texture: TextureHandle,
}

/// What a picture was made of.
#[derive(Clone, Debug)]
struct Key {
    history: Arc<HealthHistory>,
    of: (Shown, usize, usize),
    is_dark: bool,
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.history, &other.history) && self.of == other.of && self.is_dark == other.is_dark
    }
}

fn bins_of(sample: &HealthSample, shown: Shown, layer: usize, parameter: usize) -> Option<&Bins> {
    let layer = sample.layers.get(layer)?;
    if shown == Shown::Activations {
        return Some(&layer.output);
    }
    let parameter = layer.parameters.get(parameter.min(layer.parameters.len().checked_sub(1)?))?;
    if shown == Shown::Gradients { parameter.grad.as_ref() } else { Some(&parameter.value) }
}

fn distribution_ui(ui: &mut Ui, app: &App, words: &Words, shown: Shown, layer: usize, parameter: usize) {
    let history = app.health();
    let Some(newest) = history.last().and_then(|last| bins_of(last, shown, layer, parameter)) else {
        note_ui(
            ui,
            words.text(if shown == Shown::Gradients { "health-no-gradients" } else { "health-no-weights" }),
        );
        return;
    };
    let name = history.last().and_then(|last| last.layers.get(layer)).map_or("", |layer| layer.name.as_str());
    let is_log = shown == Shown::Gradients;
    let said = |value: f64| explain::short(if is_log { 10_f64.powf(value) } else { value });
    let about = [
        ("what", words.text(shown.key()).into()),
        ("layer", name.into()),
        ("low", said(newest.low).into()),
        ("high", said(newest.high).into()),
        ("rms", explain::short(newest.rms).into()),
    ];
    let mut text = words.text_with("health-distribution", &about);
    let zeros = f64::from(newest.n_zero) / f64::from(newest.n.max(1));
    if zeros > 0.0 {
        let share = [("share", format!("{:.0}", 100.0 * zeros).into())];
        text = format!("{text} {}", words.text_with("health-zeros", &share));
    }
    note_ui(ui, text);
    let key =
        Key { history: Arc::clone(history), of: (shown, layer, parameter), is_dark: Theme::of(ui).dark };
    let title = format!("{} {name}", words.text(shown.key()));
    let table = |most: usize| distribution_table(words, &key, most);
    let plotted = Plotted { title: title.trim_end(), n_rows: history.samples().len(), table: &table };
    plot_ui(ui, words, plotted, |ui| draw_distribution(ui, words, &key));
}

/// The edges of the bins and how many values lie in each, a row for each look.
fn distribution_table(words: &Words, key: &Key, most: usize) -> TableText {
    let (shown, layer, parameter) = key.of;
    let log = if shown == Shown::Gradients { "log10 " } else { "" };
    let names = [words.text("health-steps"), format!("{log}low"), format!("{log}high")];
    let bins = (0..N_BINS).map(|bin| format!("n{bin}"));
    let rows = key.history.samples().iter().filter_map(|sample| {
        let bins = bins_of(sample, shown, layer, parameter)?;
        let counts = bins.counts.iter().map(|&count| f64::from(count));
        Some([sample.step as f64, bins.low, bins.high].into_iter().chain(counts).collect())
    });
    number_table(names.into_iter().chain(bins), rows.take(most))
}

fn draw_distribution(ui: &mut Ui, words: &Words, key: &Key) -> PlotResponse<()> {
    let shown = key.of.0;
    let is_log = shown == Shown::Gradients;
    let heat = heat(ui, Key { is_dark: Theme::of(ui).dark, ..key.clone() });
    let (step_name, value_name) = (words.text("health-steps"), words.text(shown.key()));
    let upright = ticks::upright_name(ui, &value_name);
    let names = [step_name.clone(), value_name];
    let plot = ticks::plot(("health distribution", shown as u8))
        .allow_boxed_zoom(false)
        .show_grid(false)
        // Room for half of the number under the newest step.
        .set_margin_fraction(egui::vec2(0.05, 0.0))
        .custom_x_axes(vec![step_axis(step_name, ui.available_height())])
        .y_axis_label(upright)
        .y_grid_spacer(ticks::y_marks_above_corner(is_log))
        .y_axis_formatter(move |mark, _| ticks::tick(mark, is_log))
        .label_formatter(hover::says_counted(names, is_log))
        .show(ui, |plot| picture(plot, &heat.texture, heat.steps, heat.values));
    ticks::frame_ui(ui, &plot);
    plot
}

/// The picture, made anew where it is of something else than before.
fn heat(ui: &Ui, key: Key) -> Arc<Heat> {
    let id = Id::new("health heat");
    let held: Option<(Key, Arc<Heat>)> = ui.data(|data| data.get_temp(id));
    if let Some((_, heat)) = held.filter(|(of, _)| *of == key) {
        return heat;
    }
    let heat = Arc::new(painted(ui, &key));
    ui.data_mut(|data| data.insert_temp(id, (key, Arc::clone(&heat))));
    heat
}

fn painted(ui: &Ui, key: &Key) -> Heat {
    let theme = Theme::of(ui);
    let (shown, layer, parameter) = key.of;
    let samples = key.history.samples();
    let columns: Vec<(f64, &Bins)> = samples
        .iter()
        .filter_map(|sample| Some((sample.step as f64, bins_of(sample, shown, layer, parameter)?)))
        .collect();
    let first = columns.first().map_or(0.0, |column| column.0);
    let last = columns.last().map_or(1.0, |column| column.0);
    // From the first look to the newest; one alone fills the picture.
    let steps = if first < last { [first, last] } else { [first - 0.5, first + 0.5] };
    let filled = columns.iter().filter(|(_, bins)| bins.counts.iter().any(|count| *count > 0));
    let [mut low, mut high] = filled.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], (_, bins)| {
        [low.min(bins.low), high.max(bins.high)]
    });
    if low > high {
        (low, high) = (-1.0, 1.0);
    }
    let room = (0.04 * (high - low)).max(1e-9 + 1e-6 * high.abs());
    let values = [low - room, high + room];
    let color = if shown == Shown::Gradients { theme.gradients.positive } else { theme.values.positive };
    let mut image = ColorImage::filled([WIDTH, HEIGHT], theme.panel);
    for x in 0..WIDTH {
        let step = steps[0] + (steps[1] - steps[0]) * (x as f64 + 0.5) / WIDTH as f64;
        let Some((_, bins)) = nearest(&columns, step) else { break };
        for (y, share) in densities(bins, values).into_iter().enumerate() {
            if let Some(pixel) = image.pixels.get_mut((HEIGHT - 1 - y) * WIDTH + x) {
                *pixel = shade(theme, color, share);
            }
        }
    }
    let texture = ui.ctx().load_texture("health", image, TextureOptions::NEAREST);
    Heat { steps, values, texture }
}

/// The look that is nearest to a step: each is seen halfway to those beside it.
fn nearest<'a, 'b>(columns: &'a [(f64, &'b Bins)], step: f64) -> Option<&'a (f64, &'b Bins)> {
    let after = columns.partition_point(|column| column.0 <= step);
    let beside = columns.get(after.saturating_sub(1)..columns.len().min(after + 1))?;
    beside.iter().min_by(|a, b| (a.0 - step).abs().total_cmp(&(b.0 - step).abs()))
}

fn shade(theme: &Theme, color: Color32, share: f64) -> Color32 {
    if share <= 0.0 { theme.panel } else { mix(theme.panel, color, (0.1 + 0.9 * share) as f32) }
}

/// How dense a distribution is at each height of the picture, the densest being 1.
fn densities(bins: &Bins, [low, high]: [f64; 2]) -> [f64; HEIGHT] {
    let mut shares = [0.0; HEIGHT];
    let place = |value: f64| (value - low) / (high - low) * HEIGHT as f64;
    let (from, to) = (place(bins.low), place(bins.high));
    let highest = f64::from(bins.counts.iter().copied().max().unwrap_or(0).max(1));
    for (bin, &count) in bins.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let at = |edge: usize| from + (to - from) * edge as f64 / N_BINS as f64;
        // However narrow, a bin is seen.
        let begin = (at(bin).max(0.0) as usize).min(HEIGHT - 1);
        let end = (at(bin + 1).ceil() as usize).clamp(begin + 1, HEIGHT);
        for share in &mut shares[begin..end] {
            *share = f64::max(*share, f64::from(count) / highest);
        }
    }
    shares
}

/// The axis of steps; in a low panel its name would take the plot's room.
fn step_axis(name: String, height: f32) -> AxisHints<'static> {
    let axis = ticks::x_axis().formatter(|mark, _| ticks::count(mark));
    if height > LEGEND_HEIGHT { axis.label(name) } else { axis }
}

/// A layer, and one number of it over time.
type LayerCurve = (usize, Vec<[f64; 2]>);

/// One number of each layer over time.
fn curves_ui(ui: &mut Ui, app: &App, words: &Words, shown: Shown, chosen: usize) {
    let history = app.health();
    let samples = history.samples();
    let is_log = shown != Shown::Idle;
    let of_layer = |idx: usize, place: usize| -> Option<f64> {
        let layer: &LayerHealth = samples.get(place)?.layers.get(idx)?;
        let main = super::main_parameter(layer);
        match shown {
            Shown::GradNorms => main?.grad_norm,
            Shown::UpdateRatios => main?.update_ratio,
            _ => layer.saturated.or_else(|| dead_share(&samples[..=place], idx)).map(|share| 100.0 * share),
        }
    };
    let n_layers = history.last().map_or(0, |last| last.layers.len());
    let curves: Vec<LayerCurve> = (0..n_layers)
        .map(|idx| {
            let points = samples.iter().enumerate().filter_map(|(place, sample)| {
                let value = of_layer(idx, place)?;
                let y = if is_log { value.log10() } else { value };
                y.is_finite().then_some([sample.step as f64, y])
            });
            (idx, points.collect())
        })
        .filter(|(_, points): &LayerCurve| !points.is_empty())
        .collect();
    if curves.is_empty() {
        note_ui(ui, words.text(if shown == Shown::Idle { "health-no-units" } else { "health-no-gradients" }));
        return;
    }
    note_ui(ui, words.text(&format!("{}-note", shown.key())));
    let name = |idx: usize| {
        let layer = history.last().and_then(|last| last.layers.get(idx));
        layer.map_or_else(String::new, |layer| layer.name.clone())
    };
    let table = |most: usize| {
        let value = |y: f64| if is_log { 10_f64.powf(y) } else { y };
        let named = curves
            .iter()
            .map(|(idx, points)| (name(*idx), points.iter().map(|[step, y]| [*step, value(*y)]).collect()));
        curves_table(&words.text("health-steps"), &named.collect::<Vec<_>>(), most)
    };
    let plotted = Plotted { title: &words.text(shown.key()), n_rows: samples.len(), table: &table };
    plot_ui(ui, words, plotted, |ui| draw_curves(ui, words, shown, &curves, (chosen, &name)));
}

fn draw_curves(
    ui: &mut Ui,
    words: &Words,
    shown: Shown,
    curves: &[LayerCurve],
    (chosen, name): (usize, &dyn Fn(usize) -> String),
) -> PlotResponse<()> {
    let theme = Theme::of(ui);
    let is_log = shown != Shown::Idle;
    let (step_name, value_name) = (words.text("health-steps"), words.text(shown.key()));
    let upright = ticks::upright_name(ui, &value_name);
    let names = [step_name.clone(), value_name];
    let mut plot = ticks::plot(("health curves", shown as u8));
    if ui.available_height() > LEGEND_HEIGHT {
        plot = plot.legend(Legend::default().position(Corner::LeftTop));
    }
    if !is_log {
        plot = plot.include_y(0.0).include_y(100.0);
    }
    plot.grid_color(theme.outline)
        .custom_x_axes(vec![step_axis(step_name, ui.available_height())])
        .y_axis_label(upright)
        .y_grid_spacer(ticks::y_marks(is_log))
        .y_axis_formatter(move |mark, _| ticks::tick(mark, is_log))
        .label_formatter(hover::says_counted(names, is_log))
        .show(ui, |plot| {
            for (nth, (idx, points)) in curves.iter().enumerate() {
                let color = class_color(theme, nth);
                let width = if *idx == chosen { 3.0 } else { 1.5 };
                if let [point] = points.as_slice() {
                    let dot = PlotPoints::from(vec![*point]);
                    plot.points(Points::new(name(*idx), dot).color(color).radius(3.5));
                } else {
                    let line = Line::new(name(*idx), PlotPoints::from(points.clone()));
                    plot.line(line.color(color).width(width));
                }
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distribution_of_one_value_is_seen_as_one_line() {
        let shares = densities(&Bins::linear(&[0.5; 7]), [0.0, 1.0]);
        assert_eq!(shares.iter().filter(|share| **share > 0.0).count(), 1);
        assert!((shares[HEIGHT / 2] - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_look_is_seen_halfway_to_those_beside_it_and_the_newest_up_to_its_own_step() {
        let bins = Bins::linear(&[0.5]);
        let columns: Vec<(f64, &Bins)> = [0.0, 10.0, 100.0].map(|step| (step, &bins)).to_vec();
        let at = |step: f64| nearest(&columns, step).map(|column| column.0);
        assert_eq!([4.9, 5.1, 54.0, 56.0, 99.9].map(at), [0.0, 10.0, 10.0, 100.0, 100.0].map(Some));
        assert_eq!(nearest(&columns[..1], 0.3).map(|column| column.0), Some(0.0));
        assert!(nearest(&[], 1.0).is_none());
    }

    #[test]
    fn the_densest_bin_is_one_and_empty_ones_are_nothing() {
        let shares = densities(&Bins::linear(&[0.0, 0.0, 1.0]), [0.0, 1.0]);
        assert_eq!((shares[0], shares[HEIGHT - 1]), (1.0, 0.5));
        assert!(shares[HEIGHT / 2].abs() < 1e-12);
    }
}
