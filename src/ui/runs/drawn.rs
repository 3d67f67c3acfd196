//! Which runs are drawn beside the curve of the training at hand, and how: a color and a kind of line each; and
//! mean and spread of runs that differ by their seed only.
//!
//! Must not know the table of runs.

use std::collections::BTreeMap;

use egui::{Color32, Id, Sense, Shape, Stroke, Ui};
use egui_plot::LineStyle;

use crate::app::App;
use crate::document::{Run, RunId, Runs, spreads};
use crate::ui::class_colors::class_color;
use crate::ui::theme::Theme;

/// Of the runs that nobody named, so many of the newest are drawn without being asked for.
const DRAWN: usize = 3;

/// Of the colors of classes those that are not near the two curves of the training at hand.
const COLORS: [usize; 5] = [0, 3, 4, 6, 7];

/// Whether the curves of runs are drawn, where a person said so.
pub(super) type Chosen = BTreeMap<RunId, bool>;

/// How a line is interrupted: colors come again after some runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dashes {
    Solid,
    Dashed,
    Dotted,
}

/// A run whose curve is drawn.
pub(crate) struct DrawnRun<'a> {
    pub(crate) run: &'a Run,
    pub(crate) color: Color32,
    pub(crate) dashes: Dashes,
    /// Mean and spread of its kind are drawn, too.
    pub(crate) is_in_band: bool,
}

/// Runs that differ by their seed only, some of which are drawn.
pub(crate) struct Band<'a> {
    pub(crate) runs: Vec<&'a Run>,
    pub(crate) color: Color32,
}

impl Dashes {
    pub(crate) fn style(self) -> LineStyle {
        match self {
            Self::Solid => LineStyle::Solid,
            Self::Dashed => LineStyle::Dashed { length: 8.0 },
            Self::Dotted => LineStyle::Dotted { spacing: 4.0 },
        }
    }
}

pub(super) fn chosen(ui: &Ui) -> Chosen {
    ui.data(|data| data.get_temp(Id::new("drawn runs"))).unwrap_or_default()
}

pub(super) fn choose(ui: &Ui, chosen: Chosen) {
    ui.data_mut(|data| data.insert_temp(Id::new("drawn runs"), chosen));
}

/// Whether the curve of a run is drawn: as was chosen, else where it has a name or is one of the newest.
pub(super) fn is_drawn(runs: &Runs, chosen: &Chosen, id: RunId) -> bool {
    let is_newest = || runs.keys().rev().take(DRAWN).any(|newest| *newest == id);
    chosen.get(&id).copied().unwrap_or_else(|| runs.get(&id).is_some_and(|run| run.is_named()) || is_newest())
}

fn place(id: RunId) -> usize {
    id.0.saturating_sub(1) as usize
}

pub(super) fn color_of(theme: &Theme, id: RunId) -> Color32 {
    class_color(theme, COLORS[place(id) % COLORS.len()])
}

pub(super) fn dashes_of(id: RunId) -> Dashes {
    [Dashes::Solid, Dashes::Dashed, Dashes::Dotted][place(id) / COLORS.len() % 3]
}

/// The runs whose curves are drawn beside that of the training at hand.
pub(crate) fn drawn<'a>(ui: &Ui, app: &'a App) -> Vec<DrawnRun<'a>> {
    let (chosen, theme, runs) = (chosen(ui), Theme::of(ui), &app.document().runs);
    let at_hand = app.run_at_hand();
    let in_band: Vec<RunId> = spreads(runs).into_iter().flat_map(|spread| spread.runs).collect();
    runs.iter()
        .filter(|(id, _)| Some(**id) != at_hand && is_drawn(runs, &chosen, **id))
        .map(|(id, run)| DrawnRun {
            run,
            color: color_of(theme, *id),
            dashes: dashes_of(*id),
            is_in_band: in_band.contains(id),
        })
        .collect()
}

/// Groups of runs whose mean and spread are drawn: those of which at least two are drawn themselves.
pub(crate) fn bands<'a>(ui: &Ui, app: &'a App) -> Vec<Band<'a>> {
    let (chosen, theme, runs) = (chosen(ui), Theme::of(ui), &app.document().runs);
    let is_seen = |ids: &[RunId]| ids.iter().filter(|id| is_drawn(runs, &chosen, **id)).count() > 1;
    let groups = spreads(runs).into_iter().map(|spread| spread.runs).filter(|ids| is_seen(ids));
    groups
        .map(|ids| {
            let runs = ids.iter().filter_map(|id| runs.get(id).map(AsRef::as_ref));
            Band { runs: runs.collect(), color: theme.text }
        })
        .collect()
}

/// How large a piece of a curve's line is.
pub(crate) const SAMPLE: egui::Vec2 = egui::vec2(18.0, 12.0);

/// A short piece of a curve's line.
pub(crate) fn sample_ui(ui: &mut Ui, color: Color32, dashes: Dashes) {
    let (rect, _) = ui.allocate_exact_size(SAMPLE, Sense::hover());
    let line = [rect.left_center(), rect.right_center()];
    let stroke = Stroke::new(2.5, color);
    let shapes = match dashes {
        Dashes::Solid => vec![Shape::line_segment(line, stroke)],
        Dashes::Dashed => Shape::dashed_line(&line, stroke, 5.0, 3.0),
        Dashes::Dotted => Shape::dotted_line(&line, color, 4.5, 1.5),
    };
    ui.painter().extend(shapes);
}
