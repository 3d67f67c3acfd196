//! Which rows the panels show: the whole batch, one row's share of it, or one row as a batch of its own;
//! and where that row stands in the file.
//!
//! Must not know what is shown of the rows.

use egui::{Button, Label, RichText, Ui};

use super::act::Act;
use super::fields::{choice_ui, name, next_row, sign_button, wrapped_ui};
use super::theme::{self, Theme};
use crate::app::{App, Command, ViewCommand};
use crate::data::Part;
use crate::train::{Pass, SampleView};
use crate::words::Words;

/// The three ways to look at a batch.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lens {
    Batch,
    Share,
    Alone,
}

impl Lens {
    const ALL: [Self; 3] = [Self::Batch, Self::Share, Self::Alone];

    fn of(view: SampleView) -> Self {
        match view {
            SampleView::Batch => Self::Batch,
            SampleView::Sample(_) => Self::Share,
            SampleView::Alone(_) => Self::Alone,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Batch => "samples-batch",
            Self::Share => "samples-share",
            Self::Alone => "samples-alone",
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Batch => "samples-batch-hint",
            Self::Share => "samples-share-hint",
            Self::Alone => "samples-alone-hint",
        }
    }
}

/// Where the row looked at stands among those that can be looked at in the same way.
#[derive(Clone, Debug, PartialEq)]
struct Place {
    /// Of the batch, of the training part, of the validation part.
    key: &'static str,
    /// From 1.
    position: usize,
    n: usize,
    previous: Option<SampleView>,
    next: Option<SampleView>,
}

fn pass(app: &App) -> Option<&Pass> {
    app.snapshot().and_then(|snapshot| snapshot.pass.as_deref())
}

/// What is shown. Which row of a batch, the newest pass says: a batch may be shorter than was asked for.
fn view(app: &App) -> SampleView {
    match (app.samples(), pass(app).map(|pass| pass.view)) {
        (SampleView::Sample(_), Some(SampleView::Sample(shown))) => SampleView::Sample(shown),
        (asked, _) => asked,
    }
}

/// The sample looked at, as [`Pass::rows`] counts them; none for the whole batch.
pub(crate) fn shown_sample(app: &App) -> Option<usize> {
    match view(app) {
        SampleView::Batch => None,
        SampleView::Sample(n) => pass(app)?.rows.get(n).copied(),
        SampleView::Alone(sample) => Some(sample),
    }
}

/// The 0-based row of the file (or of the typed rows) at which a sample begins.
pub(crate) fn row_of(app: &App, sample: usize) -> usize {
    app.prepared().map_or(sample, |prepared| prepared.row_of(sample as u32))
}

/// The 0-based row of the file that is looked at; none for the whole batch.
pub(crate) fn shown_row(app: &App) -> Option<usize> {
    shown_sample(app).map(|sample| row_of(app, sample))
}

/// What a click on a row of the file shows: that row as its own batch, or the whole batch again where
/// that row is shown already. Nothing where no sample uses the row.
pub(crate) fn view_of_row(app: &App, row: usize) -> Option<SampleView> {
    let sample = app.prepared()?.sample_at(row)? as usize;
    let shown = SampleView::Alone(sample);
    Some(if app.samples() == shown { SampleView::Batch } else { shown })
}

/// A row of the file, or the window that begins there, in words.
pub(crate) fn row_name(app: &App, words: &Words, row: usize) -> String {
    let is_window = app.prepared().is_some_and(|prepared| prepared.is_windowed());
    let key = if is_window { "samples-window" } else { "samples-row" };
    words.text_with(key, &[("row", (row + 1).into())])
}

/// Rows in words: one row, or what all rows of the batch are put together to.
pub(crate) fn rows_text(app: &App, words: &Words, together: Together) -> String {
    if let Some(row) = shown_row(app) {
        return row_name(app, words, row);
    }
    let key = match together {
        Together::Mean => "samples-mean",
        Together::Sum => "samples-sum",
    };
    words.text_with(key, &[("n", pass(app).map_or(0, |pass| pass.rows.len()).into())])
}

/// How the rows of a batch are put together to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Together {
    /// Values are averaged.
    Mean,
    /// Gradients are summed: each already carries its share of the loss.
    Sum,
}

