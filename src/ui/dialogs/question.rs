//! Questions that wait for an answer.
//!
//! Must not know what follows from an answer.

use egui::{Button, Context, RichText};

use super::super::theme::Theme;
use super::PathTask;
use crate::app::{Command, DataCommand, FileCommand, Question, UnsavedAnswer};
use crate::words::{ToMessage as _, Words};

/// Asks `question`; gives what a path must be asked for, if anything.
pub(super) fn question_ui(
    ctx: &Context,
    words: &Words,
    question: &Question,
    out: &mut Vec<Command>,
) -> Option<PathTask> {
    let file = |command| Answer::Send(Command::File(command));
    let answer = |answer| Answer::Send(Command::File(FileCommand::Answer(answer)));
    match question {
        Question::Unsaved => {
            let buttons = [
                ("files-save", answer(UnsavedAnswer::Save)),
                ("files-discard", answer(UnsavedAnswer::Discard)),
                ("files-cancel", answer(UnsavedAnswer::Cancel)),
            ];
            let body = words.text("files-unsaved-body");
            ask_ui(ctx, words, "files-unsaved-title", &body, &buttons, Some(2), out)
        }
        Question::WhereToSave { .. } => Some(PathTask::SaveAs),
        Question::Replace { path, is_model, has_changed } => {
            let buttons = [
                ("files-other-name", answer(UnsavedAnswer::Cancel)),
                ("files-replace", file(FileCommand::Replace(path.clone()))),
            ];
            let key = match (has_changed, is_model) {
                (true, _) => "files-replace-changed",
                (false, true) => "files-replace-model",
                (false, false) => "files-replace-other",
            };
            let body = words.text_with(key, &[("path", path.display().to_string().into())]);
            ask_ui(ctx, words, "files-replace-title", &body, &buttons, Some(0), out)
        }
        Question::ReplaceCopy { path, bytes } => {
            let save = FileCommand::SaveCopy { path: path.clone(), bytes: bytes.clone(), replace: true };
            let buttons = [("files-cancel", answer(UnsavedAnswer::Cancel)), ("files-replace", file(save))];
            let body = words.text_with("files-replace-copy", &[("path", path.display().to_string().into())]);
            ask_ui(ctx, words, "files-replace-title", &body, &buttons, Some(0), out)
        }
        Question::Recover { path, name } => {
            let buttons = [
                ("files-recover", file(FileCommand::Recover)),
                ("files-discard-recovery", file(FileCommand::DiscardRecovery)),
            ];
            let place = match path {
                Some(path) => path.display().to_string(),
                None if name.is_empty() => words.text("files-untitled"),
                None => name.clone(),
            };
            let body = words.text_with("files-recover-body", &[("name", place.into())]);
            ask_ui(ctx, words, "files-recover-title", &body, &buttons, None, out)
        }
        Question::FewerSteps { path, size } => {
            let save = FileCommand::SaveWithSteps { n_steps: size.fewer, path: path.clone() };
            let buttons =
                [("files-save-fewer-steps", file(save)), ("files-cancel", answer(UnsavedAnswer::Cancel))];
            let body = words.say(&size.message());
            ask_ui(ctx, words, "files-fewer-steps-title", &body, &buttons, Some(1), out)
        }
        Question::DataMissing { path } => {
            let again = Command::Data(DataCommand::Load(path.clone()));
            let buttons = [
                ("files-find-data", Answer::AskPath(PathTask::LoadData)),
                ("files-try-again", Answer::Send(again)),
                ("files-without-data", Answer::Send(Command::Data(DataCommand::Unload))),
            ];
            let body = words.text_with("files-missing-body", &[("path", path.display().to_string().into())]);
            ask_ui(ctx, words, "files-missing-title", &body, &buttons, Some(2), out)
        }
        Question::DataChanged(change) => {
            let buttons = [
                ("files-use-changed", Answer::Send(Command::Data(DataCommand::Reload))),
                ("files-find-data", Answer::AskPath(PathTask::LoadData)),
                ("files-without-data", Answer::Send(Command::Data(DataCommand::Unload))),
            ];
            let body = words.say(&change.message());
            ask_ui(ctx, words, "files-changed-title", &body, &buttons, Some(2), out)
        }
        Question::Refit { path, lacks } => {
            let data = |command| Answer::Send(Command::Data(command));
            let keep = ("data-refit-keep", data(DataCommand::KeepFit));
            let anew = ("data-refit-anew", data(DataCommand::FitAnew));
            let cancel = ("files-cancel", data(DataCommand::Cancel));
            let file = path.display().to_string();
            if lacks.is_empty() {
                let body = words.text_with("data-refit-body", &[("file", file.into())]);
                ask_ui(ctx, words, "data-refit-title", &body, &[keep, anew, cancel], Some(2), out)
            } else {
                let about = [("file", file.into()), ("columns", lacks.join(", ").into())];
                let body = words.text_with("data-refit-lacks", &about);
                ask_ui(ctx, words, "data-refit-title", &body, &[anew, cancel], Some(1), out)
            }
        }
    }
}

/// What a button of a question does.
enum Answer {
    Send(Command),
    AskPath(PathTask),
}

/// A question with its answers; the first is the proposed one.
fn ask_ui(
    ctx: &Context,
    words: &Words,
    title: &str,
    body: &str,
    buttons: &[(&str, Answer)],
    on_escape: Option<usize>,
    out: &mut Vec<Command>,
) -> Option<PathTask> {
    let mut chosen = None;
    let modal = super::modal("question", ctx).show(ctx, |ui| {
        ui.set_width(400.0_f32.min(ctx.content_rect().width() - 40.0).max(0.0));
        ui.heading(words.text(title));
        ui.add_space(4.0);
        ui.add(egui::Label::new(body).wrap());
        ui.add_space(8.0);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let theme = Theme::of(ui);
            for (i, (key, _)) in buttons.iter().enumerate() {
                let button = if i == 0 {
                    Button::new(RichText::new(words.text(key)).color(theme.on_accent)).fill(theme.accent)
                } else {
                    Button::new(words.text(key))
                };
                if ui.add(button).clicked() {
                    chosen = Some(i);
                }
            }
        });
    });
    if modal.should_close() {
        chosen = chosen.or(on_escape);
    }
    match &buttons.get(chosen?)?.1 {
        Answer::Send(command) => {
            out.push(command.clone());
            None
        }
        Answer::AskPath(task) => Some(*task),
    }
}
