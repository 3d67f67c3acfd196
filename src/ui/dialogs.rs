//! Windows within the window: opening and saving, exporting, questions, keys, about.
//!
//! Must not know how files are read. A path can always be typed; the native dialog is one more way.

mod export;
mod expression;
mod notices;
mod path;
mod question;
mod sheet;

use std::sync::Arc;

use egui::Context;

use super::act::Act;
use super::pictures::Offer;
use crate::app::{App, Command, FileCommand, Question, UnsavedAnswer, Wake};
use crate::files::Preferences;
use crate::words::Words;

use export::ExportDialog;
use expression::ExpressionDialog;
pub(crate) use notices::notices_ui;
use path::PathDialog;
pub(crate) use path::PathTask;

/// The dialogs that may be open.
#[derive(Default)]
pub(crate) struct Dialogs {
    path: Option<PathDialog>,
    export: Option<ExportDialog>,
    shortcuts: bool,
    about: bool,
    expression: Option<ExpressionDialog>,
}

impl Dialogs {
    /// Asks for a path.
    pub(crate) fn ask_path(&mut self, task: PathTask, app: &App, words: &Words, preferences: &Preferences) {
        self.path = Some(PathDialog::new(task, app, words, preferences));
    }

    /// Asks where to save what a menu offers.
    pub(crate) fn ask_where(
        &mut self,
        offer: Arc<Offer>,
        app: &App,
        words: &Words,
        preferences: &Preferences,
    ) {
        self.path = Some(PathDialog::of_offer(offer, app, words, preferences));
    }

    /// Shows what the model can be written as.
    pub(crate) fn export(&mut self, app: &App, out: &mut Vec<Command>) {
        self.export = ExportDialog::open(app, out);
    }

    /// Opens the list of keys, the page about the program, or that for expressions.
    pub(crate) fn open(&mut self, act: Act, app: &App) {
        match act {
            Act::Expression => self.expression = Some(ExpressionDialog::new(app)),
            Act::Shortcuts => self.shortcuts = true,
            Act::About => self.about = true,
            _ => {}
        }
    }

    /// Whether one of them has the keyboard.
    pub(crate) fn is_open(&self) -> bool {
        self.path.is_some()
            || self.export.is_some()
            || self.shortcuts
            || self.about
            || self.expression.is_some()
    }

    /// Draws what is open.
    pub(crate) fn ui(
        &mut self,
        ctx: &Context,
        app: &App,
        words: &Words,
        preferences: &Preferences,
        wake: &Wake,
        out: &mut Vec<Command>,
    ) {
        if let Some(dialog) = &mut self.path
            && !dialog.ui(ctx, words, preferences, wake, out)
        {
            self.path = None;
            // A question that no path answered would ask again in the next frame.
            if matches!(app.question(), Some(Question::WhereToSave { .. })) && out.is_empty() {
                out.push(Command::File(FileCommand::Answer(UnsavedAnswer::Cancel)));
            }
            return;
        }
        if let Some(dialog) = &mut self.export
            && !dialog.ui(ctx, app, words, wake, out)
        {
            self.export = None;
        }
        if let Some(dialog) = &mut self.expression
            && !dialog.ui(ctx, words, out)
        {
            self.expression = None;
        }
        if self.shortcuts && sheet::shortcuts_ui(ctx, app, words) {
            self.shortcuts = false;
        }
        if self.about && sheet::about_ui(ctx, words) {
            self.about = false;
        }
        if self.path.is_none()
            && let Some(question) = app.question()
            && let Some(task) = question::question_ui(ctx, words, question, out)
        {
            self.ask_path(task, app, words, preferences);
        }
    }
}

/// A page over everything else.
fn modal(id: &str, ctx: &Context) -> egui::Modal {
    let frame = egui::Frame::popup(&ctx.global_style()).inner_margin(16);
    egui::Modal::new(egui::Id::new(id)).frame(frame)
}