fn place(app: &App) -> Option<Place> {
    match view(app) {
        SampleView::Batch => None,
        SampleView::Sample(n) => {
            let n_rows = pass(app).filter(|pass| pass.view == SampleView::Sample(n))?.rows.len();
            Some(Place {
                key: "samples-of-batch",
                position: n + 1,
                n: n_rows,
                previous: n.checked_sub(1).map(SampleView::Sample),
                next: (n + 1 < n_rows).then_some(SampleView::Sample(n + 1)),
            })
        }
        SampleView::Alone(sample) => {
            let prepared = app.prepared()?;
            let of = |part: &[u32]| part.binary_search(&(sample as u32)).ok();
            let (key, part) = match prepared.part_of_row(prepared.row_of(sample as u32)) {
                Part::Validation if of(prepared.validation()).is_some() => {
                    ("samples-of-validation", prepared.validation())
                }
                Part::Training | Part::Validation | Part::LeftOut => {
                    ("samples-of-training", prepared.train())
                }
            };
            let key = match key {
                "samples-of-validation" if prepared.is_windowed() => "samples-of-validation-windows",
                "samples-of-training" if prepared.is_windowed() => "samples-of-training-windows",
                key => key,
            };
            let idx = of(part)?;
            let at = |idx: usize| part.get(idx).map(|&sample| SampleView::Alone(sample as usize));
            Some(Place {
                key,
                position: idx + 1,
                n: part.len(),
                previous: idx.checked_sub(1).and_then(at),
                next: at(idx + 1),
            })
        }
    }
}

/// The same row, as far as there is one, in another way.
fn seen_through(app: &App, lens: Lens) -> SampleView {
    let rows = pass(app).map_or(&[][..], |pass| pass.rows.as_slice());
    let sample = shown_sample(app).or(rows.first().copied());
    match lens {
        Lens::Batch => SampleView::Batch,
        Lens::Share => SampleView::Sample(rows.iter().position(|&row| Some(row) == sample).unwrap_or(0)),
        Lens::Alone => {
            let first = app.prepared().and_then(|prepared| prepared.train().first().copied());
            SampleView::Alone(sample.or(first.map(|first| first as usize)).unwrap_or(0))
        }
    }
}

/// Which rows are shown, with the way to the next one and to its place in the file.
pub(crate) fn samples_ui(ui: &mut Ui, app: &App, words: &Words, acts: &mut Vec<Act>, out: &mut Vec<Command>) {
    let mut show = |view| out.push(Command::View(ViewCommand::Samples(view)));
    wrapped_ui(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        let lens = Lens::of(app.samples());
        let choices = Lens::ALL.map(|lens| (lens, words.text(lens.key())));
        let (label, shown) = (words.text("samples-shown"), words.text(lens.key()));
        let chosen = ui.scope(|ui| choice_ui(ui, &label, &lens, choices, &shown));
        chosen.response.on_hover_text(words.text(lens.hint()));
        if let Some(chosen) = chosen.inner {
            show(seen_through(app, chosen));
        }
        let Some(place) = place(app) else { return };
        // Always on a line of its own: its arrows stay where they are.
        next_row(ui);
        for (sign, key, to) in [("◀", "samples-previous", place.previous), ("▶", "samples-next", place.next)]
        {
            if sign == "▶" {
                let of = [("n", place.position.into()), ("all", place.n.into())];
                let text = RichText::new(words.text_with(place.key, &of)).font(theme::mono(12.0));
                ui.add(Label::new(text).extend());
            }
            if sign_button(ui, sign, &words.text(key), to.is_some()).clicked()
                && let Some(to) = to
            {
                show(to);
            }
        }
        row_ui(ui, app, words, acts);
    });
}

/// The row of the file; a click shows it there.
fn row_ui(ui: &mut Ui, app: &App, words: &Words, acts: &mut Vec<Act>) {
    let Some(row) = shown_row(app) else { return };
    let text = row_name(app, words, row);
    if app.prepared().is_none_or(|prepared| prepared.table().is_none()) {
        ui.label(RichText::new(text).color(Theme::of(ui).weak));
        return;
    }
    let text = RichText::new(text).color(Theme::of(ui).accent);
    let response = ui.add(Button::new(text).frame(false));
    name(&response, &words.text_with("samples-find-row", &[("row", (row + 1).into())]));
    if response.on_hover_text(words.text("samples-find-row-hint")).clicked() {
        acts.push(Act::ShowRow(row));
    }
}
