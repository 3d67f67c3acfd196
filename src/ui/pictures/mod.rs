//! Pictures of the drawing, of plots and of matrices: painted by the same code as on the screen, on a
//! page of their own, so that they are whole whatever the window shows, and need no window.
//!
//! Must not know files.

mod offer;
mod outlines;
mod plot_menu;
mod shapes;

use std::path::Path;
use std::time::Duration;

use egui::{Pos2, RawInput, Rect, TextureId, Ui, Vec2};

use super::canvas::Canvas;
use super::curves::{Look, Of, curves_ui};
use super::matrix::{MatrixView, whole_size};
use super::plots;
use super::theme::{self, Theme};
use crate::app::{App, Command, FileCommand, Tone, TrainCommand};
use crate::export::image::VectorImage;
use crate::network::ParameterSpec;
use crate::train::{Goal, Precision, Values};
use crate::words::{Message, Words};

use shapes::Images;

pub(crate) use offer::{Content, Offer, PictureForm, offer, take_offer};
pub(crate) use plot_menu::{Plotted, curves_table, name_plot, number_table, plot_ui};

/// Glyphs are placed to such a part of a point: a picture has no pixels to be sharp on.
const FINE: f32 = 8.0;
/// Around a matrix or a plot on its page.
const MARGIN: f32 = 12.0;
/// A plot's page.
const PLOT: Vec2 = Vec2::new(720.0, 420.0);
/// A page for a drawing that is not known yet.
const FIRST_PAGE: Vec2 = Vec2::new(1280.0, 800.0);
/// A drawing gets no larger page.
const LARGEST_PAGE: Vec2 = Vec2::splat(8000.0);
/// A model, its data and its first pass take no longer.
const PATIENCE: Duration = Duration::from_mins(2);

/// What a picture can show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The drawing.
    Drawing,
    /// The loss curves of a run over so many epochs, which nothing keeps.
    Loss {
        /// The model's own number where it is not given.
        epochs: Option<usize>,
    },
    /// The metrics after such a run, and what belongs to them.
    Metrics {
        /// The model's own number where it is not given.
        epochs: Option<usize>,
    },
    /// A parameter's matrix, by the parameter's name.
    Parameter(String),
}

/// A picture of a model that no window shows, with its own data or with `data`.
///
/// # Errors
/// Why the model, its data or what is asked for cannot be shown.
pub fn of_model(
    model: &Path,
    data: Option<&Path>,
    subject: &Subject,
    dark: bool,
    words: &Words,
) -> Result<VectorImage, Message> {
    let mut app = App::new(std::sync::Arc::new(|| {}));
    for path in [Some(model), data].into_iter().flatten() {
        app.dispatch(Command::File(FileCommand::OpenAny(path.to_owned())));
        app.wait(PATIENCE);
        if let Some(notice) = app.notices().iter().find(|notice| notice.tone == Tone::Error) {
            return Err(notice.message.clone());
        }
    }
    match subject {
        Subject::Drawing => Ok(of_drawing(&app, words, dark)),
        Subject::Loss { epochs } => {
            train(&mut app, *epochs)?;
            Ok(of_curves(&app, words, dark, Of::Loss, &Look::default()))
        }
        Subject::Metrics { epochs } => {
            train(&mut app, *epochs)?;
            let title = words.text("pane-metrics");
            Ok(of_plot(&title, dark, |ui| plots::metrics_ui(ui, &app, words, &mut Vec::new())))
        }
        Subject::Parameter(name) => {
            let specs = app.document().network.parameter_specs();
            let known = specs.iter().find(|spec| spec.name == *name);
            let names = || specs.iter().map(|spec| spec.name.as_str()).collect::<Vec<_>>().join(", ");
            let unknown =
                || Message::new("picture-unknown").with("name", name.as_str()).with("known", names());
            of_parameter(&app, known.ok_or_else(unknown)?, dark, words).ok_or_else(unknown)
        }
    }
}

/// Runs for so many epochs, and waits for the end.
fn train(app: &mut App, epochs: Option<usize>) -> Result<(), Message> {
    let goal = epochs.map_or(Goal::UntilDone, Goal::Epochs);
    app.dispatch(Command::Train(TrainCommand::Run(goal)));
    while !app.wait(PATIENCE) {}
    match app.notices().iter().find(|notice| notice.tone == Tone::Error) {
        Some(notice) => Err(notice.message.clone()),
        None => Ok(()),
    }
}

/// The whole drawing at its own size, wherever the window looks.
pub(crate) fn of_drawing(app: &App, words: &Words, dark: bool) -> VectorImage {
    let title = match app.path().and_then(Path::file_stem) {
        Some(name) => name.to_string_lossy().into_owned(),
        None => app.example().unwrap_or("Vastavirta").to_owned(),
    };
    let mut canvas = Canvas::default();
    let _ = painted(FIRST_PAGE, dark, &title, |ui| canvas.ui(ui, app, words, &mut Vec::new()));
    let size = canvas.page_size().min(LARGEST_PAGE);
    let mut canvas = Canvas::default();
    painted(size, dark, &title, |ui| canvas.ui(ui, app, words, &mut Vec::new()))
}

/// Offers a picture of the drawing to be saved, in the colors of the window.
pub(crate) fn offer_drawing(ctx: &egui::Context, app: &App, words: &Words) {
    let picture = of_drawing(app, words, ctx.theme() == egui::Theme::Dark);
    let name = picture.title.clone();
    let content = Content::Picture(std::sync::Arc::new(picture), PictureForm::Svg);
    offer(ctx, Offer { name, content });
}

/// The loss curves as they are now.
pub(crate) fn of_curves(app: &App, words: &Words, dark: bool, of: Of, look: &Look) -> VectorImage {
    of_plot(&words.text("pane-loss"), dark, |ui| drop(curves_ui(ui, app, words, of, look)))
}

/// A plot on a page of its own, whatever of it is in sight. One that has a height of its own gets no higher
/// page.
pub(crate) fn of_plot(title: &str, dark: bool, mut plot: impl FnMut(&mut Ui)) -> VectorImage {
    let mut used = 0.0;
    let whole = painted(PLOT, dark, title, |ui| {
        framed(ui, |ui| {
            plot(ui);
            used = ui.min_rect().height() + 2.0 * MARGIN;
        });
    });
    if used > PLOT.y - 1.0 {
        return whole;
    }
    painted(Vec2::new(PLOT.x, used), dark, title, |ui| framed(ui, &mut plot))
}

fn of_parameter(app: &App, spec: &ParameterSpec, dark: bool, words: &Words) -> Option<VectorImage> {
    let parameter = app.document().parameters.get(&spec.key)?;
    let values = Values::new(parameter.shape.clone(), parameter.values.iter().copied().collect());
    let theme = if dark { &theme::DARK } else { &theme::LIGHT };
    Some(of_matrix(
        &MatrixView {
            symbol: &spec.name,
            values: &values,
            only_row: None,
            row_name: &|row| row.to_string(),
            column_name: &|column| column.to_string(),
            cell_name: None,
            colors: &theme.values,
            precision: Precision::F64,
            editable: false,
            number: None,
            about: None,
            cell_state: None,
        },
        dark,
        words,
    ))
}

/// A whole matrix, however much of it is in sight.
pub(crate) fn of_matrix(matrix: &MatrixView<'_>, dark: bool, words: &Words) -> VectorImage {
    let size = (whole_size(matrix) + Vec2::splat(2.0 * MARGIN)).min(LARGEST_PAGE);
    painted(size, dark, matrix.symbol, |ui| {
        framed(ui, |ui| matrix.page_ui(ui, words));
    })
}

/// What fills a page of its own, such as an opened node.
pub(crate) fn of_page(size: Vec2, title: &str, dark: bool, mut contents: impl FnMut(&mut Ui)) -> VectorImage {
    painted(size + Vec2::splat(2.0 * MARGIN), dark, title, |ui| framed(ui, &mut contents))
}

fn framed(ui: &mut Ui, contents: impl FnOnce(&mut Ui)) {
    egui::Frame::NONE.inner_margin(MARGIN).show(ui, contents);
}

/// Paints on a page of this size, and takes a picture of it.
fn painted(size: Vec2, dark: bool, title: &str, mut contents: impl FnMut(&mut Ui)) -> VectorImage {
    let ctx = egui::Context::default();
    theme::install(&ctx);
    ctx.set_theme(if dark { egui::Theme::Dark } else { egui::Theme::Light });
    ctx.options_mut(|options| options.screen_reader = false);
    let page = Rect::from_min_size(Pos2::ZERO, size);
    let mut time = 0.0;
    let (mut shapes, mut images) = (Vec::new(), Images::new());
    // Sizes settle in the second pass, what fades in is there in the third.
    for _ in 0..3 {
        let mut input = RawInput { screen_rect: Some(page), time: Some(time), ..RawInput::default() };
        if let Some(viewport) = input.viewports.get_mut(&egui::ViewportId::ROOT) {
            viewport.native_pixels_per_point = Some(FINE);
        }
        time += 1.0;
        let mut output = ctx.run_ui(input, |ui| contents(ui));
        // Glyphs are painted by their outlines.
        for (id, deltas) in output.textures_delta.set.drain().filter(|(id, _)| *id != TextureId::default()) {
            let whole = deltas.into_iter().rfind(|delta| delta.pos.is_none());
            images.extend(whole.map(|delta| (id, delta.image)));
        }
        shapes = std::mem::take(&mut output.shapes);
    }
    let background = Theme::current(&ctx).panel;
    shapes::picture(&shapes, page, background, title, (&theme::fonts(), &images))
}
